// The forward pass of a network.
#include <ATen/Parallel.h>

#include <algorithm>
#include <cmath>

#include "network.h"
#include "placement.h"

namespace coppice::sparse {

// One forward pass. Where a backward pass may follow, each convolution stores z and is normalised in a separate pass: batch statistics
// are known only when all of z is, and backward needs z. Without one the running statistics are known before, and normalisation,
// shortcut and ReLU happen in the convolution's epilogue.
template <class P>
class Network<P>::Forward {
 public:
  Forward(Network& network, int batch, const std::vector<LayerValues<T>>& values, Mode mode, double momentum)
      : network_(network),
        kernels_(network.kernels_),
        steps_(network.program_.steps),
        values_(values),
        mode_(mode),
        momentum_(momentum),
        a_(std::make_shared<Activations<P>>()) {
    a_->batch = batch;
    a_->mode = mode;
  }

  std::shared_ptr<Activations<P>> run(const T* images, T* features) {
    allocate();
    for (size_t i = 0; i < network_.layers_.size(); ++i) {
      network_.layers_[i].forward.set_weights(values_[i].weights, kBfloat16);
    }
    kernels_.pack(images, a_->batch, network_.program_.images, a_->y[0]);
    for (size_t i = 1; i < steps_.size(); ++i) {
      if (steps_[i].kind == Step::kMaxPool) {
        max_pool(i);
      } else {
        convolution(i);
      }
    }
    kernels_.global_mean(a_->y.back(), a_->batch, steps_.back().extent, features);
    return a_;
  }

 private:
  bool keeps() const { return mode_ != Mode::kEvaluate; }
  // Whether a convolution is normalised in its epilogue. None has the zero-padded shortcut.
  bool fuses(const Step& step) const { return !keeps() && step.shortcut != Shortcut::kZeroPadded; }

  // One buffer for all activations: it is taken from the pool and given back as a whole, and needs no search for each tensor.
  void allocate() {
    std::vector<int64_t> elements(steps_.size());
    for (size_t i = 0; i < steps_.size(); ++i) elements[i] = network_.elements(int(i), a_->batch);
    const Placement places = place_tensors(network_.program_, elements, keeps());
    a_->memory = network_.activations_->take(places.size * sizeof(Stored));
    Stored* const memory = static_cast<Stored*>(a_->memory.get());
    for (size_t i = 0; i < steps_.size(); ++i) {
      a_->z.push_back(places.z[i] < 0 ? nullptr : memory + places.z[i]);
      a_->y.push_back(places.y[i] < 0 ? nullptr : memory + places.y[i]);
    }
    for (const Step& step : steps_) {
      if (step.layer < 0) continue;
      for (auto* of_layer : {&a_->mean, &a_->inverse, &a_->scale, &a_->bias}) {
        of_layer->emplace_back(step.extent.channels);
      }
    }
  }

  void max_pool(size_t i) {
    const Step& step = steps_[i];
    kernels_.max_pool(a_->y[step.input], a_->batch, steps_[step.input].extent, step.pool, step.extent, a_->y[i]);
  }

  void convolution(size_t i) {
    const Step& step = steps_[i];
    ConvArguments<P> conv{};
    conv.pattern = network_.layers_[step.layer].forward.nonzero_view();
    conv.batch = a_->batch;
    conv.x = a_->y[step.input];
    conv.in = steps_[step.input].extent;
    conv.out = step.extent;
    conv.grid_height = step.extent.height;
    conv.grid_width = step.extent.width;
    conv.y = fuses(step) ? a_->y[i] : a_->z[i];
    if (mode_ == Mode::kTrain) {
      conv.epilogue.kind = Epilogue::kStats;
      conv.epilogue.stats = network_.sums_;
    } else {
      use_running_statistics(step);
      if (fuses(step)) conv.epilogue = fused_epilogue(step);
    }
    kernels_.convolve(conv);
    if (mode_ == Mode::kTrain) merge_statistics(step);
    if (!fuses(step) && !step.is_projection) normalize(i);
  }

  EpilogueArguments<P> fused_epilogue(const Step& step) const {
    EpilogueArguments<P> e{};
    e.scale = a_->scale[step.layer].data();
    e.bias = a_->bias[step.layer].data();
    // A projection has been normalised by its own epilogue here, so both kinds of shortcut add a tensor as it is.
    e.other = step.shortcut == Shortcut::kNone ? nullptr : a_->y[step.shortcut_tensor];
    e.kind = step.is_projection                 ? Epilogue::kAffine
             : step.shortcut == Shortcut::kNone ? Epilogue::kAffineRelu
                                                : Epilogue::kAffineAddRelu;
    return e;
  }

