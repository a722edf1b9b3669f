/* wide.c - addition and multiplication of numbers with 128 bits, and their comparison: see wide.h. */
#include <limits.h>
#include "userprogs/lib/math/wide.h"

#define TOP 0x80000000u

/* ---- words ---- */

void __shift_right_sticky(uint32_t m[4], int by) {
  uint32_t lost = 0;
  if (by >= 128) {
    lost = m[0] | m[1] | m[2] | m[3];
    m[1] = m[2] = m[3] = 0, m[0] = lost != 0;
    return;
  }
  for (; by >= 32; by -= 32) lost |= m[0], m[0] = m[1], m[1] = m[2], m[2] = m[3], m[3] = 0;
  if (by > 0) {
    lost |= m[0] << (32 - by);
    for (int i = 0; i < 3; i++) m[i] = m[i] >> by | m[i + 1] << (32 - by);
    m[3] >>= by;
  }
  m[0] |= lost != 0;
}

/* m has a bit that is 1; returns how far it was shifted. */
static int shift_left(uint32_t m[4]) {
  int shift = 0;
  for (; m[3] == 0; shift += 32) m[3] = m[2], m[2] = m[1], m[1] = m[0], m[0] = 0;
  int by = __builtin_clz(m[3]);
  if (by == 0) return shift;
  for (int i = 3; i > 0; i--) m[i] = m[i] << by | m[i - 1] >> (32 - by);
  m[0] <<= by;
  return shift + by;
}

static int compare_words(const uint32_t a[4], const uint32_t b[4]) {
  for (int i = 3; i >= 0; i--)
    if (a[i] != b[i]) return a[i] < b[i] ? -1 : 1;
  return 0;
}

static bool add_words(uint32_t to[4], const uint32_t b[4]) {
  uint32_t carry = 0;
  for (int i = 0; i < 4; i++) {
    uint32_t sum = to[i] + carry;
    carry = sum < carry;
    to[i] = sum + b[i];
    carry += to[i] < sum;
  }
  return carry != 0;
}

static void subtract_words(uint32_t to[4], const uint32_t b[4]) {
  uint32_t borrow = 0;
  for (int i = 0; i < 4; i++) {
    uint32_t before = to[i], difference = before - b[i];
    to[i] = difference - borrow;
    borrow = (before < b[i]) | (difference < borrow);
  }
}

struct wide __wide_normal(bool sign, int exponent, const uint32_t m[4]) {
  struct wide x = {sign, FINITE, exponent, {m[0], m[1], m[2], m[3]}};
  if ((m[0] | m[1] | m[2] | m[3]) == 0) return __wide_zero(sign);
  x.exponent -= shift_left(x.m);
  return x;
}

/* ---- addition ---- */

static struct wide add_finite(struct wide a, struct wide b) {
  if (a.exponent < b.exponent || (a.exponent == b.exponent && compare_words(a.m, b.m) < 0)) {
    struct wide other = a;
    a = b, b = other;
  }
  __shift_right_sticky(b.m, a.exponent - b.exponent);
  if (a.sign != b.sign) {
    subtract_words(a.m, b.m);
    return a.m[3] & TOP ? a
                        : __wide_normal((a.m[0] | a.m[1] | a.m[2] | a.m[3]) != 0 && a.sign, a.exponent, a.m);
  }
  if (add_words(a.m, b.m)) {
    __shift_right_sticky(a.m, 1);
    a.m[3] |= TOP, a.exponent++;
  }
  return a;
}

struct wide __wide_add(struct wide a, struct wide b) {
  if (a.kind == NAN_ || b.kind == NAN_) return __wide_nan();
  if (a.kind == INFINITE) return b.kind == INFINITE && a.sign != b.sign ? __wide_nan() : a;
  if (b.kind == INFINITE) return b;
  if (a.kind == ZERO) return b.kind == ZERO ? __wide_zero(a.sign && b.sign) : b;
  return b.kind == ZERO ? a : add_finite(a, b);
}

struct wide __wide_sub(struct wide a, struct wide b) {
  return __wide_add(a, __wide_negate(b));
}

/* ---- multiplication ---- */

struct wide __wide_mul(struct wide a, struct wide b) {
  bool sign = a.sign != b.sign;
  if (a.kind == NAN_ || b.kind == NAN_) return __wide_nan();
  if (a.kind == INFINITE || b.kind == INFINITE)
    return a.kind == ZERO || b.kind == ZERO ? __wide_nan() : __wide_infinity(sign);
  if (a.kind == ZERO || b.kind == ZERO) return __wide_zero(sign);
  uint32_t p[8] = {0};
  for (int i = 0; i < 4; i++) {
    uint32_t carry = 0;
    if (a.m[i] == 0) continue; /* as in numbers that came from a double */
    for (int j = 0; j < 4; j++) {
      uint64_t t = (uint64_t)a.m[i] * b.m[j] + p[i + j] + carry;
      p[i + j] = (uint32_t)t, carry = (uint32_t)(t >> 32);
    }
    p[i + 4] = carry;
  }
  struct wide r = {sign, FINITE, a.exponent + b.exponent + 1, {p[4], p[5], p[6], p[7]}};
  if (!(r.m[3] & TOP)) {
    for (int i = 3; i >= 0; i--) r.m[i] = p[i + 4] << 1 | p[i + 3] >> 31;
    p[3] <<= 1, r.exponent--;
  }
  r.m[0] |= (p[0] | p[1] | p[2] | p[3]) != 0;
  return r;
}

/* ---- comparison, and whole numbers ---- */

int __wide_compare(struct wide a, struct wide b) {
  int a_sign = a.kind == ZERO ? 0 : a.sign ? -1 : 1, b_sign = b.kind == ZERO ? 0 : b.sign ? -1 : 1;
  if (a_sign != b_sign) return a_sign < b_sign ? -1 : 1;
  if (a_sign == 0) return 0;
  int c = a.exponent != b.exponent ? (a.exponent < b.exponent ? -1 : 1) : compare_words(a.m, b.m);
  return a_sign * c;
}

int __wide_nearest(struct wide x) {
  if (x.kind != FINITE || x.exponent < -1) return 0;
  if (x.exponent >= 30) return x.sign ? INT_MIN : INT_MAX;
  __shift_right_sticky(x.m, 95 - x.exponent); /* two bits behind the point, or more in the lowest */
  uint32_t n = x.m[1], rest = x.m[0];
  if (rest > TOP || (rest == TOP && (n & 1))) n++;
  return x.sign ? -(int)n : (int)n;
}

/* The number of zeros at the lower end. */
static int lowest_bit(const uint32_t m[4]) {
  int i = 0;
  while (m[i] == 0) i++;
  return 32 * i + __builtin_ctz(m[i]);
}

bool __wide_is_whole(struct wide x) {
  return x.kind == ZERO || (x.kind == FINITE && lowest_bit(x.m) >= 127 - x.exponent);
}
bool __wide_is_odd(struct wide x) { return x.kind == FINITE && lowest_bit(x.m) == 127 - x.exponent; }

struct wide __wide_of_int(int n) {
  uint32_t m[4] = {0, 0, 0, n < 0 ? -(uint32_t)n : (uint32_t)n};
  return __wide_normal(n < 0, 31, m);
}
