// What bfloat16 activations could bring to the sparse kernels: the forward loop and a pass over activations, in both precisions.
//
//   y[o, h, w] = sum over live (i, r, c, weight) of weight * x[i, h + r, w + c]     for a vector of samples at a time
//
// The loop is that of native/ops/sparse/convolve.inc.h without its borders: a tile of the output row stays in sixteen registers while the
// list of live weights of one channel runs past it. float32: 16 samples a vector, one load a multiplication. bfloat16: 32 samples a
// vector, one load for two multiplications, either unpacked (a shift, an AND and two multiplications in float32) or by vdpbf16ps with
// the weight in one half of each pair and zero in the other; sums in float32, rounded to bfloat16 when stored. Prints one line of JSON: seconds for
// a sample of each shape and variant, best of several. Needs a processor with AVX-512 and AVX512_BF16.
#include <immintrin.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <vector>

namespace {

struct Shape {
  const char* name;
  int channels, size;
};

struct Live {
  int offset;  // in positions of the padded input
  float weight;
};

struct Layer {
  Shape shape;
  std::vector<std::vector<Live>> rows;  // of each output channel
  int padded() const { return shape.size + 2; }
  size_t inputs() const { return static_cast<size_t>(shape.channels) * padded() * padded(); }
};

Layer make_layer(Shape shape, double density) {
  std::mt19937 random(1);
  std::uniform_real_distribution<float> uniform(0, 1);
  Layer layer{shape, {}};
  const int padded = layer.padded();
  layer.rows.resize(shape.channels);
  for (auto& row : layer.rows) {
    for (int column = 0; column < 3; column++) {
      for (int line = 0; line < 3; line++) {
        for (int channel = 0; channel < shape.channels; channel++) {
          if (uniform(random) >= density) continue;
          row.push_back({(channel * padded + line) * padded + column, uniform(random) - 0.5f});
        }
      }
    }
  }
  return layer;
}

template <class T>
T* allocate(size_t count) {
  void* const memory = std::aligned_alloc(1 << 21, (count * sizeof(T) + (1 << 21) - 1) >> 21 << 21);
  auto* const values = static_cast<uint16_t*>(memory);
  for (size_t i = 0; i < count * sizeof(T) / 2; i++) values[i] = 0x3e00 + (i * 40503 >> 5 & 0x7f);
  return static_cast<T*>(memory);
}

struct Float32 {
  using Element = float;
  static constexpr int samples = 16, tile = 16;
  template <int tile>
  static void run(const float* x, const std::vector<Live>& row, float* y) {
    __m512 sums[tile];
    for (auto& sum : sums) sum = _mm512_setzero_ps();
    for (const auto& [offset, weight] : row) {
      const __m512 factor = _mm512_set1_ps(weight);
      const float* const from = x + static_cast<ptrdiff_t>(offset) * samples;
#pragma GCC unroll 16
      for (int i = 0; i < tile; i++) sums[i] = _mm512_fmadd_ps(factor, _mm512_load_ps(from + i * samples), sums[i]);
    }
    for (int i = 0; i < tile; i++) _mm512_store_ps(y + i * samples, sums[i]);
  }
  // A pass over activations: y = relu(a x + b), as batch normalisation makes one.
  static void pass(const float* x, size_t vectors, float* y) {
    const __m512 a = _mm512_set1_ps(1.5f), b = _mm512_set1_ps(-0.1f), zero = _mm512_setzero_ps();
    for (size_t i = 0; i < vectors; i++) {
      _mm512_store_ps(y + i * 16, _mm512_max_ps(_mm512_fmadd_ps(a, _mm512_load_ps(x + i * 16), b), zero));
    }
  }
};

struct Bfloat16 {
  using Element = uint16_t;
  static constexpr int samples = 32, tile = 8;
  static __m512 low(__m512i pair) { return _mm512_castsi512_ps(_mm512_slli_epi32(pair, 16)); }
  static __m512 high(__m512i pair) {
    return _mm512_castsi512_ps(_mm512_and_si512(pair, _mm512_set1_epi32(static_cast<int>(0xffff0000))));
  }
  // Sample 2i in the lower half of a pair, 2i + 1 in the upper.
  static __m512i packed(__m512 even, __m512 odd) {
    const __m512i lower = _mm512_cvtepu16_epi32((__m256i)_mm512_cvtneps_pbh(even));
    const __m512i upper = _mm512_cvtepu16_epi32((__m256i)_mm512_cvtneps_pbh(odd));
    return _mm512_or_si512(lower, _mm512_slli_epi32(upper, 16));
  }
  template <int tile>
  static void store(const __m512* even, const __m512* odd, uint16_t* y) {
    for (int i = 0; i < tile; i++) _mm512_store_si512(y + i * samples, packed(even[i], odd[i]));
  }
  static void pass(const uint16_t* x, size_t vectors, uint16_t* y) {
    const __m512 a = _mm512_set1_ps(1.5f), b = _mm512_set1_ps(-0.1f), zero = _mm512_setzero_ps();
    for (size_t i = 0; i < vectors; i++) {
      const __m512i pair = _mm512_load_si512(x + i * 32);
      const __m512 even = _mm512_max_ps(_mm512_fmadd_ps(a, low(pair), b), zero);
      const __m512 odd = _mm512_max_ps(_mm512_fmadd_ps(a, high(pair), b), zero);
      _mm512_store_si512(y + i * 32, packed(even, odd));
    }
  }
};

struct Unpacked : Bfloat16 {
  template <int tile>
  static void run(const uint16_t* x, const std::vector<Live>& row, uint16_t* y) {
    __m512 even[tile], odd[tile];
    for (int i = 0; i < tile; i++) even[i] = odd[i] = _mm512_setzero_ps();
    for (const auto& [offset, weight] : row) {
      const __m512 factor = _mm512_set1_ps(weight);
      const uint16_t* const from = x + static_cast<ptrdiff_t>(offset) * samples;
#pragma GCC unroll 8
      for (int i = 0; i < tile; i++) {
        const __m512i pair = _mm512_load_si512(from + i * samples);
        even[i] = _mm512_fmadd_ps(factor, low(pair), even[i]);
        odd[i] = _mm512_fmadd_ps(factor, high(pair), odd[i]);
      }
    }
    store<tile>(even, odd, y);
  }
};

struct DotProduct : Bfloat16 {
  template <int tile>
  static void run(const uint16_t* x, const std::vector<Live>& row, uint16_t* y) {
    __m512 even[tile], odd[tile];
    for (int i = 0; i < tile; i++) even[i] = odd[i] = _mm512_setzero_ps();
    for (const auto& [offset, weight] : row) {
      uint32_t bits;
      __builtin_memcpy(&bits, &weight, sizeof bits);
      const auto lower = (__m512bh)_mm512_set1_epi32(static_cast<int>(bits >> 16));
      const auto upper = (__m512bh)_mm512_set1_epi32(static_cast<int>(bits & 0xffff0000));
      const uint16_t* const from = x + static_cast<ptrdiff_t>(offset) * samples;
#pragma GCC unroll 8
      for (int i = 0; i < tile; i++) {
        const auto pair = (__m512bh)_mm512_load_si512(from + i * samples);
        even[i] = _mm512_dpbf16_ps(even[i], lower, pair);
        odd[i] = _mm512_dpbf16_ps(odd[i], upper, pair);
      }
    }
    store<tile>(even, odd, y);
  }
};

double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// Rows narrower than the tile are taken by a narrower one.
template <class Kernel, int tile>
void image(const Layer& layer, const typename Kernel::Element* x, typename Kernel::Element* y) {
  const int size = layer.shape.size, padded = layer.padded();
  for (int h = 0; h < size; h++) {
    for (int o = 0; o < layer.shape.channels; o++) {
      for (int w = 0; w < size; w += tile) {
        const ptrdiff_t to = (static_cast<ptrdiff_t>(o) * padded + h + 1) * padded + w + 1;
        Kernel::template run<tile>(x + (static_cast<ptrdiff_t>(h) * padded + w) * Kernel::samples, layer.rows[o],
                                   y + to * Kernel::samples);
      }
    }
  }
}

constexpr int kImages = 64, kRepetitions = 15;

struct Times {
  double kernel = 1e9, pass = 1e9;  // seconds for 64 samples
};

template <class Kernel>
class Contestant {
 public:
  explicit Contestant(const Layer& layer)
      : layer_(layer),
        x_(allocate<Element>(layer.inputs() * kImages)),
        y_(allocate<Element>(layer.inputs() * kImages)) {}
  ~Contestant() {
    std::free(x_);
    std::free(y_);
  }
  Contestant(const Contestant&) = delete;
  Contestant& operator=(const Contestant&) = delete;

