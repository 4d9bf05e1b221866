// One tile of the weight gradient: the roles of the convolution exchanged. The tile of dy is held in registers while the same list of
// live weights runs past it, and each weight's products with the input are summed to one number.
//
// Keeping a vector of partial sums for each weight in memory instead would read and write one vector a weight and tile.
#pragma once
#include "tile.inc.h"

namespace coppice::sparse {
namespace COPPICE_VARIANT {
namespace {

typedef T Four __attribute__((vector_size(4 * sizeof(T))));

// Through memory: for what is left over by lane_sums, and for variants without tiles.
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
// Halves added to halves until four lanes are left. (A remainder keeps the indices of branches that are not taken valid.)
COPPICE_INLINE inline Four add_halves(Partial v) {
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

// Sums of the lanes of four vectors. All four at once: their last steps are transposed, so that one addition serves two vectors, then four.
COPPICE_INLINE inline Four lane_sums(Partial a, Partial b, Partial c, Partial d) {
#ifdef COPPICE_SHUFFLES
  if constexpr (sizeof(Partial) >= sizeof(Four)) {
    const Four p = add_halves(a), q = add_halves(b), r = add_halves(c), s = add_halves(d);
    const Four pq = __builtin_shufflevector(p, q, 0, 4, 1, 5) + __builtin_shufflevector(p, q, 2, 6, 3, 7);
    const Four rs = __builtin_shufflevector(r, s, 0, 4, 1, 5) + __builtin_shufflevector(r, s, 2, 6, 3, 7);
    return __builtin_shufflevector(pq, rs, 0, 1, 4, 5) + __builtin_shufflevector(pq, rs, 2, 3, 6, 7);
  }
#endif
  return Four{lane_sum(a), lane_sum(b), lane_sum(c), lane_sum(d)};
}

// Adds to the gradients of one column tap's weights: of all row taps inside of the image (EveryRow), or of row tap Dr.
template <class S, int Dc, int Dr, bool EveryRow>
COPPICE_INLINE inline void gradient_run(const Held* dy, const Tile& t, const Entry<T>* e, const Entry<T>* last, T* g) {
  // Four weights at a time: their four chains of additions hide each other's latency. With the 24 vectors of dy in the largest tile that
  // makes 28 registers of the 32 of AVX-512.
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
    // Reduced at once to four numbers, so that a visit of a weight writes 4 bytes of its gradient and not a vector.
    const Four sums = lane_sums(a, b, c, d);
    for (int j = 0; j < 4; ++j) g[j] += sums[j];
  }
  // What is left, one weight at a time: four chains over its positions instead.
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

// `gradient`: of all weights of the layer, in the order of the pattern's entries. Loops as in convolve_tile.
template <class S>
__attribute__((noinline)) void gradient_tile(const Tile& t, const PatternView<T>& p, T* gradient) {
  constexpr int groups = S::Columns * S::RowTaps;
  for (int o = 0; o < p.rows; ++o) {
    prefetch_next(t, o);
    const Stored* const y = t.y + o * t.y_channel;
    // The tile of a channel four later, into L2.
    if (o + 4 < p.rows) {
      each<S::Count>([&](auto k) COPPICE_INLINE {
        __builtin_prefetch(y + 4 * t.y_channel + (k / S::Width) * t.y_row + (k % S::Width) * t.y_column, 0, 2);
      });
    }
    // Loaded once for all weights of the channel; only ever indexed by constants, so that it is registers.
    Held dy[S::Count];
    each<S::Count>([&](auto k)
                       COPPICE_INLINE { dy[k] = hold(y + (k / S::Width) * t.y_row + (k % S::Width) * t.y_column); });
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

// One position anywhere, edges found as it runs: for shapes that have no tiles.
inline void gradient_position(const Tile& t, const PatternView<T>& p, T* gradient) {
  const int groups = p.column_taps * p.row_taps;
  for (int o = 0; o < p.rows; ++o) {
    const Held dy = hold(t.y + o * t.y_channel);
    const int32_t* const start = p.start + int64_t{o} * groups;
    for (int g = 0; g < p.column_taps; ++g) {
      const int dc = p.first_column_tap + g;
      if (t.first_column + dc < 0 || t.first_column + dc >= t.columns) continue;
      const int last = start[g * p.row_taps + t.end_row_tap];
      for (int i = start[g * p.row_taps + t.first_row_tap]; i < last; ++i) {
        // One product, and its lanes are summed and added to memory for each weight and position: what tiles are there to avoid.
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
