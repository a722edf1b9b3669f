/* lib.c - what a compiler calls without being asked. Compiled without looking for such loops in it. */
#include "bench.h"

void *memcpy(void *to, const void *from, size_t n);
void *memset(void *to, int value, size_t n);

void *memcpy(void *to, const void *from, size_t n) {
  char *t = to;
  for (const char *f = from; n > 0; n--) *t++ = *f++;
  return to;
}

void *memset(void *to, int value, size_t n) {
  for (char *t = to; n > 0; n--) *t++ = (char)value;
  return to;
}
