// Which tiles there are. The table of a kind of convolution is made when this is compiled: each tile has code for its size and edges.
#pragma once
#include "convolve_tile.inc.h"
#include "gradient_tile.inc.h"

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
constexpr TileCode code_for() {
  if constexpr (Gradient) {
    return {convolve_tile<S>, gradient_tile<S>};
  } else {
    return {convolve_tile<S>, nullptr};
  }
}

// Stride, first column tap, column taps, first row tap, row taps; and whether its weight gradient is wanted.
template <int St, int Dc, int Cols, int Dr, int Taps, bool Gradient>
struct Family {
  // Only stride 1 reaches beyond the right edge: with stride 2 the last tap is at most the last column.
  static constexpr bool left = Dc < 0, right = St == 1 && Dc + Cols - 1 > 0;
  static constexpr bool top = Dr < 0, bottom = St == 1 && Dr + Taps - 1 > 0;

  template <int Width, bool AtLeft, bool AtRight>
  static constexpr TileCode strip() {
    return code_for<Shape<St, Dc, Cols, Dr, Taps, 1, Width, left && AtLeft, right && AtRight, false, false>,
                    Gradient>();
  }
  template <int Rows, int Width, bool AtTop, bool AtBottom>
  static constexpr TileCode map() {
    return code_for<Shape<St, Dc, Cols, Dr, Taps, Rows, Width, left, right, top && AtTop, bottom && AtBottom>,
                    Gradient>();
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
      // 32 registers: as many positions as leave room for a few operands. A strip of 16 is faster than two of 8, because a weight and its
      // loop are paid for once. Maps of 4x4 and 8x8 get tiles of several rows, or most registers would stay empty: 16, and 24, 16 and 24.
      // Strips of 7 are for the widths of 224-pixel images: 56, 28, 14, 7.
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
      // 16 registers, or 32 with two to a vector: half as many positions.
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

// The tiles for a pattern on a grid of that width, or null: then one position at a time, whose edges are found as it runs.
// The patterns of two columns or rows are those of a strided 3x3 convolution backward, by parity of the position.
inline const TileTable* tiles_for([[maybe_unused]] const PatternView<T>& p, [[maybe_unused]] int grid_width,
                                  [[maybe_unused]] int in_width, [[maybe_unused]] bool gradient) {
#ifdef COPPICE_TILES
  // Only where the grid covers its input exactly does the last column of the grid touch the input's last column.
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

}  // namespace
}  // namespace COPPICE_VARIANT
}  // namespace coppice::sparse
