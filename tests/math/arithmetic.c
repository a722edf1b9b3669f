/* arithmetic.c - the library's arithmetic of float, double and long double, compiled for the host (names begin with
 * pg_), against the host's processor and, for long double, the host compiler's __float128: the same bits for each
 * operation, comparison and conversion. It prints how many pairs of numbers agreed, and stops at the first that does not.
 *
 *   arithmetic N    N pairs of numbers for each type */
#include <math.h>
#include <quadmath.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef __float128 quad;

static uint64_t state = 88172645463325252u;
static uint64_t chance(void) {
  state ^= state << 13, state ^= state >> 7, state ^= state << 17;
  return state;
}

/* ---- numbers: any bits, and often those at which rounding, overflow and underflow begin ---- */

/* A fraction of `width` bits: random, a few bits only, or all ones but a few. */
static uint64_t fraction(int width) {
  uint64_t bits = chance(), few = UINT64_C(1) << chance() % 64 | UINT64_C(1) << chance() % 64;
  switch (chance() % 4) {
  case 0: bits = few; break;
  case 1: bits = ~few; break;
  case 2: bits = bits << chance() % 64; break;
  }
  return width < 64 ? bits & ((UINT64_C(1) << width) - 1) : bits;
}

/* An exponent: any, near 1.0, or at one of both ends. */
static uint64_t exponent(int width) {
  uint64_t most = (UINT64_C(1) << width) - 1, near = most / 2 - 70 + chance() % 140;
  switch (chance() % 8) {
  case 0: return chance() % 3;
  case 1: return most - chance() % 3;
  case 2: return chance() & most;
  default: return near & most;
  }
}

static double some_double(void) {
  uint64_t bits = chance() << 63 | exponent(11) << 52 | fraction(52);
  double d;
  memcpy(&d, &bits, sizeof d);
  return d;
}

static float some_float(void) {
  uint32_t bits = (uint32_t)(chance() << 31 | exponent(8) << 23 | fraction(23));
  float f;
  memcpy(&f, &bits, sizeof f);
  return f;
}

static quad some_quad(void) {
  uint64_t word[2] = {fraction(64), chance() << 63 | exponent(15) << 48 | fraction(48)};
  quad q;
  memcpy(&q, word, sizeof q);
  return q;
}

/* A second number near the first, every fourth time, so that they cancel. */
#define NEAR(type, x, other) \
  (chance() % 4 ? (other) : (type)(-(x) * (type)(1 + (type)1 / (UINT64_C(1) << chance() % 60))))

/* ---- comparison of results ---- */

static void stop(const char *what, const void *a, const void *b, const void *is, const void *should,
                 size_t n) {
  const void *all[] = {a, b, is, should};
  printf("%s differs:", what);
  for (int i = 0; i < 4; i++) {
    putchar(' ');
    for (size_t j = n; j-- > 0;) printf("%02x", ((const unsigned char *)all[i])[j]);
  }
  putchar('\n');
  exit(1);
}

#define SAME(type, what, a, b, is_, should_)                                     \
  do {                                                                           \
    type is = is_, should = should_;                                             \
    if (memcmp(&is, &should, sizeof is) != 0 && !(is != is && should != should)) \
      stop(what, &a, &b, &is, &should, sizeof is);                               \
  } while (0)
#define SAME_INTEGER(what, a, is, should)                                                             \
  do {                                                                                                \
    long long i_ = (long long)(is), s_ = (long long)(should);                                         \
    if (i_ != s_) printf("%s: %lld, not %lld: ", what, i_, s_), stop(what, &a, &a, &a, &a, sizeof a); \
  } while (0)

/* ---- one type: its suffix in libgcc's names, and its functions of <math.h> ---- */

#define DECLARE(type, s)                                                                   \
  type pg___add##s##3(type, type), pg___sub##s##3(type, type), pg___mul##s##3(type, type), \
      pg___div##s##3(type, type);                                                          \
  type pg___neg##s##2(type);                                                               \
  int pg___eq##s##2(type, type), pg___lt##s##2(type, type), pg___le##s##2(type, type),     \
      pg___gt##s##2(type, type), pg___ge##s##2(type, type), pg___unord##s##2(type, type);  \
  int32_t pg___fix##s##si(type);                                                           \
  int64_t pg___fix##s##di(type);                                                           \
  uint32_t pg___fixuns##s##si(type);                                                       \
  uint64_t pg___fixuns##s##di(type);                                                       \
  type pg___floatsi##s(int32_t), pg___floatdi##s(int64_t), pg___floatunsi##s(uint32_t),    \
      pg___floatundi##s(uint64_t);
DECLARE(double, df)
DECLARE(float, sf)
DECLARE(quad, tf)
double pg___extendsfdf2(float), pg___trunctfdf2(quad), pg_sqrt(double), pg_fma(double, double, double);
float pg___truncdfsf2(double), pg___trunctfsf2(quad), pg_sqrtf(float), pg_fmaf(float, float, float);
quad pg___extendsftf2(float), pg___extenddftf2(double), pg_sqrt_quad(quad), pg_fma_quad(quad, quad, quad);

