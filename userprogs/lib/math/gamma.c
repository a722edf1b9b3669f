/* gamma.c - the gamma function: Stirling's series for arguments of 24 and more, to which smaller ones are raised by
 * gamma(x + 1) = x gamma(x). */
#include <math.h>
#include "userprogs/lib/math/wide.h"

#define LARGE 24

int signgam;

/* clang-format off */
/* The coefficients of Stirling's series: B(2k) / (2k (2k - 1)) for Bernoulli's numbers B. */
static const struct wide stirling[] = {
    {false, FINITE, -4, {0xAAAAAAAB, 0xAAAAAAAA, 0xAAAAAAAA, 0xAAAAAAAA}},
    {true, FINITE, -9, {0xB60B60B6, 0x60B60B60, 0x0B60B60B, 0xB60B60B6}},
    {false, FINITE, -11, {0xD00D00D0, 0x00D00D00, 0x0D00D00D, 0xD00D00D0}},
    {true, FINITE, -11, {0x9C09C09C, 0xC09C09C0, 0x09C09C09, 0x9C09C09C}},
    {false, FINITE, -11, {0x2A3C5632, 0x7539C037, 0xC7F91AB8, 0xDCA8F158}},
    {true, FINITE, -10, {0x9E3E40FB, 0xB5586CCC, 0xC9E3E40F, 0xFB5586CC}},
    {false, FINITE, -8, {0xD20D20D2, 0x20D20D20, 0x0D20D20D, 0xD20D20D2}},
    {true, FINITE, -6, {0x8BADCFF2, 0x03254769, 0x7A9CBEE1, 0xF2143658}},
    {false, FINITE, -3, {0xC0F03400, 0xC3B7F4B1, 0xF033FFD0, 0xB7F4B1C0}},
    {true, FINITE, 0, {0xCC3EA607, 0xEDCE7312, 0xC0F9CF6D, 0xB23B3808}},
    {false, FINITE, 3, {0x59C00B4F, 0x7A9C8864, 0x67002D3A, 0xD6722191}},
    {true, FINITE, 7, {0xE07CA39E, 0x3F712EB9, 0x6660D55B, 0x9CD9292E}},
    {false, FINITE, 11, {0xA740DA74, 0x40DA740D, 0xDA740DA7, 0x8911A740}},
    {true, FINITE, 15, {0xB48FF1B4, 0xFF6EEC24, 0xE255BF59, 0x8D0CC570}},
    {false, FINITE, 19, {0x4469CCAF, 0x19EE4FDC, 0x3708D1C2, 0xA8D1044D}},
    {true, FINITE, 23, {0xC406169B, 0x06169ABB, 0x169ABBC4, 0xE8844D8A}},
    {false, FINITE, 28, {0x19DBCC48, 0x8676F312, 0x219DBCC4, 0xB694D07B}},
    {true, FINITE, 33, {0x49761635, 0xA6024D5C, 0xF23376AE, 0xA2288CEC}},
    {false, FINITE, 38, {0x50B88127, 0x0B881273, 0xEA012735, 0xA1BBCDE4}},
    {true, FINITE, 43, {0x4AF642A2, 0x24358171, 0x03D4642A, 0xB4005BDE}},
    {false, FINITE, 48, {0xEAE46D99, 0xC3A9E6DA, 0x78FBAAE3, 0xDE466B7C}},
    {true, FINITE, 54, {0xD884644B, 0x40509F4F, 0x77729BCB, 0x977D7628}},
    {false, FINITE, 59, {0x2D4F335D, 0x0B6B0A35, 0x5AF0BED9, 0xE2E1337F}},
    {true, FINITE, 65, {0x86CDEEA2, 0xB4F92FF9, 0x8AD89016, 0xB9E09405}},
    {false, FINITE, 71, {0xC8BF3F7C, 0x0326AB4C, 0xE71AC7C8, 0xA5F7EEF9}},
};
/* clang-format on */

