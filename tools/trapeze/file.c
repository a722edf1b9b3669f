/* file.c - whole files of the host, in memory. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "trapeze.h"

void *must(void *memory) {
  if (!memory) die(STATUS_USAGE, "out of memory");
  return memory;
}

void bytes_append(struct bytes *b, const void *data, size_t size) {
  if (size == 0) return;
  b->data = must(realloc(b->data, b->size + size));
  memcpy(b->data + b->size, data, size);
  b->size += size;
}

bool file_try_read(const char *path, struct bytes *b) {
  FILE *f = fopen(path, "rb");
  if (!f) return false;
  char part[1 << 16];
  size_t n;
  *b = (struct bytes){0};
  while ((n = fread(part, 1, sizeof part, f)) > 0) bytes_append(b, part, n);
  int error = ferror(f) ? errno : 0;
  fclose(f);
  if (error) {
    free(b->data);
    errno = error;
  }
  return error == 0;
}

struct bytes file_read(const char *path) {
  struct bytes b;
  if (!file_try_read(path, &b)) die(STATUS_USAGE, "%s: %s", path, strerror(errno));
  return b;
}

static bool write_beside(const char *path, char *temporary, const void *data, size_t size) {
  struct stat st;
  int fd = mkstemp(temporary);
  if (fd < 0) return false;
  bool ok = stat(path, &st) != 0 || fchmod(fd, st.st_mode & 07777) == 0;
  for (size_t done = 0; ok && done < size;) {
    ssize_t n = write(fd, (const char *)data + done, size - done);
    if (n > 0)
      done += (size_t)n;
    else
      ok = n < 0 && errno == EINTR;
  }
  return close(fd) == 0 && ok;
}

bool file_try_replace(const char *path, const void *data, size_t size) {
  char *real = realpath(path, NULL); /* what a link stands for is replaced, not the link */
  const char *target = real ? real : path;
  char *temporary = must(malloc(strlen(target) + sizeof ".XXXXXX"));
  sprintf(temporary, "%s.XXXXXX", target);
  bool done = write_beside(target, temporary, data, size) && rename(temporary, target) == 0;
  int error = errno;
  if (!done) unlink(temporary);
  free(temporary);
  free(real);
  errno = error;
  return done;
}

void file_replace(const char *path, const void *data, size_t size) {
  if (!file_try_replace(path, data, size)) die(STATUS_USAGE, "%s: %s", path, strerror(errno));
}
