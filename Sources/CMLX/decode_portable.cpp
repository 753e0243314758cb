// The decoder's kernels for any machine.
#include "decode.h"

#define DECODE_TILE_ROWS 6
#define DECODE_TILE_PANELS 1
#define DECODE_ATTENTION_PAGES 1
#define DECODE_WORD_ROWS 2
#define DECODE_DOT 0
#define DECODE_KERNELS advance_portable
#include "decode_kernels.inc"
