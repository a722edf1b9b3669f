/* wide_convert.c - from float and double to numbers with 128 bits, and back. */
#include <errno.h>
#include "userprogs/lib/math/wide.h"

struct wide __wide(double x) {
  struct parts p = __parts(x);
  return (struct wide){p.sign, p.kind, p.exponent, {0, 0, (uint32_t)(p.m << 1), (uint32_t)(p.m >> 31)}};
}

/* The highest bits with bit 62 set; the lowest one stands for the others. */
static uint64_t upper(const struct wide *x) {
  uint64_t m = (uint64_t)x->m[3] << 32 | x->m[2];
  return m >> 1 | (m & 1) | ((x->m[1] | x->m[0]) != 0);
}

double __wide_to_double(struct wide x) {
  if (x.kind == NAN_) return __builtin_nan("");
  if (x.kind == INFINITE) return x.sign ? -__builtin_inf() : __builtin_inf();
  if (x.kind == ZERO) return x.sign ? -0.0 : 0.0;
  if (x.exponent > 2000) x.exponent = 2000;
  if (x.exponent < -2000) x.exponent = -2000;
  return __round_double(x.sign, x.exponent, upper(&x));
}

float __wide_to_float(struct wide x) {
  if (x.kind != FINITE) return (float)__wide_to_double(x);
  if (x.exponent > 2000) x.exponent = 2000;
  if (x.exponent < -2000) x.exponent = -2000;
  return __round_float(x.sign, x.exponent, upper(&x));
}

static bool is_finite(struct wide x) { return x.kind == FINITE || x.kind == ZERO; }

/* `is_tiny`: the result is 0 or subnormal, though the function's value is not 0. */
static void set_errno(struct wide result, bool is_infinite, bool is_tiny, struct wide x, struct wide y) {
  if (result.kind == NAN_ && x.kind != NAN_ && y.kind != NAN_) errno = EDOM;
  if (is_infinite && is_finite(x) && is_finite(y)) errno = ERANGE;
  if (is_tiny && result.kind == FINITE) errno = ERANGE;
}

double __result(struct wide result, struct wide x, struct wide y) {
  double d = __wide_to_double(result);
  uint64_t magnitude = __bits(d) << 1;
  set_errno(result, magnitude == UINT64_C(2047) << 53, magnitude >> 53 == 0, x, y);
  return d;
}

float __result_float(struct wide result, struct wide x, struct wide y) {
  float f = __wide_to_float(result);
  union {
    float f;
    uint32_t word;
  } u = {.f = f};
  set_errno(result, u.word << 1 == 255u << 24, u.word << 1 >> 24 == 0, x, y);
  return f;
}
