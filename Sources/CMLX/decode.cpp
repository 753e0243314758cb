// The decoder's handles, pages and threads; the arithmetic is in decode_kernels.inc.
#include "decode.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <exception>

#include "pool.h"
#include "tiles.h"

using namespace cmlx::decode;

namespace {

thread_local std::string lastError;

bool fail(const std::string &message) {
  lastError = message;
  return false;
}

// Runs `body`, which returns 0 or a status; memory that cannot be had becomes a message and 1.
template <class Body>
int guarded(Body &&body) {
  try {
    return body();
  } catch (const std::exception &error) {
    fail(std::string("not enough memory: ") + error.what());
    return 1;
  }
}

bool valid(const cmlx_decoder_shape &s) {
  if (std::min({s.vocabulary, s.width, s.layers, s.heads, s.kv_heads, s.head_width, s.hidden, s.context}) < 1)
    return fail("every dimension of a decoder must be at least 1");
  if (s.rotary_width < 2 || s.rotary_width % 2 || s.rotary_width > s.head_width || !s.frequencies)
    return fail("the rotated part of a head must be even and within it, with a frequency for each pair");
  if (s.heads % s.kv_heads) return fail("the heads of keys and values must divide the query heads");
  for (int l = 0; s.windowed && l < s.layers; ++l)
    if (s.windowed[l] && s.window < 1) return fail("a window must hold at least one position");
  return true;
}

bool fits(const Slot &slot, const cmlx_matrix &m) {
  const size_t wanted = size_t(slot.vector ? 1 : slot.out.count()) * slot.in.count();
  if (size_t(m.out) * size_t(m.in) != wanted || (slot.linear && m.in != slot.in.count())) return false;
  if (slot.vector) return m.values;
  return m.values || (m.numbers && m.scales && (m.block == 16 || m.block == 32) && m.in % m.block == 0);
}

// Checks every run before anything changes.
bool acceptable(const Model &m, const cmlx_decode_run *runs, size_t count) {
  for (size_t r = 0; r < count; ++r) {
    if (runs[r].count < 1) return fail("a run of a step has no tokens");
    if (runs[r].cache->length() + runs[r].count > m.shape.context) return fail("the context is full");
    for (int i = 0; i < runs[r].count; ++i)
      if (runs[r].tokens[i] < 0 || runs[r].tokens[i] >= m.shape.vocabulary)
        return fail("token " + std::to_string(runs[r].tokens[i]) + " is outside the vocabulary");
  }
  return true;
}

void reserve(Cache &cache, int length) {
  const size_t pages = (size_t(length) + pageLength - 1) / pageLength;
  while (cache.pages.size() < pages) cache.pages.push_back(std::make_shared<Page>(*cache.model));
}

void commit(const cmlx_decode_run &run) {
  run.cache->tokens.insert(run.cache->tokens.end(), run.tokens, run.tokens + run.count);
}

// Neighbouring runs in as many shares as there are threads, of about equal tokens.
std::vector<std::vector<cmlx_decode_run *>> shares(cmlx_decode_run *runs, size_t count, int threads) {
  size_t tokens = 0, dealt = 0;
  for (size_t r = 0; r < count; ++r) tokens += runs[r].count;
  std::vector<std::vector<cmlx_decode_run *>> out(threads);
  for (size_t r = 0; r < count; ++r) {
    out[std::min<size_t>(threads - 1, dealt * threads / tokens)].push_back(&runs[r]);
    dealt += runs[r].count;
  }
  return out;
}

int bestKernels() {
#if defined(__x86_64__)
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) return CMLX_KERNELS_PORTABLE;
  if (!__builtin_cpu_supports("avx512f") || !__builtin_cpu_supports("avx512bw") ||
      !__builtin_cpu_supports("avx512dq") || !__builtin_cpu_supports("avx512vl"))
    return CMLX_KERNELS_AVX2;
  if (!__builtin_cpu_supports("avx512vnni")) return CMLX_KERNELS_AVX512;
  return cmlx::may_use_tiles() ? CMLX_KERNELS_AMX : CMLX_KERNELS_VNNI;
#else
  return CMLX_KERNELS_PORTABLE;
#endif
}

