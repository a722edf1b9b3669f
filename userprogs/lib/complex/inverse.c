/* inverse.c - the inverse functions, with Kahan's formulas: by the square roots of 1 + z and 1 - z, so that each is right
 * on both sides of its cuts. */
#include "userprogs/lib/complex/internal.h"

static long double complex one_plus(long double complex z) { return CMPLXL(1 + creall(z), cimagl(z)); }
static long double complex one_minus(long double complex z) { return CMPLXL(1 - creall(z), -cimagl(z)); }
static bool any_inf(long double complex z) { return isinf(creall(z)) || isinf(cimagl(z)); }
static bool any_nan(long double complex z) { return isnan(creall(z)) || isnan(cimagl(z)); }

/* The parts of a product of which only one is wanted. */
static long double real_of(long double complex a, long double complex b) {
  return creall(a) * creall(b) - cimagl(a) * cimagl(b);
}
static long double imaginary_of(long double complex a, long double complex b) {
  return creall(a) * cimagl(b) + cimagl(a) * creall(b);
}

long double complex casinhl(long double complex z) {
  long double x = creall(z), y = cimagl(z);
  if (any_inf(z))
    return CMPLXL(isnan(x) ? INFINITY : copysignl(INFINITY, x), isnan(x) ? x : atan2l(y, fabsl(x)));
  if (any_nan(z)) return CMPLXL(NAN, y == 0 ? y : (long double)NAN);
  /* asin w = atan2(re w, re(sqrt(1 + w) sqrt(1 - w))) + i asinh(im(sqrt(1 + w) conj(sqrt(1 - w)))), where w = i z */
  long double complex w = times_i(z), plus = csqrtl(one_plus(w)), minus = csqrtl(one_minus(w));
  long double complex asin =
      CMPLXL(atan2l(creall(w), real_of(plus, minus)), asinhl(imaginary_of(plus, conjl(minus))));
  return over_i(asin);
}
NARROWER(casinh)

long double complex casinl(long double complex z) { return over_i(casinhl(times_i(z))); }
NARROWER(casin)

long double complex cacosl(long double complex z) {
  long double x = creall(z), y = cimagl(z);
  if (any_inf(z))
    return CMPLXL(isnan(x) ? x : atan2l(fabsl(y), x), isnan(y) ? INFINITY : -copysignl(INFINITY, y));
  if (any_nan(z)) return CMPLXL(x == 0 ? PI_2 : (long double)NAN, NAN);
  long double complex plus = csqrtl(one_plus(z)), minus = csqrtl(one_minus(z));
  return CMPLXL(2 * atan2l(creall(minus), creall(plus)), asinhl(imaginary_of(conjl(plus), minus)));
}
NARROWER(cacos)

long double complex cacoshl(long double complex z) {
  long double complex w = cacosl(z);
  return signbit(cimagl(z)) ? CMPLXL(cimagl(w), -creall(w)) : CMPLXL(-cimagl(w), creall(w));
}
NARROWER(cacosh)

/* ln((1 + z) / (1 - z)) / 2 */
long double complex catanhl(long double complex z) {
  long double x = creall(z), y = cimagl(z), a = fabsl(x), b = fabsl(y);
  if (any_inf(z)) return CMPLXL(copysignl(0, x), isnan(y) ? y : copysignl(PI_2, y));
  if (any_nan(z)) return CMPLXL(x == 0 ? x : (long double)NAN, NAN);
  if (a == 1 && b == 0) return CMPLXL(copysignl(INFINITY, x), y);
  if (a > 0x1p60L || b > 0x1p60L) { /* Re 1/z is all that is left of the logarithm */
    long double size = hypotl(a, b);
    return CMPLXL(x / size / size, copysignl(PI_2, y));
  }
  long double real = log1pl(4 * a / ((1 - a) * (1 - a) + b * b)) / 4;
  return CMPLXL(copysignl(real, x), atan2l(2 * y, (1 - a) * (1 + a) - b * b) / 2);
}
NARROWER(catanh)

long double complex catanl(long double complex z) { return over_i(catanhl(times_i(z))); }
NARROWER(catan)
