/* nextafter.c - the next number towards another: the bits of numbers of one sign rise with the number. */
#include <errno.h>
#include <math.h>
#include "userprogs/lib/math/wide.h"

static double next(double x, int direction) {
  uint64_t bits = __bits(x);
  if (bits << 1 == 0) {
    errno = ERANGE;
    return __from_bits((uint64_t)(direction < 0) << 63 | 1);
  }
  bits += (direction > 0) != (bits >> 63 != 0) ? 1 : UINT64_C(-1);
  if ((bits << 1) >> 53 == 2047 || (bits << 1) >> 53 == 0) errno = ERANGE;
  return __from_bits(bits);
}

static float next_float(float x, int direction) {
  union {
    float f;
    uint32_t word;
  } u = {.f = x};
  if (u.word << 1 == 0)
    u.word = (uint32_t)(direction < 0) << 31 | 1;
  else
    u.word += (direction > 0) != (u.word >> 31 != 0) ? 1 : UINT32_C(-1);
  if (u.word << 1 >> 24 == 255 || u.word << 1 >> 24 == 0) errno = ERANGE;
  return u.f;
}

static quad next_quad(quad x, int direction) {
  union {
    quad q;
    uint32_t word[4];
  } u = {.q = x};
  bool up = (direction > 0) != (u.word[3] >> 31 != 0);
  if (((u.word[3] << 1) | u.word[2] | u.word[1] | u.word[0]) == 0) {
    u.word[0] = 1, u.word[3] = (uint32_t)(direction < 0) << 31;
  } else if (up) {
    for (int i = 0; i < 4; i++)
      if (++u.word[i] != 0) break;
  } else {
    for (int i = 0; i < 4; i++)
      if (u.word[i]-- != 0) break;
  }
  uint32_t exponent = u.word[3] >> 16 & 0x7FFF;
  if (exponent == 0 || exponent == 0x7FFF) errno = ERANGE;
  return u.q;
}

double nextafter(double x, double y) {
  if (x != x || y != y) return __builtin_nan("");
  return x == y ? y : next(x, x < y ? 1 : -1);
}

float nextafterf(float x, float y) {
  if (x != x || y != y) return __builtin_nanf("");
  return x == y ? y : next_float(x, x < y ? 1 : -1);
}

/* As __wide_compare, for numbers that may be infinite. */
static int direction_of(struct wide x, struct wide y) {
  if (x.kind == INFINITE && y.kind == INFINITE && x.sign == y.sign) return 0;
  if (x.kind == INFINITE) return x.sign ? 1 : -1;
  if (y.kind == INFINITE) return y.sign ? -1 : 1;
  return __wide_compare(y, x);
}

quad QUAD_NAME(nextafter)(quad x, quad y) {
  struct wide v = __wide_of_quad(x), w = __wide_of_quad(y);
  if (v.kind == NAN_ || w.kind == NAN_) return __wide_to_quad(__wide_nan());
  int direction = direction_of(v, w);
  return direction == 0 ? y : next_quad(x, direction);
}

quad QUAD_NAME(nexttoward)(quad x, quad y) { return QUAD_NAME(nextafter)(x, y); }

#ifdef __pg32__
double nexttoward(double x, quad y) {
  struct wide v = __wide(x), w = __wide_of_quad(y);
  if (v.kind == NAN_ || w.kind == NAN_) return __builtin_nan("");
  int direction = direction_of(v, w);
  return direction == 0 ? __wide_to_double(w) : next(x, direction);
}

float nexttowardf(float x, quad y) {
  struct wide v = __wide(x), w = __wide_of_quad(y);
  if (v.kind == NAN_ || w.kind == NAN_) return __builtin_nanf("");
  int direction = direction_of(v, w);
  return direction == 0 ? __wide_to_float(w) : next_float(x, direction);
}
#endif
