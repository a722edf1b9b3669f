/* crash.h - programs that die: where in the run, and why, in the words that a programmer needs.
 *
 *   crash.c         finds the deaths among the events
 *   crash_words.c   one sentence for each crash; crash_faults.c: a row for each kind of fault
 *   crash_report.c  what `trapeze run` says when its program has died
 *   handle.c        the command `handle`: which deaths stop the run
 *
 * All of it rests on what the machine did: a process has died of a trap when it never ran again after it, and
 * its kernel went on to something else. No message of a kernel is read. */
#ifndef CRASH_H
#define CRASH_H

#include "debug.h"

enum {
#define S(number, name, arguments) CALL_##name = number,
  PG32_SYSCALLS(S)
#undef S
};

struct crash {
  enum crash_kind kind;
  uint64_t event;    /* the trap, or the store that switched the machine off; 0 = none */
  uint64_t position; /* where the session shows it: nothing of the death has happened yet */
  uint32_t lane;     /* that dies; CRASH_KILL: that kills */
  unsigned signal;   /* SIG... that ends the process; CRASH_PANIC, CRASH_CHECKSTOP: 0 */
};

/* ---- crash.c ---- */

/* The first crash in the known part of the run, from the position on, of a kind that stops the run; that for
 * which the session has been stopped here is left out. Its event is 0: there is none. The session is where it
 * was afterwards. */
struct crash crash_after(struct debug *d, uint64_t position);
/* Frees what has been found; to be called when the future has been cut off, and at the end. */
void crash_forget(struct debug *d);
/* Is the event the system call of that name? */
bool crash_calls(struct debug *d, uint64_t event, const char *name);
/* The result of a system call: a0 when its lane runs on. False, with nothing said: it does not. */
bool crash_call_result(struct debug *d, uint64_t call, uint32_t *result);
/* Do both lanes belong to the same operating system: "vm1/sh" and "vm1 idle"? */
bool crash_same_system(const struct lane *a, const struct lane *b);
/* Goes to the crash, and says why. */
bool crash_go(struct debug *d, const struct crash *c);
/* Is the session where it was stopped for a crash? */
bool crash_is_here(const struct debug *d);
/* Runs on, if need be, to the last crash of the run, of whatever kind; goes there, and says why. */
bool crash_go_last(struct debug *d, struct crash *c);

/* ---- handle.c ---- */

/* Has `handle` said that `continue` passes over such a death? */
bool handle_passes(const struct debug *d, enum crash_kind kind, unsigned signal);

/* ---- crash_words.c ---- */

/* "SIGSEGV"; "a signal" if it has no name. */
const char *crash_signal_name(unsigned number);

/* One sentence, for example "vm1/sum dies: no page at address 0: a null pointer? `sum` at null.c:5". The
 * session stands at the crash, and is there afterwards. Returns buf. */
const char *crash_words(struct debug *d, const struct crash *c, char *buf, size_t size);
/* The place, for example "`sum` at null.c:5"; in *own its function: the program's own rather than one of the C
 * library, if a frame of its own is known. Returns buf. */
const char *crash_place(struct debug *d, const struct crash *c, struct source_function *own, char *buf,
                        size_t size);

#endif
