/* similar.h - copies among submissions, and of the solutions that are known: `trapeze grade --similar`. */
#ifndef GRADE_SIMILAR_H
#define GRADE_SIMILAR_H

#include "tools/trapeze/grade/lab/lab.h"

/* The places of a text that are compared. */
struct prints {
  struct print {
    uint64_t hash;
    unsigned line; /* where the run of tokens begins, from 1 */
  } * print;
  size_t n;
};

/* Adds the fingerprints of a source in C or, with `assembly`, in assembly. Any SIMILAR_SURE tokens in a row that two texts
 * share give them a fingerprint in common; fewer than SIMILAR_TOKENS never do. Names, numbers and texts do not
 * matter, and neither do comments and white space. */
enum { SIMILAR_TOKENS = 20, SIMILAR_WINDOW = 10, SIMILAR_SURE = SIMILAR_TOKENS + SIMILAR_WINDOW - 1 };
void prints_add(struct prints *p, const char *text, bool assembly);
/* Sorts the fingerprints and takes doubles out; and those that `known` has, which is sorted. */
void prints_sort(struct prints *p, const struct prints *known);
/* How many fingerprints two sorted lists share. *line_a and *line_b: where the first of them is. */
size_t prints_shared(const struct prints *a, const struct prints *b, unsigned *line_a, unsigned *line_b);
void prints_free(struct prints *p);

/* Compares each two submissions in `folder`, and each with the lab's reference and with Trapeze's own VMM and kernel.
 * Writes a line for each two of which one shares at least `percent` of its fingerprints with the other; what
 * the starter has counts for nothing. Dies as folder_names does. */
void similar_report(FILE *f, const struct lab *lab, const char *folder, unsigned percent);

#endif
