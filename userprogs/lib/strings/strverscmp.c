/* strverscmp.c - comparison by which "file9" comes before "file10". Runs of digits are numbers; a run that begins with
 * a zero is a fraction: "a01" comes before "a1", and "a001" before "a01". */
#include <ctype.h>
#include <string.h>
#include "userprogs/lib/internal.h"

int strverscmp(const char *a, const char *b) {
  const unsigned char *p = (const unsigned char *)a, *q = (const unsigned char *)b;
  size_t i = 0, run = 0; /* where the run of digits begins */
  bool zeros = true;     /* the run has only zeros so far */
  for (; p[i] == q[i]; i++) {
    if (p[i] == '\0') return 0;
    if (!isdigit(p[i]))
      run = i + 1, zeros = true;
    else if (p[i] != '0')
      zeros = false;
  }
  bool fraction = run < i && p[run] == '0';
  if (!fraction && isdigit(p[i]) && isdigit(q[i])) {
    bool starts_with_zero = run == i && (p[i] == '0' || q[i] == '0');
    if (!starts_with_zero) { /* whole numbers: the longer one is larger */
      size_t m = i, n = i;
      while (isdigit(p[m])) m++;
      while (isdigit(q[n])) n++;
      if (m != n) return m > n ? 1 : -1;
    }
  } else if (!fraction && run < i && (isdigit(p[i]) || isdigit(q[i]))) {
    return isdigit(p[i]) ? 1 : -1; /* a number goes on */
  } else if (fraction && zeros && (isdigit(p[i]) != 0) != (isdigit(q[i]) != 0)) {
    return isdigit(p[i]) ? -1 : 1; /* more zeros come first */
  }
  return p[i] - q[i];
}
