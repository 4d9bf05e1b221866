#include "memory.h"

#include <cstdint>
#include <cstdlib>
#include <new>

#ifdef __linux__
#include <sys/mman.h>
#endif

namespace coppice::sparse {

namespace {
// Kernels jump between channels: with huge pages a whole window of rows needs an entry or two of the TLB.
constexpr size_t kPage = size_t{2} << 20;
}  // namespace

std::shared_ptr<void> Pool::take(size_t wanted) {
  size_t bytes = (wanted + kPage - 1) / kPage * kPage;
  void* at = nullptr;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    // The smallest that is large enough: the large ones stay for large requests.
    size_t best = free_.size();
    for (size_t i = 0; i < free_.size(); ++i) {
      if (free_[i].bytes >= bytes && (best == free_.size() || free_[i].bytes < free_[best].bytes)) best = i;
    }
    if (best < free_.size()) {
      at = free_[best].at;
      bytes = free_[best].bytes;
      free_.erase(free_.begin() + int64_t(best));
    }
  }
  if (at == nullptr) {
    trim();  // what is free is too small: a larger batch has come
    at = std::aligned_alloc(kPage, bytes);
    if (at == nullptr) throw std::bad_alloc();
#ifdef __linux__
    madvise(at, bytes, MADV_HUGEPAGE);  // only an offer: failing does no harm
#endif
  }
  // A buffer may outlive the pool, in a graph whose plan is gone.
  return {at, [pool = weak_from_this(), bytes](void* buffer) {
            const auto alive = pool.lock();
            if (alive == nullptr) {
              std::free(buffer);
              return;
            }
            const std::lock_guard<std::mutex> lock(alive->mutex_);
            alive->free_.push_back({buffer, bytes});
          }};
}

void Pool::trim() {
  const std::lock_guard<std::mutex> lock(mutex_);
  for (const Free& buffer : free_) std::free(buffer.at);
  free_.clear();
}

Pool::~Pool() { trim(); }

}  // namespace coppice::sparse
