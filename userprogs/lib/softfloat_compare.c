/* softfloat_compare.c - comparisons of doubles: see softfloat.c. */
#include "softfloat.h"

static inline bool is_nan(struct words x) { return (x.high << 1 | (x.low != 0)) > UINT32_C(2047) << 21; }

/* Of two numbers: the bits rise with a number that is not negative, and fall with one that is. -0 is +0. */
static inline int compare(double x, double y, int unordered) {
  struct words a = __words_of(__bits(x)), b = __words_of(__bits(y));
  if (is_nan(a) || is_nan(b)) return unordered;
  bool negative = (int32_t)(a.high & b.high) < 0;
  if (a.high != b.high) {
    if ((((a.high | b.high) << 1) | a.low | b.low) == 0) return 0;
    return ((int32_t)a.high < (int32_t)b.high) != negative ? -1 : 1;
  }
  if (a.low == b.low) return 0;
  return (a.low < b.low) != negative ? -1 : 1;
}

int __unorddf2(double x, double y) { return is_nan(__words_of(__bits(x))) || is_nan(__words_of(__bits(y))); }

int __eqdf2(double x, double y) {
  struct words a = __words_of(__bits(x)), b = __words_of(__bits(y));
  if (a.high == b.high && a.low == b.low) return is_nan(a);
  return (((a.high | b.high) << 1) | a.low | b.low) != 0;
}

int __nedf2(double x, double y) { return __eqdf2(x, y); }
int __ltdf2(double x, double y) { return compare(x, y, 1); }
int __ledf2(double x, double y) { return compare(x, y, 1); }
int __gtdf2(double x, double y) { return compare(x, y, -1); }
int __gedf2(double x, double y) { return compare(x, y, -1); }
