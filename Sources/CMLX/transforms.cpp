// Automatic differentiation of a function that lives on the other side of the C boundary.
#include "mlx/transforms.h"

#include <memory>
#include <numeric>
#include <stdexcept>

#include "shim.h"

using namespace cmlx;

namespace {

Arrays call(cmlx_function function, void *context, const Arrays &inputs) {
  std::vector<cmlx_array> borrowed;
  borrowed.reserve(inputs.size());
  for (auto &input : inputs) borrowed.push_back(reinterpret_cast<cmlx_array>(const_cast<Array *>(&input)));
  Arrays outputs;
  if (function(context, borrowed.data(), borrowed.size(), reinterpret_cast<cmlx_list>(&outputs)))
    throw std::runtime_error("the differentiated function failed");
  return outputs;
}

}  // namespace

extern "C" int cmlx_value_and_grad(cmlx_function function, void *context, const cmlx_array *inputs, size_t count,
                                   cmlx_list values, cmlx_list gradients) {
  return status([&] {
    std::vector<int> positions(count);
    std::iota(positions.begin(), positions.end(), 0);
    auto differentiated = mx::value_and_grad(
        [&](const Arrays &traced) { return call(function, context, traced); }, positions);
    auto [outputs, cotangents] = differentiated(arrays_of(inputs, count));
    *reinterpret_cast<Arrays *>(values) = std::move(outputs);
    *reinterpret_cast<Arrays *>(gradients) = std::move(cotangents);
  });
}

extern "C" int cmlx_checkpoint(cmlx_function function, void *context, void (*release)(void *), const cmlx_array *inputs,
                               size_t count, cmlx_list outputs) {
  std::shared_ptr<void> owned(context, release);  // lives as long as the graph that may call the function again
  return status([&] {
    auto checkpointed =
        mx::checkpoint([function, owned](const Arrays &traced) { return call(function, owned.get(), traced); });
    *reinterpret_cast<Arrays *>(outputs) = checkpointed(arrays_of(inputs, count));
  });
}
