/* base_name.h - the last part of a path, for every tool. */
#ifndef BASE_NAME_H
#define BASE_NAME_H

#include <string.h>

/* What follows the last `/` of `path`, or all of `path` when it has none: "trap.c" of "src/trap.c", "" of
 * "src/". The result points into `path`, which must not be NULL. */
static inline const char *base_name(const char *path) {
  const char *slash = strrchr(path, '/');
  return slash ? slash + 1 : path;
}

#endif
