/* integer.c - helper functions that compilers for rv32im call by themselves: 64-bit multiplication,
 * division and shifts, and the bit counting that the instruction set lacks. The names are libgcc's. */
#include "internal.h"

union pair {
  uint64_t all;
  struct {
    uint32_t low, high;
  };
};

#define HELPER NO_BUILTIN

HELPER int64_t __muldi3(int64_t a, int64_t b) {
  union pair x = {.all = (uint64_t)a}, y = {.all = (uint64_t)b};
  union pair product = {.all = (uint64_t)x.low * y.low}; /* mul and mulhu */
  product.high += x.low * y.high + x.high * y.low;
  return (int64_t)product.all;
}

HELPER int64_t __ashldi3(int64_t a, int shift) {
  union pair x = {.all = (uint64_t)a};
  if (shift >= 32) return (int64_t)(union pair){.high = x.low << (shift & 31)}.all;
  if (shift == 0) return a;
  return (int64_t)(union pair){.low = x.low << shift, .high = x.high << shift | x.low >> (32 - shift)}.all;
}

HELPER uint64_t __lshrdi3(uint64_t a, int shift) {
  union pair x = {.all = a};
  if (shift >= 32) return (union pair){.low = x.high >> (shift & 31)}.all;
  if (shift == 0) return a;
  return (union pair){.low = x.low >> shift | x.high << (32 - shift), .high = x.high >> shift}.all;
}

HELPER int64_t __ashrdi3(int64_t a, int shift) {
  union pair x = {.all = (uint64_t)a};
  uint32_t sign = (uint32_t)((int32_t)x.high >> 31);
  uint32_t high = (uint32_t)((int32_t)x.high >> (shift & 31));
  if (shift >= 32) return (int64_t)(union pair){.low = high, .high = sign}.all;
  if (shift == 0) return a;
  return (int64_t)(union pair){.low = x.low >> shift | x.high << (32 - shift), .high = high}.all;
}

/* ---- bits ---- */

HELPER int __clzsi2(unsigned x) {
  int n = 0;
  if (x == 0) return 32;
  for (int half = 16; half > 0; half /= 2)
    if (x >> (32 - half) == 0) n += half, x <<= half;
  return n;
}

HELPER int __popcountsi2(unsigned x) {
  x -= x >> 1 & 0x55555555;
  x = (x & 0x33333333) + (x >> 2 & 0x33333333);
  x = (x + (x >> 4)) & 0x0F0F0F0F;
  return (int)(x * 0x01010101 >> 24);
}

HELPER int __ctzsi2(unsigned x) { return 31 - __clzsi2(x & -x); }
HELPER int __ffssi2(unsigned x) { return 32 - __clzsi2(x & -x); }
HELPER int __clrsbsi2(int x) { return __clzsi2((unsigned)(x ^ x >> 31)) - 1; } /* equal to the sign bit */
HELPER int __paritysi2(unsigned x) { return __popcountsi2(x) & 1; }

HELPER unsigned __bswapsi2(unsigned x) { return x << 24 | (x & 0xFF00) << 8 | (x >> 8 & 0xFF00) | x >> 24; }

HELPER int __clzdi2(uint64_t x) {
  union pair p = {.all = x};
  return p.high != 0 ? __clzsi2(p.high) : 32 + __clzsi2(p.low);
}

HELPER int __ctzdi2(uint64_t x) {
  union pair p = {.all = x};
  return p.low != 0 ? __ctzsi2(p.low) : 32 + __ctzsi2(p.high);
}

HELPER int __clrsbdi2(int64_t x) { return __clzdi2((uint64_t)(x < 0 ? ~x : x)) - 1; }

HELPER int __ffsdi2(uint64_t x) { return x != 0 ? __ctzdi2(x) + 1 : 0; }

HELPER int __popcountdi2(uint64_t x) {
  union pair p = {.all = x};
  return __popcountsi2(p.low) + __popcountsi2(p.high);
}

HELPER int __paritydi2(uint64_t x) { return __popcountdi2(x) & 1; }

HELPER uint64_t __bswapdi2(uint64_t x) {
  union pair p = {.all = x};
  return (union pair){.low = __bswapsi2(p.high), .high = __bswapsi2(p.low)}.all;
}

/* ---- division ---- */

/* One digit of base 2^16 of a long division: *rest and the next digit, by d with its top bit set.
 * The first guess, from d's upper half alone, is at most 2 too high (Knuth, volume 2, 4.3.1). */
static uint32_t quotient_digit(uint32_t *rest, uint32_t next, uint32_t d) {
  uint32_t high = d >> 16, low = d & 0xFFFF;
  uint32_t q = *rest / high, r = *rest % high;
  while (q > 0xFFFF || q * low > (r << 16 | next)) {
    q--, r += high;
    if (r > 0xFFFF) break;
  }
  *rest = (*rest << 16 | next) - q * d;
  return q;
}

/* high:low / d for high < d, so that the quotient is one word. */
static uint32_t divide_words(uint32_t high, uint32_t low, uint32_t d, uint32_t *rest) {
  int shift = __clzsi2(d);
  d <<= shift;
  *rest = shift != 0 ? high << shift | low >> (32 - shift) : high;
  low <<= shift;
  uint32_t q = quotient_digit(rest, low >> 16, d) << 16;
  q |= quotient_digit(rest, low & 0xFFFF, d);
  *rest >>= shift;
  return q;
}

/* a / b for b of more than one word: a bit at a time, at most 32. */
static uint32_t divide_long(uint64_t a, uint64_t b, uint64_t *rest) {
  uint32_t q = 0;
  for (int shift = __clzdi2(b) - __clzdi2(a); shift >= 0; shift--) {
    uint64_t d = b << shift;
    if (a >= d) a -= d, q |= 1u << shift;
  }
  *rest = a;
  return q;
}

HELPER uint64_t __udivmoddi4(uint64_t a, uint64_t b, uint64_t *rest) {
  union pair n = {.all = a}, d = {.all = b}, q = {0}, r = {0};
  if (d.high != 0) {
    q.low = divide_long(a, b, &r.all);
  } else if (d.low == 0) { /* as the divu instruction has it */
    q.all = UINT64_MAX, r.all = a;
  } else {
    q.high = n.high / d.low;
    n.high %= d.low;
    q.low = n.high != 0 ? divide_words(n.high, n.low, d.low, &r.low) : n.low / d.low;
    if (n.high == 0) r.low = n.low % d.low;
  }
  if (rest != NULL) *rest = r.all;
  return q.all;
}

static uint64_t magnitude(int64_t a) { return a < 0 ? -(uint64_t)a : (uint64_t)a; }

HELPER int64_t __divmoddi4(int64_t a, int64_t b, int64_t *rest) {
  uint64_t r, q = __udivmoddi4(magnitude(a), magnitude(b), &r);
  *rest = (int64_t)(a < 0 ? -r : r);
  return (int64_t)((a ^ b) < 0 ? -q : q);
}

HELPER uint64_t __udivdi3(uint64_t a, uint64_t b) { return __udivmoddi4(a, b, NULL); }

HELPER uint64_t __umoddi3(uint64_t a, uint64_t b) {
  uint64_t rest;
  __udivmoddi4(a, b, &rest);
  return rest;
}

HELPER int64_t __divdi3(int64_t a, int64_t b) {
  int64_t rest;
  return __divmoddi4(a, b, &rest);
}

HELPER int64_t __moddi3(int64_t a, int64_t b) {
  int64_t rest;
  __divmoddi4(a, b, &rest);
  return rest;
}
