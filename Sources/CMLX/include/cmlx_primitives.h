// This project's own operations: multi-threaded float32 kernels with hand-written gradients, for any size.
// Conventions as in cmlx.h. Shapes are row-major; "rows" are all axes but the last taken together.
#pragma once

#include "cmlx.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
  CMLX_GELU,   // tanh form: x / (1 + exp(-2 sqrt(2/pi) (x + 0.044715 x^3)))
  CMLX_SILU,   // x / (1 + exp(-x))
  CMLX_RELU2,  // max(x, 0)^2
} cmlx_activation_kind;

// f(x), element by element.
cmlx_array cmlx_activation(cmlx_activation_kind kind, cmlx_array x);
// f(gate) * value, of equal shapes (GeGLU, SwiGLU).
cmlx_array cmlx_gated_activation(cmlx_activation_kind kind, cmlx_array gate, cmlx_array value);

// softmax(scale * scores) over the last axis of [..., T, S]. With `causal`, query t sees keys 0...(S - T + t). With
// `lengths` (int32 [B], B the first axis of scores; may be NULL), only keys below lengths[b]. Keys not seen get 0, and
// so does a whole row that sees none.
cmlx_array cmlx_masked_softmax(cmlx_array scores, cmlx_array lengths, bool causal, float scale);

// Attention with the same mask: queries [B, T, H, D], keys and values [B, S, G, D] with H a multiple of G, result
// [B, T, H, D]. With a `window` above 0, which goes with `causal`, a query sees only the last `window` of those keys.
// With `shared` (int32 [B, 1 + T], may be NULL; T equals S, `causal`, no `lengths`) a row holds several texts that begin
// alike: shared[b][0] tokens that all of them begin with, then what follows in one text after the other. shared[b][1 + t] says
// where the text of token t begins in the row, 0 in the shared part. Token t sees the shared tokens and its own text up to
// itself; windows go by the positions in a text.
cmlx_array cmlx_attention(cmlx_array queries, cmlx_array keys, cmlx_array values, cmlx_array lengths, cmlx_array shared,
                          bool causal, int window, float scale);

// logits [..., V], targets int32 [...]: loss = log sum exp(logits) - logits[target] and that log sum, each [...].
int cmlx_cross_entropy(cmlx_array logits, cmlx_array targets, cmlx_array *loss, cmlx_array *log_sum_exp);

// The cross-entropy [N] of logits = states [N, D] * transpose(head [V, D]) against targets (int32 [N]), where the logits
// are never held all at once. With `cap` above 0 they are cap * tanh(logits / cap). `frozen`: the head has no gradient,
// and that of the states is computed along with the loss, by two products instead of four.
cmlx_array cmlx_linear_cross_entropy(cmlx_array states, cmlx_array head, cmlx_array targets, float cap, bool frozen);

// `count` linear maps of x [..., I] with low-rank changes: x W^T + scale * (x a^T) b^T for W [O, I], a [r, I] and b [O, r],
// each giving [..., O]. The matrices W are frozen: they have no gradient. `results` has room for `count`.
int cmlx_adapted_linear(cmlx_array x, const cmlx_array *matrices, const cmlx_array *a, const cmlx_array *b, size_t count,
                        float scale, cmlx_array *results);

// The numbers [rows, columns] of a matrix as `cmlx_block_linear` reads them, in four bits where they fit.
int cmlx_pack_numbers(const int8_t *numbers, size_t rows, size_t columns, cmlx_array *packed, int *bits, int *bias);

// x [..., I] times the transpose of a frozen matrix [O, I] that stays in blocks: `numbers` uint8 [O, I * bits / 8] of four or
// eight bits each without sign (of two in a byte the first is the lower half), `scales` [O, blocks of a row] and as many
// `offsets`, which may be NULL. An element is (number - bias) * scale - offset; it is widened only while it is multiplied.
cmlx_array cmlx_block_linear(cmlx_array x, cmlx_array numbers, cmlx_array scales, cmlx_array offsets, int bits, int bias);

// x / sqrt(mean(x^2) + epsilon) * weight over the last axis.
cmlx_array cmlx_rms_norm(cmlx_array x, cmlx_array weight, float epsilon);
// (x - mean) / sqrt(variance + epsilon) * weight + bias over the last axis.
cmlx_array cmlx_layer_norm(cmlx_array x, cmlx_array weight, cmlx_array bias, float epsilon);

// Rotates pairs (x[i], x[i + R]) of [B, T, H, D]'s last axis, i < R, by the angle whose cosine and sine stand in the
// tables [T, R] or [B, T, R]; 2 R <= D, the rest is copied.
cmlx_array cmlx_rotary(cmlx_array x, cmlx_array cosines, cmlx_array sines);

// Rows of table [V, D] at ids (int32, any shape): [..., D]. An id outside 0..<V is an error when evaluated.
cmlx_array cmlx_embedding(cmlx_array table, cmlx_array ids);

// y[b, t] = sum over k of weight[k] * x[b, t - k], for x [B, T, D] and weight [K, D]; x before t = 0 counts as 0.
cmlx_array cmlx_causal_shift(cmlx_array x, cmlx_array weight);

// The last axis of x in parts of these widths, which must add up to it; `parts` has room for `count`. Each part is dense.
int cmlx_split(cmlx_array x, const int *widths, size_t count, cmlx_array *parts);

typedef struct {
  float learning_rate, beta1, beta2, epsilon, weight_decay;
  float correction1, correction2;  // 1 - beta^step
  float gradient_scale;            // multiplies the gradient first (clipping)
} cmlx_adamw_settings;

// One AdamW step: results are the new parameter and moments.
int cmlx_adamw(cmlx_array parameter, cmlx_array gradient, cmlx_array first, cmlx_array second,
               cmlx_adamw_settings settings, cmlx_array results[3]);

// MARK: How the kernels run

// Whether the AVX2 kernels are in use; otherwise those compiled for the baseline instruction set.
bool cmlx_uses_avx2(void);
// Whether large products of float32 matrices are made of three products of bfloat16 on tiles (AMX).
bool cmlx_multiplies_on_tiles(void);
// For tests: forbid (or again allow) AVX2 or these tiles; compose MLX's own operations instead of the kernels.
void cmlx_allow_avx2(bool allow);
void cmlx_allow_tiles(bool allow);
void cmlx_force_composed(bool force);
size_t cmlx_thread_count(void);

#ifdef __cplusplus
}
#endif
