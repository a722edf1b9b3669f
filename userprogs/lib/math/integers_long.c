/* integers_long.c - long double to whole numbers. */
#include <limits.h>
#include <math.h>
#include "userprogs/lib/math/wide.h"

/* Towards zero; *rest becomes the part behind the point. */
static struct wide whole_of(struct wide x, struct wide *rest) {
  struct wide whole = x;
  *rest = __wide_zero(x.sign);
  if (x.kind != FINITE || x.exponent >= 127) return x;
  if (x.exponent < 0) {
    *rest = x;
    return __wide_zero(x.sign);
  }
  int drop = 127 - x.exponent;
  for (int i = 0; i < 4; i++, drop -= 32)
    if (drop > 0) whole.m[i] &= drop >= 32 ? 0 : ~UINT32_C(0) << drop;
  *rest = __wide_sub(x, whole);
  rest->sign = x.sign;
  return whole;
}

static struct wide away(struct wide whole, bool sign) {
  struct wide one = __wide_one(), sum;
  one.sign = sign;
  sum = __wide_add(whole, one);
  sum.sign = sign;
  return sum;
}

static int compare_with_half(struct wide rest) {
  return rest.kind == ZERO ? -1 : __wide_compare(__wide_abs(rest), __wide_scale(__wide_one(), -1));
}

static struct wide trunc_of(struct wide x) {
  struct wide rest;
  return whole_of(x, &rest);
}

static struct wide floor_of(struct wide x) {
  struct wide rest, whole = whole_of(x, &rest);
  return rest.kind == FINITE && x.sign ? away(whole, true) : whole;
}

static struct wide ceil_of(struct wide x) {
  struct wide rest, whole = whole_of(x, &rest);
  return rest.kind == FINITE && !x.sign ? away(whole, false) : whole;
}

static struct wide round_of(struct wide x) {
  struct wide rest, whole = whole_of(x, &rest);
  return compare_with_half(rest) >= 0 ? away(whole, x.sign) : whole;
}

static struct wide rint_of(struct wide x) {
  struct wide rest, whole = whole_of(x, &rest);
  int c = compare_with_half(rest);
  return c > 0 || (c == 0 && __wide_is_odd(whole)) ? away(whole, x.sign) : whole;
}

#define QUAD_TO_QUAD(name, function) \
  quad QUAD_NAME(name)(quad x) { return __wide_to_quad(function(__wide_of_quad(x))); }
QUAD_TO_QUAD(trunc, trunc_of)
QUAD_TO_QUAD(floor, floor_of)
QUAD_TO_QUAD(ceil, ceil_of)
QUAD_TO_QUAD(round, round_of)
QUAD_TO_QUAD(rint, rint_of)
QUAD_TO_QUAD(nearbyint, rint_of)

quad QUAD_NAME(modf)(quad x, quad *whole) {
  struct wide rest;
  *whole = __wide_to_quad(whole_of(__wide_of_quad(x), &rest));
  if (__wide_of_quad(x).kind == NAN_) return x;
  return __wide_to_quad(rest);
}

/* What does not fit is the type's least number. */
static long long to_long_long(struct wide x) {
  if (x.kind == ZERO) return 0;
  if (x.kind != FINITE || x.exponent >= 63) return LLONG_MIN;
  uint64_t n = ((uint64_t)x.m[3] << 32 | x.m[2]) >> (63 - x.exponent);
  return x.sign ? -(long long)n : (long long)n;
}

static long to_long(struct wide x) {
  long long n = to_long_long(x);
  return n < LONG_MIN || n > LONG_MAX ? LONG_MIN : (long)n;
}

long long QUAD_NAME(llround)(quad x) { return to_long_long(round_of(__wide_of_quad(x))); }
long long QUAD_NAME(llrint)(quad x) { return to_long_long(rint_of(__wide_of_quad(x))); }
long QUAD_NAME(lround)(quad x) { return to_long(round_of(__wide_of_quad(x))); }
long QUAD_NAME(lrint)(quad x) { return to_long(rint_of(__wide_of_quad(x))); }
