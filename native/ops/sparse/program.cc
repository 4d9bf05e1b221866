#include "program.h"

#include <algorithm>
#include <map>
#include <sstream>

namespace coppice::sparse {

namespace {

int check_range(int64_t value, int64_t least, int64_t most, const char* what) {
  TORCH_CHECK(value >= least && value <= most, "sparse_plan: expected ", what, " from ", least, " to ", most, ", got ",
              value);
  return int(value);
}

// The fields of one step. Each is taken once; what is left in the end is a mistake.
class Fields {
 public:
  Fields(int step, const StepFields& given) : step_(step) {
    for (const auto& field : given) left_.emplace(field.key(), field.value());
  }

  bool has(const std::string& name) const { return left_.count(name) > 0; }

  int take(const std::string& name, int64_t least, int64_t most) {
    const auto field = left_.find(name);
    TORCH_CHECK(field != left_.end(), "sparse_plan: step ", step_, " has no field ", name);
    const int64_t value = field->second;
    left_.erase(field);
    TORCH_CHECK(value >= least && value <= most, "sparse_plan: expected ", name, " of step ", step_, " from ", least,
                " to ", most, ", got ", value);
    return int(value);
  }

  void check_all_taken() const {
    if (left_.empty()) return;
    std::ostringstream names;
    for (const auto& field : left_) names << " " << field.first;
    TORCH_CHECK(false, "sparse_plan: step ", step_, " has fields that it does not take:", names.str());
  }

