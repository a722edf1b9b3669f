/* file.c - whole files of the host, in memory. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "trapeze.h"

int no_memory_status = STATUS_USAGE;

void *must(void *memory) {
  if (!memory) die(no_memory_status, "out of memory");
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
  if (!f && errno == ENOMEM) must(NULL);
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

/* Writes all of it and closes the file; `ok` is what is returned if that goes well. */
static bool write_and_close(int fd, const void *data, size_t size, bool ok) {
  for (size_t done = 0; ok && done < size;) {
    ssize_t n = write(fd, (const char *)data + done, size - done);
    if (n > 0)
      done += (size_t)n;
    else
      ok = n < 0 && errno == EINTR;
  }
  return close(fd) == 0 && ok;
}

/* The permissions of `path`, or those that a new file gets. */
static mode_t mode_of(const char *path) {
  struct stat st;
  if (stat(path, &st) == 0) return st.st_mode & 07777;
  const mode_t mask = umask(0);
  umask(mask);
  return 0666 & ~mask;
}

int file_open_beside(const char *path, char **temporary) {
  *temporary = must(malloc(strlen(path) + sizeof ".XXXXXX"));
  sprintf(*temporary, "%s.XXXXXX", path);
  int fd = mkstemp(*temporary);
  if (fd >= 0 && fchmod(fd, mode_of(path)) == 0) return fd;
  const int error = errno;
  if (fd >= 0) {
    close(fd);
    unlink(*temporary);
  }
  free(*temporary);
  errno = error;
  return -1;
}

static bool replace_regular(const char *path, const void *data, size_t size) {
  char *temporary;
  int fd = file_open_beside(path, &temporary);
  if (fd < 0) return false;
  bool done = write_and_close(fd, data, size, true) && rename(temporary, path) == 0;
  int error = errno;
  if (!done) unlink(temporary);
  free(temporary);
  errno = error;
  return done;
}

static bool write_in_place(const char *path, const void *data, size_t size) {
  int fd = open(path, O_WRONLY | O_CLOEXEC);
  return fd >= 0 && write_and_close(fd, data, size, true);
}

/* A symbolic link is followed, not replaced; a device or pipe is written to. */
bool file_try_replace(const char *path, const void *data, size_t size) {
  struct stat st;
  char *real = realpath(path, NULL); /* NULL: there is no such file yet */
  const char *target = real ? real : path;
  bool special = stat(target, &st) == 0 && !S_ISREG(st.st_mode);
  bool done = special ? write_in_place(target, data, size) : replace_regular(target, data, size);
  int error = errno;
  free(real);
  errno = error;
  return done;
}

void file_replace(const char *path, const void *data, size_t size) {
  if (!file_try_replace(path, data, size)) die(STATUS_USAGE, "%s: %s", path, strerror(errno));
}
