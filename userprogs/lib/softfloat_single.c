/* softfloat_single.c - arithmetic of float, by that of double: see softfloat.c. */
#include "softfloat.h"

#define BIAS 127
#define SPARE 39 /* bits of m below a float's last one */

static uint32_t word_of(float f) {
  union {
    float f;
    uint32_t word;
  } u = {.f = f};
  return u.word;
}

static float from_word(uint32_t word) {
  union {
    uint32_t word;
    float f;
  } u = {.word = word};
  return u.f;
}

double __extendsfdf2(float f) {
  uint32_t word = word_of(f), fraction = word & 0x7FFFFF;
  int exponent = (int)(word >> 23 & 255);
  uint64_t sign = (uint64_t)(word >> 31) << 63;
  if (exponent == 255)
    return __from_bits(sign | UINT64_C(2047) << 52 | (uint64_t)fraction << 29 |
                       (fraction != 0 ? UINT64_C(1) << 51 : 0));
  if (exponent == 0) return __round_double(sign != 0, 62 - 149, fraction);
  return __from_bits(sign | (uint64_t)(exponent - BIAS + 1023) << 52 | (uint64_t)fraction << 29);
}

/* The float nearest to m / 2^62 * 2^exponent, where bit 62 of m is set. */
float __round_float(bool sign, int exponent, uint64_t m) {
  exponent += BIAS;
  if (exponent >= 255) return from_word((uint32_t)sign << 31 | 255u << 23);
  int shift = exponent <= 0 ? 1 - exponent : 0;
  if (shift > 62) shift = 62;
  if (shift > 0) m = m >> shift | ((m & ((UINT64_C(1) << shift) - 1)) != 0), exponent = 1;
  uint64_t rest = m & ((UINT64_C(1) << SPARE) - 1), half = UINT64_C(1) << (SPARE - 1);
  uint32_t n = (uint32_t)(m >> SPARE);
  if (rest > half || (rest == half && (n & 1))) n++;
  return from_word((uint32_t)sign << 31 | (shift > 0 ? n : ((uint32_t)(exponent - 1) << 23) + n));
}

float __truncdfsf2(double d) {
  struct parts p = __parts(d);
  uint32_t sign = (uint32_t)p.sign << 31;
  switch (p.kind) {
  case ZERO: return from_word(sign);
  case INFINITE: return from_word(sign | 255u << 23);
  case NAN_: return from_word(sign | 0x7FC00000);
  default: return __round_float(p.sign, p.exponent, p.m);
  }
}

double __adddf3(double, double), __subdf3(double, double), __muldf3(double, double), __divdf3(double, double);
int __unorddf2(double, double), __ltdf2(double, double), __gtdf2(double, double);
int64_t __fixdfdi(double);
uint64_t __fixunsdfdi(double);
int32_t __fixdfsi(double);
uint32_t __fixunsdfsi(double);

float __addsf3(float a, float b) { return __truncdfsf2(__adddf3(__extendsfdf2(a), __extendsfdf2(b))); }
float __subsf3(float a, float b) { return __truncdfsf2(__subdf3(__extendsfdf2(a), __extendsfdf2(b))); }
float __mulsf3(float a, float b) { return __truncdfsf2(__muldf3(__extendsfdf2(a), __extendsfdf2(b))); }
float __divsf3(float a, float b) { return __truncdfsf2(__divdf3(__extendsfdf2(a), __extendsfdf2(b))); }
float __negsf2(float a) { return from_word(word_of(a) ^ 1u << 31); }

int __unordsf2(float a, float b) { return __unorddf2(__extendsfdf2(a), __extendsfdf2(b)); }
int __eqsf2(float a, float b) { return __ltdf2(__extendsfdf2(a), __extendsfdf2(b)); }
int __nesf2(float a, float b) { return __eqsf2(a, b); }
int __ltsf2(float a, float b) { return __eqsf2(a, b); }
int __lesf2(float a, float b) { return __eqsf2(a, b); }
int __gtsf2(float a, float b) { return __gtdf2(__extendsfdf2(a), __extendsfdf2(b)); }
int __gesf2(float a, float b) { return __gtsf2(a, b); }

static float from_integer(bool sign, uint64_t n) {
  if (n == 0) return 0;
  int shift = __builtin_clzll(n) - 1;
  uint64_t m = shift < 0 ? n >> 1 | (n & 1) : n << shift;
  return __round_float(sign, 62 - shift, m);
}

float __floatundisf(uint64_t n) { return from_integer(false, n); }
float __floatdisf(int64_t n) { return from_integer(n < 0, n < 0 ? -(uint64_t)n : (uint64_t)n); }
float __floatunsisf(uint32_t n) { return from_integer(false, n); }
float __floatsisf(int32_t n) { return __floatdisf(n); }

int64_t __fixsfdi(float a) { return __fixdfdi(__extendsfdf2(a)); }
uint64_t __fixunssfdi(float a) { return __fixunsdfdi(__extendsfdf2(a)); }
int32_t __fixsfsi(float a) { return __fixdfsi(__extendsfdf2(a)); }
uint32_t __fixunssfsi(float a) { return __fixunsdfsi(__extendsfdf2(a)); }
