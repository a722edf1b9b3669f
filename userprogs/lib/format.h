/* format.h - one conversion of the printf family, for the files that carry it out. */
#ifndef LIBC_FORMAT_H
#define LIBC_FORMAT_H
#include "internal.h"

enum length { LENGTH_CHAR, LENGTH_SHORT, LENGTH_INT, LENGTH_LONG, LENGTH_LONG_LONG, LENGTH_LONG_DOUBLE };

struct spec {
  bool left, plus, space, alternate, zero;
  int width, precision; /* precision -1: not given */
  enum length length;
  char conversion;
};

void __emit(struct sink *sink, const char *s, size_t n);

#endif
