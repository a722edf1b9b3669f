/* text.c - how sentences are put together in a buffer of limited size. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "internal.h"

void recorder_put(struct text *t, const char *format, ...) {
  va_list ap;
  va_start(ap, format);
  const int n = vsnprintf(t->at, t->left, format, ap);
  va_end(ap);
  const size_t put = n < 0 ? 0 : (size_t)n < t->left ? (size_t)n : t->left - 1;
  t->at += put;
  t->left -= put;
}

void recorder_put_bytes(struct text *t, const char *bytes, size_t n) {
  if (n >= t->left) n = t->left - 1;
  memcpy(t->at, bytes, n);
  t->at += n;
  t->left -= n;
  *t->at = 0;
}

void recorder_put_number(struct text *t, uint32_t number, unsigned base, unsigned width) {
  char digits[12], *const end = digits + sizeof digits, *first = end;
  do *--first = "0123456789abcdef"[number % base], number /= base;
  while (number || end - first < width);
  recorder_put_bytes(t, first, (size_t)(end - first));
}
