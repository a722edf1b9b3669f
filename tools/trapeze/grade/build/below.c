/* below.c - opens and reads files below a folder that is not trusted: no link is followed, and nothing is read without an
 * end. */
#define _GNU_SOURCE
#include "below.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

/* Does each component of the path name something below the one before it? */
static bool stays_below(const char *name) {
  for (;; name++) {
    const size_t n = strcspn(name, "/");
    const bool dots = name[0] == '.' && (n == 1 || (n == 2 && name[1] == '.'));
    if (n == 0 || n > NAME_MAX || dots) return false;
    if (!name[n]) return true;
    name += n;
  }
}

int below_find(int folder, const char *name) {
  char part[NAME_MAX + 1];
  if (!stays_below(name)) return errno = EINVAL, -1;
  int at = fcntl(folder, F_DUPFD_CLOEXEC, 0);
  while (at >= 0) {
    const size_t n = strcspn(name, "/");
    const bool last = !name[n];
    snprintf(part, sizeof part, "%.*s", (int)n, name);
    int next = openat(at, part, O_PATH | O_NOFOLLOW | O_CLOEXEC | (last ? 0 : O_DIRECTORY));
    int error = errno;
    close(at);
    errno = error;
    if (next < 0 || last) return next;
    at = next;
    name += n + 1;
  }
  return at;
}

/* Opens for reading what a descriptor of below_find names. */
static int open_found(int found) {
  char path[64];
  snprintf(path, sizeof path, "/proc/self/fd/%d", found);
  return open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
}

/* Reads at most `most` bytes, and one more when there are more. */
static bool read_at_most(int fd, uint64_t most, struct bytes *b) {
  char part[1 << 16];
  *b = (struct bytes){0};
  while (b->size <= most) {
    uint64_t want = most + 1 - b->size;
    ssize_t n = read(fd, part, want < sizeof part ? (size_t)want : sizeof part);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return false;
    if (n == 0) break;
    bytes_append(b, part, (size_t)n);
  }
  return true;
}

bool below_read(int found, uint64_t most, struct bytes *content) {
  int fd = open_found(found);
  bool good = fd >= 0 && read_at_most(fd, most, content);
  int error = errno;
  if (fd >= 0) close(fd);
  errno = error;
  return good;
}
