// Several linear maps of one input, each frozen but for a low-rank change beside it (LoRA).
// Shapes: N rows of x, I inputs, O outputs of a map, r rank, R the ranks of all maps together.
#include <algorithm>
#include <vector>

#include "composed.h"
#include "primitive.h"
#include "products.h"

using namespace cmlx;

namespace {

// The arrays of a node: x, then of every map the matrix [O, I] and the factors a [r, I] and b [O, r], then the rest.
struct Maps {
  size_t count, rows, inputs;
  std::vector<size_t> outputs, ranks, starts;  // `starts`: where a map's ranks begin among all of them
  float scale;

  Maps(const Arrays &arrays, size_t count, float scale) : count(count), inputs(arrays[0].shape(-1)), scale(scale) {
    rows = arrays[0].size() / inputs;
    starts.push_back(0);
    for (size_t i = 0; i < count; ++i) {
      outputs.push_back(arrays[matrix(i)].shape(0));
      ranks.push_back(arrays[a(i)].shape(0));
      starts.push_back(starts.back() + ranks.back());
    }
  }

  static size_t matrix(size_t map) { return 1 + 3 * map; }
  static size_t a(size_t map) { return 2 + 3 * map; }
  static size_t b(size_t map) { return 3 + 3 * map; }
  size_t rank() const { return starts.back(); }

  // All maps' a, one below another [R, I]: one product instead of several thin ones.
  std::vector<float> joined_a(const Operands &o) const {
    std::vector<float> joined(rank() * inputs);
    for (size_t i = 0; i < count; ++i) std::copy_n(o.in(a(i)), ranks[i] * inputs, joined.data() + starts[i] * inputs);
    return joined;
  }
};

// Inputs: those of AdaptedLinear, then scale * a x [N, R] of the forward pass, then the gradient of every result. Outputs:
// the gradients of x (when `for_x`), and of a and b of every map.
struct AdaptedLinearGradient : Operation {
  size_t count;
  float scale;
  bool for_x;
  AdaptedLinearGradient(mx::Stream stream, size_t count, float scale, bool for_x)
      : Operation(stream), count(count), scale(scale), for_x(for_x) {}
  const char *name() const override { return "AdaptedLinearGradient"; }

  void eval_cpu(const Arrays &inputs, Arrays &outputs) override {
    enqueue(inputs, outputs, [m = Maps(inputs, count, scale), for_x = for_x](const Operands &o) {
      std::vector<float> d_low(m.rows * m.rank()), d_a(m.rank() * m.inputs);
      const float *low = o.in(1 + 3 * m.count);
      for (size_t i = 0; i < m.count; ++i) {
        Matrix dy{o.in(2 + 3 * m.count + i), m.rows, m.outputs[i]};
        multiply(dy, {o.in(Maps::b(i)), m.outputs[i], m.ranks[i]}, d_low.data() + m.starts[i], 0, m.scale, m.rank());
        multiply({dy.data, dy.rows, dy.columns, true}, {low + m.starts[i], m.rows, m.ranks[i], false, m.rank()},
                 o.out(2 + 2 * i));
        if (for_x) multiply(dy, {o.in(Maps::matrix(i)), m.outputs[i], m.inputs}, o.out(0), i > 0 ? 1 : 0);
      }
      multiply({d_low.data(), m.rows, m.rank(), true}, {o.in(0), m.rows, m.inputs}, d_a.data());
      for (size_t i = 0; i < m.count; ++i)
        std::copy_n(d_a.data() + m.starts[i] * m.inputs, m.ranks[i] * m.inputs, o.out(1 + 2 * i));
      auto joined = m.joined_a(o);
      if (for_x) multiply({d_low.data(), m.rows, m.rank()}, {joined.data(), m.rank(), m.inputs}, o.out(0), 1);
    });
  }
};

// Inputs: as `Maps` says. Outputs: scale * a x [N, R] of all maps, then every map's result.
struct AdaptedLinear : Operation {
  size_t count;
  float scale;
  AdaptedLinear(mx::Stream stream, size_t count, float scale) : Operation(stream), count(count), scale(scale) {}
  const char *name() const override { return "AdaptedLinear"; }

