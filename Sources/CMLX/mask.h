// Which keys a query sees: one range of them, or two where the texts of a row share their beginning.
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

// A row of texts that share its first tokens: [shared | end of a text | end of a text ...]. Each text is causal, and its
// tokens have the positions that they would have alone.
struct SharedRow {
  // How many tokens are shared, then of each token of the row where its text begins: 0 in the shared part.
  const int32_t *row;

  struct Keys {
    size_t shared, shared_end;  // the first that is seen of the shared tokens, and their end; equal where none is
    size_t own, own_end;        // the same of the text itself
  };

  Keys keys(size_t t, size_t window) const {
    size_t begin = std::clamp<ptrdiff_t>(row[1 + t], 0, static_cast<ptrdiff_t>(t));
    size_t shared = std::clamp<ptrdiff_t>(row[0], 0, static_cast<ptrdiff_t>(begin));
    size_t end = t + 1, alone = end - begin + shared;  // where the text would end if it stood alone
    auto first = [window](size_t end) { return window && end > window ? end - window : 0; };
    return {std::min(first(alone), shared), shared, std::max(first(end), begin), end};
  }
};

}  // namespace cmlx
