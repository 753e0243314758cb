// The kernels for processors with AVX2 and FMA.
#include <cmath>
#include <cstring>

#include "kernels.h"

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
namespace cmlx::avx2 {
#include "simd.h"
//
#include "kernels_implementation.h"
}  // namespace cmlx::avx2
#pragma clang attribute pop
#else
const cmlx::Kernels *cmlx::avx2::table() { return nullptr; }
#endif
