// Matrix products by the BLAS that MLX uses, for primitives that hold several of them.
#pragma once

#include <cstddef>

// OpenBLAS has no header in this build; this is the part of CBLAS that is called.
extern "C" void cblas_sgemm(int order, int transpose_a, int transpose_b, int m, int n, int k, float alpha,
                            const float *a, int a_row, const float *b, int b_row, float beta, float *c, int c_row);

namespace cmlx {

// A dense row-major matrix as it lies in memory, and whether its transpose is meant.
struct Matrix {
  const float *data;
  size_t rows, columns;
  bool transposed = false;
};

// out = alpha * a * b + beta * out, out dense and row-major.
inline void multiply(Matrix a, Matrix b, float *out, float beta = 0, float alpha = 1) {
  constexpr int row_major = 101, plain = 111, transpose = 112;
  auto m = static_cast<int>(a.transposed ? a.columns : a.rows), k = static_cast<int>(a.transposed ? a.rows : a.columns);
  auto n = static_cast<int>(b.transposed ? b.rows : b.columns);
  cblas_sgemm(row_major, a.transposed ? transpose : plain, b.transposed ? transpose : plain, m, n, k, alpha, a.data,
              static_cast<int>(a.columns), b.data, static_cast<int>(b.columns), beta, out, n);
}

}  // namespace cmlx
