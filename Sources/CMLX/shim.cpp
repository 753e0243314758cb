#include "shim.h"

#include <atomic>

#include "mlx/device.h"
#include "mlx/stream.h"

namespace cmlx {
namespace {

thread_local std::string last_error;
std::atomic<size_t> live_handles{0};

std::recursive_mutex &process_lock() {
  static auto *lock = new std::recursive_mutex;  // never destroyed: threads may outlive static destruction
  return *lock;
}

void adopt_process_stream() {
  static const mx::Stream stream = mx::new_thread_unsafe_stream(mx::default_device());
  thread_local bool adopted = false;
  if (adopted) return;
  mx::set_default_stream(stream);
  adopted = true;
}

}  // namespace

Session::Session() : lock_(process_lock()) { adopt_process_stream(); }

void set_last_error(std::string message) { last_error = std::move(message); }

cmlx_array make_handle(Array array) {
  auto *owned = new Array(std::move(array));
  ++live_handles;
  return reinterpret_cast<cmlx_array>(owned);
}

}  // namespace cmlx

using namespace cmlx;

extern "C" {

const char *cmlx_last_error(void) { return last_error.c_str(); }

size_t cmlx_live_handles(void) { return live_handles; }

void cmlx_array_free(cmlx_array a) {
  if (!a) return;
  guarded([&] { delete reinterpret_cast<Array *>(a); });
  --live_handles;
}

cmlx_array cmlx_array_copy(cmlx_array a) {
  return handle([&] { return array_of(a); });
}

cmlx_list cmlx_list_new(void) { return reinterpret_cast<cmlx_list>(new Arrays); }

void cmlx_list_free(cmlx_list list) {
  guarded([&] { delete reinterpret_cast<Arrays *>(list); });
}

size_t cmlx_list_count(cmlx_list list) { return reinterpret_cast<Arrays *>(list)->size(); }

cmlx_array cmlx_list_get(cmlx_list list, size_t index) {
  return handle([&] { return reinterpret_cast<Arrays *>(list)->at(index); });
}

int cmlx_list_append(cmlx_list list, cmlx_array a) {
  return status([&] { reinterpret_cast<Arrays *>(list)->push_back(array_of(a)); });
}

}  // extern "C"
