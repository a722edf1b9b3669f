/* possible.h - what no solution can meet, and what every one meets: mistakes in a lab, which node.h's reader
 * keeps. */
#ifndef POSSIBLE_H
#define POSSIBLE_H

#include "schema.h"

/* What the counter can be at most: a run with more reaches one of its limits. */
uint64_t possible_most(const char *counter, const struct lab_run *run);
/* How many matches of the trace pattern the run can have at most. */
uint64_t possible_matches(const struct lab_expect *e, const struct lab_run *run);
/* The keys of `console`, in this order in `v`: can one text be as they say, with at most `limit` bytes? */
enum { CONSOLE_HAS, CONSOLE_NOT, CONSOLE_IS };
void possible_console(struct reader *r, node **v, const struct lab_expect *e, uint64_t limit);
/* Can a solution meet both? `n` is the node of the second. */
void possible_together(struct reader *r, node *n, const struct lab_expect *first,
                       const struct lab_expect *second);

#endif
