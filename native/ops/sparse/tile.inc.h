// One tile of the sparse convolution and of its weight gradient, in the layout of types.h.
//
// One output tile is held in registers while the list of live weights of a channel runs past it: every access is one aligned
// vector, and the epilogue (statistics, ReLU mask, normalisation) works on the registers before anything is stored. A tile is
// `Rows` x `Width` positions. What it reads beyond the left or right edge is known when it is compiled and left out; rows beyond
// the top or bottom shorten the ranges of the list, which is sorted by row tap.
//
// Source     Gale et al., "Sparse GPU kernels for deep learning" (2020), for streaming a list of weights past registers; the layout
//            and the tiles are this project's (docs/explanation/sparse-engine.md)
// Cost       one multiplication and one load for each live weight and position inside of the image

#include "passes.inc.h"

namespace coppice::sparse {
namespace COPPICE_VARIANT {
namespace {

template <int K>
struct Index {
  constexpr operator int() const { return K; }
};

// f(Index<0>), f(Index<1>) … : a loop whose counter is a constant, so that arrays indexed by it stay in registers.
template <int Count, int From = 0, class F>
COPPICE_INLINE inline void each(const F& f) {
  if constexpr (From < Count) {
    f(Index<From>{});
    each<Count, From + 1>(f);
  }
}

// What happens to a tile between the sums and the store.
struct Finish {
  const EpilogueArguments<P>* epilogue;
  T* stats;    // of this part
  bool first;  // the part's first tile: shifts are taken from it
  bool tail;   // the block has lanes past the end of the batch
  V mask;      // 1 in lanes of real samples
};

// `v`: values of channel o, the k-th at `at(k)` of the output tensor.
template <int Count, class At>
COPPICE_INLINE inline void finish(V* v, int o, const Finish& f, const At& at) {
  const EpilogueArguments<P>& e = *f.epilogue;
  switch (e.kind) {
    case Epilogue::kNone:
      return;
    case Epilogue::kStats: {
      T* const stats = f.stats + L + int64_t{o} * 3 * L;
      if (f.first) {
        vec(stats) = v[0];
        vec(stats + L) = vec(stats + 2 * L) = V{};
      }
      const V shift = vec(stats) * f.mask;  // a lane past the end of the batch stays zero
      V sum{}, squares{};
      each<Count>([&](auto k) COPPICE_INLINE {
        const V d = v[k] - shift;
        sum += d;
        squares += d * d;
      });
      vec(stats + L) += sum;
      vec(stats + 2 * L) += squares;
      return;
    }
    case Epilogue::kMaskFromZ:
    case Epilogue::kMaskFromY: {
      T* const stats = f.stats + int64_t{o} * 2 * L;
      if (f.first) vec(stats) = vec(stats + L) = V{};
      const T mean = e.mean[o];
      V sum{}, product{};
      if (e.kind == Epilogue::kMaskFromZ) {
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
      return;
    }
    case Epilogue::kAffine:
    case Epilogue::kAffineRelu:
    case Epilogue::kAffineAddRelu: {
      const T scale = e.scale[o], bias = e.bias[o];
      each<Count>([&](auto k) COPPICE_INLINE { v[k] = v[k] * scale + bias; });
      if (e.kind == Epilogue::kAffineAddRelu) {
        each<Count>([&](auto k) COPPICE_INLINE { v[k] += load(e.other + at(k)); });
      }
      if (e.kind != Epilogue::kAffine) {
        each<Count>([&](auto k) COPPICE_INLINE { v[k] = relu(v[k]); });
      }
      if (f.tail) {
        each<Count>([&](auto k) COPPICE_INLINE { v[k] *= f.mask; });
      }
      return;
    }
  }
}

// A tile's place and what it needs. Strides in elements.
struct Tile {
  const Stored* x;  // input row of the tile's first row, column of its first position, channel 0
  int64_t x_row;
  Stored* y;
  int64_t y_at;  // of y[0] in the output tensor
  int64_t y_row, y_column, y_channel;
  int first_row_tap, end_row_tap;  // those inside of the image, as indices of the pattern's row taps
  int first_column,
      columns;         // for a position of unknown place: the input's column of tap 0, and how many columns there are
  const Stored* next;  // what the next tile will read first, or null
  int64_t next_step;   // of it, for each output channel
};

// The positions and edges of a tile. Left, Right, Top, Bottom: whether it touches that edge of the image.
template <int Stride_, int FirstDc, int Columns_, int FirstDr, int RowTaps_, int Rows_, int Width_, bool Left,
          bool Right, bool Top, bool Bottom>
struct Shape {
  static constexpr int Stride = Stride_, Columns = Columns_, RowTaps = RowTaps_, Rows = Rows_, Width = Width_;
  static constexpr int first_column_tap = FirstDc, first_row_tap = FirstDr;
  static constexpr int Count = Rows * Width;
  static constexpr bool static_rows = Rows > 1 && RowTaps > 1 && (Top || Bottom);
  // Whether position (r, i) reads a pixel through taps (Dr, Dc); EveryRow: rows outside are left out of the list instead.
  template <int Dc, int Dr, bool EveryRow>
  static constexpr bool inside(int i, int r) {
    const int row = Stride * r + Dr, column = Stride * i + Dc;
    const bool in_row = !(Left && column < 0) && !(Right && column > Stride * Width - 1);
    const bool in_column = !(Top && row < 0) && !(Bottom && row > Stride * Rows - 1);
    return in_row && (EveryRow || in_column);
  }
};

inline void prefetch_next(const Tile& t, int o) {
  if (t.next == nullptr) return;
  const char* const from = reinterpret_cast<const char*>(t.next + o * t.next_step);
  for (int64_t b = 0; b < t.next_step * int64_t{sizeof(Stored)}; b += 64) __builtin_prefetch(from + b, 0, 2);
}

// Fetches what the store and the epilogue of a later channel will touch.
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

// Adds the weights of one column tap: of all row taps inside of the image (EveryRow), or of row tap Dr.
template <class S, int Dc, int Dr, bool EveryRow>
COPPICE_INLINE inline void convolve_run(V* sums, const Tile& t, const Entry<T>* e, const Entry<T>* last) {
  for (; e != last; ++e) {
    const Weight weight = broadcast(e->weight);
    const Stored* const x = t.x + e->offset;
    each<S::Count>([&](auto k) COPPICE_INLINE {
      constexpr int i = k % S::Width, r = k / S::Width;
      if constexpr (S::template inside<Dc, Dr, EveryRow>(i, r)) {
        multiply_add(sums[k], weight, x + r * t.x_row + (S::Stride * i + Dc) * L);
      }
    });
  }
}

template <class S>
__attribute__((noinline)) void convolve_tile(const Tile& t, const PatternView<T>& p, bool accumulate, const Finish& f) {
  constexpr int groups = S::Columns * S::RowTaps;
  for (int o = 0; o < p.rows; ++o) {
    prefetch_next(t, o);
    Stored* const y = t.y + o * t.y_channel;
    const auto at = [&](int k) COPPICE_INLINE { return (k / S::Width) * t.y_row + (k % S::Width) * t.y_column; };
    prefetch_output<S>(t, o, p.rows, *f.epilogue, at);
    const int32_t* const start = p.start + int64_t{o} * groups;
    V sums[S::Count];
    if (accumulate) {
      each<S::Count>([&](auto k) COPPICE_INLINE { sums[k] = load(y + at(k)); });
    } else {
      each<S::Count>([&](auto k) COPPICE_INLINE { sums[k] = V{}; });
    }
    each<S::Columns>([&](auto g) COPPICE_INLINE {
      constexpr int dc = S::first_column_tap + g;
      if constexpr (!S::static_rows) {
        const int from = start[g * S::RowTaps + t.first_row_tap], to = start[g * S::RowTaps + t.end_row_tap];
        convolve_run<S, dc, 0, true>(sums, t, p.entries + from, p.entries + to);
      } else {
        each<S::RowTaps>([&](auto h) COPPICE_INLINE {
          const int from = start[g * S::RowTaps + h], to = start[g * S::RowTaps + h + 1];
          convolve_run<S, dc, S::first_row_tap + h, false>(sums, t, p.entries + from, p.entries + to);
        });
      }
    });
    const int64_t base = t.y_at + o * t.y_channel;
    finish<S::Count>(sums, o, f, [&](int k) COPPICE_INLINE { return base + at(k); });
    each<S::Count>([&](auto k) COPPICE_INLINE { store(y + at(k), sums[k]); });
  }
}

// One position anywhere, edges found as it runs: for shapes without a tile of their own.
inline void convolve_position(const Tile& t, const PatternView<T>& p, bool accumulate, const Finish& f) {
  const int groups = p.column_taps * p.row_taps;
  for (int o = 0; o < p.rows; ++o) {
    Stored* const y = t.y + o * t.y_channel;
    const int32_t* const start = p.start + int64_t{o} * groups;
    V sum = accumulate ? load(y) : V{};
    for (int g = 0; g < p.column_taps; ++g) {
      const int dc = p.first_column_tap + g;
      if (t.first_column + dc < 0 || t.first_column + dc >= t.columns) continue;
      const Entry<T>* const last = p.entries + start[g * p.row_taps + t.end_row_tap];
      for (const Entry<T>* e = p.entries + start[g * p.row_taps + t.first_row_tap]; e != last; ++e) {
        multiply_add(sum, broadcast(e->weight), t.x + e->offset + dc * L);
      }
    }
    const int64_t base = t.y_at + o * t.y_channel;
    finish<1>(&sum, o, f, [&](int) COPPICE_INLINE { return base; });
    store(y, sum);
  }
}

// Sums of the lanes of four vectors.
typedef T Four __attribute__((vector_size(4 * sizeof(T))));

inline T lane_sum(Partial v) {
  constexpr int lanes = sizeof(Partial) / sizeof(T);
  alignas(Partial) T sums[lanes];
  *reinterpret_cast<Partial*>(sums) = v;
  for (int width = lanes / 2; width > 0; width /= 2) {
    for (int l = 0; l < width; ++l) sums[l] += sums[l + width];
  }
  return sums[0];
}

#if defined(COPPICE_TILES) && defined(__has_builtin)
#if __has_builtin(__builtin_shufflevector)
#define COPPICE_SHUFFLES
#endif
#endif

#ifdef COPPICE_SHUFFLES
COPPICE_INLINE inline Four halved(Partial v) {
  constexpr int lanes = sizeof(Partial) / sizeof(T);
  if constexpr (lanes == 16) {
    const auto eight = __builtin_shufflevector(v, v, 0, 1, 2, 3, 4 % lanes, 5 % lanes, 6 % lanes, 7 % lanes) +
                       __builtin_shufflevector(v, v, 8 % lanes, 9 % lanes, 10 % lanes, 11 % lanes, 12 % lanes,
                                               13 % lanes, 14 % lanes, 15 % lanes);
    return __builtin_shufflevector(eight, eight, 0, 1, 2, 3) + __builtin_shufflevector(eight, eight, 4, 5, 6, 7);
  } else if constexpr (lanes == 8) {
    return __builtin_shufflevector(v, v, 0, 1, 2, 3) +
           __builtin_shufflevector(v, v, 4 % lanes, 5 % lanes, 6 % lanes, 7 % lanes);
  } else {
    return __builtin_shufflevector(v, v, 0, 1, 2, 3);
  }
}
#endif

COPPICE_INLINE inline Four lane_sums(Partial a, Partial b, Partial c, Partial d) {
#ifdef COPPICE_SHUFFLES
  if constexpr (sizeof(Partial) >= sizeof(Four)) {
    const Four p = halved(a), q = halved(b), r = halved(c), s = halved(d);
    const Four pq = __builtin_shufflevector(p, q, 0, 4, 1, 5) + __builtin_shufflevector(p, q, 2, 6, 3, 7);
    const Four rs = __builtin_shufflevector(r, s, 0, 4, 1, 5) + __builtin_shufflevector(r, s, 2, 6, 3, 7);
    return __builtin_shufflevector(pq, rs, 0, 1, 4, 5) + __builtin_shufflevector(pq, rs, 2, 3, 6, 7);
  }
#endif
  return Four{lane_sum(a), lane_sum(b), lane_sum(c), lane_sum(d)};
}

// Four weights at a time: their four chains of additions hide each other's latency.
template <class S, int Dc, int Dr, bool EveryRow>
COPPICE_INLINE inline void gradient_run(const Held* dy, const Tile& t, const Entry<T>* e, const Entry<T>* last, T* g) {
  for (; last - e >= 4; e += 4, g += 4) {
    Partial a{}, b{}, c{}, d{};
    const Stored *const xa = t.x + e[0].offset, *const xb = t.x + e[1].offset, *const xc = t.x + e[2].offset,
                        *const xd = t.x + e[3].offset;
    each<S::Count>([&](auto k) COPPICE_INLINE {
      constexpr int i = k % S::Width, r = k / S::Width;
      if constexpr (S::template inside<Dc, Dr, EveryRow>(i, r)) {
        const int64_t at = r * t.x_row + (S::Stride * i + Dc) * L;
        accumulate_product(a, dy[k], xa + at);
        accumulate_product(b, dy[k], xb + at);
        accumulate_product(c, dy[k], xc + at);
        accumulate_product(d, dy[k], xd + at);
      }
    });
    const Four sums = lane_sums(a, b, c, d);
    for (int j = 0; j < 4; ++j) g[j] += sums[j];
  }
  for (; e != last; ++e, ++g) {
    Partial sums[4] = {};
    const Stored* const x = t.x + e->offset;
    each<S::Count>([&](auto k) COPPICE_INLINE {
      constexpr int i = k % S::Width, r = k / S::Width;
      if constexpr (S::template inside<Dc, Dr, EveryRow>(i, r))
        accumulate_product(sums[k % 4], dy[k], x + r * t.x_row + (S::Stride * i + Dc) * L);
    });
    *g += lane_sum((sums[0] + sums[1]) + (sums[2] + sums[3]));
  }
}

template <class S>
__attribute__((noinline)) void gradient_tile(const Tile& t, const PatternView<T>& p, T* gradient) {
  constexpr int groups = S::Columns * S::RowTaps;
  for (int o = 0; o < p.rows; ++o) {
    prefetch_next(t, o);
    const Stored* const y = t.y + o * t.y_channel;
    if (o + 4 < p.rows) {
      each<S::Count>([&](auto k) COPPICE_INLINE {
        __builtin_prefetch(y + 4 * t.y_channel + (k / S::Width) * t.y_row + (k % S::Width) * t.y_column, 0, 2);
      });
    }
    Held dy[S::Count];
    each<S::Count>([&](auto k)
                       COPPICE_INLINE { dy[k] = held(y + (k / S::Width) * t.y_row + (k % S::Width) * t.y_column); });
    const int32_t* const start = p.start + int64_t{o} * groups;
    each<S::Columns>([&](auto g) COPPICE_INLINE {
      constexpr int dc = S::first_column_tap + g;
      if constexpr (!S::static_rows) {
        const int from = start[g * S::RowTaps + t.first_row_tap], to = start[g * S::RowTaps + t.end_row_tap];
        gradient_run<S, dc, 0, true>(dy, t, p.entries + from, p.entries + to, gradient + from);
      } else {
        each<S::RowTaps>([&](auto h) COPPICE_INLINE {
          const int from = start[g * S::RowTaps + h], to = start[g * S::RowTaps + h + 1];
          gradient_run<S, dc, S::first_row_tap + h, false>(dy, t, p.entries + from, p.entries + to, gradient + from);
        });
      }
    });
  }
}

inline void gradient_position(const Tile& t, const PatternView<T>& p, T* gradient) {
  const int groups = p.column_taps * p.row_taps;
  for (int o = 0; o < p.rows; ++o) {
    const Held dy = held(t.y + o * t.y_channel);
    const int32_t* const start = p.start + int64_t{o} * groups;
    for (int g = 0; g < p.column_taps; ++g) {
      const int dc = p.first_column_tap + g;
      if (t.first_column + dc < 0 || t.first_column + dc >= t.columns) continue;
      const int last = start[g * p.row_taps + t.end_row_tap];
      for (int i = start[g * p.row_taps + t.first_row_tap]; i < last; ++i) {
        Partial product{};
        accumulate_product(product, dy, t.x + p.entries[i].offset + dc * L);
        gradient[i] += lane_sum(product);
      }
    }
  }
}

}  // namespace
}  // namespace COPPICE_VARIANT
}  // namespace coppice::sparse
