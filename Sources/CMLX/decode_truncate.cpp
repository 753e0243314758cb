// What top-k, top-p and min-p leave of a distribution.
#include <algorithm>
#include <cmath>

#include "decode.h"

namespace cmlx::decode {
namespace {

bool before(const Candidate &a, const Candidate &b) {
  return a.weight != b.weight ? a.weight > b.weight : a.token < b.token;
}

// Tokens whose weight may survive `top_p`: those that weigh less than 1 / V of what it cuts off weigh less than that
// all together.
std::vector<Candidate> likely(std::vector<Candidate> all, float topP) {
  if (topP >= 1) return all;
  double total = 0;
  for (const Candidate &c : all) total += c.weight;
  const double least = (1 - double(topP)) * total / double(all.size()) * 0.999;
  std::erase_if(all, [&](const Candidate &c) { return c.weight < least; });
  return all;
}

// The fewest of the most probable whose weights reach `topP` of `total`.
void keepNucleus(std::vector<Candidate> &kept, double total, float topP) {
  std::sort(kept.begin(), kept.end(), before);
  double sum = 0;
  size_t count = 0;
  while (count < kept.size() && (count == 0 || sum < double(topP) * total)) sum += kept[count++].weight;
  kept.resize(count);
}

}  // namespace

std::vector<Candidate> truncate(const float *logits, int vocabulary, float peak, const cmlx_sampling &sampling,
                                float scale) {
  std::vector<Candidate> kept(vocabulary);
  for (int i = 0; i < vocabulary; ++i) kept[i] = {i, std::exp(double(logits[i] - peak) * scale)};
  if (sampling.top_k > 0 && sampling.top_k < vocabulary) {
    std::nth_element(kept.begin(), kept.begin() + sampling.top_k, kept.end(), before);
    kept.resize(sampling.top_k);
  }
  if (sampling.top_p < 1) {
    double total = 0;
    for (const Candidate &c : kept) total += c.weight;
    kept = likely(std::move(kept), sampling.top_p);
    keepNucleus(kept, total, sampling.top_p);
  }
  std::erase_if(kept, [&](const Candidate &c) { return c.weight < sampling.min_p; });
  std::sort(kept.begin(), kept.end(), [](const Candidate &a, const Candidate &b) { return a.token < b.token; });
  return kept;
}

}  // namespace cmlx::decode
