// The decoder's handles, pages and threads; the arithmetic is in decode_kernels.inc.
#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstring>
#include <string>

#include "decode.h"
#include "pool.h"

using namespace cmlx::decode;

namespace {

thread_local std::string lastError;
std::atomic<size_t> pageBytes{0};

bool fail(const std::string &message) {
  lastError = message;
  return false;
}

bool valid(const cmlx_decoder_shape &s) {
  if (std::min({s.vocabulary, s.width, s.layers, s.heads, s.kv_heads, s.head_width, s.hidden, s.context}) < 1)
    return fail("every dimension of a decoder must be at least 1");
  if (s.width % 16 || s.hidden % 16 || (s.heads * s.head_width) % 16 || s.head_width % 8)
    return fail("width, hidden width and query width must be multiples of 16, head width of 8");
  if (s.heads % s.kv_heads) return fail("the heads of keys and values must divide the query heads");
  return true;
}

std::vector<float> copy(const float *p, size_t count) { return {p, p + count}; }

// The embedding rows as they enter the residual stream: normalised, so only their direction counts.
std::vector<float> normalised(const float *rows, int count, int width, float epsilon) {
  std::vector<float> out(size_t(count) * width);
  for (int r = 0; r < count; ++r) {
    const float *row = rows + size_t(r) * width;
    double squares = 0;
    for (int i = 0; i < width; ++i) squares += double(row[i]) * row[i];
    const float scale = float(1 / std::sqrt(squares / width + epsilon));
    for (int i = 0; i < width; ++i) out[size_t(r) * width + i] = row[i] * scale;
  }
  return out;
}

Layer makeLayer(const cmlx_decoder_shape &s, const cmlx_decoder_layer &w) {
  const int query = s.heads * s.head_width, kv = s.kv_heads * s.head_width;
  return {copy(w.attention_norm, s.width),
          copy(w.query_norm, s.head_width),
          copy(w.key_norm, s.head_width),
          copy(w.mlp_norm, s.width),
          Packed(w.query_key_value, query + 2 * kv, s.width),
          Packed(w.output, s.width, query),
          Packed(w.up, s.hidden, s.width),
          Packed(w.down, s.width, s.hidden)};
}

// Checks every run before anything changes.
bool acceptable(const Model &m, const cmlx_decode_run *runs, size_t count) {
  for (size_t r = 0; r < count; ++r) {
    if (runs[r].count < 1) return fail("a run of a step has no tokens");
    if (runs[r].cache->length + runs[r].count > m.shape.context) return fail("the context is full");
    for (int i = 0; i < runs[r].count; ++i)
      if (runs[r].tokens[i] < 0 || runs[r].tokens[i] >= m.shape.vocabulary)
        return fail("token " + std::to_string(runs[r].tokens[i]) + " is outside the vocabulary");
  }
  return true;
}

void reserve(Cache &cache, int length) {
  const size_t pages = (size_t(length) + pageLength - 1) / pageLength;
  while (cache.pages.size() < pages) cache.pages.push_back(std::make_shared<Page>(cache.model->pageFloats()));
}

void commit(const cmlx_decode_run &run) {
  Cache &cache = *run.cache;
  cache.length += run.count;
  for (int i = std::max(0, run.count - 2); i < run.count; ++i) {
    cache.beforeLast = cache.last;
    cache.last = run.tokens[i];
  }
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

Advance kernels(const Model &m) {
#if defined(__x86_64__)
  if (!m.portable && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return advance_avx2;
#endif
  return advance_portable;
}

}  // namespace

namespace cmlx::decode {

Page::Page(size_t floats) : data(floats) { pageBytes += 4 * data.size(); }
Page::Page(const Page &other) : data(other.data) { pageBytes += 4 * data.size(); }
Page::~Page() { pageBytes -= 4 * data.size(); }

Packed::Packed(const float *weights, int out, int in) : in(in), out(out), data(size_t(out + 15) / 16 * 16 * in) {
  for (int r = 0; r < out; ++r)
    for (int k = 0; k < in; ++k) data[(size_t(r / 16) * in + k) * 16 + r % 16] = weights[size_t(r) * in + k];
}

}  // namespace cmlx::decode

extern "C" {

const char *cmlx_decode_error(void) { return lastError.c_str(); }

cmlx_decoder cmlx_decoder_new(cmlx_decoder_shape shape, cmlx_decoder_weights w) {
  if (!valid(shape)) return nullptr;
  auto m = std::make_shared<Model>();
  const size_t angles = size_t(shape.context) * (shape.head_width / 2);
  m->shape = shape;
  m->embedding = normalised(w.embedding, shape.vocabulary, shape.width, shape.epsilon);
  m->shift = copy(w.shift, 3 * size_t(shape.width));
  m->norm = copy(w.norm, shape.width);
  m->cosines = copy(w.cosines, angles);
  m->sines = copy(w.sines, angles);
  for (int l = 0; l < shape.layers; ++l) m->layers.push_back(makeLayer(shape, w.layers[l]));
  m->head = Packed(w.embedding, shape.vocabulary, shape.width);
  return new cmlx_decoder_s{std::move(m)};
}

void cmlx_decoder_free(cmlx_decoder decoder) { delete decoder; }
void cmlx_decoder_set_threads(cmlx_decoder decoder, int threads) { decoder->model->threads = threads; }
void cmlx_decoder_use_portable(cmlx_decoder decoder, bool portable) { decoder->model->portable = portable; }

cmlx_kv_cache cmlx_kv_cache_new(cmlx_decoder decoder) {
  auto cache = new cmlx_kv_cache_s;
  cache->model = decoder->model;
  return cache;
}

cmlx_kv_cache cmlx_kv_cache_fork(cmlx_kv_cache cache) {
  auto fork = new cmlx_kv_cache_s(*cache);
  fork->pages.resize((size_t(fork->length) + pageLength - 1) / pageLength);
  if (fork->length % pageLength) fork->pages.back() = std::make_shared<Page>(*fork->pages.back());
  return fork;
}

void cmlx_kv_cache_free(cmlx_kv_cache cache) { delete cache; }
int cmlx_kv_cache_length(cmlx_kv_cache cache) { return cache->length; }
size_t cmlx_kv_cache_bytes(void) { return pageBytes; }

int cmlx_decoder_step(cmlx_decoder decoder, cmlx_decode_run *runs, size_t count) {
  const Model &m = *decoder->model;
  if (!acceptable(m, runs, count)) return 1;
  if (count == 0) return 0;
  for (size_t r = 0; r < count; ++r) reserve(*runs[r].cache, runs[r].cache->length + runs[r].count);
  const size_t threads = m.threads > 0 ? m.threads : cmlx::thread_count();
  const auto parts = shares(runs, count, int(std::min(threads, count)));
  std::atomic<bool> finite{true};
  cmlx::parallel_for(parts.size(), 1, [&](size_t begin, size_t end) {
    for (size_t i = begin; i < end; ++i)
      if (!kernels(m)(m, parts[i].data(), parts[i].size())) finite = false;
  });
  if (!finite) {
    fail("the model's output is not finite: its weights are damaged");
    return 2;
  }
  for (size_t r = 0; r < count; ++r) commit(runs[r]);
  return 0;
}

}  // extern "C"
