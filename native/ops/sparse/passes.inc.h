// Passes over whole tensors in the layout of types.h: normalisation forward and backward, images into the layout, gradients of shortcuts.
// They wait for memory and not for arithmetic, so each reads and writes its tensors once, in the order in which they lie.
#pragma once
#include "work.inc.h"

namespace coppice::sparse {
namespace COPPICE_VARIANT {
namespace {

// Compiled for each kind of shortcut, so that the inner loop has no branch on it.
template <Shortcut S>
void apply_row(const ApplyArguments<P>& a, int n, int h) {
  const int C = a.extent.channels, W = a.extent.width;
  const V mask = lane_mask(n, a.batch);
  const bool tail = is_tail(n, a.batch);
  const int zeros_before = (C - a.added_extent.channels) / 2;  // channels
  int64_t i = (int64_t{n} * a.extent.height + h) * C * W * L;
  for (int c = 0; c < C; ++c) {
    const T scale = a.scale[c], bias = a.bias[c];
    const T added_scale = S == Shortcut::kProjection ? a.added_scale[c] : T(0);
    const T added_bias = S == Shortcut::kProjection ? a.added_bias[c] : T(0);
    const Stored* sampled = nullptr;
    if (S == Shortcut::kZeroPadded && c >= zeros_before && c < zeros_before + a.added_extent.channels) {
      const Extent from = a.added_extent;
      sampled = a.added + ((int64_t{n} * from.height + 2 * h) * from.channels + (c - zeros_before)) * from.width * L;
    }
    for (int w = 0; w < W; ++w, i += L) {
      V v = load(a.z + i) * scale + bias;
      if constexpr (S == Shortcut::kIdentity) v += load(a.added + i);
      if constexpr (S == Shortcut::kProjection) v += load(a.added + i) * added_scale + added_bias;
      if constexpr (S == Shortcut::kZeroPadded) {
        if (sampled != nullptr) v += load(sampled + 2 * w * L);
      }
      v = relu(v);
      // The bias is not zero in lanes past the end of the batch, and those must be.
      if (tail) v *= mask;
      store(a.y + i, v);
    }
  }
}

template <Shortcut S>
void apply_with(const ApplyArguments<P>& a) {
  over_rows(a.batch, a.extent.height, [&](int n, int h) { apply_row<S>(a, n, h); });
}

void apply(const ApplyArguments<P>& a) {
  switch (a.shortcut) {
    case Shortcut::kNone:
      return apply_with<Shortcut::kNone>(a);
    case Shortcut::kIdentity:
      return apply_with<Shortcut::kIdentity>(a);
    case Shortcut::kProjection:
      return apply_with<Shortcut::kProjection>(a);
    case Shortcut::kZeroPadded:
      return apply_with<Shortcut::kZeroPadded>(a);
  }
}

void apply_backward(const ApplyBackwardArguments<P>& a) {
  const int C = a.extent.channels, H = a.extent.height, W = a.extent.width;
  over_rows(a.batch, H, [&](int n, int h) {
    const V mask = lane_mask(n, a.batch);
    const bool tail = is_tail(n, a.batch);
    int64_t i = (int64_t{n} * H + h) * C * W * L;
    for (int c = 0; c < C; ++c) {
      const T p = a.p[c], q = a.q[c], r = a.r[c], mean = a.mean[c];
      for (int w = 0; w < W; ++w, i += L) {
        // z - mean before it is multiplied: q z + (r - q mean) would cancel where the mean is far larger than the deviation.
        V v = load(a.dy + i) * p + ((load(a.z + i) - mean) * q + r);
        if (tail) v *= mask;
        store(a.dz + i, v);
      }
    }
  });
}

void mask_sums(const MaskSumsArguments<P>& a) {
  const int C = a.extent.channels, W = a.extent.width;
  // Sums as the epilogue of a convolution makes them (epilogue.inc.h), so that backward.cc reads either in the same way.
  over_parts(kStatParts, int64_t{blocks_of(a.batch, L)} * a.extent.height, [&](int part, int64_t begin, int64_t end) {
    T* const stats = a.stats + int64_t{part} * C * 2 * L;
    for (int i = 0; i < C * 2; ++i) vec(stats + i * L) = V{};
    for (int64_t row = begin; row < end; ++row) {
      int64_t i = row * C * W * L;
      for (int c = 0; c < C; ++c) {
        const T mean = a.mean[c];
        // Of one row of a channel in registers: memory is read and written once a row.
        V sum{}, product{};
        for (int w = 0; w < W; ++w, i += L) {
          V v = load(a.dy + i);
          if (a.y != nullptr) {
            v = where_positive(load(a.y + i), v);
            store(a.dy + i, v);
          }
          sum += v;
          product += v * (load(a.z + i) - mean);
        }
        vec(stats + c * 2 * L) += sum;
        vec(stats + c * 2 * L + L) += product;
      }
    }
  });
}

void pack(const T* images, int batch, Extent e, Stored* x) {
  over_rows(batch, e.height, [&](int n, int h) {
    for (int c = 0; c < e.channels; ++c) {
      // Sample by sample, so that reads are contiguous; the samples' writes interleave in one row of one channel, which stays in L1.
      for (int l = 0; l < L; ++l) {
        const int sample = n * L + l;
        Stored* to = x + ((int64_t{n} * e.height + h) * e.channels + c) * e.width * L + lane_at(l);
        if (sample >= batch) {
          for (int w = 0; w < e.width; ++w) to[w * L] = to_stored(T(0));
          continue;
        }
        const T* from = images + ((int64_t{sample} * e.channels + c) * e.height + h) * e.width;
        for (int w = 0; w < e.width; ++w) to[w * L] = to_stored(from[w]);
      }
    }
  });
}

void zero_padded_backward(const Stored* dy, int batch, Extent out, Extent in, Stored* dx) {
  const int zeros_before = (out.channels - in.channels) / 2;  // channels
  over_rows(batch, in.height, [&](int n, int r) {
    for (int c = 0; c < in.channels; ++c) {
      Stored* to = dx + ((int64_t{n} * in.height + r) * in.channels + c) * in.width * L;
      const Stored* from = dy + ((int64_t{n} * out.height + r / 2) * out.channels + c + zeros_before) * out.width * L;
      // Pixels that the shortcut left out have a gradient of zero: dx may be a buffer used before.
      for (int s = 0; s < in.width; ++s) store(to + s * L, r % 2 == 0 && s % 2 == 0 ? load(from + (s / 2) * L) : V{});
    }
  });
}

void clear_odd(Stored* x, int batch, Extent e) {
  // In an even row every second position, in an odd row all.
  over_rows(batch, e.height, [&](int n, int r) {
    Stored* const row = x + (int64_t{n} * e.height + r) * e.channels * e.width * L;
    for (int c = 0; c < e.channels; ++c) {
      for (int w = r % 2 == 0 ? 1 : 0; w < e.width; w += r % 2 == 0 ? 2 : 1)
        store(row + (int64_t{c} * e.width + w) * L, V{});
    }
  });
}

// `count` is a multiple of L.
void add(const Stored* from, int64_t count, Stored* to) {
  constexpr int64_t kChunk = 64 * 1024;  // elements in a task
  run_parallel((count + kChunk - 1) / kChunk, [&](int64_t chunk) {
    const int64_t end = (chunk + 1) * kChunk < count ? (chunk + 1) * kChunk : count;
    for (int64_t i = chunk * kChunk; i < end; i += L) store(to + i, load(to + i) + load(from + i));
  });
}

}  // namespace
}  // namespace COPPICE_VARIANT
}  // namespace coppice::sparse
