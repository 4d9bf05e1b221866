// The sparse convolution and its weight gradient: the loops over tiles.
#pragma once
#include "grid.inc.h"
#include "work.inc.h"

namespace coppice::sparse {
namespace COPPICE_VARIANT {
namespace {

void convolve(const ConvArguments<P>& a) {
  const EpilogueArguments<P>& e = a.epilogue;
  const Cut c = cut_grid(a.pattern, a.grid_height, a.grid_width, a.in.height, a.in.width, false);
  const Walk walk{a.pattern,     a.in,         a.x,        a.y,         a.out,
                  a.grid_height, a.grid_width, a.y_stride, a.first_row, a.first_column};
  const int64_t tasks = int64_t{blocks_of(a.batch, L)} * c.tasks;
  const int64_t per_channel = e.kind == Epilogue::kStats ? 3 * L : 2 * L;
  const int64_t stats_of_part = a.pattern.rows * per_channel + (e.kind == Epilogue::kStats ? L : 0);
  const bool sums = e.kind == Epilogue::kStats || e.kind == Epilogue::kMaskFromZ || e.kind == Epilogue::kMaskFromY;
  // Without sums tasks may be shared out in any number of parts.
  const int parts = sums ? kStatParts : int(tasks < 256 ? tasks : 256);
  over_parts(parts, tasks, [&](int part, int64_t begin, int64_t end) {
    T* const stats = sums ? e.stats + part * stats_of_part : nullptr;
    // A part without a tile has sums of zero: the code that adds up all parts need not know which had work.
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
  const Cut c = cut_grid(p, a.out.height, a.out.width, a.in.height, a.in.width, true);
  // Only read: a walk is the same for both directions.
  const Walk walk{p, a.in, a.x, const_cast<Stored*>(a.dy), a.out, a.out.height, a.out.width, 1, 0, 0};
  const int64_t tasks = int64_t{blocks_of(a.batch, L)} * c.tasks;
  const int64_t entries = p.start[int64_t{p.rows} * p.column_taps * p.row_taps];
  over_parts(kGradientParts, tasks, [&](int part, int64_t begin, int64_t end) {
    T* const gradient = a.parts + part * a.part_stride;
    // Written by this part alone, so nothing is locked; the parts are added in order afterwards (backward.cc).
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

}  // namespace
}  // namespace COPPICE_VARIANT
}  // namespace coppice::sparse
