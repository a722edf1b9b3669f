/* math.c - the functions of <math.h> whose results are exact, or rounded once: see math.h. */
#include <errno.h>
#include <math.h>
#include "softfloat.h"

#define SIGN (UINT64_C(1) << 63)

double fabs(double x) { return __from_bits(__bits(x) & ~SIGN); }
double copysign(double x, double y) { return __from_bits((__bits(x) & ~SIGN) | (__bits(y) & SIGN)); }

double trunc(double x) {
  struct parts p = __parts(x);
  if (p.kind != FINITE || p.exponent >= 52) return x;
  if (p.exponent < 0) return __from_bits(__bits(x) & SIGN);
  return __from_bits(__bits(x) & ~(FRACTION >> p.exponent));
}

double floor(double x) {
  double t = trunc(x);
  return t > x ? t - 1 : t;
}

double ceil(double x) {
  double t = trunc(x);
  return t < x ? copysign(t + 1, x) : t;
}

/* Halves go away from zero. */
double round(double x) {
  double t = trunc(x);
  return fabs(x - t) >= 0.5 ? t + copysign(1, x) : copysign(t, x);
}

/* Halves go to the even number. */
double rint(double x) {
  double t = trunc(x), rest = fabs(x - t);
  if (rest < 0.5 || (rest == 0.5 && fmod(t, 2) == 0) || rest != rest) return copysign(t, x);
  return t + copysign(1, x);
}

double nearbyint(double x) { return rint(x); }

double modf(double x, double *whole) {
  *whole = trunc(x);
  return copysign(__builtin_isinf(x) ? 0 : x - *whole, x);
}

double frexp(double x, int *exponent) {
  struct parts p = __parts(x);
  *exponent = 0;
  if (p.kind != FINITE) return x;
  *exponent = p.exponent + 1;
  return __round_double(p.sign, -1, p.m);
}

double ldexp(double x, int exponent) {
  struct parts p = __parts(x);
  if (p.kind != FINITE) return x;
  if (exponent > 5000) exponent = 5000;
  if (exponent < -5000) exponent = -5000;
  double result = __round_double(p.sign, p.exponent + exponent, p.m);
  unsigned biased = (unsigned)(__bits(result) >> 52 & 2047);
  if (biased == 2047 || biased == 0) errno = ERANGE;
  return result;
}

double scalbn(double x, int exponent) { return ldexp(x, exponent); }

double fmod(double x, double y) {
  struct parts a = __parts(x), b = __parts(y);
  if (a.kind == NAN_ || b.kind == NAN_ || a.kind == INFINITE || b.kind == ZERO) {
    if (a.kind != NAN_ && b.kind != NAN_) errno = EDOM;
    return __builtin_nan("");
  }
  if (a.kind == ZERO || b.kind == INFINITE || a.exponent < b.exponent) return x;
  for (int shift = a.exponent - b.exponent; shift > 0 && a.m != 0; shift--) {
    if (a.m >= b.m) a.m -= b.m;
    a.m <<= 1;
  }
  if (a.m >= b.m) a.m -= b.m;
  return __round_double(a.sign, b.exponent, a.m);
}

/* Bit by bit: the largest root whose square is not above m. */
double sqrt(double x) {
  struct parts p = __parts(x);
  if (p.kind == ZERO || p.kind == NAN_ || (p.kind == INFINITE && !p.sign)) return x;
  if (p.sign) {
    errno = EDOM;
    return __builtin_nan("");
  }
  bool odd = p.exponent % 2 != 0;
  uint64_t rest = 0, root = 0, m = p.m << (odd ? 1 : 0); /* in [1, 4) * 2^62 */
  for (int i = 0; i < 62; i++) {                         /* two bits of m at a time, zeros behind its end */
    rest = rest << 2 | m >> 62;
    m <<= 2, root <<= 1;
    if (rest > 2 * root) rest -= 2 * root + 1, root |= 1;
  }
  return __round_double(false, (p.exponent - odd) / 2, root << 1 | (rest != 0));
}
