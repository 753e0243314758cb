// Which keys a query sees: one range of them.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace cmlx {

struct Mask {
  bool causal;
  size_t window = 0;  // keys that a query of a causal mask sees at most, its own position included; 0 for all

  // The number of keys that query `t` of `queries` sees among `keys`; the last query sees the last key. `length`, where
  // given, is the number of keys that are not padding.
  size_t visible(size_t t, size_t queries, size_t keys, const int32_t *length) const {
    ptrdiff_t seen = static_cast<ptrdiff_t>(keys);
    if (causal) seen += static_cast<ptrdiff_t>(t) + 1 - static_cast<ptrdiff_t>(queries);
    if (length) seen = std::min<ptrdiff_t>(seen, *length);
    return static_cast<size_t>(std::clamp<ptrdiff_t>(seen, 0, static_cast<ptrdiff_t>(keys)));
  }

  // The first key that query `t` sees: keys before it have left the window.
  size_t first(size_t t, size_t queries, size_t keys) const {
    size_t end = keys + t + 1;
    return causal && window && end > queries + window ? std::min(end - queries - window, keys) : 0;
  }
};

}  // namespace cmlx
