/* softfloat.c - arithmetic of double and float by integers, as IEEE 754 has it: rounded to the nearest number, ties to
 * the even one. PG32 has no floating-point instructions, so compilers call these functions; the names are libgcc's.
 *
 * A finite number that is not zero is taken apart into a sign, an exponent and a significand m whose highest bit is
 * bit 62: its value is m / 2^62 * 2^exponent. The ten bits below a double's last one, and a lowest bit that stands for
 * all that was shifted out, make every result exact before it is rounded once. A float's sum, product and quotient are
 * computed as doubles: a double has more than twice a float's bits, so rounding twice gives the same as once.
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

/* Shifts right; what falls out is kept in the lowest bit. */
static uint64_t shift_sticky(uint64_t m, int by) {
  if (by <= 0) return m;
  if (by > 63) return m != 0;
  return m >> by | ((m << (64 - by)) != 0);
}

/* The double nearest to m / 2^62 * 2^exponent, whatever m is. */
double __round_double(bool sign, int exponent, uint64_t m) {
  if (m == 0) return make(sign, 0);
  if (m >> 63) m = shift_sticky(m, 1), exponent++;
  int shift = __builtin_clzll(m) - 1;
  m <<= shift, exponent += BIAS - shift;
  if (exponent >= 2047) return infinity(sign);
  if (exponent <= 0)
    m = shift_sticky(m, 1 - exponent), exponent = 1; /* subnormal, or it rounds up to normal */
  unsigned rest = (unsigned)m & ((1u << SPARE) - 1), half = 1u << (SPARE - 1);
  m >>= SPARE;
  if (rest > half || (rest == half && (m & 1))) m++;
  uint64_t result = ((uint64_t)(exponent - 1) << 52) + m; /* the highest bit adds 1 to the exponent */
  return make(sign, result);
}

/* ---- the usual case: a normal number from normal ones ---- */

static inline int biased_exponent(uint64_t bits) { return (int)(bits >> 52 & 2047); }

/* Neither zero nor subnormal, infinite or NaN. */
static inline bool is_normal(int biased) { return biased != 0 && biased != 2047; }

static inline uint64_t significand(uint64_t bits) {
  return (bits & FRACTION) << SPARE | UINT64_C(1) << (52 + SPARE);
}

/* Rounds m, whose bit 62 is set. An exponent of 2046 may become that of infinity, as it should. */
static inline double pack(uint64_t sign, int biased, uint64_t m) {
  uint32_t rest = (uint32_t)m & ((1u << SPARE) - 1);
  m >>= SPARE;
  m += (rest + (1u << (SPARE - 1)) - 1 + ((uint32_t)m & 1)) >> SPARE;
  return __from_bits(sign + ((uint64_t)(biased - 1) << 52) + m);
}

/* ---- addition ---- */

static double add_finite(struct parts a, struct parts b) {
  if (a.exponent < b.exponent || (a.exponent == b.exponent && a.m < b.m)) {
    struct parts other = a;
    a = b, b = other;
  }
  b.m = shift_sticky(b.m, a.exponent - b.exponent);
  if (a.sign == b.sign) return __round_double(a.sign, a.exponent, a.m + b.m);
  return a.m == b.m ? 0 : __round_double(a.sign, a.exponent, a.m - b.m);
}

/* Whether both numbers and the result are normal; then *sum is it. */
static inline bool add_normal(uint64_t a, uint64_t b, double *sum) {
  const uint64_t sign_bit = UINT64_C(1) << 63;
  if ((a & ~sign_bit) < (b & ~sign_bit)) {
    uint64_t other = a;
    a = b, b = other;
  }
  int biased = biased_exponent(a), less = biased_exponent(b);
  if (!is_normal(biased) || !is_normal(less)) return false;
  uint64_t m = significand(a), n = shift_sticky(significand(b), biased - less);
  if ((a ^ b) >> 63 == 0) {
    m += n;
    if (m >> 63) m = m >> 1 | (m & 1), biased++;
  } else {
    m -= n;
    if (m == 0) return false;
    int shift = m >> 62 ? 0 : m >> 61 ? 1 : __builtin_clzll(m) - 1;
    m <<= shift, biased -= shift;
  }
  if (biased < 1 || biased > 2046) return false;
  *sum = pack(a & sign_bit, biased, m);
  return true;
}

