/* hyperbolic.c - sinh, cosh, tanh and their inverses, by e^x - 1 and ln(1 + x), which lose nothing for small x. */
#include <math.h>
#include "userprogs/lib/math/wide.h"

/* (t + t / (t + 1)) / 2, where t = e^|x| - 1 */
static struct wide sinh_of(struct wide x, enum precision precision) {
  if (x.kind != FINITE) return x;
  struct wide t = __wide_expm1(__wide_abs(x), precision);
  struct wide result = __wide_scale(__wide_add(t, __wide_div(t, __wide_add(t, __wide_one()))), -1);
  result.sign = x.sign;
  return result;
}

static struct wide cosh_of(struct wide x, enum precision precision) {
  struct wide t = __wide_exp(__wide_abs(x), precision);
  if (t.kind != FINITE) return t;
  return __wide_scale(__wide_add(t, __wide_div(__wide_one(), t)), -1);
}

/* t / (t + 2), where t = e^2|x| - 1 */
static struct wide tanh_of(struct wide x, enum precision precision) {
  if (x.kind == NAN_ || x.kind == ZERO) return x;
  struct wide result = __wide_one();
  if (x.kind == FINITE && x.exponent < 8) {
    struct wide t = __wide_expm1(__wide_scale(__wide_abs(x), 1), precision);
    result = __wide_div(t, __wide_add(t, __wide_of_int(2)));
  }
  result.sign = x.sign;
  return result;
}

/* ln(1 + x + x^2 / (1 + sqrt(1 + x^2))) */
static struct wide asinh_of(struct wide x, enum precision precision) {
  if (x.kind != FINITE) return x;
  struct wide a = __wide_abs(x), square = __wide_mul(a, a), one = __wide_one();
  struct wide rest = __wide_div(square, __wide_add(one, __wide_sqrt(__wide_add(one, square))));
  struct wide result = __wide_log1p(__wide_add(a, rest), precision);
  result.sign = x.sign;
  return result;
}

/* ln(1 + t + sqrt(2 t + t^2)), where t = x - 1 */
static struct wide acosh_of(struct wide x, enum precision precision) {
  if (x.kind == NAN_ || (x.kind == INFINITE && !x.sign)) return x;
  struct wide t = __wide_sub(x, __wide_one());
  if (x.sign || t.sign) return __wide_nan();
  struct wide root = __wide_sqrt(__wide_add(__wide_scale(t, 1), __wide_mul(t, t)));
  if (t.kind == ZERO) return t;
  return __wide_log1p(__wide_add(t, root), precision);
}

/* ln(1 + 2x / (1 - x)) / 2 */
static struct wide atanh_of(struct wide x, enum precision precision) {
  if (x.kind == NAN_ || x.kind == ZERO) return x;
  struct wide a = __wide_abs(x), t = __wide_sub(__wide_one(), a);
  if (x.kind == INFINITE || t.sign) return __wide_nan();
  struct wide result = __wide_scale(__wide_log1p(__wide_div(__wide_scale(a, 1), t), precision), -1);
  result.sign = x.sign;
  return result;
}

FUNCTION_OF_ONE(sinh, sinh_of)
FUNCTION_OF_ONE(cosh, cosh_of)
FUNCTION_OF_ONE(tanh, tanh_of)
FUNCTION_OF_ONE(asinh, asinh_of)
FUNCTION_OF_ONE(acosh, acosh_of)
FUNCTION_OF_ONE(atanh, atanh_of)
