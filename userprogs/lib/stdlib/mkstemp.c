/* mkstemp.c - files and folders under names that nobody has: the six X at the end become letters and digits. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "userprogs/lib/internal.h"

#define TRIES 200

/* The X of a name; NULL and EINVAL: they are not there. */
static char *place(char *name) {
  size_t n = strlen(name);
  if (n >= 6 && strcmp(name + n - 6, "XXXXXX") == 0) return name + n - 6;
  errno = EINVAL;
  return NULL;
}

static void fill(char *x) {
  static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789";
  static uint32_t count;
  uint32_t n = (uint32_t)__ticks() * 2654435761u + (uint32_t)getpid() * 40503u + count++ * 7919u;
  for (int i = 0; i < 6; i++, n /= 36) x[i] = letters[n % 36];
}

int mkstemp(char *name) {
  char *x = place(name);
  for (int i = 0; x != NULL && i < TRIES; i++) {
    fill(x);
    int fd = open(name, O_RDWR | O_CREAT | O_EXCL, 0600);
    if (fd >= 0 || errno != EEXIST) return fd;
  }
  return -1;
}

char *mkdtemp(char *name) {
  char *x = place(name);
  for (int i = 0; x != NULL && i < TRIES; i++) {
    fill(x);
    if (mkdir(name, 0700) == 0) return name;
    if (errno != EEXIST) break;
  }
  return NULL;
}
