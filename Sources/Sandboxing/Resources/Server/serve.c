// The loop: one request, one box, one response.
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "server.h"

// Beyond the wall time, for putting files in and taking them out on a busy machine.
enum { GRACE_MILLISECONDS = 30000 };

static struct request request;

static pid_t clone_box(void) {
  unsigned long flags = CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS | SIGCHLD;
  pid_t box = (pid_t)syscall(SYS_clone, flags, NULL, NULL, NULL, NULL);
  if (box < 0) fail("creating the namespaces of a box");
  return box;
}

// Waits for the box; ends it when PID 1 does not keep the limit it was given. Ends the server too when the other end of
// our standard input is gone: its process may have been killed.
static int await_box(pid_t box) {
  int handle = (int)syscall(SYS_pidfd_open, box, 0);
  if (handle < 0) fail("watching a box");
  struct pollfd watched[2] = {{handle, POLLIN, 0}, {STDIN_FILENO, 0, 0}};
  int ready;
  do ready = poll(watched, 2, (int)request.header.limits.wall_milliseconds + GRACE_MILLISECONDS);
  while (ready < 0 && errno == EINTR);
  if (!(watched[0].revents & POLLIN)) kill(box, SIGKILL);
  if (ready != 0 && !(watched[0].revents & POLLIN)) {
    dprintf(STDERR_FILENO, "the owner is gone\n");
    _exit(HOST_FAULT);
  }
  int status;
  if (waitpid(box, &status, 0) != box) fail("waiting for a box");
  close(handle);
  return status;
}

static void answer_for(int status) {
  if (WIFEXITED(status) && WEXITSTATUS(status) == HOST_FAULT) {
    dprintf(STDERR_FILENO, "a box could not be made\n");
    _exit(HOST_FAULT);
  }
  int is_sent = send_answer();
  struct response_header lost = {.status = 128 + SIGKILL, .flags = RESPONSE_KILLED | RESPONSE_BOX_LOST};
  if (!is_sent) send_short_answer(lost);
}

static void free_request(void) {
  free(request.directory), free(request.arguments[0]), free(request.arguments), free(request.tree.data);
}

// Serves requests until the input ends, then returns 0. Returns 1 in the process inside a box that is to run a Python
// program: the caller is the Python interpreter, already loaded.
int box_serve(void) {
  prepare_filter();
  prepare_answer();
  while (read_request(&request)) {
    pid_t box = clone_box();
    if (box == 0) return run_in_box(&request);
    answer_for(await_box(box));
    free_request();
  }
  return 0;
}

// The program and its arguments, for the process that `box_serve` returned 1 in.
char **box_arguments(void) { return request.arguments; }
