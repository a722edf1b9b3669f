/* lab.h - a lab as its lab.yaml describes it; labs/LAB.md describes the format, key by key.
 *
 * Everything that a struct lab points to belongs to it. Lists are counted arrays; a text that is not given is
 * NULL. */
#ifndef LAB_H
#define LAB_H

#include "tools/trapeze/compare.h"
#include "tools/trapeze/trapeze.h"

#define EVENTS_MOST 2000000 /* of one run, at most: more are not kept */

struct mark { /* a place in lab.yaml; both count from 1 */
  unsigned line, column;
};

struct words {
  char **word;
  size_t n;
  struct mark *mark; /* the place of each, when the words are files; or NULL */
};

struct lab_file {
  struct mark mark;
  char *name;
  uint64_t bytes; /* at most */
  bool optional;
};

enum build_kind { BUILD_PROGRAM, BUILD_IMAGE, BUILD_VMM, BUILD_KERNEL };

struct lab_build {
  struct mark mark;
  char *name;
  enum build_kind kind;
  bool of_lab; /* `from: lab`: the sources are the lab's, not the student's */
  struct words sources, with;
  char *patch;
  struct mark patch_mark;
};

enum { ALSO_MOST = 8 };

struct lab_run {
  struct mark mark;
  char *name;           /* "run" when it is the only one of its test */
  struct words program; /* PROG ARGS...; empty when there is an image */
  struct words also;    /* programs that `build` makes, for a shell: in bin/, too; at most ALSO_MOST */
  char *image;
  struct words args;
  unsigned depth;
  char *vmm, *kernel;
  char *guest_kernel; /* the kernel of the innermost machine alone */
  uint32_t ram;       /* of the innermost machine, in bytes */
  char *cpu;          /* its name, which may have {seed:...} in it; NULL = pg32 */
  const char *way;    /* one of way_names; NULL: the VMM's default */
  char *input, *input_file;
  struct mark input_mark; /* of input_file */
  struct {
    uint64_t instructions, exits, console; /* console: bytes */
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
  EXPECT_CLASSIFY,
  EXPECT_PATH,
  EXPECT_ANY,
  EXPECT_VARIABLE
};
enum invariant { INVARIANT_UNPRIVILEGED, INVARIANT_SHADOW_OWNED, INVARIANT_EQUIVALENT, INVARIANT_WHOLE };

struct pattern; /* pattern.h: a parsed trace pattern */
struct sum;     /* sum.h: "2 * flat:exits + 1" */

struct lab_expect {
  struct mark mark;
  enum expect_kind kind;
  char *name, *about;
  uint32_t weight;
  bool required; /* the test gives no points unless this holds, not even when it is partial */
  size_t in;     /* the index of the run that it is about */
  enum compare compare;
  uint64_t number; /* for `compare`: of STATUS, COUNTER, REGISTER, VARIABLE; of TRACE's `count` */
  struct sum *
      right; /* COUNTER, REGISTER, VARIABLE: what stands on the right, if it is more than a number; or NULL */
  struct sum *left; /* COUNTER: what stands on the left, if it is more than a counter's name; or NULL */
  struct sum *
      none_at; /* COUNTER, REGISTER, VARIABLE: where the share of the points is 0; NULL = wherever it does not hold */
  union {
    struct {
      struct words has, not ;
      char *is;
    } console;
    struct {
      char *text;
      struct pattern *pattern;
      unsigned depth; /* the level of app, guest-os, ... in the pattern; by default the run's depth */
    } trace;
    char *counter; /* its name, of counter.h; or what stands on the left, as text */
    struct {
      enum invariant name;
      /* EQUIVALENT, WHOLE: of so many instructions only; or until so many are executed in user mode; 0 = of all */
      uint64_t first, first_app;
    } invariant;
    size_t runs[2]; /* SAME, DIFFER */
    struct {
      char *at;         /* a symbol or an address */
      struct mark mark; /* of `at` */
      unsigned level;
      uint32_t *word;
      struct sum **sum; /* of each word: instead of it, or NULL */
      size_t words;
    } memory;
    unsigned reg; /* 1..31 */
    struct {
      char *name;
      char *text;       /* what it must contain, with a 0 behind it; or */
      struct sum **sum; /* its elements; or NULL: one number, by `compare` */
      size_t elements;
    } variable;
    struct {
      uint64_t instructions, digest; /* of those that the application executed: path.c */
      bool has_status;
      uint32_t status; /* with which the machine must power off */
    } path;
    struct {
      size_t first, n; /* ANY: the expectations of which one must hold, indices in the test's `expect` */
    } any;
    struct {
      char *file; /* of the submission; NULL: PREDICT, with `list` */
      char *cpu;  /* CLASSIFY: as that of a run */
      char *list; /* PREDICT: a file of the lab's that says what the traps must be */
      struct mark list_mark;
      bool host;         /* PREDICT: traps that the host dealt with count too */
      unsigned depth;    /* PREDICT: whose VMM is asked; by default the run's depth */
      uint64_t app_trap; /* PREDICT: from this trap of the innermost application until its next one, counted
                            from 1; 0 = the whole run */
    } answers;
  };
};

struct lab_hint {
  char *when; /* the name of an expectation that does not hold */
  char *say;
  bool has_status; /* only for a run that has ended with this status */
  uint32_t status;
};

enum visibility { VISIBLE, HIDDEN, AFTER_DUE_DATE, AFTER_PUBLISHED };

struct lab_test {
  struct mark mark;
  char *id, *title;
  double points; /* for full marks */
  enum visibility visibility;
  size_t *after, afters; /* indices of earlier tests */
  bool partial;          /* points for a part of the expectations */
  char *rubric;    /* a person gives the points, by this sentence; there is no run. NULL = the machine does */
  char *forgeable; /* why a submission that solves nothing may pass; NULL = it must not */
  bool give_away;  /* feedback shows events and the debugger's command */
  struct lab_run *run;
  size_t runs;
  struct lab_expect *expect; /* `expects` of them, and behind these `nested` ones that stand below an `any` */
  size_t expects, nested;
  struct lab_hint *hint;
  size_t hints;
};

struct lab_wrong { /* a wrong solution, in solution/wrong/NAME */
  struct mark mark;
  char *name, *about;
  size_t *fails, n; /* the indices of the tests that it must fail */
};

struct lab_figure { /* of the leaderboard: a counter of a run */
  char *name, *counter;
  size_t test, run;
  bool descending;
};

struct lab {
  char *path;  /* of the lab's folder, as found */
  char *name;  /* the last part of the path: "04-syscalls" */
  char *given; /* what commands call the lab: its name when it is one of ours, else as it was given */
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
  bool persons;             /* points that persons give are part of results: --rubric */
  enum visibility revealed; /* tests of this visibility were made visible: lab_reveal; VISIBLE = none */
  const char *way;          /* in which all VMMs run, whatever lab.yaml says: lab_take_way; NULL = none */
  bool students;            /* the student's edition, without solutions and without the next two */
  unsigned withheld;        /* so many tests that are not visible are in the instructor's edition only */
  double withheld_points;   /* and give so many points together */
};

/* Exit statuses of `trapeze grade` and `trapeze lab`, besides STATUS_USAGE (125). */
enum {
  GRADE_DONE = 0,    /* graded, whatever the score */
  GRADE_UNDER = 1,   /* the score is below --fail-under; for `lab check`: something does not hold */
  GRADE_BROKEN = 2,  /* the lab itself is wrong */
  GRADE_TROUBLE = 3, /* the grader failed: no disk, a missing tool, a crash or a time-out */
};

/* What is wrong with a lab.yaml: "FILE:LINE:COLUMN: what was found, and what was expected". */
struct lab_error {
  char text[400];
};

/* Makes a lab from the text of its lab.yaml, for lab_free; `path` is what errors call the file. Looks at no
 * other file; the lab's `path`, `name` and `given` stay NULL. Returns NULL with *error set when there is a
 * mistake: the first one. */
struct lab *lab_parse(const char *path, const void *yaml, size_t bytes, struct lab_error *error);

/* Reads the lab called `name`, for lab_free: a folder, or the name or number of one of ours ("04-syscalls",
 * "4"), which is looked for in $TRAPEZE_LABS, beside the executable (first the instructor's edition in
 * ../share/trapeze/instructor/labs, then the students' in ../share/trapeze/labs) and in ./labs. Dies with
 * STATUS_USAGE when there is no such lab; with GRADE_BROKEN when lab.yaml has a mistake, naming file, line
 * and column, or when a file that it names is missing. */
struct lab *lab_read(const char *name);
void lab_free(struct lab *lab); /* NULL is allowed */
/* Makes tests visible: those that are so after the due date (AFTER_DUE_DATE), or these and those that are so after grades
 * are published (AFTER_PUBLISHED). Hidden tests stay hidden. */
void lab_reveal(struct lab *lab, enum visibility upto);
/* Lets the VMMs of all runs virtualize their CPUs in this way (way_known), which must outlive the lab. Dies with STATUS_USAGE
 * when a run's CPU does not allow it, and names the test. The title says so. */
void lab_take_way(struct lab *lab, const char *way);
/* Dies with GRADE_BROKEN when the lab is the student's edition; `what` names what cannot be done with it. */
void lab_need_instructors(const struct lab *lab, const char *what);
/* The path of `file` below the lab's folder. The caller frees it. */
char *lab_path(const struct lab *lab, const char *file);
/* The path of a source or list of the lab's, as lab.yaml calls it: below tests/, or starter/NAME. The caller
 * frees it. */
char *lab_source_path(const struct lab *lab, const char *name);

#endif
