/* series.c - polynomials in fractions of 2^128. */
#include "userprogs/lib/math/wide.h"

struct fixed __fixed(struct wide x) {
  struct fixed t = {{x.m[0], x.m[1], x.m[2], x.m[3]}};
  if (x.kind != FINITE) return (struct fixed){{0}};
  __shift_right_sticky(t.m, -x.exponent - 1);
  return t;
}

/* The upper half of the product. Of the lower half only the highest words take part: the error is below 4 / 2^128. */
struct fixed __fixed_mul(struct fixed a, struct fixed b) {
  uint32_t p[8] = {0};
  for (int i = 0; i < 4; i++) {
    uint32_t carry = 0;
    for (int j = 3 - i; j < 4; j++) {
      uint64_t t = (uint64_t)a.m[i] * b.m[j] + p[i + j] + carry;
      p[i + j] = (uint32_t)t, carry = (uint32_t)(t >> 32);
    }
    p[i + 4] = carry;
  }
  return (struct fixed){{p[4], p[5], p[6], p[7]}};
}

static struct fixed add(struct fixed a, struct fixed b) {
  uint32_t carry = 0;
  for (int i = 0; i < 4; i++) {
    uint32_t sum = a.m[i] + carry;
    carry = sum < carry;
    a.m[i] = sum + b.m[i];
    carry += a.m[i] < sum;
  }
  return a;
}

static struct fixed negate(struct fixed a) {
  uint32_t carry = 1;
  for (int i = 0; i < 4; i++) a.m[i] = ~a.m[i] + carry, carry = carry && a.m[i] == 0;
  return a;
}

/* Horner's scheme. */
struct fixed __series(const struct fixed *c, int stride, int terms, struct fixed t, bool alternating) {
  struct fixed sum = c[(terms - 1) * stride];
  for (int i = terms - 2; i >= 0; i--) {
    sum = __fixed_mul(t, sum);
    sum = add(c[i * stride], alternating ? negate(sum) : sum);
  }
  return sum;
}

struct wide __one_plus(struct fixed t) {
  uint32_t lost = t.m[0] & 1;
  for (int i = 0; i < 3; i++) t.m[i] = t.m[i] >> 1 | t.m[i + 1] << 31;
  return (struct wide){false, FINITE, 0, {t.m[0] | lost, t.m[1], t.m[2], t.m[3] >> 1 | 0x80000000}};
}

struct wide __one_minus(struct fixed t) {
  if ((t.m[0] | t.m[1] | t.m[2] | t.m[3]) == 0) return __wide_one();
  return __wide_normal(false, -1, negate(t).m);
}
