/* check.h - what the parts of `trapeze lab check` share. No other folder includes this header.
 *
 *   check.c       the command
 *   solutions.c   grades the solutions that the lab comes with
 *   students.c    grades the reference with the numbers of other students (--students)
 *   compilers.c   grades the solutions as other compilers compile them (--cc)
 *   handout.c     looks at what students get
 *   adversary.c   grades submissions that solve nothing: learning.c finds out what they must know, cheats.c and
 *                 knowing.c make them */
#ifndef CHECK_H
#define CHECK_H

#include "tools/trapeze/grade/grade.h"

struct check {
  const struct lab *lab;
  unsigned jobs, patience;
  unsigned students; /* grade the reference for so many students */
  bool once;         /* grade wrong solutions only once */
  bool quick;        /* and only a few of them, and try only a few cheats */
  const char
      *compiler; /* NULL, or: what was compiled with another compiler, for messages: " (with clang-19)" */
  char *folder;  /* temporary: all files of the solution being graded */
  unsigned held, failed, graded;
  unsigned differed; /* solutions whose two results differ */
  bool *failed_by;   /* by test: does a wrong solution fail it? */
};

/* Prints a line: something that holds, or does not. */
void check_say(struct check *c, bool good, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* Puts the lab's files of `solution` ("starter", "solution/reference") into c->folder, and the reference's
 * where it has none. Returns how many are its own. */
unsigned check_assemble(struct check *c, const char *solution);
/* Writes a file below `folder`, whose folders are made. Dies with GRADE_TROUBLE when it cannot. */
void check_put_file(const char *folder, const char *name, struct bytes content);

/* The result of what is in c->folder, as this student's; for result_free. */
struct result *check_grade(const struct check *c, const char *student);
/* Prints the feedback of a test that is not passed. */
void check_show_failure(const struct test_result *t);

/* ---- solutions.c ---- */

#define CHECK_STUDENT "reference" /* whose numbers the solutions have */

/* Grades the reference twice: has it full marks? */
void check_reference(struct check *c);
/* Grades the wrong solutions: does each fail what it must? With c->quick only some, all tests among what they fail. */
void check_wrongs(struct check *c);
/* Does a wrong solution, among those that have been graded, fail each test? */
void check_each_test(struct check *c);
/* Folders of wrong solutions that lab.yaml does not name would never be graded. */
void check_folders(struct check *c);

/* ---- students.c, compilers.c, handout.c ---- */

/* Grades the reference for c->students, if the lab has numbers of a student's own. Stops at the first failure. */
void check_students(struct check *c);
/* With this compiler: is the reference still right, and each wrong solution wrong? Dies with STATUS_USAGE when there
 * is no such program. */
void check_compiler(struct check *c, const char *clang);
/* Is the starter whole, and does it build? */
void check_starter(struct check *c);
/* Does README.md list the points of each test that is not hidden? */
void check_readme(struct check *c);

/* ---- adversary.c ---- */

/* Tries stock cheats against every test, and says which tests fall. With c->quick one cheat of each kind. */
void adversary_check(struct check *c);

/* ---- what a cheat must know ---- */

/* What a test wants to see at its end. */
struct last_words {
  struct bytes console;
  uint32_t status;
};

/* Where the hash of a cheat's surroundings is this one, these words are wanted. */
struct answer {
  uint32_t hash;
  struct last_words words;
};
struct knowledge {
  bool tells; /* the cheat prints the hash instead of an answer */
  struct answer *answer;
  size_t n;
  size_t known; /* how many of the answers the cheat knows by a hash: in the other runs it could tell none */
};

/* ---- learning.c: how it is learnt ---- */

/* How each run of the reference ends, in the order of the tests: n is the number of all runs, and a run that does not
 * end by itself has a hash of 1. For knowledge_free. */
struct knowledge learn_endings(struct check *c);
/* Puts each of these ends once into `words`, at most `most` of them. They remain those of `k`. Returns how many. */
size_t learn_words(const struct knowledge *k, const struct last_words **words, size_t most);
/* Adds to `k`, what learn_endings has returned, the hash that a cheat as `student` sees in each run. NULL when it sees
 * one in some run; else why not: then there is no such cheat. */
const char *learn_hashes(struct check *c, const char *student, struct knowledge *k);
void knowledge_free(struct knowledge *k);
/* Puts the starter's files into c->folder. */
void learn_starter(const struct check *c);

/* ---- cheats.c: how a submission that solves nothing is made ---- */

enum cheat { CHEAT_STARTER, CHEAT_ENDS_AT_ONCE, CHEAT_OTHER_GUEST, CHEAT_KNOWS, CHEATS };

/* What ENDS_AT_ONCE and OTHER_GUEST say, or what KNOWS knows. */
struct cheating {
  enum cheat cheat;
  const struct last_words *words;
  const struct knowledge *known;
};

/* Changes the starter's files in `folder` so that each artifact of the submission does as the cheat says.
 * False when the cheat is nothing for this lab. */
bool cheat_make(const struct lab *lab, const char *folder, const struct cheating *cheating);

/* ---- knowing.c: the code of CHEAT_KNOWS ---- */

#define KNOWING_MARK "hash of a cheat: " /* before the hash that it tells, in 8 hexadecimal digits */

/* In C: the call at the head of a function with this head (NULL: none of its parameters leads to the VM, of which a
 * VMM takes the hash), the prototype before the first, the code behind the last. */
const char *knowing_call(enum build_kind kind, const char *head);
const char *knowing_prototype(enum build_kind kind);
void knowing_in_c(FILE *f, enum build_kind kind, const struct knowledge *k);
/* In assembly for the bare machine: the code behind the first label. */
void knowing_in_assembly(FILE *f, const struct knowledge *k);

#endif
