#ifndef CSANDBOX_H
#define CSANDBOX_H

#include <stddef.h>
#include <sys/types.h>

/// Starts a program with an empty environment, connected to the caller by a socket that is both its standard input and
/// its standard output, with a pipe as its standard error and no other descriptor open.
///
/// Uses posix_spawn, never fork: the caller may have gigabytes mapped.
///
/// @param arguments  NULL-terminated; the first is the path of the program.
/// @param connection set to the caller's end of the socket.
/// @param errors     set to the end that reads the program's standard error without blocking.
/// @return the process id, or minus an errno.
pid_t csandbox_spawn(char *const arguments[], int *connection, int *errors);

/// Sends all bytes, without a SIGPIPE when the other end is gone. Returns 0 or an errno.
int csandbox_send(int connection, const void *data, size_t length);

/// Gives up the right to raise priorities, on this thread and on those that it starts. Returns 0 or an errno.
int csandbox_give_up_raising_priority(void);

#endif
