// Masked softmax and cross-entropy.
// Shapes: B batch, T queries, S keys, V vocabulary.
#include <algorithm>
#include <optional>

#include "composed.h"
#include "mask.h"
#include "primitive.h"

using namespace cmlx;

namespace {

// How many keys each row of scores [B, ..., T, S] sees.
struct RowMask {
  Mask mask;
  size_t queries, keys, rows_per_batch;

  RowMask(const Array &scores, bool causal)
      : mask{causal}, queries(scores.shape(-2)), keys(scores.shape(-1)),
        rows_per_batch(keys ? std::max<size_t>(1, scores.size() / keys / scores.shape(0)) : 1) {}

  size_t visible(size_t row, const int32_t *lengths) const {
    return mask.visible(row % queries, queries, keys, lengths ? lengths + row / rows_per_batch : nullptr);
  }
};

struct MaskedSoftmaxGradient : Operation {
  bool causal;
  float scale;
  MaskedSoftmaxGradient(mx::Stream stream, bool causal, float scale)
      : Operation(stream), causal(causal), scale(scale) {}
  const char *name() const override { return "MaskedSoftmaxGradient"; }

  void eval_cpu(const Arrays &inputs, Arrays &outputs) override {
    enqueue(inputs, outputs,
            [scale = scale, rows = Rows(inputs[0]), mask = RowMask(inputs[0], causal),
             ragged = inputs.size() > 2](const Operands &o) {
              parallel_for(rows.count, grain_for(4 * rows.width), [&](size_t begin, size_t end) {
                for (size_t row = begin, at = begin * rows.width; row < end; ++row, at += rows.width)
                  kernels().softmax_gradient(o.in(0) + at, o.in(1) + at, o.out(0) + at,
                                             mask.visible(row, ragged ? o.in_int(2) : nullptr), rows.width, scale);
              });
            });
  }
};

struct MaskedSoftmax : Operation {
  bool causal;
  float scale;
  MaskedSoftmax(mx::Stream stream, bool causal, float scale) : Operation(stream), causal(causal), scale(scale) {}
  const char *name() const override { return "MaskedSoftmax"; }

  void eval_cpu(const Arrays &inputs, Arrays &outputs) override {
    enqueue(inputs, outputs,
            [scale = scale, rows = Rows(inputs[0]), mask = RowMask(inputs[0], causal),
             ragged = inputs.size() > 1](const Operands &o) {
              parallel_for(rows.count, grain_for(20 * rows.width), [&](size_t begin, size_t end) {
                for (size_t row = begin, at = begin * rows.width; row < end; ++row, at += rows.width)
                  kernels().softmax(o.in(0) + at, o.out(0) + at, mask.visible(row, ragged ? o.in_int(1) : nullptr),
                                    rows.width, scale);
              });
            });
  }

  Arrays vjp(const Arrays &primals, const Arrays &cotangents, const std::vector<int> &positions,
             const Arrays &outputs) override {
    Arrays inputs{outputs[0], dense(cotangents[0])}, gradients;
    if (primals.size() > 1) inputs.push_back(primals[1]);
    gradients.push_back(node<MaskedSoftmaxGradient>(primals[0].shape(), inputs, causal, scale));
    if (primals.size() > 1) gradients.push_back(mx::zeros_like(primals[1]));
    return chosen(gradients, positions);
  }
};

Array masked_softmax(const Array &scores, const std::optional<Array> &lengths, bool causal, float scale) {
  require(scores.ndim() >= 2, "[masked softmax] scores need at least two axes");
  require(!lengths || (lengths->ndim() == 1 && lengths->shape(0) == scores.shape(0)),
          "[masked softmax] lengths must have one number for each batch");
  if (composed()) return compose::masked_softmax(scores, lengths, {causal}, scale);
  Arrays inputs{dense(scores)};
  if (lengths) inputs.push_back(dense_int(*lengths));
  return node<MaskedSoftmax>(scores.shape(), inputs, causal, scale);
}

// Inputs: logits, targets, their log sums, the gradients of both results.
struct CrossEntropyGradient : Operation {
  using Operation::Operation;
  const char *name() const override { return "CrossEntropyGradient"; }

  void eval_cpu(const Arrays &inputs, Arrays &outputs) override {
    enqueue(inputs, outputs, [rows = Rows(inputs[0])](const Operands &o) {
      parallel_for(rows.count, grain_for(20 * rows.width), [&](size_t begin, size_t end) {
        for (size_t row = begin; row < end; ++row) {
          float *out = o.out(0) + row * rows.width;
          float d_loss = o.in(3)[row], d_sum = o.in(4)[row];
          kernels().scaled_exponential(o.in(0) + row * rows.width, out, rows.width, 1, o.in(2)[row], d_loss + d_sum);
          out[o.in_int(1)[row]] -= d_loss;
        }
      });
    });
  }
};

struct CrossEntropy : Operation {
  using Operation::Operation;
  const char *name() const override { return "CrossEntropy"; }

  void eval_cpu(const Arrays &inputs, Arrays &outputs) override {
    enqueue(inputs, outputs, [rows = Rows(inputs[0])](const Operands &o) {
      parallel_for(rows.count, grain_for(20 * rows.width), [&](size_t begin, size_t end) {
        for (size_t row = begin; row < end; ++row) {
          const float *logits = o.in(0) + row * rows.width;
          int32_t target = o.in_int(1)[row];
          if (target < 0 || static_cast<size_t>(target) >= rows.width)
            throw std::out_of_range("[cross entropy] target " + std::to_string(target) + " is outside 0..<" +
                                    std::to_string(rows.width));
          float log_sum = kernels().log_sum_exp(logits, rows.width);
          o.out(0)[row] = log_sum - logits[target];
          o.out(1)[row] = log_sum;
        }
      });
    });
  }

  Arrays vjp(const Arrays &primals, const Arrays &cotangents, const std::vector<int> &positions,
             const Arrays &outputs) override {
    Arrays inputs{primals[0], primals[1], outputs[1], dense(cotangents[0]), dense(cotangents[1])};
    return chosen({node<CrossEntropyGradient>(primals[0].shape(), inputs), mx::zeros_like(primals[1])}, positions);
  }
};

Arrays cross_entropy(const Array &logits, const Array &targets) {
  require(logits.ndim() == targets.ndim() + 1 && logits.shape(-1) > 0,
          "[cross entropy] logits need one axis more than targets, and at least one class");
  require(std::equal(targets.shape().begin(), targets.shape().end(), logits.shape().begin()),
          "[cross entropy] there must be one target for each row of logits");
  if (composed()) return compose::cross_entropy(logits, targets);
  return nodes<CrossEntropy>({targets.shape(), targets.shape()}, {dense(logits), dense_int(targets)});
}

}  // namespace

extern "C" {

cmlx_array cmlx_masked_softmax(cmlx_array scores, cmlx_array lengths, bool causal, float scale) {
  return handle([&] {
    return masked_softmax(array_of(scores), lengths ? std::optional(array_of(lengths)) : std::nullopt, causal, scale);
  });
}

int cmlx_cross_entropy(cmlx_array logits, cmlx_array targets, cmlx_array *loss, cmlx_array *log_sum_exp) {
  return status([&] {
    auto results = cross_entropy(array_of(logits), array_of(targets));
    *loss = make_handle(results[0]);
    *log_sum_exp = make_handle(results[1]);
  });
}

}  // extern "C"
