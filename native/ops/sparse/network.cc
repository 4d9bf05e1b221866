#include "network.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <cmath>

namespace coppice::sparse {

template <class P>
Network<P>::Network(const Program& program, const Kernels<P>& kernels) : program_(program), kernels_(kernels) {
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

template <class P>
std::shared_ptr<Activations<P>> Network<P>::forward(const T* images, int batch,
                                                    const std::vector<LayerValues<T>>& values, Mode mode,
                                                    double momentum, T* features) {
  auto a = std::make_shared<Activations<P>>();
  a->batch = batch;
  a->mode = mode;
  const auto& nodes = program_.nodes;
  const size_t count = nodes.size();
  a->z.assign(count, nullptr);
  a->y.assign(count, nullptr);
  for (auto* of_layer : {&a->mean, &a->inverse, &a->scale, &a->bias}) {
    for (const Node& node : nodes) {
      if (node.layer >= 0) of_layer->emplace_back(node.extent.channels);
    }
  }
  for (size_t i = 0; i < layers_.size(); ++i) layers_[i].forward.set_weights(values[i].weights, kBfloat16);
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
  a->memory = activations_->take(total * sizeof(Stored));
  Stored* const memory = static_cast<Stored*>(a->memory.get());
  for (size_t i = 0; i < count; ++i) {
    if (z_at[i] >= 0) a->z[i] = memory + z_at[i];
    if (y_at[i] >= 0) a->y[i] = memory + y_at[i];
  }

  kernels_.pack(images, batch, program_.images, a->y[0]);
  for (size_t i = 1; i < count; ++i) {
    const Node& node = nodes[i];
    const Stored* const x = a->y[node.input];
    const Extent in = nodes[node.input].extent;
    if (node.kind == Node::kPool) {
      kernels_.max_pool(x, batch, in, node.pool, node.extent, a->y[i]);
      continue;
    }
    const LayerValues<T>& value = values[node.layer];
    ConvArguments<P> conv{};
    conv.pattern = layers_[node.layer].forward.nonzero_view();
    conv.batch = batch;
    conv.x = x;
    conv.in = in;
    conv.out = node.extent;
    conv.grid_height = node.extent.height;
    conv.grid_width = node.extent.width;
    EpilogueArguments<P>& e = conv.epilogue;
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
    ApplyArguments<P> apply{};
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

// Mean and squared deviations of all lanes and parts, in double, from sums of differences d from each lane's own shift:
//   mean = sum(n shift + sum d) / N        deviations = sum(sum d^2 - 2 e sum d + n e^2),  e = mean - shift
// Shifts are values of the channel, so that nothing cancels when its mean is far larger than its deviation.
template <class P>
void Network<P>::merge_statistics(const Node& node, Activations<P>& a, const LayerValues<T>& value, double momentum) {
  const int channels = node.extent.channels, lanes = kernels_.lanes;
  const int64_t part_stride = int64_t{lanes} * (3 * channels + 1);
  const double count = double(a.batch) * node.extent.height * node.extent.width;
  at::parallel_for(0, channels, kChannelsPerTask, [&](int64_t begin, int64_t end) {
    for (int64_t c = begin; c < end; ++c) {
      // f(count, shift, sum, sum of squares) for every lane of every part.
      const auto each = [&](const auto& f) {
        for (int part = 0; part < kStatParts; ++part) {
          const T* const counts = sums_ + part * part_stride;
          const T* const sums = counts + lanes + c * 3 * lanes;
          for (int l = 0; l < lanes; ++l) {
            f(double(counts[l]), double(sums[l]), double(sums[lanes + l]), double(sums[2 * lanes + l]));
          }
        }
      };
      double total = 0, deviations = 0;
      each([&](double n, double shift, double sum, double) { total += n * shift + sum; });
      const double mean = total / count;
      each([&](double n, double shift, double sum, double squares) {
        const double e = mean - shift;
        deviations += squares - 2 * e * sum + n * e * e;
      });
      deviations = std::max(0.0, deviations);
      set_normalization(node, a, value, int(c), mean, deviations / count);
      value.running_mean[c] = T((1 - momentum) * value.running_mean[c] + momentum * mean);
      value.running_var[c] = T((1 - momentum) * value.running_var[c] + momentum * deviations / (count - 1));
    }
  });
}

template <class P>
void Network<P>::running_statistics(const Node& node, Activations<P>& a, const LayerValues<T>& value) {
  for (int c = 0; c < node.extent.channels; ++c) {
    set_normalization(node, a, value, c, value.running_mean[c], value.running_var[c]);
  }
}

template <class P>
void Network<P>::set_normalization(const Node& node, Activations<P>& a, const LayerValues<T>& value, int c, double mean,
                                   double variance) const {
  const int layer = node.layer;
  const double inverse = 1 / std::sqrt(variance + program_.eps[layer]);
  a.mean[layer][c] = T(mean);
  a.inverse[layer][c] = T(inverse);
  a.scale[layer][c] = T(value.gamma[c] * inverse);
  a.bias[layer][c] = T(value.beta[c] - mean * value.gamma[c] * inverse);
}

template class Network<Single>;
template class Network<Double>;
template class Network<Mixed>;

}  // namespace coppice::sparse
