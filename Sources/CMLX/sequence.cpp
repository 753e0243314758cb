// Rotary position embedding, token embedding, the causal shift and splitting.
// Shapes: B batch, T positions, H heads, D width, R rotated pairs, V vocabulary, K taps.
#include <algorithm>
#include <cstring>
#include <vector>

#include "composed.h"
#include "primitive.h"

using namespace cmlx;

namespace {

// Inputs: x [B, T, H, D], cosines and sines [T, R] or [B, T, R].
struct Rotary : Operation {
  float direction;  // +1, or -1 for the inverse rotation, which is also the gradient
  Rotary(mx::Stream stream, float direction) : Operation(stream), direction(direction) {}
  const char *name() const override { return "Rotary"; }

  void eval_cpu(const Arrays &inputs, Arrays &outputs) override {
    size_t heads = inputs[0].shape(2), half = inputs[1].shape(-1), table = half ? inputs[1].size() / half : 1;
    enqueue(inputs, outputs, [=, direction = direction, rows = Rows(inputs[0])](const Operands &o) {
      parallel_for(rows.count, grain_for(4 * rows.width), [&](size_t begin, size_t end) {
        for (size_t row = begin; row < end; ++row) {
          size_t at = row * rows.width, angle = row / heads % table * half;
          kernels().rotate(o.in(0) + at, o.in(1) + angle, o.in(2) + angle, o.out(0) + at, half, direction);
          std::copy(o.in(0) + at + 2 * half, o.in(0) + at + rows.width, o.out(0) + at + 2 * half);
        }
      });
    });
  }

  Arrays vjp(const Arrays &primals, const Arrays &cotangents, const std::vector<int> &positions,
             const Arrays &) override {
    for (int position : positions)
      if (position != 0) throw std::invalid_argument("[rotary] the tables of angles have no gradient");
    return {node<Rotary>(primals[0].shape(), {dense(cotangents[0]), primals[1], primals[2]}, -direction)};
  }
};

Array rotary(const Array &x, const Array &cosines, const Array &sines) {
  require(x.ndim() == 4, "[rotary] x must be [batch, positions, heads, width]");
  auto &shape = cosines.shape();
  bool shared = cosines.ndim() == 2 && shape[0] == x.shape(1);
  bool own = cosines.ndim() == 3 && shape[0] == x.shape(0) && shape[1] == x.shape(1);
  require((shared || own) && sines.shape() == shape && 2 * cosines.shape(-1) <= x.shape(3),
          "[rotary] the tables must be [positions, pairs] or [batch, positions, pairs]");
  if (composed()) return compose::rotary(x, mx::stop_gradient(cosines), mx::stop_gradient(sines));
  return node<Rotary>(x.shape(), {dense(x), dense(mx::stop_gradient(cosines)), dense(mx::stop_gradient(sines))}, 1.0f);
}

void require_row(int32_t id, size_t rows) {
  if (id < 0 || static_cast<size_t>(id) >= rows)
    throw std::out_of_range("[embedding] id " + std::to_string(id) + " is outside 0..<" + std::to_string(rows));
}

// Inputs: ids, the gradient of the rows taken. Each range of the table gathers what is its own, in the order of ids.
struct EmbeddingGradient : Operation {
  using Operation::Operation;
  const char *name() const override { return "EmbeddingGradient"; }

  void eval_cpu(const Arrays &inputs, Arrays &outputs) override {
    enqueue(inputs, outputs, [ids = inputs[0].size(), rows = Rows(outputs[0])](const Operands &o) {
      parallel_for(rows.count, std::max<size_t>(64, (rows.count + 15) / 16), [&](size_t begin, size_t end) {
        std::memset(o.out(0) + begin * rows.width, 0, (end - begin) * rows.width * sizeof(float));
        for (size_t i = 0; i < ids; ++i) {
          auto id = static_cast<size_t>(o.in_int(0)[i]);
          if (begin <= id && id < end)
            kernels().add(o.in(1) + i * rows.width, o.out(0) + id * rows.width, rows.width);
        }
      });
    });
  }
};

struct Embedding : Operation {
  using Operation::Operation;
  const char *name() const override { return "Embedding"; }

