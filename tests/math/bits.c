/* bits.c - prints the bits of results of <math.h> in the three types, for some hundred arguments of each function. On PG32
 * it calls the library as every program does, and on the host the same sources compiled for the host, whose names begin
 * with pg_: the bits must be the same (tests/math.t). */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "tests/math/functions.h"

#ifdef __pg32__
typedef long double quad;
#define IN_DOUBLE(name) name
#define IN_FLOAT(name) name##f
#define IN_QUAD(name) name##l
#else
typedef __float128 quad;
#define IN_DOUBLE(name) pg_##name
#define IN_FLOAT(name) pg_##name##f
#define IN_QUAD(name) pg_##name##_quad
#define DECLARE(name, low, high, lowf, highf) \
  double pg_##name(double);                   \
  float pg_##name##f(float);                  \
  quad pg_##name##_quad(quad);
#define DECLARE_TWO(name)           \
  double pg_##name(double, double); \
  float pg_##name##f(float, float); \
  quad pg_##name##_quad(quad, quad);
ONES(DECLARE)
TWOS(DECLARE_TWO)
#endif

static void show(const void *number, size_t bytes) {
  for (size_t i = bytes; i-- > 0;) printf("%02x", ((const unsigned char *)number)[i]);
  putchar(' ');
}

/* The sign and the payload of a NaN mean nothing. */
#define SHOW(type, value) \
  do {                    \
    type v = value;       \
    if (v != v)           \
      printf("nan ");     \
    else                  \
      show(&v, sizeof v); \
  } while (0)

static const double special[] = {0,
                                 -0.0,
                                 1,
                                 -1,
                                 0.5,
                                 2,
                                 3,
                                 -2.5,
                                 1e-300,
                                 -5e-324,
                                 1e300,
                                 700,
                                 -750,
                                 __builtin_inf(),
                                 -__builtin_inf(),
                                 __builtin_nan("")};
#define SPECIALS (sizeof special / sizeof *special)

static double argument(int i, double low, double high) {
  return i < (int)SPECIALS ? special[i] : low + (high - low) * (i - (int)SPECIALS + 0.375) / 16;
}

#define PRINT_ONE(name, low, high, lowf, highf)                              \
  printf("%s\n", #name);                                                     \
  for (int i = 0; i < (int)SPECIALS + 16; i++) {                             \
    SHOW(double, IN_DOUBLE(name)(argument(i, low, high)));                   \
    SHOW(float, IN_FLOAT(name)((float)argument(i, lowf, highf)));            \
    if (i % 4 == 0) SHOW(quad, IN_QUAD(name)((quad)argument(i, low, high))); \
  }                                                                          \
  putchar('\n');

#define PRINT_TWO(name)                                                              \
  printf("%s\n", #name);                                                             \
  for (size_t i = 0; i < SPECIALS; i++)                                              \
    for (size_t j = 0; j < SPECIALS; j++) {                                          \
      SHOW(double, IN_DOUBLE(name)(special[i], special[j]));                         \
      SHOW(float, IN_FLOAT(name)((float)special[i], (float)special[j]));             \
      if (i % 4 == 0) SHOW(quad, IN_QUAD(name)((quad)special[i], (quad)special[j])); \
    }                                                                                \
  putchar('\n');

int main(void) {
  ONES(PRINT_ONE)
  TWOS(PRINT_TWO)
  return 0;
}
