/* rounding.c - the functions of <math.h> that are exact, in all three types, the classification macros, and errno; the
 * host's library is the oracle (tests/libc.t). A long double is given only values of doubles, so that the host's, which
 * has fewer bits, gives the same. */
#define _GNU_SOURCE
#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t state = 88172645463325252u;

static uint64_t chance(void) {
  state ^= state << 13, state ^= state >> 7, state ^= state << 17;
  return state;
}

static void show(double d) {
  uint64_t bits;
  memcpy(&bits, &d, sizeof d);
  if (d != d)
    printf("nan ");
  else
    printf("%08x%08x ", (unsigned)(bits >> 32), (unsigned)bits);
}

/* Halves and their neighbours, whole numbers, and any. */
static double number(int i) {
  static const double fixed[] = {0,
                                 -0.0,
                                 0.5,
                                 -0.5,
                                 1.5,
                                 2.5,
                                 -2.5,
                                 0.49999999999999994,
                                 4503599627370497.5,
                                 9007199254740992,
                                 1e300,
                                 -1e-300,
                                 5e-324,
                                 HUGE_VAL,
                                 -HUGE_VAL,
                                 0x1p31,
                                 -0x1p31,
                                 0x1p63,
                                 3e9};
  if (i < (int)(sizeof fixed / sizeof *fixed)) return fixed[i];
  int64_t bits = (int64_t)chance();
  int down = (int)(chance() % 60), point = (int)(chance() % 40);
  return (double)(bits >> down) / (double)(UINT64_C(1) << point);
}

static void of_one(double x) {
  double whole;
  float whole_float;
  long double whole_long;
  int e;
  float f = (float)x;
  long double l = x;
  show(floorf(f)), show(ceilf(f)), show(truncf(f)), show(roundf(f)), show(rintf(f)), show(nearbyintf(f)),
      show(sqrtf(f)), show(fabsf(f));
  show((double)floorl(l)), show((double)ceill(l)), show((double)truncl(l)), show((double)roundl(l)),
      show((double)rintl(l));
  show((double)fabsl(l)), show((double)sqrtl(l * l)), show(logb(x)), show(logbf(f)), show((double)logbl(l));
  show(modff(f, &whole_float)), show(whole_float), show((double)modfl(l, &whole_long)),
      show((double)whole_long);
  show(modf(x, &whole)), show(whole);
  show(frexpf(f, &e)), printf("%d ", isfinite(f) ? e : 0), show((double)frexpl(l, &e)),
      printf("%d ", isfinite(x) ? e : 0);
  show(ldexpf(f, -3)), show((double)ldexpl(l, 5)), show(scalbln(x, 7)), show(scalbnf(f, 200)),
      show((double)scalblnl(l, -9));
  printf("%d %d %d ", ilogb(x), ilogbf(f), ilogbl(l));
  if (fabs(x) < 2e9) printf("%d %d %d ", (int)lround(x), (int)lrintf(f), (int)lrintl(l));
  if (fabs(x) < 9e18) printf("%lld %lld %lld %lld\n", llround(x), llrint(x), llroundl(l), llrintf(f));
  printf("%d%d%d%d%d%d ", isnan(x), isinf(x) != 0, isfinite(f), isnormal(x), signbit(l) != 0, isnormal(f));
  printf("%d%d\n", fpclassify(x) == FP_SUBNORMAL, fpclassify(l) == FP_ZERO);
}

static void of_two(double x, double y) {
  int q;
  float f = (float)x, g = (float)y;
  long double l = x, m = y;
  show(fmax(x, y) + 0), show(fmin(x, y) + 0), show(fdim(x, y)), show(fmaxf(f, g) + 0), show(fminf(f, g) + 0),
      show(fdimf(f, g));
  show((double)fmaxl(l, m) + 0), show((double)fminl(l, m) + 0), show(copysignf(f, g)),
      show((double)copysignl(l, m));
  show(nextafter(x, y)), show(nextafterf(f, g)), show(nexttoward(x, m)), show(nexttowardf(f, m));
  show(fmodf(f, g)), show((double)fmodl(l, m)), show(remainder(x, y));
  q = 0;
  show(remquo(x, y, &q)), printf("%d ", q & 7);
  show(remainderf(f, g)), show((double)remainderl(l, m)), show(fma(x, y, 1)), show(fmaf(f, g, -f));
  printf("%d%d%d%d%d\n", isgreater(x, y), isless(f, g), islessgreater(l, m), isunordered(x, NAN),
         isgreaterequal(x, y));
}

#define ERRNO(call)                                                                                         \
  do {                                                                                                      \
    errno = 0;                                                                                              \
    volatile double result = (double)(call);                                                                \
    printf("%s %s\n", #call, errno == 0 ? "-" : errno == EDOM ? "EDOM" : errno == ERANGE ? "ERANGE" : "?"); \
    (void)result;                                                                                           \
  } while (0)

static volatile double zero, one = 1, two = 2, big = 1000, huge = 1e300;

static void errors(void) {
  ERRNO(log(-one));
  ERRNO(log(zero));
  ERRNO(log2f((float)zero));
  ERRNO(log10l(-two));
  ERRNO(log1p(-one));
  ERRNO(exp(big));
  ERRNO(exp(-big));
  ERRNO(expf(-200 * (float)one));
  ERRNO(pow(zero, -one));
  ERRNO(pow(-two, 0.5 * one));
  ERRNO(pow(huge, two));
  ERRNO(sqrt(-one));
  ERRNO(sqrtf(-(float)one));
  ERRNO(acos(two));
  ERRNO(asin(-two));
  ERRNO(atanh(one));
  ERRNO(atanh(two));
  ERRNO(acosh(zero));
  ERRNO(fmod(one, zero));
  ERRNO(remainder(one, zero));
  ERRNO(tgamma(zero));
  ERRNO(tgamma(big));
  ERRNO(lgamma(-one));
  ERRNO(sinh(big));
  ERRNO(cosh(-big));
  ERRNO(hypot(huge * 1e8, huge * 1e8));
  ERRNO(ldexp(one, 5000));
  ERRNO(sin(HUGE_VAL));
  ERRNO(fmod(HUGE_VAL, one));
  ERRNO(exp(one));
  ERRNO(log(HUGE_VAL));
  ERRNO(sqrt(two));
  ERRNO(fmod(two, one));
}

int main(void) {
  for (int i = 0; i < 300; i++) of_one(number(i));
  for (int i = 0; i < 300; i++) {
    double x = number((int)(chance() % 40)), y = number((int)(chance() % 40));
    of_two(x, y);
  }
  errors();
  printf("%.3f %d\n", M_PI, math_errhandling & MATH_ERRNO);
  return 0;
}
