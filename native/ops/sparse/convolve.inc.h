// The sparse convolution and its weight gradient, in the layout of types.h. Included by each variant after passes.inc.h.
//
// One output tile is held in registers while the list of live weights of a channel runs past it: every access is one aligned
// vector, and the epilogue (statistics, ReLU mask, normalisation) works on the registers before anything is stored. A tile is
// `Rows` x `Width` positions. What it reads beyond the left or right edge is known when it is compiled and left out; rows beyond
// the top or bottom shorten the ranges of the list, which is sorted by row tap.
//
// Source     Gale et al., "Sparse GPU kernels for deep learning" (2020), for streaming a list of weights past registers; the layout
//            and the tiles are this project's (docs/sparse-engine.md)
// Cost       one multiplication and one load for each live weight and position inside of the image

#define COPPICE_INLINE __attribute__((always_inline))

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
  const EpilogueArguments<T>* epilogue;
  T* stats;    // of this part
  bool first;  // the part's first tile: shifts are taken from it
  bool tail;   // the block has lanes past the end of the batch
  V mask;
};

// `v`: values of channel o, the k-th at `at(k)` of the output tensor.
template <int Count, class At>
COPPICE_INLINE inline void finish(V* v, int o, const Finish& f, const At& at) {
  const EpilogueArguments<T>& e = *f.epilogue;
  switch (e.kind) {
    case Epilogue::kNone:
      return;
    case Epilogue::kStats: {
      T* const stats = f.stats + L + int64_t{o} * 3 * L;
      if (f.first) {
        vec(stats) = v[0];
        vec(stats + L) = vec(stats + 2 * L) = V{};
      }
      const V shift = vec(stats);
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
          const V z = vec(e.z + at(k));
          v[k] = where_positive(z * scale + bias, v[k]);
          sum += v[k];
          product += v[k] * (z - mean);
        });
      } else {
        each<Count>([&](auto k) COPPICE_INLINE {
          v[k] = where_positive(vec(e.other + at(k)), v[k]);
          sum += v[k];
          product += v[k] * (vec(e.z + at(k)) - mean);
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
        each<Count>([&](auto k) COPPICE_INLINE { v[k] += vec(e.other + at(k)); });
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
  const T* x;  // input row of the tile's first row, column of its first position, channel 0
  int64_t x_row;
  T* y;
  int64_t y_at;  // of y[0] in the output tensor
  int64_t y_row, y_column, y_channel;
  int first_row_tap, end_row_tap;  // those inside of the image, as indices of the pattern's row taps
  int first_column,
      columns;        // for a position of unknown place: the input's column of tap 0, and how many columns there are
  const T* next;      // what the next tile will read first, or null
  int64_t next_step;  // of it, for each output channel
};

// The positions and edges of a tile. Left, Right, Top, Bottom: whether it touches that edge of the image.
template <int Stride_, int Dc_, int Columns_, int Dr_, int RowTaps_, int Rows_, int Width_, bool Left, bool Right,
          bool Top, bool Bottom>
struct Shape {
  static constexpr int Stride = Stride_, Dc = Dc_, Columns = Columns_, Dr = Dr_, RowTaps = RowTaps_, Rows = Rows_,
                       Width = Width_;
  static constexpr int Count = Rows * Width;
  static constexpr bool static_rows = Rows > 1 && RowTaps > 1 && (Top || Bottom);
  static constexpr bool column_inside(int i, int dc) {
    return !(Left && Stride * i + dc < 0) && !(Right && Stride * i + dc > Stride * Width - 1);
  }
  static constexpr bool row_inside(int r, int dr) {
    return !(Top && Stride * r + dr < 0) && !(Bottom && Stride * r + dr > Stride * Rows - 1);
  }
};

inline void prefetch_next(const Tile& t, int o) {
  if (t.next == nullptr) return;
  const char* const from = reinterpret_cast<const char*>(t.next + o * t.next_step);
  for (int64_t b = 0; b < t.next_step * int64_t{sizeof(T)}; b += 64) __builtin_prefetch(from + b, 0, 2);
}

template <class S>
__attribute__((noinline)) void convolve_tile(const Tile& t, const PatternView<T>& p, bool accumulate, const Finish& f) {
  constexpr int groups = S::Columns * S::RowTaps;
  const int first = t.first_row_tap, end = t.end_row_tap;
  for (int o = 0; o < p.rows; ++o) {
    prefetch_next(t, o);
    T* const y = t.y + o * t.y_channel;
    const auto at = [&](int k) COPPICE_INLINE { return (k / S::Width) * t.y_row + (k % S::Width) * t.y_column; };
    const int32_t* const start = p.start + int64_t{o} * groups;
    V sums[S::Count];
    if (accumulate) {
      each<S::Count>([&](auto k) COPPICE_INLINE { sums[k] = vec(y + at(k)); });
    } else {
      each<S::Count>([&](auto k) COPPICE_INLINE { sums[k] = V{}; });
    }
    each<S::Columns>([&](auto g) COPPICE_INLINE {
      constexpr int dc = S::Dc + g;
      if constexpr (!S::static_rows) {
        const Entry<T>* const last = p.entries + start[g * S::RowTaps + end];
        for (const Entry<T>* e = p.entries + start[g * S::RowTaps + first]; e != last; ++e) {
          const T weight = e->weight;
          const T* const x = t.x + e->offset;
          each<S::Count>([&](auto k) COPPICE_INLINE {
            constexpr int i = k % S::Width, r = k / S::Width;
            if constexpr (S::column_inside(i, dc)) sums[k] += weight * vec(x + r * t.x_row + (S::Stride * i + dc) * L);
          });
        }
      } else {
        each<S::RowTaps>([&](auto h) COPPICE_INLINE {
          const Entry<T>* const last = p.entries + start[g * S::RowTaps + h + 1];
          for (const Entry<T>* e = p.entries + start[g * S::RowTaps + h]; e != last; ++e) {
            const T weight = e->weight;
            const T* const x = t.x + e->offset;
            each<S::Count>([&](auto k) COPPICE_INLINE {
              constexpr int i = k % S::Width, r = k / S::Width;
              if constexpr (S::column_inside(i, dc) && S::row_inside(r, S::Dr + h)) {
                sums[k] += weight * vec(x + r * t.x_row + (S::Stride * i + dc) * L);
              }
            });
          }
        });
      }
    });
    const int64_t base = t.y_at + o * t.y_channel;
    finish<S::Count>(sums, o, f, [&](int k) COPPICE_INLINE { return base + at(k); });
    each<S::Count>([&](auto k) COPPICE_INLINE { vec(y + at(k)) = sums[k]; });
  }
}

// One position anywhere, edges found as it runs: for shapes without a tile of their own.
inline void convolve_position(const Tile& t, const PatternView<T>& p, bool accumulate, const Finish& f) {
  const int groups = p.column_taps * p.row_taps;
  for (int o = 0; o < p.rows; ++o) {
    T* const y = t.y + o * t.y_channel;
    const int32_t* const start = p.start + int64_t{o} * groups;
    V sum = accumulate ? vec(y) : V{};
    for (int g = 0; g < p.column_taps; ++g) {
      const int dc = p.first_column_tap + g;
      if (t.first_column + dc < 0 || t.first_column + dc >= t.columns) continue;
      const Entry<T>* const last = p.entries + start[g * p.row_taps + t.end_row_tap];
      for (const Entry<T>* e = p.entries + start[g * p.row_taps + t.first_row_tap]; e != last; ++e) {
        sum += e->weight * vec(t.x + e->offset + dc * L);
      }
    }
    const int64_t base = t.y_at + o * t.y_channel;
    finish<1>(&sum, o, f, [&](int) COPPICE_INLINE { return base; });
    vec(y) = sum;
  }
}

// Sums of the lanes of four vectors.
typedef T Four __attribute__((vector_size(4 * sizeof(T))));

inline T lane_sum(V v) {
  T sums[L];
  vec(sums) = v;
  for (int width = L / 2; width > 0; width /= 2) {
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
COPPICE_INLINE inline Four halved(V v) {
  if constexpr (L == 16) {
    const auto eight = __builtin_shufflevector(v, v, 0, 1, 2, 3, 4 % L, 5 % L, 6 % L, 7 % L) +
                       __builtin_shufflevector(v, v, 8 % L, 9 % L, 10 % L, 11 % L, 12 % L, 13 % L, 14 % L, 15 % L);
    return __builtin_shufflevector(eight, eight, 0, 1, 2, 3) + __builtin_shufflevector(eight, eight, 4, 5, 6, 7);
  } else if constexpr (L == 8) {
    return __builtin_shufflevector(v, v, 0, 1, 2, 3) + __builtin_shufflevector(v, v, 4 % L, 5 % L, 6 % L, 7 % L);
  } else {
    return __builtin_shufflevector(v, v, 0, 1, 2, 3);
  }
}
#endif

COPPICE_INLINE inline Four lane_sums(V a, V b, V c, V d) {
#ifdef COPPICE_SHUFFLES
  if constexpr (L >= 4) {
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
COPPICE_INLINE inline void gradient_run(const V* dy, const Tile& t, const Entry<T>* e, const Entry<T>* last, T* g) {
  const auto used = [](int i, int r) constexpr {
    return S::column_inside(i, Dc) && (EveryRow || S::row_inside(r, Dr));
  };
  for (; last - e >= 4; e += 4, g += 4) {
    V a{}, b{}, c{}, d{};
    const T *const xa = t.x + e[0].offset, *const xb = t.x + e[1].offset, *const xc = t.x + e[2].offset,
                   *const xd = t.x + e[3].offset;
    each<S::Count>([&](auto k) COPPICE_INLINE {
      constexpr int i = k % S::Width, r = k / S::Width;
      if constexpr (used(i, r)) {
        const int64_t at = r * t.x_row + (S::Stride * i + Dc) * L;
        a += dy[k] * vec(xa + at);
        b += dy[k] * vec(xb + at);
        c += dy[k] * vec(xc + at);
        d += dy[k] * vec(xd + at);
      }
    });
    const Four sums = lane_sums(a, b, c, d);
    for (int j = 0; j < 4; ++j) g[j] += sums[j];
  }
  for (; e != last; ++e, ++g) {
    V sums[4] = {};
    const T* const x = t.x + e->offset;
    each<S::Count>([&](auto k) COPPICE_INLINE {
      constexpr int i = k % S::Width, r = k / S::Width;
      if constexpr (used(i, r)) sums[k % 4] += dy[k] * vec(x + r * t.x_row + (S::Stride * i + Dc) * L);
    });
    *g += lane_sum((sums[0] + sums[1]) + (sums[2] + sums[3]));
  }
}

template <class S>
__attribute__((noinline)) void gradient_tile(const Tile& t, const PatternView<T>& p, T* gradient) {
  constexpr int groups = S::Columns * S::RowTaps;
  for (int o = 0; o < p.rows; ++o) {
    prefetch_next(t, o);
    const T* const y = t.y + o * t.y_channel;
    if (o + 4 < p.rows) {
      each<S::Count>([&](auto k) COPPICE_INLINE {
        __builtin_prefetch(y + 4 * t.y_channel + (k / S::Width) * t.y_row + (k % S::Width) * t.y_column, 0, 2);
      });
    }
    V dy[S::Count];
    each<S::Count>([&](auto k)
                       COPPICE_INLINE { dy[k] = vec(y + (k / S::Width) * t.y_row + (k % S::Width) * t.y_column); });
    const int32_t* const start = p.start + int64_t{o} * groups;
    each<S::Columns>([&](auto g) COPPICE_INLINE {
      constexpr int dc = S::Dc + g;
      if constexpr (!S::static_rows) {
        const int from = start[g * S::RowTaps + t.first_row_tap], to = start[g * S::RowTaps + t.end_row_tap];
        gradient_run<S, dc, 0, true>(dy, t, p.entries + from, p.entries + to, gradient + from);
      } else {
        each<S::RowTaps>([&](auto h) COPPICE_INLINE {
          const int from = start[g * S::RowTaps + h], to = start[g * S::RowTaps + h + 1];
          gradient_run<S, dc, S::Dr + h, false>(dy, t, p.entries + from, p.entries + to, gradient + from);
        });
      }
    });
  }
}

inline void gradient_position(const Tile& t, const PatternView<T>& p, T* gradient) {
  const int groups = p.column_taps * p.row_taps;
  for (int o = 0; o < p.rows; ++o) {
    const V dy = vec(t.y + o * t.y_channel);
    const int32_t* const start = p.start + int64_t{o} * groups;
    for (int g = 0; g < p.column_taps; ++g) {
      const int dc = p.first_column_tap + g;
      if (t.first_column + dc < 0 || t.first_column + dc >= t.columns) continue;
      const int last = start[g * p.row_taps + t.end_row_tap];
      for (int i = start[g * p.row_taps + t.first_row_tap]; i < last; ++i) {
        gradient[i] += lane_sum(dy * vec(t.x + p.entries[i].offset + dc * L));
      }
    }
  }
}

// The functions for one shape of tile; gradient is null where none is needed.
struct TileCode {
  void (*convolve)(const Tile&, const PatternView<T>&, bool, const Finish&);
  void (*gradient)(const Tile&, const PatternView<T>&, T*);
};

// Tiles of one kind of convolution.
struct TileTable {
  static constexpr int kWidths = 4;
  int widths[kWidths];          // in the order in which a row is cut; 0: no further
  TileCode strips[kWidths][4];  // [width][touches the left edge + 2 * touches the right edge]
  int whole_size[2];            // maps that have tiles of several rows: 4x4 and 8x8, or 0
  TileCode maps[2][3];          // their tiles from top to bottom
  int map_rows[2][3];           // and how many rows each has
};

template <class S, bool Gradient>
constexpr TileCode code() {
  if constexpr (Gradient) {
    return {convolve_tile<S>, gradient_tile<S>};
  } else {
    return {convolve_tile<S>, nullptr};
  }
}

// Stride, first column tap, column taps, first row tap, row taps; and whether its weight gradient is wanted.
template <int St, int Dc, int Cols, int Dr, int Taps, bool Gradient>
struct Family {
  // Beyond the right edge reaches only what has stride 1: with stride 2 the last tap is at most the last column.
  static constexpr bool left = Dc < 0, right = St == 1 && Dc + Cols - 1 > 0;
  static constexpr bool top = Dr < 0, bottom = St == 1 && Dr + Taps - 1 > 0;

  template <int Width, bool AtLeft, bool AtRight>
  static constexpr TileCode strip() {
    return code<Shape<St, Dc, Cols, Dr, Taps, 1, Width, left && AtLeft, right && AtRight, false, false>, Gradient>();
  }
  template <int Rows, int Width, bool AtTop, bool AtBottom>
  static constexpr TileCode map() {
    return code<Shape<St, Dc, Cols, Dr, Taps, Rows, Width, left, right, top && AtTop, bottom && AtBottom>, Gradient>();
  }
  template <int Width>
  static constexpr void set_strips(TileCode (&to)[4]) {
    to[0] = strip<Width, false, false>();
    to[1] = strip<Width, true, false>();
    to[2] = strip<Width, false, true>();
    to[3] = strip<Width, true, true>();
  }
  static constexpr TileTable table() {
    TileTable t{};
    if constexpr (L == 16) {
      t.widths[0] = 16, t.widths[1] = 8, t.widths[2] = 7, t.widths[3] = 4;
      set_strips<16>(t.strips[0]);
      set_strips<8>(t.strips[1]);
      set_strips<7>(t.strips[2]);
      set_strips<4>(t.strips[3]);
      t.whole_size[0] = 4, t.whole_size[1] = 8;
      t.maps[0][0] = map<4, 4, true, true>(), t.map_rows[0][0] = 4;
      t.maps[1][0] = map<3, 8, true, false>(), t.map_rows[1][0] = 3;
      t.maps[1][1] = map<2, 8, false, false>(), t.map_rows[1][1] = 2;
      t.maps[1][2] = map<3, 8, false, true>(), t.map_rows[1][2] = 3;
    } else {
      t.widths[0] = 8, t.widths[1] = 7, t.widths[2] = 4;
      set_strips<8>(t.strips[0]);
      set_strips<7>(t.strips[1]);
      set_strips<4>(t.strips[2]);
      t.whole_size[0] = 4;
      t.maps[0][0] = map<2, 4, true, false>(), t.map_rows[0][0] = 2;
      t.maps[0][1] = map<2, 4, false, true>(), t.map_rows[0][1] = 2;
    }
    return t;
  }
};

// The tiles for a pattern on a grid of that width, or null: then every position is found on its own.
inline const TileTable* tiles_for([[maybe_unused]] const PatternView<T>& p, [[maybe_unused]] int grid_width,
                                  [[maybe_unused]] int in_width, [[maybe_unused]] bool gradient) {
#ifdef COPPICE_TILES
  // Edges are known beforehand only where a grid covers its input exactly.
  if (grid_width * p.stride != in_width) return nullptr;
  static constexpr TileTable same3 = Family<1, -1, 3, -1, 3, true>::table(),
                             half3 = Family<2, -1, 3, -1, 3, true>::table(),
                             same1 = Family<1, 0, 1, 0, 1, true>::table(), half1 = Family<2, 0, 1, 0, 1, true>::table(),
                             right2 = Family<1, 0, 2, 0, 1, false>::table(),
                             below2 = Family<1, 0, 1, 0, 2, false>::table(),
                             corner4 = Family<1, 0, 2, 0, 2, false>::table();
  const int c0 = p.first_column_tap, c = p.column_taps, r0 = p.first_row_tap, r = p.row_taps;
  if (c0 == -1 && c == 3 && r0 == -1 && r == 3) return p.stride == 1 ? &same3 : p.stride == 2 ? &half3 : nullptr;
  if (c0 != 0 || r0 != 0 || p.stride > 2) return nullptr;
  if (c == 1 && r == 1) return p.stride == 1 ? &same1 : &half1;
  if (gradient || p.stride != 1) return nullptr;
  if (c == 2 && r == 1) return &right2;
  if (c == 1 && r == 2) return &below2;
  if (c == 2 && r == 2) return &corner4;
#endif
  return nullptr;
}

// How one grid is cut into tasks: rows of strips, or whole-map tiles.
struct Cut {
  const TileTable* table;
  int map;  // index of the whole-map tiles, or -1
  int tasks;
};

inline Cut cut(const PatternView<T>& p, int height, int width, int in_height, int in_width, bool gradient) {
  const TileTable* const table = tiles_for(p, width, in_width, gradient);
  if (table != nullptr && height == width && height * p.stride == in_height) {
    for (int m = 0; m < 2; ++m) {
      if (table->whole_size[m] != height) continue;
      int tasks = 0;
      while (tasks < 3 && table->map_rows[m][tasks] > 0) ++tasks;
      return {table, m, tasks};
    }
  }
  return {table, -1, height};
}

// Calls f(tile, code or null, rows, positions) for the tiles of one task of one block.
struct Walk {
  PatternView<T> pattern;
  Extent in;
  const T* x;
  T* y;
  Extent out;
  int grid_height, grid_width, step, first_row, first_column;

  template <class F>
  COPPICE_INLINE inline void task(const Cut& c, int64_t block, int task, const F& f) const {
    const PatternView<T>& p = pattern;
    int row = task, rows = 1;
    if (c.map >= 0) {
      row = 0;
      for (int i = 0; i < task; ++i) row += c.table->map_rows[c.map][i];
      rows = c.table->map_rows[c.map][task];
    }
    Tile t{};
    const int64_t in_row = int64_t{in.channels} * in.width * L;
    t.x_row = p.stride * in_row;
    t.y_channel = int64_t{out.width} * L;
    t.y_row = int64_t{step} * out.channels * t.y_channel;
    t.y_column = int64_t{step} * L;
    t.columns = in.width;
    const int top = p.stride * row + p.first_row_tap;  // input row of the first tap of the first row
    t.first_row_tap = rows > 1 || top >= 0 ? 0 : (-top < p.row_taps ? -top : p.row_taps);
    t.end_row_tap = rows > 1 || top + p.row_taps <= in.height ? p.row_taps : in.height - top;
    if (t.end_row_tap < t.first_row_tap) t.end_row_tap = t.first_row_tap;
    const T* const x_row = x + (block * in.height + p.stride * row) * in_row;
    const int64_t y_row = ((block * out.height + first_row + int64_t{step} * row) * out.channels) * t.y_channel;

    // The rows that this task does not read but the next one does, to be fetched while this one computes.
    const int next_row = p.stride * (row + rows - 1) + p.first_row_tap + p.row_taps;
    const int next_rows = p.stride * rows;
    const bool more = next_row >= 0 && next_row + next_rows <= in.height && p.rows > 0;
    const T* const next = more ? x + (block * in.height + next_row) * in_row : nullptr;

    const auto call = [&](int column, int width, const TileCode* code) COPPICE_INLINE {
      t.x = x_row + int64_t{p.stride} * column * L;
      t.y_at = y_row + (first_column + int64_t{step} * column) * L;
      t.y = y + t.y_at;
      t.first_column = p.stride * column;
      if (next != nullptr) {
        const int64_t share = next_rows * in_row * width / grid_width;
        t.next_step = share / p.rows;
        t.next = next + share * (column / width);
      }
      f(t, code, rows * width);
    };
    if (c.map >= 0) return call(0, grid_width, &c.table->maps[c.map][task]);
    int column = 0;
    while (column < grid_width) {
      int choice = -1;
      if (c.table != nullptr) {
        for (int w = 0; w < TileTable::kWidths && choice < 0; ++w) {
          const int width = c.table->widths[w];
          if (width == 0 || column + width > grid_width) continue;
          if (width == 7 && (grid_width % 7 != 0 || grid_width % 8 == 0)) continue;
          if (width > 7 && grid_width % 7 == 0 && grid_width % 8 != 0) continue;
          choice = w;
        }
      }
      if (choice < 0) {
        t.next = nullptr;
        call(column, 1, nullptr);
        ++column;
      } else {
        const int width = c.table->widths[choice];
        const int edges = (column == 0 ? 1 : 0) + (column + width == grid_width ? 2 : 0);
        call(column, width, &c.table->strips[choice][edges]);
        column += width;
      }
    }
  }
};

void convolve(const ConvArguments<T>& a) {
  const EpilogueArguments<T>& e = a.epilogue;
  const Cut c = cut(a.pattern, a.grid_height, a.grid_width, a.in.height, a.in.width, false);
  const Walk walk{a.pattern, a.in, a.x, a.y, a.out, a.grid_height, a.grid_width, a.step, a.first_row, a.first_column};
  const int64_t tasks = int64_t{blocks_of(a.batch, L)} * c.tasks;
  const int64_t per_channel = e.kind == Epilogue::kStats ? 3 * L : 2 * L;
  const int64_t stats_of_part = a.pattern.rows * per_channel + (e.kind == Epilogue::kStats ? L : 0);
  const bool sums = e.kind == Epilogue::kStats || e.kind == Epilogue::kMaskFromZ || e.kind == Epilogue::kMaskFromY;
  const int parts = sums ? kStatParts : int(tasks < 256 ? tasks : 256);
  over_parts(parts, tasks, [&](int part, int64_t begin, int64_t end) {
    T* const stats = sums ? e.stats + part * stats_of_part : nullptr;
    if (sums && begin == end) {
      if (e.add_to_stats) return;
      for (int64_t i = 0; i < stats_of_part; ++i) stats[i] = T(0);
      return;
    }
    if (e.kind == Epilogue::kStats) vec(stats) = V{};
    Finish f{&e, stats, !e.add_to_stats, false, V{}};
    for (int64_t task = begin; task < end; ++task) {
      const int64_t block = task / c.tasks;
      f.tail = is_tail(int(block), a.batch);
      f.mask = lane_mask(int(block), a.batch);
      walk.task(c, block, int(task % c.tasks), [&](const Tile& t, const TileCode* code, int positions) {
        if (e.kind == Epilogue::kStats) vec(stats) += f.mask * T(positions);
        if (code != nullptr) {
          code->convolve(t, a.pattern, a.accumulate, f);
        } else {
          convolve_position(t, a.pattern, a.accumulate, f);
        }
        f.first = false;
      });
    }
  });
}

void weight_gradient(const WeightGradientArguments<T>& a) {
  const PatternView<T>& p = a.pattern;
  const Cut c = cut(p, a.out.height, a.out.width, a.in.height, a.in.width, true);
  // Only read: a walk is the same for both directions.
  const Walk walk{p, a.in, a.x, const_cast<T*>(a.dy), a.out, a.out.height, a.out.width, 1, 0, 0};
  const int64_t tasks = int64_t{blocks_of(a.batch, L)} * c.tasks;
  const int64_t entries = p.start[int64_t{p.rows} * p.column_taps * p.row_taps];
  over_parts(kGradientParts, tasks, [&](int part, int64_t begin, int64_t end) {
    T* const gradient = a.parts + part * a.part_stride;
    for (int64_t i = 0; i < entries; ++i) gradient[i] = T(0);
    for (int64_t task = begin; task < end; ++task) {
      walk.task(c, task / c.tasks, int(task % c.tasks), [&](const Tile& t, const TileCode* code, int) {
        if (code != nullptr) {
          code->gradient(t, p, gradient);
        } else {
          gradient_position(t, p, gradient);
        }
      });
    }
  });
}

constexpr Kernels<T> kTable{COPPICE_NAME,
                            L,
                            convolve,
                            weight_gradient,
                            apply,
                            apply_backward,
                            mask_sums,
                            pack,
                            global_mean,
                            global_mean_backward,
                            max_pool,
                            max_pool_backward,
                            zero_padded_backward,
                            clear_odd,
                            add};

}  // namespace
}  // namespace COPPICE_VARIANT
}  // namespace coppice::sparse
