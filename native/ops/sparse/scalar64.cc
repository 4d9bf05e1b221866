// The specification in double: one sample at a time, one position at a time, no tiles.
#include "types.h"

#define COPPICE_PRECISION Double
#define COPPICE_LANES 1
#define COPPICE_VARIANT scalar64
#define COPPICE_NAME "scalar"
#include "vector.inc.h"
// after the vectors
#include "kernels.inc.h"

namespace coppice::sparse {
extern const Kernels<Double>* const k_scalar64 = &scalar64::kTable;
}
