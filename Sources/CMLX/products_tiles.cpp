// Products of float32 matrices on tiles that multiply bfloat16. A number is the sum of two of eight bits, an upper and a lower one;
// of the four products three are added in float32, and the fourth is below 2^-16 of its term. PyTorch calls this precision
// "high", oneDNN bf16x3.
//
// Shapes: M lines of a (its rows) and N of b (its columns), of K terms each. A tile holds 16 lines of 32 terms in pairs of
// four bytes: [line][pair] of a, [pair][line] of b.
#include <algorithm>
#include <atomic>
#include <cstdint>
#include <memory>

#if defined(__linux__) && defined(__x86_64__)
#include <sys/syscall.h>
#include <unistd.h>
#endif

#include "cmlx_primitives.h"
#include "pool.h"
#include "products.h"
#include "tiles.h"

namespace cmlx {
namespace {

std::atomic<bool> allowed{true};

}  // namespace

bool may_use_tiles() {
#if defined(__linux__) && defined(__x86_64__)
  constexpr int request = 0x1023, tileData = 18;  // ARCH_REQ_XCOMP_PERM, XFEATURE_XTILEDATA
  static const bool may = __builtin_cpu_supports("amx-tile") && __builtin_cpu_supports("amx-int8") &&
                          syscall(SYS_arch_prctl, request, tileData) == 0;
  return may;
#else
  return false;
#endif
}

#if defined(__x86_64__)
#pragma clang attribute push( \
    __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512bf16,amx-tile,amx-bf16"))), apply_to = function)
namespace {

constexpr size_t lines = 16, terms = 32, words = 256;  // of a tile
// Of a block of the result, of a panel that the innermost cache holds, and of what is packed at a time.
constexpr size_t blockGroups = 16, panelTerms = 256, packedTerms = 2048;

// Memory that a thread keeps, because new pages cost as much as packing does.
struct Room {
  std::unique_ptr<uint32_t[]> data;
  size_t size = 0;

  uint32_t *words(size_t count) {
    if (size < count + 16) data.reset(new uint32_t[size = count + 16]);
    return reinterpret_cast<uint32_t *>((reinterpret_cast<uintptr_t>(data.get()) + 63) & ~uintptr_t(63));
  }
};

struct Pair {
  __m512i upper, lower;  // each a pair of bfloat16 in four bytes, sixteen times
};

// One matrix in tiles: [panel of terms][group of lines][step][upper, lower].
struct Packed {
  const Matrix &matrix;
  const bool of_rows;  // lines are rows of the matrix as it is meant, else columns
  const size_t count, all_terms, groups;
  const size_t line_stride, term_stride;
  const float factor;
  uint32_t *const tiles;
  size_t steps = 0;  // of the terms that are packed

  Packed(const Matrix &m, bool of_rows, float factor, Room &room)
      : matrix(m), of_rows(of_rows), count(of_rows != m.transposed ? m.rows : m.columns),
        all_terms(of_rows != m.transposed ? m.columns : m.rows), groups((count + lines - 1) / lines),
        line_stride(of_rows != m.transposed ? size_t(m.distance()) : 1),
        term_stride(of_rows != m.transposed ? 1 : size_t(m.distance())), factor(factor),
        tiles(room.words(groups * ((std::min(all_terms, packedTerms) + terms - 1) / terms) * 2 * ::cmlx::words)) {}

  size_t panel_steps(size_t panel) const { return std::min(panelTerms / terms, steps - panel * (panelTerms / terms)); }

  // The tiles of a group in a panel, one step after the other.
  uint32_t *at(size_t group, size_t panel) const {
    return tiles + (panel * (panelTerms / terms) * groups + group * panel_steps(panel)) * 2 * words;
  }

  // Asks for a part of a panel's groups [from, to), before its turn comes.
  void fetch(size_t from, size_t to, size_t panel, size_t part, size_t parts) const {
    const char *data = reinterpret_cast<const char *>(at(from, panel));
    const size_t lines = (to - from) * panel_steps(panel) * 2 * words / 16;
    for (size_t line = lines * part / parts; line < lines * (part + 1) / parts; ++line)
      _mm_prefetch(data + line * 64, _MM_HINT_T1);
  }

