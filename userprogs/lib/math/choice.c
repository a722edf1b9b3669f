/* choice.c - the larger and the smaller number, and other functions that only look at bits or compare. */
#include <math.h>
#include <stdlib.h>
#include "userprogs/lib/math/wide.h"

/* A NaN is a missing number: then the other one is the result. -0 is smaller than +0. */
#define CHOICES(type, fmax, fmin, fdim, is_minus)     \
  NO_BUILTIN type fmax(type x, type y) {              \
    if (x != x) return y;                             \
    if (y != y) return x;                             \
    return x > y || (x == y && !is_minus(x)) ? x : y; \
  }                                                   \
  NO_BUILTIN type fmin(type x, type y) {              \
    if (x != x) return y;                             \
    if (y != y) return x;                             \
    return x < y || (x == y && is_minus(x)) ? x : y;  \
  }                                                   \
  type fdim(type x, type y) { return x != x || y != y ? x + y : x > y ? x - y : 0; }
#define IS_MINUS(x) (__bits(x) >> 63 != 0)
CHOICES(double, fmax, fmin, fdim, IS_MINUS)
CHOICES(float, fmaxf, fminf, fdimf, IS_MINUS)

/* As in integers.c. */
static double widen(volatile double x) { return x; }

float fabsf(float x) { return (float)fabs(widen(x)); }
float copysignf(float x, float y) { return (float)copysign(widen(x), y); }
float sqrtf(float x) { return (float)sqrt(widen(x)); }
NO_BUILTIN float modff(float x, float *whole) {
  double w, rest = modf(x, &w);
  *whole = (float)w;
  return (float)rest;
}

double nan(const char *tag) { return (void)tag, __builtin_nan(""); }
float nanf(const char *tag) { return (void)tag, __builtin_nanf(""); }
