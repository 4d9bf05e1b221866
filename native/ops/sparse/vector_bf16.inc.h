// The vectors of the variant that keeps activations in bfloat16 and computes in float32: see vector.inc.h for what is what.
//
// A vector has 32 lanes in two registers. In memory lanes l and l + 16 lie side by side, in the halves of 32 bits, so that
//   vdpbf16ps(sum, (w, 0), x) adds w * x to the lower lanes, with (0, w) to the upper, and with dy adds both products:
// one load serves two multiplications, and in a weight gradient one instruction makes both.
//
// Source     Intel, "BFLOAT16 - Hardware Numerics Definition" (2018): sums in float32, rounded to nearest even, denormals are zero
#include <immintrin.h>

#include "types.h"

#define COPPICE_INLINE __attribute__((always_inline))

namespace coppice::sparse {
namespace COPPICE_VARIANT {
namespace {

using P = COPPICE_PRECISION;
using T = P::Value;
using Stored = P::Stored;
constexpr int L = COPPICE_LANES;
constexpr int kHalf = L / 2;
typedef T F __attribute__((vector_size(kHalf * sizeof(T))));

struct V {
  F lower, upper;
  T& operator[](int l) { return reinterpret_cast<T*>(this)[l]; }
};

// A compiler that passes vectors around as structures needs every one of these inlined.
COPPICE_INLINE inline V operator+(V a, V b) { return {a.lower + b.lower, a.upper + b.upper}; }
COPPICE_INLINE inline V operator-(V a, V b) { return {a.lower - b.lower, a.upper - b.upper}; }
COPPICE_INLINE inline V operator*(V a, V b) { return {a.lower * b.lower, a.upper * b.upper}; }
COPPICE_INLINE inline V operator+(V a, T b) { return {a.lower + b, a.upper + b}; }
COPPICE_INLINE inline V operator-(V a, T b) { return {a.lower - b, a.upper - b}; }
COPPICE_INLINE inline V operator*(V a, T b) { return {a.lower * b, a.upper * b}; }
COPPICE_INLINE inline V& operator+=(V& a, V b) { return a = a + b; }
COPPICE_INLINE inline V& operator*=(V& a, V b) { return a = a * b; }

inline const V& vec(const T* p) { return *reinterpret_cast<const V*>(p); }
inline V& vec(T* p) { return *reinterpret_cast<V*>(p); }

COPPICE_INLINE inline __m512i load_pairs(const Stored* p) { return _mm512_load_si512(p); }
COPPICE_INLINE inline V load(const Stored* p) {
  const __m512i both = load_pairs(p);
  // A bfloat16 is the upper half of a float32: shifting, or clearing the other half, converts it.
  return {F(_mm512_slli_epi32(both, 16)), F(_mm512_and_si512(both, _mm512_set1_epi32(int(0xffff0000))))};
}
COPPICE_INLINE inline void store(Stored* p, V v) {
  const __m512i lower = _mm512_cvtepu16_epi32(__m256i(_mm512_cvtneps_pbh(__m512(v.lower))));
  const __m512i upper = _mm512_cvtepu16_epi32(__m256i(_mm512_cvtneps_pbh(__m512(v.upper))));
  _mm512_store_si512(p, _mm512_or_si512(lower, _mm512_slli_epi32(upper, 16)));
}
inline int lane_at(int l) { return l < kHalf ? 2 * l : 2 * (l - kHalf) + 1; }
inline Stored to_stored(T value) {
  const auto rounded = __m128i(_mm_cvtneps_pbh(_mm_set_ss(value)));
  return {uint16_t(_mm_extract_epi16(rounded, 0))};
}

COPPICE_INLINE inline F relu(F v) { return v <= T(0) ? F{} : v; }
COPPICE_INLINE inline V relu(V v) { return {relu(v.lower), relu(v.upper)}; }
COPPICE_INLINE inline F where_positive(F value, F dv) { return value <= T(0) ? F{} : dv; }
COPPICE_INLINE inline V where_positive(V value, V dv) {
  return {where_positive(value.lower, dv.lower), where_positive(value.upper, dv.upper)};
}
COPPICE_INLINE inline F max_or_nan(F most, F v) { return (v > most) | (v != v) ? v : most; }
COPPICE_INLINE inline V max_or_nan(V most, V v) {
  return {max_or_nan(most.lower, v.lower), max_or_nan(most.upper, v.upper)};
}
COPPICE_INLINE inline F take_where_equal(F x, F y, F& left) {
  const auto here = x == y;
  const F taken = here ? left : F{};
  left = here ? F{} : left;
  return taken;
}
COPPICE_INLINE inline V take_where_equal(V x, V y, V& left) {
  return {take_where_equal(x.lower, y.lower, left.lower), take_where_equal(x.upper, y.upper, left.upper)};
}

// The weight is a bfloat16 already (Pattern::set_weights), so its lower bits are zero.
struct Weight {
  __m512bh lower, upper;
};
COPPICE_INLINE inline Weight broadcast(T weight) {
  int32_t bits;
  __builtin_memcpy(&bits, &weight, sizeof bits);
  return {__m512bh(_mm512_set1_epi32(int32_t(uint32_t(bits) >> 16))), __m512bh(_mm512_set1_epi32(bits))};
}
// Of the two products that the instruction adds, one is with a zero half of the weight.
COPPICE_INLINE inline void multiply_add(V& sum, const Weight& weight, const Stored* x) {
  const auto both = __m512bh(load_pairs(x));
  sum.lower = F(_mm512_dpbf16_ps(__m512(sum.lower), weight.lower, both));
  sum.upper = F(_mm512_dpbf16_ps(__m512(sum.upper), weight.upper, both));
}

using Held = __m512i;
using Partial = F;
COPPICE_INLINE inline Held hold(const Stored* p) { return load_pairs(p); }
COPPICE_INLINE inline void accumulate_product(Partial& sum, const Held& dy, const Stored* x) {
  sum = F(_mm512_dpbf16_ps(__m512(sum), __m512bh(dy), __m512bh(load_pairs(x))));
}

}  // namespace
}  // namespace COPPICE_VARIANT
}  // namespace coppice::sparse