  static Pair split(__m512 even, __m512 odd) {  // of numbers 2 i and 2 i + 1
    const __m512i mask = _mm512_set1_epi32(int(0xffff0000));
    auto upper = [](__m512 v) { return _mm512_slli_epi32(_mm512_cvtepu16_epi32((__m256i)_mm512_cvtneps_pbh(v)), 16); };
    const __m512i a = upper(even), b = upper(odd);
    const __m512i c = upper(even - (__m512)a), d = upper(odd - (__m512)b);
    return {_mm512_or_si512(_mm512_srli_epi32(a, 16), _mm512_and_si512(b, mask)),
            _mm512_or_si512(_mm512_srli_epi32(c, 16), _mm512_and_si512(d, mask))};
  }

  // Of 32 neighbours, in order.
  static Pair split_row(__m512 first, __m512 second) {
    const __m512i u = (__m512i)_mm512_cvtne2ps_pbh(second, first);
    auto wide = [](__m256i h) { return (__m512)_mm512_slli_epi32(_mm512_cvtepu16_epi32(h), 16); };
    const __m512 a = first - wide(_mm512_castsi512_si256(u)), b = second - wide(_mm512_extracti64x4_epi64(u, 1));
    return {u, (__m512i)_mm512_cvtne2ps_pbh(b, a)};
  }

  static void transpose(__m512i *r) {  // sixteen rows of sixteen words
    __m512i t[16];
    for (int i = 0; i < 16; i += 2) {
      t[i] = _mm512_unpacklo_epi32(r[i], r[i + 1]);
      t[i + 1] = _mm512_unpackhi_epi32(r[i], r[i + 1]);
    }
    for (int i = 0; i < 16; i += 4) {
      r[i] = _mm512_unpacklo_epi64(t[i], t[i + 2]);
      r[i + 1] = _mm512_unpackhi_epi64(t[i], t[i + 2]);
      r[i + 2] = _mm512_unpacklo_epi64(t[i + 1], t[i + 3]);
      r[i + 3] = _mm512_unpackhi_epi64(t[i + 1], t[i + 3]);
    }
    for (int i = 0; i < 4; ++i) {
      t[i] = _mm512_shuffle_i32x4(r[i], r[i + 4], 0x88);
      t[i + 4] = _mm512_shuffle_i32x4(r[i], r[i + 4], 0xdd);
      t[i + 8] = _mm512_shuffle_i32x4(r[i + 8], r[i + 12], 0x88);
      t[i + 12] = _mm512_shuffle_i32x4(r[i + 8], r[i + 12], 0xdd);
    }
    for (int i = 0; i < 8; ++i) {
      r[i] = _mm512_shuffle_i32x4(t[i], t[i + 8], 0x88);
      r[i + 8] = _mm512_shuffle_i32x4(t[i], t[i + 8], 0xdd);
    }
  }

  static __mmask16 first(size_t n) { return n >= lines ? 0xffff : __mmask16((1u << n) - 1); }

