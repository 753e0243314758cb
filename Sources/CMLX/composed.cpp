#include "composed.h"

#include <atomic>

#include "mlx/device.h"
#include "mlx/ops.h"
#include "primitive.h"

namespace cmlx {
namespace {
std::atomic<bool> forced{false};
}

bool composed() { return forced || mx::default_device() != mx::Device::cpu; }

}  // namespace cmlx

extern "C" void cmlx_force_composed(bool force) { cmlx::forced = force; }

namespace cmlx::compose {
namespace {

// Which keys each query sees, broadcastable to scores [..., T, S]; none where all are seen.
std::optional<Array> mask_of(const Array &scores, const std::optional<Array> &lengths, Mask seen_by) {
  int queries = scores.shape(-2), keys = scores.shape(-1);
  std::optional<Array> mask;
  if (seen_by.causal) mask = mx::tri(queries, keys, keys - queries, mx::bool_);
  if (int window = static_cast<int>(seen_by.window); window > 0) {
    auto gone = mx::tri(queries, keys, keys - queries - window, mx::bool_);
    mask = mask ? mx::logical_and(*mask, mx::logical_not(gone)) : mx::logical_not(gone);
  }
  if (lengths) {
    mx::Shape shape(scores.ndim(), 1);
    shape[0] = scores.shape(0);
    auto seen = mx::less(mx::arange(keys), mx::reshape(*lengths, shape));
    mask = mask ? mx::logical_and(*mask, seen) : seen;
  }
  return mask;
}

// What `SharedRow` says, as a mask [B, 1, T, T] of numbers [B, 1 + T].
Array shared_mask(const Array &shared, Mask seen_by) {
  int batch = shared.shape(0), tokens = shared.shape(1) - 1;
  auto begin = mx::reshape(mx::slice(shared, {0, 1}, {batch, tokens + 1}), {batch, 1, tokens, 1});
  auto common = mx::minimum(mx::reshape(mx::slice(shared, {0, 0}, {batch, 1}), {batch, 1, 1, 1}), begin);
  auto t = mx::reshape(mx::arange(tokens), {1, 1, tokens, 1}), key = mx::reshape(mx::arange(tokens), {1, 1, 1, tokens});
  auto own = mx::logical_and(mx::greater_equal(key, begin), mx::less_equal(key, t)), before = mx::less(key, common);
  if (int window = static_cast<int>(seen_by.window); window > 0) {
    own = mx::logical_and(own, mx::greater(key, mx::subtract(t, Array(window))));
    auto position = mx::add(mx::subtract(t, begin), common);
    before = mx::logical_and(before, mx::greater(key, mx::subtract(position, Array(window))));
  }
  return mx::logical_or(own, before);
}

Array softmax_where(const std::optional<Array> &mask, const Array &scores, float scale) {
  auto scaled = mx::multiply(scores, Array(scale));
  if (!mask) return mx::softmax(scaled, -1);
  auto shares = mx::softmax(mx::where(*mask, scaled, Array(-1e30f)), -1);
  return mx::where(*mask, shares, Array(0.0f));
}

// [B, T, H, D] to [B, H, T, D] and back.
Array heads_first(const Array &x) { return mx::transpose(x, {0, 2, 1, 3}); }

}  // namespace

Array activation(cmlx_activation_kind kind, const Array &x) {
  switch (kind) {
    case CMLX_GELU: {
      auto inner = mx::multiply(x, mx::add(Array(1.0f), mx::multiply(Array(0.044715f), mx::square(x))));
      return mx::multiply(x, mx::sigmoid(mx::multiply(Array(1.5957691216f), inner)));
    }
    case CMLX_SILU: return mx::multiply(x, mx::sigmoid(x));
    case CMLX_RELU2: return mx::square(mx::maximum(x, Array(0.0f)));
  }
  throw std::invalid_argument("unknown activation");
}

Array masked_softmax(const Array &scores, const std::optional<Array> &lengths, Mask seen_by, float scale) {
  return softmax_where(mask_of(scores, lengths, seen_by), scores, scale);
}

Array attention(const Array &queries, const Array &keys, const Array &values, const std::optional<Array> &lengths,
                const std::optional<Array> &shared, Mask seen_by, float scale) {
  int repeats = queries.shape(2) / keys.shape(2);
  auto k = heads_first(mx::repeat(keys, repeats, 2)), v = heads_first(mx::repeat(values, repeats, 2));
  auto scores = mx::matmul(heads_first(queries), mx::swapaxes(k, -1, -2));
  auto mask = shared ? shared_mask(*shared, seen_by) : mask_of(scores, lengths, seen_by);
  return heads_first(mx::matmul(softmax_where(mask, scores, scale), v));
}

Arrays cross_entropy(const Array &logits, const Array &targets) {
  auto log_sum = mx::logsumexp(logits, -1);
  auto chosen = mx::squeeze(mx::take_along_axis(logits, mx::expand_dims(targets, -1), -1), -1);
  return {mx::subtract(log_sum, chosen), log_sum};
}

Array linear_cross_entropy(const Array &states, const Array &head, const Array &targets, float cap) {
  auto logits = mx::matmul(states, mx::transpose(head));
  if (cap > 0) logits = mx::multiply(Array(cap), mx::tanh(mx::divide(logits, Array(cap))));
  return cross_entropy(logits, targets)[0];
}

Array adapted_linear(const Array &x, const Array &matrix, const Array &a, const Array &b, float scale) {
  auto low = mx::multiply(mx::matmul(x, mx::transpose(a)), Array(scale));
  return mx::add(mx::matmul(x, mx::transpose(matrix)), mx::matmul(low, mx::transpose(b)));
}

Array block_linear(const Array &x, const Array &numbers, const Array &scales, const std::optional<Array> &offsets, int bits,
                   int bias) {
  int outputs = numbers.shape(0), blocks = scales.shape(1), inputs = numbers.shape(1) * 8 / bits;
  auto all = numbers;
  if (bits == 4) {
    auto pairs = {mx::expand_dims(mx::bitwise_and(numbers, Array(uint8_t{15})), -1),
                  mx::expand_dims(mx::right_shift(numbers, Array(uint8_t{4})), -1)};
    all = mx::concatenate(pairs, -1);
  }
  auto values = mx::subtract(mx::astype(mx::reshape(all, {outputs, blocks, inputs / blocks}), mx::float32),
                             Array(float(bias)));
  values = mx::multiply(values, mx::expand_dims(scales, -1));
  if (offsets) values = mx::subtract(values, mx::expand_dims(*offsets, -1));
  return mx::matmul(x, mx::transpose(mx::stop_gradient(mx::reshape(values, {outputs, inputs}))));
}

Array rms_norm(const Array &x, const Array &weight, float epsilon) {
  auto power = mx::mean(mx::square(x), -1, true);
  return mx::multiply(mx::multiply(x, mx::rsqrt(mx::add(power, Array(epsilon)))), weight);
}

Array layer_norm(const Array &x, const Array &weight, const Array &bias, float epsilon) {
  auto centred = mx::subtract(x, mx::mean(x, -1, true));
  return mx::add(rms_norm(centred, weight, epsilon), bias);
}

Array rotary(const Array &x, const Array &cosines, const Array &sines) {
  int half = cosines.shape(-1), width = x.shape(-1);
  auto part = [&](int from, int to) {
    mx::Shape start(x.ndim(), 0), stop = x.shape();
    start[x.ndim() - 1] = from, stop[x.ndim() - 1] = to;
    return mx::slice(x, start, stop);
  };
  auto a = part(0, half), b = part(half, 2 * half);
  auto c = mx::expand_dims(cosines, -2), s = mx::expand_dims(sines, -2);  // the same for all heads
  Arrays parts{mx::subtract(mx::multiply(a, c), mx::multiply(b, s)), mx::add(mx::multiply(b, c), mx::multiply(a, s))};
  if (2 * half < width) parts.push_back(part(2 * half, width));
  return mx::concatenate(parts, -1);
}

Array causal_shift(const Array &x, const Array &weight) {
  auto sum = mx::zeros_like(x);
  for (int k = 0; k < weight.shape(0) && k < x.shape(1); ++k) {
    auto earlier = mx::slice(x, {0, 0, 0}, {x.shape(0), x.shape(1) - k, x.shape(2)});
    auto moved = mx::pad(earlier, {{0, 0}, {k, 0}, {0, 0}});
    sum = mx::add(sum, mx::multiply(moved, mx::take(weight, k, 0)));
  }
  return sum;
}

Arrays adamw(const Array &parameter, const Array &gradient, const Array &first, const Array &second,
             const cmlx_adamw_settings &s) {
  auto scaled = mx::multiply(gradient, Array(s.gradient_scale));
  auto m = mx::add(mx::multiply(first, Array(s.beta1)), mx::multiply(scaled, Array(1 - s.beta1)));
  auto v = mx::add(mx::multiply(second, Array(s.beta2)), mx::multiply(mx::square(scaled), Array(1 - s.beta2)));
  auto denominator = mx::add(mx::sqrt(mx::divide(v, Array(s.correction2))), Array(s.epsilon));
  auto step = mx::divide(mx::divide(m, Array(s.correction1)), denominator);
  auto decayed = mx::multiply(parameter, Array(1 - s.learning_rate * s.weight_decay));
  return {mx::subtract(decayed, mx::multiply(Array(s.learning_rate), step)), m, v};
}

}  // namespace cmlx::compose
