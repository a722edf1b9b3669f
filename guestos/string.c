/* string.c - the few functions of <string.h> that the kernel needs, and that the compiler calls by itself. */
#include "kernel.h"

struct eight {
  uint32_t word[8];
};

void *memcpy(void *to, const void *from, size_t n) {
  uint8_t *d = to;
  const uint8_t *s = from;
  bool words = (((uintptr_t)d | (uintptr_t)s) & 3) == 0;
  for (; words && n >= 32; n -= 32, d += 32, s += 32) /* most of a boot in a VM is the copy of its initrd */
    *(struct eight *)d = *(const struct eight *)s;
  for (; words && n >= 4; n -= 4, d += 4, s += 4) *(uint32_t *)d = *(const uint32_t *)s;
  for (; n; n--) {
    *d++ = *s++;
    KEEP_LOOP();
  }
  return to;
}

void *memset(void *p, int c, size_t n) {
  uint8_t *d = p;
  uint32_t w = (uint8_t)c * 0x01010101u;
  for (; ((uintptr_t)d & 3) == 0 && n >= 32; n -= 32, d += 32) { /* pages, above all */
    *(struct eight *)d = (struct eight){{w, w, w, w, w, w, w, w}};
    KEEP_LOOP();
  }
  for (; n; n--) {
    *d++ = (uint8_t)c;
    KEEP_LOOP();
  }
  return p;
}

int memcmp(const void *a, const void *b, size_t n) {
  const uint8_t *x = a, *y = b;
  for (; n; n--, x++, y++)
    if (*x != *y) return *x - *y;
  return 0;
}

size_t strlen(const char *s) {
  size_t n = 0;
  while (s[n]) n++;
  return n;
}