  void eval_cpu(const Arrays &inputs, Arrays &outputs) override {
    enqueue(inputs, outputs, [table = Rows(inputs[0]), ids = inputs[1].size()](const Operands &o) {
      parallel_for(ids, grain_for(table.width), [&](size_t begin, size_t end) {
        for (size_t i = begin; i < end; ++i) {
          int32_t id = o.in_int(1)[i];
          require_row(id, table.count);
          std::copy_n(o.in(0) + id * table.width, table.width, o.out(0) + i * table.width);
        }
      });
    });
  }

  Arrays vjp(const Arrays &primals, const Arrays &cotangents, const std::vector<int> &positions,
             const Arrays &) override {
    auto d_table = node<EmbeddingGradient>(primals[0].shape(), {primals[1], dense(cotangents[0])});
    return chosen({d_table, mx::zeros_like(primals[1])}, positions);
  }
};

Array embedding(const Array &table, const Array &ids) {
  require(table.ndim() == 2, "[embedding] the table must have two axes");
  if (composed()) return mx::take(table, ids, 0);
  auto shape = ids.shape();
  shape.push_back(table.shape(1));
  return node<Embedding>(shape, {dense(table), dense_int(ids)});
}

// Inputs: x [B, T, D], weight [K, D], dy. Outputs: dx, d_weight.
struct CausalShiftGradient : Operation {
  using Operation::Operation;
  const char *name() const override { return "CausalShiftGradient"; }

  void eval_cpu(const Arrays &inputs, Arrays &outputs) override {
    size_t batch = inputs[0].shape(0), length = inputs[0].shape(1), width = inputs[0].shape(2);
    size_t taps = inputs[1].shape(0);
    enqueue(inputs, outputs, [=](const Operands &o) {
      std::vector<float> partial(batch * taps * width);
      parallel_for(batch, 1, [&](size_t begin, size_t end) {
        for (size_t b = begin; b < end; ++b) {
          size_t at = b * length * width;
          float *d_weight = partial.data() + b * taps * width;
          std::fill_n(o.out(0) + at, length * width, 0.0f);
          for (size_t t = 0; t < length; ++t)
            for (size_t k = 0; k < taps && k <= t; ++k) {
              const float *dy = o.in(2) + at + t * width;
              kernels().add_product(dy, o.in(1) + k * width, o.out(0) + at + (t - k) * width, width);
              kernels().add_product(dy, o.in(0) + at + (t - k) * width, d_weight + k * width, width);
            }
        }
      });
      std::fill_n(o.out(1), taps * width, 0.0f);
      for (size_t b = 0; b < batch; ++b) kernels().add(partial.data() + b * taps * width, o.out(1), taps * width);
    });
  }
};

struct CausalShift : Operation {
  using Operation::Operation;
  const char *name() const override { return "CausalShift"; }

  void eval_cpu(const Arrays &inputs, Arrays &outputs) override {
    size_t length = inputs[0].shape(1), taps = inputs[1].shape(0);
    enqueue(inputs, outputs, [=, rows = Rows(inputs[0])](const Operands &o) {
      parallel_for(rows.count, grain_for(2 * taps * rows.width), [&](size_t begin, size_t end) {
        for (size_t row = begin; row < end; ++row) {
          float *y = o.out(0) + row * rows.width;
          std::fill_n(y, rows.width, 0.0f);
          for (size_t k = 0; k < taps && k <= row % length; ++k)
            kernels().add_product(o.in(0) + (row - k) * rows.width, o.in(1) + k * rows.width, y, rows.width);
        }
      });
    });
  }

