// Running one program in a box and watching it: output limit, wall time, the directory it leaves.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "server.h"

struct watch {
  const struct limits *limits;
  pid_t program;
  int streams[2];  // what the program prints: output, errors; -1 when closed
  int signals, exited, wait_status;
  struct bytes printed[2];
  struct response_header response;
  char directory[LONGEST_PATH + 1];
};

static int64_t now_milliseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void reset_signals(void) {
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  for (int number = 1; number < NSIG; number++) signal(number, SIG_DFL);
}

// In the new process. Returns only for a Python program, to the interpreter that this process is a copy of.
static int become_program(const struct request *request, const int streams[2], int start) {
  char go;
  setsid();
  int nothing = open("/dev/null", O_RDONLY);
  if (read(start, &go, 1) != 1) _exit(70);
  if (dup2(nothing, 0) < 0 || dup2(streams[0], 1) < 0 || dup2(streams[1], 2) < 0) _exit(70);
  syscall(SYS_close_range, 3, ~0u, 0);
  umask(022);
  int is_python = request->header.kind == REQUEST_PYTHON;
  if (is_python) {
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
  } else {
    reset_signals();
  }
  lock_down(&request->header.limits);
  if (is_python) return 1;
  char path[64];
  snprintf(path, sizeof path, "/usr/bin/%s", request->arguments[0]);
  execve(path, request->arguments, environ);
  fail(path);
}

static void start_program(const struct request *request, struct watch *watch, int *is_program) {
  int output[2], errors[2], start[2];
  if (pipe2(output, O_CLOEXEC) || pipe2(errors, O_CLOEXEC) || pipe2(start, O_CLOEXEC)) fail("making pipes");
  watch->program = fork();
  if (watch->program < 0) fail("starting a program");
  if (watch->program == 0) {
    const int streams[2] = {output[1], errors[1]};
    *is_program = become_program(request, streams, start[0]);
    return;
  }
  close(output[1]), close(errors[1]), close(start[0]);
  watch->streams[0] = output[0], watch->streams[1] = errors[0];
  for (int i = 0; i < 2; i++) fcntl(watch->streams[i], F_SETFL, O_NONBLOCK);
  // Only to stop it at its end, when its working directory can still be asked for.
  if (ptrace(PTRACE_SEIZE, watch->program, NULL, PTRACE_O_TRACEEXIT | PTRACE_O_EXITKILL)) fail("tracing a program");
  // The program has the same user: without this it could look into PID 1's memory and descriptors.
  if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)) fail("hiding PID 1");
  withdraw_from_memory_shortage();
  // From here on, what fails in this box is what the program did.
  fault = EPISODE_FAULT;
  write_fully(start[1], "g", 1);
  close(start[1]);
}

static void kill_all(void) { kill(-1, SIGKILL); }

// Takes what a stream holds. Past the limit everything in the box is killed.
static void read_stream(struct watch *watch, int stream) {
  char block[16384];
  while (watch->streams[stream] >= 0) {
    ssize_t count = read(watch->streams[stream], block, sizeof block);
    if (count < 0) return;
    if (count == 0) {
      close(watch->streams[stream]);
      watch->streams[stream] = -1;
      return;
    }
    size_t room = watch->limits->output_bytes - watch->printed[0].length - watch->printed[1].length;
    append(&watch->printed[stream], block, (size_t)count < room ? (size_t)count : room);
    if ((size_t)count > room) {
      watch->response.flags |= RESPONSE_TRUNCATED;
      kill_all();
      return;
    }
  }
}

static void note_directory(struct watch *watch) {
  char link[32];
  snprintf(link, sizeof link, "%d/cwd", watch->program);
  ssize_t length = readlinkat(box_proc, link, watch->directory, LONGEST_PATH);
  if (length > 0) watch->directory[length] = 0;
}

// Lets a stopped process go on: no stop may last, whoever is stopped.
static void handle_stop(struct watch *watch, pid_t process, int status) {
  int event = status >> 16, signal_number = event ? 0 : WSTOPSIG(status);
  if (event == PTRACE_EVENT_EXIT && process == watch->program) note_directory(watch);
  ptrace(PTRACE_CONT, process, NULL, (void *)(intptr_t)signal_number);
}

