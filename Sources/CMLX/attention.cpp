// Attention without storing the scores: each block of queries computes its own, forward and again backward.
// Shapes: B batch, T queries, S keys, H query heads, G key heads (H a multiple of G), D width, P = D padded to 8.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <optional>
#include <utility>
#include <vector>

#include "composed.h"
#include "mask.h"
#include "primitive.h"

using namespace cmlx;

namespace {

constexpr size_t block = 32;  // queries that share a pass over the keys

size_t padded(size_t n) { return (n + 7) / 8 * 8; }

struct Geometry {
  size_t batch, queries, keys, heads, groups, width;
  Mask mask;
  float scale;

  Geometry(const Array &q, const Array &k, Mask mask, float scale)
      : batch(q.shape(0)), queries(q.shape(1)), keys(k.shape(1)), heads(q.shape(2)), groups(k.shape(2)),
        width(q.shape(3)), mask(mask), scale(scale) {}

  size_t vector_width() const { return padded(width); }
  // Distance between the rows of transposed keys; the extra keeps powers of two from sharing cache sets.
  size_t key_stride() const { return padded(keys) + 16; }
  size_t query_at(size_t b, size_t t, size_t head) const { return ((b * queries + t) * heads + head) * width; }
  size_t key_at(size_t b, size_t group) const { return (b * keys * groups + group) * width; }
};

// `rows` rows of `width` floats, `stride` apart, as dense rows of P floats with zeros at the end.
void pack(const float *from, size_t rows, size_t width, size_t stride, float *to) {
  size_t out = padded(width);
  for (size_t r = 0; r < rows; ++r) {
    std::copy_n(from + r * stride, width, to + r * out);
    std::fill(to + r * out + width, to + (r + 1) * out, 0.0f);
  }
}

// The same rows as columns: `to` is [width, `out`] with zeros beyond `rows`.
void pack_transposed(const float *from, size_t rows, size_t width, size_t stride, float *to, size_t out) {
  for (size_t i = 0; i < width; ++i) {
    for (size_t r = 0; r < rows; ++r) to[i * out + r] = from[r * stride + i];
    std::fill(to + i * out + rows, to + (i + 1) * out, 0.0f);
  }
}

void unpack(const float *from, size_t rows, size_t width, size_t stride, float *to) {
  for (size_t r = 0; r < rows; ++r) std::copy_n(from + r * padded(width), width, to + r * stride);
}

// Memory that a thread keeps between calls.
class Scratch {
 public:
  explicit Scratch(size_t floats) {
    if (memory().size() < floats) memory().resize(floats);
    next_ = memory().data();
  }
  float *take(size_t floats) { return std::exchange(next_, next_ + floats); }

 private:
  static std::vector<float> &memory() {
    thread_local std::vector<float> memory;
    return memory;
  }
  float *next_;
};

// What says which keys the queries of a row see, beside the mask.
struct Rows {
  const int32_t *lengths = nullptr;  // [B]
  const int32_t *shared = nullptr;   // [B, 1 + T], as `SharedRow` reads them
};

// Queries `first`..<`first` + `count` of one head, and the keys that any of them sees: one range of them or two, whose
// scores stand side by side.
struct Block {
  struct Range {
    size_t begin, end;
    size_t count() const { return end - begin; }
  };
  // Columns of scores that a query sees: `low`..<`high` but for a gap.
  struct Columns {
    size_t low, gap, resume, high;
  };

  const Geometry &g;
  size_t first, count;
  const int32_t *length;
  std::optional<SharedRow> shared;
  Range keys[2];  // each begins at a multiple of 8
  size_t columns;

  Block(const Geometry &g, size_t b, size_t first, const Rows &rows)
      : g(g), first(first), count(std::min(block, g.queries - first)), length(rows.lengths ? rows.lengths + b : nullptr) {
    if (rows.shared) {
      shared = SharedRow{rows.shared + b * (1 + g.queries)};
      find_shared();
    } else {
      size_t begin = g.mask.first(first, g.queries, g.keys) / 8 * 8;
      keys[0] = {begin, std::max(g.mask.visible(first + count - 1, g.queries, g.keys, length), begin)};
      keys[1] = {0, 0};
    }
    columns = padded(keys[0].count()) + padded(keys[1].count());
  }

  // The column of a key in one of the ranges.
  size_t column(size_t key, int range) const {
    return key - keys[range].begin + (range > 0 ? padded(keys[0].count()) : 0);
  }

