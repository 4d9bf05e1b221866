// Which kernels this library and this processor have.
#include <ATen/Parallel.h>

#include <cstring>

#include "types.h"

namespace coppice::sparse {

extern const Kernels<Single>* const k_avx512;
extern const Kernels<Single>* const k_avx2;
extern const Kernels<Single>* const k_portable;
extern const Kernels<Single>* const k_scalar;
extern const Kernels<Double>* const k_scalar64;
extern const Kernels<Mixed>* const k_avx512_bf16;

namespace {

// What CMakeLists.txt lets the compiler use in the file of that variant, all of it: one missing set of instructions ends the process.
bool has_avx512() {
#if defined(__x86_64__) || defined(__i386__)
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
         __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw");
#else
  return false;
#endif
}

bool has_avx512_bf16() {
#if defined(__x86_64__) || defined(__i386__)
  return has_avx512() && __builtin_cpu_supports("avx512bf16");
#else
  return false;
#endif
}

bool has_avx2() {
#if defined(__x86_64__) || defined(__i386__)
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#else
  return false;
#endif
}

bool is(const char* name, const char* wanted) { return std::strcmp(name, wanted) == 0; }

}  // namespace

template <>
const Kernels<Single>* kernels_named<Single>(const char* name) {
  if (is(name, "avx512")) return has_avx512() ? k_avx512 : nullptr;
  if (is(name, "avx2")) return has_avx2() ? k_avx2 : nullptr;
  if (is(name, "portable")) return k_portable;
  if (is(name, "scalar")) return k_scalar;
  return nullptr;
}

template <>
const Kernels<Double>* kernels_named<Double>(const char* name) {
  return is(name, "scalar") ? k_scalar64 : nullptr;
}

template <>
const Kernels<Mixed>* kernels_named<Mixed>(const char* name) {
  return is(name, "avx512_bf16") && has_avx512_bf16() ? k_avx512_bf16 : nullptr;
}

void parallel(int64_t count, void (*body)(void* context, int64_t i), void* context) {
  at::parallel_for(0, count, 1, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) body(context, i);
  });
}

}  // namespace coppice::sparse
