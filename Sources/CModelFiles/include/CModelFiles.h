// Decoding of weights as model files store them: plain numbers, or blocks of small integers that share a scale.
// The callers check sizes; nothing here reads or writes beyond `count` blocks.
#ifndef C_MODEL_FILES_H
#define C_MODEL_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// The number of ggml's type of the same name (ggml.h, enum ggml_type).
enum ModelFileFormat {
  MODEL_FILE_F32 = 0,
  MODEL_FILE_F16 = 1,
  MODEL_FILE_Q4_0 = 2,
  MODEL_FILE_Q4_1 = 3,
  MODEL_FILE_Q5_0 = 6,
  MODEL_FILE_Q5_1 = 7,
  MODEL_FILE_Q8_0 = 8,
  MODEL_FILE_Q2_K = 10,
  MODEL_FILE_Q3_K = 11,
  MODEL_FILE_Q4_K = 12,
  MODEL_FILE_Q5_K = 13,
  MODEL_FILE_Q6_K = 14,
  MODEL_FILE_IQ4_NL = 20,
  MODEL_FILE_IQ4_XS = 23,
  MODEL_FILE_BF16 = 30,
  MODEL_FILE_MXFP4 = 39,
};

// The values of `count` blocks (of one number each in F32, F16 and BF16). False when one of them is not finite, or the
// format is unknown.
bool model_file_values(int32_t format, const uint8_t *bytes, size_t count, float *values);

// The same blocks undone into numbers, scales and offsets (value = scale * number - offset, rounded after each step).
// `offsets` is written for Q4_1, Q5_1, Q2_K, Q4_K and Q5_K only. False when a scale or an offset is not finite, or the format has no blocks.
bool model_file_blocks(
    int32_t format, const uint8_t *bytes, size_t count, int8_t *numbers, float *scales, float *offsets);

#endif
