// Putting an episode's files into a box, in one order and with one time, and taking them out again.
//
// Every name is looked up from a descriptor of the directory that holds it: a path of n names would cost n look-ups.
// Nothing else runs in the box meanwhile; links are never followed all the same.
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

static const char no_bytes[BLOCK];

static int is_zero(const char *block, size_t length) { return !memcmp(block, no_bytes, length); }

static size_t smaller(uint64_t left, uint64_t right) { return (size_t)(left < right ? left : right); }

// MARK: Putting

// The entry that is put, its name, and the directory that it is put into.
struct place {
  struct entry_header entry;
  const char *content;
  char path[LONGEST_PATH + 1];
  const char *name;
  int directory;
};

static uint64_t content_length(const struct entry_header *entry) {
  return entry->kind == ENTRY_SPARSE ? entry->blocks * sizeof(struct numbered_block) : entry->length;
}

static int put_block(int file, const char *block, uint64_t at, size_t length) {
  return is_zero(block, length) || pwrite(file, block, length, (off_t)at) == (ssize_t)length ? 0 : -1;
}

// Blocks of zeros stay holes: a file takes no more of the tmpfs than when it was written.
static int put_content(int file, const struct place *place) {
  const struct entry_header *entry = &place->entry;
  if (entry->length > 0 && ftruncate(file, (off_t)entry->length)) return -1;
  if (entry->kind == ENTRY_FILE) {
    for (uint64_t at = 0; at < entry->length; at += BLOCK)
      if (put_block(file, place->content + at, at, smaller(entry->length - at, BLOCK))) return -1;
    return 0;
  }
  struct numbered_block block;
  for (uint32_t i = 0; i < entry->blocks; i++) {
    memcpy(&block, place->content + i * sizeof block, sizeof block);
    uint64_t at = block.number * BLOCK;
    if (at >= entry->length) return errno = EINVAL, -1;
    if (put_block(file, block.data, at, smaller(entry->length - at, BLOCK))) return -1;
  }
  return 0;
}

static int put_file(const struct place *place) {
  int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
  int file = openat(place->directory, place->name, flags, 0600);
  if (file < 0) return -1;
  int failed = put_content(file, place) || fchmod(file, place->entry.mode) || futimens(file, file_times);
  close(file);
  return failed ? -1 : 0;
}

static int put_directory(const struct place *place) {
  if (mkdirat(place->directory, place->name, place->entry.mode)) return -1;
  return fchmodat(place->directory, place->name, place->entry.mode, 0);
}

static int put_link(const struct place *place) {
  char target[LONGEST_PATH + 1] = {0};
  if (place->entry.length > LONGEST_PATH) return errno = ENAMETOOLONG, -1;
  memcpy(target, place->content, place->entry.length);
  if (symlinkat(target, place->directory, place->name)) return -1;
  return utimensat(place->directory, place->name, file_times, AT_SYMLINK_NOFOLLOW);
}

static int put_entry(const struct place *place) {
  switch (place->entry.kind) {
    case ENTRY_FILE:
    case ENTRY_SPARSE: return put_file(place);
    case ENTRY_DIRECTORY: return put_directory(place);
    case ENTRY_LINK: return put_link(place);
  }
  return errno = EINVAL, -1;
}

static int set_directory_time(const struct place *place) {
  if (place->entry.kind != ENTRY_DIRECTORY) return 0;
  return utimensat(place->directory, place->name, file_times, AT_SYMLINK_NOFOLLOW);
}

// The directory that the last entry was in. Its neighbours follow it.
struct holder {
  char path[LONGEST_PATH + 1];
  size_t length;
  int descriptor;
};

