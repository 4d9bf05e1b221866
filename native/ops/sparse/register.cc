// coppice::sparse_plan, coppice::sparse_forward - a residual network with sparse convolutions as one operator to autograd.
//
//   features[n, c] = mean over space of the last tensor of a program whose nodes are
//   relu(batch_norm(conv(x)) + residual)  and  max_pool(x)
//
// program.h says how a program is written.
//
// Weights are flat: the live ones of each convolution, at the positions given with the plan, ordered by (output channel, column,
// row, input channel). A plan is a tensor without values; what it holds lives as long as that tensor and the graphs made with it.
//
// Source     the layout and fusion of types.h; batch normalisation as torch.nn.BatchNorm2d
// Differs    statistics are merged in double (Chan et al. 1979), from sums in a fixed partition: same bytes for any thread count
#include <ATen/ATen.h>
#include <torch/csrc/autograd/function.h>
#include <torch/csrc/autograd/functions/utils.h>
#include <torch/csrc/autograd/saved_variable.h>
#include <torch/library.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <mutex>
#include <string>

#include "network.h"

namespace {

using namespace coppice::sparse;

constexpr int kTensorsPerLayer = 3;  // weights, gamma, beta

const Kernels<Single>& fastest() {
  const char* const forced = std::getenv("COPPICE_KERNELS");
  if (forced != nullptr && *forced != 0) {
    const auto* kernels = kernels_named<Single>(forced);
    TORCH_CHECK(kernels != nullptr,
                "COPPICE_KERNELS: expected avx512, avx2, portable or scalar, and one that this machine has, got ",
                forced);
    return *kernels;
  }
  for (const char* name : {"avx512", "avx2"}) {
    if (const auto* kernels = kernels_named<Single>(name)) return *kernels;
  }
  return *kernels_named<Single>("portable");
}

// A program, and networks for the precisions in which it has been run.
class Plan {
 public:
  // kernels: a name; empty for the fastest in float32; "bfloat16" for the fastest with activations in it
  Plan(Program program, const std::string& kernels) : program_(std::move(program)) {
    if (kernels.empty()) {
      single_kernels_ = &fastest();
      return;
    }
    single_kernels_ = kernels_named<Single>(kernels.c_str());
    mixed_kernels_ = kernels_named<Mixed>(kernels == "bfloat16" ? "avx512_bf16" : kernels.c_str());
    TORCH_CHECK(single_kernels_ != nullptr || mixed_kernels_ != nullptr, "sparse_plan: no kernels ", kernels,
                " on this machine");
  }

  const Program& program() const { return program_; }
  bool keeps_bfloat16() const { return mixed_kernels_ != nullptr; }
  // One pass at a time: the networks hold the weights in their patterns.
  std::mutex mutex;

  template <class P>
  Network<P>& network();

