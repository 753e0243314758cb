// Activations, gated activations and the AdamW step.
#include "composed.h"
#include "primitive.h"

using namespace cmlx;

namespace {

constexpr size_t cost = 20;  // an exponential is worth about this many additions

struct ActivationGradient : Operation {
  cmlx_activation_kind kind;
  ActivationGradient(mx::Stream stream, cmlx_activation_kind kind) : Operation(stream), kind(kind) {}
  const char *name() const override { return "ActivationGradient"; }

  void eval_cpu(const Arrays &inputs, Arrays &outputs) override {
    enqueue(inputs, outputs, [kind = kind, size = inputs[0].size()](const Operands &o) {
      parallel_for(size, grain_for(cost), [&](size_t begin, size_t end) {
        kernels().activation_gradient(kind, o.in(0) + begin, o.in(1) + begin, o.out(0) + begin, end - begin);
      });
    });
  }
};

struct Activation : Operation {
  cmlx_activation_kind kind;
  Activation(mx::Stream stream, cmlx_activation_kind kind) : Operation(stream), kind(kind) {}
  const char *name() const override { return "Activation"; }

  void eval_cpu(const Arrays &inputs, Arrays &outputs) override {
    enqueue(inputs, outputs, [kind = kind, size = inputs[0].size()](const Operands &o) {
      parallel_for(size, grain_for(cost), [&](size_t begin, size_t end) {
        kernels().activation(kind, o.in(0) + begin, o.out(0) + begin, end - begin);
      });
    });
  }

  Arrays vjp(const Arrays &primals, const Arrays &cotangents, const std::vector<int> &, const Arrays &) override {
    return {node<ActivationGradient>(primals[0].shape(), {primals[0], dense(cotangents[0])}, kind)};
  }
};

struct GatedGradient : Operation {
  cmlx_activation_kind kind;
  GatedGradient(mx::Stream stream, cmlx_activation_kind kind) : Operation(stream), kind(kind) {}
  const char *name() const override { return "GatedGradient"; }

  void eval_cpu(const Arrays &inputs, Arrays &outputs) override {
    enqueue(inputs, outputs, [kind = kind, size = inputs[0].size()](const Operands &o) {
      parallel_for(size, grain_for(2 * cost, 1 << 15), [&](size_t begin, size_t end) {
        kernels().gated_gradient(kind, o.in(0) + begin, o.in(1) + begin, o.in(2) + begin, o.out(0) + begin,
                                 o.out(1) + begin, end - begin);
      });
    });
  }
};

struct Gated : Operation {
  cmlx_activation_kind kind;
  Gated(mx::Stream stream, cmlx_activation_kind kind) : Operation(stream), kind(kind) {}
  const char *name() const override { return "Gated"; }

  void eval_cpu(const Arrays &inputs, Arrays &outputs) override {
    enqueue(inputs, outputs, [kind = kind, size = inputs[0].size()](const Operands &o) {
      parallel_for(size, grain_for(cost), [&](size_t begin, size_t end) {
        kernels().gated(kind, o.in(0) + begin, o.in(1) + begin, o.out(0) + begin, end - begin);
      });
    });
  }

  Arrays vjp(const Arrays &primals, const Arrays &cotangents, const std::vector<int> &positions,
             const Arrays &) override {
    auto &shape = primals[0].shape();
    return chosen(nodes<GatedGradient>({shape, shape}, {primals[0], primals[1], dense(cotangents[0])}, kind),
                  positions);
  }
};

struct AdamW : Operation {
  cmlx_adamw_settings settings;
  AdamW(mx::Stream stream, cmlx_adamw_settings settings) : Operation(stream), settings(settings) {}
  const char *name() const override { return "AdamW"; }

  void eval_cpu(const Arrays &inputs, Arrays &outputs) override {
    enqueue(inputs, outputs, [settings = settings, size = inputs[0].size()](const Operands &o) {
      parallel_for(size, 4096, [&](size_t begin, size_t end) {
        kernels().adamw(o.in(0) + begin, o.in(1) + begin, o.in(2) + begin, o.in(3) + begin, o.out(0) + begin,
                        o.out(1) + begin, o.out(2) + begin, end - begin, settings);
      });
    });
  }
};

Arrays adamw(const Array &parameter, const Array &gradient, const Array &first, const Array &second,
             const cmlx_adamw_settings &settings) {
  auto &shape = parameter.shape();
  require(gradient.shape() == shape && first.shape() == shape && second.shape() == shape,
          "[adamw] parameter, gradient and moments must have one shape");
  if (composed()) return compose::adamw(parameter, gradient, first, second, settings);
  return nodes<AdamW>({shape, shape, shape}, {dense(parameter), dense(gradient), dense(first), dense(second)},
                      settings);
}

}  // namespace

extern "C" {

cmlx_array cmlx_activation(cmlx_activation_kind kind, cmlx_array x) {
  return handle([&] {
    auto &a = array_of(x);
    return composed() ? compose::activation(kind, a) : node<Activation>(a.shape(), {dense(a)}, kind);
  });
}

cmlx_array cmlx_gated_activation(cmlx_activation_kind kind, cmlx_array gate, cmlx_array value) {
  return handle([&] {
    auto &g = array_of(gate), &v = array_of(value);
    require(g.shape() == v.shape(), "[gated activation] gate and value must have one shape");
    if (composed()) return mx::multiply(compose::activation(kind, g), v);
    return node<Gated>(g.shape(), {dense(g), dense(v)}, kind);
  });
}

int cmlx_adamw(cmlx_array parameter, cmlx_array gradient, cmlx_array first, cmlx_array second,
               cmlx_adamw_settings settings, cmlx_array results[3]) {
  return status([&] {
    auto updated = adamw(array_of(parameter), array_of(gradient), array_of(first), array_of(second), settings);
    for (int i = 0; i < 3; ++i) results[i] = make_handle(updated[i]);
  });
}

}  // extern "C"