Advance kernels(const Model &m) {
#if defined(__x86_64__)
  switch (std::min(m.kernels, cmlx_decoder_best_kernels())) {
    case CMLX_KERNELS_AMX:
      if (m.fast) return advance_amx;  // without integers there is nothing for tiles
      [[fallthrough]];
    case CMLX_KERNELS_VNNI: return advance_vnni;
    case CMLX_KERNELS_AVX512: return advance_avx512;
    case CMLX_KERNELS_AVX2: return advance_avx2;
  }
#endif
  return advance_portable;
}

// Weights of a small model stay in each core's cache: every thread takes some rows through all layers. Those of a large
// one come from memory: the threads share every product, for all rows.
constexpr size_t smallModel = size_t(12) << 20;

size_t threadCount(const Model &m) { return m.threads > 0 ? m.threads : cmlx::thread_count(); }

// Every thread of every team takes its share.
void perform(const Model &m, const std::vector<std::unique_ptr<Work>> &works) {
  const size_t team = works[0]->scratch.size();
  cmlx::parallel_for(works.size() * team, 1, [&](size_t begin, size_t end) {
    for (size_t i = begin; i < end; ++i) kernels(m)(*works[i / team], works[i / team]->scratch[i % team]);
  });
}

std::vector<std::unique_ptr<Work>> plan(const Model &m, cmlx_decode_run *runs, size_t count) {
  const size_t threads = threadCount(m);
  const bool byRows = m.sharing ? m.sharing == 1 : m.bytes() < smallModel;
  const int block = byRows ? 96 : 256, team = byRows ? 1 : int(threads);
  std::vector<std::unique_ptr<Work>> works;
  for (const auto &share : shares(runs, count, byRows ? int(std::min(threads, count)) : 1))
    if (!share.empty()) works.push_back(std::make_unique<Work>(m, share.data(), share.size(), block, team));
  return works;
}

}  // namespace

