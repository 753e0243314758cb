#ifndef CSANDBOX_H
#define CSANDBOX_H

#include <sys/types.h>

/// Starts a program by posix_spawn with an empty environment, its standard input and output connected to the caller
/// by two pipes, standard error going to `error_descriptor`, and no other descriptor open.
///
/// @param arguments  NULL-terminated; the first is the path of the program.
/// @param input      set to the end that writes to the program's standard input.
/// @param output     set to the end that reads from its standard output.
/// @return the process id, or minus an errno.
pid_t csandbox_spawn(char *const arguments[], int error_descriptor, int *input, int *output);

#endif
