/* parts.c - the parts of complex numbers. */
#include <complex.h>
#include <math.h>

#define PARTS(suffix, type, make)                                                     \
  type creal##suffix(type complex z) { return __real__ z; }                           \
  type cimag##suffix(type complex z) { return __imag__ z; }                           \
  type cabs##suffix(type complex z) { return hypot##suffix(__real__ z, __imag__ z); } \
  type carg##suffix(type complex z) { return atan2##suffix(__imag__ z, __real__ z); } \
  type complex conj##suffix(type complex z) { return make(__real__ z, -__imag__ z); } \
  type complex cproj##suffix(type complex z) {                                        \
    if (!isinf(__real__ z) && !isinf(__imag__ z)) return z;                           \
    return make((type)INFINITY, copysign##suffix(0, __imag__ z));                     \
  }

PARTS(f, float, CMPLXF)
PARTS(, double, CMPLX)
PARTS(l, long double, CMPLXL)
