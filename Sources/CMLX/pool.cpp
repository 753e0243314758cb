#include "pool.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstdlib>
#include <exception>
#include <mutex>
#include <thread>

namespace cmlx {
namespace {

thread_local bool inside_body = false;

// One call of `run_parallel`: threads take the next range until none is left.
struct Job {
  size_t count, grain;
  void (*body)(void *, size_t, size_t);
  void *context;
  std::atomic<size_t> next{0};
  std::mutex failure_lock;
  std::exception_ptr failure;

  void work() {
    inside_body = true;
    try {
      for (size_t begin; (begin = next.fetch_add(grain)) < count;) body(context, begin, std::min(count, begin + grain));
    } catch (...) {
      std::lock_guard guard(failure_lock);
      if (!failure) failure = std::current_exception();
      next = count;
    }
    inside_body = false;
  }
};

class Pool {
 public:
  // The threads live as long as the process: joining them from static destructors would race with MLX's own.
  static Pool &shared() {
    static auto *pool = new Pool;
    return *pool;
  }

  size_t threads() const { return threads_; }

  // Only threads that took part are waited for, so that a thread without a free core delays nobody.
  void run(Job &job) {
    std::lock_guard one_at_a_time(callers_);
    {
      std::lock_guard guard(lock_);
      job_ = &job;
      ++generation_;
    }
    wake_.notify_all();
    job.work();
    std::unique_lock guard(lock_);
    job_ = nullptr;
    done_.wait(guard, [&] { return working_ == 0; });
  }

 private:
  Pool() : threads_(configured_threads()) {
    for (size_t i = 1; i < threads_; ++i) std::thread([this] { serve(); }).detach();
  }

  static size_t configured_threads() {
    const char *text = std::getenv("CMLX_THREADS");
    long wanted = text ? std::strtol(text, nullptr, 10) : static_cast<long>(std::thread::hardware_concurrency());
    return static_cast<size_t>(std::clamp(wanted, 1L, 256L));
  }

  void serve() {
    size_t seen = 0;
    std::unique_lock guard(lock_);
    for (;;) {
      wake_.wait(guard, [&] { return generation_ != seen && job_; });
      seen = generation_;
      Job *job = job_;
      ++working_;
      guard.unlock();
      job->work();
      guard.lock();
      if (--working_ == 0) done_.notify_one();
    }
  }

  const size_t threads_;
  std::mutex callers_, lock_;
  std::condition_variable wake_, done_;
  Job *job_ = nullptr;
  size_t generation_ = 0, working_ = 0;
};

}  // namespace

size_t thread_count() { return Pool::shared().threads(); }

void run_parallel(size_t count, size_t grain, void (*body)(void *, size_t, size_t), void *context) {
  if (count == 0) return;
  if (inside_body || count <= grain || Pool::shared().threads() == 1) return body(context, 0, count);
  Job job{count, std::max<size_t>(grain, 1), body, context};
  Pool::shared().run(job);
  if (job.failure) std::rethrow_exception(job.failure);
}

}  // namespace cmlx
