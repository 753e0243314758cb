// The primitives' results composed from MLX's own operations: used where the default device is not the CPU, and by tests
// as a second opinion.
#pragma once

#include <optional>

#include "cmlx_primitives.h"
#include "mask.h"
#include "shim.h"

namespace cmlx::compose {

Array activation(cmlx_activation_kind kind, const Array &x);
Array masked_softmax(const Array &scores, const std::optional<Array> &lengths, Mask mask, float scale);
Array attention(const Array &queries, const Array &keys, const Array &values, const std::optional<Array> &lengths,
                const std::optional<Array> &shared, Mask mask, float scale);
Arrays cross_entropy(const Array &logits, const Array &targets);
Array linear_cross_entropy(const Array &states, const Array &head, const Array &targets, float cap);
Array adapted_linear(const Array &x, const Array &matrix, const Array &a, const Array &b, float scale);
Array block_linear(const Array &x, const Array &numbers, const Array &scales, const std::optional<Array> &offsets, int bits,
                   int bias);
Array rms_norm(const Array &x, const Array &weight, float epsilon);
Array layer_norm(const Array &x, const Array &weight, const Array &bias, float epsilon);
Array rotary(const Array &x, const Array &cosines, const Array &sines);
Array causal_shift(const Array &x, const Array &weight);
Arrays adamw(const Array &parameter, const Array &gradient, const Array &first, const Array &second,
             const cmlx_adamw_settings &settings);

}  // namespace cmlx::compose
