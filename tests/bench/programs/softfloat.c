/* softfloat - arithmetic on floating-point numbers as a machine without them does it: bodies that attract one
 * another. Rounding is towards zero; there are no infinities and no tiny numbers. */
#include "bench.h"

#define BODIES 24
#define STEPS 8000
#define FRACTION 23
#define HIDDEN (1u << FRACTION)

typedef uint32_t real; /* sign, 8 bits of exponent, fraction, as IEEE 754 has them */

static real pack(uint32_t sign, int exponent, uint32_t fraction) {
  if (fraction == 0) return 0;
  for (; fraction < HIDDEN; exponent--) fraction <<= 1;
  for (; fraction >= 2 * HIDDEN; exponent++) fraction >>= 1;
  if (exponent <= 0) return 0;
  if (exponent > 254) return sign << 31 | 254u << FRACTION;
  return sign << 31 | (uint32_t)exponent << FRACTION | (fraction & (HIDDEN - 1));
}

static int exponent_of(real x) { return (int)(x >> FRACTION & 255); }
static uint32_t fraction_of(real x) { return (x & (HIDDEN - 1)) | HIDDEN; }
static real negative(real x) { return x ^ 1u << 31; }

static real multiply(real x, real y) {
  if (exponent_of(x) == 0 || exponent_of(y) == 0) return 0;
  const uint64_t product = (uint64_t)fraction_of(x) * fraction_of(y);
  return pack((x ^ y) >> 31, exponent_of(x) + exponent_of(y) - 127, (uint32_t)(product >> FRACTION));
}

static real add(real x, real y) {
  if (exponent_of(x) < exponent_of(y)) {
    const real swap = x;
    x = y, y = swap;
  }
  if (exponent_of(y) == 0) return x;
  const int distance = exponent_of(x) - exponent_of(y);
  const uint32_t a = fraction_of(x) << 3, b = distance < 30 ? fraction_of(y) << 3 >> distance : 0;
  if (!((x ^ y) >> 31)) return pack(x >> 31, exponent_of(x) - 3, a + b);
  return a >= b ? pack(x >> 31, exponent_of(x) - 3, a - b) : pack(y >> 31, exponent_of(x) - 3, b - a);
}

static real place[BODIES], speed[BODIES], mass[BODIES];

static void step(real time, real stiffness) {
  for (int i = 0; i < BODIES; i++) {
    real force = 0;
    for (int j = 0; j < BODIES; j++)
      if (j != i) force = add(force, multiply(mass[j], add(place[j], negative(place[i]))));
    speed[i] = add(speed[i], multiply(force, stiffness));
  }
  for (int i = 0; i < BODIES; i++) place[i] = add(place[i], multiply(speed[i], time));
}

uint32_t bench(void) {
  uint32_t seed = 17, sum = 0;
  for (int i = 0; i < BODIES; i++) {
    const uint32_t sign = bench_random(&seed) & 1;
    place[i] = pack(sign, 127, HIDDEN | bench_random(&seed));
    mass[i] = pack(0, 120, HIDDEN | bench_random(&seed));
    speed[i] = 0;
  }
  const real time = pack(0, 127 - 7, HIDDEN), stiffness = pack(0, 127 - 5, HIDDEN);
  for (int i = 0; i < STEPS; i++) {
    step(time, stiffness);
    sum = bench_mix(sum, place[i % BODIES]);
  }
  return sum;
}
