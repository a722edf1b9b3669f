/* own_path.c - where the running program is (own_path.h). */
#include "own_path.h"

#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#ifdef __APPLE__
#include <mach-o/dyld.h>
#endif

bool own_path(char *path, size_t size) {
#ifdef __APPLE__
  uint32_t room = (uint32_t)size;
  return _NSGetExecutablePath(path, &room) == 0;
#else
  const ssize_t n = readlink("/proc/self/exe", path, size - 1);
  if (n < 0) return false;
  path[n] = 0;
  return true;
#endif
}

char *beside_executable(const char *path) {
  char self[PATH_MAX];
  if (!own_path(self, sizeof self)) return NULL;
  for (int up = 0; up < 2; up++) {
    char *slash = strrchr(self, '/');
    if (slash) *slash = 0;
  }
  char *found = malloc(strlen(self) + strlen(path) + 2);
  return found ? strcat(strcat(strcpy(found, self), "/"), path) : NULL;
}
