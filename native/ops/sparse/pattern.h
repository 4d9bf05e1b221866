// Live weights of one convolution as kernels read them: forward, and for each parity of the input's positions backward.
#pragma once
#include <cstdint>
#include <vector>

#include "types.h"

namespace coppice::sparse {

// A convolution [out_channels, in_channels, kernel, kernel] with odd kernel, padding kernel / 2 and stride 1 or 2.
struct ConvShape {
  int in_channels, out_channels, kernel, stride;
  Extent in;

  Extent out() const { return {out_channels, (in.height - 1) / stride + 1, (in.width - 1) / stride + 1}; }
};

template <class T>
class Pattern {
 public:
  // What a kernel is to sum for one row. `source`: the weight's position among the layer's live weights.
  struct Item {
    int row, column_tap, row_tap;
    int32_t offset;
    int32_t source;
  };
  // Taps run from `first` over `count`.
  struct Taps {
    int first, count;
  };

  Pattern() = default;
  Pattern(int rows, int stride, Taps columns, Taps row_taps, std::vector<Item> items);

  // Takes the weights, rounded to bfloat16 where asked. Where many of them are zero, as proximal l1 leaves them, nonzero_view() leaves
  // those out.
  void set_weights(const T* weights, bool to_bfloat16);
  // All weights, zero or not: they have gradients.
  PatternView<T> view() const { return view_of(start_, entries_); }
  // Those that change a sum.
  PatternView<T> nonzero_view() const { return skips_ ? view_of(nonzero_start_, nonzero_) : view(); }

 private:
  PatternView<T> view_of(const std::vector<int32_t>& start, const std::vector<Entry<T>>& entries) const {
    return {rows_,           stride_,         columns_.first, columns_.count,
            row_taps_.first, row_taps_.count, start.data(),   entries.data()};
  }

  int rows_ = 0, stride_ = 1;
  Taps columns_{}, row_taps_{};
  std::vector<int32_t> start_, source_;
  std::vector<Entry<T>> entries_;
  bool skips_ = false;
  std::vector<int32_t> nonzero_start_;
  std::vector<Entry<T>> nonzero_;
};

// One of the problems of stride 1 that make up a backward pass: it yields the gradient at every `y_stride`-th position.
template <class T>
struct BackwardClass {
  Pattern<T> pattern;
  int y_stride, first_row, first_column;
  int grid_height, grid_width;
};

// `positions`: of the live weights in the flattened weight, ordered by (output channel, column, row, input channel): the order of
// the forward pattern, so that forward weights and their gradients need no permutation.
template <class T>
Pattern<T> make_forward_pattern(const ConvShape&, const std::vector<int64_t>& positions, int lanes);
template <class T>
std::vector<BackwardClass<T>> make_backward_classes(const ConvShape&, const std::vector<int64_t>& positions, int lanes);

}  // namespace coppice::sparse
