// AVX-512: sixteen samples in a vector. Compiled with the flags of CMakeLists.txt; empty where the compiler has none.
#include "types.h"

#ifdef __AVX512F__
#define COPPICE_PRECISION Single
#define COPPICE_LANES 16
#define COPPICE_VARIANT avx512
#define COPPICE_NAME "avx512"
#define COPPICE_TILES
#include "vector.inc.h"
// after the vectors
#include "kernels.inc.h"

namespace coppice::sparse {
extern const Kernels<Single>* const k_avx512 = &avx512::kTable;
}
#else
namespace coppice::sparse {
extern const Kernels<Single>* const k_avx512 = nullptr;
}
#endif
