#include "CModelFiles.h"

#include <string.h>

// A fused multiply-add rounds once where the format's definition rounds twice.
#pragma STDC FP_CONTRACT OFF

// The largest block: K-quants hold 256 numbers.
enum { MAX_NUMBERS = 256, MAX_SCALES = 16 };

// How a format packs one block.
typedef struct {
  size_t bytes, numbers, scale_size;
  bool has_offsets;
  void (*expand)(const uint8_t *block, int8_t *numbers, float *scales, float *offsets);
} Layout;

static inline float float_of_bits(uint32_t bits) {
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

static inline uint16_t load16(const uint8_t *bytes) { return (uint16_t)(bytes[0] | bytes[1] << 8); }

static inline uint32_t load32(const uint8_t *bytes) {
  return load16(bytes) | (uint32_t)load16(bytes + 2) << 16;
}

static inline float half(uint16_t bits) {
  uint32_t magnitude = bits & 0x7fffu;
  // Rebias the exponent by 112; below 2^-14 the number is a multiple of 2^-24; 31 is infinity or not a number.
  uint32_t normal = (magnitude << 13) + (magnitude >= 0x7c00 ? 0x70000000u : 0x38000000u);
  float value = magnitude < 0x400 ? (float)magnitude * 0x1p-24f : float_of_bits(normal);
  return bits & 0x8000 ? -value : value;
}

static inline bool is_finite(float value) {
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  return (bits & 0x7f800000u) != 0x7f800000u;
}

static bool all_finite(const float *values, size_t count) {
  uint32_t bad = 0;
  for (size_t i = 0; i < count; i++) bad |= !is_finite(values[i]);
  return bad == 0;
}

// Half a scale, 16 bytes: the low nibbles are the first half of the block, the high ones the second.
static void expand_q4_0(const uint8_t *block, int8_t *numbers, float *scales, float *offsets) {
  (void)offsets;
  scales[0] = half(load16(block));
  for (int i = 0; i < 16; i++) {
    numbers[i] = (int8_t)((block[2 + i] & 15) - 8);
    numbers[i + 16] = (int8_t)((block[2 + i] >> 4) - 8);
  }
}

// A scale and a smallest value, 16 bytes as in Q4_0: value = scale * number + smallest.
static void expand_q4_1(const uint8_t *block, int8_t *numbers, float *scales, float *offsets) {
  scales[0] = half(load16(block));
  offsets[0] = -half(load16(block + 2));
  for (int i = 0; i < 16; i++) {
    numbers[i] = (int8_t)(block[4 + i] & 15);
    numbers[i + 16] = (int8_t)(block[4 + i] >> 4);
  }
}

// As Q4_0 with a fifth bit for each number in four bytes between scale and nibbles.
static void expand_q5_0(const uint8_t *block, int8_t *numbers, float *scales, float *offsets) {
  (void)offsets;
  scales[0] = half(load16(block));
  uint32_t high = load32(block + 2);
  for (int i = 0; i < 16; i++) {
    numbers[i] = (int8_t)(((block[6 + i] & 15) | (high >> i & 1) << 4) - 16);
    numbers[i + 16] = (int8_t)((block[6 + i] >> 4 | (high >> (i + 16) & 1) << 4) - 16);
  }
}

// As Q4_1 with a fifth bit for each number.
static void expand_q5_1(const uint8_t *block, int8_t *numbers, float *scales, float *offsets) {
  scales[0] = half(load16(block));
  offsets[0] = -half(load16(block + 2));
  uint32_t high = load32(block + 4);
  for (int i = 0; i < 16; i++) {
    numbers[i] = (int8_t)((block[8 + i] & 15) | (high >> i & 1) << 4);
    numbers[i + 16] = (int8_t)(block[8 + i] >> 4 | (high >> (i + 16) & 1) << 4);
  }
}

static void expand_q8_0(const uint8_t *block, int8_t *numbers, float *scales, float *offsets) {
  (void)offsets;
  scales[0] = half(load16(block));
  memcpy(numbers, block + 2, 32);
}

// 16 bytes of factors (scale in the low nibble, offset in the high one), 64 of two-bit numbers, two halves.
static void expand_q2_k(const uint8_t *block, int8_t *numbers, float *scales, float *offsets) {
  float scale = half(load16(block + 80)), offset = half(load16(block + 82));
  for (int i = 0; i < 16; i++) {
    scales[i] = scale * (float)(block[i] & 15);
    offsets[i] = offset * (float)(block[i] >> 4);
  }
  for (int i = 0; i < 256; i++) numbers[i] = (int8_t)(block[16 + i / 128 * 32 + i % 32] >> (i / 32 % 4 * 2) & 3);
}

// 32 bytes of high bits (4 is taken off where there is none), 64 of low pairs, 12 of six-bit factors, half a scale.
static void expand_q3_k(const uint8_t *block, int8_t *numbers, float *scales, float *offsets) {
  (void)offsets;
  const uint8_t *low = block + 32, *factors = block + 96;
  float scale = half(load16(block + 108));
  for (int i = 0; i < 16; i++) {
    int nibble = i < 8 ? factors[i] & 15 : factors[i - 8] >> 4;
    scales[i] = scale * (float)((nibble | (factors[8 + i % 4] >> (i / 4 * 2) & 3) << 4) - 32);
  }
  for (int i = 0; i < 256; i++) {
    int pair = low[i / 128 * 32 + i % 32] >> (i / 32 % 4 * 2) & 3;
    numbers[i] = (int8_t)(pair - (block[i % 32] >> (i / 32) & 1 ? 0 : 4));
  }
}

// Two halves and eight pairs of six-bit factors in 12 bytes: scales and offsets of eight groups of 32.
static void expand_factors(const uint8_t *block, float *scales, float *offsets) {
  float scale = half(load16(block)), offset = half(load16(block + 2));
  const uint8_t *packed = block + 4;
  for (int i = 0; i < 4; i++) {
    scales[i] = scale * (float)(packed[i] & 63);
    offsets[i] = offset * (float)(packed[i + 4] & 63);
    scales[i + 4] = scale * (float)((packed[i + 8] & 15) | (packed[i] >> 2 & 48));
    offsets[i + 4] = offset * (float)(packed[i + 8] >> 4 | (packed[i + 4] >> 2 & 48));
  }
}

static void expand_q4_k(const uint8_t *block, int8_t *numbers, float *scales, float *offsets) {
  expand_factors(block, scales, offsets);
  const uint8_t *low = block + 16;
  for (int group = 0; group < 8; group += 2, low += 32, numbers += 64) {
    for (int i = 0; i < 32; i++) {
      numbers[i] = (int8_t)(low[i] & 15);
      numbers[i + 32] = (int8_t)(low[i] >> 4);
    }
  }
}

static void expand_q5_k(const uint8_t *block, int8_t *numbers, float *scales, float *offsets) {
  expand_factors(block, scales, offsets);
  const uint8_t *high = block + 16, *low = block + 48;
  for (int group = 0; group < 8; group += 2, low += 32, numbers += 64) {
    for (int i = 0; i < 32; i++) {
      numbers[i] = (int8_t)((low[i] & 15) | (high[i] >> group & 1) << 4);
      numbers[i + 32] = (int8_t)(low[i] >> 4 | (high[i] >> (group + 1) & 1) << 4);
    }
  }
}

static void expand_q6_k(const uint8_t *block, int8_t *numbers, float *scales, float *offsets) {
  (void)offsets;
  const uint8_t *factors = block + 192;
  float scale = half(load16(block + 208));
  for (int i = 0; i < 16; i++) scales[i] = scale * (float)(int8_t)factors[i];
  for (int chunk = 0; chunk < 2; chunk++, numbers += 128) {
    const uint8_t *low = block + 64 * chunk, *high = block + 128 + 32 * chunk;
    for (int i = 0; i < 32; i++) {
      numbers[i] = (int8_t)(((low[i] & 15) | (high[i] & 3) << 4) - 32);
      numbers[i + 32] = (int8_t)(((low[i + 32] & 15) | (high[i] >> 2 & 3) << 4) - 32);
      numbers[i + 64] = (int8_t)((low[i] >> 4 | (high[i] >> 4 & 3) << 4) - 32);
      numbers[i + 96] = (int8_t)((low[i + 32] >> 4 | high[i] >> 6 << 4) - 32);
    }
  }
}

// What the nibbles of IQ4_NL and IQ4_XS stand for.
static const int8_t nonlinear[16] = {-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113};

static void expand_iq4_nl(const uint8_t *block, int8_t *numbers, float *scales, float *offsets) {
  (void)offsets;
  scales[0] = half(load16(block));
  for (int i = 0; i < 16; i++) {
    numbers[i] = nonlinear[block[2 + i] & 15];
    numbers[i + 16] = nonlinear[block[2 + i] >> 4];
  }
}

// Half a scale, the high pairs of eight six-bit factors in two bytes, their low nibbles in four, 128 bytes of nibbles.
static void expand_iq4_xs(const uint8_t *block, int8_t *numbers, float *scales, float *offsets) {
  (void)offsets;
  float scale = half(load16(block));
  uint32_t high = load16(block + 2);
  for (int group = 0; group < 8; group++, numbers += 32) {
    const uint8_t *nibbles = block + 8 + 16 * group;
    int low = block[4 + group / 2] >> (group % 2 * 4) & 15;
    scales[group] = scale * (float)((low | (int)(high >> 2 * group & 3) << 4) - 32);
    for (int i = 0; i < 16; i++) {
      numbers[i] = nonlinear[nibbles[i] & 15];
      numbers[i + 16] = nonlinear[nibbles[i] >> 4];
    }
  }
}

// A power of two as its exponent, halved because the four-bit floating-point numbers are listed doubled.
static void expand_mxfp4(const uint8_t *block, int8_t *numbers, float *scales, float *offsets) {
  static const int8_t doubled[16] = {0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12};
  (void)offsets;
  uint32_t exponent = block[0];
  float scale = float_of_bits(exponent < 2 ? 0x00200000u << exponent : (exponent - 1) << 23);
  scales[0] = scale;
  for (int i = 0; i < 16; i++) {
    numbers[i] = doubled[block[1 + i] & 15];
    numbers[i + 16] = doubled[block[1 + i] >> 4];
  }
  // The largest exponents overflow only in the product: the block says so by its scale.
  for (int i = 0; i < 32; i++)
    if (!is_finite(scale * (float)numbers[i])) scales[0] = float_of_bits(0x7f800000u);
}

static const Layout *layout_of(int32_t format) {
  static const Layout q4_0 = {18, 32, 32, false, expand_q4_0}, q4_1 = {20, 32, 32, true, expand_q4_1};
  static const Layout q5_0 = {22, 32, 32, false, expand_q5_0}, q5_1 = {24, 32, 32, true, expand_q5_1};
  static const Layout q8_0 = {34, 32, 32, false, expand_q8_0}, q2_k = {84, 256, 16, true, expand_q2_k};
  static const Layout q3_k = {110, 256, 16, false, expand_q3_k}, q4_k = {144, 256, 32, true, expand_q4_k};
  static const Layout q5_k = {176, 256, 32, true, expand_q5_k}, q6_k = {210, 256, 16, false, expand_q6_k};
  static const Layout iq4_nl = {18, 32, 32, false, expand_iq4_nl}, iq4_xs = {136, 256, 32, false, expand_iq4_xs};
  static const Layout mxfp4 = {17, 32, 32, false, expand_mxfp4};
  switch (format) {
    case MODEL_FILE_Q4_0: return &q4_0;
    case MODEL_FILE_Q4_1: return &q4_1;
    case MODEL_FILE_Q5_0: return &q5_0;
    case MODEL_FILE_Q5_1: return &q5_1;
    case MODEL_FILE_Q8_0: return &q8_0;
    case MODEL_FILE_Q2_K: return &q2_k;
    case MODEL_FILE_Q3_K: return &q3_k;
    case MODEL_FILE_Q4_K: return &q4_k;
    case MODEL_FILE_Q5_K: return &q5_k;
    case MODEL_FILE_Q6_K: return &q6_k;
    case MODEL_FILE_IQ4_NL: return &iq4_nl;
    case MODEL_FILE_IQ4_XS: return &iq4_xs;
    case MODEL_FILE_MXFP4: return &mxfp4;
    default: return NULL;
  }
}

bool model_file_blocks(
    int32_t format, const uint8_t *bytes, size_t count, int8_t *numbers, float *scales, float *offsets) {
  const Layout *layout = layout_of(format);
  if (!layout) return false;
  size_t groups = layout->numbers / layout->scale_size;
  for (size_t i = 0; i < count; i++) {
    layout->expand(
        bytes + i * layout->bytes, numbers + i * layout->numbers, scales + i * groups,
        layout->has_offsets ? offsets + i * groups : NULL);
  }
  return all_finite(scales, count * groups) && (!layout->has_offsets || all_finite(offsets, count * groups));
}

static void group_values(const int8_t *numbers, size_t size, float scale, float *values) {
  for (size_t i = 0; i < size; i++) values[i] = scale * (float)numbers[i];
}

static void group_values_offset(const int8_t *numbers, size_t size, float scale, float offset, float *values) {
  for (size_t i = 0; i < size; i++) values[i] = scale * (float)numbers[i] - offset;
}

static bool block_values(const Layout *layout, const uint8_t *bytes, size_t count, float *values) {
  int8_t numbers[MAX_NUMBERS];
  float scales[MAX_SCALES], offsets[MAX_SCALES];
  size_t size = layout->scale_size, groups = layout->numbers / size;
  bool finite = true;
  for (size_t i = 0; i < count; i++, bytes += layout->bytes) {
    layout->expand(bytes, numbers, scales, offsets);
    finite &= all_finite(scales, groups) && (!layout->has_offsets || all_finite(offsets, groups));
    for (size_t group = 0; group < groups; group++, values += size) {
      const int8_t *part = numbers + group * size;
      if (layout->has_offsets) group_values_offset(part, size, scales[group], offsets[group], values);
      else group_values(part, size, scales[group], values);
    }
  }
  return finite;
}

bool model_file_values(int32_t format, const uint8_t *bytes, size_t count, float *values) {
  switch (format) {
    case MODEL_FILE_F32:
      for (size_t i = 0; i < count; i++) values[i] = float_of_bits(load32(bytes + 4 * i));
      return all_finite(values, count);
    case MODEL_FILE_F16:
      for (size_t i = 0; i < count; i++) values[i] = half(load16(bytes + 2 * i));
      return all_finite(values, count);
    case MODEL_FILE_BF16:
      for (size_t i = 0; i < count; i++) values[i] = float_of_bits((uint32_t)load16(bytes + 2 * i) << 16);
      return all_finite(values, count);
    default: {
      const Layout *layout = layout_of(format);
      return layout && block_values(layout, bytes, count, values);
    }
  }
}
