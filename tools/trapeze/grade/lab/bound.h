/* bound.h - comparisons in a lab: "exits.rfe <= 210", "a0 == {seed:1..9}". For the files that read a test's `expect`.
 * Mistakes are kept in the reader, as node.h describes. */
#ifndef BOUND_H
#define BOUND_H

#include "schema.h"
#include "sum.h"

/* Parses "OP NUMBER" into e->compare and e->number; nothing may follow it. */
bool bound_parse(const char *text, struct lab_expect *e);
/* Is there a value from 0 to `most` for which the comparison holds, and one for which it does not, with the least and with
 * the greatest numbers of a student's own? Otherwise no solution, or every one, meets it, and it is a mistake. `what` is
 * for the message: "a status". */
void bound_check(struct reader *r, node *n, const struct lab_expect *e, const char *what, uint64_t most);
/* A sum without counters whose value is a word for every student. */
struct sum *bound_word(struct reader *r, node *n);

/* Reads a comparison whose right side has no counters into *e, and returns the name on its left, malloc'ed. `example` is
 * for the message. */
char *bound_named(struct reader *r, node *n, struct lab_expect *e, const char *example);

/* The values of `counter`, `register` and `none-at`. */
void bound_counter(struct reader *r, node *n, const struct lab_test *t, struct lab_expect *e);
void bound_register(struct reader *r, node *n, const struct lab_test *t, struct lab_expect *e);
void bound_none_at(struct reader *r, node *n, const struct lab_test *t, struct lab_expect *e);

#endif
