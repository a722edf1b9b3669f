/* fma.c - a * b + c, rounded once. The product of two doubles has 106 bits, so 128 hold it. */
#include <math.h>
#include "userprogs/lib/math/wide.h"

double fma(double a, double b, double c) {
  return __wide_to_double(__wide_add(__wide_mul(__wide(a), __wide(b)), __wide(c)));
}

float fmaf(float a, float b, float c) {
  return __wide_to_float(__wide_add(__wide_mul(__wide(a), __wide(b)), __wide(c)));
}

/* ---- long double: the product has 226 bits, and the sum is computed with 768 ---- */

#define WORDS 24
#define PRODUCT 8 /* the word of the sum where the product begins, which has 8 words */

static void multiply(uint32_t p[8], const uint32_t a[4], const uint32_t b[4]) {
  for (int i = 0; i < 4; i++) {
    uint32_t carry = 0;
    for (int j = 0; j < 4; j++) {
      uint64_t t = (uint64_t)a[i] * b[j] + p[i + j] + carry;
      p[i + j] = (uint32_t)t, carry = (uint32_t)(t >> 32);
    }
    p[i + 4] = carry;
  }
}

/* Adds m * 2^shift, or subtracts it: then the sum may become negative, and modulo 2^768. */
static void add_shifted(uint32_t sum[WORDS], const uint32_t m[4], int shift, bool minus) {
  uint32_t carry = minus;
  for (int i = 0; i < WORDS; i++) {
    int at = i - shift / 32, by = shift % 32;
    uint32_t low = at >= 0 && at < 4 ? m[at] << by : 0;
    uint32_t high = by > 0 && at > 0 && at <= 4 ? m[at - 1] >> (32 - by) : 0;
    uint64_t t = (uint64_t)sum[i] + (minus ? ~(low | high) : low | high) + carry;
    sum[i] = (uint32_t)t, carry = (uint32_t)(t >> 32);
  }
}

static struct wide round_sum(bool sign, int exponent, uint32_t sum[WORDS]) {
  uint32_t carry = 1, lost;
  if (sum[WORDS - 1] >> 31) { /* negative */
    sign = !sign;
    for (int i = 0; i < WORDS; i++) sum[i] = ~sum[i] + carry, carry = carry && sum[i] == 0;
  }
  int top = WORDS - 1;
  while (top > 4 && sum[top] == 0) top--;
  if (sum[top] == 0) return __wide_zero(false); /* what is left of a product has higher bits */
  int by = __builtin_clz(sum[top]);
  struct wide x = {sign, FINITE, exponent + 32 * top + 31 - by, {0}};
  for (int i = 0; i < 4; i++) {
    const uint32_t *at = sum + top - 3 + i;
    x.m[i] = by > 0 ? at[0] << by | at[-1] >> (32 - by) : at[0];
  }
  lost = sum[top - 4] << by;
  for (int i = 0; i < top - 4; i++) lost |= sum[i];
  x.m[0] |= lost != 0;
  return x;
}

struct wide __wide_fma(struct wide a, struct wide b, struct wide c) {
  struct wide product = __wide_mul(a, b);
  if (product.kind != FINITE || c.kind != FINITE) return __wide_add(product, c);
  int exponent = a.exponent + b.exponent - 254 - 32 * PRODUCT; /* of the sum's lowest bit */
  int shift = c.exponent - 127 - exponent;
  if (shift > 32 * WORDS - 129) return __wide_add(product, c);
  if (shift < 0) __shift_right_sticky(c.m, -shift), shift = 0;
  uint32_t sum[WORDS] = {0};
  multiply(sum + PRODUCT, a.m, b.m);
  add_shifted(sum, c.m, shift, product.sign != c.sign);
  return round_sum(product.sign, exponent, sum);
}

quad QUAD_NAME(fma)(quad x, quad y, quad z) {
  return __wide_to_quad(__wide_fma(__wide_of_quad(x), __wide_of_quad(y), __wide_of_quad(z)));
}
