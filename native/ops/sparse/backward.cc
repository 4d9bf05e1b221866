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
        nodes_(network.program_.nodes),
        a_(a),
        gradients_(gradients),
        state_(nodes_.size()) {
    for (size_t i = 1; i < nodes_.size(); ++i) {
      ++state_[nodes_[i].input].readers;
      if (nodes_[i].other >= 0 && nodes_[i].residual != Residual::kNormalized) ++state_[nodes_[i].other].readers;
      buffer_bytes_ = std::max(buffer_bytes_, size_t(network.elements(int(i), a.batch)) * sizeof(Stored));
    }
  }

  void run(const T* feature_gradients) {
    const int last = int(nodes_.size()) - 1;
    State& top = state_[last];
    top.gradient = take();
    kernels_.global_mean_backward(feature_gradients, a_.batch, nodes_[last].extent, data(top.gradient));
    finish(last);
    for (int i = last; i > 0; --i) {
      if (state_[i].gradient == nullptr) continue;  // nothing reads it
      if (nodes_[i].kind == Node::kPool) {
        pool(i);
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

  // The gradient at tensor i is whole: mask it, and make the coefficients of its normalisation.
  void finish(int i) {
    const Node& node = nodes_[i];
    if (node.kind == Node::kPool) return;
    MaskSumsArguments<P> sums{};
    sums.batch = a_.batch;
    sums.extent = node.extent;
    sums.dy = data(state_[i].gradient);
    sums.y = node.deferred ? nullptr : a_.y[i];
    sums.z = a_.z[i];
    sums.mean = a_.mean[node.layer].data();
    sums.stats = network_.sums_;
    kernels_.mask_sums(sums);
    coefficients(i);
  }

  void coefficients(int i) {
    const Node& node = nodes_[i];
    const int channels = node.extent.channels, lanes = kernels_.lanes, layer = node.layer;
    State& state = state_[i];
    for (auto* values : {&state.p, &state.q, &state.r}) values->resize(channels);
    const double count = double(a_.batch) * node.extent.height * node.extent.width;
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
    const Node& node = nodes_[i];
    Buffer dy = state_[i].gradient;
    // dz replaces dy, unless dy goes on to a shortcut as it is.
    const bool handed_on = node.residual == Residual::kIdentity || node.residual == Residual::kNormalized;
    Buffer dz = handed_on ? take() : dy;
    if (node.residual == Residual::kZeroPadded) zero_padded(i, dy);
    ApplyBackwardArguments<P> apply{};
    apply.batch = a_.batch;
    apply.extent = node.extent;
    apply.dy = data(dy);
    apply.z = a_.z[i];
    apply.mean = a_.mean[node.layer].data();
    apply.p = state_[i].p.data();
    apply.q = state_[i].q.data();
    apply.r = state_[i].r.data();
    apply.dz = data(dz);
    kernels_.apply_backward(apply);
    state_[i].gradient.reset();
    if (node.residual == Residual::kIdentity) contribute(node.other, dy);
    if (node.residual == Residual::kNormalized) {
      state_[node.other].gradient = dy;
      finish(node.other);
    }
    dy.reset();
    weight_gradient(i, data(dz));
    if (node.input != 0) backward_data(i, data(dz));
  }

  // A whole contribution in a buffer of its own.
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
    const int tensor = nodes_[i].other;
    const Buffer part = take();
    kernels_.zero_padded_backward(data(dy), a_.batch, nodes_[i].extent, nodes_[tensor].extent, data(part));
    contribute(tensor, part);
  }

  void pool(int i) {
    const Node& node = nodes_[i];
    if (node.input == 0) return;
    const Buffer part = take();
    kernels_.max_pool_backward(a_.y[node.input], a_.y[i], data(state_[i].gradient), a_.batch, nodes_[node.input].extent,
                               node.pool, node.extent, data(part));
    contribute(node.input, part);
  }

  void fill_odd(int tensor) {
    State& state = state_[tensor];
    if (!state.even_only) return;
    kernels_.clear_odd(data(state.gradient), a_.batch, nodes_[tensor].extent);
    state.even_only = false;
  }

  void backward_data(int i, const Stored* dz) {
    const Node& node = nodes_[i];
    const int tensor = node.input;
    State& state = state_[tensor];
    const auto& classes = network_.layers_[node.layer].backward;
    const bool everywhere = node.conv.stride == 1 || node.conv.kernel > 1;
    const bool fresh = state.gradient == nullptr;
    if (fresh) state.gradient = take();
    // A strided 3x3 adds to a strided 1x1 where that one wrote, and writes elsewhere.
    const bool by_class = state.even_only && node.conv.stride == 2 && everywhere;
    if (!fresh && !by_class) fill_odd(tensor);
    const bool last = --state.readers == 0;
    const Node& target = nodes_[tensor];
    const bool fused = last && everywhere && target.kind == Node::kConv;
    for (const BackwardClass<T>& part : classes) {
      ConvArguments<P> conv{};
      conv.pattern = part.pattern.nonzero_view();
      conv.batch = a_.batch;
      conv.x = dz;
      conv.in = node.extent;
      conv.y = data(state.gradient);
      conv.out = target.extent;
      conv.grid_height = part.grid_height;
      conv.grid_width = part.grid_width;
      conv.step = part.step;
      conv.first_row = part.first_row;
      conv.first_column = part.first_column;
      conv.accumulate = by_class ? part.first_row == 0 && part.first_column == 0 : !fresh;
      if (fused) {
        EpilogueArguments<P>& e = conv.epilogue;
        e.kind = target.residual == Residual::kNone ? Epilogue::kMaskFromZ : Epilogue::kMaskFromY;
        e.z = a_.z[tensor];
        e.other = a_.y[tensor];
        e.scale = a_.scale[target.layer].data();
        e.bias = a_.bias[target.layer].data();
        e.mean = a_.mean[target.layer].data();
        e.stats = network_.sums_;
        e.add_to_stats = &part != &classes.front();
      }
      kernels_.convolve(conv);
    }
    state.even_only = fresh ? !everywhere : false;
    if (fused) {
      coefficients(tensor);
    } else if (last) {
      fill_odd(tensor);
      finish(tensor);
    }
  }

  void weight_gradient(int i, const Stored* dz) {
    const Node& node = nodes_[i];
    T* const to = gradients_[node.layer].weights;
    if (to == nullptr) return;
    const int64_t live = network_.layers_[node.layer].live, stride = (live + 15) / 16 * 16;
    if (live == 0) return;
    const Buffer parts = network_.scratch_->take(size_t(stride) * kGradientParts * sizeof(T));
    WeightGradientArguments<P> w{};
    w.pattern = network_.layers_[node.layer].forward.view();
    w.batch = a_.batch;
    w.x = a_.y[node.input];
    w.in = nodes_[node.input].extent;
    w.dy = dz;
    w.out = node.extent;
    w.parts = static_cast<T*>(parts.get());
    w.part_stride = stride;
    kernels_.weight_gradient(w);
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
  const std::vector<Node>& nodes_;
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
