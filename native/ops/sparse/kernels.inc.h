// The table of kernels of one variant. Included by each variant after its vectors, vector.inc.h or vector_bf16.inc.h.
#pragma once
#include "convolve.inc.h"
#include "passes.inc.h"
#include "pool.inc.h"

namespace coppice::sparse {
namespace COPPICE_VARIANT {
namespace {

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
