/* trigonometry.c - the hyperbolic functions, and the trigonometric ones by them: sin z = -i sinh iz. */
#include "userprogs/lib/complex/internal.h"

#define LARGE 11000.0L /* e^x is close to the largest number, or beyond */

/* (e^|x| / 2) (cos y + i sin y): both functions where |x| is large, but for signs. */
static long double complex large_half(long double x, long double y) {
  return cexpl(CMPLXL(fabsl(x) - 0.693147180559945309417232121458176568L, y));
}

/* A product in which zero is stronger than infinity. */
static long double product(long double a, long double b) {
  return a == 0 || b == 0 ? copysignl(0, a) * copysignl(1, b) : a * b;
}

/* Where y is infinite or NaN. */
static long double complex odd_sinh(long double x, long double y) {
  if (x == 0) return CMPLXL(x, y - y);
  if (isinf(x)) return CMPLXL(x, y - y);
  return CMPLXL(NAN, NAN);
}

long double complex csinhl(long double complex z) {
  long double x = creall(z), y = cimagl(z);
  if (!isfinite(y)) return odd_sinh(x, y);
  if (isnan(x)) return CMPLXL(x, y == 0 ? y : x);
  if (isfinite(x) && fabsl(x) > LARGE) {
    long double complex e = large_half(x, y);
    return CMPLXL(copysignl(1, x) * creall(e), cimagl(e));
  }
  if (y == 0) return CMPLXL(sinhl(x), y);
  return CMPLXL(product(sinhl(x), cosl(y)), product(coshl(x), sinl(y)));
}
NARROWER(csinh)

long double complex ccoshl(long double complex z) {
  long double x = creall(z), y = cimagl(z);
  if (!isfinite(y)) {
    if (isinf(x)) return CMPLXL(INFINITY, NAN);
    return CMPLXL(NAN, x == 0 ? x : (long double)NAN);
  }
  if (isnan(x)) return CMPLXL(x, y == 0 ? y : x);
  if (isfinite(x) && fabsl(x) > LARGE) {
    long double complex e = large_half(x, y);
    return CMPLXL(creall(e), copysignl(1, x) * cimagl(e));
  }
  if (y == 0) return CMPLXL(coshl(x), x < 0 || (x == 0 && signbit(x)) ? -y : y);
  return CMPLXL(product(coshl(x), cosl(y)), product(sinhl(x), sinl(y)));
}
NARROWER(ccosh)

/* With t = tan y and s = sinh x: (s sqrt(1 + s^2) (1 + t^2) + i t) / (1 + (1 + t^2) s^2). */
long double complex ctanhl(long double complex z) {
  long double x = creall(z), y = cimagl(z);
  if (isinf(x)) return CMPLXL(copysignl(1, x), copysignl(0, isfinite(y) ? sinl(y) * cosl(y) : y));
  if (isnan(x)) return CMPLXL(x, y == 0 ? y : x);
  if (!isfinite(y)) return CMPLXL(x == 0 ? x : (long double)NAN, NAN);
  if (fabsl(x) > LARGE / 4) return CMPLXL(copysignl(1, x), 4 * sinl(y) * cosl(y) * expl(-2 * fabsl(x)));
  long double t = tanl(y), s = sinhl(x), beta = 1 + t * t, rho = sqrtl(1 + s * s);
  if (isinf(t)) return CMPLXL(rho / s, 1 / t);
  long double below = 1 + beta * s * s;
  return CMPLXL(beta * rho * s / below, t / below);
}
NARROWER(ctanh)

long double complex csinl(long double complex z) { return over_i(csinhl(times_i(z))); }
long double complex ccosl(long double complex z) { return ccoshl(times_i(z)); }
long double complex ctanl(long double complex z) { return over_i(ctanhl(times_i(z))); }
NARROWER(csin)
NARROWER(ccos)
NARROWER(ctan)
