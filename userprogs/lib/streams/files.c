/* files.c - what changes files by their path, made of system calls. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "userprogs/lib/internal.h"

int remove(const char *path) { return unlink(path) == 0 ? 0 : errno == EISDIR ? rmdir(path) : -1; }

int chmod(const char *path, mode_t mode) {
  struct stat st;
  (void)mode;
  return stat(path, &st);
}

int truncate(const char *path, off_t size) {
  int fd = open(path, O_WRONLY);
  if (fd < 0) return -1;
  int result = ftruncate(fd, size);
  close(fd);
  return result;
}

int creat(const char *path, mode_t mode) { return open(path, O_WRONLY | O_CREAT | O_TRUNC, mode); }

/* A name of no file. */
char *tmpnam(char *result) {
  static char own[L_tmpnam];
  static unsigned count;
  if (result == NULL) result = own;
  snprintf(result, L_tmpnam, "/tmp/file%06u", count++ % 1000000);
  return result;
}
