/* softfloat_integer.c - doubles from integers and back: see softfloat.c. */
#include "softfloat.h"

#define BIAS 1023

/* ---- from integers ---- */

static inline uint32_t magnitude(int32_t n) { return n < 0 ? -(uint32_t)n : (uint32_t)n; }

/* A double has room for every 32-bit integer: nothing is rounded. */
static inline double from_word(uint32_t sign, uint32_t n) {
  if (n == 0) return 0;
  int zeros = __builtin_clz(n);
  n <<= zeros; /* the highest bit adds 1 to the exponent */
  return __from_words(sign + ((uint32_t)(BIAS + 30 - zeros) << 20) + (n >> 11), n << 21);
}

double __floatunsidf(uint32_t n) { return from_word(0, n); }
double __floatsidf(int32_t n) { return from_word((uint32_t)n & UINT32_C(1) << 31, magnitude(n)); }

static double from_integer(bool sign, uint64_t n) {
  return n >> 32 == 0 ? from_word((uint32_t)sign << 31, (uint32_t)n) : __round_double(sign, 62, n);
}

double __floatundidf(uint64_t n) { return from_integer(false, n); }
double __floatdidf(int64_t n) { return from_integer(n < 0, n < 0 ? -(uint64_t)n : (uint64_t)n); }

/* ---- to integers: towards zero; what is too large is the largest there is, and a NaN is 0 ---- */

static inline int exponent_of(uint64_t bits) { return (int)(bits >> 52 & 2047) - BIAS; }
static inline bool is_nan(uint64_t bits) { return (bits & ~(UINT64_C(1) << 63)) > UINT64_C(2047) << 52; }

/* The whole part of a number, without its sign; at most `most`. */
static inline uint32_t whole_word(uint64_t bits, uint32_t most) {
  int exponent = exponent_of(bits);
  if (exponent < 0) return 0;
  if (exponent > 31) return is_nan(bits) ? 0 : most;
  uint32_t n = ((uint32_t)(bits >> 21) | UINT32_C(1) << 31) >> (31 - exponent);
  return n < most ? n : most;
}

static uint64_t whole(uint64_t bits, uint64_t most) {
  int exponent = exponent_of(bits);
  if (exponent < 0) return 0;
  if (exponent > 63) return is_nan(bits) ? 0 : most;
  uint64_t n = (bits << 11 | UINT64_C(1) << 63) >> (63 - exponent);
  return n < most ? n : most;
}

int32_t __fixdfsi(double x) {
  uint64_t bits = __bits(x), negative = bits >> 63;
  uint32_t n = whole_word(bits, (uint32_t)INT32_MAX + (uint32_t)negative);
  return (int32_t)(negative ? -n : n);
}

int64_t __fixdfdi(double x) {
  uint64_t bits = __bits(x), negative = bits >> 63, n = whole(bits, (uint64_t)INT64_MAX + negative);
  return (int64_t)(negative ? -n : n);
}

uint32_t __fixunsdfsi(double x) { return __bits(x) >> 63 ? 0 : whole_word(__bits(x), UINT32_MAX); }
uint64_t __fixunsdfdi(double x) { return __bits(x) >> 63 ? 0 : whole(__bits(x), UINT64_MAX); }
