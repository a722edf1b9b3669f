/* a64l.c - numbers of 32 bits as six digits of base 64, the lowest first. */
#include <stdlib.h>
#include <string.h>
#include "userprogs/lib/internal.h"

static const char digits[] = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

long a64l(const char *s) {
  uint32_t n = 0;
  for (int i = 0; i < 6 && s[i] != '\0'; i++) {
    const char *p = strchr(digits, s[i]);
    if (p == NULL) break;
    n |= (uint32_t)(p - digits) << 6 * i;
  }
  return (long)(int32_t)n;
}

char *l64a(long value) {
  static char s[7];
  int i = 0;
  for (uint32_t n = (uint32_t)value; n > 0; n >>= 6) s[i++] = digits[n & 63];
  s[i] = '\0';
  return s;
}
