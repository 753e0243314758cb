#define _GNU_SOURCE
#include "CSandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <unistd.h>

static char *const no_environment[] = {NULL};

static int spawn_connected(char *const arguments[], const int descriptors[3], pid_t *process) {
  posix_spawn_file_actions_t actions;
  int failure = posix_spawn_file_actions_init(&actions);
  if (failure) return failure;
  for (int i = 0; i < 3 && !failure; i++) failure = posix_spawn_file_actions_adddup2(&actions, descriptors[i], i);
  if (!failure) failure = posix_spawn_file_actions_addclosefrom_np(&actions, 3);
  if (!failure) failure = posix_spawn(process, arguments[0], &actions, NULL, arguments, no_environment);
  posix_spawn_file_actions_destroy(&actions);
  return failure;
}

pid_t csandbox_spawn(char *const arguments[], int error_descriptor, int *input, int *output) {
  int requests[2], responses[2];
  if (pipe2(requests, O_CLOEXEC)) return -errno;
  if (pipe2(responses, O_CLOEXEC)) {
    int failure = errno;
    close(requests[0]), close(requests[1]);
    return -failure;
  }
  pid_t process;
  const int descriptors[3] = {requests[0], responses[1], error_descriptor};
  int failure = spawn_connected(arguments, descriptors, &process);
  close(requests[0]), close(responses[1]);
  if (failure) {
    close(requests[1]), close(responses[0]);
    return -failure;
  }
  *input = requests[1], *output = responses[0];
  return process;
}
