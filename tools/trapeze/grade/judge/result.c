/* result.c - the end of a result's life, and points as text. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "result.h"

void result_free(struct result *r) {
  if (!r) return;
  for (size_t i = 0; i < r->lab->tests; i++) {
    free(r->test[i].feedback);
    free(r->test[i].debug);
    free(r->test[i].mistake);
  }
  free(r->test);
  free(r->figure);
  free(r->trouble);
  free(r->student);
  free(r);
}

double points_rounded(double points) { return round(points * 100) / 100 + 0.0; /* no negative zero */ }

const char *points_text(double points, char buf[32]) {
  snprintf(buf, 32, "%.2f", points_rounded(points));
  char *end = buf + strlen(buf);
  while (end[-1] == '0') *--end = 0;
  if (end[-1] == '.') end[-1] = 0;
  return buf;
}
