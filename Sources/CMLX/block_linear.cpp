// A linear map whose frozen matrix stays in the blocks of its file: widened a slice at a time, while it is multiplied.
// Shapes: N rows of x, I inputs, O outputs, B numbers that share a scale.
#include <algorithm>
#include <vector>

#include "composed.h"
#include "primitive.h"
#include "products.h"

using namespace cmlx;

namespace {

// A matrix [O, I] of numbers of four or eight bits without sign; two of four bits share a byte, the first in its lower half.
// An element is (number - bias) * scale - offset.
struct Blocks {
  size_t outputs, inputs, block;
  int bits, bias;
  bool has_offsets;

  Blocks(const Array &numbers, const Array &scales, bool has_offsets, int bits, int bias)
      : outputs(numbers.shape(0)), inputs(size_t(numbers.shape(1)) * 8 / bits), block(inputs / scales.shape(1)),
        bits(bits), bias(bias), has_offsets(has_offsets) {}

  // Rows `first`..<`first` + `count` as floats.
  void widen(const Operands &o, size_t at, size_t first, size_t count, float *to) const {
    auto numbers = static_cast<const uint8_t *>(o.inputs[at]);
    const float *scales = o.in(at + 1), *offsets = has_offsets ? o.in(at + 2) : nullptr;
    parallel_for(count, grain_for(inputs), [&](size_t begin, size_t end) {
      for (size_t row = begin; row < end; ++row) {
        const uint8_t *from = numbers + (first + row) * (inputs * bits / 8);
        size_t blocks = inputs / block, first_block = (first + row) * blocks;
        for (size_t b = 0; b < blocks; ++b) {
          float scale = scales[first_block + b], offset = offsets ? offsets[first_block + b] : 0;
          float *out = to + row * inputs + b * block;
          if (bits == 4) widen_pairs(from + b * block / 2, scale, offset, out);
          else
            for (size_t i = 0; i < block; ++i) out[i] = float(int(from[b * block + i]) - bias) * scale - offset;
        }
      }
    });
  }

  void widen_pairs(const uint8_t *pairs, float scale, float offset, float *out) const {
    for (size_t i = 0; i < block / 2; ++i) {
      out[2 * i] = float(int(pairs[i] & 15) - bias) * scale - offset;
      out[2 * i + 1] = float(int(pairs[i] >> 4) - bias) * scale - offset;
    }
  }

  // Calls `body(first, rows [count, I], count)` for slices of at most 32 MB; a smaller one has the other factor packed more often.
  template <class Body>
  void slices(const Operands &o, size_t at, Body body) const {
    size_t most = std::clamp<size_t>((size_t{1} << 23) / inputs, 64, outputs > 64 ? outputs : 64);
    std::vector<float> rows(std::min(most, outputs) * inputs);
    for (size_t first = 0; first < outputs; first += most) {
      size_t count = std::min(most, outputs - first);
      widen(o, at, first, count, rows.data());
      body(first, rows.data(), count);
    }
  }
};

// Inputs: numbers, scales, perhaps offsets, then the gradient of the result [N, O]. Output: the gradient of x [N, I].
struct BlockLinearGradient : Operation {
  Blocks blocks;
  BlockLinearGradient(mx::Stream stream, Blocks blocks) : Operation(stream), blocks(blocks) {}
  const char *name() const override { return "BlockLinearGradient"; }

  void eval_cpu(const Arrays &inputs, Arrays &outputs) override {
    enqueue(inputs, outputs, [b = blocks, rows = inputs.back().size() / blocks.outputs](const Operands &o) {
      const float *dy = o.in(o.inputs.size() - 1);
      b.slices(o, 0, [&](size_t first, const float *slice, size_t count) {
        multiply({dy + first, rows, count, false, b.outputs}, {slice, count, b.inputs}, o.out(0), first > 0 ? 1 : 0);
      });
    });
  }
};

// Inputs: x [N, I], numbers, scales, perhaps offsets. Output: [N, O].
struct BlockLinear : Operation {
  Blocks blocks;
  BlockLinear(mx::Stream stream, Blocks blocks) : Operation(stream), blocks(blocks) {}
  const char *name() const override { return "BlockLinear"; }

