/* log.c - logarithms: x = 2^k m, c the sixteenth next to m, and ln(m / c) = 2 artanh((m - c) / (m + c)), whose series has
 * few terms. For x near 1 that c is 1, and nothing is lost. */
#include <math.h>
#include "userprogs/lib/math/wide.h"

/* clang-format off */
/* The logarithms of 11/16 to 23/16; that of 16/16 is 0. */
static const struct wide log_of_sixteenths[] = {
    {true, FINITE, -2, {0x244BCCB0, 0x37EDA996, 0xC0A8DF6F, 0xBFD7D1DE}},
    {true, FINITE, -2, {0x0554E152, 0xDF5BB3B6, 0xA6DC93C1, 0x934B1089}},
    {true, FINITE, -3, {0x406E66E7, 0x5F53BD2E, 0x56CF1B79, 0xD49F69E4}},
    {true, FINITE, -3, {0x96F40F1E, 0x9C5A0FE3, 0x3F23DEF1, 0x88BC7411}},
    {true, FINITE, -4, {0x19B96098, 0x1FECDFA8, 0xF1D03445, 0x842CC5AC}},
    {.kind = ZERO},
    {false, FINITE, -5, {0x5997898D, 0xE64B8B77, 0x8B15330B, 0xF8518600}},
    {false, FINITE, -4, {0xF4F0AAEE, 0x543FFF0F, 0x57972F4F, 0xF1383B71}},
    {false, FINITE, -3, {0x091DD7F3, 0x9F105039, 0x3C9E9E43, 0xAFF98385}},
    {false, FINITE, -3, {0xFDCD1257, 0x2EC0F797, 0xD4D10D61, 0xE47FBE3C}},
    {false, FINITE, -2, {0x3717047E, 0xE63EAB88, 0x5D30701C, 0x8B3AE55D}},
    {false, FINITE, -2, {0xE39A20AF, 0x5BD9BD99, 0xE2F613E8, 0xA30C5E10}},
    {false, FINITE, -2, {0x9F7BCB56, 0x12629FD6, 0xDE8034E7, 0xB9CEBFB5}},
};
/* clang-format on */

/* 2 artanh(s) = 2 s (1 + s^2 (1/3 + s^2/5 + ...)) for |s| < 1/32 */
static struct wide twice_artanh(struct wide s, enum precision precision) {
  if (s.kind == ZERO) return s;
  struct fixed t = __fixed(s), square = __fixed_mul(t, t);
  struct fixed rest =
      __fixed_mul(square, __series(__one_over_odd, 1, precision == FOR_DOUBLE ? 6 : 12, square, false));
  return __wide_scale(__wide_mul(s, __one_plus(rest)), 1);
}

struct wide __wide_log(struct wide x, enum precision precision) {
  if (x.kind == NAN_) return x;
  if (x.kind == ZERO) return __wide_infinity(true);
  if (x.sign) return __wide_nan();
  if (x.kind == INFINITE) return x;
  int k = x.exponent;
  x.exponent = 0;
  int c = __wide_nearest(__wide_scale(x, 4));
  if (c > 23) x.exponent = -1, k++, c = __wide_nearest(__wide_scale(x, 4));
  struct wide sixteenths = __wide_scale(__wide_of_int(c), -4);
  struct wide s = __wide_div(__wide_sub(x, sixteenths), __wide_add(x, sixteenths));
  struct wide rest = __wide_add(twice_artanh(s, precision), log_of_sixteenths[c - 11]);
  return k == 0 ? rest : __wide_add(__wide_mul(__wide_of_int(k), __ln2), rest);
}

/* ln(1 + x): for small x directly, since 1 + x would lose what x has at its end. */
struct wide __wide_log1p(struct wide x, enum precision precision) {
  if (x.kind == NAN_ || x.kind == ZERO) return x;
  if (x.kind == FINITE && x.exponent < -5)
    return twice_artanh(__wide_div(x, __wide_add(x, __wide_scale(__wide_one(), 1))), precision);
  return __wide_log(__wide_add(x, __wide_one()), precision);
}

static struct wide log2_of(struct wide x, enum precision precision) {
  return __wide_mul(__wide_log(x, precision), __one_over_ln2);
}

static struct wide log10_of(struct wide x, enum precision precision) {
  return __wide_mul(__wide_log(x, precision), __one_over_ln10);
}

FUNCTION_OF_ONE(log, __wide_log)
FUNCTION_OF_ONE(log1p, __wide_log1p)
FUNCTION_OF_ONE(log2, log2_of)
FUNCTION_OF_ONE(log10, log10_of)
