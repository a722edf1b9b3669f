/* atan.c - arctangents: x = tan(a + b), where a is the arctangent of the sixteenth next to x; b = (x - c) / (1 + c x) is
 * small, and its series has few terms. */
#include <math.h>
#include "userprogs/lib/math/wide.h"

/* clang-format off */
/* The arctangents of 1/16 to 16/16. */
static const struct wide atan_of_sixteenths[] = {
    {false, FINITE, -5, {0x0E2E0D51, 0xCB2792DC, 0x67EF4E36, 0xFFAADDB9}},
    {false, FINITE, -4, {0x3E888EF8, 0xC897989F, 0x617B6E32, 0xFEADD4D5}},
    {false, FINITE, -3, {0x1C9C7488, 0x7B0B4F88, 0x72D81134, 0xBDCBDA5E}},
    {false, FINITE, -3, {0xF7A217E6, 0x6DC79EF5, 0x6406EB15, 0xFADBAFC9}},
    {false, FINITE, -2, {0xD27AF328, 0xC5ABB498, 0x3F5E5E69, 0x9B13B9B8}},
    {false, FINITE, -2, {0xDCFE4483, 0x8AA32122, 0x26F78473, 0xB7B0CA0F}},
    {false, FINITE, -2, {0x001E7136, 0x427C95E9, 0x611FE5B6, 0xD327761E}},
    {false, FINITE, -2, {0xBC3A8D03, 0x6FE445EC, 0x0DDA7B45, 0xED63382B}},
    {false, FINITE, -1, {0x61A515C1, 0x4B6A09CB, 0xD9867E2A, 0x832BF4A6}},
    {false, FINITE, -1, {0x65C43748, 0x5C835E16, 0xF7F59F9B, 0x8F005D5E}},
    {false, FINITE, -1, {0x204FF3BD, 0x4226F8E2, 0x71BDDA20, 0x9A2F80E6}},
    {false, FINITE, -1, {0x457DAC9F, 0x19A87F2A, 0x34F70924, 0xA4BC7D19}},
    {false, FINITE, -1, {0x3E52070A, 0x14725E2F, 0xB4D8C080, 0xAEAC4C38}},
    {false, FINITE, -1, {0x10A4443D, 0xCB2DA552, 0xC2319E73, 0xB8053E2B}},
    {false, FINITE, -1, {0x6E92FA25, 0x89DD62C4, 0xAC526640, 0xC0CE85B8}},
    {false, FINITE, -1, {0x80DC1CD1, 0xC4C6628B, 0x2168C234, 0xC90FDAA2}},
};
/* clang-format on */

/* t (1 - t^2 (1/3 - t^2/5 + ...)) for |t| <= 1/32 */
static struct wide small(struct wide t, enum precision precision) {
  if (t.kind == ZERO) return t;
  struct fixed f = __fixed(t), square = __fixed_mul(f, f);
  int terms = precision == FOR_DOUBLE ? 7 : 13;
  return __wide_mul(t, __one_minus(__fixed_mul(square, __series(__one_over_odd, 1, terms, square, true))));
}

/* For 0 <= x <= 1. */
static struct wide up_to_one(struct wide x, enum precision precision) {
  int j = __wide_nearest(__wide_scale(x, 4));
  if (j == 0) return small(x, precision);
  struct wide c = __wide_scale(__wide_of_int(j), -4);
  struct wide t = __wide_div(__wide_sub(x, c), __wide_add(__wide_one(), __wide_mul(x, c)));
  return __wide_add(small(t, precision), atan_of_sixteenths[j - 1]);
}

struct wide __wide_atan(struct wide x, enum precision precision) {
  bool sign = x.sign;
  if (x.kind == NAN_ || x.kind == ZERO) return x;
  x.sign = false;
  struct wide result = __half_pi;
  if (x.kind == FINITE && __wide_compare(x, __wide_one()) <= 0)
    result = up_to_one(x, precision);
  else if (x.kind == FINITE)
    result = __wide_sub(__half_pi, up_to_one(__wide_div(__wide_one(), x), precision));
  result.sign = sign;
  return result;
}

/* The angle of the point (x, y). */
static struct wide atan2_of(struct wide y, struct wide x, enum precision precision) {
  if (y.kind == NAN_ || x.kind == NAN_) return __wide_nan();
  struct wide quotient = __wide_one();
  if (y.kind != x.kind || y.kind == FINITE) quotient = __wide_div(__wide_abs(y), __wide_abs(x));
  if (y.kind == ZERO) quotient = __wide_zero(false);
  struct wide angle = __wide_atan(quotient, precision);
  if (x.sign) angle = __wide_sub(__pi, angle);
  angle.sign = y.sign;
  return angle;
}

/* x / sqrt((1 - x) (1 + x)) is the tangent of the angle whose sine is x. */
static struct wide asin_of(struct wide x, enum precision precision) {
  if (x.kind == NAN_ || x.kind == ZERO) return x;
  if (x.kind == INFINITE) return __wide_nan();
  struct wide one = __wide_one(), product = __wide_mul(__wide_sub(one, x), __wide_add(one, x));
  return __wide_atan(__wide_div(x, __wide_sqrt(product)), precision);
}

/* 2 atan(sqrt((1 - x) / (1 + x))) */
static struct wide acos_of(struct wide x, enum precision precision) {
  if (x.kind == NAN_ || x.kind == INFINITE) return __wide_nan();
  struct wide one = __wide_one(), quotient = __wide_div(__wide_sub(one, x), __wide_add(one, x));
  return __wide_scale(__wide_atan(__wide_sqrt(quotient), precision), 1);
}

FUNCTION_OF_ONE(atan, __wide_atan)
FUNCTION_OF_TWO(atan2, atan2_of)
FUNCTION_OF_ONE(asin, asin_of)
FUNCTION_OF_ONE(acos, acos_of)
