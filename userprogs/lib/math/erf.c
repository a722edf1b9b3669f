/* erf.c - the error function: a series of positive terms for small arguments, a continued fraction for large ones. */
#include <math.h>
#include "userprogs/lib/math/wide.h"

/* 16 bits more than the result needs: erfc(3) is 1 - 0.99998.
 * 2 / sqrt(pi) x e^(-x^2) (1 + 2 x^2 / 3 + (2 x^2)^2 / (3 * 5) + ...), for |x| < 3 */
static struct wide series(struct wide x, enum precision precision) {
  struct wide square = __wide_mul(x, x), term = __wide_one(), sum = term;
  for (int n = 3; term.kind == FINITE && term.exponent > -(int)precision - 16; n += 2) {
    term = __wide_div(__wide_mul(term, __wide_scale(square, 1)), __wide_of_int(n));
    sum = __wide_add(sum, term);
  }
  struct wide factor = __wide_mul(__two_over_root_pi, __wide_exp(__wide_negate(square), precision));
  return __wide_mul(__wide_mul(factor, x), sum);
}

/* e^(-x^2) / sqrt(pi) / (x + (1/2) / (x + (2/2) / (x + (3/2) / ...))), for x >= 3 */
static struct wide fraction(struct wide x, enum precision precision) {
  struct wide f = x;
  for (int k = precision == FOR_DOUBLE ? 56 : 144; k > 0; k--)
    f = __wide_add(x, __wide_div(__wide_scale(__wide_of_int(k), -1), f));
  struct wide e = __wide_exp(__wide_negate(__wide_mul(x, x)), precision);
  return __wide_div(__wide_mul(__wide_scale(__two_over_root_pi, -1), e), f);
}

static bool is_small(struct wide x) { return __wide_compare(__wide_abs(x), __wide_of_int(3)) < 0; }

static struct wide erf_of(struct wide x, enum precision precision) {
  if (x.kind == NAN_ || x.kind == ZERO) return x;
  struct wide result = __wide_one();
  if (x.kind == FINITE && is_small(x)) return series(x, precision);
  if (x.kind == FINITE && x.exponent < 5) result = __wide_sub(result, fraction(__wide_abs(x), precision));
  result.sign = x.sign;
  return result;
}

static struct wide erfc_of(struct wide x, enum precision precision) {
  if (x.kind == NAN_) return x;
  if (x.kind == INFINITE) return x.sign ? __wide_of_int(2) : __wide_zero(false);
  if (x.kind == ZERO || x.sign || is_small(x)) return __wide_sub(__wide_one(), erf_of(x, precision));
  return fraction(x, precision);
}

FUNCTION_OF_ONE(erf, erf_of)
FUNCTION_OF_ONE(erfc, erfc_of)
