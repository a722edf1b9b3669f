/* softfloat_single.c - arithmetic of float, as softfloat.c has that of double: a short way for normal numbers with a normal
 * result; all others are computed as doubles, which have more than twice a float's bits, so that rounding twice gives the
 * same as once. A significand's highest bit is bit 30 here. */
#include "softfloat.h"

#define BIAS 127
#define SPARE 7       /* bits of a significand below a float's last one */
#define SPARE_LONG 39 /* the same, of a double's parts */
#define SIGN (UINT32_C(1) << 31)
#define RARE __attribute__((noinline)) static

static inline uint32_t word_of(float f) {
  union {
    float f;
    uint32_t word;
  } u = {.f = f};
  return u.word;
}

static inline float from_word(uint32_t word) {
  union {
    uint32_t word;
    float f;
  } u = {.word = word};
  return u.f;
}

static inline int biased_exponent(uint32_t word) { return (int)(word >> 23 & 255); }

/* Neither zero nor subnormal, infinite or NaN. */
static inline bool is_normal(int biased) { return (unsigned)(biased - 1) < 254; }

static inline uint32_t significand(uint32_t word) { return (word << SPARE & 0x3FFFFFFF) | UINT32_C(1) << 30; }

/* Rounds m, whose bit 30 is set; `sign` is the highest bit or 0. An exponent of 254 may become that of infinity. */
static inline float pack(uint32_t sign, int biased, uint32_t m) {
  uint32_t n = m >> SPARE, more = ((m & ((1u << SPARE) - 1)) + (1u << (SPARE - 1)) - 1 + (n & 1)) >> SPARE;
  return from_word((sign | (uint32_t)(biased - 1) << 23) + n + more);
}

/* ---- float and double ---- */

double __extendsfdf2(float f) {
  uint32_t word = word_of(f), fraction = word & 0x7FFFFF;
  int biased = biased_exponent(word);
  uint32_t sign = word & SIGN;
  if (is_normal(biased)) {
    word = word & ~SIGN;
    return __from_words((sign | word >> 3) + ((uint32_t)(1023 - BIAS) << 20), word << 29);
  }
  if (biased == 0) return __round_double(sign != 0, 62 - 149, fraction);
  return __from_words(sign | (uint32_t)2047 << 20 | fraction >> 3 | (fraction != 0 ? UINT32_C(1) << 19 : 0),
                      fraction << 29);
}

/* The float nearest to m / 2^62 * 2^exponent, where bit 62 of m is set. */
float __round_float(bool sign, int exponent, uint64_t m) {
  exponent += BIAS;
  if (exponent >= 255) return from_word((uint32_t)sign << 31 | 255u << 23);
  int shift = exponent <= 0 ? 1 - exponent : 0;
  if (shift > 62) shift = 62;
  if (shift > 0) m = m >> shift | ((m & ((UINT64_C(1) << shift) - 1)) != 0), exponent = 1;
  uint64_t rest = m & ((UINT64_C(1) << SPARE_LONG) - 1), half = UINT64_C(1) << (SPARE_LONG - 1);
  uint32_t n = (uint32_t)(m >> SPARE_LONG);
  if (rest > half || (rest == half && (n & 1))) n++;
  return from_word((uint32_t)sign << 31 | (shift > 0 ? n : ((uint32_t)(exponent - 1) << 23) + n));
}

RARE float truncate_rare(double d) {
  struct parts p = __parts(d);
  uint32_t sign = (uint32_t)p.sign << 31;
  switch (p.kind) {
  case ZERO: return from_word(sign);
  case INFINITE: return from_word(sign | 255u << 23);
  case NAN_: return from_word(sign | 0x7FC00000);
  default: return __round_float(p.sign, p.exponent, p.m);
  }
}

float __truncdfsf2(double d) {
  uint64_t bits = __bits(d);
  uint32_t high = (uint32_t)(bits >> 32), low = (uint32_t)bits;
  int biased = (int)(high >> 20 & 2047) - 1023 + BIAS;
  if (!is_normal(biased)) return truncate_rare(d);
  uint32_t m = ((high << 10 | low >> 22) & 0x3FFFFFFF) | UINT32_C(1) << 30;
  return pack(high & SIGN, biased, m | (low << 10 != 0));
}

/* ---- arithmetic ---- */

double __adddf3(double, double), __muldf3(double, double), __divdf3(double, double);

RARE float add_rare(float a, float b) { return truncate_rare(__adddf3(__extendsfdf2(a), __extendsfdf2(b))); }
RARE float multiply_rare(float a, float b) {
  return truncate_rare(__muldf3(__extendsfdf2(a), __extendsfdf2(b)));
}
RARE float divide_rare(float a, float b) {
  return truncate_rare(__divdf3(__extendsfdf2(a), __extendsfdf2(b)));
}

