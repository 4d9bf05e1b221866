// Everything but the convolutions, in the layout of types.h. Included once by each variant, with
//   COPPICE_T      element type      COPPICE_LANES  samples in a vector      COPPICE_VARIANT  a namespace
// The contents have internal linkage: the linker must never share code between instruction sets.
#include "types.h"

namespace coppice::sparse {
namespace COPPICE_VARIANT {
namespace {

using T = COPPICE_T;
constexpr int L = COPPICE_LANES;
typedef T V __attribute__((vector_size(L * sizeof(T))));

inline const V& vec(const T* p) { return *reinterpret_cast<const V*>(p); }
inline V& vec(T* p) { return *reinterpret_cast<V*>(p); }

// 1 in lanes of real samples, 0 in those past the end of the batch.
inline V lane_mask(int block, int batch) {
  V mask;
  for (int l = 0; l < L; ++l) mask[l] = block * L + l < batch ? T(1) : T(0);
  return mask;
}
inline bool is_tail(int block, int batch) { return (block + 1) * L > batch; }

// As in PyTorch, what is not a number stays so: a run that diverges must show it.
inline V relu(V v) { return v <= T(0) ? V{} : v; }
// dv where the value of the ReLU was positive.
inline V where_positive(V value, V dv) { return value <= T(0) ? V{} : dv; }

template <class F>
void run_parallel(int64_t count, const F& f) {
  parallel(
      count, [](void* context, int64_t i) { (*static_cast<const F*>(context))(i); }, const_cast<F*>(&f));
}

// f(block, row) for all rows of all blocks.
template <class F>
void over_rows(int batch, int height, const F& f) {
  run_parallel(int64_t{blocks_of(batch, L)} * height, [&](int64_t i) { f(int(i / height), int(i % height)); });
}

// f(part, begin, end) for at most `parts` shares of [0, count), which do not depend on the number of threads.
template <class F>
void over_parts(int parts, int64_t count, const F& f) {
  run_parallel(parts, [&](int64_t part) { f(int(part), part * count / parts, (part + 1) * count / parts); });
}

inline T* row_of(T* x, Extent e, int64_t block, int row) {
  return x + (block * e.height + row) * e.channels * e.width * L;
}
inline const T* row_of(const T* x, Extent e, int64_t block, int row) {
  return x + (block * e.height + row) * e.channels * e.width * L;
}

template <Residual R>
void apply_row(const ApplyArguments<T>& a, int n, int h) {
  const int C = a.extent.channels, W = a.extent.width;
  const V mask = lane_mask(n, a.batch);
  const bool tail = is_tail(n, a.batch);
  const int added = (C - a.other_extent.channels) / 2;
  int64_t i = (int64_t{n} * a.extent.height + h) * C * W * L;
  for (int c = 0; c < C; ++c) {
    const T scale = a.scale[c], bias = a.bias[c];
    const T other_scale = R == Residual::kNormalized ? a.other_scale[c] : T(0);
    const T other_bias = R == Residual::kNormalized ? a.other_bias[c] : T(0);
    const T* sampled = nullptr;
    if (R == Residual::kZeroPadded && c >= added && c < added + a.other_extent.channels) {
      const Extent from = a.other_extent;
      sampled = a.other + ((int64_t{n} * from.height + 2 * h) * from.channels + (c - added)) * from.width * L;
    }
    for (int w = 0; w < W; ++w, i += L) {
      V v = vec(a.z + i) * scale + bias;
      if constexpr (R == Residual::kIdentity) v += vec(a.other + i);
      if constexpr (R == Residual::kNormalized) v += vec(a.other + i) * other_scale + other_bias;
      if constexpr (R == Residual::kZeroPadded) {
        if (sampled != nullptr) v += vec(sampled + 2 * w * L);
      }
      v = relu(v);
      if (tail) v *= mask;
      vec(a.y + i) = v;
    }
  }
}

template <Residual R>
void apply_with(const ApplyArguments<T>& a) {
  over_rows(a.batch, a.extent.height, [&](int n, int h) { apply_row<R>(a, n, h); });
}

void apply(const ApplyArguments<T>& a) {
  switch (a.residual) {
    case Residual::kNone:
      return apply_with<Residual::kNone>(a);
    case Residual::kIdentity:
      return apply_with<Residual::kIdentity>(a);
    case Residual::kNormalized:
      return apply_with<Residual::kNormalized>(a);
    case Residual::kZeroPadded:
      return apply_with<Residual::kZeroPadded>(a);
  }
}

void apply_backward(const ApplyBackwardArguments<T>& a) {
  const int C = a.extent.channels, H = a.extent.height, W = a.extent.width;
  over_rows(a.batch, H, [&](int n, int h) {
    const V mask = lane_mask(n, a.batch);
    const bool tail = is_tail(n, a.batch);
    int64_t i = (int64_t{n} * H + h) * C * W * L;
    for (int c = 0; c < C; ++c) {
      const T p = a.p[c], q = a.q[c], r = a.r[c], mean = a.mean[c];
      for (int w = 0; w < W; ++w, i += L) {
        V v = vec(a.dy + i) * p + ((vec(a.z + i) - mean) * q + r);
        if (tail) v *= mask;
        vec(a.dz + i) = v;
      }
    }
  });
}

void mask_sums(const MaskSumsArguments<T>& a) {
  const int C = a.extent.channels, W = a.extent.width;
  over_parts(kStatParts, int64_t{blocks_of(a.batch, L)} * a.extent.height, [&](int part, int64_t begin, int64_t end) {
    T* const stats = a.stats + int64_t{part} * C * 2 * L;
    for (int i = 0; i < C * 2; ++i) vec(stats + i * L) = V{};
    for (int64_t row = begin; row < end; ++row) {
      int64_t i = row * C * W * L;
      for (int c = 0; c < C; ++c) {
        const T mean = a.mean[c];
        V sum{}, product{};
        for (int w = 0; w < W; ++w, i += L) {
          V v = vec(a.dy + i);
          if (a.y != nullptr) {
            v = where_positive(vec(a.y + i), v);
            vec(a.dy + i) = v;
          }
          sum += v;
          product += v * (vec(a.z + i) - mean);
        }
        vec(stats + c * 2 * L) += sum;
        vec(stats + c * 2 * L + L) += product;
      }
    }
  });
}

void pack(const T* images, int batch, Extent e, T* x) {
  over_rows(batch, e.height, [&](int n, int h) {
    for (int c = 0; c < e.channels; ++c) {
      for (int l = 0; l < L; ++l) {
        const int sample = n * L + l;
        T* to = x + ((int64_t{n} * e.height + h) * e.channels + c) * e.width * L + l;
        if (sample >= batch) {
          for (int w = 0; w < e.width; ++w) to[w * L] = T(0);
          continue;
        }
        const T* from = images + ((int64_t{sample} * e.channels + c) * e.height + h) * e.width;
        for (int w = 0; w < e.width; ++w) to[w * L] = from[w];
      }
    }
  });
}

void global_mean(const T* x, int batch, Extent e, T* features) {
  const T share = T(1) / T(e.height * e.width);
  over_rows(batch, 1, [&](int block, int) {
    const int64_t n = block;
    for (int c = 0; c < e.channels; ++c) {
      V sum{};
      for (int h = 0; h < e.height; ++h) {
        const T* row = x + ((n * e.height + h) * e.channels + c) * e.width * L;
        V of_row{};  // a sum of sums: fewer roundings in a row
        for (int w = 0; w < e.width; ++w) of_row += vec(row + w * L);
        sum += of_row;
      }
      for (int l = 0; l < L && n * L + l < batch; ++l) features[(n * L + l) * e.channels + c] = sum[l] * share;
    }
  });
}

void global_mean_backward(const T* features, int batch, Extent e, T* dx) {
  const T share = T(1) / T(e.height * e.width);
  over_rows(batch, 1, [&](int block, int) {
    const int64_t n = block;
    for (int c = 0; c < e.channels; ++c) {
      V value{};
      for (int l = 0; l < L && n * L + l < batch; ++l) value[l] = features[(n * L + l) * e.channels + c] * share;
      for (int h = 0; h < e.height; ++h) {
        T* row = dx + ((n * e.height + h) * e.channels + c) * e.width * L;
        for (int w = 0; w < e.width; ++w) vec(row + w * L) = value;
      }
    }
  });
}

struct Window {
  int begin, end;
};
inline Window window(int position, PoolGeometry g, int size) {
  const int first = position * g.stride - g.padding;
  return {first < 0 ? 0 : first, first + g.kernel < size ? first + g.kernel : size};
}

void max_pool(const T* x, int batch, Extent in, PoolGeometry g, Extent out, T* y) {
  over_rows(batch, out.height, [&](int n, int h) {
    const Window rows = window(h, g, in.height);
    for (int c = 0; c < out.channels; ++c) {
      for (int w = 0; w < out.width; ++w) {
        const Window columns = window(w, g, in.width);
        const auto value = [&](int r, int s) {
          return vec(x + (((int64_t{n} * in.height + r) * in.channels + c) * in.width + s) * L);
        };
        V most = value(rows.begin, columns.begin);
        for (int r = rows.begin; r < rows.end; ++r) {
          for (int s = columns.begin; s < columns.end; ++s) {
            const V v = value(r, s);
            most = (v > most) | (v != v) ? v : most;
          }
        }
        vec(y + (((int64_t{n} * out.height + h) * out.channels + c) * out.width + w) * L) = most;
      }
    }
  });
}

// The gradient goes to the first of equal maxima, as in PyTorch. Windows overlap, so one thread does all rows of a channel.
void max_pool_backward(const T* x, const T* y, const T* dy, int batch, Extent in, PoolGeometry g, Extent out, T* dx) {
  over_rows(batch, in.channels, [&](int n, int c) {
    const auto position = [&](Extent e, int r, int s) {
      return (((int64_t{n} * e.height + r) * e.channels + c) * e.width + s) * L;
    };
    for (int r = 0; r < in.height; ++r) {
      for (int s = 0; s < in.width; ++s) vec(dx + position(in, r, s)) = V{};
    }
    for (int h = 0; h < out.height; ++h) {
      const Window rows = window(h, g, in.height);
      for (int w = 0; w < out.width; ++w) {
        const Window columns = window(w, g, in.width);
        const V most = vec(y + position(out, h, w));
        V left = vec(dy + position(out, h, w));
        for (int r = rows.begin; r < rows.end; ++r) {
          for (int s = columns.begin; s < columns.end; ++s) {
            const auto here = vec(x + position(in, r, s)) == most;
            vec(dx + position(in, r, s)) += here ? left : V{};
            left = here ? V{} : left;
          }
        }
      }
    }
  });
}

void zero_padded_backward(const T* dy, int batch, Extent out, Extent in, T* dx) {
  const int added = (out.channels - in.channels) / 2;
  over_rows(batch, in.height, [&](int n, int r) {
    for (int c = 0; c < in.channels; ++c) {
      T* to = dx + ((int64_t{n} * in.height + r) * in.channels + c) * in.width * L;
      const T* from = dy + ((int64_t{n} * out.height + r / 2) * out.channels + c + added) * out.width * L;
      for (int s = 0; s < in.width; ++s) vec(to + s * L) = r % 2 == 0 && s % 2 == 0 ? vec(from + (s / 2) * L) : V{};
    }
  });
}

void clear_odd(T* x, int batch, Extent e) {
  over_rows(batch, e.height, [&](int n, int r) {
    T* const row = row_of(x, e, n, r);
    for (int c = 0; c < e.channels; ++c) {
      for (int w = r % 2 == 0 ? 1 : 0; w < e.width; w += r % 2 == 0 ? 2 : 1)
        vec(row + (int64_t{c} * e.width + w) * L) = V{};
    }
  });
}

// `count` is a multiple of L.
void add(const T* from, int64_t count, T* to) {
  constexpr int64_t kChunk = 64 * 1024;
  run_parallel((count + kChunk - 1) / kChunk, [&](int64_t chunk) {
    const int64_t end = (chunk + 1) * kChunk < count ? (chunk + 1) * kChunk : count;
    for (int64_t i = chunk * kChunk; i < end; i += L) vec(to + i) += vec(from + i);
  });
}

}  // namespace
}  // namespace COPPICE_VARIANT
}  // namespace coppice::sparse
