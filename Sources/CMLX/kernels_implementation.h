// The kernels of kernels.h. Included once for each instruction set after simd.h, inside its namespace; no include guard.

namespace {

// y = f(x), with full vectors and then the tail.
template <class F>
CMLX_INLINE void map(const float *x, float *y, size_t n, F f) {
  size_t i = 0;
  for (; i + 8 <= n; i += 8) store(y + i, f(load(x + i)));
  if (i < n) store_tail(y + i, f(load_tail(x + i, n - i)), n - i);
}

// y = f(a, b)
template <class F>
CMLX_INLINE void map(const float *a, const float *b, float *y, size_t n, F f) {
  size_t i = 0;
  for (; i + 8 <= n; i += 8) store(y + i, f(load(a + i), load(b + i)));
  if (i < n) store_tail(y + i, f(load_tail(a + i, n - i), load_tail(b + i, n - i)), n - i);
}

// The sum of f(x); the tail is padded with `fill`, for which f must give 0.
template <class F>
CMLX_INLINE float total(const float *x, size_t n, F f, float fill = 0) {
  f8 first = splat(0), second = splat(0);
  size_t i = 0;
  for (; i + 16 <= n; i += 16) {
    first += f(load(x + i));
    second += f(load(x + i + 8));
  }
  for (; i + 8 <= n; i += 8) first += f(load(x + i));
  if (i < n) second += f(load_tail(x + i, n - i, fill));
  return sum_of(first + second);
}

template <class F>
CMLX_INLINE float total(const float *a, const float *b, size_t n, F f) {
  f8 first = splat(0), second = splat(0);
  size_t i = 0;
  for (; i + 16 <= n; i += 16) {
    first += f(load(a + i), load(b + i));
    second += f(load(a + i + 8), load(b + i + 8));
  }
  for (; i + 8 <= n; i += 8) first += f(load(a + i), load(b + i));
  if (i < n) second += f(load_tail(a + i, n - i), load_tail(b + i, n - i));
  return sum_of(first + second);
}

CMLX_INLINE float largest(const float *x, size_t n) {
  if (n < 8) return max_of(load_tail(x, n, x[0]));
  f8 best = load(x);
  for (size_t i = 8; i + 8 <= n; i += 8) best = larger(load(x + i), best);
  return max_of(larger(load(x + n - 8), best));
}

// MARK: Activations; each has a value and a derivative

struct Gelu {
  static constexpr float twice_root = 1.5957691216f;  // 2 sqrt(2 / pi)
  CMLX_INLINE f8 value(f8 x) { return x * logistic(twice_root * x * (1.0f + 0.044715f * x * x)); }
  CMLX_INLINE f8 derivative(f8 x) {
    f8 squared = x * x;
    f8 s = logistic(twice_root * x * (1.0f + 0.044715f * squared));
    return s + x * s * (1.0f - s) * (twice_root * (1.0f + 0.134145f * squared));
  }
};

struct Silu {
  CMLX_INLINE f8 value(f8 x) { return x * logistic(x); }
  CMLX_INLINE f8 derivative(f8 x) {
    f8 s = logistic(x);
    return s + x * s * (1.0f - s);
  }
};

struct Relu2 {
  CMLX_INLINE f8 positive(f8 x) { return x < splat(0) ? splat(0) : x; }
  CMLX_INLINE f8 value(f8 x) { return positive(x) * positive(x); }
  CMLX_INLINE f8 derivative(f8 x) { return 2.0f * positive(x); }
};

template <class A>
void activate(const float *x, float *y, size_t n) {
  map(x, y, n, [](f8 v) { return A::value(v); });
}

template <class A>
void activate_gradient(const float *x, const float *dy, float *dx, size_t n) {
  map(x, dy, dx, n, [](f8 v, f8 g) { return g * A::derivative(v); });
}

template <class A>
void gate(const float *gate, const float *value, float *y, size_t n) {
  map(gate, value, y, n, [](f8 g, f8 v) { return A::value(g) * v; });
}

template <class A>
void gate_gradient(const float *gate, const float *value, const float *dy, float *d_gate, float *d_value, size_t n) {
  map(gate, dy, d_value, n, [](f8 g, f8 d) { return A::value(g) * d; });
  map(gate, dy, d_gate, n, [](f8 g, f8 d) { return A::derivative(g) * d; });
  map(d_gate, value, d_gate, n, [](f8 d, f8 v) { return d * v; });
}

#define CMLX_BY_KIND(FUNCTION, ...)                            \
  switch (kind) {                                              \
    case CMLX_GELU: return FUNCTION<Gelu>(__VA_ARGS__);        \
    case CMLX_SILU: return FUNCTION<Silu>(__VA_ARGS__);        \
    case CMLX_RELU2: return FUNCTION<Relu2>(__VA_ARGS__);      \
  }

void activation(cmlx_activation_kind kind, const float *x, float *y, size_t n) { CMLX_BY_KIND(activate, x, y, n) }

void activation_gradient(cmlx_activation_kind kind, const float *x, const float *dy, float *dx, size_t n) {
  CMLX_BY_KIND(activate_gradient, x, dy, dx, n)
}

void gated(cmlx_activation_kind kind, const float *g, const float *v, float *y, size_t n) {
  CMLX_BY_KIND(gate, g, v, y, n)
}

void gated_gradient(cmlx_activation_kind kind, const float *g, const float *v, const float *dy, float *dg, float *dv,
                    size_t n) {
  CMLX_BY_KIND(gate_gradient, g, v, dy, dg, dv, n)
}

#undef CMLX_BY_KIND

// MARK: Softmax and cross-entropy

void scaled_exponential(const float *x, float *out, size_t n, float scale, float shift, float factor) {
  map(x, out, n, [=](f8 v) { return factor * exponential(v * scale - shift); });
}

float softmax(const float *scores, float *shares, size_t visible, size_t width, float scale) {
  if (visible < width) std::memset(shares + visible, 0, (width - visible) * sizeof(float));
  if (visible == 0) return -INFINITY;
  float shift = scale < 0 ? 0 : scale * largest(scores, visible);
  scaled_exponential(scores, shares, visible, scale, shift, 1);
  float sum = total(shares, visible, [](f8 v) { return v; });
  float inverse = 1 / sum;
  map(shares, shares, visible, [=](f8 v) { return v * inverse; });
  return shift + std::log(sum);
}

void centred_product(const float *p, const float *g, float *out, size_t n, float offset, float scale) {
  map(p, g, out, n, [=](f8 a, f8 b) { return scale * a * (b - offset); });
}

float dot(const float *a, const float *b, size_t n) {
  return total(a, b, n, [](f8 x, f8 y) { return x * y; });
}

void softmax_gradient(const float *shares, const float *d_shares, float *d_scores, size_t visible, size_t width,
                      float scale) {
  centred_product(shares, d_shares, d_scores, visible, dot(shares, d_shares, visible), scale);
  std::memset(d_scores + visible, 0, (width - visible) * sizeof(float));
}

float log_sum_exp(const float *x, size_t n) {
  float shift = largest(x, n);
  f8 sum = splat(0);
  size_t i = 0;
  for (; i + 8 <= n; i += 8) sum += exponential(load(x + i) - shift);
  float rest = 0;
  if (i < n) {
    float tail[8];
    store(tail, exponential(load_tail(x + i, n - i) - shift));
    for (size_t j = 0; j < n - i; ++j) rest += tail[j];
  }
  return shift + std::log(sum_of(sum) + rest);
}

// cap * tanh(x / cap) is cap * (2 / (1 + e^(-2 x / cap)) - 1).
float capped_largest(float *x, size_t n, float cap) {
  if (cap > 0) map(x, x, n, [=](f8 v) { return cap * (2.0f * logistic(v * (2 / cap)) - 1.0f); });
  return largest(x, n);
}

float exponential_sum(float *x, size_t n, float shift, float cap) {
  f8 sum = splat(0);
  float inverse = cap > 0 ? 1 / cap : 0, rest = 0;
  size_t i = 0;
  auto weighted = [=](f8 v, f8 e) { return e * (1.0f - v * inverse * (v * inverse)); };
  for (; i + 8 <= n; i += 8) {
    f8 v = load(x + i), e = exponential(v - shift);
    sum += e;
    store(x + i, weighted(v, e));
  }
  if (i < n) {
    f8 v = load_tail(x + i, n - i), e = exponential(v - shift);
    for (size_t j = 0; j < n - i; ++j) rest += e[j];
    store_tail(x + i, weighted(v, e), n - i);
  }
  return sum_of(sum) + rest;
}

// MARK: Norms

struct Moments {
  float mean, inverse_deviation;
};

CMLX_INLINE Moments moments(const float *x, size_t n, float epsilon, bool centre) {
  float mean = centre ? total(x, n, [](f8 v) { return v; }) / n : 0;
  float power = total(x, n, [=](f8 v) { return (v - mean) * (v - mean); }, mean) / n;
  return {mean, 1 / std::sqrt(power + epsilon)};
}

void norm(const float *x, const float *weight, const float *bias, float *y, size_t n, float epsilon, bool centre) {
  auto [mean, inverse] = moments(x, n, epsilon, centre);
  float centre_of = mean, factor = inverse;
  map(x, weight, y, n, [=](f8 v, f8 w) { return (v - centre_of) * factor * w; });
  if (bias) map(y, bias, y, n, [](f8 v, f8 b) { return v + b; });
}

// With z = (x - mean) / deviation and h = dy * weight:  dx = (h - mean(h) - z mean(h z)) / deviation, where mean(h) only
// counts when the mean was subtracted.
void norm_gradient(const float *x, const float *weight, const float *dy, float *dx, float *d_weight, float *d_bias,
                   size_t n, float epsilon, bool centre) {
  auto [mean, inverse] = moments(x, n, epsilon, centre);
  float centre_of = mean, factor = inverse;
  map(dy, weight, dx, n, [](f8 g, f8 w) { return g * w; });
  float along = total(dx, x, n, [=](f8 h, f8 v) { return h * (v - centre_of); }) * factor / n;
  float shift = centre ? total(dx, n, [](f8 h) { return h; }) / n : 0;
  map(dx, x, dx, n, [=](f8 h, f8 v) { return (h - shift - (v - centre_of) * factor * along) * factor; });
  size_t i = 0;
  for (; i + 8 <= n; i += 8) {
    f8 g = load(dy + i);
    store(d_weight + i, load(d_weight + i) + g * (load(x + i) - centre_of) * factor);
    if (d_bias) store(d_bias + i, load(d_bias + i) + g);
  }
  for (; i < n; ++i) {
    d_weight[i] += dy[i] * (x[i] - centre_of) * factor;
    if (d_bias) d_bias[i] += dy[i];
  }
}

// MARK: The rest

void rotate(const float *x, const float *cosines, const float *sines, float *y, size_t half, float direction) {
  size_t i = 0;
  for (; i + 8 <= half; i += 8) {
    f8 a = load(x + i), b = load(x + half + i), c = load(cosines + i), s = direction * load(sines + i);
    store(y + i, a * c - b * s);
    store(y + half + i, b * c + a * s);
  }
  for (; i < half; ++i) {
    float a = x[i], b = x[half + i], s = direction * sines[i];
    y[i] = a * cosines[i] - b * s;
    y[half + i] = b * cosines[i] + a * s;
  }
}

void add_product(const float *a, const float *b, float *y, size_t n) {
  size_t i = 0;
  for (; i + 8 <= n; i += 8) store(y + i, load(y + i) + load(a + i) * load(b + i));
  for (; i < n; ++i) y[i] += a[i] * b[i];
}

void add(const float *a, float *y, size_t n) {
  map(a, y, y, n, [](f8 u, f8 v) { return u + v; });
}

CMLX_INLINE f8 square_root(f8 x) {
  f8 r;
  for (int i = 0; i < 8; ++i) r[i] = __builtin_sqrtf(x[i]);
  return r;
}

void adamw(const float *parameter, const float *gradient, const float *first, const float *second, float *new_parameter,
           float *new_first, float *new_second, size_t n, const cmlx_adamw_settings &s) {
  const float decay = 1 - s.learning_rate * s.weight_decay, rate = s.learning_rate / s.correction1;
  const float inverse2 = 1 / s.correction2, scale = s.gradient_scale, b1 = s.beta1, b2 = s.beta2, epsilon = s.epsilon;
  map(first, gradient, new_first, n, [=](f8 m, f8 g) { return b1 * m + (1 - b1) * (scale * g); });
  map(second, gradient, new_second, n, [=](f8 v, f8 g) { return b2 * v + (1 - b2) * (scale * g) * (scale * g); });
  map(new_first, new_second, new_parameter, n,
      [=](f8 m, f8 v) { return rate * m / (square_root(v * inverse2) + epsilon); });
  map(parameter, new_parameter, new_parameter, n, [=](f8 p, f8 step) { return p * decay - step; });
}

// MARK: Small products

// `Rows` rows by `Vectors` vectors of the result, held in registers while k runs.
template <int Rows, int Vectors>
CMLX_INLINE void tile(size_t k, Factor a, const float *b, size_t b_row, float *out, size_t out_row, bool accumulate) {
  f8 sums[Rows][Vectors];
  for (int r = 0; r < Rows; ++r)
    for (int v = 0; v < Vectors; ++v) sums[r][v] = accumulate ? load(out + r * out_row + 8 * v) : splat(0);
  for (size_t i = 0; i < k; ++i) {
    f8 line[Vectors];
    for (int v = 0; v < Vectors; ++v) line[v] = load(b + i * b_row + 8 * v);
    for (int r = 0; r < Rows; ++r) {
      f8 x = splat(a.data[r * a.row + i * a.column]);
      for (int v = 0; v < Vectors; ++v) sums[r][v] += x * line[v];
    }
  }
  for (int r = 0; r < Rows; ++r)
    for (int v = 0; v < Vectors; ++v) store(out + r * out_row + 8 * v, sums[r][v]);
}

template <int Rows>
void band(size_t n, size_t k, Factor a, const float *b, size_t b_row, float *out, size_t out_row, bool accumulate) {
  size_t j = 0;
  for (; j + 16 <= n; j += 16) tile<Rows, 2>(k, a, b + j, b_row, out + j, out_row, accumulate);
  for (; j + 8 <= n; j += 8) tile<Rows, 1>(k, a, b + j, b_row, out + j, out_row, accumulate);
}

void product(size_t m, size_t n, size_t k, Factor a, const float *b, size_t b_row, float *out, size_t out_row,
             bool accumulate) {
  constexpr decltype(&band<1>) tails[] = {nullptr, band<1>, band<2>, band<3>, band<4>, band<5>};
  size_t i = 0;
  for (; i + 6 <= m; i += 6)
    band<6>(n, k, {a.data + i * a.row, a.row, a.column}, b, b_row, out + i * out_row, out_row, accumulate);
  if (i < m)
    tails[m - i](n, k, {a.data + i * a.row, a.row, a.column}, b, b_row, out + i * out_row, out_row, accumulate);
}

}  // namespace

const Kernels *table() {
  static constexpr Kernels all{activation, activation_gradient, gated,           gated_gradient, softmax,
                               softmax_gradient, scaled_exponential, log_sum_exp, capped_largest, exponential_sum,
                               centred_product, norm,
                               norm_gradient, rotate, add_product, add, dot, adamw, product};
  return &all;
}
