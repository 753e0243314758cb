// OpenBLAS's choice of kernels, and what doctor says about it.
#include <cstdlib>
#include <string_view>

#include "cmlx.h"

// Present only in OpenBLAS; the weak declarations keep the program linkable against any other BLAS.
extern "C" {
__attribute__((weak)) char *openblas_get_config(void);
__attribute__((weak)) char *openblas_get_corename(void);
__attribute__((weak)) void gotoblas_dynamic_init(void);
__attribute__((weak)) void gotoblas_dynamic_quit(void);
}

namespace {

bool processor_has_avx512() {
#if defined(__x86_64__)
  __builtin_cpu_init();
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
#else
  return false;
#endif
}

// The OpenBLAS of Debian 12 (0.3.21) is older than AMD's processors with AVX-512 and gives them kernels for AVX2, which
// are half as fast. Newer versions choose their AVX-512 kernels there; do the same. Before `main`, while the process has
// one thread, because it takes an environment variable. A choice of the user's own is left alone.
__attribute__((constructor)) void choose_kernels() {
  if (!openblas_get_corename || !gotoblas_dynamic_init || !gotoblas_dynamic_quit) return;
  if (std::getenv("OPENBLAS_CORETYPE") || !processor_has_avx512()) return;
  std::string_view core = openblas_get_corename();
  if (core != "Zen" && core != "Haswell") return;
  setenv("OPENBLAS_CORETYPE", "SkylakeX", 1);
  gotoblas_dynamic_quit();
  gotoblas_dynamic_init();
  unsetenv("OPENBLAS_CORETYPE");
}

}  // namespace

extern "C" {
const char *cmlx_blas_configuration(void) { return openblas_get_config ? openblas_get_config() : ""; }
const char *cmlx_blas_core(void) { return openblas_get_corename ? openblas_get_corename() : ""; }
}