  void eval_cpu(const Arrays &inputs, Arrays &outputs) override {
    enqueue(inputs, outputs, [b = blocks, rows = inputs[0].size() / blocks.inputs](const Operands &o) {
      b.slices(o, 1, [&](size_t first, const float *slice, size_t count) {
        multiply({o.in(0), rows, b.inputs}, {slice, count, b.inputs, true}, o.out(0) + first, 0, 1, b.outputs);
      });
    });
  }

  Arrays vjp(const Arrays &primals, const Arrays &cotangents, const std::vector<int> &positions,
             const Arrays &) override {
    for (int position : positions) require(position == 0, "[block linear] the matrix is frozen: it has no gradient");
    Arrays inputs(primals.begin() + 1, primals.end());
    inputs.push_back(dense(cotangents[0]));
    return {node<BlockLinearGradient>(primals[0].shape(), inputs, blocks)};
  }
};

Array block_linear(const Array &x, const Array &numbers, const Array &scales, const std::optional<Array> &offsets,
                   int bits, int bias) {
  require(numbers.ndim() == 2 && numbers.dtype() == mx::uint8 && scales.ndim() == 2 && (bits == 4 || bits == 8),
          "[block linear] a matrix must have two axes of numbers, four or eight bits each, and two of scales");
  int inputs = numbers.shape(1) * 8 / bits, blocks = scales.shape(1);
  require(blocks > 0 && inputs % blocks == 0 && (inputs / blocks) % 2 == 0 && scales.shape(0) == numbers.shape(0) &&
              (!offsets || offsets->shape() == scales.shape()),
          "[block linear] every block of a matrix needs a scale, and an offset where there are any");
  require(x.ndim() > 0 && x.size() > 0 && x.shape(-1) == inputs, "[block linear] x must have as many columns as the matrix");
  if (composed()) return compose::block_linear(x, numbers, scales, offsets, bits, bias);
  auto shape = x.shape();
  shape[x.ndim() - 1] = numbers.shape(0);
  Arrays all{dense(x), mx::contiguous(numbers), dense(scales)};
  if (offsets) all.push_back(dense(*offsets));
  return node<BlockLinear>(shape, all, Blocks(numbers, scales, offsets.has_value(), bits, bias));
}

}  // namespace

extern "C" int cmlx_pack_numbers(const int8_t *numbers, size_t rows, size_t columns, cmlx_array *packed, int *bits,
                                 int *bias) {
  return status([&] {
    require(rows > 0 && columns > 0 && columns % 2 == 0, "[block linear] a matrix must have an even number of columns");
    const auto [low, high] = std::minmax_element(numbers, numbers + rows * columns);
    bool half = (*low >= 0 && *high < 16) || (*low >= -8 && *high < 8);
    *bits = half ? 4 : 8;
    *bias = *low >= 0 ? 0 : half ? 8 : 128;
    size_t bytes = rows * columns * size_t(*bits) / 8;
    auto buffer = mx::allocator::malloc(bytes);
    auto *to = static_cast<uint8_t *>(buffer.buffer().raw_ptr());
    parallel_for(bytes, 1 << 16, [&](size_t begin, size_t end) {
      for (size_t i = begin; i < end; ++i)
        to[i] = half ? uint8_t((numbers[2 * i] + *bias) | (numbers[2 * i + 1] + *bias) << 4) : uint8_t(numbers[i] + *bias);
    });
    mx::Shape shape{static_cast<int>(rows), static_cast<int>(columns * size_t(*bits) / 8)};
    *packed = make_handle(Array(std::move(buffer), shape, mx::uint8));
  });
}

extern "C" cmlx_array cmlx_block_linear(cmlx_array x, cmlx_array numbers, cmlx_array scales, cmlx_array offsets, int bits,
                                        int bias) {
  return handle([&] {
    return block_linear(array_of(x), array_of(numbers), array_of(scales),
                        offsets ? std::optional(array_of(offsets)) : std::nullopt, bits, bias);
  });
}
