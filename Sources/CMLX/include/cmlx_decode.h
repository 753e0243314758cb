// Sampling from decoder-only transformers on the CPU, without MLX: the seedling, Llama, Mistral, SmolLM3,
// Phi-3, Qwen2, Qwen3, OLMo 2 and 3, Gemma 3.
//
// One step takes tokens of many rows at once: one token of a row that is decoding, many of a row whose prompt or tool
// output is being read. The keys and values of a row live in pages that rows with a common prefix share.
//
// Numerics are independent of the batch, bit for bit: every sum runs in an order that depends on the row alone, so what
// else is in the step, how a text was cut into steps, and the number of threads change nothing. Fused multiply-adds are
// explicit and every vector has sixteen lanes, so that the kernels for AVX-512, for AVX2 and for any machine agree too.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct cmlx_decoder_s *cmlx_decoder;
typedef struct cmlx_kv_cache_s *cmlx_kv_cache;

// Positions of a page of keys and values; forks share full pages.
enum { CMLX_PAGE_LENGTH = 16 };

// What the feed-forward layers do between their products. The squared ReLU has no gate; the others are act(gate) * up.
typedef enum { CMLX_FEED_FORWARD_RELU2, CMLX_FEED_FORWARD_SWIGLU, CMLX_FEED_FORWARD_GEGLU } cmlx_feed_forward;

// Where layers normalise: the inputs of attention and feed-forward, inputs and outputs, or the outputs alone.
typedef enum { CMLX_NORMS_BEFORE, CMLX_NORMS_SANDWICH, CMLX_NORMS_AFTER } cmlx_norms;

// What the norms of queries and keys reach over: each head by itself, or all of them together.
typedef enum { CMLX_NORM_NONE, CMLX_NORM_PER_HEAD, CMLX_NORM_WHOLE } cmlx_query_key_norm;

typedef struct {
  int vocabulary, width, layers, heads, kv_heads, head_width, hidden, context;
  int window;                // positions that a windowed layer sees, the present one included
  cmlx_feed_forward feed_forward;
  bool shifted_embedding;    // rows normalised; the sum of three tokens' rows with gains (seedling)
  bool tied;                 // the output head is the embedding
  bool biases;               // of queries, keys and values
  cmlx_query_key_norm query_key_norm;
  cmlx_norms norms;
  float epsilon;             // of every root-mean-square norm
  float attention_scale;     // multiplies the product of a query and a key
  float embedding_scale;     // multiplies the embedding
  float logit_cap;           // logits are cap * tanh(logits / cap); 0 when there is none
  int rotary_width;          // numbers of a head that are rotated, from its beginning; even
  // Radians per position of each rotated pair, [rotary_width / 2]; of windowed layers, NULL where they are the same.
  const double *frequencies, *local_frequencies;
  double rotary_scale, local_rotary_scale;  // multiply what is rotated
  const bool *rotated;       // [layers], whether positions turn its heads; NULL when they do in every layer
  const bool *windowed;      // [layers], NULL when every layer sees everything
} cmlx_decoder_shape;

// A row-major matrix [out, in] in one of two forms. `numbers` are eight-bit: value = scale * number - offset, with a
// scale (and an offset, where `offsets` is not NULL) for each `block` along `in`.
typedef struct {
  int out, in;
  const float *values;
  const int8_t *numbers;
  const float *scales, *offsets;  // [out, in / block]
  int block;                      // 16 or 32
} cmlx_matrix;

