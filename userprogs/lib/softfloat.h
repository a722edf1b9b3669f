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

/* 64 bits as PG32 has them. Some code is written with words, because the compiler needs many instructions for 64 bits that
 * are masked, or shifted by an amount that is not constant. */
struct words {
  uint32_t high, low;
};

static inline struct words __words_of(uint64_t m) {
  return (struct words){.high = (uint32_t)(m >> 32), .low = (uint32_t)m};
}
static inline uint64_t __all(struct words m) { return (uint64_t)m.high << 32 | m.low; }
static inline double __from_words(uint32_t high, uint32_t low) {
  return __from_bits((uint64_t)high << 32 | low);
}

struct parts __parts(double d);
/* The double nearest to m / 2^62 * 2^exponent; the lowest bit of m may stand for more below. */
double __round_double(bool sign, int exponent, uint64_t m);
/* The float, where bit 62 of m must be set. */
float __round_float(bool sign, int exponent, uint64_t m);

#endif
