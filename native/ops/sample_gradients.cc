// coppice::conv2d_sample_gradients and coppice::conv2d_sample_squares - gradients of a convolution's weight for single images.
//
//   g[n] = dY[n] patches(X[n])^T          as a convolution's weight gradient, for one image instead of the batch
//   squares = sum over r, n of w[r, n] g[r, n]^2,  inner[r, n, o] = sum_i g[r, n, o, i] W[o, i],  sums[r, n, o] = sum_p dY[r, n, o, p]
//
// Source     Rochette et al. 2019, arXiv:1912.06015 (gradients of single images from the layer's input and output)
// Reference  torch.func.vmap of torch.func.grad gives the same
// Differs    squares never makes the gradients: an image's patches are laid out once, small enough for the cache, and what a tile of the
//            product with the gradients of all losses r gives is squared while it is in the first cache (patch_products.h)
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

#include "patch_products.h"

namespace {

using namespace coppice;
using Pair = at::IntArrayRef;

// part += share values^2; gives the sum of values times w. Both in one loop, while the values are in the first cache.
template <typename T>
T add_squares(const T* values, const T* w, T share, int64_t count, T* part) {
  T inner = 0;
#pragma omp simd reduction(+ : inner)
  for (int64_t i = 0; i < count; ++i) {
    inner += values[i] * w[i];
    part[i] += share * values[i] * values[i];
  }
  return inner;
}

// [O, kH kW I] as in a row of patches, from [O, I, kH, kW]; and back.
at::Tensor to_rows(const at::Tensor& weight) { return weight.permute({0, 2, 3, 1}).flatten(1).contiguous(); }
at::Tensor to_weights(const at::Tensor& rows, const Geometry& g) {
  return rows.unflatten(-1, {g.kernel_height, g.kernel_width, g.channels}).movedim(-1, -3).contiguous();
}

at::Tensor sample_gradients_cpu(const at::Tensor& input, const at::Tensor& gradient, Pair kernel, Pair stride,
                                Pair padding, Pair dilation) {
  TORCH_CHECK(gradient.dim() == 4 && gradient.size(0) == input.size(0) && gradient.scalar_type() == input.scalar_type(),
              "expected gradients [N, O, Ho, Wo] of the input's type, got ", gradient.scalar_type(), " ",
              gradient.sizes());
  const auto g = make_geometry(input, kernel, gradient.sizes().slice(2), stride, padding, dilation);
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
  return to_weights(result, g);
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
  const auto g = make_geometry(input, weight.sizes().slice(2), gradients.sizes().slice(3), stride, padding, dilation);
  const int64_t losses = gradients.size(0), batch = gradients.size(1), out = gradients.size(2), fan = g.fan();
  const auto images = input.contiguous(), outputs = gradients.contiguous(), shares_c = shares.contiguous(),
             weight_c = to_rows(weight);
  // A part for each thread, so that none waits for another; added in their order.
  auto parts = at::zeros({at::get_num_threads(), out, fan}, input.options());
  auto inner = at::zeros({losses, batch, out}, input.options());
  AT_DISPATCH_FLOATING_TYPES(input.scalar_type(), "conv2d_sample_squares", [&] {
    const scalar_t* share = shares_c.data_ptr<scalar_t>();
    const scalar_t* weights = weight_c.data_ptr<scalar_t>();
    scalar_t* parts_data = parts.data_ptr<scalar_t>();
    scalar_t* inner_data = inner.data_ptr<scalar_t>();
    each_tile<scalar_t>(images, outputs, g,
                        [&](int64_t n, int64_t row, int64_t column, int64_t used, const scalar_t* values) {
                          // A tile is a piece of one loss's and output channel's gradient: its squares go to that channel's.
                          const int64_t r = row / out, o = row % out;
                          const scalar_t s = share[r * batch + n];
                          const scalar_t* w = weights + o * fan + column;
                          scalar_t* part = parts_data + (at::get_thread_num() * out + o) * fan + column;
                          inner_data[(r * batch + n) * out + o] += add_squares(values, w, s, used, part);
                        });
  });
  return {to_weights(parts.sum(0), g), inner, outputs.flatten(3).sum(3)};
}

Three sample_squares_gathered(const at::Tensor& input, const at::Tensor& gradients, const at::Tensor& shares,
                              const at::Tensor& weight, Pair stride, Pair padding, Pair dilation) {
  check_squares(input, gradients, shares, weight);
  auto squares = at::zeros_like(weight);
  std::vector<at::Tensor> inner;
  for (int64_t r = 0; r < gradients.size(0); ++r) {
    // One loss at a time: the gradients of all images for one are as large as this form may become.
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