/* The conversions of C say nothing about what does not fit. */
#define CHECK(type, s, number, sqrt_is, sqrt_should, fma_is, fma_should)                                     \
  static void check_##s(void) {                                                                              \
    type a = number(), b = NEAR(type, a, number()), c = NEAR(type, a * b, number());                         \
    int64_t n = (int64_t)chance() >> chance() % 64;                                                          \
    SAME(type, #type " +", a, b, pg___add##s##3(a, b), a + b);                                               \
    SAME(type, #type " -", a, b, pg___sub##s##3(a, b), a - b);                                               \
    SAME(type, #type " *", a, b, pg___mul##s##3(a, b), a *b);                                                \
    SAME(type, #type " /", a, b, pg___div##s##3(a, b), a / b);                                               \
    SAME(type, #type " sqrt", a, b, sqrt_is(a), sqrt_should(a));                                             \
    SAME(type, #type " fma", a, b, fma_is(a, b, c), fma_should(a, b, c));                                    \
    SAME_INTEGER(#type " ==", a, pg___eq##s##2(a, b) == 0, a == b);                                          \
    SAME_INTEGER(#type " <", a, pg___lt##s##2(a, b) < 0, a < b);                                             \
    SAME_INTEGER(#type " <=", a, pg___le##s##2(a, b) <= 0, a <= b);                                          \
    SAME_INTEGER(#type " >", a, pg___gt##s##2(a, b) > 0, a > b);                                             \
    SAME_INTEGER(#type " >=", a, pg___ge##s##2(a, b) >= 0, a >= b);                                          \
    SAME_INTEGER(#type " unordered", a, pg___unord##s##2(a, b) != 0, a != a || b != b);                      \
    if (a > -0x1p31f && a < 0x1p31f) SAME_INTEGER(#type " to int", a, pg___fix##s##si(a), (int32_t)a);       \
    if (a > -0x1p63f && a < 0x1p63f) SAME_INTEGER(#type " to long long", a, pg___fix##s##di(a), (int64_t)a); \
    if (a > -1 && a < 0x1p32f) SAME_INTEGER(#type " to unsigned", a, pg___fixuns##s##si(a), (uint32_t)a);    \
    if (a > -1 && a < 0x1p64f)                                                                               \
      SAME_INTEGER(#type " to unsigned long long", a, pg___fixuns##s##di(a), (uint64_t)a);                   \
    SAME(type, "int to " #type, n, n, pg___floatsi##s((int32_t)n), (type)(int32_t)n);                        \
    SAME(type, "long long to " #type, n, n, pg___floatdi##s(n), (type)n);                                    \
    SAME(type, "unsigned to " #type, n, n, pg___floatunsi##s((uint32_t)n), (type)(uint32_t)n);               \
    SAME(type, "unsigned long long to " #type, n, n, pg___floatundi##s((uint64_t)n), (type)(uint64_t)n);     \
  }

/* libquadmath's sqrtq is not always right; fmaq is exact, and so the square tells. */
static quad right_root(quad x) {
  int exponent;
  if (!(x > 0) || isinfq(x)) return sqrtq(x);
  x = frexpq(x, &exponent);
  if (exponent % 2 != 0) x *= 2, exponent--; /* in [1/2, 2), where nothing underflows */
  quad r = sqrtq(x);
  for (quad near = nextafterq(r, 0); near <= nextafterq(r, 2); near = nextafterq(near, 2)) {
    /* x lies between the squares of the middles to both neighbours: near^2 -/+ near ulp, and a little */
    quad rest = fmaq(-near, near, x), above = nextafterq(near, 2) - near, below = near - nextafterq(near, 0);
    if (rest <= near * above && rest > -near * below) return ldexpq(near, exponent / 2);
  }
  return r;
}

CHECK(double, df, some_double, pg_sqrt, sqrt, pg_fma, fma)
CHECK(float, sf, some_float, pg_sqrtf, sqrtf, pg_fmaf, fmaf)
CHECK(quad, tf, some_quad, pg_sqrt_quad, right_root, pg_fma_quad, fmaq)

static void check_conversions(void) {
  double d = some_double();
  float f = some_float();
  quad q = some_quad();
  SAME(double, "float to double", f, f, pg___extendsfdf2(f), f);
  SAME(quad, "float to long double", f, f, pg___extendsftf2(f), f);
  SAME(quad, "double to long double", d, d, pg___extenddftf2(d), d);
  SAME(float, "double to float", d, d, pg___truncdfsf2(d), (float)d);
  SAME(double, "long double to double", q, q, pg___trunctfdf2(q), (double)q);
  SAME(float, "long double to float", q, q, pg___trunctfsf2(q), (float)q);
}

int main(int argc, char **argv) {
  long n = argc > 1 ? atol(argv[1]) : 100000;
  for (long i = 0; i < n; i++) {
    check_sf();
    check_df();
    check_tf();
    check_conversions();
  }
  printf("%ld pairs of each type agree\n", n);
  return 0;
}
