/* files.c - what changes the file system, which is read-only here: each call fails, and errno says why. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "userprogs/lib/internal.h"

/* A path that does not exist is an error of its own. */
static int read_only(const char *path) {
  int fd = open(path, O_RDONLY);
  if (fd < 0) return -1;
  close(fd);
  errno = EROFS;
  return -1;
}

int remove(const char *path) { return read_only(path); }
int unlink(const char *path) { return read_only(path); }
int rmdir(const char *path) { return read_only(path); }
int rename(const char *from, const char *to) { return (void)to, read_only(from); }
int chmod(const char *path, mode_t mode) { return (void)mode, read_only(path); }
int truncate(const char *path, off_t size) { return (void)size, read_only(path); }

int mkdir(const char *path, mode_t mode) {
  struct stat st;
  (void)mode;
  errno = stat(path, &st) == 0 ? EEXIST : EROFS;
  return -1;
}

int creat(const char *path, mode_t mode) { return open(path, O_WRONLY | O_CREAT | O_TRUNC, mode); }

/* A name of no file; none can be made by that name, either. */
char *tmpnam(char *result) {
  static char own[L_tmpnam];
  static unsigned count;
  if (result == NULL) result = own;
  snprintf(result, L_tmpnam, "/tmp/file%06u", count++ % 1000000);
  return result;
}
