/* check.h - what the parts of `trapeze lab check` share: check.c grades the solutions that the lab comes
 * with, adversary.c submissions that solve nothing. */
#ifndef CHECK_H
#define CHECK_H

#include "grade.h"

struct check {
  const struct lab *lab;
  unsigned jobs, patience;
  unsigned students; /* grade the reference for so many students */
  char *folder;      /* temporary: all files of the solution being graded */
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

/* ---- adversary.c ---- */

/* Tries stock cheats against every test, and says which tests fall. */
void adversary_check(struct check *c);

/* ---- cheats.c: how a submission that solves nothing is made ---- */

/* What a test wants to see at its end. */
struct last_words {
  struct bytes console;
  uint32_t status;
};

enum cheat { CHEAT_STARTER, CHEAT_ENDS_AT_ONCE, CHEAT_OTHER_GUEST, CHEATS };

/* Changes the starter's files in `folder` so that each artifact of the submission does as the cheat says:
 * ends with these last words. False when the cheat is nothing for this lab. */
bool cheat_make(const struct lab *lab, const char *folder, enum cheat cheat, const struct last_words *last);

#endif
