/* paths.c - questions about files, and reading at a place. */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "userprogs/lib/internal.h"

int lstat(const char *restrict path, struct stat *restrict st) { return stat(path, st); }

int __getcwd(char *buffer, size_t size); /* the system call, whose result is a number of bytes */

int access(const char *path, int mode) {
  struct stat st;
  (void)mode;
  return stat(path, &st);
}

char *getcwd(char *result, size_t size) {
  if (result != NULL && size == 0) {
    errno = EINVAL;
    return NULL;
  }
  char path[PATH_MAX];
  int n = __getcwd(path, result == NULL && size == 0 ? sizeof path : size);
  if (n < 0 || (result == NULL && (result = program_malloc(size != 0 ? size : (size_t)n)) == NULL))
    return NULL;
  return memcpy(result, path, (size_t)n);
}

/* Without . and .. and double slashes; there are no symbolic links. */
char *realpath(const char *restrict path, char *restrict result) {
  char own[PATH_MAX] = "";
  struct stat st;
  size_t n = 0;
  if (stat(path, &st) < 0) return NULL;
  if (*path != '/') {
    if (__getcwd(own, sizeof own) < 0) return NULL;
    n = strcmp(own, "/") == 0 ? 0 : strlen(own);
  }
  while (*(path += strspn(path, "/")) != '\0') {
    size_t part = strcspn(path, "/");
    if (part == 2 && path[0] == '.' && path[1] == '.') {
      while (n > 0 && own[--n] != '/') {
      }
    } else if (part != 1 || path[0] != '.') {
      if (n + part + 2 > sizeof own) {
        errno = ENAMETOOLONG;
        return NULL;
      }
      own[n++] = '/';
      memcpy(own + n, path, part);
      n += part;
    }
    path += part;
  }
  if (n == 0) own[n++] = '/';
  if (result == NULL && (result = program_malloc(n + 1)) == NULL) return NULL;
  memcpy(result, own, n);
  result[n] = '\0';
  return result;
}

ssize_t pread(int fd, void *to, size_t bytes, off_t offset) {
  off_t before = lseek(fd, 0, SEEK_CUR);
  if (before < 0 || lseek(fd, offset, SEEK_SET) < 0) return -1;
  ssize_t n = read(fd, to, bytes);
  lseek(fd, before, SEEK_SET);
  return n;
}
