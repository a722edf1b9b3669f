/* seed.h - {seed:A..B} and {seed.NAME:A..B} in a lab's texts: numbers chosen for a student, the same each
 * time. For example, {seed:100..999} may become 417 for one student and 802 for another. */
#ifndef SEED_H
#define SEED_H

/* Two students who do not exist: their numbers are all A, and all B. */
#define SEED_LEAST "\001least"
#define SEED_MOST "\001most"

/* Returns `text` with each of them replaced by a decimal number from A to B. The number depends on `student`,
 * NAME, A and B alone. The caller frees the result. When one is malformed, returns NULL and sets *wrong to
 * its beginning in `text`. Dies with STATUS_USAGE when memory is short. */
char *seed_expand(const char *text, const char *student, const char **wrong);

#endif
