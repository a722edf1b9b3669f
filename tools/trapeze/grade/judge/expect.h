/* expect.h - judging what a test expects of its runs, and saying what does not hold.
 *
 *   expect.c    the table of kinds; limits, and files that are lacking
 *   console.c   status, console, same, differ
 *   trace.c     trace
 *   bound.c     counter, register
 *   machine.c   invariant, memory
 *   variable.c  variable
 *   symbols.c   symbols of ELF files, for both
 *   path.c      path
 *   predict.c   predict; classify.c: classify; answers.c: the student's file, for both
 *   feedback.c  what came of all of them, as text
 *
 * All functions die with STATUS_USAGE when memory is short. */
#ifndef EXPECT_H
#define EXPECT_H

#include "run.h"
#include "tools/trapeze/grade/lab/sum.h"

/* A test being graded, in its own process. */
struct trial {
  const struct built *built;
  const struct lab_test *test;
  struct run **run; /* as many as test->runs; NULL where something that the run needs is lacking */
  struct memory_ask
      *ask; /* one for each of test->expect, nested ones too; used by those that ask for memory */
};

/* What has become of an expectation. All zero but for the streams before it is judged. */
struct outcome {
  double share;   /* 1: the expectation holds; less: only this share of it does */
  size_t run;     /* the index of the run that the words are about */
  bool blocked;   /* nothing was measured: the run did not begin or was stopped, or the answers are lacking */
  uint64_t event; /* the event to look at in the debugger; 0 = none */
  FILE *say;      /* when it does not hold: what was expected and what happened */
  FILE *show;     /* what gives something away: events, true answers. Not shown for every test */
  char *mistake;  /* what the VMM did wrong, where that is known; malloc'ed. Shown as part of the above */
};

/* Judges one expectation. Dies with GRADE_BROKEN when the lab asks for something impossible. */
void expect_judge(const struct trial *t, const struct lab_expect *e, struct outcome *o);

struct judged { /* an outcome whose streams are closed */
  double share;
  size_t run;
  bool blocked;
  uint64_t event;
  char *say, *show, *mistake;
};
/* Frees what it owns. */
void judged_free(struct judged *j);

/* Judges one expectation, for judged_free. */
struct judged expect_judged(const struct trial *t, const struct lab_expect *e);

/* One function for each kind. The run has ended by itself; `o` is as for expect_judge. */
void expect_status(const struct trial *t, const struct lab_expect *e, struct outcome *o);
void expect_console(const struct trial *t, const struct lab_expect *e, struct outcome *o);
void expect_two_runs(const struct trial *t, const struct lab_expect *e, struct outcome *o);
void expect_trace(const struct trial *t, const struct lab_expect *e, struct outcome *o);
void expect_counter(const struct trial *t, const struct lab_expect *e, struct outcome *o);
void expect_invariant(const struct trial *t, const struct lab_expect *e, struct outcome *o);
void expect_path(const struct trial *t, const struct lab_expect *e, struct outcome *o);
void expect_memory(const struct trial *t, const struct lab_expect *e, struct outcome *o);
void expect_register(const struct trial *t, const struct lab_expect *e, struct outcome *o);
void expect_any(const struct trial *t, const struct lab_expect *e, struct outcome *o);
void expect_variable(const struct trial *t, const struct lab_expect *e, struct outcome *o);
void expect_predict(const struct trial *t, const struct lab_expect *e, struct outcome *o);
void expect_classify(const struct trial *t, const struct lab_expect *e, struct outcome *o);

/* Judges a number `is` by e's comparison. *bound is what it is compared with. False, having said so, when there is no
 * such number. */
bool bound_judge(const struct trial *t, const struct lab_expect *e, struct ratio is, struct ratio *bound,
                 struct outcome *o);
/* Says the share of the points that an expectation with `none-at` gives; nothing of others. */
void bound_say_share(const struct outcome *o, const struct lab_expect *e);
/* The value of a sum that is a word for every student. */
uint32_t bound_sum_word(const struct trial *t, const struct sum *s);
/* Word i of those that a memory expectation asks for, with the student's own numbers. */
uint32_t bound_word_value(const struct trial *t, const struct lab_expect *e, size_t i);
/* Address and number of words that a memory expectation asks for, with room for the words: the caller frees
 * .word. .words is 0 when the expectation names a symbol that the image does not have. */
struct memory_ask memory_ask(const struct built *b, const struct lab_run *run, const struct lab_expect *e);
/* The words in which the variable lies that an expectation asks for, with room for them: the caller frees .word. .words is
 * 0 when the program has no such variable. */
struct memory_ask variable_ask(const struct built *b, const struct lab_run *run, const struct lab_expect *e);
/* Finds a symbol in an ELF file, which need not be a right one. */
bool symbol_find(struct bytes elf, const char *name, uint32_t *value, uint32_t *size);
/* Writes how a run ended: "powered off with status 3", "check-stopped: ...". */
void say_end(FILE *f, const struct run *r);
/* The number of the trap at which a run went wrong if its end shows that: of long_before_the_end, or the last one; 0 = it has none. */
uint64_t last_trap(const struct run *r);
/* The index of the last event at which no more than `retired` instructions had been executed; 0 when there is
 * none. */
size_t event_at(const struct run *r, uint64_t retired);

/* ---- feedback.c ---- */

/* Writes events [from, to) as `trapeze trace` writes them: at most `most` lines, and the events whose indices
 * are in marked[0..n), which are always there and have a sign before them. */
void show_events(FILE *f, const struct run *r, size_t from, size_t to, size_t most, const size_t *marked,
                 size_t n);
/* The index of the last trap that came from a VM, if more than eight traps and resumes follow it: the VMM has given the VM
 * up, and has said so at length. events.n: there is none such. */
size_t long_before_the_end(const struct run *r);
/* Writes the last eight traps and resumes, and before them the trap of long_before_the_end. */
void show_tail(FILE *f, const struct run *r);
/* Writes untrusted text, made printable, each line indented: at most `most` bytes of it, and of many lines
 * the last ten. */
void show_text(FILE *f, struct bytes text, size_t most);

struct feedback {
  char *text;     /* the outcomes as a student reads them; "" when all hold */
  char *debug;    /* the command that opens the debugger where there is most to see, or NULL */
  uint64_t event; /* which event of which run that is; 0: none */
  unsigned run;
};
/* May a reader see what gives something away of this test? */
bool feedback_gives_away(const struct trial *t);
/* The command that opens the debugger at the event of the outcome. The caller frees it. */
char *feedback_command(const struct trial *t, const struct judged *j, const char *submission);
/* Makes the feedback of a test from what was judged, one for each expectation. `submission` is what the
 * command line called the student's files. The caller frees both texts. */
struct feedback feedback_write(const struct trial *t, const struct judged *judged, const char *submission);

#endif
