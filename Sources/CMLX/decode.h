// Internal types of the decoder, shared by the kernels and the code that drives them.
//
// Shapes: N tokens of a step, D width, H query heads, G heads of keys and values, W head width, M hidden width,
// V vocabulary, L layers. D, W and M are padded with zeros to multiples of sixteen, so that vectors have no tails.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "cmlx_decode.h"
#include "decode_buffer.h"
#include "decode_team.h"

namespace cmlx::decode {

constexpr int lanes = 16;
// Positions of one page. Keys lie transposed, [W][16] for each layer and head, so that sixteen scores are one vector
// chain; values lie [16][W]. They are floats or, where the model is fast, words with a scale for each position, and of keys
// for each sixteen numbers of it, so that a large number does not round all others.
constexpr int pageLength = CMLX_PAGE_LENGTH;
// Outputs of the head that are normalised together: a multiple of every kernel's tile.
constexpr int stripePanels = 12;

inline int padded(int count) { return (count + lanes - 1) / lanes * lanes; }

// A dimension made of groups (heads), each padded to whole vectors.
struct Extent {
  int groups = 1, size = 0;
  int count() const { return groups * size; }
  int room() const { return groups * padded(size); }
  // Where item `i` lies.
  int place(int i) const { return i / size * padded(size) + i % size; }
};

// Numbers of a block, a scale or an offset each: [panel][in / block][16]. Where the file has them as small integers times a
// number for each `unitLength` of `in`, as K-quants do, they are kept so; their products are the same floats.
struct Factors {
  Buffer<float> values;
  Buffer<int8_t> steps;  // [panel][in / block][16]
  Buffer<float> units;   // [panel][in / unitLength][16]

  bool isEmpty() const { return values.count() + steps.count() == 0; }
  size_t bytes() const { return 4 * (values.count() + units.count()) + steps.count(); }
};
constexpr int unitLength = 256;

// A matrix [out, in] in panels of sixteen outputs, [panel][in][16], zero where out ends; in the form of its file.
struct Matrix {
  enum class Form { floats, bfloats, bytes, nibbles };
  Form form = Form::floats;
  int out = 0, in = 0, panels = 0, block = 0;
  Buffer<float> values;
  Buffer<uint16_t> bfloats;
  // Numbers of blocks: bytes [panel][in / 2][16][2]; nibbles, which have `bias` added, [panel][in / 4][16][2], each byte with a number
  // of `in` in its low half and the one two places on in its high half, so that either half gives pairs of neighbours.
  Buffer<uint8_t> numbers;
  int bias = 0;
  Factors scales, offsets;
  // How many numbers of `in`, times the steps of their scales and sixteen-bit activations, an int32 can sum: 16, 32, ..., 256;
  // 0 where scales have no steps or not even 16 can be.
  int run = 0;

  // Where number k of a panel's output is.
  size_t place(size_t panel, size_t lane, size_t k) const {
    if (form == Form::bytes) return ((panel * in + k) / 2 * lanes + lane) * 2 + k % 2;
    return ((panel * in + k) / 4 * lanes + lane) * 2 + k % 2;
  }
  bool hasBlocks() const { return form == Form::bytes || form == Form::nibbles; }
  size_t bytes() const;
};

// Activations [n, in] as sixteen-bit numbers with a scale for each chunk of them, for products with matrices of blocks.
constexpr int chunkLength = 256, sumLength = 16;
struct Words {
  const int16_t *numbers;  // [n, in]
  const float *scales;     // [n, chunks]
  // Less the sums of sixteen numbers [n, in / 16], and of thirty-two [n, in / 32].
  const float *sums, *pairSums;
  // The numbers as bytes for tiles, else null: [n / 16][in / 64][2][16][64], the upper bytes first; of each four numbers the second
  // and the third are changed over. Rows end at a multiple of sixteen.
  const uint8_t *bytes;
  int in;

  int chunks() const { return (in + chunkLength - 1) / chunkLength; }
  Words from(int row) const {
    const size_t at = size_t(row) * in;
    return {numbers + at, scales + size_t(row) * chunks(), sums + at / sumLength, pairSums + at / (2 * sumLength), nullptr, in};
  }
  // The bytes of sixteen rows from `row` on, a multiple of sixteen, from number `k` on.
  const uint8_t *tile(int row, int k) const { return bytes + (size_t(row) * in + size_t(k) * 16) * 2; }
};

// Packs a matrix; values that all are bfloat16 numbers are kept as such.
Matrix pack(const cmlx_matrix &matrix, Extent out, Extent in);

// A product, with what fine-tuning added to it: y = W x + bias + B (A x).
struct Linear {
  Matrix weight, a, b;
  std::vector<float> bias;
};

struct Layer {
  std::vector<float> attentionNorm, attentionAfter, queryNorm, keyNorm, mlpNorm, mlpAfter;
  Linear query, key, value, output, gate, up, down;
  bool windowed = false, rotated = true;
};

// Where a weight goes.
struct Slot {
  std::vector<float> *vector = nullptr;
  Linear *linear = nullptr;
  Extent out, in;
  bool isSet = false;
};

struct Model {
  cmlx_decoder_shape shape;  // its pointers are not kept
  std::vector<double> frequencies, localFrequencies;
  std::vector<float> shift, norm;
  std::vector<Layer> layers;
  Linear embedding, separateHead;
  std::map<std::string, Slot> slots;
  int threads = 0, kernels = CMLX_KERNELS_AMX, sharing = 0;
  bool fast = false;  // sixteen-bit activations where weights are blocks, and sixteen-bit keys and values
  mutable std::atomic<size_t> pageBytes{0};  // of all pages alive

