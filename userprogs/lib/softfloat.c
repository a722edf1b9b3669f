/* softfloat.c - arithmetic of double and float by integers, as IEEE 754 has it: rounded to the nearest number, ties to
 * the even one. PG32 has no floating-point instructions, so compilers call these functions; the names are libgcc's.
 *
 * A finite number that is not zero is taken apart into a sign, an exponent and a significand m whose highest bit is
 * bit 62: its value is m / 2^62 * 2^exponent. The ten bits below a double's last one, and a lowest bit that stands for
 * all that was shifted out, make every result exact before it is rounded once.
 *
 * Each operation has a short way for the usual case, normal numbers with a normal result, which takes nothing apart; the
 * others go to a function of their own (`..._rare`), whose registers the short way then need not save.
 *
 * Why code of our own: it is small (36 KiB with printing, reading and <math.h>; a program that prints no double has
 * none of it but what printf needs), it is exact, and a student installs nothing. To link RISC-V's libgcc and picolibc
 * would give sin, exp and log, too, but their packages take 190 MB and 1 GB. */
#include "softfloat.h"

#define SPARE 10 /* bits of m below a double's last one */
#define BIAS 1023

struct parts __parts(double d) {
  uint64_t bits = __bits(d), fraction = bits & FRACTION;
  int exponent = (int)(bits >> 52 & 2047);
  struct parts p = {.sign = bits >> 63 != 0, .kind = FINITE, .exponent = exponent - BIAS};
  if (exponent == 2047) {
    p.kind = fraction != 0 ? NAN_ : INFINITE;
  } else if (exponent == 0 && fraction == 0) {
    p.kind = ZERO;
  } else if (exponent == 0) {
    int shift = __builtin_clzll(fraction) - 1;
    p.m = fraction << shift, p.exponent = 1 - BIAS + SPARE - shift;
  } else {
    p.m = (fraction | UINT64_C(1) << 52) << SPARE;
  }
  return p;
}

static double make(bool sign, uint64_t rest) { return __from_bits((uint64_t)sign << 63 | rest); }
static double nan_of(void) { return __from_bits(UINT64_C(0x7FF8000000000000)); }
static double infinity(bool sign) { return make(sign, UINT64_C(2047) << 52); }

/* Shifts m, which is not 0, to the right; what falls out is kept in the lowest bit. */
static inline struct words shift_sticky(struct words m, unsigned by) {
  uint32_t lost = 0;
  if (by >= 64) return (struct words){.low = 1};
  if (by >= 32) lost = m.low, m.low = m.high, m.high = 0, by -= 32;
  unsigned rest = 31 - by; /* and one more, which would be too many for one shift if `by` is 0 */
  lost |= m.low << 1 << rest;
  m.low = m.low >> by | m.high << 1 << rest;
  return (struct words){.high = m.high >> by, .low = m.low | (lost != 0)};
}

/* The double nearest to m / 2^62 * 2^exponent, whatever m is. */
double __round_double(bool sign, int exponent, uint64_t m) {
  if (m == 0) return make(sign, 0);
  if (m >> 63) m = m >> 1 | (m & 1), exponent++;
  int shift = __builtin_clzll(m) - 1;
  m <<= shift, exponent += BIAS - shift;
  if (exponent >= 2047) return infinity(sign);
  if (exponent <= 0)
    m = __all(shift_sticky(__words_of(m), (unsigned)(1 - exponent))),
    exponent = 1; /* subnormal, or it rounds up to normal */
  unsigned rest = (unsigned)m & ((1u << SPARE) - 1), half = 1u << (SPARE - 1);
  m >>= SPARE;
  if (rest > half || (rest == half && (m & 1))) m++;
  uint64_t result = ((uint64_t)(exponent - 1) << 52) + m; /* the highest bit adds 1 to the exponent */
  return make(sign, result);
}

/* ---- the usual case: a normal number from normal ones ---- */

#define SIGN (UINT32_C(1) << 31)
#define RARE __attribute__((noinline)) static

static inline int biased_exponent(struct words x) { return (int)(x.high >> 20 & 2047); }

/* Neither zero nor subnormal, infinite or NaN. */
static inline bool is_normal(int biased) { return (unsigned)(biased - 1) < 2046; }