static int enter_holder(struct holder *holder, int root, const char *path, size_t length) {
  if (length == 0) return root;
  if (length == holder->length && !memcmp(path, holder->path, length)) return holder->descriptor;
  if (holder->length) close(holder->descriptor);
  memcpy(holder->path, path, length);
  holder->path[length] = 0;
  holder->descriptor = openat(root, holder->path, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  holder->length = holder->descriptor < 0 ? 0 : length;
  return holder->descriptor;
}

// Reads the entry at `*at` and moves on. Returns -1 when it is cut off.
static int next_place(const struct bytes *tree, size_t *at, struct place *place) {
  if (tree->length - *at < sizeof place->entry) return errno = EINVAL, -1;
  memcpy(&place->entry, tree->data + *at, sizeof place->entry);
  *at += sizeof place->entry;
  size_t path_length = place->entry.path_length;
  if (path_length == 0 || path_length > LONGEST_PATH) return errno = EINVAL, -1;
  uint64_t length = content_length(&place->entry);
  if (path_length > tree->length - *at || length > tree->length - *at - path_length) return errno = EINVAL, -1;
  memcpy(place->path, tree->data + *at, path_length);
  place->path[path_length] = 0;
  place->content = tree->data + *at + path_length;
  *at += path_length + length;
  return 0;
}

// Calls `visit` with each entry of a tree; stops at the first that fails.
static int visit_entries(const struct bytes *tree, int root, int (*visit)(const struct place *)) {
  static struct place place;
  static struct holder holder;
  int failed = 0;
  for (size_t at = 0; at < tree->length && !failed;) {
    failed = next_place(tree, &at, &place);
    if (failed) break;
    const char *slash = memrchr(place.path, '/', place.entry.path_length);
    place.name = slash ? slash + 1 : place.path;
    place.directory = enter_holder(&holder, root, place.path, slash ? (size_t)(slash - place.path) : 0);
    failed = place.directory < 0 || visit(&place);
  }
  int reason = errno;
  if (holder.length) close(holder.descriptor);
  holder.length = 0;
  errno = reason;
  return failed ? -1 : 0;
}

// How many files, directories and links there are, as far as they can be counted.
size_t count_entries(const struct bytes *tree) {
  static struct place place;
  size_t count = 0;
  for (size_t at = 0; at < tree->length && !next_place(tree, &at, &place);) count++;
  return count;
}

// Returns -1 with errno when something does not fit. /tmp is made where the tree has nothing of that name.
int put_tree(const struct bytes *tree) {
  int root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (root < 0) return -1;
  int failed = visit_entries(tree, root, put_entry) || visit_entries(tree, root, set_directory_time);
  if (!failed && !mkdirat(root, "tmp", 01777)) failed = utimensat(root, "tmp", file_times, AT_SYMLINK_NOFOLLOW);
  else if (!failed) failed = errno != EEXIST;
  if (!failed) failed = utimensat(AT_FDCWD, "/", file_times, 0);
  int reason = errno;
  close(root);
  errno = reason;
  return failed ? -1 : 0;
}

// MARK: Taking

struct walk {
  char path[LONGEST_PATH + 1];  // relative to the root
  size_t length;
  int depth, left_out;
  struct bytes *tree;
};

// What a walk looks at: a name in an open directory.
struct item {
  int directory;
  const char *name;
  struct stat status;
};

static void take_header(struct walk *walk, const struct item *item, uint32_t kind, uint64_t length, uint32_t blocks) {
  struct entry_header entry = {kind, item->status.st_mode & 07777, (uint32_t)walk->length, blocks, length};
  append(walk->tree, &entry, sizeof entry);
  append(walk->tree, walk->path, walk->length);
}

static int read_at(int file, char *data, uint64_t length, uint64_t at) {
  while (length > 0) {
    ssize_t count = pread(file, data, length, (off_t)at);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return -1;
    data += count, length -= (uint64_t)count, at += (uint64_t)count;
  }
  return 0;
}

// The blocks of a file that hold anything but zeros; holes are passed over unread.
static int read_blocks(int file, uint64_t size, struct bytes *blocks) {
  struct numbered_block block;
  for (off_t data = 0; (data = lseek(file, data, SEEK_DATA)) >= 0;) {
    off_t end = lseek(file, data, SEEK_HOLE);
    if (end < 0) return -1;
    for (uint64_t number = (uint64_t)data / BLOCK; number * BLOCK < (uint64_t)end; number++) {
      memset(&block, 0, sizeof block);
      block.number = number;
      if (read_at(file, block.data, smaller(size - number * BLOCK, BLOCK), number * BLOCK)) return -1;
      if (!is_zero(block.data, BLOCK)) append(blocks, &block, sizeof block);
    }
    data = end;
  }
  return errno == ENXIO ? 0 : -1;
}

// Whether a file is sent as blocks depends on its content alone, so that equal files look equal.
static int take_large_file(struct walk *walk, const struct item *item, int file) {
  uint64_t size = (uint64_t)item->status.st_size;
  struct bytes blocks = {0};
  int failed = read_blocks(file, size, &blocks);
  uint64_t count = blocks.length / sizeof(struct numbered_block), all = (size + BLOCK - 1) / BLOCK;
  if (!failed && all - count >= FEWEST_HOLES) {
    take_header(walk, item, ENTRY_SPARSE, size, (uint32_t)count);
    append(walk->tree, blocks.data, blocks.length);
  } else if (!failed) {
    take_header(walk, item, ENTRY_FILE, size, 0);
    failed = read_at(file, append_room(walk->tree, size), size, 0);
  }
  free(blocks.data);
  return failed;
}

static int take_file(struct walk *walk, const struct item *item) {
  int file = openat(item->directory, item->name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (file < 0) return -1;
  uint64_t size = (uint64_t)item->status.st_size;
  int failed;
  if (size >= BLOCK * FEWEST_HOLES) {
    failed = take_large_file(walk, item, file);
  } else {
    take_header(walk, item, ENTRY_FILE, size, 0);
    failed = read_at(file, append_room(walk->tree, size), size, 0);
  }
  close(file);
  return failed;
}

static int take_link(struct walk *walk, const struct item *item) {
  char target[LONGEST_PATH + 1];
  ssize_t length = readlinkat(item->directory, item->name, target, sizeof target);
  if (length < 0) return -1;
  take_header(walk, item, ENTRY_LINK, (uint64_t)length, 0);
  append(walk->tree, target, (size_t)length);
  return 0;
}

static int take_names(struct walk *walk, int directory);

static int take_directory(struct walk *walk, const struct item *item) {
  size_t start = walk->tree->length;
  take_header(walk, item, ENTRY_DIRECTORY, 0, 0);
  size_t below = walk->tree->length;
  int directory = openat(item->directory, item->name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (directory < 0 || take_names(walk, directory)) return -1;
  int is_empty_tmp = !strcmp(walk->path, "tmp") && walk->tree->length == below;
  if (is_empty_tmp) walk->tree->length = start;
  return 0;
}

// The system of a box is made anew for each command. What a program put in its place is left out.
static int take_system_name(struct walk *walk, const struct item *item) {
  if (is_system_link(item->name) && !S_ISLNK(item->status.st_mode)) walk->left_out = 1;
  return 0;
}

static int take_status(struct walk *walk, const struct item *item) {
  if (walk->depth == 1 && is_system_name(item->name)) return take_system_name(walk, item);
  switch (item->status.st_mode & S_IFMT) {
    case S_IFREG: return take_file(walk, item);
    case S_IFLNK: return take_link(walk, item);
    case S_IFDIR: return take_directory(walk, item);
  }
  walk->left_out = 1;
  return 0;
}

static int take_name(struct walk *walk, int directory, const char *name) {
  size_t length = walk->length, name_length = strlen(name);
  if (walk->depth == DEEPEST || length + 1 + name_length > LONGEST_PATH) return walk->left_out = 1, 0;
  struct item item = {.directory = directory, .name = name};
  if (fstatat(directory, name, &item.status, AT_SYMLINK_NOFOLLOW)) return -1;
  if (length) walk->path[walk->length++] = '/';
  memcpy(walk->path + walk->length, name, name_length + 1);
  walk->length += name_length, walk->depth++;
  int failed = take_status(walk, &item);
  walk->length = length, walk->depth--;
  walk->path[length] = 0;
  return failed;
}

static int by_bytes(const void *left, const void *right) {
  return strcmp(*(char *const *)left, *(char *const *)right);
}

// The names in a directory, each as an allocated text, in one order.
static int list_names(DIR *listing, struct bytes *names) {
  for (;;) {
    errno = 0;
    const struct dirent *item = readdir(listing);
    if (!item) break;
    if (!strcmp(item->d_name, ".") || !strcmp(item->d_name, "..")) continue;
    char *name = strdup(item->d_name);
    if (!name) fail("allocating memory");
    append(names, &name, sizeof name);
  }
  int failed = errno != 0;
  if (names->length) qsort(names->data, names->length / sizeof(char *), sizeof(char *), by_bytes);
  return failed ? -1 : 0;
}

// Closes `directory`.
static int take_names(struct walk *walk, int directory) {
  DIR *listing = fdopendir(directory);
  if (!listing) return close(directory), -1;
  struct bytes names = {0};
  int failed = list_names(listing, &names);
  char **list = (char **)(void *)names.data;
  for (size_t i = 0; i < names.length / sizeof *list; i++) {
    if (!failed) failed = take_name(walk, directory, list[i]);
    free(list[i]);
  }
  free(list);
  closedir(listing);
  return failed;
}

// Returns -1 with errno when something cannot be read.
int take_tree(struct bytes *tree, int *left_out) {
  static struct walk walk;
  walk.tree = tree;
  int root = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  int failed = root < 0 || take_names(&walk, root);
  *left_out = walk.left_out;
  return failed ? -1 : 0;
}

// Shortens a path to its longest beginning that is a directory, and opens that.
int open_nearest_directory(char *directory) {
  int flags = O_PATH | O_DIRECTORY | O_CLOEXEC, found = open("/", flags);
  char *end = directory + (*directory == '/'), *kept = end;
  if (end == directory) *directory = 0;
  while (*end) {
    char *name = end;
    end = strchrnul(name, '/');
    char border = *end;
    *end = 0;
    int next = openat(found, *name ? name : ".", flags);
    *end = border;
    if (next < 0) break;
    close(found);
    found = next, kept = end;
    if (border) end++;
  }
  *kept = 0;
  if (!*directory) strcpy(directory, "/");
  return found;
}
