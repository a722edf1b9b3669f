/* choice_long.c - the same for long double, and its square root. */
#include <math.h>
#include "userprogs/lib/math/wide.h"

union bits {
  quad q;
  uint32_t word[4];
};

quad QUAD_NAME(copysign)(quad x, quad y) {
  union bits u = {.q = x}, v = {.q = y};
  u.word[3] = (u.word[3] & 0x7FFFFFFF) | (v.word[3] & 0x80000000);
  return u.q;
}

quad QUAD_NAME(fabs)(quad x) { return QUAD_NAME(copysign)(x, 0); }

static struct wide larger(struct wide x, struct wide y, bool minus) {
  if (x.kind == NAN_) return y;
  if (y.kind == NAN_) return x;
  if (x.sign != y.sign) return x.sign == minus ? x : y;
  if (x.kind == INFINITE) return x.sign == minus ? x : y;
  if (y.kind == INFINITE) return y.sign == minus ? y : x;
  return (__wide_compare(x, y) > 0) != minus ? x : y;
}

quad QUAD_NAME(fmax)(quad x, quad y) {
  return __wide_to_quad(larger(__wide_of_quad(x), __wide_of_quad(y), false));
}
quad QUAD_NAME(fmin)(quad x, quad y) {
  return __wide_to_quad(larger(__wide_of_quad(x), __wide_of_quad(y), true));
}

quad QUAD_NAME(fdim)(quad x, quad y) {
  struct wide difference = __wide_sub(__wide_of_quad(x), __wide_of_quad(y));
  if (difference.kind == NAN_ && x == x && y == y) return 0; /* of two infinities */
  return difference.sign ? 0 : __wide_to_quad(difference);
}

/* Rounded right: between two quads, and between a quad and the middle to the next one, the square of the number there
 * tells on which side of it the root is. */
quad QUAD_NAME(sqrt)(quad x) {
  struct wide w = __wide_of_quad(x), root = __wide_sqrt(w);
  if (root.kind != FINITE) return __result_quad(root, w, w);
  root = __wide_add(root, __wide_scale(__wide_one(), root.exponent - 114));
  root.m[0] &= ~UINT32_C(0) << 14; /* the nearest number of 114 bits */
  struct wide rest = __wide_fma(__wide_negate(root), root, w);
  if (rest.kind == FINITE) root = __wide_add(root, __wide_scale(rest, -root.exponent - 2));
  return __wide_to_quad(root);
}

quad QUAD_NAME(nan)(const char *tag) { return (void)tag, __wide_to_quad(__wide_nan()); }
