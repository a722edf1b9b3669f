/* unistd.c - the usual functions that are not system calls here, but made of them. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "internal.h"
#include "pg32.h"

_Static_assert(sizeof(struct stat) == sizeof(struct pg32_stat) && S_IFDIR == MODE_DIR && S_IFCHR == MODE_CHAR,
               "struct stat is the kernel's");

#define SEARCH "/bin/"

int execvp(const char *name, char *const argv[]) {
  char path[64];
  if (strchr(name, '/') != NULL) return execv(name, argv);
  if (snprintf(path, sizeof path, SEARCH "%s", name) >= (int)sizeof path) {
    errno = ENAMETOOLONG;
    return -1;
  }
  return execv(path, argv);
}

pid_t wait(int *status) { return waitpid(-1, status, 0); }

int stat(const char *path, struct stat *st) {
  int fd = open(path, O_RDONLY);
  if (fd < 0) return -1;
  int result = fstat(fd, st);
  close(fd);
  return result;
}

int isatty(int fd) {
  struct stat st;
  if (fstat(fd, &st) < 0) return 0;
  if (!S_ISCHR(st.st_mode)) errno = ENOTTY;
  return S_ISCHR(st.st_mode);
}

int getpagesize(void) { return PAGE_SIZE; }
