// The C allocator keeps freed memory. By default glibc gives large blocks back to the system and asks for them again in the next step,
// and the system clears every page each time: a third to a half of the time of a small network's step at batch 128 (docs/explanation/native.md).
#include <cstdlib>
#if defined(__GLIBC__)
#include <malloc.h>
#endif

#include "exports.h"

namespace coppice {

void keep_freed_memory() {
#if defined(__GLIBC__)
  // Left as they are where the user has set one of them.
  for (const char* name : {"MALLOC_MMAP_THRESHOLD_", "MALLOC_TRIM_THRESHOLD_", "GLIBC_TUNABLES"})
    if (std::getenv(name) != nullptr) return;
  constexpr int largest_block = 1 << 30;
  mallopt(M_MMAP_THRESHOLD, largest_block);
  mallopt(M_TRIM_THRESHOLD, largest_block);
#endif
}

}  // namespace coppice
