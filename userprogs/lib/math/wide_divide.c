/* wide_divide.c - quotients and square roots of numbers with 128 bits. */
#include "userprogs/lib/math/wide.h"

/* Subtracts digit * b * 2^32^place from the rest, which has 9 words; the result is not below 0. */
static void subtract_product(uint32_t *rest, const uint32_t b[4], uint32_t digit) {
  uint64_t carry = 0;
  uint32_t borrow = 0;
  for (int i = 0; i < 5; i++) {
    uint64_t product = (i < 4 ? (uint64_t)b[i] * digit : 0) + carry;
    uint32_t low = (uint32_t)product, before = rest[i], difference = before - low;
    carry = product >> 32;
    rest[i] = difference - borrow;
    borrow = (before < low) | (difference < borrow);
  }
}

static bool is_less(const uint32_t *rest, const uint32_t b[4]) {
  if (rest[4] != 0) return false;
  for (int i = 3; i >= 0; i--)
    if (rest[i] != b[i]) return rest[i] < b[i];
  return false;
}

/* Digits of 32 bits, the highest first. A digit is estimated from the highest words, never too large, and the rest tells
 * how much is missing. */
struct wide __wide_div(struct wide a, struct wide b) {
  bool sign = a.sign != b.sign;
  if (a.kind == NAN_ || b.kind == NAN_ || (a.kind == b.kind && a.kind != FINITE)) return __wide_nan();
  if (a.kind == INFINITE || b.kind == ZERO) return __wide_infinity(sign);
  if (a.kind == ZERO || b.kind == INFINITE) return __wide_zero(sign);
  uint32_t rest[9] = {0, 0, 0, 0, a.m[0], a.m[1], a.m[2], a.m[3], 0}, q[5];
  uint64_t top = (uint64_t)b.m[3] + 1;
  for (int place = 4; place >= 0; place--) {
    uint32_t *r = rest + place, digit = 0;
    while (!is_less(r, b.m)) {
      uint64_t high = (uint64_t)r[4] << 32 | r[3], part = high / top;
      uint32_t more = part != 0 ? (uint32_t)part : 1;
      subtract_product(r, b.m, more);
      digit += more;
    }
    q[place] = digit;
  }
  struct wide result = {sign, FINITE, a.exponent - b.exponent, {q[0], q[1], q[2], q[3]}};
  uint32_t sticky = rest[0] | rest[1] | rest[2] | rest[3];
  if (q[4] != 0) { /* at least 1: it is 1 */
    sticky |= result.m[0] & 1;
    for (int i = 0; i < 4; i++) result.m[i] = result.m[i] >> 1 | q[i + 1] << 31;
  } else {
    result.exponent--;
  }
  result.m[0] |= sticky != 0;
  return result;
}

/* A root of the upper 64 bits, and one step of Newton's method, which doubles the number of good bits. */
struct wide __wide_sqrt(struct wide x) {
  if (x.kind == ZERO || x.kind == NAN_ || (x.kind == INFINITE && !x.sign)) return x;
  if (x.sign) return __wide_nan();
  bool odd = x.exponent % 2 != 0;
  uint64_t rest = 0, root = 0, m = ((uint64_t)x.m[3] << 32 | x.m[2]) >> (odd ? 0 : 1); /* in [1, 4) * 2^62 */
  for (int i = 0; i < 62; i++) {
    rest = rest << 2 | m >> 62;
    m <<= 2, root <<= 1;
    if (rest > 2 * root) rest -= 2 * root + 1, root |= 1;
  }
  uint32_t words[4] = {0, 0, (uint32_t)root, (uint32_t)(root >> 32)};
  struct wide r = __wide_normal(false, 0, words);
  r.exponent = (x.exponent - odd) / 2;
  return __wide_scale(__wide_add(r, __wide_div(x, r)), -1);
}
