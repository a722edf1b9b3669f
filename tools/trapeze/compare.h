/* compare.h - the comparison operators that a person may write: in the debugger's conditions (`if a0 >= 5`)
 * and in a lab's bounds ("exits.rfe <= 210"). */
#ifndef COMPARE_H
#define COMPARE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum compare {
  COMPARE_LT,
  COMPARE_LE,
  COMPARE_EQ,
  COMPARE_NE,
  COMPARE_GE,
  COMPARE_GT,
  COMPARE_AND /* `&`: the two numbers have a bit in common. Only the debugger offers it. */
};

/* Finds the operator that the first `n` characters of `text` spell, for example "<=". False, with *compare
 * unchanged, when they spell none. */
bool compare_named(const char *text, size_t n, enum compare *compare);
/* How the operator is written: "<=". A constant string. */
const char *compare_text(enum compare compare);
/* Does `left` OP `right` hold? Both are unsigned. */
bool compare_holds(enum compare compare, uint64_t left, uint64_t right);

#endif
