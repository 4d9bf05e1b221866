#include "network.h"

#include <ATen/Parallel.h>
#include <c10/util/Exception.h>

#include <algorithm>
#include <cmath>

namespace coppice::sparse {

template <class T>
Network<T>::Network(const Program& program, const Kernels<T>& kernels) : program_(program), kernels_(kernels) {
  int64_t channels = 1;
  for (const Node& node : program_.nodes) {
    channels = std::max<int64_t>(channels, node.extent.channels);
    if (node.layer < 0) continue;
    const auto& positions = program_.positions[node.layer];
    // Nothing needs the gradient of the images.
    layers_.push_back(
        {forward_pattern<T>(node.conv, positions, kernels_.lanes),
         node.input == 0 ? std::vector<BackwardClass<T>>{} : backward_patterns<T>(node.conv, positions, kernels_.lanes),
         int64_t(positions.size())});
  }
  sums_memory_ = scratch_->take(kStatParts * (3 * channels + 1) * kernels_.lanes * sizeof(T));
  sums_ = static_cast<T*>(sums_memory_.get());
}

template <class T>
std::shared_ptr<Activations<T>> Network<T>::forward(const T* images, int batch,
                                                    const std::vector<LayerValues<T>>& values, Mode mode,
                                                    double momentum, T* features) {
  auto a = std::make_shared<Activations<T>>();
  a->batch = batch;
  a->mode = mode;
  const auto& nodes = program_.nodes;
  const size_t count = nodes.size();
  a->z.assign(count, nullptr);
  a->y.assign(count, nullptr);
  for (auto* of_layer : {&a->mean, &a->inverse, &a->scale, &a->bias}) of_layer->resize(layers_.size());
  for (size_t i = 0; i < layers_.size(); ++i) layers_[i].forward.set_weights(values[i].weights);
  const bool keep = mode != Mode::kEvaluate;

  // Where each tensor lies. Without a backward pass a tensor's place is free again after its last reader.
  std::vector<int> last_use(count, 0);
  for (size_t i = 1; i < count; ++i) {
    last_use[nodes[i].input] = std::max(last_use[nodes[i].input], int(i));
    if (nodes[i].other >= 0) last_use[nodes[i].other] = std::max(last_use[nodes[i].other], int(i));
  }
  last_use[count - 1] = int(count);
  struct Place {
    int64_t at, size;
    int until;
  };
  std::vector<Place> places;
  int64_t total = 0;
  const auto place = [&](int64_t size, int from, int until) {
    if (!keep) {
      for (Place& p : places) {
        if (p.until < from && p.size >= size) {
          p.until = until;
          return p.at;
        }
      }
    }
    places.push_back({total, size, until});
    total += size;
    return places.back().at;
  };
  std::vector<int64_t> z_at(count, -1), y_at(count, -1);
  y_at[0] = place(elements(0, batch), 0, last_use[0]);
  for (size_t i = 1; i < count; ++i) {
    const bool own_z = nodes[i].kind == Node::kConv && (keep || nodes[i].residual == Residual::kZeroPadded);
    if (own_z) z_at[i] = place(elements(i, batch), i, keep ? int(count) : int(i));
    if (!(keep && nodes[i].deferred)) y_at[i] = place(elements(i, batch), i, last_use[i]);
  }
  a->memory = activations_->take(total * sizeof(T));
  T* const memory = static_cast<T*>(a->memory.get());
  for (size_t i = 0; i < count; ++i) {
    if (z_at[i] >= 0) a->z[i] = memory + z_at[i];
    if (y_at[i] >= 0) a->y[i] = memory + y_at[i];
  }

  kernels_.pack(images, batch, program_.images, a->y[0]);
  for (size_t i = 1; i < count; ++i) {
    const Node& node = nodes[i];
    const T* const x = a->y[node.input];
    const Extent in = nodes[node.input].extent;
    if (node.kind == Node::kPool) {
      kernels_.max_pool(x, batch, in, node.pool, node.extent, a->y[i]);
      continue;
    }
    const LayerValues<T>& value = values[node.layer];
    ConvArguments<T> conv{};
    conv.pattern = layers_[node.layer].forward.view();
    conv.batch = batch;
    conv.x = x;
    conv.in = in;
    conv.out = node.extent;
    conv.grid_height = node.extent.height;
    conv.grid_width = node.extent.width;
    EpilogueArguments<T>& e = conv.epilogue;
    const bool fused = !keep && node.residual != Residual::kZeroPadded;
    if (mode != Mode::kTrain) running_statistics(node, *a, value);
    conv.y = fused ? a->y[i] : a->z[i];
    if (fused) {
      e.scale = a->scale[node.layer].data();
      e.bias = a->bias[node.layer].data();
      e.other = node.residual == Residual::kNone ? nullptr : a->y[node.other];
      e.kind = node.deferred                      ? Epilogue::kAffine
               : node.residual == Residual::kNone ? Epilogue::kAffineRelu
                                                  : Epilogue::kAffineAddRelu;
    } else if (mode == Mode::kTrain) {
      e.kind = Epilogue::kStats;
      e.stats = sums_;
    }
    kernels_.convolve(conv);
    if (mode == Mode::kTrain) merge_statistics(node, *a, value, momentum);
    if (fused || node.deferred) continue;
    ApplyArguments<T> apply{};
    apply.batch = batch;
    apply.extent = node.extent;
    apply.z = a->z[i];
    apply.scale = a->scale[node.layer].data();
    apply.bias = a->bias[node.layer].data();
    apply.residual = node.residual;
    apply.y = a->y[i];
    if (node.residual == Residual::kNormalized) {
      const int layer = nodes[node.other].layer;
      apply.other = a->z[node.other];
      apply.other_scale = a->scale[layer].data();
      apply.other_bias = a->bias[layer].data();
    } else if (node.other >= 0) {
      apply.other = a->y[node.other];
      apply.other_extent = nodes[node.other].extent;
    }
    kernels_.apply(apply);
  }
  kernels_.global_mean(a->y[count - 1], batch, nodes[count - 1].extent, features);
  return a;
}

// Chan et al.'s merge of means and squared deviations over lanes and parts, in double: nothing cancels when the mean is far
// larger than the deviation.
template <class T>
void Network<T>::merge_statistics(const Node& node, Activations<T>& a, const LayerValues<T>& value, double momentum) {
  const int channels = node.extent.channels, lanes = kernels_.lanes, layer = node.layer;
  const int64_t part_stride = int64_t{lanes} * (3 * channels + 1);
  for (auto* of_layer : {&a.mean, &a.inverse, &a.scale, &a.bias}) (*of_layer)[layer].resize(channels);
  for (int c = 0; c < channels; ++c) {
    double count = 0, mean = 0, deviations = 0;
    for (int part = 0; part < kStatParts; ++part) {
      const T* const counts = sums_ + part * part_stride;
      const T* const sums = counts + lanes + int64_t{c} * 3 * lanes;
      for (int l = 0; l < lanes; ++l) {
        const double n = counts[l];
        if (n == 0) continue;
        const double sum = sums[lanes + l];
        const double here = sums[l] + sum / n, squares = std::max(0.0, sums[2 * lanes + l] - sum * sum / n);
        const double difference = here - mean;
        deviations += squares + difference * difference * count * n / (count + n);
        mean += difference * n / (count + n);
        count += n;
      }
    }
    const double variance = deviations / count;
    const double inverse = 1 / std::sqrt(variance + program_.eps[layer]);
    a.mean[layer][c] = T(mean);
    a.inverse[layer][c] = T(inverse);
    a.scale[layer][c] = T(value.gamma[c] * inverse);
    a.bias[layer][c] = T(value.beta[c] - mean * value.gamma[c] * inverse);
    value.running_mean[c] = T((1 - momentum) * value.running_mean[c] + momentum * mean);
    value.running_var[c] = T((1 - momentum) * value.running_var[c] + momentum * deviations / (count - 1));
  }
}

template <class T>
void Network<T>::running_statistics(const Node& node, Activations<T>& a, const LayerValues<T>& value) {
  const int channels = node.extent.channels, layer = node.layer;
  for (auto* of_layer : {&a.mean, &a.inverse, &a.scale, &a.bias}) (*of_layer)[layer].resize(channels);
  for (int c = 0; c < channels; ++c) {
    const double inverse = 1 / std::sqrt(double(value.running_var[c]) + program_.eps[layer]);
    a.mean[layer][c] = value.running_mean[c];
    a.inverse[layer][c] = T(inverse);
    a.scale[layer][c] = T(value.gamma[c] * inverse);
    a.bias[layer][c] = T(value.beta[c] - value.running_mean[c] * value.gamma[c] * inverse);
  }
}

// One backward pass: the gradient at each tensor gathers the contributions of its readers, the last of which also applies the
// tensor's ReLU and makes the sums of its batch norm.
template <class T>
class Network<T>::Backward {
 public:
  Backward(Network& network, const Activations<T>& a, const std::vector<LayerGradients<T>>& gradients)
      : network_(network),
        kernels_(network.kernels_),
        nodes_(network.program_.nodes),
        a_(a),
        gradients_(gradients),
        state_(nodes_.size()) {
    for (size_t i = 1; i < nodes_.size(); ++i) {
      ++state_[nodes_[i].input].readers;
      if (nodes_[i].other >= 0 && nodes_[i].residual != Residual::kNormalized) ++state_[nodes_[i].other].readers;
      buffer_bytes_ = std::max(buffer_bytes_, size_t(network.elements(int(i), a.batch)) * sizeof(T));
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

  static T* data(const Buffer& buffer) { return static_cast<T*>(buffer.get()); }
  Buffer take() { return network_.scratch_->take(buffer_bytes_); }

  // The gradient at tensor i is whole: mask it, and make the coefficients of its normalisation.
  void finish(int i) {
    const Node& node = nodes_[i];
    if (node.kind == Node::kPool) return;
    MaskSumsArguments<T> sums{};
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
    for (int c = 0; c < channels; ++c) {
      double sum = 0, product = 0;
      for (int part = 0; part < kStatParts; ++part) {
        const T* const sums = network_.sums_ + (int64_t{part} * channels + c) * 2 * lanes;
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
    }
  }

  void convolution(int i) {
    const Node& node = nodes_[i];
    Buffer dy = state_[i].gradient;
    // dz replaces dy, unless dy goes on to a shortcut as it is.
    const bool handed_on = node.residual == Residual::kIdentity || node.residual == Residual::kNormalized;
    Buffer dz = handed_on ? take() : dy;
    if (node.residual == Residual::kZeroPadded) zero_padded(i, dy);
    ApplyBackwardArguments<T> apply{};
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

  void backward_data(int i, const T* dz) {
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
      ConvArguments<T> conv{};
      conv.pattern = part.pattern.view();
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
        EpilogueArguments<T>& e = conv.epilogue;
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

  void weight_gradient(int i, const T* dz) {
    const Node& node = nodes_[i];
    T* const to = gradients_[node.layer].weights;
    if (to == nullptr) return;
    const int64_t live = network_.layers_[node.layer].live, stride = (live + 15) / 16 * 16;
    if (live == 0) return;
    const Buffer parts = network_.scratch_->take(size_t(stride) * kGradientParts * sizeof(T));
    WeightGradientArguments<T> w{};
    w.pattern = network_.layers_[node.layer].forward.view();
    w.batch = a_.batch;
    w.x = a_.y[node.input];
    w.in = nodes_[node.input].extent;
    w.dy = dz;
    w.out = node.extent;
    w.parts = data(parts);
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
  const Kernels<T>& kernels_;
  const std::vector<Node>& nodes_;
  const Activations<T>& a_;
  const std::vector<LayerGradients<T>>& gradients_;
  std::vector<State> state_;
  size_t buffer_bytes_ = 0;
};

template <class T>
void Network<T>::backward(const Activations<T>& a, const T* feature_gradients,
                          const std::vector<LayerValues<T>>& values, const std::vector<LayerGradients<T>>& gradients) {
  for (size_t i = 0; i < layers_.size(); ++i) {
    for (auto& part : layers_[i].backward) part.pattern.set_weights(values[i].weights);
  }
  Backward(*this, a, gradients).run(feature_gradients);
}

template class Network<float>;
template class Network<double>;

}  // namespace coppice::sparse
