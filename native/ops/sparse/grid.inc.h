// How the grid of output positions is cut into tasks and tiles, and the walk over the tiles of a task.
#pragma once
#include "tiles.inc.h"

namespace coppice::sparse {
namespace COPPICE_VARIANT {
namespace {

// How one grid is cut into tasks: rows of strips, or whole-map tiles.
struct Cut {
  const TileTable* table;
  int map;  // index of the whole-map tiles, or -1
  int tasks;
};

inline Cut cut_grid(const PatternView<T>& p, int height, int width, int in_height, int in_width, bool gradient) {
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

// Index of the widest strip that fits at a column, or -1 where a position is computed alone. Rows of a multiple of 7, unless also of 8,
// are cut into sevens only: strips of 8 and 4 can leave single positions over.
inline int choose_strip(const TileTable* table, int column, int grid_width) {
  if (table == nullptr) return -1;
  const bool sevens = grid_width % 7 == 0 && grid_width % 8 != 0;
  for (int w = 0; w < TileTable::kWidths; ++w) {
    const int width = table->widths[w];
    if (width == 0 || column + width > grid_width) continue;
    if (sevens ? width > 7 : width == 7) continue;
    return w;
  }
  return -1;
}

// The tiles of one grid.
struct Walk {
  PatternView<T> pattern;
  Extent in;
  const Stored* x;
  Stored* y;
  Extent out;
  int grid_height, grid_width, y_stride, first_row, first_column;

  // Rows [first, first + count) of the grid.
  struct Rows {
    int first, count;
  };

  static Rows rows_of(const Cut& c, int task) {
    if (c.map < 0) return {task, 1};
    int first = 0;
    for (int i = 0; i < task; ++i) first += c.table->map_rows[c.map][i];
    return {first, c.table->map_rows[c.map][task]};
  }

  // What all tiles of these rows have in common.
  COPPICE_INLINE inline Tile tile_in(Rows rows) const {
    const PatternView<T>& p = pattern;
    Tile t{};
    t.x_row = p.stride * int64_t{in.channels} * in.width * L;
    t.y_channel = int64_t{out.width} * L;
    t.y_row = int64_t{y_stride} * out.channels * t.y_channel;
    t.y_column = int64_t{y_stride} * L;
    t.columns = in.width;
    const int top = p.stride * rows.first + p.first_row_tap;  // input row of the first tap of the first row
    // Tiles of several rows have all row taps: which of them are inside differs from row to row, and their code knows it.
    t.first_row_tap = rows.count > 1 || top >= 0 ? 0 : (-top < p.row_taps ? -top : p.row_taps);
    t.end_row_tap = rows.count > 1 || top + p.row_taps <= in.height ? p.row_taps : in.height - top;
    if (t.end_row_tap < t.first_row_tap) t.end_row_tap = t.first_row_tap;
    return t;
  }

  // Calls f(tile, code or null, positions) for the tiles of one task of one block.
  template <class F>
  COPPICE_INLINE inline void task(const Cut& c, int64_t block, int task, const F& f) const {
    const PatternView<T>& p = pattern;
    const Rows rows = rows_of(c, task);
    Tile t = tile_in(rows);
    const int64_t in_row = int64_t{in.channels} * in.width * L;
    const Stored* const x_row = x + (block * in.height + p.stride * rows.first) * in_row;
    const int64_t y_row =
        ((block * out.height + first_row + int64_t{y_stride} * rows.first) * out.channels) * t.y_channel;

    // The rows that this task does not read but the next one does, to be fetched while this one computes.
    const int next_row = p.stride * (rows.first + rows.count - 1) + p.first_row_tap + p.row_taps;
    const int next_rows = p.stride * rows.count;
    const bool more = next_row >= 0 && next_row + next_rows <= in.height && p.rows > 0;
    const Stored* const next = more ? x + (block * in.height + next_row) * in_row : nullptr;

    const auto call = [&](int column, int width, const TileCode* code) COPPICE_INLINE {
      t.x = x_row + int64_t{p.stride} * column * L;
      t.y_at = y_row + (first_column + int64_t{y_stride} * column) * L;
      t.y = y + t.y_at;
      t.first_column = p.stride * column;
      if (next != nullptr) {
        const int64_t share = next_rows * in_row * width / grid_width;
        t.next_step = share / p.rows;
        t.next = next + share * (column / width);
      }
      f(t, code, rows.count * width);
    };
    if (c.map >= 0) return call(0, grid_width, &c.table->maps[c.map][task]);
    int column = 0;
    while (column < grid_width) {
      const int strip = choose_strip(c.table, column, grid_width);
      if (strip < 0) {
        t.next = nullptr;
        call(column, 1, nullptr);
        ++column;
      } else {
        const int width = c.table->widths[strip];
        const int edges = (column == 0 ? 1 : 0) + (column + width == grid_width ? 2 : 0);
        call(column, width, &c.table->strips[strip][edges]);
        column += width;
      }
    }
  }
};

}  // namespace
}  // namespace COPPICE_VARIANT
}  // namespace coppice::sparse