  void eval_cpu(const Arrays &inputs, Arrays &outputs) override {
    enqueue(inputs, outputs, [m = Maps(inputs, count, scale)](const Operands &o) {
      Matrix x{o.in(0), m.rows, m.inputs};
      auto joined = m.joined_a(o);
      multiply(x, {joined.data(), m.rank(), m.inputs, true}, o.out(0), 0, m.scale);
      for (size_t i = 0; i < m.count; ++i) {
        multiply(x, {o.in(Maps::matrix(i)), m.outputs[i], m.inputs, true}, o.out(1 + i));
        multiply({o.out(0) + m.starts[i], m.rows, m.ranks[i], false, m.rank()},
                 {o.in(Maps::b(i)), m.outputs[i], m.ranks[i], true}, o.out(1 + i), 1);
      }
    });
  }

  Arrays vjp(const Arrays &primals, const Arrays &cotangents, const std::vector<int> &positions,
             const Arrays &results) override {
    bool for_x = std::find(positions.begin(), positions.end(), 0) != positions.end();
    std::vector<mx::Shape> shapes{for_x ? primals[0].shape() : mx::Shape{0}};
    for (size_t i = 0; i < count; ++i) {
      shapes.push_back(primals[Maps::a(i)].shape());
      shapes.push_back(primals[Maps::b(i)].shape());
    }
    Arrays inputs(primals.begin(), primals.begin() + 1 + 3 * count);
    inputs.push_back(results[0]);
    for (size_t i = 0; i < count; ++i) inputs.push_back(dense(cotangents[1 + i]));
    auto gradients = nodes<AdaptedLinearGradient>(shapes, inputs, count, scale, for_x);
    Arrays wanted;
    for (int position : positions) {
      int map = (position - 1) / 3, part = (position - 1) % 3;
      require(position == 0 || part > 0, "[adapted linear] the matrices are frozen: they have no gradient");
      wanted.push_back(gradients[position == 0 ? 0 : 1 + 2 * map + part - 1]);
    }
    return wanted;
  }
};

void require_fit(const Array &x, const Array &matrix, const Array &a, const Array &b) {
  require(x.ndim() > 0 && x.size() > 0 && matrix.ndim() == 2 && a.ndim() == 2 && b.ndim() == 2,
          "[adapted linear] matrices and factors must have two axes, and x at least one element");
  require(matrix.shape(1) == x.shape(-1) && a.shape(1) == x.shape(-1) && b.shape(0) == matrix.shape(0) &&
              a.shape(0) == b.shape(1) && a.shape(0) > 0,
          "[adapted linear] a matrix must be [outputs, inputs], a [rank, inputs] and b [outputs, rank]");
}

Arrays adapted_linear(const Array &x, const Arrays &matrices, const Arrays &a, const Arrays &b, float scale) {
  Arrays inputs{dense(x)}, results;
  std::vector<mx::Shape> shapes{{0, 0}};
  for (size_t i = 0; i < matrices.size(); ++i) {
    require_fit(x, matrices[i], a[i], b[i]);
    if (composed()) results.push_back(compose::adapted_linear(x, matrices[i], a[i], b[i], scale));
    for (auto *array : {&matrices[i], &a[i], &b[i]}) inputs.push_back(dense(*array));
    auto shape = x.shape();
    shape[x.ndim() - 1] = matrices[i].shape(0);
    shapes.push_back(shape);
  }
  if (composed()) return results;
  Maps maps(inputs, matrices.size(), scale);
  shapes[0] = {static_cast<int>(maps.rows), static_cast<int>(maps.rank())};
  auto all = nodes<AdaptedLinear>(shapes, inputs, matrices.size(), scale);
  return Arrays(all.begin() + 1, all.end());
}

}  // namespace

extern "C" int cmlx_adapted_linear(cmlx_array x, const cmlx_array *matrices, const cmlx_array *a, const cmlx_array *b,
                                   size_t count, float scale, cmlx_array *results) {
  return status([&] {
    require(count > 0, "[adapted linear] there must be at least one map");
    auto made = adapted_linear(array_of(x), arrays_of(matrices, count), arrays_of(a, count), arrays_of(b, count), scale);
    for (size_t i = 0; i < count; ++i) results[i] = make_handle(made[i]);
  });
}
