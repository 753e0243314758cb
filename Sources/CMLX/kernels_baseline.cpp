// The kernels for whatever the architecture guarantees (SSE2 on x86-64, NEON on arm64), and the choice between them.
#include <atomic>
#include <cmath>
#include <cstring>

#include "kernels.h"
#include "pool.h"

// Vectors of eight floats are passed only between functions of this file, so how the baseline passes them is no matter.
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wpsabi"
namespace cmlx::baseline {
#include "simd.h"
//
#include "kernels_implementation.h"
}  // namespace cmlx::baseline
#pragma clang diagnostic pop

namespace cmlx {
namespace {

std::atomic<bool> avx2_allowed{true};

bool processor_has_avx2() {
#if defined(__x86_64__)
  static const bool has = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  return has;
#else
  return false;
#endif
}

}  // namespace

const Kernels &kernels() { return *(cmlx_uses_avx2() ? avx2::table() : baseline::table()); }

}  // namespace cmlx

extern "C" {
bool cmlx_uses_avx2(void) { return cmlx::avx2_allowed && cmlx::processor_has_avx2(); }
void cmlx_allow_avx2(bool allow) { cmlx::avx2_allowed = allow; }
size_t cmlx_thread_count(void) { return cmlx::thread_count(); }
}