  // Lines [16 group, + 16) and 32 terms from `term` on.
  void pack_tile(size_t group, size_t term, uint32_t *to) const {
    const size_t line = group * lines, line_count = std::min(lines, count - line), left = all_terms - term;
    __m512i upper[16], lower[16];
    const __m512 scale = _mm512_set1_ps(factor);
    const float *from = matrix.data + line * line_stride + term * term_stride;
    if (term_stride == 1) {
      for (size_t i = 0; i < lines; ++i) {
        __m512 a = _mm512_setzero_ps(), b = a;
        if (i < line_count) {
          a = _mm512_maskz_loadu_ps(first(left), from + i * line_stride) * scale;
          if (left > lines) b = _mm512_maskz_loadu_ps(first(left - lines), from + i * line_stride + lines) * scale;
        }
        const Pair pair = split_row(a, b);
        upper[i] = pair.upper;
        lower[i] = pair.lower;
      }
    } else {
      const __mmask16 mask = first(line_count);
      for (size_t i = 0; i < lines; ++i) {
        __m512 a = _mm512_setzero_ps(), b = a;
        if (2 * i < left) a = _mm512_maskz_loadu_ps(mask, from + 2 * i * term_stride) * scale;
        if (2 * i + 1 < left) b = _mm512_maskz_loadu_ps(mask, from + (2 * i + 1) * term_stride) * scale;
        const Pair pair = split(a, b);
        upper[i] = pair.upper;
        lower[i] = pair.lower;
      }
    }
    if (of_rows != (term_stride == 1)) {
      transpose(upper);
      transpose(lower);
    }
    for (size_t i = 0; i < lines; ++i) {
      _mm512_store_si512(to + i * 16, upper[i]);
      _mm512_store_si512(to + words + i * 16, lower[i]);
    }
  }

  void pack(size_t group, size_t from) const {
    for (size_t step = 0; step < steps; ++step) {
      const size_t panel = step / (panelTerms / terms), within = step % (panelTerms / terms);
      pack_tile(group, from + step * terms, at(group, panel) + within * 2 * words);
    }
  }
};

// I x J tiles of a block of the result, [row of tiles][column of tiles][16][16], become or grow by the products of `steps`
// tiles of I groups of a and J of b.
template <int I, int J>
void add_tiles(const uint32_t *a0, const uint32_t *a1, const uint32_t *b0, const uint32_t *b1, size_t steps, bool first, float *to) {
  float *below = to + blockGroups * words;
  if (first) {
    _tile_zero(0);
    _tile_zero(1);
    _tile_zero(2);
    _tile_zero(3);
  } else {
    _tile_loadd(0, to, 64);
    if constexpr (J > 1) _tile_loadd(1, to + words, 64);
    if constexpr (I > 1) _tile_loadd(2, below, 64);
    if constexpr (I > 1 && J > 1) _tile_loadd(3, below + words, 64);
  }
  // Lower a with upper b, then upper with upper, then upper with lower: one factor stays where it is.
  for (size_t s = 0; s < steps; ++s, a0 += 2 * words, a1 += 2 * words, b0 += 2 * words, b1 += 2 * words) {
    _tile_loadd(4, a0 + words, 64);
    _tile_loadd(6, b0, 64);
    _tile_dpbf16ps(0, 4, 6);
    if constexpr (J > 1) {
      _tile_loadd(7, b1, 64);
      _tile_dpbf16ps(1, 4, 7);
    }
    if constexpr (I > 1) {
      _tile_loadd(5, a1 + words, 64);
      _tile_dpbf16ps(2, 5, 6);
      if constexpr (J > 1) _tile_dpbf16ps(3, 5, 7);
    }
    _tile_loadd(4, a0, 64);
    _tile_dpbf16ps(0, 4, 6);
    if constexpr (J > 1) _tile_dpbf16ps(1, 4, 7);
    if constexpr (I > 1) {
      _tile_loadd(5, a1, 64);
      _tile_dpbf16ps(2, 5, 6);
      if constexpr (J > 1) _tile_dpbf16ps(3, 5, 7);
    }
    _tile_loadd(6, b0 + words, 64);
    _tile_dpbf16ps(0, 4, 6);
    if constexpr (I > 1) _tile_dpbf16ps(2, 5, 6);
    if constexpr (J > 1) {
      _tile_loadd(7, b1 + words, 64);
      _tile_dpbf16ps(1, 4, 7);
      if constexpr (I > 1) _tile_dpbf16ps(3, 5, 7);
    }
  }
  _tile_stored(0, to, 64);
  if constexpr (J > 1) _tile_stored(1, to + words, 64);
  if constexpr (I > 1) _tile_stored(2, below, 64);
  if constexpr (I > 1 && J > 1) _tile_stored(3, below + words, 64);
}

// A block of the result: groups [i0, i1) of a times groups [j0, j1) of b.
struct Block {
  const Packed &a, &b;
  const size_t i0, i1, j0, j1;
  float *const sums;  // [blockGroups][blockGroups][16][16]

