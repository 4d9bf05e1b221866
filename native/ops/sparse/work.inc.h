// How a kernel's work is shared out, and which lanes of a block hold a sample. Included by each variant after its vectors.
#pragma once
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

// f(part, begin, end) for at most `parts` shares of [0, count). The shares do not depend on the number of threads: a sum that is made
// in parts, which are then added in order, is the same to the last bit however many threads there are.
template <class F>
void over_parts(int parts, int64_t count, const F& f) {
  run_parallel(parts, [&](int64_t part) { f(int(part), part * count / parts, (part + 1) * count / parts); });
}

}  // namespace
}  // namespace COPPICE_VARIANT
}  // namespace coppice::sparse