/* ln gamma(z) = (z - 1/2) ln z - z + ln sqrt(2 pi) + B2 / (1 * 2 z) + B4 / (3 * 4 z^3) + ..., for z >= LARGE */
static struct wide series(struct wide z, enum precision precision) {
  struct wide inverse = __wide_div(__wide_one(), z), square = __wide_mul(inverse, inverse);
  int terms = precision == FOR_DOUBLE ? 10 : 20;
  struct wide sum = stirling[terms - 1];
  for (int i = terms - 2; i >= 0; i--) sum = __wide_add(stirling[i], __wide_mul(square, sum));
  struct wide half = __wide_scale(__wide_one(), -1);
  struct wide main = __wide_sub(__wide_mul(__wide_sub(z, half), __wide_log(z, precision)), z);
  return __wide_add(main, __wide_add(__wide_log(__root_two_pi, precision), __wide_mul(sum, inverse)));
}

/* Raises x, above 0, to LARGE at least; the product of what it was on the way. */
static struct wide raise_to_large(struct wide *x) {
  struct wide product = __wide_one(), large = __wide_of_int(LARGE);
  while (__wide_compare(*x, large) < 0) product = __wide_mul(product, *x), *x = __wide_add(*x, __wide_one());
  return product;
}

/* sin(pi x), where x may be large */
static struct wide sin_pi(struct wide x, enum precision precision) {
  struct wide half = __wide_scale(x, -1);
  int exponent = half.exponent;
  if (exponent < 29) half = __wide_sub(half, __wide_of_int(__wide_nearest(half)));
  return __wide_sin(__wide_mul(__wide_scale(half, 1), __pi), precision);
}

static struct wide positive_gamma(struct wide x, enum precision precision) {
  if (x.exponent > 14) return __wide_infinity(false);
  struct wide product = raise_to_large(&x);
  return __wide_div(__wide_exp(series(x, precision), precision), product);
}

static struct wide tgamma_of(struct wide x, enum precision precision) {
  if (x.kind == NAN_ || (x.kind == INFINITE && !x.sign)) return x;
  if (x.kind == ZERO) return __wide_infinity(x.sign);
  if (x.kind == INFINITE || (x.sign && __wide_is_whole(x))) return __wide_nan();
  if (!x.sign) return positive_gamma(x, precision);
  struct wide s = sin_pi(x, precision), other = positive_gamma(__wide_sub(__wide_one(), x), precision);
  return __wide_div(__pi, __wide_mul(s, other));
}

static struct wide positive_lgamma(struct wide x, enum precision precision) {
  struct wide product = raise_to_large(&x), sum = series(x, precision);
  return __wide_compare(product, __wide_one()) == 0 ? sum : __wide_sub(sum, __wide_log(product, precision));
}

static struct wide with_sign(struct wide x, enum precision precision, int *sign) {
  *sign = x.kind == ZERO && x.sign ? -1 : 1;
  if (x.kind == NAN_) return x;
  if (x.kind != FINITE || (x.sign && __wide_is_whole(x))) return __wide_infinity(false);
  if (!x.sign) {
    struct wide two = __wide_of_int(2);
    if (__wide_compare(x, two) == 0 || __wide_compare(x, __wide_one()) == 0) return __wide_zero(false);
    return positive_lgamma(x, precision);
  }
  struct wide s = sin_pi(x, precision);
  *sign = s.sign ? -1 : 1;
  struct wide first = __wide_log(__wide_div(__pi, __wide_abs(s)), precision);
  return __wide_sub(first, positive_lgamma(__wide_sub(__wide_one(), x), precision));
}

static struct wide lgamma_of(struct wide x, enum precision precision) {
  return with_sign(x, precision, &signgam);
}

double lgamma_r(double x, int *sign) {
  struct wide w = __wide(x);
  return __result(with_sign(w, FOR_DOUBLE, sign), w, w);
}

double gamma(double x) { return lgamma(x); }

FUNCTION_OF_ONE(tgamma, tgamma_of)
FUNCTION_OF_ONE(lgamma, lgamma_of)
