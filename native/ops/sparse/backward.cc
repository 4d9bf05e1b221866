// The backward pass of a network.
#include <ATen/Parallel.h>

#include <algorithm>

#include "network.h"

namespace coppice::sparse {

// One backward pass: the gradient at each tensor gathers the contributions of its readers, the last of which also applies the
// tensor's ReLU and makes the sums of its batch norm.
template <class P>
class Network<P>::Backward {
 public:
  Backward(Network& network, const Activations<P>& a, const std::vector<LayerGradients<T>>& gradients)
      : network_(network),
        kernels_(network.kernels_),
        steps_(network.program_.steps),
        a_(a),
        gradients_(gradients),
        state_(steps_.size()) {
    for (size_t i = 1; i < steps_.size(); ++i) {
      ++state_[steps_[i].input].readers;
      // A projection has one reader, whose gradient it gets as it is (convolution()).
      if (steps_[i].shortcut != Shortcut::kNone && steps_[i].shortcut != Shortcut::kProjection) {
        ++state_[steps_[i].shortcut_tensor].readers;
      }
      buffer_bytes_ = std::max(buffer_bytes_, size_t(network.elements(int(i), a.batch)) * sizeof(Stored));
    }
  }

  void run(const T* feature_gradients) {
    const int last = int(steps_.size()) - 1;
    State& top = state_[last];
    top.gradient = take();
    kernels_.global_mean_backward(feature_gradients, a_.batch, steps_[last].extent, data(top.gradient));
    finish(last);
    // Each gradient's buffer returns to the pool as soon as its step is done, so that few are in use at a time.
    for (int i = last; i > 0; --i) {
      if (state_[i].gradient == nullptr) continue;  // nothing reads it
      if (steps_[i].kind == Step::kMaxPool) {
        max_pool(i);
      } else {
        convolution(i);
      }
      state_[i].gradient.reset();
    }
  }

 private:
  using Buffer = std::shared_ptr<void>;
  struct State {
    int readers = 0;
    Buffer gradient;
    bool even_only = false;  // the odd rows and columns are not written yet
    std::vector<T> p, q, r;  // dz = p dy + q (z - mean) + r
  };

  static Stored* data(const Buffer& buffer) { return static_cast<Stored*>(buffer.get()); }
  Buffer take() { return network_.scratch_->take(buffer_bytes_); }

  // The gradient at tensor i is whole, and no epilogue has worked on it: masks it, and makes the coefficients of its normalisation.
  void finish(int i) {
    const Step& step = steps_[i];
    if (step.kind == Step::kMaxPool) return;
    MaskSumsArguments<P> sums{};
    sums.batch = a_.batch;
    sums.extent = step.extent;
    sums.dy = data(state_[i].gradient);
    sums.y = step.is_projection ? nullptr : a_.y[i];
    sums.z = a_.z[i];
    sums.mean = a_.mean[step.layer].data();
    sums.stats = network_.sums_;
    kernels_.mask_sums(sums);
    set_coefficients(i);
  }

  // From the sums of dy and of dy (z - mean): the gradients of gamma and beta, and p, q, r.
  //   dz = scale (dy - sum(dy) / N - (z - mean) inverse^2 sum(dy (z - mean)) / N)
  void set_coefficients(int i) {
    const Step& step = steps_[i];
    const int channels = step.extent.channels, lanes = kernels_.lanes, layer = step.layer;
    State& state = state_[i];
    for (auto* values : {&state.p, &state.q, &state.r}) values->resize(channels);
    const double count = double(a_.batch) * step.extent.height * step.extent.width;
    const auto channel = [&](int64_t c) {
      double sum = 0, product = 0;
      for (int part = 0; part < kStatParts; ++part) {
        const T* const sums = network_.sums_ + (part * channels + c) * 2 * lanes;
        for (int l = 0; l < lanes; ++l) {
          sum += sums[l];
          product += sums[lanes + l];
        }
      }
      const double inverse = a_.inverse[layer][c], scale = a_.scale[layer][c];
      gradients_[layer].gamma[c] = T(product * inverse);
      gradients_[layer].beta[c] = T(sum);
      // Running statistics are constants: the sums have no part in dz then.
      const bool batch_statistics = a_.mode == Mode::kTrain;
      state.p[c] = T(scale);
      state.q[c] = batch_statistics ? T(-scale * inverse * inverse * product / count) : T(0);
      state.r[c] = batch_statistics ? T(-scale * sum / count) : T(0);
    };
    at::parallel_for(0, channels, kChannelsPerTask, [&](int64_t begin, int64_t end) {
      for (int64_t c = begin; c < end; ++c) channel(c);
    });
  }

