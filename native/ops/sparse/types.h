// What the parts of the sparse engine share: layout, patterns, and the table of kernels that each instruction set fills in.
//
// Activations lie batch-innermost: X[NB][H][C][W][L], L samples side by side in one vector, NB = ceil(N / L) blocks, no padding.
// Lanes past the end of the batch are zero in every tensor. The passes that add a constant mask them; nothing else breaks it.
//
// Plain structures and pointers only. Kernels are compiled once for each instruction set, and an inline function of the standard
// library or of ATen that two of them emit would be merged by the linker into one, which older processors may not run.
#pragma once
#include <cstdint>

namespace coppice::sparse {

// Sums over the batch are made in at most this many parts, whatever the number of threads, and added in order: same bytes always.
constexpr int kStatParts = 16;
constexpr int kGradientParts = 8;

// One live weight as a kernel reads it. `offset`: from the first element of the input row that the output row maps to, in
// elements, without the column tap, which is a constant of the loop.
template <class T>
struct Entry {
  int32_t offset;
  T weight;
};

// The live weights of one direction of a convolution: by row (output channel, or input channel in backward-data), within a row by
// column tap, then row tap, then offset. Taps are positions of the input relative to stride * position of the output.
template <class T>
struct PatternView {
  int rows;
  int stride;
  int first_column_tap, column_taps;
  int first_row_tap, row_taps;
  const int32_t* start;  // [rows * column_taps * row_taps + 1]
  const Entry<T>* entries;
};

struct Extent {
  int channels, height, width;
};

enum class Epilogue {
  kNone,
  kStats,          // shift, sum, sum of squares for each channel and lane: batch-norm statistics
  kMaskFromZ,      // dy where scale z + bias > 0; sums of dy and of dy (z - mean)
  kMaskFromY,      // dy where other > 0; the same sums
  kAffine,         // scale v + bias
  kAffineRelu,     // relu(scale v + bias)
  kAffineAddRelu,  // relu(scale v + bias + other)
};

// `stats` of kStats: for each part [L] counts of positions, then [C][3][L]. Of the masks: for each part [C][2][L].
template <class T>
struct EpilogueArguments {
  Epilogue kind = Epilogue::kNone;
  const T* z = nullptr;
  const T* other = nullptr;
  const T* scale = nullptr;  // [C]
  const T* bias = nullptr;   // [C]
  const T* mean = nullptr;   // [C]
  T* stats = nullptr;
  bool add_to_stats = false;  // a further grid of the same tensor
};

// y[step * q + first] (+)= sum over entries of weight * x[stride * q + tap], for every position q of a grid.
template <class T>
struct ConvArguments {
  PatternView<T> pattern;
  int batch;
  const T* x;
  Extent in;
  T* y;
  Extent out;
  int grid_height, grid_width;
  int step = 1, first_row = 0, first_column = 0;
  bool accumulate = false;
  EpilogueArguments<T> epilogue;
};

// gradient[entry] = sum of dy * x[tap], made in partial sums.
template <class T>
struct WeightGradientArguments {
  PatternView<T> pattern;
  int batch;
  const T* x;
  Extent in;
  const T* dy;
  Extent out;
  T* parts;             // [kGradientParts][part_stride]
  int64_t part_stride;  // at least the number of entries, rounded up to a multiple of 4
};

enum class Residual { kNone, kIdentity, kNormalized, kZeroPadded };

// y = relu(scale z + bias + residual)
template <class T>
struct ApplyArguments {
  int batch;
  Extent extent;
  const T* z;
  const T* scale;
  const T* bias;
  Residual residual = Residual::kNone;
  const T* other = nullptr;
  Extent other_extent{};
  const T* other_scale = nullptr;
  const T* other_bias = nullptr;
  T* y;
};

// dz = p dy + q (z - mean) + r
template <class T>
struct ApplyBackwardArguments {
  int batch;
  Extent extent;
  const T* dy;
  const T* z;
  const T* mean;
  const T* p;
  const T* q;
  const T* r;
  T* dz;
};

// The gradient at a tensor, in place: set to zero where y, if given, is not positive; and the sums that its batch normalisation
// needs.
template <class T>
struct MaskSumsArguments {
  int batch;
  Extent extent;
  T* dy;
  const T* y;
  const T* z;
  const T* mean;
  T* stats;  // [kStatParts][C][2][L]
};

struct PoolGeometry {
  int kernel, stride, padding;
};

template <class T>
struct Kernels {
  const char* name;
  int lanes;
  void (*convolve)(const ConvArguments<T>&);
  void (*weight_gradient)(const WeightGradientArguments<T>&);
  void (*apply)(const ApplyArguments<T>&);
  void (*apply_backward)(const ApplyBackwardArguments<T>&);
  void (*mask_sums)(const MaskSumsArguments<T>&);
  // NCHW images to the layout.
  void (*pack)(const T* images, int batch, Extent, T* x);
  // Mean over space, [N, C], and its gradient.
  void (*global_mean)(const T* x, int batch, Extent, T* features);
  void (*global_mean_backward)(const T* features, int batch, Extent, T* dx);
  void (*max_pool)(const T* x, int batch, Extent in, PoolGeometry, Extent out, T* y);
  void (*max_pool_backward)(const T* x, const T* y, const T* dy, int batch, Extent in, PoolGeometry, Extent out, T* dx);
  // Gradient of the shortcut that takes every second pixel and adds channels of zeros.
  void (*zero_padded_backward)(const T* dy, int batch, Extent out, Extent in, T* dx);
  // Zeros where the row or the column is odd: what a strided 1x1 backward leaves untouched.
  void (*clear_odd)(T* x, int batch, Extent);
  void (*add)(const T* from, int64_t count, T* to);
};

// The table of that name ("avx512", "avx2", "portable", "scalar"), or null where this library or this processor has none.
template <class T>
const Kernels<T>* kernels_named(const char* name);

// Calls body(context, i) for i in [0, count) on libtorch's threads. ATen stays out of the files of kernels.
void parallel(int64_t count, void (*body)(void* context, int64_t i), void* context);

inline int blocks_of(int batch, int lanes) { return (batch + lanes - 1) / lanes; }
inline int64_t elements_of(Extent extent, int blocks, int lanes) {
  return int64_t{blocks} * extent.height * extent.channels * extent.width * lanes;
}

}  // namespace coppice::sparse
