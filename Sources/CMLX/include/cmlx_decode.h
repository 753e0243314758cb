// Sampling from a small decoder-only transformer on the CPU, without MLX.
//
// One step takes tokens of many rows at once: one token of a row that is decoding, many of a row whose prompt or tool
// output is being read. The keys and values of a row live in pages that rows with a common prefix share.
//
// Numerics are independent of the batch, bit for bit: every sum runs in an order that depends on the row alone, so what
// else is in the step, how a text was cut into steps, and the number of threads change nothing. Fused multiply-adds are
// explicit, so the AVX2 kernels and the portable ones agree as well.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct cmlx_decoder_s *cmlx_decoder;
typedef struct cmlx_kv_cache_s *cmlx_kv_cache;

typedef struct {
  int vocabulary, width, layers, heads, kv_heads, head_width, hidden, context;
  float epsilon;          // of every root-mean-square norm
  float attention_scale;  // multiplies the product of a query and a key
} cmlx_decoder_shape;

// Row-major f32 matrices, [out, in]. All are copied; nothing is kept.
typedef struct {
  const float *attention_norm;  // [width]
  const float *query_key_value; // [(heads + 2 * kv_heads) * head_width, width]
  const float *query_norm;      // [head_width]
  const float *key_norm;        // [head_width]
  const float *output;          // [width, heads * head_width]
  const float *mlp_norm;        // [width]
  const float *up;              // [hidden, width]
  const float *down;            // [width, hidden]
} cmlx_decoder_layer;

typedef struct {
  const float *embedding;             // [vocabulary, width], also the output head
  const float *shift;                 // [3, width]: gains of the token, the previous one and the one before that
  const float *norm;                  // [width]
  const float *cosines, *sines;       // [context, head_width / 2]
  const cmlx_decoder_layer *layers;   // [layers]
} cmlx_decoder_weights;

// Returns NULL, with a message from cmlx_decode_error, when the shape is one that the kernels do not take.
cmlx_decoder cmlx_decoder_new(cmlx_decoder_shape shape, cmlx_decoder_weights weights);
void cmlx_decoder_free(cmlx_decoder decoder);
// Threads of one step; 0 is one for each core.
void cmlx_decoder_set_threads(cmlx_decoder decoder, int threads);
// Runs the portable kernels even where AVX2 is there; for tests.
void cmlx_decoder_use_portable(cmlx_decoder decoder, bool portable);

// The message of the last failure on this thread.
const char *cmlx_decode_error(void);

// An empty cache; and one that continues another, sharing its full pages. The original may go first.
cmlx_kv_cache cmlx_kv_cache_new(cmlx_decoder decoder);
cmlx_kv_cache cmlx_kv_cache_fork(cmlx_kv_cache cache);
void cmlx_kv_cache_free(cmlx_kv_cache cache);
int cmlx_kv_cache_length(cmlx_kv_cache cache);
// Bytes of all pages alive in the process; a shared page counts once.
size_t cmlx_kv_cache_bytes(void);

// What one row does in a step: reads `count` tokens (at least one), then, if asked to, draws one.
typedef struct {
  cmlx_kv_cache cache;
  const int32_t *tokens;
  int count;
  bool draws;
  float temperature;     // 0 takes the most probable token
  uint64_t seed;         // with the position of the drawn token, names the uniform number that draws it
  int32_t token;         // out: the drawn token
  float log_probability; // out: of the distribution drawn from
  float *logits;         // out, may be NULL: [vocabulary]
} cmlx_decode_run;

// Advances every run. The caches must be distinct. Returns 0; or 1, with nothing advanced, when a token is outside the
// vocabulary or a context is full; or 2 when the weights produce numbers that are not finite.
int cmlx_decoder_step(cmlx_decoder decoder, cmlx_decode_run *runs, size_t count);

#ifdef __cplusplus
}
#endif
