/* bracket.h - sets in brackets, which fnmatch, glob and regcomp share. */
#ifndef LIBC_PATTERNS_BRACKET_H
#define LIBC_PATTERNS_BRACKET_H
#include <stddef.h>
#include "userprogs/lib/internal.h"

struct set { /* of bytes: bit n of the words */
  uint32_t word[8];
};

enum bracket_error { BRACKET_GOOD, BRACKET_OPEN, BRACKET_CLASS, BRACKET_COLLATE, BRACKET_RANGE };

static inline bool __set_has(const struct set *set, unsigned char c) {
  return set->word[c / 32] >> c % 32 & 1;
}
static inline void __set_add(struct set *set, unsigned char c) { set->word[c / 32] |= 1u << c % 32; }

/* Reads what comes behind [, up to and with its ]; *p moves there. `negations` are the characters that negate a set when
 * they come first, `escapes` says whether a backslash quotes. */
enum bracket_error __read_bracket(const char **p, const char *end, const char *negations, bool escapes,
                                  bool fold, struct set *set);

#endif
