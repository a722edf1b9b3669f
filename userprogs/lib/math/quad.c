/* quad.c - the arithmetic of long double, which compilers call: IEEE's binary128, as RISC-V's ABI has it. The names are
 * libgcc's. Numbers with 128 bits are more than the 113 of a quad: each result is rounded once. */
#include "userprogs/lib/math/wide.h"

quad __addtf3(quad x, quad y) { return __wide_to_quad(__wide_add(__wide_of_quad(x), __wide_of_quad(y))); }
quad __subtf3(quad x, quad y) { return __wide_to_quad(__wide_sub(__wide_of_quad(x), __wide_of_quad(y))); }
quad __multf3(quad x, quad y) { return __wide_to_quad(__wide_mul(__wide_of_quad(x), __wide_of_quad(y))); }
quad __divtf3(quad x, quad y) { return __wide_to_quad(__wide_div(__wide_of_quad(x), __wide_of_quad(y))); }
quad __negtf2(quad x) { return __wide_to_quad(__wide_negate(__wide_of_quad(x))); }

/* ---- comparison ---- */

static int compare(quad x, quad y, int unordered) {
  struct wide a = __wide_of_quad(x), b = __wide_of_quad(y);
  if (a.kind == NAN_ || b.kind == NAN_) return unordered;
  if (a.kind == INFINITE || b.kind == INFINITE) {
    int left = a.kind == INFINITE ? (a.sign ? -1 : 1) : 0, right = b.kind == INFINITE ? (b.sign ? -1 : 1) : 0;
    return left - right;
  }
  return __wide_compare(a, b);
}

int __unordtf2(quad x, quad y) { return __wide_of_quad(x).kind == NAN_ || __wide_of_quad(y).kind == NAN_; }
int __eqtf2(quad x, quad y) { return compare(x, y, 1); }
int __netf2(quad x, quad y) { return compare(x, y, 1); }
int __lttf2(quad x, quad y) { return compare(x, y, 1); }
int __letf2(quad x, quad y) { return compare(x, y, 1); }
int __gttf2(quad x, quad y) { return compare(x, y, -1); }
int __getf2(quad x, quad y) { return compare(x, y, -1); }

/* ---- other types ---- */

quad __extenddftf2(double x) { return __wide_to_quad(__wide(x)); }
quad __extendsftf2(float x) { return __wide_to_quad(__wide(x)); }
double __trunctfdf2(quad x) { return __wide_to_double(__wide_of_quad(x)); }
float __trunctfsf2(quad x) { return __wide_to_float(__wide_of_quad(x)); }

static quad from_integer(bool sign, uint64_t n) {
  uint32_t m[4] = {0, 0, (uint32_t)n, (uint32_t)(n >> 32)};
  return __wide_to_quad(__wide_normal(n != 0 && sign, 63, m));
}

quad __floatunditf(uint64_t n) { return from_integer(false, n); }
quad __floatditf(int64_t n) { return from_integer(n < 0, n < 0 ? -(uint64_t)n : (uint64_t)n); }
quad __floatunsitf(uint32_t n) { return from_integer(false, n); }
quad __floatsitf(int32_t n) { return __floatditf(n); }

/* Towards zero; what is too large is `most`, and a NaN is 0. */
static uint64_t whole(struct wide x, uint64_t most) {
  if (x.kind == ZERO || x.kind == NAN_ || (x.kind == FINITE && x.exponent < 0)) return 0;
  if (x.kind == INFINITE || x.exponent > 63) return most;
  uint64_t n = ((uint64_t)x.m[3] << 32 | x.m[2]) >> (63 - x.exponent);
  return n < most ? n : most;
}

int64_t __fixtfdi(quad x) {
  struct wide w = __wide_of_quad(x);
  uint64_t n = whole(w, (uint64_t)INT64_MAX + w.sign);
  return (int64_t)(w.sign ? -n : n);
}

int32_t __fixtfsi(quad x) {
  struct wide w = __wide_of_quad(x);
  uint64_t n = whole(w, (uint64_t)INT32_MAX + w.sign);
  return (int32_t)(w.sign ? -n : n);
}

uint64_t __fixunstfdi(quad x) {
  struct wide w = __wide_of_quad(x);
  return w.sign ? 0 : whole(w, UINT64_MAX);
}

uint32_t __fixunstfsi(quad x) {
  struct wide w = __wide_of_quad(x);
  return w.sign ? 0 : (uint32_t)whole(w, UINT32_MAX);
}
