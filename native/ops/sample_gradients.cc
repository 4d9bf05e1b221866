// coppice::conv2d_sample_gradients and coppice::conv2d_sample_squares - what single images have to say of a convolution's weight.
//
//   g[n] = dY[n] patches(X[n])^T          as a convolution's weight gradient, for one image instead of the batch
//   squares = sum over r, n of w[r, n] g[r, n]^2,  inner[r, n, o] = sum_i g[r, n, o, i] W[o, i],  sums[r, n, o] = sum_p dY[r, n, o, p]
//
// Source     Rochette et al. 2019, arXiv:1912.06015 (gradients of single images from the layer's input and output)
// Reference  torch.func.vmap of torch.func.grad gives the same
// Differs    squares never makes the gradients: an image's patches are laid out once, small enough for the cache, and what a tile of the
//            product with the gradients of all losses r gives is squared while it is in the first cache
//
// Shapes: N batch, R losses an image, I,O input and output channels, H,W map, P = Ho Wo positions. X [N,I,H,W], dY [N,O,Ho,Wo] or
// [R,N,O,Ho,Wo], w [R,N], W [O,I,kH,kW]. Without groups. The same bytes for the same number of threads.
//
// The forms .gathered compute the same from im2col and matrix products, on any device.
#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <torch/library.h>

#include <algorithm>
#include <tuple>
#include <vector>

namespace {

using Pair = at::IntArrayRef;

struct Geometry {
  int64_t channels, height, width;      // of the input
  int64_t kernel_height, kernel_width;  // of the weight
  int64_t out_height, out_width;        // of the output
  int64_t stride[2], padding[2], dilation[2];

