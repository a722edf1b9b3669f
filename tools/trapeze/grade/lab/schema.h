/* schema.h - what schema.c and expectation.c need of each other. Mistakes are kept in the reader, as node.h
 * describes. */
#ifndef SCHEMA_H
#define SCHEMA_H

#include "node.h"

/* ---- schema.c ---- */

/* The file called `name` that the lab's `submit` asks for; NULL when there is none. */
const struct lab_file *schema_file(const struct lab *lab, const char *name);
/* Does the lab's `build` make an artifact of this name and kind? */
bool schema_makes(const struct lab *lab, const char *name, enum build_kind kind);
/* The index of the test's run that `n` names; 0 when there is a mistake. */
size_t schema_run_named(struct reader *r, node *n, const struct lab_test *t);
/* The name of a CPU, which may have {seed:...} in it. */
char *schema_cpu(struct reader *r, node *n);
/* Is every {seed:...} in `text`, the text of `n`, well-formed? Otherwise it is a mistake. */
void schema_check_seeds(struct reader *r, node *n, const char *text);
/* A list of texts that may have {seed:...} in them. */
struct words schema_seeded_words(struct reader *r, node *n, const char *of);

/* ---- expectation.c ---- */

/* Reads `n`, the value of `expect`, into t->expect. The test's runs have been read. */
void schema_read_expects(struct reader *r, node *n, struct lab_test *t);
/* Is `name` a counter that counts something in `run`? Otherwise it is a mistake: the counter would be 0, and
 * a bound on it would hold whatever happens. */
void schema_check_counter(struct reader *r, node *n, const char *name, const struct lab_run *run);

#endif
