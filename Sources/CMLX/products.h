// Matrix products by the BLAS that MLX uses, for primitives that hold several of them.
#pragma once

#include <algorithm>
#include <cstddef>

#include "cmlx_primitives.h"

// OpenBLAS has no header in this build; this is the part of CBLAS that is called.
extern "C" void cblas_sgemm(int order, int transpose_a, int transpose_b, int m, int n, int k, float alpha,
                            const float *a, int a_row, const float *b, int b_row, float beta, float *c, int c_row);

namespace cmlx {

// A row-major matrix in memory, whether its transpose is meant, and the distance between its rows (0: they are dense).
struct Matrix {
  const float *data;
  size_t rows, columns;
  bool transposed = false;
  size_t stride = 0;

  int distance() const { return static_cast<int>(stride ? stride : columns); }
};

#if defined(__x86_64__)
// Products of so many multiplications go to tiles, where the processor has them.
constexpr size_t tiles_from = size_t{1} << 22;

// out = alpha * a * b, added to what is there if `accumulate`, with bfloat16 on tiles; see products_tiles.cpp for the precision.
void multiply_on_tiles(const Matrix &a, const Matrix &b, float *out, bool accumulate, float alpha, size_t out_stride);
#endif

// out = alpha * a * b + beta * out. Rows of `out` are `out_stride` apart; 0: they are dense.
inline void multiply(Matrix a, Matrix b, float *out, float beta = 0, float alpha = 1, size_t out_stride = 0) {
  constexpr int row_major = 101, plain = 111, transpose = 112;
  auto m = a.transposed ? a.columns : a.rows, k = a.transposed ? a.rows : a.columns;
  auto n = b.transposed ? b.rows : b.columns;
  if (!out_stride) out_stride = n;
#if defined(__x86_64__)
  if (m * n * k >= tiles_from && std::min({m, n, k}) >= 16 && (beta == 0 || beta == 1) && cmlx_multiplies_on_tiles())
    return multiply_on_tiles(a, b, out, beta == 1, alpha, out_stride);
#endif
  cblas_sgemm(row_major, a.transposed ? transpose : plain, b.transposed ? transpose : plain, int(m), int(n), int(k), alpha,
              a.data, a.distance(), b.data, b.distance(), beta, out, int(out_stride));
}

}  // namespace cmlx
