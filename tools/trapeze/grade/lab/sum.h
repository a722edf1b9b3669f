/* sum.h - sums in a lab's bounds: "2 * flat:exits + {seed.n:3..9}". They consist of numbers, numbers of a student's own
 * (seed.h) and counters of the test's runs (counter.h), with + - * / between them; * and / bind closer. There must be
 * blanks around a minus, which names may contain.
 *
 * Values are exact: fractions, not floating point, so that a bound is where it is written. */
#ifndef SUM_H
#define SUM_H

#include "lab.h"

struct ratio {
  __int128 over, under; /* under > 0; no common divisor */
};
struct ratio ratio_of(uint64_t n);
/* -1, 0 or 1: a is less than, equal to or more than b. */
int ratio_compare(struct ratio a, struct ratio b);
bool ratio_holds(enum compare compare, struct ratio left, struct ratio right);
double ratio_double(struct ratio r);
/* As text, with at most four decimals; written into `buf`, which is returned. */
const char *ratio_text(struct ratio r, char buf[64]);

struct sum;

/* Parses the first `n` bytes of `text`, for sum_free. Counters are those of the runs of `test`, `in` is the index of the
 * run for those without a run's name; NULL: there may be no counters. Returns NULL with the reason in `why`, one line of
 * at most `size` bytes. Whether a counter is one, and counts something in its run, is not checked: see sum_counter_at. */
struct sum *sum_parse(const char *text, size_t n, const struct lab_test *test, size_t in, char *why,
                      size_t size);
void sum_free(struct sum *s); /* NULL is allowed */
/* As it was written. */
const char *sum_text(const struct sum *s);
/* The counter number `i` in it, and its run; NULL when there are not so many. */
const char *sum_counter_at(const struct sum *s, size_t i, size_t *run);

/* The value of a counter of a run. */
typedef uint64_t sum_counting(const void *arg, size_t run, const char *counter);
/* The value for a student. False when there is a division by 0, or a number with more than 38 digits. `count` is asked
 * for counters. */
bool sum_value(const struct sum *s, const char *student, sum_counting *count, const void *arg,
               struct ratio *value);

#endif
