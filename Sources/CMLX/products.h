// Matrix products by the BLAS that MLX uses, for primitives that hold several of them.
#pragma once

#include <cstddef>

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

// out = alpha * a * b + beta * out. Rows of `out` are `out_stride` apart; 0: they are dense.
inline void multiply(Matrix a, Matrix b, float *out, float beta = 0, float alpha = 1, size_t out_stride = 0) {
  constexpr int row_major = 101, plain = 111, transpose = 112;
  auto m = static_cast<int>(a.transposed ? a.columns : a.rows), k = static_cast<int>(a.transposed ? a.rows : a.columns);
  auto n = static_cast<int>(b.transposed ? b.rows : b.columns);
  cblas_sgemm(row_major, a.transposed ? transpose : plain, b.transposed ? transpose : plain, m, n, k, alpha, a.data,
              a.distance(), b.data, b.distance(), beta, out, out_stride ? static_cast<int>(out_stride) : n);
}

}  // namespace cmlx
