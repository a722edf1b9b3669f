/* why.h - an event of a trace in one or two sentences, for the debugger and for pages. */
#ifndef WHY_H
#define WHY_H

#include "tools/trapeze/trapeze.h"

struct why { /* what the sentences need to know of the run; the caller owns all that it points to */
  const struct options *o;
  const struct lane *(*lane)(const void *arg, uint32_t id); /* NULL: there is no such lane */
  const void *arg;                                          /* passed to it */
  bool ended; /* the run is over: a trap without an answer will never have one */
};

#define WHY_TEXT 1400 /* bytes that hold any of these sentences, with its 0 */

/* The name of the system call that a trap is (calls.h); NULL if it is none, or nobody here knows the name. */
const char *why_call(const struct why *w, const struct record *record);
/* What trapped, without a full stop: "vm1/lecture executes syscall at 0x00012008, a7 = 9 (getpid)". An
 * interrupt is nobody's doing. This and the next two write to buf, cut to `size` bytes with its 0; both lanes
 * of the record must be known. */
void why_subject(const struct why *w, const struct record *record, char *buf, size_t size);
/* What the hypercall of that number asks for, as a sentence, with its arguments by their names in isa/para.h. */
const char *why_hypercall(uint32_t number);
/* A trap: what trapped, whom the machine enters, and what became of the trap and why. */
void why_trap(const struct why *w, const struct record *record, char *buf, size_t size);
/* A resume: who runs now, and which trap has been handled. */
void why_resume(const struct why *w, const struct record *record, char *buf, size_t size);
/* An instruction as the disassembler writes it, with one space between its words. Returns buf. */
const char *why_instruction(uint32_t word, uint32_t pc, char *buf, size_t size);

#endif
