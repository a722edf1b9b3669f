/* adversary.c - the part of `trapeze lab check` that tries to earn points without solving anything: the
 * starter as it is; submissions that say at once what a test wants to hear, and end; VMMs that run a guest of
 * their own first; a submission that knows by a hash of its surroundings which test it is in. A test that falls
 * to one of them measures nothing.
 *
 * A real cheat can tell tests apart, for example by a hash of the guest's memory. So each cheat is graded on
 * each test, whatever came of the tests that must pass before: somebody may solve those and cheat in the
 * others. Only where both tests show the submission the same, the cheat must pass the test before, too. */
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "tools/trapeze/grade/build/folder.h"
#include "tools/trapeze/grade/judge/run.h"
#include "tools/trapeze/untrusted.h"

enum { WORDS_MOST = 16, CHEATS_MOST = 2 + 2 * WORDS_MOST };

/* Numbers of a student's own are unknown to a cheat: its texts are the reference's, and it is graded as this
 * student. */
#define STUDENT "somebody else"

struct adversary {
  struct check *c;
  struct knowledge ends; /* how the reference's runs end */
  struct tried {
    struct cheating of;
    bool *falls; /* by test */
  } tried[CHEATS_MOST];
  size_t n_tried;
  bool *fallen; /* by test: to any cheat */
  size_t *to;   /* and to which: index in `tried` */
};

/* ---- trying ---- */

static void say_cheat(FILE *f, const struct cheating *of);

/* A cheat that cannot be tried earns nothing, but that says nothing about the tests. */
static void note_untried(const struct cheating *of, const char *why) {
  fputs("      not tried: ", stdout);
  say_cheat(stdout, of);
  printf(": %s\n", why);
}

static void note_unbuilt(const struct adversary *a, const struct cheating *of, const struct result *r) {
  static const char built[] = " does not build.\n";
  for (size_t i = 0; i < a->c->lab->tests; i++) {
    const char *at = r->test[i].feedback ? strstr(r->test[i].feedback, built) : NULL;
    if (!at) continue;
    at += sizeof built - 1;
    char *why = must(strndup(at, strcspn(at, "\n")));
    note_untried(of, why);
    free(why);
    return;
  }
}

static void try(struct adversary *a, struct cheating of) {
  const struct lab *lab = a->c->lab;
  struct tried *t = &a->tried[a->n_tried];
  learn_starter(a->c);
  if (!cheat_make(lab, a->c->folder, &of)) {
    note_untried(&of, "the starter's sources have no function or label to change");
    return;
  }
  struct result *r = grade(&(struct grading){.lab = lab,
                                             .submission = a->c->folder,
                                             .student = STUDENT,
                                             .solution = true,
                                             .reveal = true,
                                             .apart = true,
                                             .jobs = a->c->jobs,
                                             .patience = a->c->patience});
  if (of.cheat != CHEAT_STARTER && r->unbuilt) note_unbuilt(a, &of, r);
  *t = (struct tried){of, must(calloc(lab->tests, sizeof(bool)))};
  for (size_t i = 0; i < lab->tests; i++) t->falls[i] = r->test[i].score > lab->test[i].points / 10;
  a->n_tried++;
  result_free(r);
}

static bool has_code(const struct lab *lab, enum build_kind *kind) {
  for (size_t i = 0; i < lab->builds; i++)
    if (!lab->build[i].of_lab) return *kind = lab->build[i].kind, true;
  return false;
}

/* ---- who falls ---- */

static bool same_words(const struct words *a, const struct words *b) {
  if (a->n != b->n) return false;
  for (size_t i = 0; i < a->n; i++)
    if (strcmp(a->word[i], b->word[i]) != 0) return false;
  return true;
}

static bool same_text(const char *a, const char *b) { return a && b ? strcmp(a, b) == 0 : a == b; }

/* Can a submission not tell these two runs apart? It does not see the depth, or a VMM of the lab's. */
static bool look_alike(const struct lab_run *a, const struct lab_run *b) {
  return same_text(a->image, b->image) && same_words(&a->program, &b->program) &&
         same_words(&a->args, &b->args) && same_text(a->input, b->input) &&
         same_text(a->input_file, b->input_file);
}

