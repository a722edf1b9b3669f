/* expect.h - expectations asked of a test's runs, and what is said of those that do not hold.
 *
 *   expect.c    the table of kinds; limits, and files that are lacking
 *   console.c   status, console, same, differ
 *   trace.c     trace
 *   machine.c   counter, invariant, memory, register
 *   predict.c   predict; classify.c: classify; answers.c: the student's file, for both
 *   feedback.c  what came of all of them, as text */
#ifndef EXPECT_H
#define EXPECT_H

#include "run.h"

/* A test being graded, in its own process. */
struct trial {
  const struct built *built;
  const struct lab_test *test;
  struct run **run;       /* test->runs of them; NULL where something is lacking */
  struct memory_ask *ask; /* test->expects of them; of those that ask for memory */
};

/* What has become of an expectation. */
struct outcome {
  double share; /* 1: it holds; between: so much of it */
  size_t run;   /* which one is spoken of */
  bool blocked; /* nothing was measured: the run has not come to its own end, or not begun, or the answers are
                   lacking */
  uint64_t event; /* where to look in it; 0 = at no event */
  FILE *say;      /* an open text: what was expected and what happened, when it does not hold */
  FILE *show;     /* an open text that gives something away: events, true answers */
};

/* Judges one. Dies with GRADE_BROKEN when the lab asks for what cannot be. */
void expect_judge(const struct trial *t, const struct lab_expect *e, struct outcome *o);

void expect_status(const struct trial *t, const struct lab_expect *e, struct outcome *o);
void expect_console(const struct trial *t, const struct lab_expect *e, struct outcome *o);
void expect_two_runs(const struct trial *t, const struct lab_expect *e, struct outcome *o);
void expect_trace(const struct trial *t, const struct lab_expect *e, struct outcome *o);
void expect_counter(const struct trial *t, const struct lab_expect *e, struct outcome *o);
void expect_invariant(const struct trial *t, const struct lab_expect *e, struct outcome *o);
void expect_memory(const struct trial *t, const struct lab_expect *e, struct outcome *o);
void expect_register(const struct trial *t, const struct lab_expect *e, struct outcome *o);
void expect_predict(const struct trial *t, const struct lab_expect *e, struct outcome *o);
void expect_classify(const struct trial *t, const struct lab_expect *e, struct outcome *o);

/* Address and number of words that a memory expectation asks for. */
struct memory_ask memory_ask(const struct built *b, const struct lab_run *run, const struct lab_expect *e);
/* How a run ended, in words: "powered off with status 3", "check-stopped: ...". */
void say_end(FILE *f, const struct run *r);
/* The last trap of a run, for whoever wants to see its end; 0 = none. */
uint64_t last_trap(const struct run *r);
/* The index of the last event up to this many instructions; 0 when there is none. */
size_t event_at(const struct run *r, uint64_t retired);

/* ---- feedback.c ---- */

/* Lines of `trapeze trace`'s text for events [from, to), at most `most` of them; those whose index is in
 * `marked` get a sign before them. */
void show_events(FILE *f, const struct run *r, size_t from, size_t to, size_t most, const size_t *marked,
                 size_t n);
/* The last eight traps and resumes. */
void show_tail(FILE *f, const struct run *r);
/* Untrusted text, made printable and capped, each line indented; of many lines the last ten. */
void show_text(FILE *f, struct bytes text, size_t most);

/* A test's outcomes as a student reads them, and the command line that opens the debugger where there is most
 * to see; both malloc'ed, *debug NULL when there is none. */
struct feedback {
  char *text, *debug;
};
struct judged { /* of one expectation */
  double share;
  size_t run;
  bool blocked;
  uint64_t event;
  char *say, *show;
};
struct feedback feedback_write(const struct trial *t, const struct judged *judged, const char *submission);

#endif