  // What the block's query `r` sees.
  Columns seen(size_t r) const {
    if (!shared) {
      size_t low = std::min(g.mask.first(first + r, g.queries, g.keys) - keys[0].begin, columns);
      size_t high = std::max(g.mask.visible(first + r, g.queries, g.keys, length), keys[0].begin) - keys[0].begin;
      return {low, low, low, std::max(low, high)};
    }
    auto k = shared->keys(first + r, g.mask.window);
    int own = keys[1].count() > 0 ? 1 : 0;
    size_t resume = column(k.own, own), high = column(k.own_end, own);
    if (k.shared == k.shared_end) return {resume, resume, resume, high};
    return {column(k.shared, 0), column(k.shared_end, 0), resume, high};
  }

  // Calls for each range of keys with where it begins among the keys and in the columns, and whether it is the second.
  template <class Body>
  void each(Body body) const {
    body(keys[0], size_t{0}, false);
    if (keys[1].count() > 0) body(keys[1], padded(keys[0].count()), true);
  }

 private:
  void find_shared() {
    Range common{g.keys, 0}, own{g.keys, 0};
    for (size_t t = first; t < first + count; ++t) {
      auto k = shared->keys(t, g.mask.window);
      own = {std::min(own.begin, k.own), std::max(own.end, k.own_end)};
      if (k.shared < k.shared_end)
        common = {std::min(common.begin, k.shared), std::max(common.end, k.shared_end)};
    }
    own.begin = own.begin / 8 * 8;
    common.begin = common.begin / 8 * 8;
    keys[0] = common, keys[1] = own;
    if (common.end == 0) keys[0] = own, keys[1] = {0, 0};
    else if (own.begin <= common.end) keys[0] = {std::min(common.begin, own.begin), own.end}, keys[1] = {0, 0};
  }
};

// MARK: Forward

// Inputs: queries [B, T, H, D], keys and values [B, S, G, D], perhaps what `Rows` has.
// Outputs: [B, T, H, D] and the log sums of the scores [B, H, T].
struct ForwardHead {
  const Geometry &g;
  const Operands &o;
  Rows rows;

  void run(size_t b, size_t head) const {
    size_t stride = g.key_stride(), wide = g.vector_width(), group = head / (g.heads / g.groups);
    Scratch scratch(g.width * stride + g.keys * wide + block * (stride + wide));
    float *keys_t = scratch.take(g.width * stride), *values = scratch.take(g.keys * wide);
    float *scores = scratch.take(block * stride), *result = scratch.take(block * wide);
    size_t row = g.groups * g.width;
    pack_transposed(o.in(1) + g.key_at(b, group), g.keys, g.width, row, keys_t, stride);
    pack(o.in(2) + g.key_at(b, group), g.keys, g.width, row, values);
    for (size_t first = 0; first < g.queries; first += block) {
      Block at(g, b, first, rows);
      const float *queries = o.in(0) + g.query_at(b, first, head);
      size_t apart = g.heads * g.width;
      at.each([&](auto keys, size_t column, bool) {
        kernels().product(at.count, padded(keys.count()), g.width, {queries, apart, 1}, keys_t + keys.begin, stride,
                          scores + column, stride, false);
      });
      for (size_t r = 0; r < at.count; ++r)
        o.out(1)[(b * g.heads + head) * g.queries + first + r] = softmax_row(at, r, scores + r * stride);
      at.each([&](auto keys, size_t column, bool more) {
        kernels().product(at.count, wide, keys.count(), {scores + column, stride, 1}, values + keys.begin * wide, wide,
                          result, wide, more);
      });
      unpack(result, at.count, g.width, apart, o.out(0) + g.query_at(b, first, head));
    }
  }

  // Scores to shares; the log sum of what is seen.
  float softmax_row(const Block &at, size_t r, float *row) const {
    auto [low, gap, resume, high] = at.seen(r);
    std::fill_n(row, low, 0.0f);
    std::fill(row + gap, row + resume, -1e30f);
    float log_sum = kernels().softmax(row + low, row + low, high - low, at.columns - low, g.scale);
    std::fill(row + gap, row + resume, 0.0f);
    return log_sum;
  }
};

// MARK: Backward

// Inputs: queries, keys, values, result, log sums, the result's gradient, perhaps what `Rows` has. Outputs: the gradients of
// queries, keys and values. One call serves all query heads that share one key head.
class BackwardGroup {
 public:
  BackwardGroup(const Geometry &g, const Operands &o, Rows rows)
      : g(g), o(o), rows(rows), stride(g.key_stride()), wide(g.vector_width()),
        scratch(2 * g.width * stride + 3 * g.keys * wide + block * (2 * stride + 3 * wide)),
        keys_t(scratch.take(g.width * stride)), values_t(scratch.take(g.width * stride)),
        keys(scratch.take(g.keys * wide)), d_keys(scratch.take(g.keys * wide)), d_values(scratch.take(g.keys * wide)),
        shares(scratch.take(block * stride)), d_scores(scratch.take(block * stride)),
        queries(scratch.take(block * wide)), d_result(scratch.take(block * wide)),
        d_queries(scratch.take(block * wide)) {}

