// The tiles of a processor with AMX: eight registers of sixteen rows of 64 bytes.
#pragma once

#include <cstdint>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace cmlx {

// Whether this process may use tiles; Linux wants to be asked, because they enlarge what it saves of a thread.
bool may_use_tiles();

#if defined(__x86_64__)
struct alignas(64) TileShapes {
  uint8_t palette = 1, start = 0, reserved[14] = {};
  uint16_t bytes[16] = {64, 64, 64, 64, 64, 64, 64, 64};
  uint8_t rows[16] = {16, 16, 16, 16, 16, 16, 16, 16};
};

// The tiles of this thread, until the end of the scope.
struct Tiles {
  __attribute__((target("amx-tile"))) Tiles() {
    static const TileShapes shapes;
    _tile_loadconfig(&shapes);
  }
  __attribute__((target("amx-tile"))) ~Tiles() { _tile_release(); }
  Tiles(const Tiles &) = delete;
};
#endif

}  // namespace cmlx