extern "C" {

const char *cmlx_decode_error(void) { return lastError.c_str(); }

cmlx_decoder cmlx_decoder_new(cmlx_decoder_shape shape) {
  if (!valid(shape)) return nullptr;
  cmlx_decoder decoder = nullptr;
  guarded([&] {
    decoder = new cmlx_decoder_s{std::make_shared<Model>(shape)};
    return 0;
  });
  return decoder;
}

void cmlx_decoder_free(cmlx_decoder decoder) { delete decoder; }
void cmlx_decoder_set_threads(cmlx_decoder decoder, int threads) { decoder->model->threads = threads; }
void cmlx_decoder_set_kernels(cmlx_decoder decoder, int level) { decoder->model->kernels = level; }
int cmlx_decoder_best_kernels(void) {
  static const int best = bestKernels();
  return best;
}
void cmlx_decoder_set_fast(cmlx_decoder decoder, bool fast) { decoder->model->fast = fast; }
int cmlx_decoder_vocabulary(cmlx_decoder decoder) { return decoder->model->shape.vocabulary; }
void cmlx_decoder_set_sharing(cmlx_decoder decoder, int sharing) { decoder->model->sharing = sharing; }
size_t cmlx_decoder_bytes(cmlx_decoder decoder) { return decoder->model->bytes(); }

int cmlx_decoder_set(cmlx_decoder decoder, const char *name, cmlx_matrix matrix) {
  return guarded([&] {
    auto &slots = decoder->model->slots;
    const auto found = slots.find(name);
    if (found == slots.end()) return int(!fail(std::string("the model has no weight '") + name + "'"));
    Slot &slot = found->second;
    if (!fits(slot, matrix))
      return int(!fail(std::string("the weight '") + name + "' has another size or form than the model takes"));
    if (slot.vector) {
      slot.vector->assign(slot.in.room(), 0);
      for (int i = 0; i < slot.in.count(); ++i) (*slot.vector)[slot.in.place(i)] = matrix.values[i];
    } else {
      slot.linear->weight = pack(matrix, slot.out, slot.in);
    }
    slot.isSet = true;
    return 0;
  });
}

int cmlx_decoder_adapt(cmlx_decoder decoder, const char *module, const float *a, const float *b, int rank,
                       float scale) {
  return guarded([&] {
    Model &m = *decoder->model;
    const auto found = m.slots.find(std::string(module) + ".weight");
    if (found == m.slots.end() || !found->second.linear || found->second.linear == &m.embedding ||
        found->second.linear == &m.separateHead || rank < 1)
      return int(!fail(std::string("an adapter cannot change '") + module + "'"));
    const Slot &slot = found->second;
    const int out = slot.out.count(), in = slot.in.count();
    std::vector<float> scaled(b, b + size_t(out) * rank);
    for (float &value : scaled) value *= scale;
    const Extent ranks{1, rank};
    slot.linear->a = pack({.out = rank, .in = in, .values = a}, ranks, slot.in);
    slot.linear->b = pack({.out = out, .in = rank, .values = scaled.data()}, slot.out, ranks);
    return 0;
  });
}

int cmlx_decoder_complete(cmlx_decoder decoder) {
  for (const auto &[name, slot] : decoder->model->slots)
    if (!slot.isSet) return !fail("the weight '" + name + "' is missing");
  return 0;
}

cmlx_kv_cache cmlx_kv_cache_new(cmlx_decoder decoder) {
  auto cache = new cmlx_kv_cache_s;
  cache->model = decoder->model;
  return cache;
}

cmlx_kv_cache cmlx_kv_cache_fork(cmlx_kv_cache cache, int length) {
  auto fork = new cmlx_kv_cache_s;
  fork->model = cache->model;
  length = std::min(std::max(length, 0), cache->length());
  fork->tokens.assign(cache->tokens.begin(), cache->tokens.begin() + length);
  fork->pages.assign(cache->pages.begin(), cache->pages.begin() + (length + pageLength - 1) / pageLength);
  if (length % pageLength) fork->pages.back() = std::make_shared<Page>(*fork->pages.back());
  return fork;
}

void cmlx_kv_cache_free(cmlx_kv_cache cache) { delete cache; }
int cmlx_kv_cache_length(cmlx_kv_cache cache) { return cache->length(); }
const int32_t *cmlx_kv_cache_tokens(cmlx_kv_cache cache) { return cache->tokens.data(); }
size_t cmlx_decoder_cache_bytes(cmlx_decoder decoder) { return decoder->model->pageBytes; }

int cmlx_decoder_step(cmlx_decoder decoder, cmlx_decode_run *runs, size_t count) {
  return guarded([&] {
    const Model &m = *decoder->model;
    if (!acceptable(m, runs, count)) return 1;
    if (count == 0) return 0;
    for (size_t r = 0; r < count; ++r) reserve(*runs[r].cache, runs[r].cache->length() + runs[r].count);
    perform(m, plan(m, runs, count));
    for (size_t r = 0; r < count; ++r) commit(runs[r]);
    return 0;
  });
}

double cmlx_decoder_products_seconds(cmlx_decoder decoder, int rows) {
  double seconds = -1;
  guarded([&] {
    const Model &m = *decoder->model;
    const int32_t token = 0;
    std::vector<cmlx_kv_cache_s> caches(rows);
    std::vector<cmlx_decode_run> runs(rows);
    for (int i = 0; i < rows; ++i) runs[i] = {.cache = &caches[i], .tokens = &token, .count = 1, .draws = true};
    const auto works = plan(m, runs.data(), runs.size());
    for (const auto &work : works) work->productsOnly = true;
    const auto start = std::chrono::steady_clock::now();
    perform(m, works);
    seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return 0;
  });
  return seconds;
}

}  // extern "C"
