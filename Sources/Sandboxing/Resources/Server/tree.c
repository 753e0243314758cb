// Putting an episode's files into a box, in one order and with one time, and taking them out again.
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "server.h"

// 2024-06-14 12:00:00 UTC for every file, so that listings do not tell when they were made.
static const struct timespec file_times[2] = {{1718366400, 0}, {1718366400, 0}};

enum { BLOCK = 4096 };

static int is_zero(const char *block, size_t length) {
  for (size_t i = 0; i < length; i++)
    if (block[i]) return 0;
  return 1;
}

// Blocks of zeros stay holes: a file takes no more of the tmpfs than when it was written.
static int put_file(const char *path, mode_t mode, const char *content, uint64_t length, uint64_t size) {
  int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (file < 0) return -1;
  int failed = size > 0 && ftruncate(file, (off_t)size);
  for (uint64_t at = 0; at < length && !failed; at += BLOCK) {
    size_t count = length - at < BLOCK ? length - at : BLOCK;
    if (!is_zero(content + at, count)) failed = pwrite(file, content + at, count, (off_t)at) != (ssize_t)count;
  }
  if (!failed) failed = fchmod(file, mode) || futimens(file, file_times);
  close(file);
  return failed ? -1 : 0;
}

static int put_directory(const char *path, mode_t mode) {
  if (mkdir(path, mode) && !(errno == EEXIST && !strcmp(path, "tmp"))) return -1;
  return chmod(path, mode);
}

static int put_entry(const struct entry_header *entry, const char *path, const char *content) {
  switch (entry->kind) {
    case ENTRY_FILE: return put_file(path, entry->mode, content, entry->length, entry->length);
    case ENTRY_OVERSIZED: return put_file(path, entry->mode, NULL, 0, entry->length);
    case ENTRY_DIRECTORY: return put_directory(path, entry->mode);
    case ENTRY_LINK: {
      char target[LONGEST_PATH + 1] = {0};
      if (entry->length > LONGEST_PATH) return errno = ENAMETOOLONG, -1;
      memcpy(target, content, entry->length);
      return symlink(target, path) || utimensat(AT_FDCWD, path, file_times, AT_SYMLINK_NOFOLLOW);
    }
  }
  return errno = EINVAL, -1;
}

typedef int visitor(const struct entry_header *entry, const char *path, const char *content);

// Calls `visit` with each entry of a tree; stops at the first that fails.
static int for_each_entry(const struct bytes *tree, visitor *visit) {
  for (size_t at = 0; at + sizeof(struct entry_header) <= tree->length;) {
    struct entry_header entry;
    char path[LONGEST_PATH + 1];
    memcpy(&entry, tree->data + at, sizeof entry);
    at += sizeof entry;
    uint64_t content = entry.kind == ENTRY_OVERSIZED ? 0 : entry.length;
    if (entry.path_length > LONGEST_PATH || entry.path_length + content > tree->length - at) return errno = EINVAL, -1;
    memcpy(path, tree->data + at, entry.path_length);
    path[entry.path_length] = 0;
    if (visit(&entry, path, tree->data + at + entry.path_length)) return -1;
    at += entry.path_length + content;
  }
  return 0;
}

static int set_directory_time(const struct entry_header *entry, const char *path, const char *content) {
  (void)content;
  return entry->kind == ENTRY_DIRECTORY ? utimensat(AT_FDCWD, path, file_times, AT_SYMLINK_NOFOLLOW) : 0;
}

// Relative to the working directory, which is the box's root. Returns -1 with errno when something does not fit.
int put_tree(const struct bytes *tree) {
  if (for_each_entry(tree, put_entry) || for_each_entry(tree, set_directory_time)) return -1;
  if (utimensat(AT_FDCWD, "/tmp", file_times, 0) || utimensat(AT_FDCWD, "/", file_times, 0)) return -1;
  return 0;
}

struct walk {
  char path[LONGEST_PATH + 1];  // relative to the root
  size_t length;
  uint64_t bytes_left;
  struct bytes *tree;
};

static void take_entry(struct walk *walk, uint32_t kind, mode_t mode, const char *content, uint64_t length) {
  struct entry_header entry = {kind, mode & 07777, (uint32_t)walk->length, 0, length};
  append(walk->tree, &entry, sizeof entry);
  append(walk->tree, walk->path, walk->length);
  if (content) append(walk->tree, content, length);
}

static void take_file(struct walk *walk, const struct stat *status) {
  uint64_t length = (uint64_t)status->st_size;
  if (length > walk->bytes_left) return take_entry(walk, ENTRY_OVERSIZED, status->st_mode, NULL, length);
  int file = open(walk->path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  char *content = malloc(length + 1);
  if (file < 0 || !content) fail("taking a file out of the box");
  for (uint64_t at = 0; at < length;) {
    ssize_t count = read(file, content + at, length - at);
    if (count <= 0) fail("reading a file of the box");
    at += (uint64_t)count;
  }
  close(file);
  walk->bytes_left -= length;
  take_entry(walk, ENTRY_FILE, status->st_mode, content, length);
  free(content);
}

static void take_link(struct walk *walk, const struct stat *status) {
  char target[LONGEST_PATH + 1];
  ssize_t length = readlink(walk->path, target, sizeof target);
  if (length < 0) fail("reading a link of the box");
  take_entry(walk, ENTRY_LINK, status->st_mode, target, (uint64_t)length);
}

static int by_name(const struct dirent **left, const struct dirent **right) {
  return strcmp((*left)->d_name, (*right)->d_name);
}

static int is_kept(const struct dirent *item) { return strcmp(item->d_name, ".") && strcmp(item->d_name, ".."); }

static void take_directory(struct walk *walk);

// Nothing runs in the box any more, so nothing can be swapped under us; links are never followed all the same.
static void take_item(struct walk *walk, const char *name) {
  size_t length = walk->length, name_length = strlen(name);
  if (length == 0 && is_system_name(name)) return;
  if (length + 1 + name_length > LONGEST_PATH) return;  // unreachable by path: not part of the state
  if (length) walk->path[walk->length++] = '/';
  memcpy(walk->path + walk->length, name, name_length + 1);
  walk->length += name_length;
  struct stat status;
  if (lstat(walk->path, &status)) fail("looking at a file of the box");
  if (S_ISREG(status.st_mode)) take_file(walk, &status);
  if (S_ISLNK(status.st_mode)) take_link(walk, &status);
  if (S_ISDIR(status.st_mode)) {
    size_t start = walk->tree->length;
    take_entry(walk, ENTRY_DIRECTORY, status.st_mode, NULL, 0);
    size_t entries = walk->tree->length;
    take_directory(walk);
    int is_empty_tmp = !strcmp(walk->path, "tmp") && walk->tree->length == entries;
    if (is_empty_tmp) walk->tree->length = start;
  }
  walk->length = length;
  walk->path[length] = 0;
}

static void take_directory(struct walk *walk) {
  struct dirent **items;
  int count = scandir(walk->length ? walk->path : "/", &items, is_kept, by_name);
  if (count < 0) fail("listing a directory of the box");
  for (int i = 0; i < count; i++) {
    take_item(walk, items[i]->d_name);
    free(items[i]);
  }
  free(items);
}

void take_tree(uint64_t byte_limit, struct bytes *tree) {
  struct walk walk = {.bytes_left = byte_limit, .tree = tree};
  if (chdir("/")) fail("entering the box's root");
  take_directory(&walk);
}
