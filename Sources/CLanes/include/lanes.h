#ifndef LANES_H
#define LANES_H

// Instructions that Swift has no words for: shuffles of two registers, which the compiler takes apart into single numbers where they are
// written lane by lane, and hints to the cache. All are inlined into the kernels, for the level that these are compiled for.

#define LANES_INLINE static inline __attribute__((always_inline))

/// Eight floats: Swift's SIMD8<Float>.
typedef float lanes8 __attribute__((ext_vector_type(8)));

/// a0 b0 a1 b1 of each half.
LANES_INLINE lanes8 lanes_interleave_low(lanes8 a, lanes8 b) {
  return __builtin_shufflevector(a, b, 0, 8, 1, 9, 4, 12, 5, 13);
}

/// a2 b2 a3 b3 of each half.
LANES_INLINE lanes8 lanes_interleave_high(lanes8 a, lanes8 b) {
  return __builtin_shufflevector(a, b, 2, 10, 3, 11, 6, 14, 7, 15);
}

/// a0 a1 b0 b1 of each half.
LANES_INLINE lanes8 lanes_low_pairs(lanes8 a, lanes8 b) {
  return __builtin_shufflevector(a, b, 0, 1, 8, 9, 4, 5, 12, 13);
}

/// a2 a3 b2 b3 of each half.
LANES_INLINE lanes8 lanes_high_pairs(lanes8 a, lanes8 b) {
  return __builtin_shufflevector(a, b, 2, 3, 10, 11, 6, 7, 14, 15);
}

/// Fetches the cache line of an address that will be written soon. Any address will do, also one that is not ours.
LANES_INLINE void lanes_fetch_for_writing(const void *address) { __builtin_prefetch(address, 1, 3); }

#endif
