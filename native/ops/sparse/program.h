// A residual network as a program over activation tensors.
#pragma once
#include <ATen/ATen.h>

#include <cstdint>
#include <vector>

#include "pattern.h"
#include "types.h"

namespace coppice::sparse {

// Node i makes tensor i; tensor 0 is the images.
struct Node {
  enum Kind { kConv = 0, kPool = 1 };
  int kind;
  int input;
  // kConv: relu(batch norm(convolution) + residual)
  ConvShape conv{};
  Residual residual = Residual::kNone;
  int other = -1;         // the residual's tensor
  bool deferred = false;  // not normalised here but by the node whose residual it is (kNormalized); no ReLU of its own
  PoolGeometry pool{};
  Extent extent{};  // of the tensor made
  int layer = -1;   // among the convolutions
};

struct Program {
  Extent images;
  std::vector<Node> nodes;                      // [0] stands for the images
  std::vector<std::vector<int64_t>> positions;  // of live weights, by layer
  std::vector<double> eps;                      // of the batch norms, by layer
};

// A program is int64: channels, height, width of the images, then eight numbers a node, which makes tensor 1, 2, …:
//   0, input, output channels, kernel, stride, residual (0 none, 1 tensor, 2 deferred tensor, 3 option A), its tensor, deferred
//   1, input, kernel, stride, padding, 0, 0, 0
// A deferred convolution has no ReLU and is normalised by the node whose residual it is. Kernels are odd, padded by half.
// `positions`: int64, of the live weights of each convolution, ordered by (output channel, column, row, input channel).
// Throws c10::Error naming what does not fit.
Program parse_program(at::IntArrayRef numbers, at::TensorList positions, at::ArrayRef<double> eps);

}  // namespace coppice::sparse
