// Threads that go through the phases of a step together.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <thread>

namespace cmlx::decode {

// The items of a phase are handed out as threads become free, and a phase begins when all items of the one before are
// done. A thread that comes late finds nothing left to do and holds nobody up, so that any number of threads, one
// included, gets through.
class Team {
 public:
  explicit Team(size_t phases) : phases_(new Phase[phases]), count_(phases) {}

  // A phase; `phase` counts those that this thread has been through. `body` must not throw.
  template <class Body>
  void run(size_t &phase, size_t items, Body &&body) {
    Phase &p = phases_[phase++];
    size_t mine = 0;
    for (size_t i; (i = p.next.fetch_add(1, std::memory_order_relaxed)) < items; ++mine) body(i);
    if (mine) p.done.fetch_add(mine, std::memory_order_release);
    for (int spins = 0; p.done.load(std::memory_order_acquire) < items; ++spins) {
      if (spins < 4000) pause();
      else std::this_thread::yield();
    }
  }

  size_t phases() const { return count_; }

 private:
  struct alignas(64) Phase {
    std::atomic<size_t> next{0};
    alignas(64) std::atomic<size_t> done{0};
  };

  static void pause() {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#endif
  }

  std::unique_ptr<Phase[]> phases_;
  size_t count_;
};

}  // namespace cmlx::decode
