// Products of each image's output gradients with its patches: the gradients of a convolution's weight, image by image, tile by tile.
//
//   g[n][r O + o][kh kw i] = sum_p dY[r, n, o, p] patches[n][p][kh kw i]
//
// A tile of the product is kRows x kColumns: its sums stay in registers while all positions run past, and it is handed over while it is in
// the first cache. The whole product of an image is never stored.
#pragma once
#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <cstdint>
#include <vector>

namespace coppice {

struct Geometry {
  int64_t channels, height, width;      // of the input
  int64_t kernel_height, kernel_width;  // of the weight
  int64_t out_height, out_width;        // of the output
  int64_t stride[2], padding[2], dilation[2];

  int64_t positions() const { return out_height * out_width; }
  int64_t fan() const { return channels * kernel_height * kernel_width; }
};

// Throws c10::Error where input, kernel and output do not belong together. All but `input` have two numbers: rows, columns.
Geometry make_geometry(const at::Tensor& input, at::IntArrayRef kernel, at::IntArrayRef output, at::IntArrayRef stride,
                       at::IntArrayRef padding, at::IntArrayRef dilation);

// Rows of the product in a tile, and its columns as vectors of 64 bytes: 16 vectors of sums, half of the registers of AVX-512.
constexpr int kRows = 8, kVectors = 2;

template <typename T>
struct Vector {
  typedef T type __attribute__((vector_size(64), aligned(sizeof(T))));
  static constexpr int64_t lanes = 64 / sizeof(T);
};
template <typename T>
constexpr int64_t kColumns = kVectors* Vector<T>::lanes;

// tile[kRows][kColumns] = rows[m][p] times patches[p][columns], summed over the positions.
void multiply(const float* const* rows, const float* patches, int64_t positions, int64_t columns, float* tile);
void multiply(const double* const* rows, const double* patches, int64_t positions, int64_t columns, double* tile);

// patches[p][kh kw i] of one image, zeros behind each row up to `columns`. `frame` holds the image with its channels last, in its padding.
template <typename T>
void lay_out_patches(const T* image, const Geometry& g, int64_t columns, std::vector<T>& frame, T* patches);

// Columns of a row of patches: whole tiles, so that no tile has an edge.
template <typename T>
int64_t padded_fan(const Geometry& g) {
  return (g.fan() + kColumns<T> - 1) / kColumns<T> * kColumns<T>;
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
    // One image's at a time, in memory that is used again for the next: it stays in the cache.
    std::vector<T> patches(positions * columns);
    std::vector<T> frame((g.height + 2 * g.padding[0]) * (g.width + 2 * g.padding[1]) * g.channels);
    T tile[kRows * kColumns<T>];
    for (int64_t n = begin; n < end; ++n) {
      lay_out_patches(images + n * g.channels * g.height * g.width, g, columns, frame, patches.data());
      for (int64_t first = 0; first < rows_in_all; first += kRows) {
        const int64_t count = std::min<int64_t>(kRows, rows_in_all - first);
        const T* rows[kRows];
        for (int64_t m = 0; m < kRows; ++m) {
          // The last tile repeats its last row, so that it needs no other kernel; the repetitions are not visited.
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

}  // namespace coppice
