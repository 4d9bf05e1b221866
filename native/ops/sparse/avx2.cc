// AVX2 and FMA: eight samples in a vector. Compiled with the flags of CMakeLists.txt; empty where the compiler has none.
#include "types.h"

#if defined(__AVX2__) && defined(__FMA__)
#define COPPICE_PRECISION Single
#define COPPICE_LANES 8
#define COPPICE_VARIANT avx2
#define COPPICE_NAME "avx2"
#define COPPICE_TILES
#include "vector.inc.h"
// after the vectors
#include "kernels.inc.h"

namespace coppice::sparse {
extern const Kernels<Single>* const k_avx2 = &avx2::kTable;
}
#else
namespace coppice::sparse {
extern const Kernels<Single>* const k_avx2 = nullptr;
}
#endif
