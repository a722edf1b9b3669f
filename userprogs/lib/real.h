/* real.h - floating-point numbers between their text and their bits, for both directions and all types. */
#ifndef LIBC_REAL_H
#define LIBC_REAL_H
#include "userprogs/lib/format.h"
#include "userprogs/lib/softfloat.h"

/* A number as a text has it: (m + low / 2^64) / 2^62 * 2^exponent, where bit 62 of m is set; m is 0 for 0. The lowest bit
 * of `low` may stand for more below. */
struct scanned {
  enum kind kind;
  bool sign;
  int exponent;
  uint64_t m, low;
};

struct real_type {
  int words;     /* of 32 bits, for the longest whole numbers that come up */
  int digits;    /* more do not lie between two numbers; what follows is only zero or not zero */
  int exponents; /* of ten: beyond, a number is infinite or 0 */
  bool is_long;  /* `low` is wanted */
};

/* Reads a number; returns where it ends, or s if there is none. */
const char *__scan_real(const char *s, const struct real_type *type, struct scanned *to);

/* A number to be printed: m / 2^112 * 2^exponent. m has 113 bits at most, the lowest word first. */
struct printed {
  bool sign;
  enum kind kind;
  int exponent;
  uint32_t m[4];
  int nibbles; /* of the fraction, for %a: 13 of a double, 28 of a long double */
};

/* %f %e %g %a and their capitals. */
void __format_real(struct sink *sink, const struct spec *spec, const struct printed *number);

#endif
