// Everything but the convolutions, in the layout of types.h. Included once by each variant, after its vectors (vector.inc.h).
#include "types.h"

namespace coppice::sparse {
namespace COPPICE_VARIANT {
namespace {

// 1 in lanes of real samples, 0 in those past the end of the batch.
inline V lane_mask(int block, int batch) {
  V mask{};
  for (int l = 0; l < L; ++l) mask[l] = block * L + l < batch ? T(1) : T(0);
  return mask;
}
inline bool is_tail(int block, int batch) { return (block + 1) * L > batch; }

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

template <Residual R>
void apply_row(const ApplyArguments<P>& a, int n, int h) {
  const int C = a.extent.channels, W = a.extent.width;
  const V mask = lane_mask(n, a.batch);
  const bool tail = is_tail(n, a.batch);
  const int added = (C - a.other_extent.channels) / 2;
  int64_t i = (int64_t{n} * a.extent.height + h) * C * W * L;
  for (int c = 0; c < C; ++c) {
    const T scale = a.scale[c], bias = a.bias[c];
    const T other_scale = R == Residual::kNormalized ? a.other_scale[c] : T(0);
    const T other_bias = R == Residual::kNormalized ? a.other_bias[c] : T(0);
    const Stored* sampled = nullptr;
    if (R == Residual::kZeroPadded && c >= added && c < added + a.other_extent.channels) {
      const Extent from = a.other_extent;
      sampled = a.other + ((int64_t{n} * from.height + 2 * h) * from.channels + (c - added)) * from.width * L;
    }
    for (int w = 0; w < W; ++w, i += L) {
      V v = load(a.z + i) * scale + bias;
      if constexpr (R == Residual::kIdentity) v += load(a.other + i);
      if constexpr (R == Residual::kNormalized) v += load(a.other + i) * other_scale + other_bias;
      if constexpr (R == Residual::kZeroPadded) {
        if (sampled != nullptr) v += load(sampled + 2 * w * L);
      }
      v = relu(v);
      if (tail) v *= mask;
      store(a.y + i, v);
    }
  }
}

template <Residual R>
void apply_with(const ApplyArguments<P>& a) {
  over_rows(a.batch, a.extent.height, [&](int n, int h) { apply_row<R>(a, n, h); });
}

void apply(const ApplyArguments<P>& a) {
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

void apply_backward(const ApplyBackwardArguments<P>& a) {
  const int C = a.extent.channels, H = a.extent.height, W = a.extent.width;
  over_rows(a.batch, H, [&](int n, int h) {
    const V mask = lane_mask(n, a.batch);
    const bool tail = is_tail(n, a.batch);
    int64_t i = (int64_t{n} * H + h) * C * W * L;
    for (int c = 0; c < C; ++c) {
      const T p = a.p[c], q = a.q[c], r = a.r[c], mean = a.mean[c];
      for (int w = 0; w < W; ++w, i += L) {
        V v = load(a.dy + i) * p + ((load(a.z + i) - mean) * q + r);
        if (tail) v *= mask;
        store(a.dz + i, v);
      }
    }
  });
}

void mask_sums(const MaskSumsArguments<P>& a) {
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
      for (int l = 0; l < L; ++l) {
        const int sample = n * L + l;
        Stored* to = x + ((int64_t{n} * e.height + h) * e.channels + c) * e.width * L + lane_at(l);
        if (sample >= batch) {
          for (int w = 0; w < e.width; ++w) to[w * L] = stored(T(0));
          continue;
        }
        const T* from = images + ((int64_t{sample} * e.channels + c) * e.height + h) * e.width;
        for (int w = 0; w < e.width; ++w) to[w * L] = stored(from[w]);
      }
    }
  });
}

void global_mean(const Stored* x, int batch, Extent e, T* features) {
  const T share = T(1) / T(e.height * e.width);
  over_rows(batch, 1, [&](int block, int) {
    const int64_t n = block;
    for (int c = 0; c < e.channels; ++c) {
      V sum{};
      for (int h = 0; h < e.height; ++h) {
        const Stored* row = x + ((n * e.height + h) * e.channels + c) * e.width * L;
        V of_row{};  // a sum of sums: fewer roundings in a row
        for (int w = 0; w < e.width; ++w) of_row += load(row + w * L);
        sum += of_row;
      }
      for (int l = 0; l < L && n * L + l < batch; ++l) features[(n * L + l) * e.channels + c] = sum[l] * share;
    }
  });
}

void global_mean_backward(const T* features, int batch, Extent e, Stored* dx) {
  const T share = T(1) / T(e.height * e.width);
  over_rows(batch, 1, [&](int block, int) {
    const int64_t n = block;
    for (int c = 0; c < e.channels; ++c) {
      V value{};
      for (int l = 0; l < L && n * L + l < batch; ++l) value[l] = features[(n * L + l) * e.channels + c] * share;
      for (int h = 0; h < e.height; ++h) {
        Stored* row = dx + ((n * e.height + h) * e.channels + c) * e.width * L;
        for (int w = 0; w < e.width; ++w) store(row + w * L, value);
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

void max_pool(const Stored* x, int batch, Extent in, PoolGeometry g, Extent out, Stored* y) {
  over_rows(batch, out.height, [&](int n, int h) {
    const Window rows = window(h, g, in.height);
    for (int c = 0; c < out.channels; ++c) {
      for (int w = 0; w < out.width; ++w) {
        const Window columns = window(w, g, in.width);
        const auto value = [&](int r, int s) {
          return load(x + (((int64_t{n} * in.height + r) * in.channels + c) * in.width + s) * L);
        };
        V most = value(rows.begin, columns.begin);
        for (int r = rows.begin; r < rows.end; ++r) {
          for (int s = columns.begin; s < columns.end; ++s) {
            most = larger(most, value(r, s));
          }
        }
        store(y + (((int64_t{n} * out.height + h) * out.channels + c) * out.width + w) * L, most);
      }
    }
  });
}

// The gradient goes to the first of equal maxima, as in PyTorch. Windows overlap, so one thread does all rows of a channel.
void max_pool_backward(const Stored* x, const Stored* y, const Stored* dy, int batch, Extent in, PoolGeometry g,
                       Extent out, Stored* dx) {
  over_rows(batch, in.channels, [&](int n, int c) {
    const auto position = [&](Extent e, int r, int s) {
      return (((int64_t{n} * e.height + r) * e.channels + c) * e.width + s) * L;
    };
    for (int r = 0; r < in.height; ++r) {
      for (int s = 0; s < in.width; ++s) store(dx + position(in, r, s), V{});
    }
    for (int h = 0; h < out.height; ++h) {
      const Window rows = window(h, g, in.height);
      for (int w = 0; w < out.width; ++w) {
        const Window columns = window(w, g, in.width);
        const V most = load(y + position(out, h, w));
        V left = load(dy + position(out, h, w));
        for (int r = rows.begin; r < rows.end; ++r) {
          for (int s = columns.begin; s < columns.end; ++s) {
            Stored* const to = dx + position(in, r, s);
            store(to, load(to) + take_where_equal(load(x + position(in, r, s)), most, left));
          }
        }
      }
    }
  });
}

void zero_padded_backward(const Stored* dy, int batch, Extent out, Extent in, Stored* dx) {
  const int added = (out.channels - in.channels) / 2;
  over_rows(batch, in.height, [&](int n, int r) {
    for (int c = 0; c < in.channels; ++c) {
      Stored* to = dx + ((int64_t{n} * in.height + r) * in.channels + c) * in.width * L;
      const Stored* from = dy + ((int64_t{n} * out.height + r / 2) * out.channels + c + added) * out.width * L;
      for (int s = 0; s < in.width; ++s) store(to + s * L, r % 2 == 0 && s % 2 == 0 ? load(from + (s / 2) * L) : V{});
    }
  });
}

void clear_odd(Stored* x, int batch, Extent e) {
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
  constexpr int64_t kChunk = 64 * 1024;
  run_parallel((count + kChunk - 1) / kChunk, [&](int64_t chunk) {
    const int64_t end = (chunk + 1) * kChunk < count ? (chunk + 1) * kChunk : count;
    for (int64_t i = chunk * kChunk; i < end; i += L) store(to + i, load(to + i) + load(from + i));
  });
}

}  // namespace
}  // namespace COPPICE_VARIANT
}  // namespace coppice::sparse