static bool share_a_run(const struct lab_test *a, const struct lab_test *b) {
  for (size_t i = 0; i < a->runs; i++)
    for (size_t k = 0; k < b->runs; k++)
      if (look_alike(&a->run[i], &b->run[k])) return true;
  return false;
}

static bool reaches(const struct adversary *a, const struct tried *with, size_t test) {
  const struct lab_test *t = &a->c->lab->test[test];
  for (size_t i = 0; i < t->afters; i++) {
    size_t before = t->after[i];
    if (share_a_run(t, &a->c->lab->test[before]) && !with->falls[before]) return false;
  }
  return true;
}

static void find_fallen(struct adversary *a) {
  for (size_t i = 0; i < a->c->lab->tests; i++)
    for (size_t k = 0; k < a->n_tried && !a->fallen[i]; k++)
      if (a->tried[k].falls[i] && reaches(a, &a->tried[k], i)) a->fallen[i] = true, a->to[i] = k;
}

static void say_cheat(FILE *f, const struct cheating *of) {
  static const char *const names[CHEATS] = {
      "the starter as it is", "a submission that solves nothing and ends at once",
      "a VMM that runs another guest", "a submission that knows each test by a hash of the memory around it"};
  fputs(names[of->cheat], f);
  if (!of->words) return;
  struct bytes tail = of->words->console;
  if (tail.size > 40) tail.data += tail.size - 40, tail.size = 40;
  char *safe = printable(tail.data, tail.size, 80);
  for (char *p = safe; *p; p++)
    if (*p == '\n') *p = ' ';
  fprintf(f, ", status %u, console \"%s\"", of->words->status, safe);
  free(safe);
}

static void report(struct adversary *a) {
  unsigned fell = 0;
  for (size_t i = 0; i < a->c->lab->tests; i++) {
    const struct lab_test *t = &a->c->lab->test[i];
    char *whom;
    size_t size;
    if (!a->fallen[i] || t->points == 0) continue;
    FILE *f = must(open_memstream(&whom, &size));
    say_cheat(f, &a->tried[a->to[i]].of);
    fclose(f);
    if (t->forgeable)
      printf("      test %s falls to %s; lab.yaml allows it: %s\n", t->id, whom, t->forgeable);
    else
      fell++, check_say(a->c, false, "test %s falls to %s", t->id, whom);
    free(whom);
  }
  if (!fell)
    check_say(a->c, true, "%zu submissions that solve nothing pass no test that they must not", a->n_tried);
}

static void try_by_words(struct adversary *a, enum build_kind kind) {
  const struct last_words *words[WORDS_MOST];
  size_t n = learn_words(&a->ends, words, a->c->quick ? 1 : WORDS_MOST);
  for (size_t i = 0; i < n; i++) {
    try(a, (struct cheating){.cheat = CHEAT_ENDS_AT_ONCE, .words = words[i]});
    if (kind == BUILD_VMM) try(a, (struct cheating){.cheat = CHEAT_OTHER_GUEST, .words = words[i]});
  }
}

static void try_by_hash(struct adversary *a) {
  struct knowledge *k = &a->ends;
  struct cheating of = {.cheat = CHEAT_KNOWS, .known = k};
  const char *why_not = learn_hashes(a->c, STUDENT, k);
  if (why_not) return note_untried(&of, why_not);
  try(a, of);
  if (k->known < k->n)
    printf("      the submission that knows each test by a hash takes one in %zu of the %zu runs only\n",
           k->known, k->n);
}

void adversary_check(struct check *c) {
  struct adversary *a = must(calloc(1, sizeof *a));
  enum build_kind kind = BUILD_PROGRAM;
  *a = (struct adversary){.c = c,
                          .fallen = must(calloc(c->lab->tests, sizeof(bool))),
                          .to = must(calloc(c->lab->tests, sizeof(size_t)))};
  try(a, (struct cheating){.cheat = CHEAT_STARTER});
  if (has_code(c->lab, &kind)) {
    a->ends = learn_endings(c);
    try_by_words(a, kind);
    try_by_hash(a);
  }
  find_fallen(a);
  report(a);
  for (size_t i = 0; i < a->n_tried; i++) free(a->tried[i].falls);
  knowledge_free(&a->ends);
  free(a->fallen);
  free(a->to);
  free(a);
}
