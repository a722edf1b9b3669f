/* remainder.c - what a division by a whole quotient leaves, exactly: bit after bit of the quotient. */
#include <errno.h>
#include <math.h>
#include "userprogs/lib/math/wide.h"

/* x - q y, where the sign is that of x and q is cut off, or where q is the whole number next to x / y; the lowest bits of
 * q with the sign of the quotient. */
static struct wide rest_of(struct wide x, struct wide y, bool nearest, int *quotient) {
  *quotient = 0;
  if (x.kind == NAN_ || y.kind == NAN_ || x.kind == INFINITE || y.kind == ZERO) return __wide_nan();
  if (x.kind == ZERO || y.kind == INFINITE) return x;
  struct wide rest = __wide_abs(x), divisor = __wide_abs(y);
  unsigned q = 0;
  for (int shift = x.exponent - y.exponent; shift >= 0 && rest.kind == FINITE; shift--) {
    struct wide part = __wide_scale(divisor, shift);
    q <<= 1;
    if (__wide_compare(rest, part) >= 0) rest = __wide_sub(rest, part), q |= 1;
    if (rest.kind == ZERO) q <<= shift < 31 ? shift : 31;
  }
  if (nearest && rest.kind == FINITE) {
    int c = __wide_compare(__wide_scale(rest, 1), divisor);
    if (c > 0 || (c == 0 && (q & 1))) rest = __wide_sub(rest, divisor), q++;
  }
  *quotient = (int)(q & 0x7FFFFFFF) * (x.sign != y.sign ? -1 : 1);
  if (rest.kind == ZERO) return __wide_zero(x.sign);
  rest.sign = rest.sign != x.sign;
  return rest;
}

double remquo(double x, double y, int *quotient) {
  struct wide v = __wide(x), w = __wide(y);
  return __result(rest_of(v, w, true, quotient), v, w);
}

float remquof(float x, float y, int *quotient) {
  struct wide v = __wide(x), w = __wide(y);
  return __result_float(rest_of(v, w, true, quotient), v, w);
}

quad QUAD_NAME(remquo)(quad x, quad y, int *quotient) {
  struct wide v = __wide_of_quad(x), w = __wide_of_quad(y);
  return __result_quad(rest_of(v, w, true, quotient), v, w);
}

static struct wide remainder_of(struct wide x, struct wide y, enum precision precision) {
  int quotient;
  (void)precision;
  return rest_of(x, y, true, &quotient);
}
FUNCTION_OF_TWO(remainder, remainder_of)

quad QUAD_NAME(fmod)(quad x, quad y) {
  struct wide v = __wide_of_quad(x), w = __wide_of_quad(y);
  int quotient;
  return __result_quad(rest_of(v, w, false, &quotient), v, w);
}

NO_BUILTIN float fmodf(float x, float y) { return (float)fmod(x, y); }
double drem(double x, double y) { return remainder(x, y); }
