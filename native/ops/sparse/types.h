// What the parts of the sparse engine share: layout, patterns, and the table of kernels that each instruction set fills in.
//
// Activations lie batch-innermost: X[NB][H][C][W][L], L samples side by side in one vector, NB = ceil(N / L) blocks, no padding.
// In bfloat16 lanes l and l + L / 2 lie side by side, since the processor multiplies pairs.
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

struct bfloat16 {
  uint16_t bits;
};

// Precisions: what is computed in, and what activations and their gradients are kept in.
struct Single {
  using Value = float;
  using Stored = float;
};
struct Double {
  using Value = double;
  using Stored = double;
};
struct Mixed {
  using Value = float;
  using Stored = bfloat16;
};

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
template <class P>
struct EpilogueArguments {
  using T = typename P::Value;
  using Stored = typename P::Stored;
  Epilogue kind = Epilogue::kNone;
  const Stored* z = nullptr;
  const Stored* other = nullptr;
  const T* scale = nullptr;  // [C]
  const T* bias = nullptr;   // [C]
  const T* mean = nullptr;   // [C]
  T* stats = nullptr;
  bool add_to_stats = false;  // a further grid of the same tensor
};

// y[y_stride * q + first] (+)= sum over entries of weight * x[stride * q + tap], for every position q of a grid.
template <class P>
struct ConvArguments {
  using T = typename P::Value;
  using Stored = typename P::Stored;
  PatternView<T> pattern;
  int batch;
  const Stored* x;
  Extent in;
  Stored* y;
  Extent out;
  int grid_height, grid_width;
  int y_stride = 1, first_row = 0, first_column = 0;
  bool accumulate = false;
  EpilogueArguments<P> epilogue;
};

// gradient[entry] = sum of dy * x[tap], made in partial sums.
template <class P>
struct WeightGradientArguments {
  using T = typename P::Value;
  using Stored = typename P::Stored;
  PatternView<T> pattern;
  int batch;
  const Stored* x;
  Extent in;
  const Stored* dy;
  Extent out;
  T* parts;             // [kGradientParts][part_stride]
  int64_t part_stride;  // at least the number of entries, rounded up to a multiple of 4
};

// What is added to a normalised convolution: a tensor; a convolution that is normalised only here (`added_scale`, `added_bias`); or every
// second pixel of a tensor with channels of zeros around (option A).
enum class Shortcut { kNone, kIdentity, kProjection, kZeroPadded };

// y = relu(scale z + bias + shortcut)
template <class P>
struct ApplyArguments {
  using T = typename P::Value;
  using Stored = typename P::Stored;
  int batch;
  Extent extent;
  const Stored* z;
  const T* scale;
  const T* bias;
  Shortcut shortcut = Shortcut::kNone;
  const Stored* added = nullptr;
  Extent added_extent{};
  const T* added_scale = nullptr;
  const T* added_bias = nullptr;
  Stored* y;
};

// dz = p dy + q (z - mean) + r
template <class P>
struct ApplyBackwardArguments {
  using T = typename P::Value;
  using Stored = typename P::Stored;
  int batch;
  Extent extent;
  const Stored* dy;
  const Stored* z;
  const T* mean;
  const T* p;
  const T* q;
  const T* r;
  Stored* dz;
};

// The gradient at a tensor, in place: set to zero where y, if given, is not positive; and the sums that its batch normalisation
// needs.
template <class P>
struct MaskSumsArguments {
  using T = typename P::Value;
  using Stored = typename P::Stored;
  int batch;
  Extent extent;
  Stored* dy;
  const Stored* y;
  const Stored* z;
  const T* mean;
  T* stats;  // [kStatParts][C][2][L]
};

struct PoolGeometry {
  int kernel, stride, padding;
};

template <class P>
struct Kernels {
  using T = typename P::Value;
  using Stored = typename P::Stored;
  const char* name;
  int lanes;
  void (*convolve)(const ConvArguments<P>&);
  void (*weight_gradient)(const WeightGradientArguments<P>&);
  void (*apply)(const ApplyArguments<P>&);
  void (*apply_backward)(const ApplyBackwardArguments<P>&);
  void (*mask_sums)(const MaskSumsArguments<P>&);
  // NCHW images to the layout.
  void (*pack)(const T* images, int batch, Extent, Stored* x);
  // Mean over space, [N, C], and its gradient.
  void (*global_mean)(const Stored* x, int batch, Extent, T* features);
  void (*global_mean_backward)(const T* features, int batch, Extent, Stored* dx);
  void (*max_pool)(const Stored* x, int batch, Extent in, PoolGeometry, Extent out, Stored* y);
  void (*max_pool_backward)(const Stored* x, const Stored* y, const Stored* dy, int batch, Extent in, PoolGeometry,
                            Extent out, Stored* dx);
  // Gradient of the shortcut that takes every second pixel and adds channels of zeros.
  void (*zero_padded_backward)(const Stored* dy, int batch, Extent out, Extent in, Stored* dx);
  // Zeros where the row or the column is odd: what a strided 1x1 backward leaves untouched.
  void (*clear_odd)(Stored* x, int batch, Extent);
  void (*add)(const Stored* from, int64_t count, Stored* to);
};

// The table of that name ("avx512", "avx2", "portable", "scalar"; of Mixed "avx512_bf16"), or null where this library or this
// processor has none.
template <class P>
const Kernels<P>* kernels_named(const char* name);

// Calls body(context, i) for i in [0, count) on libtorch's threads. ATen stays out of the files of kernels.
void parallel(int64_t count, void (*body)(void* context, int64_t i), void* context);

inline int blocks_of(int batch, int lanes) { return (batch + lanes - 1) / lanes; }
inline int64_t elements_of(Extent extent, int blocks, int lanes) {
  return int64_t{blocks} * extent.height * extent.channels * extent.width * lanes;
}

}  // namespace coppice::sparse
