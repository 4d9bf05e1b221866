// The specification in float: one sample at a time, one position at a time, no tiles.
#include "types.h"

#define COPPICE_T float
#define COPPICE_LANES 1
#define COPPICE_VARIANT scalar
#define COPPICE_NAME "scalar"
#include "convolve.inc.h"

namespace coppice::sparse {
extern const Kernels<float>* const k_scalar = &scalar::kTable;
}
