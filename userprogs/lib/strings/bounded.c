/* bounded.c - strlcpy and strlcat of BSD: copies that end with a NUL whatever the size, and return the length that they
 * would have had. */
#include <string.h>
#include "userprogs/lib/internal.h"

size_t strlcpy(char *restrict to, const char *restrict from, size_t size) {
  size_t length = strlen(from);
  if (size > 0) {
    size_t n = length < size ? length : size - 1;
    memcpy(to, from, n);
    to[n] = '\0';
  }
  return length;
}

size_t strlcat(char *restrict to, const char *restrict from, size_t size) {
  size_t used = strnlen(to, size), length = strlen(from);
  if (used < size) {
    size_t room = size - used - 1, n = length < room ? length : room;
    memcpy(to + used, from, n);
    to[used + n] = '\0';
  }
  return used + length;
}
