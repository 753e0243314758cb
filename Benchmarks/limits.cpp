// What an x86-64 machine can do at most, on all cores: multiply-adds of floats and of sixteen-bit integers in registers, as the
// sampler's kernels do them, and reading memory. A share of these is what a kernel reaches of the machine.
//
//   clang++ -O3 -march=native -pthread Benchmarks/limits.cpp -o .build/limits && .build/limits
//
// Prints JSON: thousand million operations a second (a multiply-add is two), and GB/s; medians of five. Without AVX-512 VNNI
// the integers are left out.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <thread>
#include <vector>

#if defined(__AVX512VNNI__)
#include <immintrin.h>
#endif

namespace {

typedef float v16 __attribute__((vector_size(64)));

double seconds(void (*body)(int), int threads) {
  const auto start = std::chrono::steady_clock::now();
  std::vector<std::thread> team;
  for (int t = 1; t < threads; ++t) team.emplace_back(body, t);
  body(0);
  for (auto &thread : team) thread.join();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// The median of five, of `amount` for each thread.
double rate(void (*body)(int), double amount) {
  const int threads = int(std::thread::hardware_concurrency());
  std::vector<double> rates;
  for (int round = 0; round < 5; ++round) rates.push_back(amount * threads / seconds(body, threads) / 1e9);
  std::sort(rates.begin(), rates.end());
  return rates[2];
}

constexpr int rounds = 20'000'000, chains = 16;

void floats(int thread) {
  v16 sums[chains] = {}, a = v16{} + float(thread + 1) * 1e-9f, b = v16{} + 0.5f;
  for (int i = 0; i < rounds; ++i) {
#pragma clang loop unroll(full)
    for (v16 &sum : sums) sum = __builtin_elementwise_fma(a, b, sum);
    asm volatile("" : "+v"(a), "+v"(b));
  }
  for (v16 &sum : sums) asm volatile("" ::"v"(sum));
}

#if defined(__AVX512VNNI__)
void integers(int thread) {
  __m512i sums[chains] = {}, a = _mm512_set1_epi16(short(thread + 1)), b = _mm512_set1_epi16(3);
  for (int i = 0; i < rounds; ++i) {
#pragma clang loop unroll(full)
    for (__m512i &sum : sums) sum = _mm512_dpwssd_epi32(sum, a, b);
    asm volatile("" : "+v"(a), "+v"(b));
  }
  for (__m512i &sum : sums) asm volatile("" ::"v"(sum));
}
#endif

constexpr size_t bytes = size_t(1) << 30;
std::vector<std::vector<uint64_t>> memory;

void reading(int thread) {
  typedef uint64_t u8 __attribute__((vector_size(64), aligned(8)));
  const auto *p = reinterpret_cast<const u8 *>(memory[thread].data());
  u8 sums[4] = {};
  for (size_t i = 0; i < bytes / sizeof(u8); i += 4)
    for (int j = 0; j < 4; ++j) sums[j] += p[i + j];
  for (u8 &sum : sums) asm volatile("" ::"v"(sum));
}

}  // namespace

int main() {
  memory.assign(std::thread::hardware_concurrency(), std::vector<uint64_t>(bytes / 8, 1));
  std::printf("{\"float32 Gop/s\": %.0f", rate(floats, 2.0 * rounds * chains * 16));
#if defined(__AVX512VNNI__)
  std::printf(", \"int16 Gop/s\": %.0f", rate(integers, 2.0 * rounds * chains * 32));
#endif
  std::printf(", \"reading GB/s\": %.1f}\n", rate(reading, double(bytes)));
}