static void reap(struct watch *watch) {
  int status;
  pid_t process;
  while ((process = waitpid(-1, &status, WNOHANG | __WALL)) > 0) {
    if (WIFSTOPPED(status)) handle_stop(watch, process, status);
    else if (process == watch->program) watch->exited = 1, watch->wait_status = status;
  }
}

static void watch_program(struct watch *watch) {
  int64_t deadline = now_milliseconds() + watch->limits->wall_milliseconds;
  while (!watch->exited) {
    struct pollfd watched[3] = {
        {watch->streams[0], POLLIN, 0}, {watch->streams[1], POLLIN, 0}, {watch->signals, POLLIN, 0}};
    int64_t left = deadline - now_milliseconds();
    if (left <= 0) {
      watch->response.flags |= RESPONSE_TIMED_OUT;
      kill_all();
    }
    poll(watched, 3, left > 0 ? (int)left : 100);
    for (int stream = 0; stream < 2; stream++)
      if (watched[stream].revents) read_stream(watch, stream);
    struct signalfd_siginfo ignored[8];
    if (watched[2].revents && read(watch->signals, ignored, sizeof ignored) < 0) fail("reading signals");
    reap(watch);
  }
}

// Everything that the program started ends with it: the state of an episode is its files.
static void end_all(struct watch *watch) {
  kill_all();
  int status;
  pid_t process;
  while ((process = waitpid(-1, &status, __WALL)) > 0 || errno == EINTR)
    if (process > 0 && WIFSTOPPED(status)) handle_stop(watch, process, status);
  if (!(watch->response.flags & RESPONSE_TRUNCATED))
    for (int stream = 0; stream < 2; stream++) read_stream(watch, stream);
}

static void report(struct watch *watch, const struct request *request) {
  struct response_header *response = &watch->response;
  int status = watch->wait_status, left_out = 0;
  response->status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  if (WIFSIGNALED(status)) response->flags |= RESPONSE_KILLED;
  struct bytes tree = {0};
  if (request->header.wants_tree && take_tree(&tree, &left_out)) {
    dprintf(STDERR_FILENO, "taking files out of a box: %s\n", strerror(errno));
    response->flags |= RESPONSE_TREE_UNREADABLE;
    tree.length = 0;
  }
  if (left_out) response->flags |= RESPONSE_LEFT_OUT;
  open_nearest_directory(watch->directory);
  write_answer(*response, &watch->printed[0], &watch->printed[1], watch->directory, &tree);
}

// PID 1 hears of its children by a descriptor. Every other signal stays pending: programs of the same user can send any.
static int watch_signals(void) {
  sigset_t all, children;
  sigfillset(&all);
  sigemptyset(&children);
  sigaddset(&children, SIGCHLD);
  signal(SIGCHLD, SIG_DFL);
  if (sigprocmask(SIG_SETMASK, &all, NULL)) fail("blocking signals");
  int signals = signalfd(-1, &children, SFD_CLOEXEC | SFD_NONBLOCK);
  if (signals < 0) fail("watching signals");
  return signals;
}

static void refuse_tree(void) {
  const struct bytes nothing = {0};
  write_answer((struct response_header){.flags = RESPONSE_TREE_REFUSED}, &nothing, &nothing, "/", &nothing);
  _exit(0);
}

// PID 1 of a box, from its first instruction to its end. Returns only in the child that runs a Python program.
int run_in_box(const struct request *request) {
  static struct watch watch;
  watch.limits = &request->header.limits;
  build_box(watch.limits, count_entries(&request->tree));
  if (put_tree(&request->tree)) refuse_tree();
  strcpy(watch.directory, request->directory);
  int directory = open_nearest_directory(watch.directory);
  if (directory < 0 || fchdir(directory)) fail("entering the working directory");
  watch.signals = watch_signals();
  int is_program = 0;
  int64_t start = now_milliseconds();
  start_program(request, &watch, &is_program);
  if (is_program) return 1;
  watch_program(&watch);
  end_all(&watch);
  watch.response.milliseconds = (uint32_t)(now_milliseconds() - start);
  report(&watch, request);
  _exit(0);
}
