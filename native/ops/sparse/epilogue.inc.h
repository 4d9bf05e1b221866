// What happens to a tile between its sums and the store, while it is still in registers: statistics for batch normalisation, the mask of
// a ReLU, or normalisation with shortcut and ReLU. Each would otherwise be one more pass over the whole tensor.
#pragma once
#include "tile.inc.h"

namespace coppice::sparse {
namespace COPPICE_VARIANT {
namespace {

struct Finish {
  const EpilogueArguments<P>* epilogue;
  T* stats;    // of this part
  bool first;  // the part's first tile: shifts are taken from it
  bool tail;   // the block has lanes past the end of the batch
  V mask;      // 1 in lanes of real samples
};

// Adds to the sums of channel o. They are of differences from a first value of the channel, so that nothing cancels where its mean is
// far larger than its deviation.
template <int Count>
COPPICE_INLINE inline void add_statistics(const V* v, int o, const Finish& f) {
  T* const stats = f.stats + L + int64_t{o} * 3 * L;
  if (f.first) {
    vec(stats) = v[0];
    vec(stats + L) = vec(stats + 2 * L) = V{};
  }
  const V shift = vec(stats) * f.mask;  // a lane past the end of the batch stays zero
  // Summed in registers first: memory is read and written once a tile.
  V sum{}, squares{};
  each<Count>([&](auto k) COPPICE_INLINE {
    const V d = v[k] - shift;
    sum += d;
    squares += d * d;
  });
  vec(stats + L) += sum;
  vec(stats + 2 * L) += squares;
}

// Masks the gradient dy by its ReLU, and adds to the sums of dy and of dy (z - mean) of channel o.
template <int Count, class At>
COPPICE_INLINE inline void mask_and_sum(V* v, int o, const Finish& f, const At& at) {
  const EpilogueArguments<P>& e = *f.epilogue;
  T* const stats = f.stats + int64_t{o} * 2 * L;
  if (f.first) vec(stats) = vec(stats + L) = V{};
  const T mean = e.mean[o];
  V sum{}, product{};
  if (e.kind == Epilogue::kMaskFromZ) {
    // Without a shortcut the sign of y follows from z, which the second sum needs anyway: y is not read.
    const T scale = e.scale[o], bias = e.bias[o];
    each<Count>([&](auto k) COPPICE_INLINE {
      const V z = load(e.z + at(k));
      v[k] = where_positive(z * scale + bias, v[k]);
      sum += v[k];
      product += v[k] * (z - mean);
    });
  } else {
    each<Count>([&](auto k) COPPICE_INLINE {
      v[k] = where_positive(load(e.other + at(k)), v[k]);
      sum += v[k];
      product += v[k] * (load(e.z + at(k)) - mean);
    });
  }
  vec(stats) += sum;
  vec(stats + L) += product;
}

// scale v + bias; by the kind of epilogue plus `other`, and with the ReLU.
template <int Count, class At>
COPPICE_INLINE inline void normalize(V* v, int o, const Finish& f, const At& at) {
  const EpilogueArguments<P>& e = *f.epilogue;
  const T scale = e.scale[o], bias = e.bias[o];
  each<Count>([&](auto k) COPPICE_INLINE { v[k] = v[k] * scale + bias; });
  if (e.kind == Epilogue::kAffineAddRelu) {
    each<Count>([&](auto k) COPPICE_INLINE { v[k] += load(e.other + at(k)); });
  }
  if (e.kind != Epilogue::kAffine) {
    each<Count>([&](auto k) COPPICE_INLINE { v[k] = relu(v[k]); });
  }
  // The bias is not zero in lanes past the end of the batch, and those must be.
  if (f.tail) {
    each<Count>([&](auto k) COPPICE_INLINE { v[k] *= f.mask; });
  }
}

// `v`: values of channel o, the k-th at `at(k)` of the output tensor.
template <int Count, class At>
COPPICE_INLINE inline void finish(V* v, int o, const Finish& f, const At& at) {
  switch (f.epilogue->kind) {
    case Epilogue::kNone:
      return;
    case Epilogue::kStats:
      return add_statistics<Count>(v, o, f);
    case Epilogue::kMaskFromZ:
    case Epilogue::kMaskFromY:
      return mask_and_sum<Count>(v, o, f, at);
    case Epilogue::kAffine:
    case Epilogue::kAffineRelu:
    case Epilogue::kAffineAddRelu:
      return normalize<Count>(v, o, f, at);
  }
}

// Fetches into L2 what the epilogue and the store of a later channel will touch.
template <class S, class At>
COPPICE_INLINE inline void prefetch_output(const Tile& t, int o, int channels, const EpilogueArguments<P>& e,
                                           const At& at) {
  constexpr int kAhead = 2;
  if (o + kAhead >= channels) return;
  const int64_t base = (o + kAhead) * t.y_channel;
  each<S::Count>([&](auto k) COPPICE_INLINE { __builtin_prefetch(t.y + base + at(k), 1, 2); });
  const Stored* const read[] = {e.z, e.other};
  for (const Stored* from : read) {
    if (from == nullptr) continue;
    from += t.y_at + base;
    each<S::Count>([&](auto k) COPPICE_INLINE { __builtin_prefetch(from + at(k), 0, 2); });
  }
}

}  // namespace
}  // namespace COPPICE_VARIANT
}  // namespace coppice::sparse
