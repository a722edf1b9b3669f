/* seed.h - {seed:A..B} and {seed.NAME:A..B} in a lab's texts: numbers chosen for a student, the same each
 * time. */
#ifndef SEED_H
#define SEED_H

/* `text` with each of them replaced by a decimal number from A to B that depends on `student`, NAME, A and B
 * alone: malloc'ed. NULL when one is malformed: *wrong then points to where it begins in `text`. */
char *seed_expand(const char *text, const char *student, const char **wrong);

#endif
