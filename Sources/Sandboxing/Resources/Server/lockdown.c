// What a program in a box may do: resource limits, no capability, and a list of allowed system calls.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "allowed.h"
#include "server.h"

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#else
#error "The system call filter knows x86-64 and arm64."
#endif

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define ALLOW BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)
#define REFUSE(number) BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (number))
#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
// Runs the next instruction when the loaded value equals `value`, otherwise skips `skipped` instructions.
#define WHEN_EQUAL(value, skipped) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (value), 0, (skipped))

enum {
  NEW_NAMESPACES =
      CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET
};

// Setting extended attributes and access lists. As on a file system without them: tools then go on in silence.
static const int unsupported_calls[] = {SYS_setxattr,    SYS_lsetxattr,    SYS_fsetxattr,
                                        SYS_removexattr, SYS_lremovexattr, SYS_fremovexattr};

static struct sock_filter instructions[2 * (COUNT(allowed_calls) + COUNT(unsupported_calls)) + 64];
static struct sock_fprog filter = {0, instructions};

static void add(struct sock_filter instruction) { instructions[filter.len++] = instruction; }

// Allows a call only with zeros in its first arguments, which are numbers of 32 bits: on the caller itself.
static void add_own_only(uint32_t call, int arguments) {
  add((struct sock_filter)WHEN_EQUAL(call, (uint8_t)(2 * arguments + 2)));
  for (int i = 0; i < arguments; i++) {
    add((struct sock_filter)LOAD(args[i]));
    add((struct sock_filter)WHEN_EQUAL(0, (uint8_t)(2 * (arguments - i) - 1)));
  }
  add((struct sock_filter)ALLOW);
  add((struct sock_filter)REFUSE(EPERM));
}

static void add_argument_rules(void) {
  // PID 1 has the same user as the programs of its box: without these they could take away its memory, its descriptors
  // or its share of the processor. (setpriority: PRIO_PROCESS is 0 too.)
  add_own_only(SYS_prlimit64, 1);
  add_own_only(SYS_sched_setaffinity, 1);
  add_own_only(SYS_setpriority, 2);
  // clone with a new namespace, or handing the child to our tracer; clone3 hides its flags in memory, and without it libc
  // falls back to clone.
  add((struct sock_filter)WHEN_EQUAL(SYS_clone3, 1));
  add((struct sock_filter)REFUSE(ENOSYS));
  add((struct sock_filter)WHEN_EQUAL(SYS_clone, 4));
  add((struct sock_filter)LOAD(args[0]));
  add((struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, NEW_NAMESPACES | CLONE_PTRACE, 1, 0));
  add((struct sock_filter)ALLOW);
  add((struct sock_filter)REFUSE(EPERM));
  // Typing into a terminal that somebody else reads.
  add((struct sock_filter)WHEN_EQUAL(SYS_ioctl, 5));
  add((struct sock_filter)LOAD(args[1]));
  add((struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, TIOCSTI, 2, 0));
  add((struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, TIOCLINUX, 1, 0));
  add((struct sock_filter)ALLOW);
  add((struct sock_filter)REFUSE(EPERM));
}

// Made once by the server; a box only installs it.
void prepare_filter(void) {
  filter.len = 0;
  add((struct sock_filter)LOAD(arch));
  add((struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0));
  add((struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS));
  add((struct sock_filter)LOAD(nr));
  add_argument_rules();
  for (size_t i = 0; i < COUNT(allowed_calls); i++) {
    add((struct sock_filter)WHEN_EQUAL((uint32_t)allowed_calls[i], 1));
    add((struct sock_filter)ALLOW);
  }
  for (size_t i = 0; i < COUNT(unsupported_calls); i++) {
    add((struct sock_filter)WHEN_EQUAL((uint32_t)unsupported_calls[i], 1));
    add((struct sock_filter)REFUSE(EOPNOTSUPP));
  }
  add((struct sock_filter)REFUSE(EPERM));
}

static void limit(int resource, uint64_t value) {
  struct rlimit limits = {value, value};
  if (setrlimit(resource, &limits)) fail("setting a resource limit");
}

static void limit_resources(const struct limits *limits) {
  limit(RLIMIT_AS, limits->memory_bytes);
  limit(RLIMIT_FSIZE, limits->file_bytes);
  limit(RLIMIT_NPROC, limits->processes);
  limit(RLIMIT_CPU, limits->wall_milliseconds / 1000 + 1);
  limit(RLIMIT_NOFILE, 64);
  limit(RLIMIT_CORE, 0);
  limit(RLIMIT_MSGQUEUE, 0);
  limit(RLIMIT_MEMLOCK, 0);
  limit(RLIMIT_SIGPENDING, 64);
}

static int shortage_score;
static char usual_score[16];

// The machine's last resort should fall on what runs in a box, not on the trainer. A program inherits the score from
// PID 1, which takes its own back: /proc is read-only by then, so a program cannot.
void volunteer_for_memory_shortage(void) {
  shortage_score = open("/proc/self/oom_score_adj", O_RDWR | O_CLOEXEC);
  if (shortage_score < 0 || read(shortage_score, usual_score, sizeof usual_score - 1) <= 0 ||
      write(shortage_score, "1000", 4) != 4)
    fail("setting the memory-shortage score");
}

void withdraw_from_memory_shortage(void) {
  size_t length = strlen(usual_score);
  if (write(shortage_score, usual_score, length) != (ssize_t)length) fail("setting the memory-shortage score");
  close(shortage_score);
}

static void drop_capabilities(void) {
  for (int capability = 0; prctl(PR_CAPBSET_READ, capability, 0, 0, 0) >= 0; capability++)
    if (prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)) fail("dropping a capability");
  prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
  struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  struct __user_cap_data_struct none[2] = {{0}};
  if (syscall(SYS_capset, &header, none)) fail("dropping capabilities");
}

void lock_down(const struct limits *limits) {
  limit_resources(limits);
  drop_capabilities();
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)) fail("giving up privileges");
  if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &filter)) fail("installing the system call filter");
}
