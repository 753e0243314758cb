// Arrays and MLX's own operations.
#include <array>
#include <cstring>
#include <stdexcept>

#include "mlx/allocator.h"
#include "mlx/ops.h"
#include "mlx/random.h"
#include "mlx/transforms.h"
#include "shim.h"

using namespace cmlx;

namespace {

constexpr std::array dtypes{mx::bool_, mx::uint8,   mx::uint16,  mx::uint32,  mx::uint64,   mx::int8,    mx::int16,
                            mx::int32, mx::int64,   mx::float16, mx::float32, mx::float64,  mx::bfloat16, mx::complex64};

mx::Dtype dtype_of(cmlx_dtype dtype) { return dtypes.at(dtype); }

std::vector<int> axes_of(const int *axes, size_t count) { return std::vector<int>(axes, axes + count); }

int single_axis(const int *axes, size_t count) {
  if (count != 1) throw std::invalid_argument("this operation takes exactly one axis");
  return axes[0];
}

Array from_bytes(const void *data, size_t bytes, mx::Shape shape, mx::Dtype dtype) {
  size_t needed = dtype.size();
  for (auto extent : shape) {
    if (extent < 0 || __builtin_mul_overflow(needed, static_cast<size_t>(extent), &needed))
      throw std::invalid_argument("a shape with a negative or overflowing extent");
  }
  if (needed != bytes)
    throw std::invalid_argument("the data has " + std::to_string(bytes) + " bytes where the shape needs " +
                                std::to_string(needed));
  auto buffer = mx::allocator::malloc(bytes);
  if (bytes) std::memcpy(buffer.buffer().raw_ptr(), data, bytes);
  return Array(std::move(buffer), std::move(shape), dtype);
}

Array unary(cmlx_unary_op op, const Array &a) {
  switch (op) {
    case CMLX_NEGATIVE: return mx::negative(a);
    case CMLX_ABS: return mx::abs(a);
    case CMLX_SQUARE: return mx::square(a);
    case CMLX_SQRT: return mx::sqrt(a);
    case CMLX_RSQRT: return mx::rsqrt(a);
    case CMLX_EXP: return mx::exp(a);
    case CMLX_LOG: return mx::log(a);
    case CMLX_SIGMOID: return mx::sigmoid(a);
    case CMLX_TANH: return mx::tanh(a);
    case CMLX_STOP_GRADIENT: return mx::stop_gradient(a);
    case CMLX_CONTIGUOUS: return mx::contiguous(a);
  }
  throw std::invalid_argument("unknown unary operation");
}

Array binary(cmlx_binary_op op, const Array &a, const Array &b) {
  switch (op) {
    case CMLX_ADD: return mx::add(a, b);
    case CMLX_SUBTRACT: return mx::subtract(a, b);
    case CMLX_MULTIPLY: return mx::multiply(a, b);
    case CMLX_DIVIDE: return mx::divide(a, b);
    case CMLX_MAXIMUM: return mx::maximum(a, b);
    case CMLX_MATMUL: return mx::matmul(a, b);
    case CMLX_EQUAL: return mx::equal(a, b);
    case CMLX_NOT_EQUAL: return mx::not_equal(a, b);
    case CMLX_LESS: return mx::less(a, b);
    case CMLX_LESS_EQUAL: return mx::less_equal(a, b);
    case CMLX_GREATER: return mx::greater(a, b);
    case CMLX_GREATER_EQUAL: return mx::greater_equal(a, b);
  }
  throw std::invalid_argument("unknown binary operation");
}

Array reduce(cmlx_reduce_op op, const Array &a, const int *axes, size_t count, bool keep) {
  switch (op) {
    case CMLX_SUM: return mx::sum(a, axes_of(axes, count), keep);
    case CMLX_MEAN: return mx::mean(a, axes_of(axes, count), keep);
    case CMLX_MAX: return mx::max(a, axes_of(axes, count), keep);
    case CMLX_MIN: return mx::min(a, axes_of(axes, count), keep);
    case CMLX_LOGSUMEXP: return mx::logsumexp(a, axes_of(axes, count), keep);
    case CMLX_SOFTMAX: return mx::softmax(a, axes_of(axes, count));
    case CMLX_ARGMAX: return mx::argmax(a, single_axis(axes, count), keep);
  }
  throw std::invalid_argument("unknown reduction");
}

}  // namespace

