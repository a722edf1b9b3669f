/* exp.c - e^x: x = k ln 2 + r, and the series of e^r for |r| <= ln 2 / 2. */
#include <math.h>
#include "userprogs/lib/math/wide.h"

#define TOO_LARGE 20 /* exponents of x: the result is beyond every long double */

/* x - k ln 2, where k is next to x / ln 2. */
static struct wide reduce(struct wide x, int *k) {
  *k = __wide_nearest(__wide_mul(x, __one_over_ln2));
  if (*k == 0) return x;
  struct wide n = __wide_of_int(*k);
  return __wide_sub(__wide_sub(x, __wide_mul(n, __ln2_high)), __wide_mul(n, __ln2_low));
}

/* e^r - 1 = r (1 + r (1/2! + r/3! + r^2/4! + ...)), exact for small r, too */
static struct wide small(struct wide r, enum precision precision) {
  if (r.kind == ZERO) return r;
  int terms = precision == FOR_DOUBLE ? 16 : 26;
  struct fixed t = __fixed(r), rest = __fixed_mul(t, __series(__one_over_factorial, 1, terms, t, r.sign));
  return __wide_mul(r, r.sign ? __one_minus(rest) : __one_plus(rest));
}

struct wide __wide_exp(struct wide x, enum precision precision) {
  int k;
  if (x.kind == NAN_ || x.kind == ZERO) return x.kind == NAN_ ? x : __wide_one();
  if (x.kind == INFINITE) return x.sign ? __wide_zero(false) : x;
  if (x.exponent > TOO_LARGE) x = __wide_scale(x, TOO_LARGE - x.exponent);
  struct wide r = reduce(x, &k);
  return __wide_scale(__wide_add(__wide_one(), small(r, precision)), k);
}

struct wide __wide_expm1(struct wide x, enum precision precision) {
  if (x.kind == NAN_ || x.kind == ZERO) return x;
  if (x.kind == INFINITE) return x.sign ? __wide_negate(__wide_one()) : x;
  if (__wide_nearest(__wide_mul(x, __one_over_ln2)) == 0) return small(x, precision);
  return __wide_sub(__wide_exp(x, precision), __wide_one());
}

/* 2^k * e^(f ln 2): whole numbers give exact results. */
static struct wide exp2_of(struct wide x, enum precision precision) {
  if (x.kind != FINITE) return __wide_exp(x, precision);
  if (x.exponent > TOO_LARGE) x = __wide_scale(x, TOO_LARGE - x.exponent);
  int k = __wide_nearest(x);
  struct wide f = __wide_mul(__wide_sub(x, __wide_of_int(k)), __ln2);
  return __wide_scale(__wide_add(__wide_one(), small(f, precision)), k);
}

static struct wide exp10_of(struct wide x, enum precision precision) {
  return __wide_exp(__wide_mul(x, __ln10), precision);
}

FUNCTION_OF_ONE(exp, __wide_exp)
FUNCTION_OF_ONE(expm1, __wide_expm1)
FUNCTION_OF_ONE(exp2, exp2_of)
FUNCTION_OF_ONE(exp10, exp10_of)
