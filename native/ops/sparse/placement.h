// Where the activations of one forward pass lie.
#pragma once
#include <cstdint>
#include <vector>

#include "program.h"

namespace coppice::sparse {

// By tensor, in elements from the beginning of one buffer of `size` elements; -1 where a tensor is not made.
struct Placement {
  std::vector<int64_t> z, y;  // before and after normalisation
  int64_t size;
};

// elements: of each tensor. keep: a backward pass follows and needs them all; else a tensor's place is taken again after its last reader.
Placement place_tensors(const Program&, const std::vector<int64_t>& elements, bool keep);

}  // namespace coppice::sparse