 private:
  const Program program_;
  const Kernels<Single>* single_kernels_ = nullptr;
  const Kernels<Mixed>* mixed_kernels_ = nullptr;
  std::unique_ptr<Network<Single>> single_;
  std::unique_ptr<Network<Mixed>> mixed_;
  std::unique_ptr<Network<Double>> double_;
};

template <>
Network<Single>& Plan::network<Single>() {
  if (single_ == nullptr) single_ = std::make_unique<Network<Single>>(program_, *single_kernels_);
  return *single_;
}
template <>
Network<Mixed>& Plan::network<Mixed>() {
  if (mixed_ == nullptr) mixed_ = std::make_unique<Network<Mixed>>(program_, *mixed_kernels_);
  return *mixed_;
}
template <>
Network<Double>& Plan::network<Double>() {
  if (double_ == nullptr) double_ = std::make_unique<Network<Double>>(program_, *kernels_named<Double>("scalar"));
  return *double_;
}

bool sparse_has_kernels(std::string kernels) {
  return kernels_named<Single>(kernels.c_str()) != nullptr ||
         kernels_named<Mixed>(kernels == "bfloat16" ? "avx512_bf16" : kernels.c_str()) != nullptr;
}

// Plans by the address that their tensor shows.
struct Registry {
  std::mutex mutex;
  std::map<const void*, std::shared_ptr<Plan>> plans;
};
Registry& registry() {
  static Registry* const registry = new Registry;  // outlives tensors that are freed at exit
  return *registry;
}

at::Tensor sparse_plan(at::IntArrayRef program, at::TensorList positions, at::ArrayRef<double> eps,
                       std::string kernels) {
  auto plan = std::make_shared<Plan>(parse_program(program, positions, eps), kernels);
  uint8_t* const address = new uint8_t[1]{0};
  {
    const std::lock_guard<std::mutex> lock(registry().mutex);
    registry().plans.emplace(address, std::move(plan));
  }
  const auto free = [](void* at) {
    const std::lock_guard<std::mutex> lock(registry().mutex);
    registry().plans.erase(at);
    delete[] static_cast<uint8_t*>(at);
  };
  return at::from_blob(address, {1}, free, at::TensorOptions().dtype(at::kByte));
}

std::shared_ptr<Plan> plan_of(const at::Tensor& handle) {
  const std::lock_guard<std::mutex> lock(registry().mutex);
  const auto found = handle.device().is_cpu() && handle.numel() == 1 && handle.scalar_type() == at::kByte
                         ? registry().plans.find(handle.data_ptr())
                         : registry().plans.end();
  TORCH_CHECK(found != registry().plans.end(), "sparse_forward: expected a tensor made by sparse_plan");
  return found->second;
}

void check_vector(const at::Tensor& value, int64_t size, at::ScalarType type, const char* what, int layer) {
  TORCH_CHECK(value.dim() == 1 && value.numel() == size && value.scalar_type() == type && value.device().is_cpu() &&
                  value.is_contiguous(),
              "sparse_forward: expected ", what, " of convolution ", layer, " as contiguous ", type, " [", size,
              "] on the CPU, got ", value.scalar_type(), " ", value.sizes(), " on ", value.device());
}

template <class T>
std::vector<LayerValues<T>> layer_values(const Program& program, at::TensorList parameters, at::TensorList running) {
  std::vector<LayerValues<T>> values;
  for (const Node& node : program.nodes) {
    if (node.layer < 0) continue;
    const at::Tensor* const p = &parameters[kTensorsPerLayer * node.layer];
    T* mean = nullptr;
    T* variance = nullptr;
    if (!running.empty()) {
      mean = running[2 * node.layer].template data_ptr<T>();
      variance = running[2 * node.layer + 1].template data_ptr<T>();
    }
    values.push_back(
        {p[0].template data_ptr<T>(), p[1].template data_ptr<T>(), p[2].template data_ptr<T>(), mean, variance});
  }
  return values;
}

template <class P>
struct SparseBackward : torch::autograd::Node {
  using T = typename P::Value;
  std::shared_ptr<Plan> plan;
  std::shared_ptr<Activations<P>> activations;
  std::vector<torch::autograd::SavedVariable> parameters;

  torch::autograd::variable_list apply(torch::autograd::variable_list&& gradients) override {
    TORCH_CHECK(!at::GradMode::is_enabled(),
                "sparse_forward has no second derivative: use the dense engine for methods that need one");
    TORCH_CHECK(activations != nullptr,
                "sparse_forward: this graph was already freed; backward with retain_graph=True before");
    const std::lock_guard<std::mutex> lock(plan->mutex);
    std::vector<at::Tensor> values;
    for (const auto& saved : parameters) values.push_back(saved.unpack());
    const Program& program = plan->program();
    torch::autograd::variable_list results(values.size());
    if (!gradients[0].defined()) return results;
    std::vector<LayerGradients<T>> targets;
    for (size_t layer = 0; layer < program.positions.size(); ++layer) {
      at::Tensor* const r = &results[kTensorsPerLayer * layer];
      for (int i = 0; i < kTensorsPerLayer; ++i) {
        const at::Tensor& value = values[kTensorsPerLayer * layer + i];
        if (i > 0 || task_should_compute_output(kTensorsPerLayer * layer)) r[i] = at::zeros_like(value);
      }
      targets.push_back({r[0].defined() ? r[0].template data_ptr<T>() : nullptr, r[1].template data_ptr<T>(),
                         r[2].template data_ptr<T>()});
    }
    const auto incoming = gradients[0].contiguous();
    plan->network<P>().backward(*activations, incoming.template data_ptr<T>(), layer_values<T>(program, values, {}),
                                targets);
    for (size_t i = 0; i < results.size(); ++i) {
      if (!task_should_compute_output(i)) results[i] = at::Tensor();
    }
    return results;
  }