  void run(size_t b, size_t group) {
    size_t at = g.key_at(b, group), row = g.groups * g.width;
    pack_transposed(o.in(1) + at, g.keys, g.width, row, keys_t, stride);
    pack_transposed(o.in(2) + at, g.keys, g.width, row, values_t, stride);
    pack(o.in(1) + at, g.keys, g.width, row, keys);
    std::fill_n(d_keys, g.keys * wide, 0.0f);
    std::fill_n(d_values, g.keys * wide, 0.0f);
    size_t each = g.heads / g.groups;
    for (size_t head = group * each; head < (group + 1) * each; ++head)
      for (size_t first = 0; first < g.queries; first += block) queries_block(b, head, first);
    unpack(d_keys, g.keys, g.width, row, o.out(1) + at);
    unpack(d_values, g.keys, g.width, row, o.out(2) + at);
  }

 private:
  void queries_block(size_t b, size_t head, size_t first) {
    Block at(g, b, first, rows);
    size_t here = g.query_at(b, first, head), apart = g.heads * g.width;
    pack(o.in(0) + here, at.count, g.width, apart, queries);
    pack(o.in(5) + here, at.count, g.width, apart, d_result);
    at.each([&](auto keys, size_t column, bool) {
      size_t wanted = padded(keys.count());
      kernels().product(at.count, wanted, g.width, {queries, wide, 1}, keys_t + keys.begin, stride, shares + column,
                        stride, false);
      kernels().product(at.count, wanted, g.width, {d_result, wide, 1}, values_t + keys.begin, stride,
                        d_scores + column, stride, false);
    });
    for (size_t r = 0; r < at.count; ++r) softmax_row(b, head, at, r);
    at.each([&](auto range, size_t column, bool more) {
      size_t from = range.begin * wide, seen = range.count();
      kernels().product(at.count, wide, seen, {d_scores + column, stride, 1}, keys + from, wide, d_queries, wide, more);
      kernels().product(seen, wide, at.count, {d_scores + column, 1, stride}, queries, wide, d_keys + from, wide, true);
      kernels().product(seen, wide, at.count, {shares + column, 1, stride}, d_result, wide, d_values + from, wide, true);
    });
    unpack(d_queries, at.count, g.width, apart, o.out(0) + here);
  }

  // Scores to shares, the gradient of shares to that of scores.
  void softmax_row(size_t b, size_t head, const Block &at, size_t r) {
    auto [low, gap, resume, high] = at.seen(r);
    size_t t = at.first + r;
    float log_sum = o.in(4)[(b * g.heads + head) * g.queries + t];
    float *p = shares + r * stride, *d = d_scores + r * stride;
    float offset = kernels().dot(d_result + r * wide, o.in(3) + g.query_at(b, t, head), g.width);
    for (auto [from, to] : {std::pair(low, gap), std::pair(resume, high)}) {
      kernels().scaled_exponential(p + from, p + from, to - from, g.scale, log_sum, 1);
      kernels().centred_product(p + from, d + from, d + from, to - from, offset, g.scale);
    }
    for (float *row : {p, d}) {
      std::fill_n(row, low, 0.0f);
      std::fill(row + gap, row + resume, 0.0f);
      std::fill(row + high, row + at.columns, 0.0f);
    }
  }

  const Geometry &g;
  const Operands &o;
  Rows rows;
  size_t stride, wide;
  Scratch scratch;
  float *keys_t, *values_t, *keys, *d_keys, *d_values, *shares, *d_scores, *queries, *d_result, *d_queries;
};

// What follows the other inputs of an operation, whose numbers are whole.
enum class Extra { none, lengths, shared };

Rows rows_of(Extra extra, const Operands &o, int at) {
  return {extra == Extra::lengths ? o.in_int(at) : nullptr, extra == Extra::shared ? o.in_int(at) : nullptr};
}

struct AttentionGradient : Operation {
  Mask mask;
  float scale;
  Extra extra;
  AttentionGradient(mx::Stream stream, Mask mask, float scale, Extra extra)
      : Operation(stream), mask(mask), scale(scale), extra(extra) {}
  const char *name() const override { return "AttentionGradient"; }

