/* lab.h - a lab as its lab.yaml describes it; labs/LAB.md is the format.
 *
 * Everything a struct lab points to belongs to it. Lists are counted arrays; absent texts are NULL. */
#ifndef LAB_H
#define LAB_H

#include "tools/trapeze/compare.h"
#include "tools/trapeze/trapeze.h"

struct mark { /* where in lab.yaml; both from 1 */
  unsigned line, column;
};

struct words {
  char **word;
  size_t n;
  struct mark *mark; /* of each, where they are files; or NULL */
};

struct lab_file {
  struct mark mark;
  char *name;
  uint64_t bytes; /* most */
  bool optional;
};

enum build_kind { BUILD_PROGRAM, BUILD_IMAGE, BUILD_VMM, BUILD_KERNEL };

struct lab_build {
  struct mark mark;
  char *name;
  enum build_kind kind;
  bool of_lab; /* from: lab */
  struct words sources, with;
  char *patch;
  struct mark patch_mark;
};

struct lab_run {
  struct mark mark;
  char *name;           /* "run" when it is the only one */
  struct words program; /* empty: image */
  char *image;
  struct words args;
  unsigned depth;
  char *vmm, *kernel;
  uint32_t ram;
  enum machine_cpu cpu;
  char *input, *input_file;
  struct mark input_mark; /* of input_file */
  struct {
    uint64_t instructions, exits, console;
  } limits;
};

enum expect_kind {
  EXPECT_STATUS,
  EXPECT_CONSOLE,
  EXPECT_TRACE,
  EXPECT_COUNTER,
  EXPECT_INVARIANT,
  EXPECT_SAME,
  EXPECT_DIFFER,
  EXPECT_MEMORY,
  EXPECT_REGISTER,
  EXPECT_PREDICT,
  EXPECT_CLASSIFY
};
enum invariant { INVARIANT_UNPRIVILEGED, INVARIANT_SHADOW_OWNED, INVARIANT_EQUIVALENT };

struct pattern; /* pattern.h: a parsed trace pattern */

struct lab_expect {
  struct mark mark;
  enum expect_kind kind;
  char *name, *about;
  uint32_t weight;
  size_t in; /* index of the run */
  enum compare compare;
  uint64_t number; /* STATUS, COUNTER, REGISTER; TRACE: of `count` */
  union {
    struct {
      struct words has, not ;
      char *is;
    } console;
    struct {
      char *text;
      struct pattern *pattern;
      unsigned depth; /* whose lanes `app`, `guest-os`, ... are; default the run's */
    } trace;
    char *counter; /* its name */
    enum invariant invariant;
    size_t runs[2]; /* SAME, DIFFER */
    struct {
      char *at;
      unsigned level;
      uint32_t *word;
      size_t words;
    } memory;
    unsigned reg;
    struct {
      char *file;
      enum machine_cpu cpu; /* CLASSIFY */
      bool host;            /* PREDICT: traps that the host dealt with count too */
    } answers;
  };
};

struct lab_hint {
  char *when, *say;
};

enum visibility { VISIBLE, HIDDEN, AFTER_DUE_DATE, AFTER_PUBLISHED };

struct lab_test {
  struct mark mark;
  char *id, *title;
  double points;
  enum visibility visibility;
  size_t *after, afters; /* indices of earlier tests */
  bool partial, give_away;
  struct lab_run *run;
  size_t runs;
  struct lab_expect *expect;
  size_t expects;
  struct lab_hint *hint;
  size_t hints;
};

struct lab_wrong {
  struct mark mark;
  char *name, *about;
  size_t *fails, n; /* indices of tests */
};

struct lab_figure { /* of the leaderboard */
  char *name, *counter;
  size_t test, run;
  bool descending;
};

struct lab {
  char *path;  /* of the folder, as found */
  char *name;  /* its last part: "04-syscalls" */
  char *given; /* what a command line calls it by: its name when it is one of ours */
  char *title, *summary;
  double hours;
  struct lab_file *file;
  size_t files;
  struct lab_build *build;
  size_t builds;
  struct lab_test *test;
  size_t tests;
  struct lab_wrong *wrong;
  size_t wrongs;
  struct lab_figure *figure;
  size_t figures;
  bool students;          /* the student's edition, without solutions and without the next two */
  unsigned withheld;      /* so many tests that are not visible are in the instructor's edition only */
  double withheld_points; /* and give so many points together */
};

/* Exit statuses of `trapeze grade` and `trapeze lab`, besides STATUS_USAGE (125). */
enum {
  GRADE_DONE = 0,    /* graded, whatever the score */
  GRADE_UNDER = 1,   /* --fail-under: the score is below it; `lab check`: something does not hold */
  GRADE_BROKEN = 2,  /* the lab itself is wrong */
  GRADE_TROUBLE = 3, /* ours: no memory, no disk, a tool that is missing, a crash or time-out of the grader */
};

/* Why a lab.yaml is no lab: "FILE:LINE:COLUMN: what was found, and what was expected". */
struct lab_error {
  char text[400];
};

/* A lab from the text of its lab.yaml; `path` is what errors call it. The lab's `path`,
 * `name` and `given` stay NULL. NULL with
 * *error set to the first mistake. Knows no files. */
struct lab *lab_parse(const char *path, const void *yaml, size_t bytes, struct lab_error *error);

/* Reads the lab called `name`: a folder, or the name or number of one of ours ("04-syscalls", "4"), looked
 * for in $TRAPEZE_LABS, beside the executable (first the instructor's edition in
 * ../share/trapeze/instructor/labs, then the students' in ../share/trapeze/labs) and in ./labs. Dies with
 * GRADE_BROKEN, naming file, line and column, or with STATUS_USAGE when there is none. */
struct lab *lab_read(const char *name);
void lab_free(struct lab *lab); /* NULL is allowed */
/* Dies with GRADE_BROKEN when the lab is the student's edition; `what` is what cannot be done with it. */
void lab_need_instructors(const struct lab *lab, const char *what);
/* Path of `file` below the lab's folder: malloc'ed. */
char *lab_path(const struct lab *lab, const char *file);

#endif
