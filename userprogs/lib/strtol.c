/* strtol.c - numbers from strings. Each function is one range of the same parser. */
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include "internal.h"

int __digit(int c) {
  if (isdigit(c)) return c - '0';
  return isalpha(c) ? tolower(c) - 'a' + 10 : 99;
}

/* Skips 0x in front of a hexadecimal digit, and settles base 0. */
static const char *prefix(const char *s, int *base) {
  bool hex = s[0] == '0' && (s[1] == 'x' || s[1] == 'X') && __digit(s[2]) < 16;
  if (hex && (*base == 0 || *base == 16)) {
    *base = 16;
    return s + 2;
  }
  if (*base == 0) *base = s[0] == '0' ? 8 : 10;
  return s;
}

/* Moves *s past the digits there. Their value, or `most` and false if it is more than that. */
static bool magnitude(const char **s, int base, unsigned long long most, unsigned long long *value) {
  unsigned long long n = 0, limit = most / (unsigned)base;
  bool fits = true;
  for (int d; (d = __digit((unsigned char)**s)) < base; ++*s) {
    if (n > limit || n * (unsigned)base > most - (unsigned)d) fits = false;
    n = n * (unsigned)base + (unsigned)d;
  }
  *value = fits ? n : most;
  return fits;
}

/* A number between -negative and positive, as two's complement. For an unsigned range both are the
 * same: there a minus sign negates what fits, and what does not fit is the largest number. */
static unsigned long long number(const char *s, char **end, int base, unsigned long long negative,
                                 unsigned long long positive) {
  unsigned long long value = 0;
  if (end != NULL) *end = (char *)s;
  if (base < 0 || base == 1 || base > 36) {
    errno = EINVAL;
    return 0;
  }
  while (isspace((unsigned char)*s)) s++;
  bool minus = *s == '-';
  if (*s == '-' || *s == '+') s++;
  const char *digits = s = prefix(s, &base);
  bool fits = magnitude(&s, base, minus ? negative : positive, &value);
  if (end != NULL && s > digits) *end = (char *)s;
  if (!fits) errno = ERANGE;
  return minus && (fits || negative != positive) ? -value : value;
}

long strtol(const char *restrict s, char **restrict end, int base) {
  return (long)number(s, end, base, -(unsigned long long)LONG_MIN, LONG_MAX);
}

long long strtoll(const char *restrict s, char **restrict end, int base) {
  return (long long)number(s, end, base, -(unsigned long long)LLONG_MIN, LLONG_MAX);
}

unsigned long strtoul(const char *restrict s, char **restrict end, int base) {
  return (unsigned long)number(s, end, base, ULONG_MAX, ULONG_MAX);
}

unsigned long long strtoull(const char *restrict s, char **restrict end, int base) {
  return number(s, end, base, ULLONG_MAX, ULLONG_MAX);
}

int atoi(const char *s) { return (int)strtol(s, NULL, 10); }
long atol(const char *s) { return strtol(s, NULL, 10); }
long long atoll(const char *s) { return strtoll(s, NULL, 10); }
