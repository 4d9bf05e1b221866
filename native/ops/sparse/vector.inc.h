// The vectors of a variant that keeps activations in what it computes in. Included once by each variant, with
//   COPPICE_PRECISION  of types.h      COPPICE_LANES  samples in a vector      COPPICE_VARIANT  a namespace
// The contents have internal linkage: the linker must never share code between instruction sets.
#include "types.h"

#define COPPICE_INLINE __attribute__((always_inline))

namespace coppice::sparse {
namespace COPPICE_VARIANT {
namespace {

using P = COPPICE_PRECISION;
using T = P::Value;
using Stored = P::Stored;
constexpr int L = COPPICE_LANES;
typedef T V __attribute__((vector_size(L * sizeof(T))));

inline const V& vec(const T* p) { return *reinterpret_cast<const V*>(p); }
inline V& vec(T* p) { return *reinterpret_cast<V*>(p); }

// A vector of activations.
COPPICE_INLINE inline V load(const Stored* p) { return vec(p); }
COPPICE_INLINE inline void store(Stored* p, V v) { vec(p) = v; }
// Where lane l lies in it, and one element of it.
inline int lane_at(int l) { return l; }
inline Stored to_stored(T value) { return value; }

// As in PyTorch, what is not a number stays so: a run that diverges must show it.
COPPICE_INLINE inline V relu(V v) { return v <= T(0) ? V{} : v; }
// dv where the value of the ReLU was positive.
COPPICE_INLINE inline V where_positive(V value, V dv) { return value <= T(0) ? V{} : dv; }
// The larger, or what is not a number.
COPPICE_INLINE inline V max_or_nan(V most, V v) { return (v > most) | (v != v) ? v : most; }
// `left` where x equals y, and zero then remains of it there.
COPPICE_INLINE inline V take_where_equal(V x, V y, V& left) {
  const auto here = x == y;
  const V taken = here ? left : V{};
  left = here ? V{} : left;
  return taken;
}

// sum += weight * x
using Weight = T;
COPPICE_INLINE inline Weight broadcast(T weight) { return weight; }
COPPICE_INLINE inline void multiply_add(V& sum, Weight weight, const Stored* x) { sum += weight * vec(x); }

// sum += dy * x, whose lanes are added in the end. Held: dy as it stays in registers.
using Held = V;
using Partial = V;
COPPICE_INLINE inline Held hold(const Stored* p) { return vec(p); }
COPPICE_INLINE inline void accumulate_product(Partial& sum, const Held& dy, const Stored* x) { sum += dy * vec(x); }

}  // namespace
}  // namespace COPPICE_VARIANT
}  // namespace coppice::sparse
