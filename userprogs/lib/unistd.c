/* unistd.c - the usual functions that are not system calls here, but made of them. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
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

int raise(int signal) { return kill(getpid(), signal); }

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

/* ---- time ---- */

uint32_t __hz(void) {
  static uint32_t hz;
  struct pg32_sysinfo info;
  if (hz == 0 && sysinfo(&info) == 0) hz = info.hz;
  return hz != 0 ? hz : 1;
}

uint64_t __ticks(void) {
  uint64_t ticks = 0;
  clock_ticks(&ticks);
  return ticks;
}

/* Sleeps any number of ticks; the kernel's call takes 32 bits of them. */
static int sleep_long(uint64_t ticks) {
  const uint32_t most = UINT32_MAX / 2;
  for (; ticks > most; ticks -= most)
    if (sleep_ticks(most) < 0) return -1;
  return sleep_ticks((uint32_t)ticks);
}

unsigned sleep(unsigned seconds) { return sleep_long((uint64_t)seconds * __hz()) < 0 ? seconds : 0; }

/* Rounded up: it sleeps at least so long. */
int usleep(useconds_t microseconds) {
  return sleep_long(((uint64_t)microseconds * __hz() + 999999) / 1000000);
}

/* -1 when clock_t cannot hold the microseconds any more, after 35 minutes. */
clock_t clock(void) {
  uint64_t ticks = __ticks(), seconds = ticks / __hz();
  if (seconds >= LONG_MAX / CLOCKS_PER_SEC) return -1;
  return (clock_t)(ticks * CLOCKS_PER_SEC / __hz());
}

time_t time(time_t *result) {
  time_t now = (time_t)(__ticks() / __hz());
  if (result != NULL) *result = now;
  return now;
}
