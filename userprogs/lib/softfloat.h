/* softfloat.h - a double as its parts: what the files about floating point share. */
#ifndef LIBC_SOFTFLOAT_H
#define LIBC_SOFTFLOAT_H
#include "internal.h"

#define FRACTION ((UINT64_C(1) << 52) - 1)

enum kind { ZERO, FINITE, INFINITE, NAN_ };

struct parts {
  bool sign;
  enum kind kind;
  int exponent; /* of FINITE: the value is m / 2^62 * 2^exponent, and bit 62 of m is set */
  uint64_t m;
};

static inline uint64_t __bits(double d) {
  union {
    double d;
    uint64_t bits;
  } u = {.d = d};
  return u.bits;
}

static inline double __from_bits(uint64_t bits) {
  union {
    uint64_t bits;
    double d;
  } u = {.bits = bits};
  return u.d;
}

struct parts __parts(double d);
/* The double nearest to m / 2^62 * 2^exponent; the lowest bit of m may stand for more below. */
double __round_double(bool sign, int exponent, uint64_t m);
/* The float, where bit 62 of m must be set. */
float __round_float(bool sign, int exponent, uint64_t m);

#endif
