/* complex.c - products and quotients of complex numbers, which compilers call by these names. C17's annex G says what
 * comes of infinities: a number with one infinite part is infinite, whatever the other part is. */
#include <math.h>
#include "userprogs/lib/internal.h"

/* An infinite part becomes 1, any other 0, with the sign it has. */
#define BOX(copysign_, x) ((x) = copysign_(isinf(x) ? 1 : 0, (x)))
#define CLEAR(copysign_, x) \
  if (isnan(x)) (x) = copysign_(0, (x))

#define PRODUCT(name, type, copysign_)                                                                  \
  _Complex type name(type a, type b, type c, type d) {                                                  \
    const type ac = a * c, bd = b * d, ad = a * d, bc = b * c;                                          \
    type real = ac - bd, imaginary = ad + bc;                                                           \
    if (isnan(real) && isnan(imaginary)) {                                                              \
      bool again = false;                                                                               \
      if (isinf(a) || isinf(b)) {                                                                       \
        BOX(copysign_, a), BOX(copysign_, b);                                                           \
        CLEAR(copysign_, c);                                                                            \
        CLEAR(copysign_, d);                                                                            \
        again = true;                                                                                   \
      }                                                                                                 \
      if (isinf(c) || isinf(d)) {                                                                       \
        BOX(copysign_, c), BOX(copysign_, d);                                                           \
        CLEAR(copysign_, a);                                                                            \
        CLEAR(copysign_, b);                                                                            \
        again = true;                                                                                   \
      }                                                                                                 \
      if (!again && (isinf(ac) || isinf(bd) || isinf(ad) || isinf(bc))) {                               \
        CLEAR(copysign_, a);                                                                            \
        CLEAR(copysign_, b);                                                                            \
        CLEAR(copysign_, c);                                                                            \
        CLEAR(copysign_, d);                                                                            \
        again = true;                                                                                   \
      }                                                                                                 \
      if (again) real = (type)INFINITY * (a * c - b * d), imaginary = (type)INFINITY * (a * d + b * c); \
    }                                                                                                   \
    _Complex type result;                                                                               \
    __real__ result = real, __imag__ result = imaginary;                                                \
    return result;                                                                                      \
  }

/* The divisor is scaled by a power of two, so that its square neither overflows nor vanishes. */
#define QUOTIENT(name, type, copysign_, fabs_, frexp_, ldexp_)                                 \
  _Complex type name(type a, type b, type c, type d) {                                         \
    const type larger = fabs_(c) > fabs_(d) ? fabs_(c) : fabs_(d);                             \
    int exponent = 0;                                                                          \
    if (isfinite(larger) && larger != 0) {                                                     \
      frexp_(larger, &exponent);                                                               \
      c = ldexp_(c, -exponent), d = ldexp_(d, -exponent);                                      \
    }                                                                                          \
    const type square = c * c + d * d;                                                         \
    type real = ldexp_((a * c + b * d) / square, -exponent);                                   \
    type imaginary = ldexp_((b * c - a * d) / square, -exponent);                              \
    if (isnan(real) && isnan(imaginary)) {                                                     \
      if (square == 0 && (!isnan(a) || !isnan(b))) {                                           \
        real = copysign_((type)INFINITY, c) * a, imaginary = copysign_((type)INFINITY, c) * b; \
      } else if ((isinf(a) || isinf(b)) && isfinite(c) && isfinite(d)) {                       \
        BOX(copysign_, a), BOX(copysign_, b);                                                  \
        real = (type)INFINITY * (a * c + b * d), imaginary = (type)INFINITY * (b * c - a * d); \
      } else if ((isinf(c) || isinf(d)) && isfinite(a) && isfinite(b)) {                       \
        BOX(copysign_, c), BOX(copysign_, d);                                                  \
        real = 0 * (a * c + b * d), imaginary = 0 * (b * c - a * d);                           \
      }                                                                                        \
    }                                                                                          \
    _Complex type result;                                                                      \
    __real__ result = real, __imag__ result = imaginary;                                       \
    return result;                                                                             \
  }

PRODUCT(__mulsc3, float, copysignf)
PRODUCT(__muldc3, double, copysign)
PRODUCT(__multc3, long double, copysignl)
QUOTIENT(__divsc3, float, copysignf, fabsf, frexpf, ldexpf)
QUOTIENT(__divdc3, double, copysign, fabs, frexp, ldexp)
QUOTIENT(__divtc3, long double, copysignl, fabsl, frexpl, ldexpl)
