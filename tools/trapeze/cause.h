/* cause.h - the words for causes of traps, the same wherever one is typed: the debugger's `break trap`,
 * `trapeze trace --cause`, and a lab's trace patterns, predictions and counters. TRACE.md lists them.
 *
 * A word is
 *   - a cause, in any case and with - or _: load-miss, LOAD_MISS;
 *   - a privileged instruction, for the traps of that one: rfe, tlbw; also with -trap after it: tlbw-trap;
 *   - a group: tlb-miss, protection, interrupt, or trap for all of them.
 * A pattern also has events that are no traps. Two of them, `tlbw` (a write into the machine's TLB) and
 * `device` (an access to a device), are named like a trap, so a pattern calls the traps tlbw-trap and
 * device-interrupt. */
#ifndef CAUSE_H
#define CAUSE_H

#include "isa/pg32.h"

struct cause_set { /* a set of kinds of traps; empty when zero */
  uint32_t causes; /* a bit for each CAUSE_... */
  uint64_t insns;  /* a bit for each enum pg32_id: PRIVILEGED traps of that instruction */
};

/* Adds to *set what the word of n characters names. False, with *set as it was, when it names nothing. */
bool cause_add(struct cause_set *set, const char *word, size_t n);
/* Does the set hold a trap of this cause? `insn` is the instruction that trapped, PG32_ILLEGAL where it does
 * not matter or is not known; it counts for PRIVILEGED only. */
bool cause_has(const struct cause_set *set, uint32_t cause, enum pg32_id insn);
bool cause_is_empty(const struct cause_set *set);
/* If the set holds exactly one kind of trap, the word for it, as from cause_word; else NULL. PRIVILEGED is
 * six kinds: one for each privileged instruction. */
const char *cause_only(const struct cause_set *set);

/* The word for one kind of trap: "load-miss", "rfe", "tlbw-trap"; "?" for a cause that does not exist. */
const char *cause_word(uint32_t cause, enum pg32_id insn);
/* The vocabulary, a word an index from 0; NULL past the last. Each means the same wherever it is typed. */
const char *cause_vocabulary(size_t index);
/* Writes the vocabulary into buf, the words most similar to `word` (n characters) first, with commas between;
 * words that do not fit are left out. With n = 0 they are in the order of the vocabulary. Returns buf. */
const char *cause_nearest(const char *word, size_t n, char *buf, size_t size);

#endif
