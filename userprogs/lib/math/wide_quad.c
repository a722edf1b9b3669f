/* wide_quad.c - from long double, which is IEEE's binary128, to numbers with 128 bits, and back. */
#include <errno.h>
#include "userprogs/lib/math/wide.h"

#define BIAS 16383
#define SPECIAL 0x7FFF /* the exponent of infinity and NaN */
#define SPARE 15       /* bits below a quad's last one */

union bits {
  quad q;
  uint32_t word[4];
};

struct wide __wide_of_quad(quad q) {
  union bits u = {.q = q};
  bool sign = u.word[3] >> 31;
  int exponent = (int)(u.word[3] >> 16 & SPECIAL);
  uint32_t m[4] = {u.word[0], u.word[1], u.word[2], u.word[3] & 0xFFFF};
  bool any = (m[0] | m[1] | m[2] | m[3]) != 0;
  if (exponent == SPECIAL) return any ? (struct wide){.sign = sign, .kind = NAN_} : __wide_infinity(sign);
  if (exponent > 0) m[3] |= 0x10000;
  return __wide_normal(sign, (exponent > 0 ? exponent : 1) - BIAS + SPARE, m);
}

/* Adds 1 to the number above the spare bits, if they are more than a half, or a half and the number is odd. */
static bool round_up(uint32_t m[4]) {
  uint32_t rest = m[0] & ((1u << SPARE) - 1), half = 1u << (SPARE - 1);
  return rest > half || (rest == half && (m[0] >> SPARE & 1));
}

quad __wide_to_quad(struct wide x) {
  union bits u = {.word = {0, 0, 0, (uint32_t)x.sign << 31}};
  int exponent = x.exponent + BIAS;
  if (x.kind == NAN_) u.word[3] = 0x7FFF8000;
  if (x.kind == INFINITE || (x.kind == FINITE && exponent >= SPECIAL)) u.word[3] |= (uint32_t)SPECIAL << 16;
  if (x.kind != FINITE || exponent >= SPECIAL) return u.q;
  if (exponent <= 0) __shift_right_sticky(x.m, 1 - exponent), exponent = 0;
  bool up = round_up(x.m);
  uint32_t n[4];
  for (int i = 0; i < 4; i++) n[i] = x.m[i] >> SPARE | (i < 3 ? x.m[i + 1] << (32 - SPARE) : 0);
  if (exponent > 0) n[3] += (uint32_t)(exponent - 1) << 16; /* the highest bit adds 1 to the exponent */
  for (int i = 0; i < 4 && up; i++) up = ++n[i] == 0;
  u.word[0] = n[0], u.word[1] = n[1], u.word[2] = n[2], u.word[3] |= n[3];
  return u.q;
}

static bool is_finite(struct wide x) { return x.kind == FINITE || x.kind == ZERO; }

quad __result_quad(struct wide result, struct wide x, struct wide y) {
  union bits u = {.q = __wide_to_quad(result)};
  uint32_t exponent = u.word[3] >> 16 & SPECIAL;
  if (result.kind == NAN_ && x.kind != NAN_ && y.kind != NAN_) errno = EDOM;
  if (exponent == SPECIAL && result.kind != NAN_ && is_finite(x) && is_finite(y)) errno = ERANGE;
  if (exponent == 0 && result.kind == FINITE) errno = ERANGE;
  return u.q;
}
