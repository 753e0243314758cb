// The episode server: runs one command at a time, each in a fresh box with its own copy of an episode's files.
//
// It lives inside bubblewrap (the outer wall) without any capability. For each request it clones a *box*: new user,
// mount, pid, ipc and uts namespaces around a tmpfs. PID 1 of the box is this trusted code; the command is its child.
// When PID 1 ends, the kernel ends everything in the box.
//
// Whose fault is it? The server outlives every box and answers for it. Before an episode's files are in the box, nothing
// of the episode has run: what fails there is a fault of the host, and the server ends (its other end sees that the worker
// died). From then on, whatever fails is something that the episode did, and it is answered with a flag: the files do not
// fit, the box was lost, or its files could not be read back. So nothing that runs in a box can end a worker.
//
// Integers are native-endian: both ends are on one machine.
#ifndef SERVER_H
#define SERVER_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

// bubblewrap runs the server as BOX_USER (see BubblewrapCommand.swift).
enum { BOX_USER = 1000, LONGEST_PATH = 4095 };

// Files and directories more than this many names below the root are not part of an episode's state. Commands may make
// them; they are left out at the end, and the response says so. Thousands of levels cost the kernel the square of that.
enum { DEEPEST = 64 };

// A file with at least FEWEST_HOLES blocks of zeros is sent as its other blocks, whoever made it and however.
enum { BLOCK = 4096, FEWEST_HOLES = 16 };

enum request_kind { REQUEST_COMMAND = 1, REQUEST_PYTHON = 2 };

enum response_flag {
  RESPONSE_TIMED_OUT = 1,
  RESPONSE_TRUNCATED = 2,
  RESPONSE_KILLED = 4,
  RESPONSE_TREE_REFUSED = 8,     // the files cannot be put into a box; nothing was run
  RESPONSE_BOX_LOST = 16,        // PID 1 of the box ended, or had to be ended; there is no output and no tree
  RESPONSE_TREE_UNREADABLE = 32, // the program ran, and its files could not be read back; there is no tree
  RESPONSE_LEFT_OUT = 64,        // some names are not part of the tree: too deep, too long, of no kind that is kept
};

enum entry_kind { ENTRY_FILE = 0, ENTRY_DIRECTORY = 1, ENTRY_LINK = 2, ENTRY_SPARSE = 3 };

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
  uint32_t flags, output_length, error_length, directory_length, milliseconds;
  uint64_t tree_length;
};

// A tree is a sequence of entries, parents first, each followed by its path and its content.
struct entry_header {
  uint32_t kind, mode, path_length, blocks;
  uint64_t length;  // of the file; the content of an ENTRY_SPARSE is `blocks` numbered blocks instead
};

struct numbered_block {
  uint64_t number;
  char data[BLOCK];  // of the last block of a file, what lies past its end is zero
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
enum { HOST_FAULT = 71, EPISODE_FAULT = 70 };
extern int fault;  // the exit status of `fail`: HOST_FAULT until an episode's files are in a box
void fail(const char *what) __attribute__((noreturn));
void append(struct bytes *bytes, const void *data, size_t length);
char *append_room(struct bytes *bytes, size_t length);
int read_request(struct request *request);
void write_fully(int descriptor, const void *data, size_t length);
void prepare_answer(void);
void write_answer(struct response_header header, const struct bytes *output, const struct bytes *errors,
                  const char *directory, const struct bytes *tree);
int send_answer(void);
void send_short_answer(struct response_header header);

// box.c
void build_box(const struct limits *limits, size_t entries);
int is_system_name(const char *name);
int is_system_link(const char *name);
extern int box_proc;  // /proc of the box, whatever a program does to the names that lead there

// tree.c
size_t count_entries(const struct bytes *tree);
int put_tree(const struct bytes *tree);
int take_tree(struct bytes *tree, int *left_out);
int open_nearest_directory(char *directory);

// run.c
int run_in_box(const struct request *request);

// lockdown.c
void prepare_filter(void);
void volunteer_for_memory_shortage(void);
void withdraw_from_memory_shortage(void);
void lock_down(const struct limits *limits);

#endif
