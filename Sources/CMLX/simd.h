// Eight floats at a time. Included once for each instruction set, inside that set's namespace and target attribute, so
// it has no include guard and includes nothing. Without AVX2 the compiler lowers the same operations to what the
// baseline has (two SSE or NEON registers).

typedef float f8 __attribute__((vector_size(32), aligned(4), may_alias));
typedef int i8 __attribute__((vector_size(32), aligned(4), may_alias));

#define CMLX_INLINE static inline __attribute__((always_inline))

CMLX_INLINE f8 splat(float x) { return f8{x, x, x, x, x, x, x, x}; }
CMLX_INLINE f8 load(const float *p) { return *reinterpret_cast<const f8 *>(p); }
CMLX_INLINE void store(float *p, f8 v) { *reinterpret_cast<f8 *>(p) = v; }

// The first `n` < 8 floats at `p`, the rest filled.
CMLX_INLINE f8 load_tail(const float *p, size_t n, float fill = 0) {
  float buffer[8] = {fill, fill, fill, fill, fill, fill, fill, fill};
  for (size_t i = 0; i < n; ++i) buffer[i] = p[i];
  return load(buffer);
}

CMLX_INLINE void store_tail(float *p, f8 v, size_t n) {
  float buffer[8];
  store(buffer, v);
  for (size_t i = 0; i < n; ++i) p[i] = buffer[i];
}

CMLX_INLINE float sum_of(f8 v) { return ((v[0] + v[4]) + (v[1] + v[5])) + ((v[2] + v[6]) + (v[3] + v[7])); }
CMLX_INLINE f8 larger(f8 a, f8 b) { return a > b ? a : b; }

CMLX_INLINE float max_of(f8 v) {
  float best = v[0];
  for (int i = 1; i < 8; ++i) best = v[i] > best ? v[i] : best;
  return best;
}

// e^x to 2e-7 relative for x in [-87, 88], to which x is clamped; NaN stays NaN. Cephes' polynomial.
CMLX_INLINE f8 exponential(f8 x) {
  x = x < splat(-87.0f) ? splat(-87.0f) : x;
  x = x > splat(88.0f) ? splat(88.0f) : x;
  const f8 round = splat(12582912.0f);  // 1.5 * 2^23: adding it leaves the nearest integer in the low bits
  f8 n = (x * 1.44269504f + round) - round;
  f8 r = x - n * 0.693359375f;
  r = r + n * 2.12194440e-4f;
  f8 p = r * 1.9875691500e-4f + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * r * r + r + 1.0f;
  return p * (f8)((__builtin_convertvector(n, i8) + 127) << 23);
}

CMLX_INLINE f8 logistic(f8 x) { return 1.0f / (1.0f + exponential(-x)); }
