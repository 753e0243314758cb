// The decoder's kernels for x86-64 with AVX-512, VNNI and tiles of bytes (AMX). Standard headers come first, so that the
// attribute does not reach functions that other files share.
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
#include "tiles.h"

#if defined(__x86_64__)
#pragma clang attribute push( \
    __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vnni,avx2,fma,amx-tile,amx-int8"))), apply_to = function)
#define DECODE_TILE_ROWS 8
#define DECODE_TILE_PANELS 3
#define DECODE_ATTENTION_PAGES 4
#define DECODE_WORD_ROWS 4
#define DECODE_DOT 3
#define DECODE_AMX 1
#define DECODE_KERNELS advance_amx
#include "decode_kernels.inc"
#pragma clang attribute pop
#endif