  explicit Model(const cmlx_decoder_shape &shape);
  Model(const Model &) = delete;
  Model &operator=(const Model &) = delete;

  const Matrix &head() const { return (shape.tied ? embedding : separateHead).weight; }
  bool normsBefore() const { return shape.norms != CMLX_NORMS_AFTER; }
  bool normsAfter() const { return shape.norms != CMLX_NORMS_BEFORE; }
  int width() const { return padded(shape.width); }
  int hidden() const { return padded(shape.hidden); }
  int headWidth() const { return padded(shape.head_width); }
  int queryWidth() const { return shape.heads * headWidth(); }
  int kvWidth() const { return shape.kv_heads * headWidth(); }
  // Bytes of a page; of the keys and values of a layer and head in it, which lie together; and where those begin.
  size_t bytesOfPage() const { return size_t(shape.layers) * shape.kv_heads * bytesOfHead(); }
  size_t bytesOfHead() const {
    const size_t numbers = 2ull * pageLength * headWidth(), scales = pageLength * (headWidth() / lanes + 1);
    return fast ? 2 * numbers + 4 * scales : 4 * numbers;
  }
  size_t pageOffset(int layer, int head) const { return (size_t(layer) * shape.kv_heads + head) * bytesOfHead(); }
  size_t bytes() const;
};

// Belongs to caches, which keep its model alive.
struct Page {
  explicit Page(const Model &model) : model(model), data(model.bytesOfPage()) { model.pageBytes += data.count(); }
  Page(const Page &other) : Page(other.model) { std::memcpy(data.data(), other.data.data(), data.count()); }
  Page &operator=(const Page &) = delete;
  ~Page() { model.pageBytes -= data.count(); }

  const Model &model;
  // For each layer and head: keys, values, and where the model is fast the scales of keys [W / 16][16] and of values [16].
  Buffer<uint8_t> data;
};

// What a row has read.
struct Cache {
  std::shared_ptr<const Model> model;
  std::vector<int32_t> tokens;
  std::vector<std::shared_ptr<Page>> pages;

  int length() const { return int(tokens.size()); }
  // The token `back` places before the next one; -1 before the beginning.
  int32_t last(int back) const { return back <= length() ? tokens[length() - back] : -1; }
};

struct Token {
  Cache *cache;
  int32_t id, previous, beforePrevious;
  int position;
  cmlx_decode_run *draw;  // the run that draws behind this token, or null
  int32_t next;           // the token that is read behind it
  float *score;           // where the log-probability of `next` goes, or null

  bool needsHead() const { return draw || score; }
};

// What a team computes for a block of tokens.
struct Activations {
  Buffer<float> residual, normed, branch, query, key, value, attended, hidden, lowRank;
  Buffer<float> cosines, sines;               // [N, rotated pairs], of layers that see everything, then of windowed ones
  Buffer<float> peaks, sums;                  // [draws, stripes] of the head
  Buffer<float> next;                         // [draws], the logit of the token that is read next, where it is scored
  Buffer<int16_t> words;                      // of the activations that the next products read
  Buffer<float> wordScales, wordSums, wordPairSums;
  Buffer<uint8_t> bytes;                      // of the words, for tiles
};

// Tokens that go through the layers together, and those of them that a token is drawn or scored behind.
struct Block {
  size_t first, count;
  std::vector<size_t> drawing;
  std::vector<Buffer<float>> logits;  // [V] of each draw that needs them all, else empty
};

// Whether a token is drawn from a part of the distribution only.
inline bool truncates(const cmlx_sampling &s) {
  return s.temperature > 0 && (s.top_k > 0 || s.top_p < 1 || s.min_p > 0);
}

// A token that may be drawn, and its probability relative to the most probable one.
struct Candidate {
  int token;
  double weight;
};

// What is left of the distribution that `scale` times the logits [V] give, by id; the most probable token always is.
std::vector<Candidate> truncate(const float *logits, int vocabulary, float peak, const cmlx_sampling &sampling,
                                float scale);

// What one thread needs for itself.
struct Scratch {
  Buffer<float> panels;   // weights of a tile as floats
  Buffer<float> outputs;  // of a tile, before they go where they belong
  Buffer<float> scores;   // of attention
  Buffer<int16_t> words;  // of a head
};

// One team's part of a step: all layers, head and draws of its tokens, block by block.
struct Work {
  const Model &model;
  std::vector<Token> tokens;
  std::vector<Block> blocks;
  std::unique_ptr<Team> team;
  Activations activations;
  std::vector<Scratch> scratch;  // of each thread
  bool productsOnly = false;  // to measure them

  Work(const Model &model, cmlx_decode_run *const *runs, size_t count, int blockTokens, int threads);
};

// A thread's share of the work. Every thread of the team calls it.
using Advance = void (*)(Work &work, Scratch &scratch);
#if defined(__x86_64__)
void advance_amx(Work &work, Scratch &scratch);
void advance_vnni(Work &work, Scratch &scratch);
void advance_avx512(Work &work, Scratch &scratch);
void advance_avx2(Work &work, Scratch &scratch);
#endif
void advance_portable(Work &work, Scratch &scratch);

}  // namespace cmlx::decode

struct cmlx_decoder_s {
  std::shared_ptr<cmlx::decode::Model> model;
};

struct cmlx_kv_cache_s : cmlx::decode::Cache {};