  void run() {
    const size_t block = layer_.inputs() * Kernel::samples;
    const double started = now();
    for (int b = 0; b < kImages / Kernel::samples; b++) {
      if (layer_.shape.size >= Kernel::tile) image<Kernel, Kernel::tile>(layer_, x_ + b * block, y_ + b * block);
      else if (layer_.shape.size == 8) image<Kernel, 8>(layer_, x_ + b * block, y_ + b * block);
      else image<Kernel, 4>(layer_, x_ + b * block, y_ + b * block);
    }
    const double between = now();
    Kernel::pass(y_, layer_.inputs() * kImages / Kernel::samples, x_);
    const double ended = now();
    times.kernel = std::min(times.kernel, between - started);
    times.pass = std::min(times.pass, ended - between);
  }

  Times times;

 private:
  using Element = typename Kernel::Element;
  const Layer& layer_;
  Element *x_, *y_;
};

void print(const char* name, const Times& times) {
  std::printf("\"%s\": {\"kernel\": %.6g, \"pass\": %.6g}", name, times.kernel, times.pass);
}

}  // namespace

int main(int, char** arguments) {
  const double density = std::atof(arguments[1]);
  std::printf("{");
  const Shape shapes[] = {{"64@32", 64, 32}, {"128@16", 128, 16}, {"256@8", 256, 8}, {"512@4", 512, 4}};
  for (const Shape& shape : shapes) {
    const Layer layer = make_layer(shape, density);
    Contestant<Float32> float32(layer);
    Contestant<Unpacked> unpacked(layer);
    Contestant<DotProduct> dot_product(layer);
    for (int i = 0; i < kRepetitions; i++) {
      float32.run();
      unpacked.run();
      dot_product.run();
    }
    std::printf("%s\"%s\": {", &shape == shapes ? "" : ", ", shape.name);
    print("float32", float32.times);
    std::printf(", ");
    print("unpacked", unpacked.times);
    std::printf(", ");
    print("dotProduct", dot_product.times);
    std::printf("}");
  }
  std::printf("}\n");
}
