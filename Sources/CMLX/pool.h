// One pool of threads for every primitive of this project. MLX evaluates the operations of a stream one after another,
// so all parallelism on the CPU is inside an operation: OpenBLAS's threads for products, these for the rest.
#pragma once

#include <cstddef>
#include <memory>
#include <type_traits>

namespace cmlx {

// The number of threads that share work: CMLX_THREADS, or else the number of cores.
size_t thread_count();

// Calls `body(context, begin, end)` for ranges that cover 0..<count, on all threads, and returns when all are done.
// Ranges hold `grain` items (the last may hold fewer) and are handed out as threads become free. A call from inside a
// body runs on the calling thread. The first exception of a body is rethrown here.
void run_parallel(size_t count, size_t grain, void (*body)(void *context, size_t begin, size_t end), void *context);

// `run_parallel` for a lambda taking (begin, end).
template <class Body>
void parallel_for(size_t count, size_t grain, Body &&body) {
  using Plain = std::remove_reference_t<Body>;
  run_parallel(
      count, grain, [](void *context, size_t begin, size_t end) { (*static_cast<Plain *>(context))(begin, end); },
      const_cast<void *>(static_cast<const void *>(std::addressof(body))));
}

// Items per range such that a range is worth about `cost` elementary steps when an item costs `each`.
inline size_t grain_for(size_t each, size_t cost = 16384) { return each >= cost ? 1 : cost / (each ? each : 1); }

}  // namespace cmlx
