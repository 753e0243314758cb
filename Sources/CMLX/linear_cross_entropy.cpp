// The loss of an output head of many classes, whose logits are never stored: a slice of the vocabulary at a time.
// Shapes: N positions, D width, V vocabulary, C classes of a slice.
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "composed.h"
#include "primitive.h"
#include "products.h"

using namespace cmlx;

namespace {

struct Head {
  size_t count, width, classes;
  float cap;  // of the logits; 0 for none

  Head(const Array &states, const Array &head, float cap)
      : count(states.shape(0)), width(states.shape(1)), classes(head.shape(0)), cap(cap) {}

  // Classes of a slice: logits of about 8 MB stay in the cache between the product and what follows.
  size_t slice() const { return std::clamp<size_t>((1 << 21) / std::max<size_t>(count, 1) / 16 * 16, 64, 8192); }

  void check(const int32_t *targets) const {
    for (size_t i = 0; i < count; ++i)
      if (targets[i] < 0 || static_cast<size_t>(targets[i]) >= classes)
        throw std::out_of_range("[cross entropy] target " + std::to_string(targets[i]) + " is outside 0..<" +
                                std::to_string(classes));
  }

  // d (cap tanh(x / cap)) / dx, from the capped logit.
  float slope(float logit) const { return cap > 0 ? 1 - logit / cap * (logit / cap) : 1; }

  // Calls `visit(first, number, logits [N, number])` for slices of the vocabulary in order.
  template <class Visit>
  void slices(const float *states, const float *head, Visit visit) const {
    std::vector<float> logits(count * std::min(slice(), classes));
    for (size_t first = 0; first < classes; first += slice()) {
      size_t number = std::min(slice(), classes - first);
      multiply({states, count, width}, {head + first * width, number, width, true}, logits.data());
      visit(first, number, logits.data());
    }
  }

  // Calls `body(row)` for every position, shared among threads; a row is worth `each` steps.
  template <class Body>
  void rows(size_t each, Body body) const {
    parallel_for(count, grain_for(each), [&](size_t begin, size_t end) {
      for (size_t row = begin; row < end; ++row) body(row);
    });
  }
};

// What a position has met so far of its softmax, relative to the largest logit met.
struct Running {
  float largest = -INFINITY, target = 0;
  double sum = 0;

  float log_sum() const { return largest + static_cast<float>(std::log(sum)); }
};

// Inputs: states [N, D], head [V, D], targets [N]. Outputs: losses and log sums [N], and when `keeps` the gradient of each
// loss with respect to its state [N, D]: the sum of the head's rows by their shares is carried along, and scaled down
// whenever a larger logit appears, so that two products do for loss and gradient.
struct LinearCrossEntropy : Operation {
  float cap;
  bool keeps;
  LinearCrossEntropy(mx::Stream stream, float cap, bool keeps) : Operation(stream), cap(cap), keeps(keeps) {}
  const char *name() const override { return "LinearCrossEntropy"; }

  void eval_cpu(const Arrays &inputs, Arrays &outputs) override {
    enqueue(inputs, outputs, [h = Head(inputs[0], inputs[1], cap), keeps = keeps](const Operands &o) {
      h.check(o.in_int(2));
      std::vector<Running> running(h.count);
      h.slices(o.in(0), o.in(1), [&](size_t first, size_t number, float *logits) {
        h.rows(20 * number, [&](size_t row) {
          absorb(h, running[row], o.in_int(2)[row], first, number, logits + row * number,
                 keeps && first > 0 ? o.out(2) + row * h.width : nullptr);
        });
        if (keeps)
          multiply({logits, h.count, number}, {o.in(1) + first * h.width, number, h.width}, o.out(2), first > 0 ? 1 : 0);
      });
      h.rows(h.width, [&](size_t row) { finish(h, o, running[row], row, keeps); });
    });
  }

  // Takes in a slice's logits, which become exponentials; `gradient` is what was carried along so far.
  static void absorb(const Head &h, Running &state, int32_t target, size_t first, size_t number, float *logits,
                     float *gradient) {
    float largest = std::max(kernels().capped_largest(logits, number, h.cap), state.largest);
    if (first <= static_cast<size_t>(target) && static_cast<size_t>(target) < first + number)
      state.target = logits[target - first];
    if (largest > state.largest) {
      float factor = std::exp(state.largest - largest);
      state.sum *= factor;
      if (gradient)
        for (size_t i = 0; i < h.width; ++i) gradient[i] *= factor;
      state.largest = largest;
    }
    state.sum += kernels().exponential_sum(logits, number, largest, h.cap);
  }

