/* tgmath.h - sqrt(x) is sqrtf, sqrt, sqrtl, csqrtf, csqrt or csqrtl, by the type of x. An integer counts as a double. */
#ifndef _TGMATH_H
#define _TGMATH_H
#include <complex.h>
#include <math.h>

/* A zero of the type that counts for x, and the function for the type of x. */
#define __tg_zero(x)                                             \
  _Generic((x), float : 0.0f, long double : 0.0L, float _Complex \
           : (float _Complex)0, double _Complex                  \
           : (double _Complex)0, long double _Complex            \
           : (long double _Complex)0, default : 0.0)
#define __tg_real(x, name) _Generic((x), float : name##f, long double : name##l, default : name)
#define __tg_complex(x, name)              \
  _Generic((x), float                      \
           : name##f, long double          \
           : name##l, float _Complex       \
           : name##f, long double _Complex \
           : name##l, default              \
           : name)
#define __tg_both(x, name, c_name)        \
  _Generic((x), float                     \
           : name##f, long double         \
           : name##l, float _Complex      \
           : c_name##f, double _Complex   \
           : c_name, long double _Complex \
           : c_name##l, default           \
           : name)
#define __tg_of_two(x, y) (__tg_zero(x) + __tg_zero(y))
#define __tg_of_three(x, y, z) (__tg_zero(x) + __tg_zero(y) + __tg_zero(z))

#undef acos
#define acos(x) __tg_both(x, acos, cacos)(x)
#undef asin
#define asin(x) __tg_both(x, asin, casin)(x)
#undef atan
#define atan(x) __tg_both(x, atan, catan)(x)
#undef acosh
#define acosh(x) __tg_both(x, acosh, cacosh)(x)
#undef asinh
#define asinh(x) __tg_both(x, asinh, casinh)(x)
#undef atanh
#define atanh(x) __tg_both(x, atanh, catanh)(x)
#undef cos
#define cos(x) __tg_both(x, cos, ccos)(x)
#undef sin
#define sin(x) __tg_both(x, sin, csin)(x)
#undef tan
#define tan(x) __tg_both(x, tan, ctan)(x)
#undef cosh
#define cosh(x) __tg_both(x, cosh, ccosh)(x)
#undef sinh
#define sinh(x) __tg_both(x, sinh, csinh)(x)
#undef tanh
#define tanh(x) __tg_both(x, tanh, ctanh)(x)
#undef exp
#define exp(x) __tg_both(x, exp, cexp)(x)
#undef log
#define log(x) __tg_both(x, log, clog)(x)
#undef sqrt
#define sqrt(x) __tg_both(x, sqrt, csqrt)(x)
#undef fabs
#define fabs(x) __tg_both(x, fabs, cabs)(x)
#undef pow
#define pow(x, y) __tg_both(__tg_of_two(x, y), pow, cpow)(x, y)
#undef carg
#define carg(x) __tg_complex(x, carg)(x)
#undef cimag
#define cimag(x) __tg_complex(x, cimag)(x)
#undef conj
#define conj(x) __tg_complex(x, conj)(x)
#undef cproj
#define cproj(x) __tg_complex(x, cproj)(x)
#undef creal
#define creal(x) __tg_complex(x, creal)(x)
#undef cbrt
#define cbrt(x) __tg_real(x, cbrt)(x)
#undef ceil
#define ceil(x) __tg_real(x, ceil)(x)
#undef erf
#define erf(x) __tg_real(x, erf)(x)
#undef erfc
#define erfc(x) __tg_real(x, erfc)(x)
#undef exp2
#define exp2(x) __tg_real(x, exp2)(x)
#undef expm1
#define expm1(x) __tg_real(x, expm1)(x)
#undef floor
#define floor(x) __tg_real(x, floor)(x)
#undef ilogb
#define ilogb(x) __tg_real(x, ilogb)(x)
#undef lgamma
#define lgamma(x) __tg_real(x, lgamma)(x)
#undef llrint
#define llrint(x) __tg_real(x, llrint)(x)
#undef llround
#define llround(x) __tg_real(x, llround)(x)
#undef log10
#define log10(x) __tg_real(x, log10)(x)
#undef log1p
#define log1p(x) __tg_real(x, log1p)(x)
#undef log2
#define log2(x) __tg_real(x, log2)(x)
#undef logb
#define logb(x) __tg_real(x, logb)(x)
#undef lrint
#define lrint(x) __tg_real(x, lrint)(x)
#undef lround
#define lround(x) __tg_real(x, lround)(x)
#undef nearbyint
#define nearbyint(x) __tg_real(x, nearbyint)(x)
#undef rint
#define rint(x) __tg_real(x, rint)(x)
#undef round
#define round(x) __tg_real(x, round)(x)
#undef tgamma
#define tgamma(x) __tg_real(x, tgamma)(x)
#undef trunc
#define trunc(x) __tg_real(x, trunc)(x)
#undef atan2
#define atan2(x, y) __tg_real(__tg_of_two(x, y), atan2)(x, y)
#undef copysign
#define copysign(x, y) __tg_real(__tg_of_two(x, y), copysign)(x, y)
#undef fdim
#define fdim(x, y) __tg_real(__tg_of_two(x, y), fdim)(x, y)
#undef fmax
#define fmax(x, y) __tg_real(__tg_of_two(x, y), fmax)(x, y)
#undef fmin
#define fmin(x, y) __tg_real(__tg_of_two(x, y), fmin)(x, y)
#undef fmod
#define fmod(x, y) __tg_real(__tg_of_two(x, y), fmod)(x, y)
#undef hypot
#define hypot(x, y) __tg_real(__tg_of_two(x, y), hypot)(x, y)
#undef nextafter
#define nextafter(x, y) __tg_real(__tg_of_two(x, y), nextafter)(x, y)
#undef remainder
#define remainder(x, y) __tg_real(__tg_of_two(x, y), remainder)(x, y)
#undef fma
#define fma(x, y, z) __tg_real(__tg_of_three(x, y, z), fma)(x, y, z)
#undef remquo
#define remquo(x, y, quotient) __tg_real(__tg_of_two(x, y), remquo)(x, y, quotient)
#undef frexp
#define frexp(x, exponent) __tg_real(x, frexp)(x, exponent)
#undef ldexp
#define ldexp(x, exponent) __tg_real(x, ldexp)(x, exponent)
#undef nexttoward
#define nexttoward(x, y) __tg_real(x, nexttoward)(x, y)
#undef scalbn
#define scalbn(x, exponent) __tg_real(x, scalbn)(x, exponent)
#undef scalbln
#define scalbln(x, exponent) __tg_real(x, scalbln)(x, exponent)

#endif