  void convolution(int i) {
    const Step& step = steps_[i];
    Buffer dy = state_[i].gradient;
    // dz replaces dy in its buffer, unless a shortcut needs dy too.
    const bool handed_on = step.shortcut == Shortcut::kIdentity || step.shortcut == Shortcut::kProjection;
    Buffer dz = handed_on ? take() : dy;
    // Before dy is overwritten.
    if (step.shortcut == Shortcut::kZeroPadded) zero_padded(i, dy);
    ApplyBackwardArguments<P> apply{};
    apply.batch = a_.batch;
    apply.extent = step.extent;
    apply.dy = data(dy);
    apply.z = a_.z[i];
    apply.mean = a_.mean[step.layer].data();
    apply.p = state_[i].p.data();
    apply.q = state_[i].q.data();
    apply.r = state_[i].r.data();
    apply.dz = data(dz);
    kernels_.apply_backward(apply);
    state_[i].gradient.reset();
    if (step.shortcut == Shortcut::kIdentity) contribute(step.shortcut_tensor, dy);
    if (step.shortcut == Shortcut::kProjection) {
      state_[step.shortcut_tensor].gradient = dy;
      finish(step.shortcut_tensor);
    }
    dy.reset();
    weight_gradient(i, data(dz));
    if (step.input != 0) backward_data(i, data(dz));
  }

  // Takes `part`, the whole contribution of one reader to the gradient at a tensor. The first becomes the gradient and is not copied.
  void contribute(int tensor, const Buffer& part) {
    if (tensor == 0) return;
    State& state = state_[tensor];
    if (state.gradient == nullptr) {
      state.gradient = part;
    } else {
      fill_odd(tensor);
      kernels_.add(data(part), network_.elements(tensor, a_.batch), data(state.gradient));
    }
    if (--state.readers == 0) finish(tensor);
  }

  void zero_padded(int i, const Buffer& dy) {
    const int tensor = steps_[i].shortcut_tensor;
    const Buffer part = take();
    kernels_.zero_padded_backward(data(dy), a_.batch, steps_[i].extent, steps_[tensor].extent, data(part));
    contribute(tensor, part);
  }

  void max_pool(int i) {
    const Step& step = steps_[i];
    if (step.input == 0) return;
    const Buffer part = take();
    kernels_.max_pool_backward(a_.y[step.input], a_.y[i], data(state_[i].gradient), a_.batch, steps_[step.input].extent,
                               step.pool, step.extent, data(part));
    contribute(step.input, part);
  }

  void fill_odd(int tensor) {
    State& state = state_[tensor];
    if (!state.even_only) return;
    kernels_.clear_odd(data(state.gradient), a_.batch, steps_[tensor].extent);
    state.even_only = false;
  }

  // Adds what convolution i contributes to the gradient at its input, right into that gradient's buffer.
  void backward_data(int i, const Stored* dz) {
    const Step& step = steps_[i];
    const int tensor = step.input;
    State& state = state_[tensor];
    // A strided 1x1 convolution reaches even rows and columns only, everything else all positions.
    const bool everywhere = step.convolution.stride == 1 || step.convolution.kernel > 1;
    const bool fresh = state.gradient == nullptr;
    if (fresh) state.gradient = take();
    // A strided 3x3 adds to a strided 1x1 where that one wrote, and writes elsewhere: the odd positions are never filled with zeros.
    const bool by_class = state.even_only && step.convolution.stride == 2 && everywhere;
    if (!fresh && !by_class) fill_odd(tensor);
    const bool last = --state.readers == 0;
    // The last reader's tiles hold the whole gradient in registers: their epilogue masks it and makes its sums.
    const bool fused = last && everywhere && steps_[tensor].kind == Step::kConvolution;
    const auto& classes = network_.layers_[step.layer].backward;
    for (const BackwardClass<T>& part : classes) {
      ConvArguments<P> conv = class_arguments(part, i, dz);
      conv.accumulate = by_class ? part.first_row == 0 && part.first_column == 0 : !fresh;
      if (fused) conv.epilogue = mask_epilogue(tensor, &part != &classes.front());
      kernels_.convolve(conv);
    }
    state.even_only = fresh && !everywhere;
    if (fused) {
      set_coefficients(tensor);
    } else if (last) {
      fill_odd(tensor);
      finish(tensor);
    }
  }

