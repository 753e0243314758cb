// Reading requests from standard input and writing responses to standard output.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "server.h"

// Ends this process; the parent notices, reports to the other end and ends too.
void fail(const char *what) {
  dprintf(STDERR_FILENO, "%s: %s\n", what, strerror(errno));
  _exit(70);
}

void append(struct bytes *bytes, const void *data, size_t length) {
  if (bytes->length + length > bytes->capacity) {
    bytes->capacity = 2 * (bytes->length + length) + 4096;
    bytes->data = realloc(bytes->data, bytes->capacity);
    if (!bytes->data) fail("allocating memory");
  }
  if (length) memcpy(bytes->data + bytes->length, data, length);
  bytes->length += length;
}

void write_fully(int descriptor, const void *data, size_t length) {
  for (const char *rest = data; length > 0;) {
    ssize_t count = write(descriptor, rest, length);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail("writing");
    rest += count, length -= (size_t)count;
  }
}

// Returns 0 at the end of the input.
static int read_fully(void *data, size_t length) {
  for (char *rest = data; length > 0;) {
    ssize_t count = read(STDIN_FILENO, rest, length);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail("reading a request");
    if (count == 0) return 0;
    rest += count, length -= (size_t)count;
  }
  return 1;
}

static char *read_block(size_t length) {
  char *block = malloc(length + 1);
  if (!block) fail("allocating memory");
  if (!read_fully(block, length)) _exit(0);
  block[length] = 0;
  return block;
}

int read_request(struct request *request) {
  if (!read_fully(&request->header, sizeof request->header)) return 0;
  const struct request_header *header = &request->header;
  request->directory = read_block(header->directory_length);
  char *text = read_block(header->arguments_length);
  request->arguments = calloc(header->argument_count + 1, sizeof(char *));
  if (!request->arguments) fail("allocating memory");
  for (uint32_t i = 0; i < header->argument_count; i++) {
    request->arguments[i] = text;
    text += strlen(text) + 1;
  }
  request->tree.length = request->tree.capacity = header->tree_length;
  request->tree.data = read_block(header->tree_length);
  return 1;
}

void send_response(struct response_header header, const char *output, const char *directory, const struct bytes *tree) {
  header.directory_length = (uint32_t)strlen(directory);
  header.tree_length = tree->length;
  struct bytes message = {0};
  append(&message, &header, sizeof header);
  append(&message, output, header.output_length + header.error_length);
  append(&message, directory, header.directory_length);
  append(&message, tree->data, tree->length);
  write_fully(STDOUT_FILENO, message.data, message.length);
}
