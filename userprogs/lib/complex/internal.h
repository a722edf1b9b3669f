/* internal.h - what the files about complex numbers share. Each function is written once, for long double. */
#ifndef LIBC_COMPLEX_H
#define LIBC_COMPLEX_H
#include <complex.h>
#include <math.h>
#include <stdbool.h>

/* A function of float and of double: by that of long double. */
#define NARROWER(name)                                                         \
  float complex name##f(float complex z) { return (float complex)name##l(z); } \
  double complex name(double complex z) { return (double complex)name##l(z); }

#define PI_2 1.570796326794896619231321691639751442L

/* i z, without arithmetic, which would lose the signs of zeros; and -i z. */
static inline long double complex times_i(long double complex z) { return CMPLXL(-cimagl(z), creall(z)); }
static inline long double complex over_i(long double complex z) { return CMPLXL(cimagl(z), -creall(z)); }

#endif