static inline struct words significand(struct words x) {
  return (struct words){.high = ((x.high << SPARE | x.low >> (32 - SPARE)) & 0x3FFFFFFF) | 0x40000000,
                        .low = x.low << SPARE};
}

/* Rounds m, whose bit 62 is set; `sign` is the highest bit or 0. An exponent of 2046 may become that of infinity, as it
 * should. */
static inline double pack(uint32_t sign, int biased, struct words m) {
  uint32_t low = m.high << (32 - SPARE) | m.low >> SPARE;
  uint32_t more = ((m.low & ((1u << SPARE) - 1)) + (1u << (SPARE - 1)) - 1 + (low & 1)) >> SPARE;
  uint32_t high =
      (sign | (uint32_t)(biased - 1) << 20) + (m.high >> SPARE); /* bit 62 adds 1 to the exponent */
  low += more;
  return __from_words(high + (low < more), low);
}

/* ---- addition ---- */

static double add_finite(struct parts a, struct parts b) {
  if (a.exponent < b.exponent || (a.exponent == b.exponent && a.m < b.m)) {
    struct parts other = a;
    a = b, b = other;
  }
  b.m = __all(shift_sticky(__words_of(b.m), (unsigned)(a.exponent - b.exponent)));
  if (a.sign == b.sign) return __round_double(a.sign, a.exponent, a.m + b.m);
  return a.m == b.m ? 0 : __round_double(a.sign, a.exponent, a.m - b.m);
}

RARE double add_rare(double x, double y) {
  struct parts a = __parts(x), b = __parts(y);
  if (a.kind == NAN_ || b.kind == NAN_) return nan_of();
  if (a.kind == INFINITE && b.kind == INFINITE) return a.sign == b.sign ? x : nan_of();
  if (a.kind == INFINITE) return x;
  if (b.kind == INFINITE) return y;
  if (a.kind == ZERO && b.kind == ZERO) return make(a.sign && b.sign, 0);
  if (a.kind == ZERO) return y;
  if (b.kind == ZERO) return x;
  return add_finite(a, b);
}

double __adddf3(double x, double y) {
  struct words a = __words_of(__bits(x)), b = __words_of(__bits(y));
  uint32_t larger = a.high & ~SIGN, smaller = b.high & ~SIGN;
  if (larger < smaller || (larger == smaller && a.low < b.low)) {
    struct words other = a;
    a = b, b = other;
  }
  int biased = biased_exponent(a), less = biased_exponent(b);
  if (biased == 2047) return add_rare(x, y);
  if (less == 0)
    return biased != 0 && (b.high << 1 | b.low) == 0 ? __from_words(a.high, a.low) : add_rare(x, y);
  struct words m = significand(a), n = shift_sticky(significand(b), (unsigned)(biased - less));
  if ((int32_t)(a.high ^ b.high) >= 0) {
    m.low += n.low, m.high += n.high + (m.low < n.low);
    if (m.high >> 31) m = shift_sticky(m, 1), biased++;
  } else {
    m.high -= n.high + (m.low < n.low), m.low -= n.low;
    if (!(m.high >> 30)) {
      if ((m.high | m.low) == 0) return 0;
      int shift = m.high >> 29 ? 1 : __builtin_clzll(__all(m)) - 1;
      m = __words_of(__all(m) << shift), biased -= shift;
    }
  }
  return is_normal(biased) ? pack(a.high & SIGN, biased, m) : add_rare(x, y);
}

double __negdf2(double x) { return __from_bits(__bits(x) ^ (uint64_t)SIGN << 32); }
double __subdf3(double x, double y) { return __adddf3(x, __negdf2(y)); }

/* ---- multiplication ---- */

/* The upper 64 bits of a product; its lowest bit also stands for all below. */
static inline uint64_t multiply_high(uint64_t a, uint64_t b) {
  uint32_t al = (uint32_t)a, ah = (uint32_t)(a >> 32), bl = (uint32_t)b, bh = (uint32_t)(b >> 32);
  uint64_t low = (uint64_t)al * bl, middle = (uint64_t)ah * bl, other = (uint64_t)al * bh;
  uint64_t carry = (low >> 32) + (uint32_t)middle + (uint32_t)other;
  uint64_t high = (uint64_t)ah * bh + (middle >> 32) + (other >> 32) + (carry >> 32);
  return high | ((uint32_t)carry != 0 || (uint32_t)low != 0);
}

