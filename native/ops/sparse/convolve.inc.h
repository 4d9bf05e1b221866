// The sparse convolution and its weight gradient: which tiles there are, how a grid is cut into them, and the loops over them.
// Included by each variant; what comes before is its vectors, vector.inc.h.
#include "tile.inc.h"

namespace coppice::sparse {
namespace COPPICE_VARIANT {
namespace {

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
  const Stored* x;
  Stored* y;
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
    const Stored* const x_row = x + (block * in.height + p.stride * row) * in_row;
    const int64_t y_row = ((block * out.height + first_row + int64_t{step} * row) * out.channels) * t.y_channel;

    // The rows that this task does not read but the next one does, to be fetched while this one computes.
    const int next_row = p.stride * (row + rows - 1) + p.first_row_tap + p.row_taps;
    const int next_rows = p.stride * rows;
    const bool more = next_row >= 0 && next_row + next_rows <= in.height && p.rows > 0;
    const Stored* const next = more ? x + (block * in.height + next_row) * in_row : nullptr;

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

void convolve(const ConvArguments<P>& a) {
  const EpilogueArguments<P>& e = a.epilogue;
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

void weight_gradient(const WeightGradientArguments<P>& a) {
  const PatternView<T>& p = a.pattern;
  const Cut c = cut(p, a.out.height, a.out.width, a.in.height, a.in.width, true);
  // Only read: a walk is the same for both directions.
  const Walk walk{p, a.in, a.x, const_cast<Stored*>(a.dy), a.out, a.out.height, a.out.width, 1, 0, 0};
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

constexpr Kernels<P> kTable{COPPICE_NAME,
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
