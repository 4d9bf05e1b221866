#include "pattern.h"

#include <ATen/Parallel.h>
#include <c10/util/BFloat16.h>

#include <algorithm>
#include <tuple>

namespace coppice::sparse {

// From this share of zeros on, the other weights are copied to a separate list: the copy costs about a hundredth of the convolution.
constexpr double kZerosThatPay = 0.05;

template <class T>
Pattern<T>::Pattern(int rows, int stride, Taps columns, Taps row_taps, std::vector<Item> items)
    : rows_(rows), stride_(stride), columns_(columns), row_taps_(row_taps) {
  const auto group = [&](const Item& item) {
    return (int64_t{item.row} * columns.count + item.column_tap - columns.first) * row_taps.count + item.row_tap -
           row_taps.first;
  };
  // Groups by column tap, within them by row tap: a kernel takes the row taps inside of the image as one range (convolve_tile.inc.h).
  std::stable_sort(items.begin(), items.end(), [&](const Item& a, const Item& b) {
    return std::make_tuple(group(a), a.offset) < std::make_tuple(group(b), b.offset);
  });
  start_.assign(int64_t{rows} * columns.count * row_taps.count + 1, 0);
  // Counting, then sums of the counts: the beginning of each group, and of the one after it, which is its end. Empty groups cost one number.
  for (const Item& item : items) {
    ++start_[group(item) + 1];
    entries_.push_back({item.offset, T(0)});
    source_.push_back(item.source);
  }
  for (size_t i = 1; i < start_.size(); ++i) start_[i] += start_[i - 1];
}

namespace {

// To the nearest, ties to even; what is not a number stays so.
template <class T>
T round_to_bfloat16(T value) {
  return T(float(c10::BFloat16(float(value))));
}

}  // namespace

template <class T>
void Pattern<T>::set_weights(const T* weights, bool to_bfloat16) {
  // Copied beside their offsets, so that a kernel reads one stream; by source_, since a backward list has another order than the weights.
  at::parallel_for(0, int64_t(entries_.size()), 16384, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      const T weight = weights[source_[i]];
      entries_[i].weight = to_bfloat16 ? round_to_bfloat16(weight) : weight;
    }
  });
  const auto zeros = std::count_if(entries_.begin(), entries_.end(), [](const Entry<T>& e) { return e.weight == 0; });
  skips_ = zeros > kZerosThatPay * double(entries_.size());
  if (!skips_) return;
  // Groups keep their order and are only shorter, so that kernels read either list in the same way.
  nonzero_start_.resize(start_.size());
  nonzero_.clear();
  nonzero_.reserve(entries_.size() - zeros);
  for (size_t group = 0; group + 1 < start_.size(); ++group) {
    nonzero_start_[group] = int32_t(nonzero_.size());
    for (int32_t i = start_[group]; i < start_[group + 1]; ++i) {
      if (entries_[i].weight != 0) nonzero_.push_back(entries_[i]);
    }
  }
  nonzero_start_.back() = int32_t(nonzero_.size());
}

namespace {

struct Coordinate {
  int output, input, row, column;
};

Coordinate coordinate_of(const ConvShape& shape, int64_t position) {
  const int64_t k = shape.kernel, of_output = shape.in_channels * k * k;
  return {int(position / of_output), int(position % of_output / (k * k)), int(position % (k * k) / k),
          int(position % k)};
}

template <class T>
BackwardClass<T> make_backward_class(const ConvShape& shape, const std::vector<int64_t>& positions, int lanes,
                                     int first_row, int first_column) {
  const Extent out = shape.out();
  const int stride = shape.stride, padding = shape.kernel / 2;
  // dx[stride q + first] takes w[tap] dy[q + (first + padding - tap) / stride] for the taps that divide.
  const auto taps = [&](int first) {
    int least = 0, most = 0;
    bool any = false;
    for (int tap = 0; tap < shape.kernel; ++tap) {
      if ((first + padding - tap) % stride != 0) continue;
      const int at = (first + padding - tap) / stride;
      least = any ? std::min(least, at) : at;
      most = any ? std::max(most, at) : at;
      any = true;
    }
    return typename Pattern<T>::Taps{least, most - least + 1};
  };
  std::vector<typename Pattern<T>::Item> items;
  for (size_t i = 0; i < positions.size(); ++i) {
    const Coordinate c = coordinate_of(shape, positions[i]);
    const int row = first_row + padding - c.row, column = first_column + padding - c.column;
    // Each weight is in exactly one class, that of its parities, so nothing is multiplied twice.
    if (row % stride != 0 || column % stride != 0) continue;
    const int32_t offset = int32_t((row / stride * out.channels + c.output) * out.width * lanes);
    items.push_back({c.input, column / stride, row / stride, offset, int32_t(i)});
  }
  return {Pattern<T>(shape.in_channels, 1, taps(first_column), taps(first_row), std::move(items)),
          stride,
          first_row,
          first_column,
          (shape.in.height - first_row + stride - 1) / stride,
          (shape.in.width - first_column + stride - 1) / stride};
}

}  // namespace

template <class T>
Pattern<T> make_forward_pattern(const ConvShape& shape, const std::vector<int64_t>& positions, int lanes) {
  const int padding = shape.kernel / 2;
  std::vector<typename Pattern<T>::Item> items;
  items.reserve(positions.size());
  for (size_t i = 0; i < positions.size(); ++i) {
    const Coordinate c = coordinate_of(shape, positions[i]);
    // From the row that the output row maps to; negative for taps above it. The column tap is not in it: it is a constant of the kernel.
    const int row = c.row - padding;
    const int32_t offset = int32_t((row * shape.in_channels + c.input) * shape.in.width * lanes);
    items.push_back({c.output, c.column - padding, row, offset, int32_t(i)});
  }
  const typename Pattern<T>::Taps taps{-padding, shape.kernel};
  return Pattern<T>(shape.out_channels, shape.stride, taps, taps, std::move(items));
}

template <class T>
std::vector<BackwardClass<T>> make_backward_classes(const ConvShape& shape, const std::vector<int64_t>& positions,
                                                    int lanes) {
  std::vector<BackwardClass<T>> classes;
  // A strided 1x1 convolution reaches even positions only.
  const int parities = shape.kernel == 1 ? 1 : shape.stride;
  for (int row = 0; row < parities; ++row) {
    for (int column = 0; column < parities; ++column) {
      if (row >= shape.in.height || column >= shape.in.width) continue;
      classes.push_back(make_backward_class<T>(shape, positions, lanes, row, column));
    }
  }
  return classes;
}

template class Pattern<float>;
template class Pattern<double>;
template Pattern<float> make_forward_pattern(const ConvShape&, const std::vector<int64_t>&, int);
template Pattern<double> make_forward_pattern(const ConvShape&, const std::vector<int64_t>&, int);
template std::vector<BackwardClass<float>> make_backward_classes(const ConvShape&, const std::vector<int64_t>&, int);
template std::vector<BackwardClass<double>> make_backward_classes(const ConvShape&, const std::vector<int64_t>&, int);

}  // namespace coppice::sparse
