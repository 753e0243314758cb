// RMS norm and layer norm over the last axis.
#include <vector>

#include "composed.h"
#include "primitive.h"

using namespace cmlx;

namespace {

// Rows whose weight gradients are summed together; the partial sums are then added in order, so that the result does not
// depend on the number of threads.
constexpr size_t block = 64;

// Inputs: x, weight, dy. Outputs: dx, d_weight and, when the mean is subtracted, d_bias.
struct NormGradient : Operation {
  float epsilon;
  bool centre;
  NormGradient(mx::Stream stream, float epsilon, bool centre) : Operation(stream), epsilon(epsilon), centre(centre) {}
  const char *name() const override { return "NormGradient"; }

  void eval_cpu(const Arrays &inputs, Arrays &outputs) override {
    enqueue(inputs, outputs, [epsilon = epsilon, centre = centre, rows = Rows(inputs[0])](const Operands &o) {
      size_t width = rows.width, blocks = (rows.count + block - 1) / block, results = centre ? 2 : 1;
      std::vector<float> partial(blocks * results * width);
      parallel_for(blocks, 1, [&](size_t begin, size_t end) {
        for (size_t b = begin; b < end; ++b) {
          float *d_weight = partial.data() + b * results * width, *d_bias = centre ? d_weight + width : nullptr;
          for (size_t row = b * block; row < std::min(rows.count, (b + 1) * block); ++row)
            kernels().norm_gradient(o.in(0) + row * width, o.in(1), o.in(2) + row * width, o.out(0) + row * width,
                                    d_weight, d_bias, width, epsilon, centre);
        }
      });
      for (size_t r = 0; r < results; ++r) {
        std::fill_n(o.out(1 + r), width, 0.0f);
        for (size_t b = 0; b < blocks; ++b) kernels().add(partial.data() + (b * results + r) * width, o.out(1 + r), width);
      }
    });
  }
};

// Inputs: x, weight and, when the mean is subtracted, bias.
struct Norm : Operation {
  float epsilon;
  bool centre;
  Norm(mx::Stream stream, float epsilon, bool centre) : Operation(stream), epsilon(epsilon), centre(centre) {}
  const char *name() const override { return centre ? "LayerNorm" : "RMSNorm"; }

  void eval_cpu(const Arrays &inputs, Arrays &outputs) override {
    enqueue(inputs, outputs, [epsilon = epsilon, centre = centre, rows = Rows(inputs[0])](const Operands &o) {
      parallel_for(rows.count, grain_for(4 * rows.width), [&](size_t begin, size_t end) {
        for (size_t row = begin; row < end; ++row)
          kernels().norm(o.in(0) + row * rows.width, o.in(1), centre ? o.in(2) : nullptr, o.out(0) + row * rows.width,
                         rows.width, epsilon, centre);
      });
    });
  }

  Arrays vjp(const Arrays &primals, const Arrays &cotangents, const std::vector<int> &positions,
             const Arrays &) override {
    std::vector<mx::Shape> shapes{primals[0].shape(), primals[1].shape()};
    if (centre) shapes.push_back(primals[2].shape());
    Arrays inputs{primals[0], primals[1], dense(cotangents[0])};
    return chosen(nodes<NormGradient>(shapes, inputs, epsilon, centre), positions);
  }
};

void require_vector(const Array &x, const Array &weight) {
  require(x.ndim() >= 1 && x.shape(-1) > 0 && weight.ndim() == 1 && weight.shape(0) == x.shape(-1),
          "[norm] weight and bias must have one number for each element of the last axis");
}

}  // namespace

extern "C" {

cmlx_array cmlx_rms_norm(cmlx_array x, cmlx_array weight, float epsilon) {
  return handle([&] {
    auto &a = array_of(x), &w = array_of(weight);
    require_vector(a, w);
    if (composed()) return compose::rms_norm(a, w, epsilon);
    return node<Norm>(a.shape(), {dense(a), dense(w)}, epsilon, false);
  });
}

cmlx_array cmlx_layer_norm(cmlx_array x, cmlx_array weight, cmlx_array bias, float epsilon) {
  return handle([&] {
    auto &a = array_of(x), &w = array_of(weight), &b = array_of(bias);
    require_vector(a, w);
    require_vector(a, b);
    if (composed()) return compose::layer_norm(a, w, b, epsilon);
    return node<Norm>(a.shape(), {dense(a), dense(w), dense(b)}, epsilon, true);
  });
}

}  // extern "C"
