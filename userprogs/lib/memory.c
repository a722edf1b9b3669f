/* memory.c - memcpy, memmove, memset, memcmp and their kin, a word at a time where they can.
 * The compiler calls these by itself; no_builtin keeps it from calling them here. */
#include <string.h>
#include "internal.h"

#define WORD sizeof(uint32_t)
#define OFFSET(p) ((uintptr_t)(p) % WORD)

/* A word that may alias any object. */
typedef uint32_t __attribute__((may_alias)) word;

NO_BUILTIN static void copy_up(unsigned char *to, const unsigned char *from, size_t n) {
  if (OFFSET(to) == OFFSET(from)) {
    for (; n > 0 && OFFSET(to) != 0; n--) *to++ = *from++;
    for (; n >= 4 * WORD; n -= 4 * WORD, to += 4 * WORD, from += 4 * WORD) {
      const word *source = (const word *)from;
      word a = source[0], b = source[1], c = source[2], d = source[3];
      word *target = (word *)to;
      target[0] = a, target[1] = b, target[2] = c, target[3] = d;
    }
    for (; n >= WORD; n -= WORD, to += WORD, from += WORD) *(word *)to = *(const word *)from;
  }
  while (n-- > 0) *to++ = *from++;
}

NO_BUILTIN static void copy_down(unsigned char *to, const unsigned char *from, size_t n) {
  if (OFFSET(to) == OFFSET(from)) {
    for (; n > 0 && OFFSET(to + n) != 0; n--) to[n - 1] = from[n - 1];
    for (; n >= WORD; n -= WORD) *(word *)(to + n - WORD) = *(const word *)(from + n - WORD);
  }
  for (; n > 0; n--) to[n - 1] = from[n - 1];
}

NO_BUILTIN void *memcpy(void *restrict to, const void *restrict from, size_t n) {
  copy_up(to, from, n);
  return to;
}

NO_BUILTIN void *mempcpy(void *restrict to, const void *restrict from, size_t n) {
  copy_up(to, from, n);
  return (char *)to + n;
}

NO_BUILTIN void *memmove(void *to, const void *from, size_t n) {
  if ((uintptr_t)to - (uintptr_t)from >= n)
    copy_up(to, from, n);
  else
    copy_down(to, from, n);
  return to;
}

NO_BUILTIN void *memset(void *to, int byte, size_t n) {
  unsigned char *p = to;
  word w = (unsigned char)byte * 0x01010101u;
  for (; n > 0 && OFFSET(p) != 0; n--) *p++ = (unsigned char)byte;
  for (; n >= 4 * WORD; n -= 4 * WORD, p += 4 * WORD) {
    word *target = (word *)p;
    target[0] = w, target[1] = w, target[2] = w, target[3] = w;
  }
  for (; n >= WORD; n -= WORD, p += WORD) *(word *)p = w;
  while (n-- > 0) *p++ = (unsigned char)byte;
  return to;
}

NO_BUILTIN int memcmp(const void *a, const void *b, size_t n) {
  const unsigned char *p = a, *q = b;
  if (OFFSET(p) == 0 && OFFSET(q) == 0)
    for (; n >= WORD && *(const word *)p == *(const word *)q; n -= WORD) p += WORD, q += WORD;
  for (; n > 0; n--, p++, q++)
    if (*p != *q) return *p - *q;
  return 0;
}

NO_BUILTIN void *memchr(const void *s, int byte, size_t n) {
  for (const unsigned char *p = s; n > 0; n--, p++)
    if (*p == (unsigned char)byte) return (void *)p;
  return NULL;
}

NO_BUILTIN void *memrchr(const void *s, int byte, size_t n) {
  for (const unsigned char *p = s; n > 0; n--)
    if (p[n - 1] == (unsigned char)byte) return (void *)(p + n - 1);
  return NULL;
}

NO_BUILTIN void *memmem(const void *hay, size_t hay_bytes, const void *needle, size_t needle_bytes) {
  const char *p = hay;
  for (; hay_bytes >= needle_bytes; hay_bytes--, p++)
    if (memcmp(p, needle, needle_bytes) == 0) return (void *)p;
  return NULL;
}
