// coppice::sparse_plan, coppice::sparse_forward - a residual network with sparse convolutions as one operator to autograd.
//
//   features[n, c] = mean over space of the last tensor of a program whose steps are
//   relu(batch_norm(conv(x)) + shortcut)  and  max_pool(x)
//
// program.h says how a program is written: a list of steps with named fields.
//
// Weights are flat: the live ones of each convolution, at the positions given with the plan, ordered by (output channel, column,
// row, input channel). A plan lives as long as its handle and the graphs made with it.
//
// Source     the layout and fusion of types.h; batch normalisation as torch.nn.BatchNorm2d
// Differs    statistics are merged in double (Chan et al. 1979), from sums in a fixed partition: same bytes for any thread count
#include <ATen/ATen.h>
#include <torch/csrc/autograd/function.h>
#include <torch/csrc/autograd/functions/utils.h>
#include <torch/csrc/autograd/saved_variable.h>
#include <torch/library.h>

#include <algorithm>

#include "plan.h"

namespace {

using namespace coppice::sparse;
using PlanHandle = c10::intrusive_ptr<Plan>;

constexpr int kTensorsPerLayer = 3;  // weights, gamma, beta

PlanHandle sparse_plan(at::IntArrayRef images, const c10::List<StepFields>& steps, at::TensorList positions,
                       at::ArrayRef<double> eps, std::string kernels) {
  return c10::make_intrusive<Plan>(make_program(images, steps, positions, eps), kernels);
}

void check_vector(const at::Tensor& value, int64_t size, at::ScalarType type, const char* what, int layer) {
  TORCH_CHECK(value.dim() == 1 && value.numel() == size && value.scalar_type() == type && value.device().is_cpu() &&
                  value.is_contiguous(),
              "sparse_forward: expected ", what, " of convolution ", layer, " as contiguous ", type, " [", size,
              "] on the CPU, got ", value.scalar_type(), " ", value.sizes(), " on ", value.device());
}

void check_images(const at::Tensor& images, Extent e) {
  TORCH_CHECK(
      images.dim() == 4 && images.size(1) == e.channels && images.size(2) == e.height && images.size(3) == e.width,
      "sparse_forward: expected images [N, ", e.channels, ", ", e.height, ", ", e.width, "], got ", images.sizes());
  TORCH_CHECK(images.device().is_cpu(), "sparse_forward: expected images on the CPU, got ", images.device());
  TORCH_CHECK(!(images.requires_grad() && at::GradMode::is_enabled()),
              "sparse_forward: images have no gradient here; use the dense engine for methods that need one");
  const auto type = images.scalar_type();
  TORCH_CHECK(type == at::kFloat || type == at::kDouble, "sparse_forward: expected float32 or float64 images, got ",
              type);
  TORCH_CHECK(images.size(0) <= INT32_MAX, "sparse_forward: too many images");
}

// Kernels read through pointers: what does not have the size and type that the plan needs must stop here.
void check_layers(const Program& program, const at::Tensor& images, at::TensorList parameters, at::TensorList running,
                  bool training) {
  const int64_t layers = int64_t(program.positions.size());
  TORCH_CHECK(int64_t(parameters.size()) == kTensorsPerLayer * layers && int64_t(running.size()) == 2 * layers,
              "sparse_forward: expected ", kTensorsPerLayer * layers, " parameters and ", 2 * layers,
              " running statistics, got ", parameters.size(), " and ", running.size());
  const auto type = images.scalar_type();
  for (const Step& step : program.steps) {
    if (step.layer < 0) continue;
    const int layer = step.layer, channels = step.extent.channels;
    const at::Tensor* const p = &parameters[kTensorsPerLayer * layer];
    check_vector(p[0], int64_t(program.positions[layer].size()), type, "the weights", layer);
    check_vector(p[1], channels, type, "gamma", layer);
    check_vector(p[2], channels, type, "beta", layer);
    check_vector(running[2 * layer], channels, type, "the running mean", layer);
    check_vector(running[2 * layer + 1], channels, type, "the running variance", layer);
    TORCH_CHECK(!training || images.size(0) * step.extent.height * step.extent.width > 1,
                "sparse_forward: expected more than one value per channel in training, got ", images.sizes());
  }
}

template <class T>
std::vector<LayerValues<T>> layer_values(const Program& program, at::TensorList parameters, at::TensorList running) {
  std::vector<LayerValues<T>> values;
  for (const Step& step : program.steps) {
    if (step.layer < 0) continue;
    const at::Tensor* const p = &parameters[kTensorsPerLayer * step.layer];
    // Backward has none: it uses what the forward pass kept.
    T* mean = nullptr;
    T* variance = nullptr;
    if (!running.empty()) {
      mean = running[2 * step.layer].template data_ptr<T>();
      variance = running[2 * step.layer + 1].template data_ptr<T>();
    }
    values.push_back(
        {p[0].template data_ptr<T>(), p[1].template data_ptr<T>(), p[2].template data_ptr<T>(), mean, variance});
  }
  return values;
}

template <class P>
struct SparseBackward : torch::autograd::Node {
  using T = typename P::Value;
  PlanHandle plan;
  std::shared_ptr<Activations<P>> activations;
  std::vector<torch::autograd::SavedVariable> parameters;

