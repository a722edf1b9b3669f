/* math.h - the functions of mathematics whose results are exact, or rounded once. PG32 has no floating-point
 * instructions: the library computes with integers (lib/softfloat.c). There are no sin, exp, log, pow and their kin yet.
 */
#ifndef _MATH_H
#define _MATH_H
#include <sys/cdefs.h>

#define HUGE_VAL __builtin_huge_val()
#define INFINITY __builtin_inff()
#define NAN __builtin_nanf("")
#define isnan(x) __builtin_isnan(x)
#define isinf(x) __builtin_isinf(x)
#define isfinite(x) __builtin_isfinite(x)
#define signbit(x) (__builtin_copysign(1, x) < 0)

__BEGIN_DECLS
double fabs(double x);
double floor(double x);
double ceil(double x);
double fmod(double x, double y);
double modf(double x, double *whole);
double frexp(double x, int *exponent);
double ldexp(double x, int exponent);
double sqrt(double x);
#if __SHOW_C99
double trunc(double x);
double round(double x);
double rint(double x);
double nearbyint(double x);
double copysign(double x, double y);
double scalbn(double x, int exponent);
#endif
__END_DECLS

#endif
