// The base of this project's own graph nodes: float32 on the CPU, inputs dense and row-major, any size.
//
// A primitive is an ordinary MLX node. `eval_cpu` queues a kernel on the stream; `vjp` builds further nodes. Where MLX
// runs on another device, the C functions compose the same result from MLX's own operations (`composed()`).
#pragma once

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "mlx/allocator.h"
#include "mlx/backend/cpu/encoder.h"
#include "mlx/ops.h"
#include "mlx/primitives.h"
#include "kernels.h"
#include "pool.h"
#include "shim.h"

namespace cmlx {

// The raw memory of a node's inputs and outputs, in their order.
struct Operands {
  std::vector<const void *> inputs;
  std::vector<void *> outputs;

  const float *in(size_t i) const { return static_cast<const float *>(inputs[i]); }
  const int32_t *in_int(size_t i) const { return static_cast<const int32_t *>(inputs[i]); }
  float *out(size_t i) const { return static_cast<float *>(outputs[i]); }
};

class Operation : public mx::Primitive {
 public:
  using Primitive::Primitive;
  void eval_gpu(const Arrays &, Arrays &) override {
    throw std::runtime_error(std::string(name()) + " runs on the CPU only");
  }

 protected:
  // Allocates the outputs and queues `kernel(operands)` on the node's stream. MLX keeps the arrays alive until it ran.
  template <class Kernel>
  void enqueue(const Arrays &inputs, Arrays &outputs, Kernel kernel) {
    Operands operands;
    for (auto &output : outputs) output.set_data(mx::allocator::malloc(output.nbytes()));
    for (auto &input : inputs) operands.inputs.push_back(input.data<char>());
    for (auto &output : outputs) operands.outputs.push_back(output.data<char>());
    mx::cpu::get_command_encoder(stream()).dispatch(
        [operands = std::move(operands), kernel = std::move(kernel)] { kernel(operands); });
  }
};

// Where new nodes run: the calling thread's CPU stream, which `Session` has set to the process's one stream.
inline mx::Stream cpu_stream() { return mx::default_stream(mx::Device::cpu); }

// `a` as the dense float32 that kernels read.
inline Array dense(const Array &a) { return mx::contiguous(mx::astype(a, mx::float32)); }
inline Array dense_int(const Array &a) { return mx::contiguous(mx::astype(a, mx::int32)); }

// One-output node of type `Op` over inputs that are dense already.
template <class Op, class... Parameters>
Array node(mx::Shape shape, Arrays inputs, Parameters... parameters) {
  return Array(std::move(shape), mx::float32, std::make_shared<Op>(cpu_stream(), parameters...), std::move(inputs));
}

// Node of type `Op` with several float32 outputs.
template <class Op, class... Parameters>
Arrays nodes(std::vector<mx::Shape> shapes, Arrays inputs, Parameters... parameters) {
  std::vector<mx::Dtype> types(shapes.size(), mx::float32);
  return Array::make_arrays(std::move(shapes), types, std::make_shared<Op>(cpu_stream(), parameters...), inputs);
}

// The gradients that `vjp` was asked for, in its order.
inline Arrays chosen(const Arrays &gradients, const std::vector<int> &positions) {
  Arrays result;
  for (int position : positions) result.push_back(gradients.at(position));
  return result;
}

// Whether to compose MLX's own operations instead: when the default device is not the CPU, or when a test asks.
bool composed();

inline void require(bool condition, const char *message) {
  if (!condition) throw std::invalid_argument(message);
}

// Length and number of the rows along the last axis.
struct Rows {
  size_t width, count;
  explicit Rows(const Array &a) : width(a.shape(-1)), count(width ? a.size() / width : 0) {}
};

}  // namespace cmlx
