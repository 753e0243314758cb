// Threads that go through the phases of a step together.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>

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
    uint32_t mine = 0;
    for (size_t i; (i = p.next.fetch_add(1, std::memory_order_relaxed)) < items; ++mine) body(i);
    if (mine) p.done.fetch_add(mine, std::memory_order_acq_rel);
    if (mine) p.done.notify_all();
    // On a busy machine the others may be waiting for a core: sleeping leaves them this one.
    uint32_t done = p.done.load(std::memory_order_acquire);
    for (int spins = 0; done < items; ++spins, done = p.done.load(std::memory_order_acquire)) {
      if (spins < 2000) pause();
      else p.done.wait(done, std::memory_order_acquire);
    }
  }

  size_t phases() const { return count_; }

 private:
  struct alignas(64) Phase {
    std::atomic<size_t> next{0};
    alignas(64) std::atomic<uint32_t> done{0};
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