  ConvArguments<P> class_arguments(const BackwardClass<T>& part, int i, const Stored* dz) const {
    const int tensor = steps_[i].input;
    ConvArguments<P> conv{};
    conv.pattern = part.pattern.nonzero_view();
    conv.batch = a_.batch;
    conv.x = dz;
    conv.in = steps_[i].extent;
    conv.y = data(state_[tensor].gradient);
    conv.out = steps_[tensor].extent;
    conv.grid_height = part.grid_height;
    conv.grid_width = part.grid_width;
    conv.y_stride = part.y_stride;
    conv.first_row = part.first_row;
    conv.first_column = part.first_column;
    return conv;
  }

  EpilogueArguments<P> mask_epilogue(int tensor, bool add_to_stats) const {
    const Step& target = steps_[tensor];
    EpilogueArguments<P> e{};
    e.kind = target.shortcut == Shortcut::kNone ? Epilogue::kMaskFromZ : Epilogue::kMaskFromY;
    e.z = a_.z[tensor];
    e.other = a_.y[tensor];
    e.scale = a_.scale[target.layer].data();
    e.bias = a_.bias[target.layer].data();
    e.mean = a_.mean[target.layer].data();
    e.stats = network_.sums_;
    e.add_to_stats = add_to_stats;
    return e;
  }

  void weight_gradient(int i, const Stored* dz) {
    const Step& step = steps_[i];
    T* const to = gradients_[step.layer].weights;
    if (to == nullptr) return;
    // Each part begins on a cache line, so that no two threads write to the same.
    const int64_t live = network_.layers_[step.layer].live, stride = (live + 15) / 16 * 16;
    if (live == 0) return;
    const Buffer parts = network_.scratch_->take(size_t(stride) * kGradientParts * sizeof(T));
    WeightGradientArguments<P> w{};
    w.pattern = network_.layers_[step.layer].forward.view();
    w.batch = a_.batch;
    w.x = a_.y[step.input];
    w.in = steps_[step.input].extent;
    w.dy = dz;
    w.out = step.extent;
    w.parts = static_cast<T*>(parts.get());
    w.part_stride = stride;
    kernels_.weight_gradient(w);
    // Always in the order of the parts: the same bytes for any number of threads.
    at::parallel_for(0, live, 16384, [&](int64_t begin, int64_t end) {
      for (int64_t k = begin; k < end; ++k) {
        T sum = 0;
        for (int part = 0; part < kGradientParts; ++part) sum += w.parts[part * stride + k];
        to[k] = sum;
      }
    });
  }

  Network& network_;
  const Kernels<P>& kernels_;
  const std::vector<Step>& steps_;
  const Activations<P>& a_;
  const std::vector<LayerGradients<T>>& gradients_;
  std::vector<State> state_;
  size_t buffer_bytes_ = 0;
};

template <class P>
void Network<P>::backward(const Activations<P>& a, const T* feature_gradients,
                          const std::vector<LayerValues<T>>& values, const std::vector<LayerGradients<T>>& gradients) {
  for (size_t i = 0; i < layers_.size(); ++i) {
    for (auto& part : layers_[i].backward) part.pattern.set_weights(values[i].weights, kBfloat16);
  }
  Backward(*this, a, gradients).run(feature_gradients);
}

template void Network<Single>::backward(const Activations<Single>&, const float*,
                                        const std::vector<LayerValues<float>>&,
                                        const std::vector<LayerGradients<float>>&);
template void Network<Double>::backward(const Activations<Double>&, const double*,
                                        const std::vector<LayerValues<double>>&,
                                        const std::vector<LayerGradients<double>>&);
template void Network<Mixed>::backward(const Activations<Mixed>&, const float*, const std::vector<LayerValues<float>>&,
                                       const std::vector<LayerGradients<float>>&);

}  // namespace coppice::sparse
