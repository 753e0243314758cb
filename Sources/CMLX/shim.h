// What every function of the C surface is made of: handles, the process-wide lock and stream, the exception guard.
#pragma once

#include <exception>
#include <mutex>
#include <new>
#include <string>
#include <utility>
#include <vector>

#include "cmlx.h"
#include "mlx/array.h"

namespace cmlx {

namespace mx = mlx::core;
using Array = mx::array;
using Arrays = std::vector<Array>;

// Holds the lock, and makes the one stream the default of the calling thread. MLX's streams belong to threads: without
// this, an array made on one thread cannot be evaluated on another, and Swift tasks hop threads.
class Session {
 public:
  Session();

 private:
  std::lock_guard<std::recursive_mutex> lock_;
};

void set_last_error(std::string message);

cmlx_array make_handle(Array array);

inline const Array &array_of(cmlx_array handle) { return *reinterpret_cast<const Array *>(handle); }

inline Arrays arrays_of(const cmlx_array *handles, size_t count) {
  Arrays arrays;
  arrays.reserve(count);
  for (size_t i = 0; i < count; ++i) arrays.push_back(array_of(handles[i]));
  return arrays;
}

inline mx::Shape shape_of(const int *values, size_t count) { return mx::Shape(values, values + count); }

// Runs `body` in a session; a C++ exception becomes a message and `false`.
template <class Body>
bool guarded(Body &&body) noexcept {
  try {
    Session session;
    body();
    return true;
  } catch (const std::bad_alloc &) {
    set_last_error("not enough memory; use smaller batches, fewer rollouts at once or a smaller model");
  } catch (const std::exception &error) {
    set_last_error(error.what());
  } catch (...) {
    set_last_error("an exception that is not a std::exception");
  }
  return false;
}

template <class Body>
int status(Body &&body) noexcept {
  return guarded(std::forward<Body>(body)) ? 0 : 1;
}

// The handle of the array that `body` returns, or NULL.
template <class Body>
cmlx_array handle(Body &&body) noexcept {
  cmlx_array result = nullptr;
  guarded([&] { result = make_handle(body()); });
  return result;
}

}  // namespace cmlx
