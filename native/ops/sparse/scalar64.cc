// The specification in double: one sample at a time, one position at a time, no tiles.
#include "types.h"

#define COPPICE_T double
#define COPPICE_LANES 1
#define COPPICE_VARIANT scalar64
#define COPPICE_NAME "scalar"
#include "convolve.inc.h"

namespace coppice::sparse {
extern const Kernels<double>* const k_scalar64 = &scalar64::kTable;
}
