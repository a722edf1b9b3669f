/* floats.c - floating-point numbers of every size that C's types have: bytes to a number, and back.
 *
 * An IEEE number is a sign, an exponent and a fraction, from the highest bit down. float and double are those of
 * this computer; _Float16 (2 bytes) and long double (16 bytes) are taken apart here. */
#include <math.h>
#include <string.h>

#include "eval.h"

#define EXPONENT_16 5
#define EXPONENT_128 15

static long double scaled(bool negative, unsigned exponent, unsigned bits, long double fraction) {
  const int bias = (1 << (bits - 1)) - 1;
  long double n;
  if (exponent == (1u << bits) - 1)
    n = fraction != 0 ? NAN : INFINITY;
  else
    n = exponent ? ldexpl(1 + fraction, (int)exponent - bias) : ldexpl(fraction, 1 - bias);
  return negative ? -n : n;
}

long double float_decode(const uint8_t *bytes, unsigned size) {
  uint64_t part[2] = {0};
  float f;
  double d;
  memcpy(&f, bytes, sizeof f);
  if (size == 4) return f;
  memcpy(part, bytes, size);
  if (size == 2)
    return scaled(part[0] >> 15, part[0] >> 10 & 31, EXPONENT_16, ldexpl((long double)(part[0] & 1023), -10));
  if (size == 16)
    return scaled(part[1] >> 63, part[1] >> 48 & 0x7FFF, EXPONENT_128,
                  ldexpl((long double)(part[1] & 0xFFFFFFFFFFFFull), -48) +
                      ldexpl((long double)part[0], -112));
  memcpy(&d, bytes, sizeof d);
  return d;
}

/* The exponent and fraction of |n| in a format of `bits` exponent and `width` fraction bits. */
static uint64_t fraction_of(double n, unsigned bits, unsigned width, unsigned *exponent) {
  const int bias = (1 << (bits - 1)) - 1, most = 2 * bias + 1;
  int power;
  *exponent = (unsigned)most;
  if (isnan(n)) return 1ull << (width - 1);
  if (isinf(n)) return 0;
  const double mantissa = frexp(fabs(n), &power); /* n = mantissa * 2^power, mantissa 0.5 to 1 */
  const int normal = power - 1 + bias;
  *exponent = n == 0 || normal <= 0 ? 0 : (unsigned)normal;
  uint64_t whole = (uint64_t)rint(ldexp(mantissa, (int)width + 1 + (normal < 1 ? normal - 1 : 0)));
  if (*exponent) whole -= 1ull << width;
  if (whole >> width) whole = 0, ++*exponent; /* rounded up to the next power */
  if (*exponent < (unsigned)most) return whole;
  *exponent = (unsigned)most; /* too large: infinite */
  return 0;
}

void float_encode(double n, unsigned size, uint8_t *bytes) {
  const float f = (float)n;
  uint64_t part[2] = {0};
  unsigned exponent;
  if (size == 2)
    part[0] = fraction_of(n, EXPONENT_16, 10, &exponent) | (uint64_t)exponent << 10 |
              (uint64_t)(signbit(n) != 0) << 15;
  if (size == 16) { /* a double has 52 bits of fraction: 48 are in the upper half */
    const uint64_t fraction = fraction_of(n, EXPONENT_128, 52, &exponent);
    part[1] = fraction >> 4 | (uint64_t)exponent << 48 | (uint64_t)(signbit(n) != 0) << 63;
    part[0] = fraction << 60;
  }
  memcpy(bytes, size == 4 ? (const void *)&f : size == 8 ? (const void *)&n : (const void *)part, size);
}
