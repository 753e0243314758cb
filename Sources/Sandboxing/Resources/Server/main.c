// `server` serves commands. `server PROGRAM ARGUMENT...` becomes that program: the Python interpreter that hosts another
// server. What either starts gets this process's environment and is loaded at fixed addresses, so that a printed
// address is the same in every run.
#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/personality.h>
#include <unistd.h>

#include "server.h"

int main(int count, char **arguments) {
  if (personality(ADDR_NO_RANDOMIZE) < 0) fail("fixing addresses");
  unsetenv("PWD");  // bubblewrap sets it beside the variables it is given
  if (count > 1) {
    execv(arguments[1], arguments + 1);
    fail(arguments[1]);
  }
  const uint32_t no_names = 0;
  write_fully(STDOUT_FILENO, &no_names, sizeof no_names);
  return box_serve();
}
