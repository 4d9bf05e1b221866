#include "patch_products.h"

namespace coppice {

Geometry make_geometry(const at::Tensor& input, at::IntArrayRef kernel, at::IntArrayRef output, at::IntArrayRef stride,
                       at::IntArrayRef padding, at::IntArrayRef dilation) {
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

namespace {

#if defined(__x86_64__) && defined(__gnu_linux__) && !defined(__SANITIZE_ADDRESS__)
// Compiled for each, and chosen when the library is loaded.
#define COPPICE_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define COPPICE_CLONES
#endif

// Always inlined, so that each clone below compiles it for its own instructions.
template <typename T>
inline __attribute__((always_inline)) void multiply_tile(const T* const* rows, const T* patches, int64_t positions,
                                                         int64_t columns, T* tile) {
  using V = typename Vector<T>::type;
  constexpr int64_t lanes = Vector<T>::lanes;
  // The sums do not depend on each other, so their additions overlap. Of what is loaded for a position a vector of patches serves kRows sums,
  // and a number of a row kVectors.
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

}  // namespace

COPPICE_CLONES void multiply(const float* const* rows, const float* patches, int64_t positions, int64_t columns,
                             float* tile) {
  multiply_tile(rows, patches, positions, columns, tile);
}
COPPICE_CLONES void multiply(const double* const* rows, const double* patches, int64_t positions, int64_t columns,
                             double* tile) {
  multiply_tile(rows, patches, positions, columns, tile);
}

template <typename T>
void lay_out_patches(const T* image, const Geometry& g, int64_t columns, std::vector<T>& frame, T* patches) {
  const int64_t wide = g.width + 2 * g.padding[1];
  for (int64_t c = 0; c < g.channels; ++c) {
    for (int64_t h = 0; h < g.height; ++h) {
      T* to = frame.data() + ((h + g.padding[0]) * wide + g.padding[1]) * g.channels + c;
      for (int64_t w = 0; w < g.width; ++w) to[w * g.channels] = *image++;
    }
  }
  // Channels last, so that a tap of a patch is one copy of all channels; and in its padding, so that no copy has to look for edges.
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

template void lay_out_patches(const float*, const Geometry&, int64_t, std::vector<float>&, float*);
template void lay_out_patches(const double*, const Geometry&, int64_t, std::vector<double>&, double*);

}  // namespace coppice
