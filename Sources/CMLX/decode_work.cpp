// What a team needs for its part of a step.
#include <algorithm>

#include "decode.h"

namespace cmlx::decode {
namespace {

std::vector<Token> flatten(cmlx_decode_run *const *runs, size_t count) {
  std::vector<Token> tokens;
  for (size_t r = 0; r < count; ++r) {
    Cache *cache = runs[r]->cache;
    int32_t previous = cache->last(1), beforePrevious = cache->last(2);
    for (int i = 0; i < runs[r]->count; ++i) {
      const int32_t id = runs[r]->tokens[i];
      const bool draws = runs[r]->draws && i + 1 == runs[r]->count;
      const bool isScored = runs[r]->scores && i + 1 < runs[r]->count;
      tokens.push_back({cache, id, previous, beforePrevious, cache->length() + i, draws ? runs[r] : nullptr,
                        isScored ? runs[r]->tokens[i + 1] : -1, isScored ? runs[r]->scores + i : nullptr});
      beforePrevious = previous;
      previous = id;
    }
  }
  return tokens;
}

std::vector<Block> cut(const Model &m, const std::vector<Token> &tokens, size_t length) {
  const size_t room = size_t(m.head().panels) * lanes;
  std::vector<Block> blocks;
  for (size_t first = 0; first < tokens.size(); first += length) {
    Block block{first, std::min(length, tokens.size() - first), {}, {}};
    for (size_t i = 0; i < block.count; ++i) {
      const cmlx_decode_run *run = tokens[first + i].draw;
      if (!tokens[first + i].needsHead()) continue;
      block.drawing.push_back(i);
      block.logits.emplace_back(run && (run->logits || truncates(run->sampling)) ? room : 0);
    }
    blocks.push_back(std::move(block));
  }
  return blocks;
}

int largestRank(const Model &m) {
  int panels = 0;
  for (const Layer &l : m.layers)
    for (const Linear *linear : {&l.query, &l.key, &l.value, &l.output, &l.gate, &l.up, &l.down})
      panels = std::max(panels, linear->a.panels);
  return panels * lanes;
}

// Room for `n` tokens, of which `draws` draw or are scored.
void reserve(Activations &a, const Model &m, size_t n, size_t draws) {
  const size_t half = m.frequencies.size(), stripes = padded((m.head().panels + stripePanels - 1) / stripePanels);
  for (Buffer<float> *buffer : {&a.residual, &a.normed, &a.branch}) buffer->reserve(n * m.width());
  for (Buffer<float> *buffer : {&a.query, &a.attended}) buffer->reserve(n * m.queryWidth());
  for (Buffer<float> *buffer : {&a.key, &a.value}) buffer->reserve(n * m.kvWidth());
  for (Buffer<float> *buffer : {&a.cosines, &a.sines}) buffer->reserve(2 * n * half);
  for (Buffer<float> *buffer : {&a.peaks, &a.sums}) buffer->reserve(draws * stripes);
  a.next.reserve(draws);
  a.hidden.reserve(n * m.hidden());
  if (m.fast) {
    const size_t in = std::max({m.width(), m.queryWidth(), m.hidden()});
    a.words.reserve(n * in);
    a.wordScales.reserve(n * ((in + chunkLength - 1) / chunkLength));
    a.wordSums.reserve(n * (in / sumLength));
    a.wordPairSums.reserve(n * in / sumLength / 2 + 1);
    a.bytes.reserve((n + 15) / 16 * 16 * in * 2);
  }
  a.lowRank.reserve(3 * n * largestRank(m));
}

}  // namespace

Work::Work(const Model &model, cmlx_decode_run *const *runs, size_t count, int blockTokens, int threads)
    : model(model), tokens(flatten(runs, count)), blocks(cut(model, tokens, blockTokens)) {
  constexpr size_t phasesOfLayer = 16, phasesAround = 9;
  team = std::make_unique<Team>(blocks.size() * (model.shape.layers * phasesOfLayer + phasesAround));
  size_t n = 0, draws = 0, longest = 0;
  for (const Block &block : blocks) {
    n = std::max(n, block.count);
    draws = std::max(draws, block.drawing.size());
  }
  for (const Token &token : tokens) longest = std::max(longest, size_t(token.position) + 1);
  reserve(activations, model, n, draws);
  scratch.resize(threads);
  const size_t stripes = padded((model.head().panels + stripePanels - 1) / stripePanels);
  for (Scratch &s : scratch) {
    s.panels.reserve(size_t(3) * 1024 * lanes);
    s.words.reserve(model.headWidth());
    s.outputs.reserve((std::max(n, draws) + 1) * stripePanels * lanes);
    s.scores.reserve(std::max(4 * size_t(padded(int(longest)) + pageLength), stripes));
  }
}

}  // namespace cmlx::decode
