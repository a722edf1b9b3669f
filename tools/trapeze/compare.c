/* compare.c - comparison operators: their spelling and their meaning. */
#include <string.h>

#include "compare.h"

static const char *const spelling[] = {
    [COMPARE_LT] = "<",  [COMPARE_LE] = "<=", [COMPARE_EQ] = "==", [COMPARE_NE] = "!=",
    [COMPARE_GE] = ">=", [COMPARE_GT] = ">",  [COMPARE_AND] = "&",
};

bool compare_named(const char *text, size_t n, enum compare *compare) {
  for (size_t i = 0; i < sizeof spelling / sizeof *spelling; i++)
    if (strlen(spelling[i]) == n && memcmp(spelling[i], text, n) == 0) {
      *compare = (enum compare)i;
      return true;
    }
  return false;
}

const char *compare_text(enum compare compare) { return spelling[compare]; }

bool compare_holds(enum compare compare, uint64_t left, uint64_t right) {
  switch (compare) {
  case COMPARE_LT: return left < right;
  case COMPARE_LE: return left <= right;
  case COMPARE_EQ: return left == right;
  case COMPARE_NE: return left != right;
  case COMPARE_GE: return left >= right;
  case COMPARE_GT: return left > right;
  case COMPARE_AND: return (left & right) != 0;
  }
  return false;
}
