/* unistd.c - the usual functions that are not system calls here, but made of them. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "internal.h"
#include "pg32.h"

_Static_assert(sizeof(struct stat) == sizeof(struct pg32_stat) && S_IFDIR == MODE_DIR && S_IFCHR == MODE_CHAR,
               "struct stat is the kernel's");

int execv(const char *path, char *const argv[]) { return execve(path, argv, environ); }

static const char *search_path(void) {
  for (char **p = environ; *p != NULL; p++)
    if (strncmp(*p, "PATH=", 5) == 0) return *p + 5;
  return "/bin";
}

/* Tries a program in the directory of which n characters are given. */
static void exec_in(const char *directory, size_t n, const char *name, char *const argv[]) {
  char path[256];
  int length = snprintf(path, sizeof path, "%.*s%s%s", (int)n, directory, n > 0 ? "/" : "", name);
  if (length < (int)sizeof path)
    execv(path, argv);
  else
    errno = ENAMETOOLONG;
}

int execvp(const char *name, char *const argv[]) {
  if (strchr(name, '/') != NULL) return execv(name, argv);
  for (const char *search = search_path();;) {
    size_t n = strcspn(search, ":");
    exec_in(search, n, name, argv);
    if ((errno != ENOENT && errno != ENOTDIR && errno != EISDIR) || search[n] == '\0') return -1;
    search += n + 1;
  }
}

pid_t wait(int *status) { return waitpid(-1, status, 0); }

int dup(int fd) { return fcntl(fd, F_DUPFD, 0); }

int isatty(int fd) {
  struct stat st;
  if (fstat(fd, &st) < 0) return 0;
  bool console = S_ISCHR(st.st_mode) && st.st_rdev == 1;
  if (!console) errno = ENOTTY;
  return console;
}

int gethostname(char *name, size_t size) { return __hostname(name, size, 0); }
int sethostname(const char *name, size_t length) { return __hostname((char *)name, length, 1); }
int getpagesize(void) { return PAGE_SIZE; }
