/* adversary.c - the part of `trapeze lab check` that tries to earn points without solving anything: the
 * starter as it is; submissions that say at once what a test wants to hear, and end; VMMs that run a guest of
 * their own first. A test that falls to one of them measures nothing.
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

enum { WORDS_MOST = 16, CHEATS_MOST = 1 + 2 * WORDS_MOST };

/* Numbers of a student's own are unknown to a cheat: its texts are the reference's, and it is graded as this
 * student. */
#define STUDENT "somebody else"

struct adversary {
  struct check *c;
  struct last_words words[WORDS_MOST];
  size_t n_words;
  struct tried {
    enum cheat cheat;
    const struct last_words *words;
    bool *falls; /* by test */
  } tried[CHEATS_MOST];
  size_t n_tried;
  bool *fallen; /* by test: to any cheat */
  size_t *to;   /* and to which: index in `tried` */
};

/* ---- what the tests want to hear ---- */

/* The smallest status that the run's expectations allow; `is` when they do not mention it. */
static uint32_t wanted_status(const struct lab_test *t, size_t run, uint32_t is) {
  for (size_t i = 0; i < t->expects; i++) {
    const struct lab_expect *e = &t->expect[i];
    if (e->in != run || e->kind != EXPECT_STATUS) continue;
    for (uint32_t status = 0; status < 256; status++)
      if (compare_holds(e->compare, status, e->number)) return status;
  }
  return is;
}

static void note_words(struct adversary *a, struct bytes console, uint32_t status) {
  for (size_t i = 0; i < a->n_words; i++) {
    const struct last_words *w = &a->words[i];
    if (w->status == status && w->console.size == console.size &&
        (console.size == 0 || memcmp(w->console.data, console.data, console.size) == 0))
      return;
  }
  if (a->n_words == WORDS_MOST) return;
  struct last_words *w = &a->words[a->n_words++];
  w->status = status;
  bytes_append(&w->console, console.data, console.size);
}

static void listen_to(struct adversary *a, const struct built *b) {
  for (size_t i = 0; i < b->lab->tests; i++)
    for (size_t k = 0; k < b->lab->test[i].runs; k++) {
      const struct lab_run *of = &b->lab->test[i].run[k];
      if (plan_lacks(b, of) || plan_lacks_file(b, of)) continue;
      struct run *r = run_new(b, of, NULL, 0);
      if (r->end == RUN_POWERED_OFF) note_words(a, r->console, wanted_status(&b->lab->test[i], k, r->status));
      run_free(r);
    }
}

/* Runs the reference, and notes how each of its runs ends. */
static void learn_words(struct adversary *a) {
  const struct lab *lab = a->c->lab;
  struct workshop w = workshop_open();
  struct artifact *artifacts = must(calloc(lab->builds + 1, sizeof *artifacts));
  check_assemble(a->c, "solution/reference");
  free(submission_take(&w, lab, a->c->folder));
  for (size_t i = 0; i < lab->builds; i++) artifacts[i] = workshop_build(&w, lab, &lab->build[i]);
  listen_to(a, &(struct built){.lab = lab, .workshop = &w, .artifact = artifacts, .student = "reference"});
  for (size_t i = 0; i < lab->builds; i++) artifact_free(&artifacts[i]);
  free(artifacts);
  workshop_close(&w);
}

/* ---- trying ---- */

static void put_starter(const struct check *c) {
  folder_remove(c->folder);
  folder_make(c->folder);
  for (size_t i = 0; i < c->lab->files; i++) {
    char *below = path_join("starter", c->lab->file[i].name), *path = lab_path(c->lab, below);
    struct bytes content;
    if (file_try_read(path, &content)) {
      check_put_file(c->folder, c->lab->file[i].name, content);
      free(content.data);
    }
    free(below);
    free(path);
  }
}

static void say_cheat(FILE *f, const struct tried *t);

/* A cheat that cannot be tried earns nothing, but that says nothing about the tests. */
static void note_untried(enum cheat cheat, const struct last_words *words, const char *why) {
  fputs("      not tried: ", stdout);
  say_cheat(stdout, &(struct tried){.cheat = cheat, .words = words});
  printf(": %s\n", why);
}

static void note_unbuilt(const struct adversary *a, enum cheat cheat, const struct last_words *words,
                         const struct result *r) {
  static const char built[] = " does not build.\n";
  for (size_t i = 0; i < a->c->lab->tests; i++) {
    const char *at = r->test[i].feedback ? strstr(r->test[i].feedback, built) : NULL;
    if (!at) continue;
    at += sizeof built - 1;
    char *why = must(strndup(at, strcspn(at, "\n")));
    note_untried(cheat, words, why);
    free(why);
    return;
  }
}

static void try(struct adversary *a, enum cheat cheat, const struct last_words *words) {
  const struct lab *lab = a->c->lab;
  struct tried *t = &a->tried[a->n_tried];
  put_starter(a->c);
  if (!cheat_make(lab, a->c->folder, cheat, words)) {
    note_untried(cheat, words, "the starter's sources have no function or label to change");
    return;
  }
  struct result *r = grade(&(struct grading){.lab = lab,
                                             .submission = a->c->folder,
                                             .student = STUDENT,
                                             .reveal = true,
                                             .apart = true,
                                             .jobs = a->c->jobs,
                                             .patience = a->c->patience});
  if (cheat != CHEAT_STARTER && r->unbuilt) note_unbuilt(a, cheat, words, r);
  *t = (struct tried){cheat, words, must(calloc(lab->tests, sizeof(bool)))};
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

static void say_cheat(FILE *f, const struct tried *t) {
  if (t->cheat == CHEAT_STARTER) {
    fputs("the starter as it is", f);
    return;
  }
  fputs(t->cheat == CHEAT_ENDS_AT_ONCE ? "a submission that solves nothing and ends at once"
                                       : "a VMM that runs another guest",
        f);
  struct bytes tail = t->words->console;
  if (tail.size > 40) tail.data += tail.size - 40, tail.size = 40;
  char *safe = printable(tail.data, tail.size, 80);
  for (char *p = safe; *p; p++)
    if (*p == '\n') *p = ' ';
  fprintf(f, ", status %u, console \"%s\"", t->words->status, safe);
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
    say_cheat(f, &a->tried[a->to[i]]);
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

void adversary_check(struct check *c) {
  struct adversary *a = must(calloc(1, sizeof *a));
  enum build_kind kind = BUILD_PROGRAM;
  *a = (struct adversary){.c = c,
                          .fallen = must(calloc(c->lab->tests, sizeof(bool))),
                          .to = must(calloc(c->lab->tests, sizeof(size_t)))};
  try(a, CHEAT_STARTER, NULL);
  if (has_code(c->lab, &kind)) learn_words(a);
  for (size_t i = 0; i < a->n_words; i++) {
    try(a, CHEAT_ENDS_AT_ONCE, &a->words[i]);
    if (kind == BUILD_VMM) try(a, CHEAT_OTHER_GUEST, &a->words[i]);
  }
  find_fallen(a);
  report(a);
  for (size_t i = 0; i < a->n_tried; i++) free(a->tried[i].falls);
  for (size_t i = 0; i < a->n_words; i++) free(a->words[i].console.data);
  free(a->fallen);
  free(a->to);
  free(a);
}