 private:
  const int step_;
  std::map<std::string, int64_t> left_;
};

bool same(Extent a, Extent b) { return a.channels == b.channels && a.height == b.height && a.width == b.width; }

// Whether every second pixel of `from`, with channels of zeros around, has the size of `to`.
bool fits_zero_padded(Extent from, Extent to) {
  const int added = to.channels - from.channels;
  return (from.height - 1) / 2 + 1 == to.height && (from.width - 1) / 2 + 1 == to.width && added >= 0 && added % 2 == 0;
}

void read_max_pool(Fields& fields, int index, Extent in, Step& step) {
  TORCH_CHECK(step.input > 0, "sparse_plan: the images cannot be pooled before a convolution");
  step.kind = Step::kMaxPool;
  const int kernel = fields.take("kernel_size", 1, 64), stride = fields.take("stride", 1, 64);
  const int padding = fields.take("padding", 0, kernel / 2);
  step.pool = {kernel, stride, padding};
  TORCH_CHECK(std::min(in.height, in.width) + 2 * padding >= kernel, "sparse_plan: the pooling window of step ", index,
              " is larger than its input");
  const auto size = [&](int length) { return (length + 2 * padding - kernel) / stride + 1; };
  step.extent = {in.channels, size(in.height), size(in.width)};
}

void read_shortcut(Fields& fields, int index, const std::vector<Step>& steps, Step& step) {
  for (const auto& [name, shortcut] :
       {std::pair{"add_identity", Shortcut::kIdentity}, std::pair{"add_projection", Shortcut::kProjection},
        std::pair{"add_zero_padded", Shortcut::kZeroPadded}}) {
    if (!fields.has(name)) continue;
    TORCH_CHECK(step.shortcut == Shortcut::kNone, "sparse_plan: step ", index, " has two shortcuts");
    step.shortcut = shortcut;
    step.shortcut_tensor = fields.take(name, 1, index - 1);
  }
  if (step.shortcut == Shortcut::kNone) return;
  TORCH_CHECK(!step.is_projection, "sparse_plan: step ", index, " is a projection and has a shortcut");
  const Step& other = steps[step.shortcut_tensor];
  TORCH_CHECK(other.is_projection == (step.shortcut == Shortcut::kProjection) &&
                  (step.shortcut == Shortcut::kZeroPadded ? fits_zero_padded(other.extent, step.extent)
                                                          : same(other.extent, step.extent)),
              "sparse_plan: the shortcut of step ", index, " does not fit");
  // Backward hands a projection the gradient of the one step that adds it.
  for (const Step& earlier : steps) {
    TORCH_CHECK(!other.is_projection || earlier.shortcut_tensor != step.shortcut_tensor, "sparse_plan: step ", index,
                " adds a projection that another step adds");
  }
}

void read_convolution(Fields& fields, int index, Extent in, Step& step) {
  step.kind = Step::kConvolution;
  const int out_channels = fields.take("out_channels", 1, 1 << 16), kernel = fields.take("kernel_size", 1, 31);
  TORCH_CHECK(kernel % 2 == 1, "sparse_plan: expected an odd kernel, got ", kernel);
  step.convolution = {in.channels, out_channels, kernel, fields.take("stride", 1, 2), in};
  step.extent = step.convolution.out();
  step.is_projection = fields.take("projection", 0, 1) == 1;
  // A weight's offset has 32 bits. It reaches half a kernel of rows and one row of all channels, of at most 32 lanes.
  const int64_t rows = int64_t{kernel / 2 + 1} * std::max(in.channels, out_channels);
  TORCH_CHECK(rows * std::max(in.width, step.extent.width) * 32 < INT32_MAX, "sparse_plan: step ", index,
              " is too large");
}

Step read_step(const StepFields& given, const std::vector<Step>& before) {
  const int index = int(before.size());
  Fields fields(index, given);
  Step step{};
  step.input = fields.take("input", 0, index - 1);
  TORCH_CHECK(!before[step.input].is_projection, "sparse_plan: step ", index, " reads a projection, not its sum");
  const Extent in = before[step.input].extent;
  if (fields.has("out_channels")) {
    read_convolution(fields, index, in, step);
    read_shortcut(fields, index, before, step);
  } else {
    read_max_pool(fields, index, in, step);
  }
  fields.check_all_taken();
  return step;
}

// A layer's positions, checked: patterns rely on their order, and kernels on their range.
std::vector<int64_t> read_positions(const at::Tensor& given, const Step& step) {
  TORCH_CHECK(given.dim() == 1 && given.scalar_type() == at::kLong && given.device().is_cpu(),
              "sparse_plan: expected positions as int64 [n], got ", given.scalar_type(), " ", given.sizes());
  const auto flat = given.contiguous();
  const int64_t* const from = flat.data_ptr<int64_t>();
  std::vector<int64_t> positions(from, from + flat.numel());
  const int64_t k = step.convolution.kernel, inputs = step.convolution.in_channels;
  const int64_t size = step.convolution.out_channels * inputs * k * k;
  int64_t before = -1;
  for (const int64_t p : positions) {
    TORCH_CHECK(p >= 0 && p < size, "sparse_plan: expected positions below ", size, ", got ", p);
    // The place in the order (output channel, column, row, input channel) of what is flattened as (output, input, row, column).
    const int64_t order =
        ((p / (inputs * k * k) * k + p % k) * k + p % (k * k) / k) * inputs + p % (inputs * k * k) / (k * k);
    TORCH_CHECK(order > before, "sparse_plan: positions of convolution ", step.layer, " are out of order at ", p);
    before = order;
  }
  return positions;
}

}  // namespace

Program make_program(at::IntArrayRef images, const c10::List<StepFields>& steps, at::TensorList positions,
                     at::ArrayRef<double> eps) {
  TORCH_CHECK(images.size() == 3, "sparse_plan: expected images as [channels, height, width], got ", images);
  TORCH_CHECK(steps.size() > 0, "sparse_plan: expected at least one step, got none");
  Program program;
  program.images = {check_range(images[0], 1, 1 << 16, "channels"), check_range(images[1], 1, 1 << 14, "rows"),
                    check_range(images[2], 1, 1 << 14, "columns")};
  Step input{};
  input.kind = Step::kMaxPool;  // no layer, no weights
  input.extent = program.images;
  program.steps.push_back(input);
  int layers = 0;
  for (const StepFields given : steps) {
    Step step = read_step(given, program.steps);
    if (step.kind == Step::kConvolution) step.layer = layers++;
    program.steps.push_back(step);
  }
  TORCH_CHECK(!program.steps.back().is_projection, "sparse_plan: the last step is a projection");
  TORCH_CHECK(int(positions.size()) == layers && int(eps.size()) == layers,
              "sparse_plan: expected positions and eps of ", layers, " convolutions, got ", positions.size(), " and ",
              eps.size());
  program.eps.assign(eps.begin(), eps.end());
  for (const Step& step : program.steps) {
    if (step.layer >= 0) program.positions.push_back(read_positions(positions[step.layer], step));
  }
  return program;
}

}  // namespace coppice::sparse
