/* own_path.h - where the running program is, for every tool: what is installed with it lies beside it. */
#ifndef OWN_PATH_H
#define OWN_PATH_H

#include <stdbool.h>
#include <stddef.h>

/* Writes the running program's path and a NUL into `path`, which has room for `size` bytes: PATH_MAX of them hold any
 * path. False, with errno set, if the system does not tell. */
bool own_path(char *path, size_t size);

/* The path of what is installed as `path` below the prefix in whose bin/ the program is: "share/trapeze" is
 * /usr/share/trapeze for /usr/bin/trapeze. It need not exist. malloc'ed; NULL, with errno set, if the system does not
 * tell where the program is, or memory is short. */
char *beside_executable(const char *path);

#endif