  void multiply() const {
    const size_t panels = (a.steps * terms + panelTerms - 1) / panelTerms, pairs = (i1 - i0 + 1) / 2;
    for (size_t panel = 0; panel < panels; ++panel)
      for (size_t i = i0; i < i1; i += 2) {
        if (panel + 1 < panels) {
          a.fetch(i0, i1, panel + 1, (i - i0) / 2, pairs);
          b.fetch(j0, j1, panel + 1, (i - i0) / 2, pairs);
        }
        for (size_t j = j0; j < j1; j += 2) add(panel, i, j);
      }
  }

  void add(size_t panel, size_t i, size_t j) const {
    const bool two_rows = i + 1 < i1, two_columns = j + 1 < j1;
    auto *a0 = a.at(i, panel), *a1 = two_rows ? a.at(i + 1, panel) : a0;
    auto *b0 = b.at(j, panel), *b1 = two_columns ? b.at(j + 1, panel) : b0;
    float *to = sums + ((i - i0) * blockGroups + (j - j0)) * words;
    auto *kernel = two_rows ? two_columns ? add_tiles<2, 2> : add_tiles<2, 1> : two_columns ? add_tiles<1, 2> : add_tiles<1, 1>;
    kernel(a0, a1, b0, b1, a.panel_steps(panel), panel == 0, to);
  }

  void store(float *out, size_t stride, bool accumulate) const {
    for (size_t row = i0 * lines; row < std::min(a.count, i1 * lines); ++row)
      for (size_t j = j0; j < j1; ++j) {
        const __mmask16 mask = Packed::first(b.count - j * lines);
        float *to = out + row * stride + j * lines;
        __m512 sum = _mm512_load_ps(sums + ((row / lines - i0) * blockGroups + (j - j0)) * words + row % lines * lines);
        if (accumulate) sum += _mm512_maskz_loadu_ps(mask, to);
        _mm512_mask_storeu_ps(to, mask, sum);
      }
  }
};

}  // namespace

void multiply_on_tiles(const Matrix &left, const Matrix &right, float *out, bool accumulate, float alpha, size_t stride) {
  thread_local Room room_a, room_b;
  Packed a(left, true, alpha, room_a), b(right, false, 1, room_b);
  const size_t block_rows = (a.groups + blockGroups - 1) / blockGroups, block_columns = (b.groups + blockGroups - 1) / blockGroups;
  for (size_t from = 0; from < a.all_terms; from += packedTerms) {
    a.steps = b.steps = (std::min(packedTerms, a.all_terms - from) + terms - 1) / terms;
    parallel_for(a.groups + b.groups, 4, [&](size_t begin, size_t end) {
      for (size_t g = begin; g < end; ++g) g < a.groups ? a.pack(g, from) : b.pack(g - a.groups, from);
    });
    parallel_for(block_rows * block_columns, 1, [&](size_t begin, size_t end) {
      thread_local Room room;
      const Tiles tiles;
      for (size_t at = begin; at < end; ++at) {
        const size_t i = at / block_columns * blockGroups, j = at % block_columns * blockGroups;
        const Block block{a, b, i, std::min(a.groups, i + blockGroups), j, std::min(b.groups, j + blockGroups),
                          reinterpret_cast<float *>(room.words(blockGroups * blockGroups * words))};
        block.multiply();
        block.store(out, stride, accumulate || from > 0);
      }
    });
  }
}
#pragma clang attribute pop
#endif

}  // namespace cmlx

extern "C" {
bool cmlx_multiplies_on_tiles(void) {
#if defined(__x86_64__)
  static const bool has = __builtin_cpu_supports("amx-bf16") && __builtin_cpu_supports("avx512bf16") &&
                          __builtin_cpu_supports("avx512dq") && cmlx::may_use_tiles();
  return cmlx::allowed && has;
#else
  return false;
#endif
}
void cmlx_allow_tiles(bool allow) { cmlx::allowed = allow; }
}
