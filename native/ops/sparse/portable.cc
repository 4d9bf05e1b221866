// Four samples in a vector, which every compiler has for every processor (SSE2, NEON).
#include "types.h"

#define COPPICE_PRECISION Single
#define COPPICE_LANES 4
#define COPPICE_VARIANT portable
#define COPPICE_NAME "portable"
#define COPPICE_TILES
#include "vector.inc.h"
// after the vectors
#include "kernels.inc.h"

namespace coppice::sparse {
extern const Kernels<Single>* const k_portable = &portable::kTable;
}
