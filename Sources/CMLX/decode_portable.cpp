// The decoder's kernels for any machine.
#include "decode.h"

#define DECODE_KERNELS advance_portable
#include "decode_kernels.inc"