RARE double multiply_rare(double x, double y) {
  struct parts a = __parts(x), b = __parts(y);
  bool sign = a.sign != b.sign;
  if (a.kind == NAN_ || b.kind == NAN_) return nan_of();
  if (a.kind == INFINITE || b.kind == INFINITE)
    return a.kind == ZERO || b.kind == ZERO ? nan_of() : infinity(sign);
  if (a.kind == ZERO || b.kind == ZERO) return make(sign, 0);
  return __round_double(sign, a.exponent + b.exponent + 1, multiply_high(a.m << 1, b.m));
}

double __muldf3(double x, double y) {
  struct words a = __words_of(__bits(x)), b = __words_of(__bits(y));
  int first = biased_exponent(a), second = biased_exponent(b), biased = first + second - BIAS + 1;
  if (!is_normal(first) || !is_normal(second)) return multiply_rare(x, y);
  struct words twice = {.high = SIGN | a.high << (SPARE + 1) | a.low >> (31 - SPARE),
                        .low = a.low << (SPARE + 1)};
  uint64_t m = multiply_high(__all(twice), __all(significand(b)));
  if (!(m >> 62)) m <<= 1, biased--;
  return is_normal(biased) ? pack((a.high ^ b.high) & SIGN, biased, __words_of(m)) : multiply_rare(x, y);
}

/* ---- division ---- */

static inline uint32_t upper_product(uint32_t a, uint32_t b) { return (uint32_t)((uint64_t)a * b >> 32); }

/* 2^62 * x / y for x from y to 2y - 1 and y of 53 bits; the lowest bit also stands for what is left. There is one division,
 * of words: v is 2^83 / y or a little less (6 at most). v is a first guess of 16 bits, made twice as exact by one step of
 * Newton's, v + v * (1 - v * y). With v, two products give 28 and 27 bits of the quotient, each a little too small, so
 * that the rest stays a few times y; the last loop, which runs twice or so, takes that away. */
static uint64_t quotient(uint64_t x, uint64_t y) {
  uint32_t upper = (uint32_t)(y >> 21), v = UINT32_MAX / ((upper >> 16) + 1) << 14;
  v += upper_product(v, (uint32_t)(((UINT64_C(1) << 62) - (uint64_t)upper * v) >> 30)) - 1;
  uint32_t q = upper_product((uint32_t)(x >> 22), v) >> 1;
  uint64_t rest = (x << 28) - q * y, sum = (uint64_t)q << 27;
  q = upper_product((uint32_t)(rest >> 24), v);
  rest = (rest << 27) - q * y, sum += q;
  while (rest >= y) rest -= y, sum++;
  return sum << 7 | (rest != 0);
}

RARE double divide_rare(double x, double y) {
  struct parts a = __parts(x), b = __parts(y);
  bool sign = a.sign != b.sign;
  if (a.kind == NAN_ || b.kind == NAN_ || (a.kind == b.kind && a.kind != FINITE)) return nan_of();
  if (a.kind == INFINITE || b.kind == ZERO) return infinity(sign);
  if (a.kind == ZERO || b.kind == INFINITE) return make(sign, 0);
  a.m >>= SPARE, b.m >>= SPARE;
  int exponent = a.exponent - b.exponent;
  if (a.m < b.m) a.m <<= 1, exponent--;
  return __round_double(sign, exponent, quotient(a.m, b.m));
}

double __divdf3(double x, double y) {
  struct words a = __words_of(__bits(x)), b = __words_of(__bits(y));
  int first = biased_exponent(a), second = biased_exponent(b), biased = first - second + BIAS;
  if (!is_normal(first) || !is_normal(second)) return divide_rare(x, y);
  uint64_t m = __all(significand(a)) >> SPARE, n = __all(significand(b)) >> SPARE;
  if (m < n) m <<= 1, biased--;
  return is_normal(biased) ? pack((a.high ^ b.high) & SIGN, biased, __words_of(quotient(m, n)))
                           : divide_rare(x, y);
}
