/* exponential.c - e^z, ln z and powers. */
#include "userprogs/lib/complex/internal.h"

#define HALF_MAX 5000.0L /* e^x and its square fit well */

/* e^x (cos y + i sin y), where e^x may be larger than the largest number. */
static long double complex scaled(long double x, long double y) {
  long double half = isfinite(x) && fabsl(x) > HALF_MAX ? x / 2 : 0;
  long double factor = expl(x - half), rest = expl(half);
  return CMPLXL(factor * cosl(y) * rest, y == 0 ? y : factor * sinl(y) * rest);
}

long double complex cexpl(long double complex z) {
  long double x = creall(z), y = cimagl(z);
  if (isfinite(y) && !isnan(x)) return scaled(x, y);
  if (isnan(x)) return CMPLXL(x, y == 0 ? y : (long double)NAN);
  if (isinf(x)) return x > 0 ? CMPLXL(x, NAN) : CMPLXL(0, copysignl(0, y));
  return CMPLXL(NAN, NAN);
}
NARROWER(cexp)

/* ln |z|. Near 1, |z| would have lost what matters: the logarithm is that of 1 + (x^2 + y^2 - 1). */
static long double log_of_size(long double x, long double y) {
  long double large = fabsl(x), small = fabsl(y);
  if (large < small) large = small, small = fabsl(x);
  if (large > 0.5L && large < 1.5L && small < 1.5L)
    return log1pl((large - 1) * (large + 1) + small * small) / 2;
  if (large > 0x1p16000L && isfinite(large)) return logl(hypotl(large / 4, small / 4)) + logl(4);
  return logl(hypotl(x, y));
}

long double complex clogl(long double complex z) {
  return CMPLXL(log_of_size(creall(z), cimagl(z)), cargl(z));
}
NARROWER(clog)

long double complex cpowl(long double complex z, long double complex exponent) {
  if (creall(z) == 0 && cimagl(z) == 0) {
    if (creall(exponent) == 0 && cimagl(exponent) == 0) return 1;
    if (creall(exponent) > 0) return 0;
  }
  return cexpl(exponent * clogl(z));
}
float complex cpowf(float complex z, float complex exponent) { return (float complex)cpowl(z, exponent); }
double complex cpow(double complex z, double complex exponent) { return (double complex)cpowl(z, exponent); }