  void eval_cpu(const Arrays &inputs, Arrays &outputs) override {
    enqueue(inputs, outputs, [g = Geometry(inputs[0], inputs[1], mask, scale), extra = extra](const Operands &o) {
      parallel_for(g.batch * g.groups, 1, [&](size_t begin, size_t end) {
        BackwardGroup backward(g, o, rows_of(extra, o, 6));
        for (size_t i = begin; i < end; ++i) backward.run(i / g.groups, i % g.groups);
      });
    });
  }
};

struct Attention : Operation {
  Mask mask;
  float scale;
  Extra extra;
  Attention(mx::Stream stream, Mask mask, float scale, Extra extra)
      : Operation(stream), mask(mask), scale(scale), extra(extra) {}
  const char *name() const override { return "Attention"; }

  void eval_cpu(const Arrays &inputs, Arrays &outputs) override {
    enqueue(inputs, outputs, [g = Geometry(inputs[0], inputs[1], mask, scale), extra = extra](const Operands &o) {
      parallel_for(g.batch * g.heads, 1, [&](size_t begin, size_t end) {
        ForwardHead forward{g, o, rows_of(extra, o, 3)};
        for (size_t i = begin; i < end; ++i) forward.run(i / g.heads, i % g.heads);
      });
    });
  }

  Arrays vjp(const Arrays &primals, const Arrays &cotangents, const std::vector<int> &positions,
             const Arrays &outputs) override {
    Arrays inputs{primals[0], primals[1], primals[2], outputs[0], outputs[1], dense(cotangents[0])};
    if (primals.size() > 3) inputs.push_back(primals[3]);
    auto gradients = nodes<AttentionGradient>({primals[0].shape(), primals[1].shape(), primals[2].shape()}, inputs,
                                              mask, scale, extra);
    if (primals.size() > 3) gradients.push_back(mx::zeros_like(primals[3]));
    return chosen(gradients, positions);
  }
};

Array attention(const Array &q, const Array &k, const Array &v, const std::optional<Array> &lengths,
                const std::optional<Array> &shared, Mask mask, float scale) {
  require(q.ndim() == 4 && k.ndim() == 4 && k.shape() == v.shape(),
          "[attention] queries, keys and values must be [batch, positions, heads, width]; keys and values alike");
  require(q.shape(0) == k.shape(0) && q.shape(3) == k.shape(3) && k.shape(2) > 0 && q.shape(2) % k.shape(2) == 0,
          "[attention] queries and keys must agree in batch and width, and query heads be a multiple of key heads");
  require(!lengths || (lengths->ndim() == 1 && lengths->shape(0) == q.shape(0)),
          "[attention] lengths must have one number for each batch");
  require(!shared || (mask.causal && !lengths && q.shape(1) == k.shape(1) &&
                      shared->shape() == mx::Shape{q.shape(0), 1 + q.shape(1)}),
          "[attention] rows that share a beginning go with a causal mask alone, and have one number for each query and "
          "one more");
  if (composed()) return compose::attention(q, k, v, lengths, shared, mask, scale);
  Arrays inputs{dense(q), dense(k), dense(v)};
  if (lengths) inputs.push_back(dense_int(*lengths));
  if (shared) inputs.push_back(dense_int(*shared));
  auto extra = lengths ? Extra::lengths : shared ? Extra::shared : Extra::none;
  return nodes<Attention>({q.shape(), {q.shape(0), q.shape(2), q.shape(1)}}, inputs, mask, scale, extra)[0];
}

std::optional<Array> optional_array(cmlx_array array) {
  return array ? std::optional(array_of(array)) : std::nullopt;
}

}  // namespace

extern "C" cmlx_array cmlx_attention(cmlx_array queries, cmlx_array keys, cmlx_array values, cmlx_array lengths,
                                     cmlx_array shared, bool causal, int window, float scale) {
  return handle([&] {
    require(window >= 0 && (causal || window == 0), "[attention] a window must be positive and goes with a causal mask");
    return attention(array_of(queries), array_of(keys), array_of(values), optional_array(lengths),
                     optional_array(shared), {causal, static_cast<size_t>(window)}, scale);
  });
}
