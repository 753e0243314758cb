// Version, memory and device, for `subterfuge doctor`.
#include <mutex>

#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "mlx/device.h"
#include "mlx/memory.h"
#include "mlx/version.h"
#include "shim.h"

using namespace cmlx;

extern "C" {

// Present only in OpenBLAS; the weak declarations keep the program linkable against any other BLAS.
__attribute__((weak)) char *openblas_get_config(void);
__attribute__((weak)) char *openblas_get_corename(void);

const char *cmlx_blas_configuration(void) { return openblas_get_config ? openblas_get_config() : ""; }
const char *cmlx_blas_core(void) { return openblas_get_corename ? openblas_get_corename() : ""; }
const char *cmlx_version(void) { return mx::version(); }

size_t cmlx_active_memory(void) { return mx::get_active_memory(); }
size_t cmlx_cache_memory(void) { return mx::get_cache_memory(); }
size_t cmlx_peak_memory(void) { return mx::get_peak_memory(); }
void cmlx_reset_peak_memory(void) { mx::reset_peak_memory(); }

size_t cmlx_set_cache_limit(size_t bytes) {
  size_t previous = 0;
  guarded([&] { previous = mx::set_cache_limit(bytes); });
  return previous;
}

void cmlx_keep_freed_memory(bool keep) {
#ifdef __GLIBC__
  static std::mutex lock;
  static int keepers = 0;
  std::lock_guard guard(lock);
  keepers += keep ? 1 : -1;
  if (keepers != (keep ? 1 : 0)) return;
  mallopt(M_MMAP_MAX, keep ? 0 : 1 << 16);
  mallopt(M_TRIM_THRESHOLD, keep ? -1 : 128 << 20);
  if (!keep) malloc_trim(0);
#endif
}

bool cmlx_default_device_is_cpu(void) { return mx::default_device() == mx::Device::cpu; }

}  // extern "C"
