// A tile: a small rectangle of the output of one channel at a time, and what is known of it when it is compiled.
//
// A tile is `Rows` x `Width` positions. What it reads beyond the left or right edge is known when it is compiled and left out; rows
// beyond the top or bottom shorten the ranges of the list of weights, which is sorted by row tap.
#pragma once
#include "types.h"

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

// A tile's place and what it needs. Strides in elements.
struct Tile {
  const Stored* x;  // input row of the tile's first row, column of its first position, channel 0
  int64_t x_row;
  Stored* y;
  int64_t y_at;  // of y[0] in the output tensor
  int64_t y_row, y_column, y_channel;
  int first_row_tap, end_row_tap;  // those inside of the image, as indices of the pattern's row taps
  int first_column, columns;       // for single positions: the input's column of tap 0, and how many columns there are
  const Stored* next;              // what the next tile will read first, or null
  int64_t next_step;               // of it, for each output channel
};

// The positions and edges of a tile. Left, Right, Top, Bottom: whether it touches that edge of the image.
template <int Stride_, int FirstDc, int Columns_, int FirstDr, int RowTaps_, int Rows_, int Width_, bool Left,
          bool Right, bool Top, bool Bottom>
struct Shape {
  static constexpr int Stride = Stride_, Columns = Columns_, RowTaps = RowTaps_, Rows = Rows_, Width = Width_;
  static constexpr int first_column_tap = FirstDc, first_row_tap = FirstDr;
  static constexpr int Count = Rows * Width;
  // A tile of one row leaves row taps out by shortening the list when it runs. In a tile of several rows a tap may be inside for one row
  // and outside for another, so each row tap gets a loop that leaves out the right rows.
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

// Fetches into L2 a share of the input rows that only the next tile reads: one share for each output channel of this tile, so that
// the requests are spread over the whole tile.
inline void prefetch_next(const Tile& t, int o) {
  if (t.next == nullptr) return;
  const char* const from = reinterpret_cast<const char*>(t.next + o * t.next_step);
  for (int64_t b = 0; b < t.next_step * int64_t{sizeof(Stored)}; b += 64) __builtin_prefetch(from + b, 0, 2);
}

}  // namespace
}  // namespace COPPICE_VARIANT
}  // namespace coppice::sparse
