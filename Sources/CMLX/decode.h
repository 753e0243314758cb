// Internal types of the decoder, shared by the kernels and the code that drives them.
//
// Shapes: N tokens of a step, D width, H query heads, G heads of keys and values, W head width, M hidden width,
// V vocabulary, L layers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "cmlx_decode.h"

namespace cmlx::decode {

// Positions of one page. Keys lie transposed, [W][16] for each layer and head, so that sixteen scores are one vector
// chain; values lie [16][W].
constexpr int pageLength = 16;

struct Page {
  explicit Page(size_t floats);
  ~Page();
  Page(const Page &other);
  Page &operator=(const Page &) = delete;
  std::vector<float> data;
};

// A matrix [out, in] in column panels of sixteen outputs: [panel][in][16], zero where out ends.
struct Packed {
  int in = 0, out = 0;
  std::vector<float> data;
  Packed() = default;
  Packed(const float *weights, int out, int in);
};

struct Layer {
  std::vector<float> attentionNorm, queryNorm, keyNorm, mlpNorm;
  Packed queryKeyValue, output, up, down;
};

struct Model {
  cmlx_decoder_shape shape;
  std::vector<float> embedding;  // [V, D], rows normalised: what a token puts into the residual stream
  std::vector<float> shift, norm, cosines, sines;
  std::vector<Layer> layers;
  Packed head;
  int threads = 0;
  bool portable = false;

  int queryWidth() const { return shape.heads * shape.head_width; }
  int kvWidth() const { return shape.kv_heads * shape.head_width; }
  // Floats of a page, and where the keys of a layer and head begin; its values follow them.
  size_t pageFloats() const { return 2ull * shape.layers * kvWidth() * pageLength; }
  size_t pageOffset(int layer, int head) const {
    return 2ull * (size_t(layer) * shape.kv_heads + head) * shape.head_width * pageLength;
  }
};

struct Cache {
  std::shared_ptr<const Model> model;
  std::vector<std::shared_ptr<Page>> pages;
  int length = 0;
  int32_t last = -1, beforeLast = -1;
};

// Runs of one thread, all layers, head and draw. Returns false when a number is not finite.
using Advance = bool (*)(const Model &model, cmlx_decode_run *const *runs, size_t count);
bool advance_avx2(const Model &model, cmlx_decode_run *const *runs, size_t count);
bool advance_portable(const Model &model, cmlx_decode_run *const *runs, size_t count);

}  // namespace cmlx::decode

// The handles of the C surface.
struct cmlx_decoder_s {
  std::shared_ptr<cmlx::decode::Model> model;
};
struct cmlx_kv_cache_s : cmlx::decode::Cache {};
