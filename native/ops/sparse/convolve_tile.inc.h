// One tile of the sparse convolution, in the layout of types.h.
//
// The tile is held in registers while the list of live weights of a channel runs past it: every access is one aligned vector, and the
// epilogue works on the registers before anything is stored.
//
// Source     Gale et al., "Sparse GPU kernels for deep learning" (2020), for streaming a list of weights past registers; the layout
//            and the tiles are this project's (docs/explanation/sparse-engine.md)
// Cost       one multiplication and one load for each live weight and position inside of the image
#pragma once
#include "epilogue.inc.h"
#include "tile.inc.h"

namespace coppice::sparse {
namespace COPPICE_VARIANT {
namespace {

// Adds the weights of one column tap: of all row taps inside of the image (EveryRow), or of row tap Dr.
template <class S, int Dc, int Dr, bool EveryRow>
COPPICE_INLINE inline void convolve_run(V* sums, const Tile& t, const Entry<T>* e, const Entry<T>* last) {
  for (; e != last; ++e) {
    // A weight is read once and used at every position of the tile: the larger the tile, the less the list and the loop itself cost.
    // The sums do not depend on each other, so the additions for one weight overlap.
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

// All channels of one tile, one after the other: they read the same window of input rows, which L2 holds.
template <class S>
__attribute__((noinline)) void convolve_tile(const Tile& t, const PatternView<T>& p, bool accumulate, const Finish& f) {
  constexpr int groups = S::Columns * S::RowTaps;
  for (int o = 0; o < p.rows; ++o) {
    prefetch_next(t, o);
    Stored* const y = t.y + o * t.y_channel;
    // Position k of the tile: with constants for k, additions of two strides.
    const auto at = [&](int k) COPPICE_INLINE { return (k / S::Width) * t.y_row + (k % S::Width) * t.y_column; };
    prefetch_output<S>(t, o, p.rows, *f.epilogue, at);
    const int32_t* const start = p.start + int64_t{o} * groups;
    // Only ever indexed by constants, so that it is registers and not memory: at most 24 of the 32 of AVX-512, 8 of the 16 of AVX2.
    V sums[S::Count];
    // A second reader's contribution to a gradient begins with the first's, which spares a pass that adds them.
    if (accumulate) {
      each<S::Count>([&](auto k) COPPICE_INLINE { sums[k] = load(y + at(k)); });
    } else {
      each<S::Count>([&](auto k) COPPICE_INLINE { sums[k] = V{}; });
    }
    // Column taps outside of row taps: which positions a column tap leaves out must be known when its loop is compiled, while the row taps
    // inside of the image are one range of the list.
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

// One position anywhere, edges found as it runs: for shapes that have no tiles.
inline void convolve_position(const Tile& t, const PatternView<T>& p, bool accumulate, const Finish& f) {
  const int groups = p.column_taps * p.row_taps;
  for (int o = 0; o < p.rows; ++o) {
    Stored* const y = t.y + o * t.y_channel;
    const int32_t* const start = p.start + int64_t{o} * groups;
    V sum = accumulate ? load(y) : V{};
    for (int g = 0; g < p.column_taps; ++g) {
      // A column tap is inside or outside for all row taps: its whole group is left out.
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

}  // namespace
}  // namespace COPPICE_VARIANT
}  // namespace coppice::sparse