  // y from z, with what the shortcut adds.
  void normalize(size_t i) {
    const Step& step = steps_[i];
    ApplyArguments<P> apply{};
    apply.batch = a_->batch;
    apply.extent = step.extent;
    apply.z = a_->z[i];
    apply.scale = a_->scale[step.layer].data();
    apply.bias = a_->bias[step.layer].data();
    apply.shortcut = step.shortcut;
    apply.y = a_->y[i];
    if (step.shortcut == Shortcut::kProjection) {
      // Normalised and added in one pass: its y is never stored.
      const int layer = steps_[step.shortcut_tensor].layer;
      apply.added = a_->z[step.shortcut_tensor];
      apply.added_scale = a_->scale[layer].data();
      apply.added_bias = a_->bias[layer].data();
    } else if (step.shortcut != Shortcut::kNone) {
      apply.added = a_->y[step.shortcut_tensor];
      apply.added_extent = steps_[step.shortcut_tensor].extent;
    }
    kernels_.apply(apply);
  }

  // Mean and squared deviations of all lanes and parts, in double, from sums of differences d from each lane's own shift:
  //   mean = sum(n shift + sum d) / N        deviations = sum(sum d^2 - 2 e sum d + n e^2),  e = mean - shift
  // Shifts are values of the channel, so that nothing cancels when its mean is far larger than its deviation.
  void merge_statistics(const Step& step) {
    const LayerValues<T>& value = values_[step.layer];
    const double count = double(a_->batch) * step.extent.height * step.extent.width;
    at::parallel_for(0, step.extent.channels, kChannelsPerTask, [&](int64_t begin, int64_t end) {
      for (int64_t c = begin; c < end; ++c) {
        double total = 0, deviations = 0;
        each_sum(step, c, [&](double n, double shift, double sum, double) { total += n * shift + sum; });
        const double mean = total / count;
        each_sum(step, c, [&](double n, double shift, double sum, double squares) {
          const double e = mean - shift;
          deviations += squares - 2 * e * sum + n * e * e;
        });
        deviations = std::max(0.0, deviations);
        set_normalization(step, int(c), mean, deviations / count);
        value.running_mean[c] = T((1 - momentum_) * value.running_mean[c] + momentum_ * mean);
        value.running_var[c] = T((1 - momentum_) * value.running_var[c] + momentum_ * deviations / (count - 1));
      }
    });
  }

  // f(count, shift, sum, sum of squares) for every lane of every part of a channel, always in the same order.
  template <class F>
  void each_sum(const Step& step, int64_t channel, const F& f) const {
    const int lanes = kernels_.lanes;
    const int64_t part_stride = int64_t{lanes} * (3 * step.extent.channels + 1);
    for (int part = 0; part < kStatParts; ++part) {
      const T* const counts = network_.sums_ + part * part_stride;
      const T* const sums = counts + lanes + channel * 3 * lanes;
      for (int l = 0; l < lanes; ++l) {
        f(double(counts[l]), double(sums[l]), double(sums[lanes + l]), double(sums[2 * lanes + l]));
      }
    }
  }

  void use_running_statistics(const Step& step) {
    const LayerValues<T>& value = values_[step.layer];
    for (int c = 0; c < step.extent.channels; ++c) {
      set_normalization(step, c, value.running_mean[c], value.running_var[c]);
    }
  }

  void set_normalization(const Step& step, int c, double mean, double variance) {
    const int layer = step.layer;
    const LayerValues<T>& value = values_[layer];
    // In double, and rounded once: scale and bias are applied to every value of the channel.
    const double inverse = 1 / std::sqrt(variance + network_.program_.eps[layer]);
    a_->mean[layer][c] = T(mean);
    a_->inverse[layer][c] = T(inverse);
    a_->scale[layer][c] = T(value.gamma[c] * inverse);
    a_->bias[layer][c] = T(value.beta[c] - mean * value.gamma[c] * inverse);
  }

  Network& network_;
  const Kernels<P>& kernels_;
  const std::vector<Step>& steps_;
  const std::vector<LayerValues<T>>& values_;
  const Mode mode_;
  const double momentum_;
  const std::shared_ptr<Activations<P>> a_;
};

template <class P>
std::shared_ptr<Activations<P>> Network<P>::forward(const T* images, int batch,
                                                    const std::vector<LayerValues<T>>& values, Mode mode,
                                                    double momentum, T* features) {
  return Forward(*this, batch, values, mode, momentum).run(images, features);
}

template std::shared_ptr<Activations<Single>> Network<Single>::forward(const float*, int,
                                                                       const std::vector<LayerValues<float>>&, Mode,
                                                                       double, float*);
template std::shared_ptr<Activations<Double>> Network<Double>::forward(const double*, int,
                                                                       const std::vector<LayerValues<double>>&, Mode,
                                                                       double, double*);
template std::shared_ptr<Activations<Mixed>> Network<Mixed>::forward(const float*, int,
                                                                     const std::vector<LayerValues<float>>&, Mode,
                                                                     double, float*);

}  // namespace coppice::sparse
