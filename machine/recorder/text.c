/* text.c - how sentences are put together in a buffer of limited size. */
#include <stdarg.h>
#include <stdio.h>

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
