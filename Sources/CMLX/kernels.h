// The serial kernels behind the primitives, compiled once for AVX2 with FMA and once for the baseline instruction set.
// A kernel works on one row or one flat range; the primitives share rows among threads.
#pragma once

#include <cstddef>

#include "cmlx_primitives.h"

namespace cmlx {

// A row-major factor of a small product; element (i, j) stands at data[i * row + j * column].
struct Factor {
  const float *data;
  size_t row, column;
};

struct Kernels {
  void (*activation)(cmlx_activation_kind, const float *x, float *y, size_t n);
  void (*activation_gradient)(cmlx_activation_kind, const float *x, const float *dy, float *dx, size_t n);
  void (*gated)(cmlx_activation_kind, const float *gate, const float *value, float *y, size_t n);
  void (*gated_gradient)(cmlx_activation_kind, const float *gate, const float *value, const float *dy, float *d_gate,
                         float *d_value, size_t n);

  // shares = softmax(scale * scores) of the first `visible` of `width`, 0 beyond. Returns the log of the sum.
  float (*softmax)(const float *scores, float *shares, size_t visible, size_t width, float scale);
  // Gradient of the scores from shares and their gradient.
  void (*softmax_gradient)(const float *shares, const float *d_shares, float *d_scores, size_t visible, size_t width,
                           float scale);
  // out[i] = factor * exp(x[i] * scale - shift).
  void (*scaled_exponential)(const float *x, float *out, size_t n, float scale, float shift, float factor);
  // log sum exp(x).
  float (*log_sum_exp)(const float *x, size_t n);
  // Where `cap` is above 0, x = cap * tanh(x / cap). Returns the largest x.
  float (*capped_largest)(float *x, size_t n, float cap);
  // Of x that `capped_largest` has gone over: returns the sum of exp(x - shift), and leaves in x these exponentials times
  // the cap's derivative.
  float (*exponential_sum)(float *x, size_t n, float shift, float cap);
  // out[i] = p[i] * (g[i] - offset) * scale
  void (*centred_product)(const float *p, const float *g, float *out, size_t n, float offset, float scale);

  // Both norms: `centre` says whether to subtract the mean, `bias` may be null.
  void (*norm)(const float *x, const float *weight, const float *bias, float *y, size_t n, float epsilon, bool centre);
  // dx, and the row's part added to d_weight and d_bias (which may be null).
  void (*norm_gradient)(const float *x, const float *weight, const float *dy, float *dx, float *d_weight, float *d_bias,
                        size_t n, float epsilon, bool centre);

  // (a, b) to (a c - b s, b c + a s); `direction` multiplies s.
  void (*rotate)(const float *x, const float *cosines, const float *sines, float *y, size_t half, float direction);

  // y += a * b, y += a
  void (*add_product)(const float *a, const float *b, float *y, size_t n);
  void (*add)(const float *a, float *y, size_t n);
  float (*dot)(const float *a, const float *b, size_t n);

  void (*adamw)(const float *parameter, const float *gradient, const float *first, const float *second,
                float *new_parameter, float *new_first, float *new_second, size_t n, const cmlx_adamw_settings &);

  // out [m, n] (rows `out_row` apart) = or += a [m, k] * b [k, n]; n is a multiple of 8, b's rows are dense vectors
  // `b_row` apart. For blocks that fit the cache.
  void (*product)(size_t m, size_t n, size_t k, Factor a, const float *b, size_t b_row, float *out, size_t out_row,
                  bool accumulate);
};

// The kernels for this processor: AVX2 where it has it (and tests do not forbid it), else the baseline.
const Kernels &kernels();

namespace avx2 {
const Kernels *table();  // null where this build or architecture has none
}
namespace baseline {
const Kernels *table();
}

}  // namespace cmlx
