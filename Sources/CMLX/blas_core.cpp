// Better kernels where OpenBLAS does not know the processor.
//
// OpenBLAS chooses kernels by the processor's model number. One that is newer than the library gets those of a Pentium 4
// ("Prescott"): OpenBLAS 0.3.21 does that on an Emerald Rapids, where training then takes three times as long. The
// instructions that a processor has do tell which kernels it can run, so the choice is made again by those. Whoever sets
// OPENBLAS_CORETYPE keeps that.
#include <cstdlib>
#include <cstring>

#include "cmlx.h"

// Present only in OpenBLAS built for many processors; the weak declarations keep the program linkable against any other BLAS.
extern "C" {
__attribute__((weak)) void gotoblas_dynamic_init(void);
__attribute__((weak)) void gotoblas_dynamic_quit(void);
}

#if defined(__x86_64__)
namespace {

// Runs once, after OpenBLAS's own choice and before any product, when its threads wait for work.
__attribute__((constructor)) void choose_by_instructions() {
  if (!gotoblas_dynamic_init || !gotoblas_dynamic_quit || std::getenv("OPENBLAS_CORETYPE")) return;
  if (std::strcmp(cmlx_blas_core(), "Prescott") != 0) return;
  __builtin_cpu_init();
  const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  const bool avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
  if (!avx2) return;
  setenv("OPENBLAS_CORETYPE", avx512 ? "SkylakeX" : "Haswell", 1);
  gotoblas_dynamic_quit();
  gotoblas_dynamic_init();
  unsetenv("OPENBLAS_CORETYPE");
}

}  // namespace
#endif
