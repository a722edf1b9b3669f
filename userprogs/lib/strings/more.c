/* more.c - functions of <string.h> that fewer programs use. */
#include <errno.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>
#include "userprogs/lib/internal.h"

NO_BUILTIN char *stpncpy(char *restrict to, const char *restrict from, size_t n) {
  size_t length = strnlen(from, n);
  memcpy(to, from, length);
  memset(to + length, 0, n - length);
  return to + length;
}

/* In the C locale a string is its own key. */
NO_BUILTIN size_t strxfrm(char *restrict to, const char *restrict from, size_t n) {
  size_t length = strlen(from);
  if (n > 0) memcpy(to, from, length < n ? length + 1 : n);
  return length;
}

char *strcasestr(const char *hay, const char *needle) {
  size_t n = strlen(needle);
  for (;; hay++) {
    if (strncasecmp(hay, needle, n) == 0) return (char *)hay;
    if (*hay == '\0') return NULL;
  }
}

NO_BUILTIN char *strchrnul(const char *s, int c) {
  while (*s != '\0' && *s != (char)c) s++;
  return (char *)s;
}

NO_BUILTIN void *rawmemchr(const void *s, int byte) {
  const unsigned char *p = s;
  while (*p != (unsigned char)byte) p++;
  return (void *)p;
}

NO_BUILTIN void *memccpy(void *restrict to, const void *restrict from, int byte, size_t n) {
  const unsigned char *p = from;
  unsigned char *q = to;
  while (n-- > 0)
    if ((*q++ = *p++) == (unsigned char)byte) return q;
  return NULL;
}

void swab(const void *restrict from, void *restrict to, ssize_t n) {
  const char *p = from;
  char *q = to;
  for (; n > 1; n -= 2, p += 2, q += 2) {
    char first = p[0];
    q[0] = p[1], q[1] = first;
  }
}

/* The text fits, or ERANGE; this is POSIX's function, not GNU's of the same name. */
int strerror_r(int error, char *text, size_t size) {
  const char *from = strerror(error);
  if (size == 0) return ERANGE;
  size_t length = strlen(from), n = length < size ? length : size - 1;
  memcpy(text, from, n);
  text[n] = '\0';
  return length < size ? 0 : ERANGE;
}