  int64_t positions() const { return out_height * out_width; }
  int64_t fan() const { return channels * kernel_height * kernel_width; }
};

Geometry geometry(const at::Tensor& input, at::IntArrayRef kernel, at::IntArrayRef output, Pair stride, Pair padding,
                  Pair dilation) {
  TORCH_CHECK(input.dim() == 4 && input.is_floating_point(), "expected a floating-point input [N, I, H, W], got ",
              input.scalar_type(), " ", input.sizes());
  TORCH_CHECK(kernel.size() == 2 && stride.size() == 2 && padding.size() == 2 && dilation.size() == 2,
              "expected two numbers each for kernel size, stride, padding and dilation");
  Geometry g{input.size(1), input.size(2), input.size(3), kernel[0], kernel[1], output[0], output[1], {}, {}, {}};
  const int64_t sizes[2] = {g.height, g.width};
  for (int i = 0; i < 2; ++i) {
    g.stride[i] = stride[i];
    g.padding[i] = padding[i];
    g.dilation[i] = dilation[i];
    TORCH_CHECK(kernel[i] >= 1 && stride[i] >= 1 && padding[i] >= 0 && dilation[i] >= 1,
                "expected a positive kernel size, stride and dilation and no negative padding");
    TORCH_CHECK(sizes[i] + 2 * padding[i] > dilation[i] * (kernel[i] - 1),
                "expected an input as large as the kernel, got ", input.sizes());
    const int64_t expected = (sizes[i] + 2 * padding[i] - dilation[i] * (kernel[i] - 1) - 1) / stride[i] + 1;
    TORCH_CHECK(output[i] == expected, "expected gradients of ", expected, " positions in dimension ", i, ", got ",
                output[i]);
  }
  return g;
}

// Rows of the product in a tile, and vectors of 64 bytes: their sums stay in registers while all positions run past.
constexpr int kRows = 8, kVectors = 2;

template <typename T>
struct Vector {
  typedef T type __attribute__((vector_size(64), aligned(sizeof(T))));
  static constexpr int64_t lanes = 64 / sizeof(T);
};
template <typename T>
constexpr int64_t kColumns = kVectors* Vector<T>::lanes;

#if defined(__x86_64__) && defined(__gnu_linux__) && !defined(__SANITIZE_ADDRESS__)
// Compiled for each, and chosen when the library is loaded.
#define COPPICE_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define COPPICE_CLONES
#endif

template <typename T>
inline __attribute__((always_inline)) void tile_body(const T* const* rows, const T* patches, int64_t positions,
                                                     int64_t columns, T* tile) {
  using V = typename Vector<T>::type;
  constexpr int64_t lanes = Vector<T>::lanes;
  V sums[kRows][kVectors] = {};
  for (int64_t p = 0; p < positions; ++p, patches += columns) {
    V right[kVectors];
    for (int v = 0; v < kVectors; ++v) right[v] = *reinterpret_cast<const V*>(patches + v * lanes);
    for (int m = 0; m < kRows; ++m) {
      for (int v = 0; v < kVectors; ++v) sums[m][v] += rows[m][p] * right[v];
    }
  }
  for (int m = 0; m < kRows; ++m) {
    for (int v = 0; v < kVectors; ++v) *reinterpret_cast<V*>(tile + (m * kVectors + v) * lanes) = sums[m][v];
  }
}

// tile[kRows][kColumns] = rows[m][p] times patches[p][columns], summed over the positions.
COPPICE_CLONES void multiply(const float* const* rows, const float* patches, int64_t positions, int64_t columns,
                             float* tile) {
  tile_body(rows, patches, positions, columns, tile);
}
COPPICE_CLONES void multiply(const double* const* rows, const double* patches, int64_t positions, int64_t columns,
                             double* tile) {
  tile_body(rows, patches, positions, columns, tile);
}

template <typename T>
int64_t padded_fan(const Geometry& g) {
  return (g.fan() + kColumns<T> - 1) / kColumns<T> * kColumns<T>;
}

// patches[p][kh kw i] of one image, zeros behind each row up to `columns`. `frame` holds the image with its channels last, in its padding.
template <typename T>
void lay_out(const T* image, const Geometry& g, int64_t columns, std::vector<T>& frame, T* patches) {
  const int64_t wide = g.width + 2 * g.padding[1];
  for (int64_t c = 0; c < g.channels; ++c) {
    for (int64_t h = 0; h < g.height; ++h) {
      T* to = frame.data() + ((h + g.padding[0]) * wide + g.padding[1]) * g.channels + c;
      for (int64_t w = 0; w < g.width; ++w) to[w * g.channels] = *image++;
    }
  }
  for (int64_t oh = 0; oh < g.out_height; ++oh) {
    for (int64_t ow = 0; ow < g.out_width; ++ow, patches += columns) {
      T* to = patches;
      for (int64_t kh = 0; kh < g.kernel_height; ++kh) {
        const T* row = frame.data() + (oh * g.stride[0] + kh * g.dilation[0]) * wide * g.channels;
        for (int64_t kw = 0; kw < g.kernel_width; ++kw, to += g.channels) {
          std::copy_n(row + (ow * g.stride[1] + kw * g.dilation[1]) * g.channels, g.channels, to);
        }
      }
    }
  }
}

// The gradient of each image's weight, for R losses, tile by tile, from contiguous tensors:
// visit(n, r O + o, first column, columns that count, their values).
template <typename T, typename Visit>
void each_tile(const at::Tensor& input, const at::Tensor& gradients, const Geometry& g, const Visit& visit) {
  const int64_t batch = gradients.size(1), out = gradients.size(2), rows_in_all = gradients.size(0) * out;
  const int64_t positions = g.positions(), columns = padded_fan<T>(g);
  const T* images = input.data_ptr<T>();
  const T* outputs = gradients.data_ptr<T>();
  at::parallel_for(0, batch, 1, [&](int64_t begin, int64_t end) {
    std::vector<T> patches(positions * columns);
    std::vector<T> frame((g.height + 2 * g.padding[0]) * (g.width + 2 * g.padding[1]) * g.channels);
    T tile[kRows * kColumns<T>];
    for (int64_t n = begin; n < end; ++n) {
      lay_out(images + n * g.channels * g.height * g.width, g, columns, frame, patches.data());
      for (int64_t first = 0; first < rows_in_all; first += kRows) {
        const int64_t count = std::min<int64_t>(kRows, rows_in_all - first);
        const T* rows[kRows];
        for (int64_t m = 0; m < kRows; ++m) {
          const int64_t row = first + std::min(m, count - 1);
          rows[m] = outputs + ((row / out * batch + n) * out + row % out) * positions;
        }
        for (int64_t column = 0; column < columns; column += kColumns<T>) {
          multiply(rows, patches.data() + column, positions, columns, tile);
          const int64_t used = std::min<int64_t>(kColumns<T>, g.fan() - column);
          for (int64_t m = 0; m < count; ++m) visit(n, first + m, column, used, tile + m * kColumns<T>);
        }
      }
    }
  });
}

// part += share values^2; gives the sum of values times w.
template <typename T>
T add_squares(const T* values, const T* w, T share, int64_t count, T* part) {
  T along = 0;
#pragma omp simd reduction(+ : along)
  for (int64_t i = 0; i < count; ++i) {
    along += values[i] * w[i];
    part[i] += share * values[i] * values[i];
  }
  return along;
}

// [O, kH kW I] as in a row of patches, from [O, I, kH, kW]; and back.
at::Tensor as_rows(const at::Tensor& weight) { return weight.permute({0, 2, 3, 1}).flatten(1).contiguous(); }
at::Tensor as_weights(const at::Tensor& rows, const Geometry& g) {
  return rows.unflatten(-1, {g.kernel_height, g.kernel_width, g.channels}).movedim(-1, -3).contiguous();
}

at::Tensor sample_gradients_cpu(const at::Tensor& input, const at::Tensor& gradient, Pair kernel, Pair stride,
                                Pair padding, Pair dilation) {
  TORCH_CHECK(gradient.dim() == 4 && gradient.size(0) == input.size(0) && gradient.scalar_type() == input.scalar_type(),
              "expected gradients [N, O, Ho, Wo] of the input's type, got ", gradient.scalar_type(), " ",
              gradient.sizes());
  const auto g = geometry(input, kernel, gradient.sizes().slice(2), stride, padding, dilation);
  const auto images = input.contiguous(), outputs = gradient.contiguous().unsqueeze(0);
  const int64_t out = gradient.size(1), fan = g.fan();
  auto result = at::empty({input.size(0), out, fan}, input.options());
  AT_DISPATCH_FLOATING_TYPES(input.scalar_type(), "conv2d_sample_gradients", [&] {
    scalar_t* to = result.data_ptr<scalar_t>();
    each_tile<scalar_t>(images, outputs, g,
                        [&](int64_t n, int64_t o, int64_t column, int64_t used, const scalar_t* values) {
                          std::copy_n(values, used, to + (n * out + o) * fan + column);
                        });
  });
  return as_weights(result, g);
}

at::Tensor sample_gradients_gathered(const at::Tensor& input, const at::Tensor& gradient, Pair kernel, Pair stride,
                                     Pair padding, Pair dilation) {
  const auto patches = at::im2col(input, kernel, dilation, padding, stride);
  return gradient.flatten(2)
      .matmul(patches.transpose(1, 2))
      .view({input.size(0), gradient.size(1), input.size(1), kernel[0], kernel[1]});
}

using Three = std::tuple<at::Tensor, at::Tensor, at::Tensor>;

void check_squares(const at::Tensor& input, const at::Tensor& gradients, const at::Tensor& shares,
                   const at::Tensor& weight) {
  const bool fit = gradients.dim() == 5 && gradients.size(1) == input.size(0) && shares.dim() == 2 &&
                   shares.size(0) == gradients.size(0) && shares.size(1) == gradients.size(1) && weight.dim() == 4 &&
                   weight.size(0) == gradients.size(2) && weight.size(1) == input.size(1);
  TORCH_CHECK(fit, "expected gradients [R, N, O, Ho, Wo], shares [R, N] and a weight [O, I, kH, kW], got ",
              gradients.sizes(), ", ", shares.sizes(), " and ", weight.sizes());
  for (const auto& other : {gradients, shares, weight}) {
    TORCH_CHECK(other.scalar_type() == input.scalar_type(), "expected all of ", input.scalar_type(), ", got ",
                other.scalar_type());
  }
}

Three sample_squares_cpu(const at::Tensor& input, const at::Tensor& gradients, const at::Tensor& shares,
                         const at::Tensor& weight, Pair stride, Pair padding, Pair dilation) {
  check_squares(input, gradients, shares, weight);
  const auto g = geometry(input, weight.sizes().slice(2), gradients.sizes().slice(3), stride, padding, dilation);
  const int64_t losses = gradients.size(0), batch = gradients.size(1), out = gradients.size(2), fan = g.fan();
  const auto images = input.contiguous(), outputs = gradients.contiguous(), shares_c = shares.contiguous(),
             weight_c = as_rows(weight);
  // A part a thread, added in their order.
  auto parts = at::zeros({at::get_num_threads(), out, fan}, input.options());
  auto inner = at::zeros({losses, batch, out}, input.options());
  AT_DISPATCH_FLOATING_TYPES(input.scalar_type(), "conv2d_sample_squares", [&] {
    const scalar_t* share = shares_c.data_ptr<scalar_t>();
    const scalar_t* weights = weight_c.data_ptr<scalar_t>();
    scalar_t* of_parts = parts.data_ptr<scalar_t>();
    scalar_t* of_inner = inner.data_ptr<scalar_t>();
    each_tile<scalar_t>(images, outputs, g,
                        [&](int64_t n, int64_t row, int64_t column, int64_t used, const scalar_t* values) {
                          const int64_t r = row / out, o = row % out;
                          const scalar_t s = share[r * batch + n];
                          const scalar_t* w = weights + o * fan + column;
                          scalar_t* part = of_parts + (at::get_thread_num() * out + o) * fan + column;
                          of_inner[(r * batch + n) * out + o] += add_squares(values, w, s, used, part);
                        });
  });
  return {as_weights(parts.sum(0), g), inner, outputs.flatten(3).sum(3)};
}

Three sample_squares_gathered(const at::Tensor& input, const at::Tensor& gradients, const at::Tensor& shares,
                              const at::Tensor& weight, Pair stride, Pair padding, Pair dilation) {
  check_squares(input, gradients, shares, weight);
  auto squares = at::zeros_like(weight);
  std::vector<at::Tensor> inner;
  for (int64_t r = 0; r < gradients.size(0); ++r) {
    const auto each =
        sample_gradients_gathered(input, gradients[r], weight.sizes().slice(2), stride, padding, dilation);
    squares += each.square().mul(shares[r].view({-1, 1, 1, 1, 1})).sum(0);
    inner.push_back(each.mul(weight).flatten(2).sum(2));
  }
  return {squares, at::stack(inner), gradients.flatten(3).sum(3)};
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(coppice, library) {
  library.def(
      "conv2d_sample_gradients(Tensor input, Tensor grad_output, int[2] kernel_size, int[2] stride, int[2] padding, "
      "int[2] dilation) -> Tensor");
  library.def(
      "conv2d_sample_gradients.gathered(Tensor input, Tensor grad_output, int[2] kernel_size, int[2] stride, "
      "int[2] padding, int[2] dilation) -> Tensor");
  library.def(
      "conv2d_sample_squares(Tensor input, Tensor grad_output, Tensor shares, Tensor weight, int[2] stride, "
      "int[2] padding, int[2] dilation) -> (Tensor squares, Tensor inner, Tensor sums)");
  library.def(
      "conv2d_sample_squares.gathered(Tensor input, Tensor grad_output, Tensor shares, Tensor weight, int[2] stride, "
      "int[2] padding, int[2] dilation) -> (Tensor squares, Tensor inner, Tensor sums)");
}
TORCH_LIBRARY_IMPL(coppice, CPU, library) {
  library.impl("conv2d_sample_gradients", sample_gradients_cpu);
  library.impl("conv2d_sample_squares", sample_squares_cpu);
}
TORCH_LIBRARY_IMPL(coppice, CompositeExplicitAutograd, library) {
  library.impl("conv2d_sample_gradients", sample_gradients_gathered);
  library.impl("conv2d_sample_gradients.gathered", sample_gradients_gathered);
  library.impl("conv2d_sample_squares", sample_squares_gathered);
  library.impl("conv2d_sample_squares.gathered", sample_squares_gathered);
}
