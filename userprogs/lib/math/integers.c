/* integers.c - numbers to whole numbers, in each type: by the functions of double where these are exact. */
#include <limits.h>
#include <math.h>
#include "userprogs/lib/math/wide.h"

/* To the compiler floor(x) of a float is floorf(x), which would call itself: not if it cannot see where the double comes
 * from. */
static double widen(volatile double x) { return x; }

float truncf(float x) { return (float)trunc(widen(x)); }
float floorf(float x) { return (float)floor(widen(x)); }
float ceilf(float x) { return (float)ceil(widen(x)); }
float roundf(float x) { return (float)round(widen(x)); }
float rintf(float x) { return (float)rint(widen(x)); }
float nearbyintf(float x) { return (float)rint(widen(x)); }

/* What does not fit is the type's least number, as on other machines. */
static long long to_long_long(double x) { return x >= -0x1p63 && x < 0x1p63 ? (long long)x : LLONG_MIN; }
static long to_long(double x) {
  return x > (double)LONG_MIN - 1 && x < -(double)LONG_MIN ? (long)x : LONG_MIN;
}

NO_BUILTIN long long llround(double x) { return to_long_long(round(x)); }
NO_BUILTIN long long llrint(double x) { return to_long_long(rint(x)); }
NO_BUILTIN long lround(double x) { return to_long(round(x)); }
NO_BUILTIN long lrint(double x) { return to_long(rint(x)); }
NO_BUILTIN long long llroundf(float x) { return to_long_long(round(widen(x))); }
NO_BUILTIN long long llrintf(float x) { return to_long_long(rint(widen(x))); }
NO_BUILTIN long lroundf(float x) { return to_long(round(widen(x))); }
NO_BUILTIN long lrintf(float x) { return to_long(rint(widen(x))); }
