/* class_statistics.h - what a class as a whole has earned: `trapeze grade --statistics OUT`. */
#ifndef CLASS_STATISTICS_H
#define CLASS_STATISTICS_H

#include "class_take.h"

enum { STATISTICS_BINS = 10 };

struct test_statistics {
  const char *id;
  double max;
  size_t full, part, none,
      skipped; /* students: full marks, some, no points, and none because another test failed */
  double lost; /* the share of all points of this test that were not earned, 0 to 1 */
};

struct statistics {
  const char *lab, *title;
  size_t students, graded, ungraded, absent;
  double max;                            /* points */
  double mean, least, most, quartile[3]; /* of those who are graded; quartile[1] is the median */
  size_t bin[STATISTICS_BINS]; /* students by points: bin i from i/10 of all points, the last one with all */
  struct test_statistics *test;
  size_t tests;
};

/* Counts the hand-in that counts of each student. The texts belong to `first`, any result of the lab. For
 * statistics_free. */
struct statistics statistics_of(const struct row *row, size_t rows, const json_t *first);
void statistics_free(struct statistics *s);

/* Writes them as text of at most 80 columns. */
void statistics_text(FILE *f, const struct statistics *s);
/* Writes them as SVG. */
void statistics_svg(FILE *f, const struct statistics *s);

#endif
