/* errors.c - how large the errors of the library's mathematics are. The library's sources, compiled for the host (their
 * names begin with pg_), are compared with the host's: results of double and float with its long double, those of long
 * double with libquadmath. It prints the greatest error of each function, in units in the last place (0.5 is a result
 * that is rounded right), and fails if one is above the limit.
 *
 *   errors N [FUNCTION]    N arguments for each function and type */
#include <math.h>
#include <quadmath.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LIMIT 0.51    /* for float and double */
#define LIMIT_QUAD 64 /* erfcl has 29; and that is what those of libquadmath may be, too */

#include "tests/math/functions.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
typedef __float128 quad;

static uint64_t state = 88172645463325252u;
static uint64_t chance(void) {
  state ^= state << 13, state ^= state >> 7, state ^= state << 17;
  return state;
}

/* A number between low and high: every fourth by its exponent, so that small ones come, too. */
static long double between(double low, double high) {
  long double unit = (long double)(chance() >> 1) / 9223372036854775808.0L;
  if (chance() % 4 == 0) {
    long double end = chance() % 2 && high > 0 ? high : low < 0 ? low : high;
    return end * expl(-unit * 40);
  }
  return low + (high - low) * unit;
}

/* ---- errors ---- */

static double units(long double is, long double should, int digits, int least) {
  int exponent;
  if (is == should || (is != is && should != should)) return 0;
  if (is != is || should != should) return 1e9;
  int most = digits == 53 ? 1024 : 128;
  if (isinf(is)) return fabsl(should) >= ldexpl(1 - ldexpl(1, -digits - 1), most) ? 0 : 1e9;
  if (isinf(should)) return 1e9;
  frexpl(should, &exponent);
  if (exponent < least) exponent = least;
  return (double)(fabsl(is - should) / ldexpl(1, exponent - digits));
}

static double units_quad(quad is, quad should) {
  int exponent;
  if (is == should || (is != is && should != should)) return 0;
  if (is != is || should != should || isinfq(is) || isinfq(should)) return 1e9;
  frexpq(should, &exponent);
  if (exponent < -16381) exponent = -16381;
  return (double)(fabsq(is - should) / ldexpq(1, exponent - 113));
}

/* ---- functions of one number ---- */

#define DECLARE(name, low, high, lowf, highf) \
  double pg_##name(double);                   \
  float pg_##name##f(float);                  \
  quad pg_##name##_quad(quad);
ONES(DECLARE)

struct one {
  const char *name;
  double low, high, low_float, high_float;
  double (*of_double)(double);
  float (*of_float)(float);
  quad (*of_quad)(quad);
  long double (*oracle)(long double);
  quad (*quad_oracle)(quad);
};
static quad exp2_oracle(quad x) { return powq(2, x); }
static quad exp10_oracle(quad x) { return powq(10, x); }
#define exp2q exp2_oracle
#define exp10q exp10_oracle
extern long double exp10l(long double);
#define ROW(name, low, high, lowf, highf) \
  {#name, low, high, lowf, highf, pg_##name, pg_##name##f, pg_##name##_quad, name##l, name##q},
static const struct one ones[] = {ONES(ROW)};

static int report(const char *name, double of_float, double of_double, double of_quad) {
  int bad = of_float > LIMIT || of_double > LIMIT || of_quad > LIMIT_QUAD;
  printf("| `%s` | %.4f | %.4f | %.4f |%s\n", name, of_float, of_double, of_quad, bad ? " too large" : "");
  return bad;
}

#define KEEP(worst, error)        \
  do {                            \
    double e = error;             \
    if (e > (worst)) (worst) = e; \
  } while (0)

static int measure_one(const struct one *f, long n) {
  double in_float = 0, in_double = 0, in_quad = 0;
  for (long i = 0; i < n; i++) {
    double x = (double)between(f->low, f->high);
    float y = (float)between(f->low_float, f->high_float);
    KEEP(in_double, units(f->of_double(x), f->oracle(x), 53, -1021));
    KEEP(in_float, units(f->of_float(y), (float)y == y ? f->oracle(y) : 0, 24, -125));
    if (i % 16 == 0) {
      quad z = (quad)between(f->low, f->high) + (quad)between(f->low, f->high) * 0x1p-64Q;
      if (z < f->low || z > f->high) z = x;
      KEEP(in_quad, units_quad(f->of_quad(z), f->quad_oracle(z)));
    }
  }
  return report(f->name, in_float, in_double, in_quad);
}

/* ---- functions of two numbers ---- */

#define DECLARE_TWO(name)           \
  double pg_##name(double, double); \
  float pg_##name##f(float, float); \
  quad pg_##name##_quad(quad, quad);
TWOS(DECLARE_TWO)

struct two {
  const char *name;
  double (*of_double)(double, double);
  float (*of_float)(float, float);
  quad (*of_quad)(quad, quad);
  long double (*oracle)(long double, long double);
  quad (*quad_oracle)(quad, quad);
};
#define ROW_TWO(name) {#name, pg_##name, pg_##name##f, pg_##name##_quad, name##l, name##q},
static const struct two twos[] = {TWOS(ROW_TWO)};

static int measure_two(const struct two *f, long n) {
  double in_float = 0, in_double = 0, in_quad = 0;
  int is_power = strcmp(f->name, "pow") == 0;
  for (long i = 0; i < n; i++) {
    double x = (double)between(is_power ? 0 : -100, 100), y = (double)between(-100, 100);
    float v = (float)x, w = (float)(is_power ? y / 6 : y);
    KEEP(in_double, units(f->of_double(x, y), f->oracle(x, y), 53, -1021));
    KEEP(in_float, units(f->of_float(v, w), f->oracle(v, w), 24, -125));
    if (i % 16 == 0) {
      quad p = x + (quad)x * 0x1.8p-70Q, q = y + (quad)y * 0x1.4p-80Q;
      KEEP(in_quad, units_quad(f->of_quad(p, q), f->quad_oracle(p, q)));
    }
  }
  return report(f->name, in_float, in_double, in_quad);
}

int main(int argc, char **argv) {
  long n = argc > 1 ? atol(argv[1]) : 100000;
  int bad = 0;
  for (size_t i = 0; i < COUNT(ones); i++)
    if (argc < 3 || strcmp(argv[2], ones[i].name) == 0) bad |= measure_one(&ones[i], n);
  for (size_t i = 0; i < COUNT(twos); i++)
    if (argc < 3 || strcmp(argv[2], twos[i].name) == 0) bad |= measure_two(&twos[i], n);
  return bad;
}
