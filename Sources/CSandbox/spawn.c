#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <sys/socket.h>
#include <unistd.h>

#include "CSandbox.h"

static char *const no_environment[] = {NULL};

static int spawn_connected(char *const arguments[], int connection, int errors, pid_t *process) {
  posix_spawn_file_actions_t actions;
  int failure = posix_spawn_file_actions_init(&actions);
  if (failure) return failure;
  const int descriptors[3] = {connection, connection, errors};
  for (int i = 0; i < 3 && !failure; i++) failure = posix_spawn_file_actions_adddup2(&actions, descriptors[i], i);
  if (!failure) failure = posix_spawn_file_actions_addclosefrom_np(&actions, 3);
  if (!failure) failure = posix_spawn(process, arguments[0], &actions, NULL, arguments, no_environment);
  posix_spawn_file_actions_destroy(&actions);
  return failure;
}

pid_t csandbox_spawn(char *const arguments[], int *connection, int *errors) {
  int sockets[2], pipes[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets)) return -errno;
  if (pipe2(pipes, O_CLOEXEC)) {
    int failure = errno;
    close(sockets[0]), close(sockets[1]);
    return -failure;
  }
  pid_t process = 0;
  int failure = spawn_connected(arguments, sockets[1], pipes[1], &process);
  close(sockets[1]), close(pipes[1]);
  if (failure) {
    close(sockets[0]), close(pipes[0]);
    return -failure;
  }
  fcntl(pipes[0], F_SETFL, O_NONBLOCK);
  *connection = sockets[0], *errors = pipes[0];
  return process;
}

int csandbox_send(int connection, const void *data, size_t length) {
  for (const char *rest = data; length > 0;) {
    ssize_t count = send(connection, rest, length, MSG_NOSIGNAL);
    if (count < 0 && errno != EINTR) return errno;
    if (count > 0) rest += count, length -= (size_t)count;
  }
  return 0;
}
