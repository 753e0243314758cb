// Memory for the decoder's numbers.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace cmlx::decode {

// An array of plain numbers on cache lines; large ones on large pages where the system has them.
template <class T>
class Buffer {
 public:
  Buffer() = default;
  explicit Buffer(size_t count) : count_(count) {
    if (count == 0) return;
    const size_t bytes = count * sizeof(T), large = size_t(2) << 20;
    const size_t alignment = bytes >= large ? large : 64;
    void *memory = std::aligned_alloc(alignment, (bytes + alignment - 1) / alignment * alignment);
    if (!memory) throw std::bad_alloc();
#if defined(__linux__)
    if (bytes >= large) madvise(memory, bytes, MADV_HUGEPAGE);  // advice: without it the numbers are the same
#endif
    std::memset(memory, 0, bytes);
    data_.reset(static_cast<T *>(memory));
  }

  // Room for at least `count`; what it held is gone when it had to grow.
  void reserve(size_t count) {
    if (count > count_) *this = Buffer(count);
  }

  T *data() { return data_.get(); }
  const T *data() const { return data_.get(); }
  T &operator[](size_t i) { return data_.get()[i]; }
  const T &operator[](size_t i) const { return data_.get()[i]; }
  size_t count() const { return count_; }

 private:
  struct Free {
    void operator()(T *p) const { std::free(p); }
  };
  std::unique_ptr<T[], Free> data_;
  size_t count_ = 0;
};

}  // namespace cmlx::decode
