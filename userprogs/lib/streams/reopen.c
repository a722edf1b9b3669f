/* reopen.c - streams of files that are open already, and other files for a stream. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "userprogs/lib/stream.h"

FILE *fdopen(int fd, const char *mode) {
  struct stat st;
  if (__open_flags(mode) < 0 || fstat(fd, &st) < 0) return NULL;
  FILE *f = __new_stream(mode);
  if (f != NULL) f->fd = fd;
  return f;
}

/* The new file gets the descriptor of the old one if that is the lowest free one, as it is for the standard streams.
 * Without a path the file stays, and only the mode changes. */
FILE *freopen(const char *restrict path, const char *restrict mode, FILE *restrict f) {
  int flags = __open_flags(mode);
  fflush(f);
  if (path != NULL || flags < 0) {
    if (f->device == NULL)
      close(f->fd);
    else
      f->device->close(f->memory), f->device = NULL;
    f->fd = flags >= 0 ? open(path, flags) : -1;
    if (f->fd < 0) {
      __forget_stream(f);
      return NULL;
    }
  }
  f->readable = (flags & O_WRONLY) == 0, f->writable = flags != O_RDONLY;
  f->writing = false, f->next = f->end = 0, f->pushed = 0;
  f->at_end = f->failed = f->line_ended = false;
  return f;
}
