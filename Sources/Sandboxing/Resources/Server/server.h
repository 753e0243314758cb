// The episode server: runs one command at a time, each in a fresh box with its own copy of an episode's files.
//
// It lives inside bubblewrap (the outer wall) without any capability. For each request it clones a *box*: new user,
// mount, pid, ipc and uts namespaces around a tmpfs. PID 1 of the box is this trusted code; the command is its child.
// When PID 1 ends, the kernel ends everything in the box.
//
// Integers are native-endian: both ends are on one machine.
#ifndef SERVER_H
#define SERVER_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

// bubblewrap runs the server as BOX_USER (see BubblewrapCommand.swift).
enum { BOX_USER = 1000, LONGEST_PATH = 4095 };

enum request_kind { REQUEST_COMMAND = 1, REQUEST_PYTHON = 2 };

enum response_flag {
  RESPONSE_TIMED_OUT = 1,
  RESPONSE_TRUNCATED = 2,
  RESPONSE_KILLED = 4,
  RESPONSE_TREE_TOO_LARGE = 8,
};

enum entry_kind { ENTRY_FILE = 0, ENTRY_DIRECTORY = 1, ENTRY_LINK = 2, ENTRY_OVERSIZED = 3 };

struct limits {
  uint64_t memory_bytes, file_bytes, tree_bytes;
  uint32_t tree_entries, output_bytes, processes, wall_milliseconds;
};

// Followed by the directory, the arguments (each ends in a zero byte) and the tree.
struct request_header {
  uint32_t kind, wants_tree;
  struct limits limits;
  uint32_t directory_length, argument_count;
  uint64_t arguments_length, tree_length;
};

// Followed by standard output, standard error, the directory and the tree.
struct response_header {
  int32_t status;
  uint32_t flags, output_length, error_length, directory_length, reserved;
  uint64_t tree_length;
};

// A tree is a sequence of entries, parents first, each followed by its path and its content.
struct entry_header {
  uint32_t kind, mode, path_length, reserved;
  uint64_t length;  // of the content; for ENTRY_OVERSIZED the size of the file, and no content follows
};

struct bytes {
  char *data;
  size_t length, capacity;
};

struct request {
  struct request_header header;
  char *directory;
  char **arguments;  // ends in NULL
  struct bytes tree;
};

// serve.c
int box_serve(void);
char **box_arguments(void);

// wire.c
void fail(const char *what) __attribute__((noreturn));
void append(struct bytes *bytes, const void *data, size_t length);
int read_request(struct request *request);
void write_fully(int descriptor, const void *data, size_t length);
void send_response(struct response_header header, const char *output, const char *directory, const struct bytes *tree);

// box.c
void build_box(const struct limits *limits);
int is_system_name(const char *name);

// tree.c
int put_tree(const struct bytes *tree);
void take_tree(uint64_t byte_limit, struct bytes *tree);

// run.c
int run_in_box(const struct request *request);

// lockdown.c
void prepare_filter(void);
void lock_down(const struct limits *limits);

#endif
