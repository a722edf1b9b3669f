/* sqrt.c - the square root whose real part is not negative. */
#include "userprogs/lib/complex/internal.h"

long double complex csqrtl(long double complex z) {
  long double x = creall(z), y = cimagl(z), scale = 1;
  if (isinf(y)) return CMPLXL(INFINITY, y);
  if (x == 0 && y == 0) return CMPLXL(0, y);
  if (isinf(x)) {
    if (x > 0) return CMPLXL(x, isnan(y) ? y : copysignl(0, y));
    return CMPLXL(isnan(y) ? y : 0, copysignl(x, y));
  }
  if (isnan(x) || isnan(y)) return CMPLXL(NAN, NAN);
  if (fabsl(x) > 0x1p16380L || fabsl(y) > 0x1p16380L) x /= 16, y /= 16, scale = 4;
  if (fabsl(x) < 0x1p-16000L && fabsl(y) < 0x1p-16000L) x *= 0x1p400L, y *= 0x1p400L, scale = 0x1p-200L;
  long double root = sqrtl((fabsl(x) + hypotl(x, y)) / 2);
  if (x >= 0) return CMPLXL(root * scale, y / (2 * root) * scale);
  return CMPLXL(fabsl(y) / (2 * root) * scale, copysignl(root, y) * scale);
}
NARROWER(csqrt)
