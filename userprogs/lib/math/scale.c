/* scale.c - exponents: frexp, ldexp, logb and their kin for each type. */
#include <errno.h>
#include <limits.h>
#include <math.h>
#include "userprogs/lib/math/wide.h"

NO_BUILTIN float frexpf(float x, int *exponent) { return (float)frexp(x, exponent); }
NO_BUILTIN float ldexpf(float x, int exponent) {
  struct wide w = __wide(x);
  return w.kind == FINITE ? __result_float(__wide_scale(w, exponent > 5000    ? 5000
                                                           : exponent < -5000 ? -5000
                                                                              : exponent),
                                           w, w)
                          : x;
}
NO_BUILTIN float scalbnf(float x, int exponent) { return ldexpf(x, exponent); }

static int clamp(long n) { return n > 5000 ? 5000 : n < -5000 ? -5000 : (int)n; }
double scalbln(double x, long exponent) { return ldexp(x, clamp(exponent)); }
NO_BUILTIN float scalblnf(float x, long exponent) { return ldexpf(x, clamp(exponent)); }

static int ilogb_of(struct wide x) {
  if (x.kind == FINITE) return x.exponent;
  errno = EDOM;
  return x.kind == ZERO || x.kind == NAN_ ? INT_MIN : INT_MAX;
}

int ilogb(double x) { return ilogb_of(__wide(x)); }
int ilogbf(float x) { return ilogb_of(__wide(x)); }
int QUAD_NAME(ilogb)(quad x) { return ilogb_of(__wide_of_quad(x)); }

static struct wide logb_of(struct wide x, enum precision precision) {
  (void)precision;
  if (x.kind == ZERO) return __wide_infinity(true);
  return x.kind == FINITE ? __wide_of_int(x.exponent) : __wide_abs(x);
}
FUNCTION_OF_ONE(logb, logb_of)

quad QUAD_NAME(frexp)(quad x, int *exponent) {
  struct wide w = __wide_of_quad(x);
  *exponent = w.kind == FINITE ? w.exponent + 1 : 0;
  if (w.kind != FINITE) return x;
  w.exponent = -1;
  return __wide_to_quad(w);
}

quad QUAD_NAME(scalbln)(quad x, long exponent) {
  struct wide w = __wide_of_quad(x);
  int by = exponent > 50000 ? 50000 : exponent < -50000 ? -50000 : (int)exponent;
  return w.kind == FINITE ? __result_quad(__wide_scale(w, by), w, w) : x;
}
quad QUAD_NAME(ldexp)(quad x, int exponent) { return QUAD_NAME(scalbln)(x, exponent); }
quad QUAD_NAME(scalbn)(quad x, int exponent) { return QUAD_NAME(scalbln)(x, exponent); }
