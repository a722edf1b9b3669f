/* check.h - what the parts of `trapeze lab check` share: check.c grades the solutions that the lab comes
 * with, adversary.c submissions that solve nothing. */
#ifndef CHECK_H
#define CHECK_H

#include "grade.h"

struct check {
  const struct lab *lab;
  unsigned jobs, patience;
  unsigned students; /* grade the reference for so many students */
  bool once;         /* grade wrong solutions only once */
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

/* ---- adversary.c ---- */

/* Tries stock cheats against every test, and says which tests fall. */
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

/* How the reference's runs end, each end once, at most `most` of them. Returns how many are in `words`. The
 * caller frees the consoles. */
size_t learn_words(struct check *c, struct last_words *words, size_t most);
/* The same for each run, with the hash that a cheat as `student` sees in that run. For knowledge_free. Nothing is
 * known (n is 0) when no such cheat can be made of the starter; *why is then the reason. */
struct knowledge learn_hashes(struct check *c, const char *student, const char **why);
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
