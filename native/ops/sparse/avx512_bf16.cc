// AVX-512 with activations in bfloat16: thirty-two samples in a vector of two registers. Compiled with the flags of CMakeLists.txt;
// empty where the compiler has none.
#include "types.h"

#ifdef __AVX512BF16__
#define COPPICE_PRECISION Mixed
#define COPPICE_LANES 32
#define COPPICE_VARIANT avx512_bf16
#define COPPICE_NAME "avx512_bf16"
#define COPPICE_TILES
#include "vector_bf16.inc.h"
// after the vectors
#include "kernels.inc.h"

namespace coppice::sparse {
extern const Kernels<Mixed>* const k_avx512_bf16 = &avx512_bf16::kTable;
}
#else
namespace coppice::sparse {
extern const Kernels<Mixed>* const k_avx512_bf16 = nullptr;
}
#endif
