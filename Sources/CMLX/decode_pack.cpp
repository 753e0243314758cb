// Weights: their names and shapes, and the panels that the kernels read.
#include <algorithm>
#include <atomic>
#include <climits>
#include <cmath>
#include <cstring>
#include <numeric>

#include "decode.h"
#include "pool.h"

namespace cmlx::decode {
namespace {

// Calls `body(panel, lane, row)` for every row of the matrix, with its place, on all threads.
template <class Body>
void eachRow(const Extent &out, Body &&body) {
  parallel_for(size_t(out.count()), 64, [&](size_t from, size_t to) {
    for (size_t r = from; r < to; ++r) body(size_t(out.place(int(r)) / lanes), size_t(out.place(int(r)) % lanes), r);
  });
}

bool areBfloats(const float *values, size_t count) {
  for (size_t i = 0; i < count; ++i) {
    uint32_t bits;
    std::memcpy(&bits, values + i, 4);
    if (bits & 0xffff) return false;
  }
  return true;
}

// The largest number, or less it, of which all of `count` numbers are multiples by -128 to 127, exactly; none: false.
bool factor(const float *values, int count, int8_t *steps, float *unit) {
  int64_t numbers[unitLength];
  int lowest = INT_MAX, exponents[unitLength];
  for (int i = 0; i < count; ++i) {
    uint32_t bits;
    std::memcpy(&bits, values + i, 4);
    const int exponent = bits >> 23 & 255;
    if (exponent == 255) return false;
    const int64_t mantissa = (bits & 0x7fffff) | (exponent ? 0x800000 : 0);
    const int zeros = mantissa ? __builtin_ctzll(uint64_t(mantissa)) : 0;
    numbers[i] = bits >> 31 ? -(mantissa >> zeros) : mantissa >> zeros;
    exponents[i] = std::max(exponent, 1) - 150 + zeros;
    if (mantissa) lowest = std::min(lowest, exponents[i]);
  }
  int64_t common = 0;
  for (int i = 0; i < count; ++i) {
    if (!numbers[i]) continue;
    if (exponents[i] - lowest > 32) return false;
    numbers[i] *= int64_t(1) << (exponents[i] - lowest);
    common = std::gcd(common, numbers[i]);
  }
  // A file's step of -128 is +128 times a positive number where the file's own is negative.
  if (common && *std::max_element(numbers, numbers + count) == 128 * common) common = -common;
  *unit = common ? std::ldexp(float(common), lowest) : 0;
  for (int i = 0; i < count; ++i) {
    const int64_t step = common ? numbers[i] / common : 0;
    if (step < -128 || step > 127) return false;
    steps[i] = int8_t(step);
    if (float(step) * *unit != values[i]) return false;
  }
  return true;
}

// Scales or offsets [out, in / block] of a matrix in panels.
Factors packFactors(const float *values, const Matrix &m, const cmlx_matrix &source, const Extent &out) {
  const int blocks = source.in / source.block, perUnit = unitLength / source.block;
  Factors f;
  if (!values) return f;
  std::atomic<bool> areProducts = source.in % unitLength == 0;
  if (areProducts) {
    f.steps = Buffer<int8_t>(size_t(m.panels) * blocks * lanes);
    f.units = Buffer<float>(size_t(m.panels) * (blocks / perUnit) * lanes);
    eachRow(out, [&](size_t panel, size_t lane, size_t r) {
      for (int b = 0; areProducts && b < blocks; b += perUnit) {
        int8_t steps[unitLength];
        float unit;
        if (!factor(values + r * blocks + b, perUnit, steps, &unit)) areProducts = false;
        f.units[(panel * (blocks / perUnit) + b / perUnit) * lanes + lane] = unit;
        for (int i = 0; i < perUnit; ++i) f.steps[(panel * blocks + b + i) * lanes + lane] = steps[i];
      }
    });
    if (areProducts) return f;
    f = Factors();
  }
  f.values = Buffer<float>(size_t(m.panels) * blocks * lanes);
  eachRow(out, [&](size_t panel, size_t lane, size_t r) {
    for (int b = 0; b < blocks; ++b) f.values[(panel * blocks + b) * lanes + lane] = values[r * blocks + b];
  });
  return f;
}

// `run` of a matrix whose scales have steps.
int exactRun(const Matrix &m, const cmlx_matrix &source, const Extent &out) {
  constexpr int levels = 5;  // 16, 32, ..., 256
  constexpr int64_t most = INT32_MAX / 32767;
  std::atomic<int> holds = levels;  // of this many levels every sum fits
  eachRow(out, [&](size_t panel, size_t lane, size_t r) {
    const size_t blocks = m.in / m.block;
    for (int k = 0; k < m.in; k += unitLength) {
      int64_t sums[unitLength / sumLength];
      for (int i = 0; i < unitLength / sumLength; ++i) {
        const int from = k + i * sumLength;
        int sum = 0;
        for (int j = 0; j < sumLength; ++j) sum += std::abs(int(source.numbers[r * m.in + from + j]));
        sums[i] = sum * std::abs(int(m.scales.steps[(panel * blocks + from / m.block) * lanes + lane]));
      }
      for (int level = 0; level < holds; ++level) {
        const int count = unitLength / sumLength >> level;
        const int64_t largest = *std::max_element(sums, sums + count);
        for (int now = holds; largest > most && level < now && !holds.compare_exchange_weak(now, level);) {}
        for (int i = 0; i < count / 2; ++i) sums[i] = sums[2 * i] + sums[2 * i + 1];
      }
    }
  });
  return holds > 0 ? sumLength << (holds - 1) : 0;
}

// Numbers that fit four bits are kept in four.
void packBlocks(Matrix &m, const cmlx_matrix &source, const Extent &out) {
  const size_t in = source.in, count = size_t(source.out) * in;
  const auto [low, high] = std::minmax_element(source.numbers, source.numbers + count);
  const bool half = (*low >= 0 && *high < 16) || (*low >= -8 && *high < 8);
  m.form = half ? Matrix::Form::nibbles : Matrix::Form::bytes;
  m.bias = half && *low < 0 ? 8 : 0;
  m.block = source.block;
  m.numbers = Buffer<uint8_t>(size_t(m.panels) * in * lanes / (half ? 2 : 1));
  m.scales = packFactors(source.scales, m, source, out);
  m.offsets = packFactors(source.offsets, m, source, out);
  if (m.scales.steps.count()) m.run = exactRun(m, source, out);
  eachRow(out, [&](size_t panel, size_t lane, size_t r) {
    for (size_t k = 0; k < in; ++k) {
      const int8_t number = source.numbers[r * in + k];
      uint8_t &at = m.numbers[m.place(panel, lane, k)];
      if (half) at |= uint8_t(number + m.bias) << (k % 4 / 2 * 4);
      else at = uint8_t(number);
    }
  });
}

void packFloats(Matrix &m, const cmlx_matrix &source, const Extent &out, const Extent &in) {
  const bool half = areBfloats(source.values, size_t(source.out) * source.in);
  const size_t room = size_t(m.panels) * m.in * lanes;
  m.form = half ? Matrix::Form::bfloats : Matrix::Form::floats;
  if (half) m.bfloats = Buffer<uint16_t>(room);
  else m.values = Buffer<float>(room);
  eachRow(out, [&](size_t panel, size_t lane, size_t r) {
    for (int k = 0; k < source.in; ++k) {
      const size_t at = (panel * m.in + in.place(k)) * lanes + lane;
      const float value = source.values[r * source.in + k];
      uint32_t bits;
      std::memcpy(&bits, &value, 4);
      if (half) m.bfloats[at] = uint16_t(bits >> 16);
      else m.values[at] = value;
    }
  });
}

// The numbers of a matrix of eight-bit blocks as floats.
std::vector<float> values(const cmlx_matrix &source) {
  std::vector<float> out(size_t(source.out) * source.in);
  for (size_t i = 0; i < out.size(); ++i) {
    const size_t b = i / source.block;
    out[i] = float(source.numbers[i]) * source.scales[b];
    if (source.offsets) out[i] -= source.offsets[b];
  }
  return out;
}

}  // namespace

size_t Matrix::bytes() const {
  return 4 * values.count() + scales.bytes() + offsets.bytes() + 2 * bfloats.count() + numbers.count();
}

Matrix pack(const cmlx_matrix &source, Extent out, Extent in) {
  Matrix m;
  m.out = out.count();
  m.in = in.room();
  m.panels = out.room() / lanes;
  if (source.values) {
    packFloats(m, source, out, in);
  } else if (in.room() == in.count()) {
    packBlocks(m, source, out);
  } else {
    const std::vector<float> floats = values(source);
    packFloats(m, {.out = source.out, .in = source.in, .values = floats.data()}, out, in);
  }
  return m;
}

Model::Model(const cmlx_decoder_shape &s) : shape(s), layers(s.layers) {
  const size_t half = size_t(s.rotary_width) / 2;
  frequencies.assign(s.frequencies, s.frequencies + half);
  if (s.local_frequencies) localFrequencies.assign(s.local_frequencies, s.local_frequencies + half);
  const Extent width{1, s.width}, rows{1, s.vocabulary}, hiddenWidth{1, s.hidden}, head{1, s.head_width};
  const Extent queries{s.heads, s.head_width}, keys{s.kv_heads, s.head_width};
  auto vector = [&](const std::string &name, std::vector<float> &place, Extent in) {
    slots[name] = {.vector = &place, .in = in};
  };
  auto matrix = [&](const std::string &name, Linear &place, Extent out, Extent in) {
    slots[name + ".weight"] = {.linear = &place, .out = out, .in = in};
  };
  matrix("model.embed_tokens", embedding, rows, width);
  if (!s.tied) matrix("lm_head", separateHead, rows, width);
  vector("model.norm.weight", norm, width);
  if (s.shifted_embedding) vector("model.embed_tokens.shift", shift, {3, s.width});
  for (int i = 0; i < s.layers; ++i) {
    Layer &l = layers[i];
    l.windowed = s.windowed && s.windowed[i];
    l.rotated = !s.rotated || s.rotated[i];
    const std::string prefix = "model.layers." + std::to_string(i) + ".", attention = prefix + "self_attn.";
    const auto normed = [&](const char *name, std::vector<float> &place) {
      vector(prefix + name + ".weight", place, width);
    };
    matrix(attention + "q_proj", l.query, queries, width);
    matrix(attention + "k_proj", l.key, keys, width);
    matrix(attention + "v_proj", l.value, keys, width);
    matrix(attention + "o_proj", l.output, width, queries);
    if (s.feed_forward != CMLX_FEED_FORWARD_RELU2) matrix(prefix + "mlp.gate_proj", l.gate, hiddenWidth, width);
    matrix(prefix + "mlp.up_proj", l.up, hiddenWidth, width);
    matrix(prefix + "mlp.down_proj", l.down, width, hiddenWidth);
    if (normsBefore()) normed("input_layernorm", l.attentionNorm);
    normed("post_attention_layernorm", normsAfter() ? l.attentionAfter : l.mlpNorm);
    if (s.norms == CMLX_NORMS_SANDWICH) normed("pre_feedforward_layernorm", l.mlpNorm);
    if (normsAfter()) normed("post_feedforward_layernorm", l.mlpAfter);
    const bool whole = s.query_key_norm == CMLX_NORM_WHOLE;
    if (s.query_key_norm != CMLX_NORM_NONE) vector(attention + "q_norm.weight", l.queryNorm, whole ? queries : head);
    if (s.query_key_norm != CMLX_NORM_NONE) vector(attention + "k_norm.weight", l.keyNorm, whole ? keys : head);
    if (!s.biases) continue;
    vector(attention + "q_proj.bias", l.query.bias, queries);
    vector(attention + "k_proj.bias", l.key.bias, keys);
    vector(attention + "v_proj.bias", l.value.bias, keys);
  }
}

size_t Model::bytes() const {
  auto of = [](const Linear &l) { return l.weight.bytes() + l.a.bytes() + l.b.bytes(); };
  size_t sum = of(embedding) + of(separateHead);
  for (const Layer &l : layers)
    for (const Linear *linear : {&l.query, &l.key, &l.value, &l.output, &l.gate, &l.up, &l.down}) sum += of(*linear);
  return sum;
}

}  // namespace cmlx::decode
