// Pooling in the layout of types.h: the mean over space and maxima over windows, with their gradients.
#pragma once
#include "work.inc.h"

namespace coppice::sparse {
namespace COPPICE_VARIANT {
namespace {

void global_mean(const Stored* x, int batch, Extent e, T* features) {
  const T share = T(1) / T(e.height * e.width);
  over_rows(batch, 1, [&](int block, int) {
    const int64_t n = block;
    for (int c = 0; c < e.channels; ++c) {
      V sum{};
      for (int h = 0; h < e.height; ++h) {
        const Stored* row = x + ((n * e.height + h) * e.channels + c) * e.width * L;
        V of_row{};  // a sum of sums: fewer roundings in a row
        for (int w = 0; w < e.width; ++w) of_row += load(row + w * L);
        sum += of_row;
      }
      // Lane by lane: [N, C] is what the classifier takes.
      for (int l = 0; l < L && n * L + l < batch; ++l) features[(n * L + l) * e.channels + c] = sum[l] * share;
    }
  });
}

void global_mean_backward(const T* features, int batch, Extent e, Stored* dx) {
  const T share = T(1) / T(e.height * e.width);
  over_rows(batch, 1, [&](int block, int) {
    const int64_t n = block;
    for (int c = 0; c < e.channels; ++c) {
      // Lanes past the end of the batch stay zero.
      V value{};
      for (int l = 0; l < L && n * L + l < batch; ++l) value[l] = features[(n * L + l) * e.channels + c] * share;
      for (int h = 0; h < e.height; ++h) {
        Stored* row = dx + ((n * e.height + h) * e.channels + c) * e.width * L;
        for (int w = 0; w < e.width; ++w) store(row + w * L, value);
      }
    }
  });
}

// The rows or columns of the input that a window covers, without those in the padding.
struct Window {
  int begin, end;
};
inline Window window_at(int position, PoolGeometry g, int size) {
  const int first = position * g.stride - g.padding;
  return {first < 0 ? 0 : first, first + g.kernel < size ? first + g.kernel : size};
}

void max_pool(const Stored* x, int batch, Extent in, PoolGeometry g, Extent out, Stored* y) {
  over_rows(batch, out.height, [&](int n, int h) {
    const Window rows = window_at(h, g, in.height);
    for (int c = 0; c < out.channels; ++c) {
      for (int w = 0; w < out.width; ++w) {
        const Window columns = window_at(w, g, in.width);
        const auto value = [&](int r, int s) {
          return load(x + (((int64_t{n} * in.height + r) * in.channels + c) * in.width + s) * L);
        };
        // A window always covers a pixel: padding is at most half of it.
        V most = value(rows.begin, columns.begin);
        for (int r = rows.begin; r < rows.end; ++r) {
          for (int s = columns.begin; s < columns.end; ++s) {
            most = max_or_nan(most, value(r, s));
          }
        }
        store(y + (((int64_t{n} * out.height + h) * out.channels + c) * out.width + w) * L, most);
      }
    }
  });
}

// The gradient goes to the first of equal maxima, as in PyTorch. Windows overlap, so one thread does all rows of a channel.
void max_pool_backward(const Stored* x, const Stored* y, const Stored* dy, int batch, Extent in, PoolGeometry g,
                       Extent out, Stored* dx) {
  over_rows(batch, in.channels, [&](int n, int c) {
    const auto position = [&](Extent e, int r, int s) {
      return (((int64_t{n} * e.height + r) * e.channels + c) * e.width + s) * L;
    };
    // Pixels of several windows gather several contributions, so they are added to memory, from zero.
    for (int r = 0; r < in.height; ++r) {
      for (int s = 0; s < in.width; ++s) store(dx + position(in, r, s), V{});
    }
    for (int h = 0; h < out.height; ++h) {
      const Window rows = window_at(h, g, in.height);
      for (int w = 0; w < out.width; ++w) {
        const Window columns = window_at(w, g, in.width);
        // A window's gradient goes to one pixel for each sample: `left` becomes zero where it has been taken, so a later equal pixel gets none.
        const V most = load(y + position(out, h, w));
        V left = load(dy + position(out, h, w));
        for (int r = rows.begin; r < rows.end; ++r) {
          for (int s = columns.begin; s < columns.end; ++s) {
            Stored* const to = dx + position(in, r, s);
            store(to, load(to) + take_where_equal(load(x + position(in, r, s)), most, left));
          }
        }
      }
    }
  });
}

}  // namespace
}  // namespace COPPICE_VARIANT
}  // namespace coppice::sparse
