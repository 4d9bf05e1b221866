// Four samples in a vector, which every compiler has for every processor (SSE2, NEON).
#include "types.h"

#define COPPICE_T float
#define COPPICE_LANES 4
#define COPPICE_VARIANT portable
#define COPPICE_NAME "portable"
#define COPPICE_TILES
#include "convolve.inc.h"

namespace coppice::sparse {
extern const Kernels<float>* const k_portable = &portable::kTable;
}
