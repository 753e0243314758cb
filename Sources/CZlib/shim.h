// Deflate of zlib, which every Debian has; its headers come with zlib1g-dev. zlib starts a stream through macros, which
// Swift does not see.
#pragma once

#include <string.h>
#include <zlib.h>

// Compresses `size` bytes as a raw deflate stream, as ZIP files hold them. Returns the number of bytes written to `output`,
// or 0 if they are more than `capacity` or memory is short.
static inline unsigned int czlib_deflate(
    int level, const unsigned char *input, unsigned int size, unsigned char *output, unsigned int capacity) {
  z_stream stream;
  memset(&stream, 0, sizeof stream);
  if (deflateInit2(&stream, level, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY) != Z_OK) return 0;
  stream.next_in = (unsigned char *)input;
  stream.avail_in = size;
  stream.next_out = output;
  stream.avail_out = capacity;
  int status = deflate(&stream, Z_FINISH);
  unsigned int written = capacity - stream.avail_out;
  deflateEnd(&stream);
  return status == Z_STREAM_END ? written : 0;
}
