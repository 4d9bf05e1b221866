// The specification in float: one sample at a time, one position at a time, no tiles.
#include "types.h"

#define COPPICE_PRECISION Single
#define COPPICE_LANES 1
#define COPPICE_VARIANT scalar
#define COPPICE_NAME "scalar"
#include "vector.inc.h"
// after the vectors
#include "kernels.inc.h"

namespace coppice::sparse {
extern const Kernels<Single>* const k_scalar = &scalar::kTable;
}