// A decoder without weights. Returns NULL, with a message from cmlx_decode_error, when the shape cannot be.
cmlx_decoder cmlx_decoder_new(cmlx_decoder_shape shape);
void cmlx_decoder_free(cmlx_decoder decoder);
// Copies a weight into the decoder. Names are those of Hugging Face's files, and `model.embed_tokens.shift`
// [3, width]: gains of the token, the previous one and the one before that. A vector is a matrix of one row, or one
// column. Returns 0, or 1 when there is no such weight or it has another size.
int cmlx_decoder_set(cmlx_decoder decoder, const char *name, cmlx_matrix matrix);
// Adds scale * b (a x) to a product; `module` is the weight's name without `.weight`, a [rank, in], b [out, rank].
int cmlx_decoder_adapt(cmlx_decoder decoder, const char *module, const float *a, const float *b, int rank, float scale);
// Returns 0 when every weight has been set; else 1, with the first that is missing in the message.
int cmlx_decoder_complete(cmlx_decoder decoder);
// Threads of one step; 0 is one for each core.
void cmlx_decoder_set_threads(cmlx_decoder decoder, int threads);
// Kernels by the instructions that they need; each set includes those before it. All give the same bits.
enum {
  CMLX_KERNELS_PORTABLE,
  CMLX_KERNELS_AVX2,
  CMLX_KERNELS_AVX512,
  CMLX_KERNELS_VNNI,  // AVX-512 with products of integers
  CMLX_KERNELS_AMX,   // tiles of integers beside them
};
// The best that this machine has, and the best to use (default: AMX) where it has them.
int cmlx_decoder_best_kernels(void);
void cmlx_decoder_set_kernels(cmlx_decoder decoder, int kernels);
// Whether products with matrices of blocks round the activations to sixteen bits, for each 256 of them, and multiply
// integers; keys and values are then kept in sixteen bits. A row's numbers stay independent of the batch, the
// kernels and the machine. To be called before the first cache is made. Default: false, nothing is rounded.
void cmlx_decoder_set_fast(cmlx_decoder decoder, bool fast);
// How threads share a step: 0 as the size of the weights suggests (default), 1 by rows, each taken through all layers by
// one thread (weights that fit a core's cache), 2 by the outputs of each product (weights that come from memory).
void cmlx_decoder_set_sharing(cmlx_decoder decoder, int sharing);
int cmlx_decoder_vocabulary(cmlx_decoder decoder);
// Bytes of all weights.
size_t cmlx_decoder_bytes(cmlx_decoder decoder);

// Measures the products of a step of `rows` tokens that all draw, alone: with these kernels, no step can be faster. For
// benchmarks. Negative when memory is missing.
double cmlx_decoder_products_seconds(cmlx_decoder decoder, int rows);

// The message of the last failure on this thread.
const char *cmlx_decode_error(void);

// An empty cache; and one that continues the first `length` tokens of another, sharing its full pages. The original may
// go first.
cmlx_kv_cache cmlx_kv_cache_new(cmlx_decoder decoder);
cmlx_kv_cache cmlx_kv_cache_fork(cmlx_kv_cache cache, int length);
void cmlx_kv_cache_free(cmlx_kv_cache cache);
// The tokens that were read. The pointer holds until the next step.
int cmlx_kv_cache_length(cmlx_kv_cache cache);
const int32_t *cmlx_kv_cache_tokens(cmlx_kv_cache cache);
// Bytes of all pages of a decoder's caches; a shared page counts once.
size_t cmlx_decoder_cache_bytes(cmlx_decoder decoder);

// Which distribution a token is drawn from. The logits are divided by the temperature; then only the `top_k` most
// probable tokens stay (0: all); of those the fewest whose probabilities reach `top_p` (1: all); of those the ones that
// have at least `min_p` times the probability of the most probable one (0: all). Of equally probable tokens those with
// lower ids come first. At least one token always stays.
typedef struct {
  float temperature;  // 0 takes the most probable token, with its probability at temperature 1; the rest is ignored then
  int top_k;
  float top_p, min_p;
} cmlx_sampling;

// What one row does in a step: reads `count` tokens (at least one), then, if asked to, draws one.
typedef struct {
  cmlx_kv_cache cache;
  const int32_t *tokens;
  int count;
  bool draws;
  cmlx_sampling sampling;
  uint64_t seed;         // with the position of the drawn token, names the uniform number that draws it
  int32_t token;         // out: the drawn token, or -1 when the logits are not finite; the cache is of no use then
  float log_probability; // out: of the distribution drawn from
  float *logits;         // out, may be NULL: [vocabulary]
  float *scores;         // out, may be NULL: [count - 1], the log-probability of each token but the first, given what is
                         // before it, at temperature 1; not a number when the logits are not finite
} cmlx_decode_run;

// Advances every run. The caches must be distinct. Returns 0; or 1, with nothing advanced, when a token is outside the
// vocabulary, a context is full or memory is.
int cmlx_decoder_step(cmlx_decoder decoder, cmlx_decode_run *runs, size_t count);

#ifdef __cplusplus
}
#endif
