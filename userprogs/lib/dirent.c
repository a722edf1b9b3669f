/* dirent.c - directories: the kernel's records, some at a time. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include "internal.h"
#include "isa/platform.h"

#define RECORDS 16

struct __dir {
  int fd;
  int next, count;
  struct dirent record[RECORDS];
};
_Static_assert(sizeof(struct dirent) == sizeof(struct pg32_dirent) &&
                   offsetof(struct dirent, d_name) == offsetof(struct pg32_dirent, name),
               "struct dirent is the kernel's");

static int open_directory(const char *path) {
  struct stat st;
  int fd = open(path, O_RDONLY);
  if (fd < 0 || (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode))) return fd;
  close(fd);
  errno = ENOTDIR;
  return -1;
}

DIR *opendir(const char *path) {
  int fd = open_directory(path);
  if (fd < 0) return NULL;
  DIR *dir = __zeroed(sizeof *dir);
  if (dir == NULL)
    close(fd);
  else
    dir->fd = fd;
  return dir;
}

struct dirent *readdir(DIR *dir) {
  if (dir->next == dir->count) {
    ssize_t n = read(dir->fd, dir->record, sizeof dir->record);
    dir->next = 0, dir->count = n > 0 ? (int)((size_t)n / sizeof dir->record[0]) : 0;
    if (dir->count == 0) return NULL;
  }
  return &dir->record[dir->next++];
}

int closedir(DIR *dir) {
  int result = close(dir->fd);
  free(dir);
  return result;
}
