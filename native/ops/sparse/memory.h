// Large buffers that are used again: a fresh activation costs several times its convolution in page faults.
#pragma once
#include <cstddef>
#include <memory>
#include <mutex>
#include <vector>

namespace coppice::sparse {

// Hands out buffers aligned for 2 MiB pages; one that is let go returns to the pool, or is freed when the pool is gone.
// A smaller request takes a larger buffer: the last batch of an epoch is smaller.
// Safe to use from several threads.
class Pool : public std::enable_shared_from_this<Pool> {
 public:
  std::shared_ptr<void> take(size_t bytes);
  // Frees what is not in use.
  void trim();
  ~Pool();

 private:
  struct Free {
    void* at;
    size_t bytes;
  };
  std::mutex mutex_;
  std::vector<Free> free_;
};

}  // namespace coppice::sparse
