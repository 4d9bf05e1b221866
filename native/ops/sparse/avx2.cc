// AVX2 and FMA: eight samples in a vector. Compiled with the flags of CMakeLists.txt; empty where the compiler has none.
#include "types.h"

#if defined(__AVX2__) && defined(__FMA__)
#define COPPICE_T float
#define COPPICE_LANES 8
#define COPPICE_VARIANT avx2
#define COPPICE_NAME "avx2"
#define COPPICE_TILES
#include "convolve.inc.h"

namespace coppice::sparse {
extern const Kernels<float>* const k_avx2 = &avx2::kTable;
}
#else
namespace coppice::sparse {
extern const Kernels<float>* const k_avx2 = nullptr;
}
#endif