  torch::autograd::variable_list apply(torch::autograd::variable_list&& gradients) override {
    TORCH_CHECK(!at::GradMode::is_enabled(),
                "sparse_forward has no second derivative: use the dense engine for methods that need one");
    TORCH_CHECK(activations != nullptr,
                "sparse_forward: this graph was already freed; backward with retain_graph=True before");
    const std::lock_guard<std::mutex> lock(plan->mutex);
    // The weights again: another forward pass may have changed those in the patterns. Unpacking refuses what was changed in place.
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
        // Gradients of gamma and beta come with the normalisation's own; only that of the weights can be left out.
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
at::Tensor run(const PlanHandle& plan, const at::Tensor& images, at::TensorList parameters, at::TensorList running,
               bool training, double momentum) {
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
    // What happens inside is one operation to autograd: the node below.
    const at::NoGradGuard no_grad;
    const std::lock_guard<std::mutex> lock(plan->mutex);
    const auto source = images.contiguous();
    features = at::empty({batch, program.steps.back().extent.channels}, images.options());
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

at::Tensor sparse_forward(const PlanHandle& plan, const at::Tensor& images, at::TensorList parameters,
                          at::TensorList running, bool training, double momentum) {
  const Program& program = plan->program();
  check_images(images, program.images);
  check_layers(program, images, parameters, running, training);
  if (images.size(0) == 0) return at::zeros({0, program.steps.back().extent.channels}, images.options());
  if (images.scalar_type() == at::kDouble) {
    return run<Double>(plan, images, parameters, running, training, momentum);
  }
  return plan->keeps_bfloat16() ? run<Mixed>(plan, images, parameters, running, training, momentum)
                                : run<Single>(plan, images, parameters, running, training, momentum);
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(coppice, library) {
  // Before the schemas that name it. It has no methods: only these operators make and read it.
  library.class_<Plan>("SparsePlan");
  library.def(
      "sparse_plan(int[] images, Dict(str, int)[] steps, Tensor[] positions, float[] eps, str kernels=\"\") -> "
      "__torch__.torch.classes.coppice.SparsePlan",
      sparse_plan);
  // Whether this machine has those kernels: a name, or "bfloat16".
  library.def("sparse_has_kernels(str kernels) -> bool", [](std::string kernels) { return has_kernels(kernels); });
  library.def(
      "sparse_forward(__torch__.torch.classes.coppice.SparsePlan plan, Tensor images, Tensor[] parameters, "
      "Tensor(a!)[] running, bool training, float momentum) -> Tensor",
      sparse_forward);
}