  void release_variables() override {
    activations.reset();
    for (auto& saved : parameters) saved.reset_data();
  }
  std::string name() const override { return "SparseBackward"; }
};

template <class P>
at::Tensor run(const std::shared_ptr<Plan>& plan, const at::Tensor& images, at::TensorList parameters,
               at::TensorList running, bool training, double momentum) {
  using T = typename P::Value;
  const bool differentiate =
      at::GradMode::is_enabled() &&
      std::any_of(parameters.begin(), parameters.end(), [](const at::Tensor& p) { return p.requires_grad(); });
  const Program& program = plan->program();
  const int64_t batch = images.size(0);
  const auto values = layer_values<T>(program, parameters, running);
  at::Tensor features;
  std::shared_ptr<Activations<P>> activations;
  {
    const at::NoGradGuard no_grad;
    const std::lock_guard<std::mutex> lock(plan->mutex);
    const auto source = images.contiguous();
    features = at::empty({batch, program.nodes.back().extent.channels}, images.options());
    const Mode mode = training ? Mode::kTrain : differentiate ? Mode::kEvaluateGrad : Mode::kEvaluate;
    activations = plan->network<P>().forward(source.template data_ptr<T>(), int(batch), values, mode, momentum,
                                             features.template data_ptr<T>());
  }
  if (!differentiate) return features;
  const std::shared_ptr<SparseBackward<P>> node(new SparseBackward<P>(), torch::autograd::deleteNode);
  node->plan = plan;
  node->activations = std::move(activations);
  for (const at::Tensor& parameter : parameters) node->parameters.emplace_back(parameter, false);
  node->set_next_edges(
      torch::autograd::collect_next_edges(std::vector<at::Tensor>(parameters.begin(), parameters.end())));
  torch::autograd::set_history(features, node);
  return features;
}

at::Tensor sparse_forward(const at::Tensor& handle, const at::Tensor& images, at::TensorList parameters,
                          at::TensorList running, bool training, double momentum) {
  const auto plan = plan_of(handle);
  const Program& program = plan->program();
  const Extent e = program.images;
  TORCH_CHECK(
      images.dim() == 4 && images.size(1) == e.channels && images.size(2) == e.height && images.size(3) == e.width,
      "sparse_forward: expected images [N, ", e.channels, ", ", e.height, ", ", e.width, "], got ", images.sizes());
  TORCH_CHECK(images.device().is_cpu(), "sparse_forward: expected images on the CPU, got ", images.device());
  TORCH_CHECK(!(images.requires_grad() && at::GradMode::is_enabled()),
              "sparse_forward: images have no gradient here; use the dense engine for methods that need one");
  const auto type = images.scalar_type();
  TORCH_CHECK(type == at::kFloat || type == at::kDouble, "sparse_forward: expected float32 or float64 images, got ",
              type);
  const int64_t layers = int64_t(program.positions.size());
  TORCH_CHECK(int64_t(parameters.size()) == kTensorsPerLayer * layers && int64_t(running.size()) == 2 * layers,
              "sparse_forward: expected ", kTensorsPerLayer * layers, " parameters and ", 2 * layers,
              " running statistics, got ", parameters.size(), " and ", running.size());
  for (const Node& node : program.nodes) {
    if (node.layer < 0) continue;
    const int layer = node.layer;
    check_vector(parameters[3 * layer], int64_t(program.positions[layer].size()), type, "the weights", layer);
    check_vector(parameters[3 * layer + 1], node.extent.channels, type, "gamma", layer);
    check_vector(parameters[3 * layer + 2], node.extent.channels, type, "beta", layer);
    check_vector(running[2 * layer], node.extent.channels, type, "the running mean", layer);
    check_vector(running[2 * layer + 1], node.extent.channels, type, "the running variance", layer);
    TORCH_CHECK(!training || images.size(0) * node.extent.height * node.extent.width > 1,
                "sparse_forward: expected more than one value per channel in training, got ", images.sizes());
  }
  TORCH_CHECK(images.size(0) <= INT32_MAX, "sparse_forward: too many images");
  if (images.size(0) == 0) return at::zeros({0, program.nodes.back().extent.channels}, images.options());
  if (type == at::kDouble) return run<Double>(plan, images, parameters, running, training, momentum);
  return plan->keeps_bfloat16() ? run<Mixed>(plan, images, parameters, running, training, momentum)
                                : run<Single>(plan, images, parameters, running, training, momentum);
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(coppice, library) {
  library.def("sparse_plan(int[] program, Tensor[] positions, float[] eps, str kernels=\"\") -> Tensor", sparse_plan);
  // Whether this machine has those kernels: a name, or "bfloat16".
  library.def("sparse_has_kernels(str kernels) -> bool", sparse_has_kernels);
  library.def(
      "sparse_forward(Tensor plan, Tensor images, Tensor[] parameters, Tensor(a!)[] running, bool training, float "
      "momentum) -> "
      "Tensor",
      sparse_forward);
}
