/* wide.h - numbers with 128 bits, in which the functions of <math.h> compute. PG32 has no floating-point instructions,
 * so a product of doubles would cost almost as much as one of these; and with 128 bits one algorithm gives float, double
 * and long double a result that is rounded once: its error is hardly more than the half unit that rounding costs. */
#ifndef LIBC_MATH_WIDE_H
#define LIBC_MATH_WIDE_H
#include "userprogs/lib/softfloat.h"

struct wide {
  bool sign;
  enum kind kind;
  int exponent;  /* of FINITE: the value is m / 2^127 * 2^exponent, and bit 127 of m is set */
  uint32_t m[4]; /* the lowest word first */
};

/* A number from 0 to just below 1, as m / 2^128. */
struct fixed {
  uint32_t m[4];
};

/* IEEE's binary128, which is long double here. Where these files are compiled for another machine, to compare them with
 * its library, long double is something else: then the type is __float128, and expl is called exp_quad. */
#if __LDBL_MANT_DIG__ == 113
typedef long double quad;
#define QUAD_NAME(name) name##l
#else
typedef __float128 quad;
#define QUAD_NAME(name) name##_quad
#endif

/* How exact a function must be: so many bits suffice for a result of that type. It saves terms of series. */
enum precision { FOR_DOUBLE = 72, FOR_QUAD = 128 };

/* ---- conversion; to a type of the language rounds once, to the nearest ---- */
struct wide __wide(double x);
struct wide __wide_of_quad(quad x);
struct wide __wide_of_int(int n);
double __wide_to_double(struct wide x);
float __wide_to_float(struct wide x);
quad __wide_to_quad(struct wide x);
/* The same for the result of a function of x (and y): errno becomes EDOM or ERANGE where the function has no value, or
 * one that is too large or too small. */
double __result(struct wide result, struct wide x, struct wide y);
float __result_float(struct wide result, struct wide x, struct wide y);
quad __result_quad(struct wide result, struct wide x, struct wide y);

/* ---- arithmetic: what is shifted out at the lower end is kept in the lowest bit ---- */
struct wide __wide_normal(bool sign, int exponent, const uint32_t m[4]);
struct wide __wide_add(struct wide a, struct wide b);
struct wide __wide_sub(struct wide a, struct wide b);
struct wide __wide_mul(struct wide a, struct wide b);
struct wide __wide_div(struct wide a, struct wide b);
/* a * b + c, of which nothing is lost before the end */
struct wide __wide_fma(struct wide a, struct wide b, struct wide c);
/* The error is a few units of the last of the 128 bits. */
struct wide __wide_sqrt(struct wide x);
/* -1, 0, 1 for numbers that are finite or zero. */
int __wide_compare(struct wide a, struct wide b);
/* Shifts right; what falls out is kept in the lowest bit. */
void __shift_right_sticky(uint32_t m[4], int by);

static inline struct wide __wide_negate(struct wide x) { return x.sign = !x.sign, x; }
static inline struct wide __wide_abs(struct wide x) { return x.sign = false, x; }
/* x * 2^by */
static inline struct wide __wide_scale(struct wide x, int by) { return x.exponent += by, x; }
static inline struct wide __wide_nan(void) { return (struct wide){.kind = NAN_}; }
static inline struct wide __wide_zero(bool sign) { return (struct wide){.sign = sign, .kind = ZERO}; }
static inline struct wide __wide_infinity(bool sign) { return (struct wide){.sign = sign, .kind = INFINITE}; }
static inline struct wide __wide_one(void) {
  return (struct wide){.kind = FINITE, .m = {0, 0, 0, 0x80000000}};
}
static inline struct wide __wide_zero_like(struct wide x) { return __wide_zero(x.sign); }

/* The whole number next to x, halves to the even one, if it is below 2^30; else INT_MAX or INT_MIN. */
int __wide_nearest(struct wide x);
/* Is x a whole number? And an odd one? */
bool __wide_is_whole(struct wide x);
bool __wide_is_odd(struct wide x);

/* ---- series: c[0] + t c[stride] + t^2 c[2 stride] + ..., `terms` of them; or with alternating signs ---- */
struct fixed __series(const struct fixed *c, int stride, int terms, struct fixed t, bool alternating);
struct fixed __fixed_mul(struct fixed a, struct fixed b);
/* Of |x|, which must be below 1. */
struct fixed __fixed(struct wide x);
/* 1 + t or 1 - t */
struct wide __one_plus(struct fixed t);
struct wide __one_minus(struct fixed t);

/* ---- functions that others are made of; x is any number, also NaN and infinity, unless said ---- */
struct wide __wide_exp(struct wide x, enum precision precision);
struct wide __wide_expm1(struct wide x, enum precision precision);
struct wide __wide_log(struct wide x, enum precision precision);
struct wide __wide_log1p(struct wide x, enum precision precision);
/* x^y of a finite x above 0 and a finite y */
struct wide __wide_power(struct wide x, struct wide y, enum precision precision);
struct wide __wide_sin(struct wide x, enum precision precision);
struct wide __wide_cos(struct wide x, enum precision precision);
struct wide __wide_atan(struct wide x, enum precision precision);

extern const struct wide __ln2, __one_over_ln2, __one_over_ln10, __ln2_high, __ln2_low, __ln10, __pi,
    __half_pi;
extern const struct wide __two_over_root_pi, __root_two_pi;
extern const struct fixed __one_over_factorial[], __one_over_odd[];

/* double NAME(double), float NAMEf(float) and long double NAMEl(long double) from a function of this kind:
 * struct wide FUNCTION(struct wide x, enum precision precision). */
#define FUNCTION_OF_ONE(name, function)                   \
  double name(double x) {                                 \
    struct wide w = __wide(x);                            \
    return __result(function(w, FOR_DOUBLE), w, w);       \
  }                                                       \
  float name##f(float x) {                                \
    struct wide w = __wide(x);                            \
    return __result_float(function(w, FOR_DOUBLE), w, w); \
  }                                                       \
  quad QUAD_NAME(name)(quad x) {                          \
    struct wide w = __wide_of_quad(x);                    \
    return __result_quad(function(w, FOR_QUAD), w, w);    \
  }
#define FUNCTION_OF_TWO(name, function)                       \
  double name(double x, double y) {                           \
    struct wide v = __wide(x), w = __wide(y);                 \
    return __result(function(v, w, FOR_DOUBLE), v, w);        \
  }                                                           \
  float name##f(float x, float y) {                           \
    struct wide v = __wide(x), w = __wide(y);                 \
    return __result_float(function(v, w, FOR_DOUBLE), v, w);  \
  }                                                           \
  quad QUAD_NAME(name)(quad x, quad y) {                      \
    struct wide v = __wide_of_quad(x), w = __wide_of_quad(y); \
    return __result_quad(function(v, w, FOR_QUAD), v, w);     \
  }

#endif
