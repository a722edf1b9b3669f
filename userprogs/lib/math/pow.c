/* pow.c - x^y = e^(y ln x), and the cases that have no logarithm. */
#include <math.h>
#include "userprogs/lib/math/wide.h"

struct wide __wide_power(struct wide x, struct wide y, enum precision precision) {
  return __wide_exp(__wide_mul(y, __wide_log(x, precision)), precision);
}

/* 0 or infinity to the power of y, which is not 0. */
static struct wide extreme(struct wide x, struct wide y) {
  bool sign = x.sign && __wide_is_odd(y);
  return (x.kind == ZERO) == y.sign ? __wide_infinity(sign) : __wide_zero(sign);
}

/* x to the power of an infinity. */
static struct wide infinite(struct wide x, bool minus) {
  int c = x.kind == INFINITE ? 1 : __wide_compare(__wide_abs(x), __wide_one());
  if (c == 0) return __wide_one();
  return (c > 0) != minus ? __wide_infinity(false) : __wide_zero(false);
}

static struct wide pow_of(struct wide x, struct wide y, enum precision precision) {
  bool one = x.kind == FINITE && !x.sign && __wide_compare(x, __wide_one()) == 0;
  if (y.kind == ZERO || one) return __wide_one();
  if (x.kind == NAN_ || y.kind == NAN_) return __wide_nan();
  if (y.kind == INFINITE) return infinite(x, y.sign);
  if (x.kind != FINITE) return extreme(x, y);
  if (x.sign && !__wide_is_whole(y)) return __wide_nan();
  struct wide result = __wide_power(__wide_abs(x), y, precision);
  result.sign = x.sign && __wide_is_odd(y);
  return result;
}

FUNCTION_OF_TWO(pow, pow_of)

/* x^(1/3); exact where the root is. */
static struct wide cbrt_of(struct wide x, enum precision precision) {
  if (x.kind != FINITE) return x;
  struct wide third = __wide_div(__wide_log(__wide_abs(x), precision), __wide_of_int(3));
  struct wide result = __wide_exp(third, precision);
  result.sign = x.sign;
  return result;
}

FUNCTION_OF_ONE(cbrt, cbrt_of)

static struct wide hypot_of(struct wide x, struct wide y, enum precision precision) {
  (void)precision;
  if (x.kind == INFINITE || y.kind == INFINITE) return __wide_infinity(false);
  return __wide_sqrt(__wide_add(__wide_mul(x, x), __wide_mul(y, y)));
}

FUNCTION_OF_TWO(hypot, hypot_of)
