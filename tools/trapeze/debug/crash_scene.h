/* crash_scene.h - a crash as the sentences about it see it: crash_words.c sets it, crash_faults.c speaks of it. */
#ifndef CRASH_SCENE_H
#define CRASH_SCENE_H

#include "crash.h"
#include "eval/eval.h"

#define CRASH_CALLS 1000 /* frames that are counted at most */

struct scene { /* what the sentences are about; the session stands at the crash */
  struct debug *d;
  struct crash c;
  struct eval e;            /* the innermost frame */
  uint32_t cause, address;  /* as the kernel of the lane sees them */
  uint32_t pc, sp, badinst; /* */
  FILE *out;
};

/* ---- crash_words.c ---- */

/* Is it the program's own, and not the C library's or a function of a kernel that only reports? */
bool crash_is_own(const struct source_function *f);

/* ---- crash_stack.c ---- */

/* Writes which function has filled the stack, without a full stop. */
void crash_say_stack_overflow(struct scene *s);

/* ---- crash_faults.c ---- */

/* Writes why the trap has ended its process: one row of a table of sentences, without a full stop. */
void crash_say_fault(struct scene *s);
/* Has the program jumped to where no code is? Then the jump is the place, not where it led. */
bool crash_has_jumped(struct scene *s);
/* The characters at the address if a string of them lies there, cut to `size` bytes with the 0. False: none. */
bool crash_text_at(struct scene *s, uint32_t address, char *buf, size_t size);

#endif