extern "C" {

cmlx_array cmlx_array_from_bytes(const void *data, size_t bytes, const int *shape, size_t ndim, cmlx_dtype dtype) {
  return handle([&] { return from_bytes(data, bytes, shape_of(shape, ndim), dtype_of(dtype)); });
}

cmlx_array cmlx_array_scalar(float value) {
  return handle([&] { return Array(value); });
}

size_t cmlx_array_ndim(cmlx_array a) { return array_of(a).ndim(); }
int cmlx_array_dim(cmlx_array a, size_t axis) { return array_of(a).shape()[axis]; }
size_t cmlx_array_size(cmlx_array a) { return array_of(a).size(); }
cmlx_dtype cmlx_array_dtype(cmlx_array a) { return static_cast<cmlx_dtype>(array_of(a).dtype().val()); }

int cmlx_array_read(cmlx_array a, void *out, size_t bytes) {
  return status([&] {
    auto dense = mx::contiguous(array_of(a));
    if (dense.nbytes() != bytes) throw std::invalid_argument("the destination does not have the array's size");
    dense.eval();
    if (bytes) std::memcpy(out, dense.data<char>(), bytes);
  });
}

int cmlx_eval(const cmlx_array *arrays, size_t count) {
  return status([&] { mx::eval(arrays_of(arrays, count)); });
}

cmlx_array cmlx_unary(cmlx_unary_op op, cmlx_array a) {
  return handle([&] { return unary(op, array_of(a)); });
}

cmlx_array cmlx_binary(cmlx_binary_op op, cmlx_array a, cmlx_array b) {
  return handle([&] { return binary(op, array_of(a), array_of(b)); });
}

cmlx_array cmlx_reduce(cmlx_reduce_op op, cmlx_array a, const int *axes, size_t count, bool keep) {
  return handle([&] { return reduce(op, array_of(a), axes, count, keep); });
}

cmlx_array cmlx_addmm(cmlx_array c, cmlx_array a, cmlx_array b) {
  return handle([&] { return mx::addmm(array_of(c), array_of(a), array_of(b)); });
}

cmlx_array cmlx_where(cmlx_array condition, cmlx_array a, cmlx_array b) {
  return handle([&] { return mx::where(array_of(condition), array_of(a), array_of(b)); });
}

cmlx_array cmlx_as_type(cmlx_array a, cmlx_dtype dtype) {
  return handle([&] { return mx::astype(array_of(a), dtype_of(dtype)); });
}

cmlx_array cmlx_reshape(cmlx_array a, const int *shape, size_t ndim) {
  return handle([&] { return mx::reshape(array_of(a), shape_of(shape, ndim)); });
}

cmlx_array cmlx_transpose(cmlx_array a, const int *axes, size_t count) {
  return handle([&] { return mx::transpose(array_of(a), axes_of(axes, count)); });
}

cmlx_array cmlx_expand_dims(cmlx_array a, int axis) {
  return handle([&] { return mx::expand_dims(array_of(a), axis); });
}

cmlx_array cmlx_squeeze(cmlx_array a, int axis) {
  return handle([&] { return mx::squeeze(array_of(a), axis); });
}

cmlx_array cmlx_broadcast_to(cmlx_array a, const int *shape, size_t ndim) {
  return handle([&] { return mx::broadcast_to(array_of(a), shape_of(shape, ndim)); });
}

cmlx_array cmlx_slice(cmlx_array a, const int *start, const int *stop, const int *stride, size_t ndim) {
  return handle(
      [&] { return mx::slice(array_of(a), shape_of(start, ndim), shape_of(stop, ndim), shape_of(stride, ndim)); });
}

cmlx_array cmlx_concatenate(const cmlx_array *arrays, size_t count, int axis) {
  return handle([&] { return mx::concatenate(arrays_of(arrays, count), axis); });
}

cmlx_array cmlx_stack(const cmlx_array *arrays, size_t count, int axis) {
  return handle([&] { return mx::stack(arrays_of(arrays, count), axis); });
}

cmlx_array cmlx_take(cmlx_array a, cmlx_array indices, int axis) {
  return handle([&] { return mx::take(array_of(a), array_of(indices), axis); });
}

cmlx_array cmlx_full(const int *shape, size_t ndim, float value, cmlx_dtype dtype) {
  return handle([&] { return mx::full(shape_of(shape, ndim), Array(value, dtype_of(dtype)), dtype_of(dtype)); });
}

cmlx_array cmlx_arange(double start, double stop, double step, cmlx_dtype dtype) {
  return handle([&] { return mx::arange(start, stop, step, dtype_of(dtype)); });
}

cmlx_array cmlx_random_key(uint64_t seed) {
  return handle([&] { return mx::random::key(seed); });
}

cmlx_array cmlx_random_split(cmlx_array key, int count) {
  return handle([&] { return mx::random::split(array_of(key), count); });
}

cmlx_array cmlx_random_uniform(const int *shape, size_t ndim, float low, float high, cmlx_array key) {
  return handle([&] {
    return mx::random::uniform(Array(low), Array(high), shape_of(shape, ndim), mx::float32, array_of(key));
  });
}

cmlx_array cmlx_random_normal(const int *shape, size_t ndim, float mean, float deviation, cmlx_array key) {
  return handle([&] {
    return mx::random::normal(shape_of(shape, ndim), mx::float32, Array(mean), Array(deviation), array_of(key));
  });
}

}  // extern "C"
