// A residual network as a program: steps that each make one activation tensor.
#pragma once
#include <ATen/ATen.h>

#include <cstdint>
#include <string>
#include <vector>

#include "pattern.h"
#include "types.h"

namespace coppice::sparse {

// Step i makes tensor i; tensor 0 is the images.
struct Step {
  enum Kind { kConvolution, kMaxPool };
  Kind kind;
  int input;
  // kConvolution: relu(batch norm(convolution) + shortcut)
  ConvShape convolution{};
  Shortcut shortcut = Shortcut::kNone;
  int shortcut_tensor = -1;
  bool is_projection = false;  // a later step normalises it and adds it as its shortcut; no ReLU here
  PoolGeometry pool{};
  Extent extent{};  // of the tensor made
  int layer = -1;   // among the convolutions
};

struct Program {
  Extent images;
  std::vector<Step> steps;                      // [0] stands for the images
  std::vector<std::vector<int64_t>> positions;  // of live weights, by layer
  std::vector<double> eps;                      // of the batch norms, by layer
};

// The steps after the images, each a set of named integers. A step with `out_channels` is a convolution, one without is a max-pool:
//
//   convolution   input, out_channels, kernel_size (odd, padded by half), stride (1 or 2), projection (0 or 1)
//                 and at most one of add_identity, add_projection, add_zero_padded: the shortcut's tensor
//   max-pool      input, kernel_size, stride, padding
//
// `input` and shortcuts are indices of tensors made before. `projection` 1: the step whose add_projection this is normalises and adds it.
// Every field must be there and no other may: a step that names one differently is refused, not read differently.
using StepFields = c10::Dict<std::string, int64_t>;

// images: channels, height, width. positions: int64, of the live weights of each convolution, ordered by (output channel, column, row,
// input channel). eps: of the batch norm after each convolution.
// Throws c10::Error naming what does not fit.
Program make_program(at::IntArrayRef images, const c10::List<StepFields>& steps, at::TensorList positions,
                     at::ArrayRef<double> eps);

}  // namespace coppice::sparse