  Arrays vjp(const Arrays &primals, const Arrays &cotangents, const std::vector<int> &positions,
             const Arrays &) override {
    return chosen(nodes<CausalShiftGradient>({primals[0].shape(), primals[1].shape()},
                                             {primals[0], primals[1], dense(cotangents[0])}),
                  positions);
  }
};

Array causal_shift(const Array &x, const Array &weight) {
  require(x.ndim() == 3 && weight.ndim() == 2 && weight.shape(1) == x.shape(2),
          "[causal shift] x must be [batch, positions, width] and weight [taps, width]");
  if (composed()) return compose::causal_shift(x, weight);
  return node<CausalShift>(x.shape(), {dense(x), dense(weight)});
}

// The distance in floats between a row of the whole and where each part begins in it.
std::vector<size_t> part_starts(const Arrays &parts) {
  std::vector<size_t> starts{0};
  for (auto &part : parts) starts.push_back(starts.back() + part.shape(-1));
  return starts;
}

// Parts [..., N_i] side by side: the gradient of Split.
struct Join : Operation {
  using Operation::Operation;
  const char *name() const override { return "Join"; }

  void eval_cpu(const Arrays &inputs, Arrays &outputs) override {
    enqueue(inputs, outputs, [starts = part_starts(inputs), rows = Rows(outputs[0])](const Operands &o) {
      parallel_for(rows.count, grain_for(rows.width), [&](size_t begin, size_t end) {
        for (size_t row = begin; row < end; ++row)
          for (size_t i = 0; i + 1 < starts.size(); ++i) {
            size_t width = starts[i + 1] - starts[i];
            std::copy_n(o.in(i) + row * width, width, o.out(0) + row * rows.width + starts[i]);
          }
      });
    });
  }
};

struct Split : Operation {
  using Operation::Operation;
  const char *name() const override { return "Split"; }

  void eval_cpu(const Arrays &inputs, Arrays &outputs) override {
    enqueue(inputs, outputs, [starts = part_starts(outputs), rows = Rows(inputs[0])](const Operands &o) {
      parallel_for(rows.count, grain_for(rows.width), [&](size_t begin, size_t end) {
        for (size_t row = begin; row < end; ++row)
          for (size_t i = 0; i + 1 < starts.size(); ++i) {
            size_t width = starts[i + 1] - starts[i];
            std::copy_n(o.in(0) + row * rows.width + starts[i], width, o.out(i) + row * width);
          }
      });
    });
  }

  Arrays vjp(const Arrays &primals, const Arrays &cotangents, const std::vector<int> &, const Arrays &) override {
    Arrays parts;
    for (auto &cotangent : cotangents) parts.push_back(dense(cotangent));
    return {node<Join>(primals[0].shape(), parts)};
  }
};

Arrays split(const Array &x, const std::vector<int> &widths) {
  require(x.ndim() > 0, "[split] a scalar has no parts");
  std::vector<mx::Shape> shapes;
  mx::Shape borders;
  int total = 0;
  for (int width : widths) {
    require(width > 0, "[split] every part must have a width above 0");
    auto shape = x.shape();
    shape[x.ndim() - 1] = width;
    shapes.push_back(shape);
    borders.push_back(total += width);
  }
  require(total == x.shape(-1), "[split] the widths must add up to the last axis");
  borders.pop_back();
  return composed() ? mx::split(x, borders, -1) : nodes<Split>(shapes, {dense(x)});
}

}  // namespace

extern "C" {

int cmlx_split(cmlx_array x, const int *widths, size_t count, cmlx_array *parts) {
  return status([&] {
    auto result = split(array_of(x), std::vector<int>(widths, widths + count));
    for (size_t i = 0; i < count; ++i) parts[i] = make_handle(result[i]);
  });
}

cmlx_array cmlx_rotary(cmlx_array x, cmlx_array cosines, cmlx_array sines) {
  return handle([&] { return rotary(array_of(x), array_of(cosines), array_of(sines)); });
}

cmlx_array cmlx_embedding(cmlx_array table, cmlx_array ids) {
  return handle([&] { return embedding(array_of(table), array_of(ids)); });
}

cmlx_array cmlx_causal_shift(cmlx_array x, cmlx_array weight) {
  return handle([&] { return causal_shift(array_of(x), array_of(weight)); });
}

}  // extern "C"
