/* dprintf.c - printf to a descriptor. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "userprogs/lib/internal.h"

struct descriptor_sink {
  struct sink sink;
  int fd;
  bool failed;
};

static void put(struct sink *sink, const char *s, size_t n) {
  struct descriptor_sink *to = (struct descriptor_sink *)sink;
  while (n > 0 && !to->failed) {
    ssize_t done = write(to->fd, s, n);
    if (done <= 0)
      to->failed = true;
    else
      s += done, n -= (size_t)done;
  }
}

NO_BUILTIN int vdprintf(int fd, const char *restrict format, va_list args) {
  struct descriptor_sink to = {{.put = put}, fd, false};
  __format(&to.sink, format, args);
  return to.failed ? -1 : to.sink.total;
}

NO_BUILTIN int dprintf(int fd, const char *restrict format, ...) {
  va_list args;
  va_start(args, format);
  int n = vdprintf(fd, format, args);
  va_end(args);
  return n;
}