  static void finish(const Head &h, const Operands &o, const Running &state, size_t row, bool keeps) {
    o.out(0)[row] = state.log_sum() - state.target;
    o.out(1)[row] = state.log_sum();
    if (!keeps) return;
    float inverse = static_cast<float>(1 / state.sum), slope = h.slope(state.target);
    const float *target = o.in(1) + o.in_int(2)[row] * h.width;
    float *gradient = o.out(2) + row * h.width;
    for (size_t i = 0; i < h.width; ++i) gradient[i] = gradient[i] * inverse - slope * target[i];
  }

  Arrays vjp(const Arrays &primals, const Arrays &cotangents, const std::vector<int> &positions,
             const Arrays &outputs) override;
};

// Inputs: states, head, targets, log sums, the gradient of each loss. Outputs: the gradients of states and head.
struct LinearCrossEntropyGradient : Operation {
  float cap;
  LinearCrossEntropyGradient(mx::Stream stream, float cap) : Operation(stream), cap(cap) {}
  const char *name() const override { return "LinearCrossEntropyGradient"; }

  void eval_cpu(const Arrays &inputs, Arrays &outputs) override {
    enqueue(inputs, outputs, [h = Head(inputs[0], inputs[1], cap)](const Operands &o) {
      h.slices(o.in(0), o.in(1), [&](size_t first, size_t number, float *logits) {
        h.rows(20 * number, [&](size_t row) { shares(h, o, row, first, number, logits + row * number); });
        multiply({logits, h.count, number}, {o.in(1) + first * h.width, number, h.width}, o.out(0), first > 0 ? 1 : 0);
        multiply({logits, h.count, number, true}, {o.in(0), h.count, h.width}, o.out(1) + first * h.width);
      });
    });
  }

  // A slice's logits become the gradient of the loss with respect to them.
  static void shares(const Head &h, const Operands &o, size_t row, size_t first, size_t number, float *logits) {
    size_t target = static_cast<size_t>(o.in_int(2)[row]);
    bool here = first <= target && target < first + number;
    float scale = o.in(4)[row];
    kernels().capped_largest(logits, number, h.cap);
    float slope = here ? h.slope(logits[target - first]) : 0;
    kernels().exponential_sum(logits, number, o.in(3)[row], h.cap);
    for (size_t i = 0; i < number; ++i) logits[i] *= scale;
    if (here) logits[target - first] -= scale * slope;
  }
};

Arrays LinearCrossEntropy::vjp(const Arrays &primals, const Arrays &cotangents, const std::vector<int> &positions,
                               const Arrays &outputs) {
  for (int position : positions)
    require(position == 0 || (position == 1 && !keeps),
            "[linear cross entropy] a head that is trained must not be declared frozen");
  if (keeps) return {mx::multiply(mx::expand_dims(cotangents[0], -1), outputs[2])};
  Arrays inputs{primals[0], primals[1], primals[2], outputs[1], dense(cotangents[0])};
  return chosen(nodes<LinearCrossEntropyGradient>({primals[0].shape(), primals[1].shape()}, inputs, cap), positions);
}

Array linear_cross_entropy(const Array &states, const Array &head, const Array &targets, float cap, bool frozen) {
  require(states.ndim() == 2 && head.ndim() == 2 && states.shape(1) == head.shape(1) && states.shape(1) > 0,
          "[linear cross entropy] states must be [positions, width] and the head [classes, width]");
  require(targets.ndim() == 1 && targets.shape(0) == states.shape(0) && states.shape(0) > 0 && head.shape(0) > 0,
          "[linear cross entropy] there must be one target for each position, and at least one position");
  require(cap >= 0, "[linear cross entropy] a cap must be positive");
  if (composed()) return compose::linear_cross_entropy(states, head, targets, cap);
  std::vector<mx::Shape> shapes{targets.shape(), targets.shape()};
  if (frozen) shapes.push_back(states.shape());
  return nodes<LinearCrossEntropy>(shapes, {dense(states), dense(head), dense_int(targets)}, cap, frozen)[0];
}

}  // namespace

extern "C" cmlx_array cmlx_linear_cross_entropy(cmlx_array states, cmlx_array head, cmlx_array targets, float cap,
                                                bool frozen) {
  return handle(
      [&] { return linear_cross_entropy(array_of(states), array_of(head), array_of(targets), cap, frozen); });
}
