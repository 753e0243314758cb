// The walls of one box: its own root on a tmpfs, with the read-only system, /proc of its own pid namespace and /dev.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "server.h"

// What stands in the root of every box besides the episode's files. It is not part of an episode's state.
static const char *const mounted_names[] = {"usr", "etc", "dev"};
static const char *const linked_names[] = {"bin", "sbin", "lib", "lib64", "proc"};

// `/proc` is a link to it: the link count of a mounted /proc is the number of processes on the whole machine, and
// `ls -la /` would print it. It is read-only: nothing in there is for programs to set.
#define PROC "/usr/lib/proc"

int box_proc;

#define COUNT(array) (sizeof(array) / sizeof *(array))

static int is_among(const char *name, const char *const *names, size_t count) {
  for (size_t i = 0; i < count; i++)
    if (!strcmp(name, names[i])) return 1;
  return 0;
}

int is_system_link(const char *name) { return is_among(name, linked_names, COUNT(linked_names)); }

int is_system_name(const char *name) {
  return is_system_link(name) || is_among(name, mounted_names, COUNT(mounted_names));
}

static void write_file(const char *path, const char *text) {
  int file = open(path, O_WRONLY | O_CLOEXEC);
  if (file < 0 || write(file, text, strlen(text)) < 0) fail(path);
  close(file);
}

// A box knows one user, who has the same number as the server's own user outside.
static void map_user(void) {
  char map[64];
  snprintf(map, sizeof map, "%d %d 1\n", BOX_USER, BOX_USER);
  write_file("/proc/self/setgroups", "deny");
  write_file("/proc/self/uid_map", map);
  write_file("/proc/self/gid_map", map);
}

// The system's own names take up to 10 inodes, and a program can free 6 of them for more files of its own. A tree that came
// out of a box fits into the next one all the same: inodes are counted by the tree.
enum { RESERVED_INODES = 16 };

static void mount_root(const struct limits *limits, size_t entries) {
  char options[128];
  size_t inodes = (entries > limits->tree_entries ? entries : limits->tree_entries) + RESERVED_INODES;
  snprintf(options, sizeof options, "size=%llu,nr_inodes=%zu,mode=755,uid=%d,gid=%d",
           (unsigned long long)limits->tree_bytes, inodes, BOX_USER, BOX_USER);
  if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL)) fail("making mounts private");
  if (mount("box", "/box", "tmpfs", MS_NOSUID | MS_NODEV, options)) fail("mounting the box's root");
}

static void mount_system(void) {
  char source[32], target[32];
  for (size_t i = 0; i < COUNT(mounted_names); i++) {
    snprintf(source, sizeof source, "/%s", mounted_names[i]);
    snprintf(target, sizeof target, "/box/%s", mounted_names[i]);
    if (mkdir(target, 0755) || mount(source, target, NULL, MS_BIND | MS_REC, NULL)) fail(target);
  }
  for (size_t i = 0; i < COUNT(linked_names); i++) {
    snprintf(source, sizeof source, strcmp(linked_names[i], "proc") ? "usr/%s" : "usr/lib/%s", linked_names[i]);
    snprintf(target, sizeof target, "/box/%s", linked_names[i]);
    if (symlink(source, target)) fail(target);
  }
  unsigned long flags = MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC;
  if (mount("proc", "/box" PROC, "proc", flags, "hidepid=2,subset=pid")) fail("mounting " PROC);
  box_proc = open("/box" PROC, O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (box_proc < 0) fail("opening " PROC);
}

void build_box(const struct limits *limits, size_t entries) {
  umask(0);
  map_user();
  volunteer_for_memory_shortage();
  mount_root(limits, entries);
  mount_system();
  if (chdir("/box") || syscall(SYS_pivot_root, ".", ".") || umount2(".", MNT_DETACH) || chdir("/"))
    fail("entering the box");
  if (sethostname("box", 3)) fail("naming the box");
}
