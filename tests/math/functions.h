/* functions.h - the functions whose results are compared: F(name, low, high, low, high) with a range of arguments for
 * double and one for float; those of two arguments. */
#ifndef TESTS_MATH_FUNCTIONS_H
#define TESTS_MATH_FUNCTIONS_H

/* clang-format off */
#define ONES(F)                                                                                                    \
  F(exp, -745, 709, -103, 88) F(exp2, -1074, 1023, -149, 127) F(exp10, -323, 308, -45, 38) F(expm1, -40, 709, -20, 88) \
  F(log, 0, 1e300, 0, 1e38) F(log2, 0, 4, 0, 4) F(log10, 0, 1e5, 0, 1e5) F(log1p, -1, 10, -1, 10)                     \
  F(cbrt, -1e300, 1e300, -1e38, 1e38) F(sin, -1e5, 1e5, -1e5, 1e5) F(cos, -1e5, 1e5, -1e5, 1e5)                       \
  F(tan, -1e5, 1e5, -1e5, 1e5) F(asin, -1, 1, -1, 1) F(acos, -1, 1, -1, 1) F(atan, -1e3, 1e3, -1e3, 1e3)              \
  F(sinh, -710, 710, -89, 89) F(cosh, -710, 710, -89, 89) F(tanh, -20, 20, -10, 10) F(asinh, -1e9, 1e9, -1e9, 1e9)    \
  F(acosh, 1, 1e6, 1, 1e6) F(atanh, -1, 1, -1, 1) F(erf, -6, 6, -4, 4) F(erfc, -6, 27, -4, 10)                         \
  F(tgamma, -30, 171, -20, 35) F(lgamma, 0, 1e6, 0, 1e6)
#define TWOS(F) F(pow) F(atan2) F(hypot) F(fmod) F(remainder)
/* clang-format on */

#endif