float __addsf3(float x, float y) {
  uint32_t a = word_of(x), b = word_of(y);
  if ((a & ~SIGN) < (b & ~SIGN)) {
    uint32_t other = a;
    a = b, b = other;
  }
  int biased = biased_exponent(a), less = biased_exponent(b), by = biased - less;
  if (biased == 255 || less == 0) return add_rare(x, y);
  uint32_t m = significand(a), n = significand(b);
  n = by > 31 ? 1 : n >> by | (n << 1 << (31 - by) != 0);
  if ((int32_t)(a ^ b) >= 0) {
    m += n;
    if (m >> 31) m = m >> 1 | (m & 1), biased++;
  } else {
    m -= n;
    if (!(m >> 30)) {
      if (m == 0) return 0;
      int shift = m >> 29 ? 1 : __builtin_clz(m) - 1;
      m <<= shift, biased -= shift;
    }
  }
  return is_normal(biased) ? pack(a & SIGN, biased, m) : add_rare(x, y);
}

float __negsf2(float a) { return from_word(word_of(a) ^ SIGN); }
float __subsf3(float a, float b) { return __addsf3(a, __negsf2(b)); }

float __mulsf3(float x, float y) {
  uint32_t a = word_of(x), b = word_of(y);
  int first = biased_exponent(a), second = biased_exponent(b), biased = first + second - BIAS + 1;
  if (!is_normal(first) || !is_normal(second)) return multiply_rare(x, y);
  uint64_t product = (uint64_t)(significand(a) << 1) * significand(b);
  uint32_t m = (uint32_t)(product >> 32) | ((uint32_t)product != 0);
  if (!(m >> 30)) m <<= 1, biased--;
  return is_normal(biased) ? pack((a ^ b) & SIGN, biased, m) : multiply_rare(x, y);
}

/* A long division, eight bits of the quotient at a time. */
float __divsf3(float x, float y) {
  uint32_t a = word_of(x), b = word_of(y);
  int first = biased_exponent(a), second = biased_exponent(b), biased = first - second + BIAS;
  if (!is_normal(first) || !is_normal(second)) return divide_rare(x, y);
  uint32_t rest = significand(a) >> SPARE, n = significand(b) >> SPARE, m = 0;
  if (rest < n) rest <<= 1, biased--;
  if (!is_normal(biased)) return divide_rare(x, y);
  rest <<= 7;
  for (int digits = 0; digits < 4; digits++) {
    m = m << 8 | rest / n;
    rest = rest % n << 8;
  }
  return pack((a ^ b) & SIGN, biased, m >> 1 | (m & 1) | (rest != 0));
}

/* ---- comparison: as softfloat_compare.c ---- */

static inline bool is_nan(uint32_t word) { return (word & ~SIGN) > UINT32_C(255) << 23; }

static inline int compare(float x, float y, int unordered) {
  uint32_t a = word_of(x), b = word_of(y);
  if (is_nan(a) || is_nan(b)) return unordered;
  if (a == b || (a | b) << 1 == 0) return 0;
  return ((int32_t)a < (int32_t)b) != ((int32_t)(a & b) < 0) ? -1 : 1;
}

int __unordsf2(float x, float y) { return is_nan(word_of(x)) || is_nan(word_of(y)); }
int __eqsf2(float x, float y) { return compare(x, y, 1); }
int __nesf2(float x, float y) { return compare(x, y, 1); }
int __ltsf2(float x, float y) { return compare(x, y, 1); }
int __lesf2(float x, float y) { return compare(x, y, 1); }
int __gtsf2(float x, float y) { return compare(x, y, -1); }
int __gesf2(float x, float y) { return compare(x, y, -1); }

/* ---- integers ---- */

static float from_integer(bool sign, uint64_t n) {
  if (n == 0) return 0;
  int shift = __builtin_clzll(n) - 1;
  uint64_t m = shift < 0 ? n >> 1 | (n & 1) : n << shift;
  return __round_float(sign, 62 - shift, m);
}

float __floatundisf(uint64_t n) { return from_integer(false, n); }
float __floatdisf(int64_t n) { return from_integer(n < 0, n < 0 ? -(uint64_t)n : (uint64_t)n); }

static inline float from_magnitude(uint32_t sign, uint32_t n) {
  if (n == 0) return 0;
  int zeros = __builtin_clz(n);
  n <<= zeros;
  return pack(sign, BIAS + 31 - zeros, n >> 1 | (n & 1));
}

float __floatunsisf(uint32_t n) { return from_magnitude(0, n); }
float __floatsisf(int32_t n) {
  return from_magnitude((uint32_t)n & SIGN, n < 0 ? -(uint32_t)n : (uint32_t)n);
}

int32_t __fixdfsi(double);
int64_t __fixdfdi(double);
uint32_t __fixunsdfsi(double);
uint64_t __fixunsdfdi(double);
int32_t __fixsfsi(float a) { return __fixdfsi(__extendsfdf2(a)); }
int64_t __fixsfdi(float a) { return __fixdfdi(__extendsfdf2(a)); }
uint32_t __fixunssfsi(float a) { return __fixunsdfsi(__extendsfdf2(a)); }
uint64_t __fixunssfdi(float a) { return __fixunsdfdi(__extendsfdf2(a)); }