double __adddf3(double x, double y) {
  double sum;
  if (add_normal(__bits(x), __bits(y), &sum)) return sum;
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

double __negdf2(double x) { return __from_bits(__bits(x) ^ UINT64_C(1) << 63); }
double __subdf3(double x, double y) { return __adddf3(x, __negdf2(y)); }

/* ---- multiplication and division ---- */

/* The upper 64 bits of a product; its lowest bit also stands for all below. */
static uint64_t multiply_high(uint64_t a, uint64_t b) {
  uint32_t al = (uint32_t)a, ah = (uint32_t)(a >> 32), bl = (uint32_t)b, bh = (uint32_t)(b >> 32);
  uint64_t low = (uint64_t)al * bl, middle = (uint64_t)ah * bl, other = (uint64_t)al * bh;
  uint64_t carry = (low >> 32) + (uint32_t)middle + (uint32_t)other;
  uint64_t high = (uint64_t)ah * bh + (middle >> 32) + (other >> 32) + (carry >> 32);
  return high | ((uint32_t)carry != 0 || (uint32_t)low != 0);
}

static inline bool multiply_normal(uint64_t a, uint64_t b, double *product) {
  int first = biased_exponent(a), second = biased_exponent(b), biased = first + second - BIAS + 1;
  if (!is_normal(first) || !is_normal(second)) return false;
  uint64_t m = multiply_high(significand(a) << 1, significand(b));
  if (!(m >> 62)) m <<= 1, biased--;
  if (biased < 1 || biased > 2046) return false;
  *product = pack((a ^ b) & UINT64_C(1) << 63, biased, m);
  return true;
}

double __muldf3(double x, double y) {
  double product;
  if (multiply_normal(__bits(x), __bits(y), &product)) return product;
  struct parts a = __parts(x), b = __parts(y);
  bool sign = a.sign != b.sign;
  if (a.kind == NAN_ || b.kind == NAN_) return nan_of();
  if (a.kind == INFINITE || b.kind == INFINITE)
    return a.kind == ZERO || b.kind == ZERO ? nan_of() : infinity(sign);
  if (a.kind == ZERO || b.kind == ZERO) return make(sign, 0);
  return __round_double(sign, a.exponent + b.exponent + 1, multiply_high(a.m << 1, b.m));
}

double __divdf3(double x, double y) {
  struct parts a = __parts(x), b = __parts(y);
  bool sign = a.sign != b.sign;
  if (a.kind == NAN_ || b.kind == NAN_ || (a.kind == b.kind && a.kind != FINITE)) return nan_of();
  if (a.kind == INFINITE || b.kind == ZERO) return infinity(sign);
  if (a.kind == ZERO || b.kind == INFINITE) return make(sign, 0);
  uint64_t rest = a.m, quotient = 0;
  int exponent = a.exponent - b.exponent;
  if (rest < b.m) rest <<= 1, exponent--;
  for (int i = 0; i < 63; i++) {
    quotient <<= 1;
    if (rest >= b.m) rest -= b.m, quotient |= 1;
    rest <<= 1;
  }
  return __round_double(sign, exponent, quotient | (rest != 0));
}

/* ---- comparison ---- */

/* Rises with the number; -0 and +0 are the same. */
static int64_t key(double x) {
  int64_t bits = (int64_t)__bits(x);
  return bits < 0 ? INT64_MIN - bits : bits;
}

static bool is_nan(double x) { return (__bits(x) & ~(UINT64_C(1) << 63)) > UINT64_C(2047) << 52; }
int __unorddf2(double x, double y) { return is_nan(x) || is_nan(y); }

static int compare(double x, double y, int unordered) {
  if (__unorddf2(x, y)) return unordered;
  return (key(x) > key(y)) - (key(x) < key(y));
}

int __eqdf2(double x, double y) { return compare(x, y, 1); }
int __nedf2(double x, double y) { return compare(x, y, 1); }
int __ltdf2(double x, double y) { return compare(x, y, 1); }
int __ledf2(double x, double y) { return compare(x, y, 1); }
int __gtdf2(double x, double y) { return compare(x, y, -1); }
int __gedf2(double x, double y) { return compare(x, y, -1); }

/* ---- integers ---- */

static double from_integer(bool sign, uint64_t n) { return __round_double(sign, 62, n); }
static uint64_t magnitude(int64_t n) { return n < 0 ? -(uint64_t)n : (uint64_t)n; }

double __floatundidf(uint64_t n) { return from_integer(false, n); }
double __floatdidf(int64_t n) { return from_integer(n < 0, magnitude(n)); }
double __floatunsidf(uint32_t n) { return from_integer(false, n); }
double __floatsidf(int32_t n) { return from_integer(n < 0, magnitude(n)); }

/* Towards zero; what is too large is `most`, and a NaN is 0. */
static uint64_t whole(struct parts p, uint64_t most) {
  if (p.kind == ZERO || p.kind == NAN_ || (p.kind == FINITE && p.exponent < 0)) return 0;
  if (p.kind == INFINITE || p.exponent > 63) return most;
  uint64_t n = p.exponent == 63 ? p.m << 1 : p.m >> (62 - p.exponent);
  return n < most ? n : most;
}

int64_t __fixdfdi(double x) {
  struct parts p = __parts(x);
  uint64_t n = whole(p, (uint64_t)INT64_MAX + p.sign);
  return (int64_t)(p.sign ? -n : n);
}

int32_t __fixdfsi(double x) {
  struct parts p = __parts(x);
  uint64_t n = whole(p, (uint64_t)INT32_MAX + p.sign);
  return (int32_t)(p.sign ? -n : n);
}

uint64_t __fixunsdfdi(double x) {
  struct parts p = __parts(x);
  return p.sign ? 0 : whole(p, UINT64_MAX);
}

uint32_t __fixunsdfsi(double x) {
  struct parts p = __parts(x);
  return p.sign ? 0 : (uint32_t)whole(p, UINT32_MAX);
}
