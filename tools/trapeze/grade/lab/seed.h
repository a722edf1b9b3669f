/* seed.h - {seed:A..B} and {seed.NAME:A..B} in a lab's texts: numbers chosen for a student, the same each
 * time. For example, {seed:100..999} may become 417 for one student and 802 for another. In the same way,
 * {seed.NAME:load|store|jump} becomes one of these words; \n in a word becomes a new line. */
#ifndef SEED_H
#define SEED_H

#include "tools/trapeze/trapeze.h"

/* Two students who do not exist: their numbers are all A, and all B; their words all the first, and all the
 * last. */
#define SEED_LEAST "\001least"
#define SEED_MOST "\001most"

#define SEED_EXPECTED \
  "expected {seed:A..B} or {seed.NAME:A..B}, with numbers A up to B, or {seed.NAME:WORD|WORD}"
enum { SEED_BROKEN = 2 }; /* GRADE_BROKEN: the lab has a mistake */

/* Returns `text` with each of them replaced by a decimal number from A to B, or by one of the words. The
 * choice depends on `student`, on NAME, and on A and B or the number of words. The caller frees the result.
 * When one is malformed, returns NULL and sets *wrong to its beginning in `text`. Dies with STATUS_USAGE when
 * memory is short. */
char *seed_expand(const char *text, const char *student, const char **wrong);

/* Does so in *content, the content of a file; leaves a file alone that is no text. Dies with GRADE_BROKEN,
 * naming `path` and the line, when one is malformed. */
void seed_fill_in(const char *student, const char *path, struct bytes *content);

#endif
