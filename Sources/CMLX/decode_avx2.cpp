// The decoder's kernels for x86-64 with AVX2 and FMA. Standard headers come first, so that the attribute does not reach
// functions that other files share.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <initializer_list>
#include <memory>
#include <optional>
#include <type_traits>
#include <vector>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include "decode.h"

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define DECODE_TILE_ROWS 6
#define DECODE_TILE_PANELS 1
#define DECODE_ATTENTION_PAGES 1
#define DECODE_WORD_ROWS 2
#define DECODE_DOT 1
#define DECODE_KERNELS advance_avx2
#include "decode_kernels.inc"
#pragma clang attribute pop
#endif
