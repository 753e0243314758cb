// Reading requests from standard input and writing responses to standard output.
//
// PID 1 of a box writes its answer into a file in memory, and the server sends it when the box has ended well. A box that
// dies in the middle of its answer leaves nothing half-sent.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <unistd.h>

#include "server.h"

int fault = HOST_FAULT;
static int answer;

// Ends this process; the server notices and tells by the status whose fault it was.
void fail(const char *what) {
  dprintf(STDERR_FILENO, "%s: %s\n", what, strerror(errno));
  _exit(fault);
}

// Room for `length` more bytes, counted as used.
char *append_room(struct bytes *bytes, size_t length) {
  if (bytes->length + length > bytes->capacity) {
    bytes->capacity = 2 * (bytes->length + length) + 4096;
    bytes->data = realloc(bytes->data, bytes->capacity);
    if (!bytes->data) fail("allocating memory");
  }
  bytes->length += length;
  return bytes->data + bytes->length - length;
}

void append(struct bytes *bytes, const void *data, size_t length) {
  char *room = append_room(bytes, length);
  if (length) memcpy(room, data, length);
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

// Made once by the server.
void prepare_answer(void) {
  answer = memfd_create("answer", MFD_CLOEXEC);
  if (answer < 0) fail("making room for answers");
}

// By PID 1 of a box.
void write_answer(struct response_header header, const struct bytes *output, const struct bytes *errors,
                  const char *directory, const struct bytes *tree) {
  header.output_length = (uint32_t)output->length;
  header.error_length = (uint32_t)errors->length;
  header.directory_length = (uint32_t)strlen(directory);
  header.tree_length = tree->length;
  write_fully(answer, &header, sizeof header);
  write_fully(answer, output->data, output->length);
  write_fully(answer, errors->data, errors->length);
  write_fully(answer, directory, header.directory_length);
  write_fully(answer, tree->data, tree->length);
}

// Sends what PID 1 wrote, if it is whole. Returns 0 when it is not.
int send_answer(void) {
  struct response_header header;
  off_t length = lseek(answer, 0, SEEK_END), at = 0;
  int is_whole = pread(answer, &header, sizeof header, 0) == sizeof header &&
                 (uint64_t)length == sizeof header + header.output_length + header.error_length +
                                         header.directory_length + header.tree_length;
  while (is_whole && at < length)
    if (sendfile(STDOUT_FILENO, answer, &at, (size_t)(length - at)) < 0 && errno != EINTR) fail("sending an answer");
  if (ftruncate(answer, 0) || lseek(answer, 0, SEEK_SET)) fail("clearing an answer");
  return is_whole;
}

// For a box that cannot answer itself.
void send_short_answer(struct response_header header) { write_fully(STDOUT_FILENO, &header, sizeof header); }
