/* strtold.c - long doubles from strings: as strtod.c, with more of everything. */
#include <errno.h>
#include <stdlib.h>
#include "userprogs/lib/math/wide.h"
#include "userprogs/lib/real.h"

static const struct real_type of_long_double = {1760, 11600, 5100, true};

long double strtold(const char *restrict s, char **restrict end) {
  struct scanned n;
  const char *stop = __scan_real(s, &of_long_double, &n);
  if (end != NULL) *end = (char *)stop;
  if (n.kind == NAN_ || n.kind == INFINITE)
    return __wide_to_quad((struct wide){.sign = n.sign, .kind = n.kind});
  uint32_t m[4] = {(uint32_t)(n.low << 1), (uint32_t)(n.low >> 31), (uint32_t)(n.m << 1 | n.low >> 63),
                   (uint32_t)(n.m >> 31)};
  long double result = __wide_to_quad(__wide_normal(n.sign, n.exponent, m));
  struct wide w = __wide_of_quad(result);
  if (n.m != 0 && (w.kind != FINITE || w.exponent < -16382)) errno = ERANGE;
  return result;
}
