// Deflate of zlib, which every Debian has; its headers come with zlib1g-dev. zlib starts a stream through macros, which
// Swift does not see.
#pragma once

#include <dlfcn.h>
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

// Unpacks a raw deflate stream of `size` bytes. Returns the number of bytes written to `output`, or -1 if the stream is
// damaged, cut off or holds more than `capacity` bytes.
static inline long long czlib_inflate(
    const unsigned char *input, unsigned int size, unsigned char *output, unsigned int capacity) {
  z_stream stream;
  memset(&stream, 0, sizeof stream);
  if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) return -1;
  unsigned char nothing;
  stream.next_in = (unsigned char *)input;
  stream.avail_in = size;
  stream.next_out = capacity > 0 ? output : &nothing;
  stream.avail_out = capacity;
  int status = inflate(&stream, Z_FINISH);
  unsigned int written = capacity - stream.avail_out;
  inflateEnd(&stream);
  return status == Z_STREAM_END ? (long long)written : -1;
}

// Unpacks zstd frames by the system's libzstd, which is loaded when it is first needed: every Debian has the library, but
// not its headers. Returns the number of bytes written to `output`, -1 if the frames are damaged, cut off or hold more than
// `capacity` bytes, or -2 if there is no libzstd.
static inline long long czlib_unzstd(const unsigned char *input, size_t size, unsigned char *output, size_t capacity) {
  void *library = dlopen("libzstd.so.1", RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) return -2;
  size_t (*decompress)(void *, size_t, const void *, size_t) =
      (size_t (*)(void *, size_t, const void *, size_t))dlsym(library, "ZSTD_decompress");
  unsigned (*is_error)(size_t) = (unsigned (*)(size_t))dlsym(library, "ZSTD_isError");
  if (decompress == NULL || is_error == NULL) return -2;
  size_t written = decompress(output, capacity, input, size);
  return is_error(written) ? -1 : (long long)written;
}
