/* predict.c - the expectation `predict`: the traps of a run, as the student has predicted them, a line a
 * trap. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "answers.h"
#include "isa/platform.h"
#include "tools/trapeze/untrusted.h"

struct trap { /* as predicted, or as it was */
  enum who from;
  char what[24];
  enum verdict verdict;
  unsigned line;  /* predicted: where */
  uint64_t event; /* real: which */
  size_t index;
};

/* The word that the guest's author has for the trap: an access to a device register is "device", however the
 * VMM notices the access. */
static const char *author_word(const struct event *e, enum who from) {
  bool memory = e->trap.cause >= CAUSE_LOAD_MISS && e->trap.cause <= CAUSE_STORE_BUS;
  if (memory && from == WHO_GUEST_OS && e->trap.badva >= DEV_CONSOLE) return "device";
  const char *word = trap_word(e);
  return strcmp(word, "tlbw-trap") == 0 ? "tlbw" : word;
}

/* For the VMM at `depth`, whoever is not its guest's kernel is an application: the layers further in, too. */
static bool counts(const struct event *e, unsigned depth, bool host, enum who *from,
                   const struct role *role) {
  if (e->kind != RECORD_TRAP || e->levels < depth) return false;
  *from = role_is(&role[e->from], WHO_GUEST_OS, depth) ? WHO_GUEST_OS : WHO_APP;
  return host || e->verdict[depth] != VERDICT_HOST;
}

/* The events [from, to) in which the expectation's traps are. */
static void find_window(const struct run *r, const struct lab_expect *e, size_t *from, size_t *to) {
  uint64_t traps = 0;
  enum who who;
  *from = e->answers.app_trap ? r->events.n : 0;
  *to = r->events.n;
  for (size_t i = 0; e->answers.app_trap && i < r->events.n; i++) {
    if (!counts(&r->events.event[i], r->of->depth, false, &who, r->events.role) || who != WHO_APP) continue;
    traps++;
    if (traps == e->answers.app_trap) *from = i;
    if (traps == e->answers.app_trap + 1) *to = i;
  }
}

static struct trap *real_traps(const struct run *r, const struct lab_expect *e, size_t *n) {
  struct trap *all = NULL;
  size_t from, to;
  *n = 0;
  find_window(r, e, &from, &to);
  for (size_t i = from; i < to; i++) {
    const struct event *ev = &r->events.event[i];
    struct trap t = {.event = ev->event, .index = i};
    if (!counts(ev, e->answers.depth, e->answers.host, &t.from, r->events.role)) continue;
    if (*n == ANSWERS_MOST)
      die(GRADE_BROKEN, "lab.yaml:%u:%u: the run to predict has more than %d traps", e->mark.line,
          e->mark.column, ANSWERS_MOST);
    snprintf(t.what, sizeof t.what, "%s", author_word(ev, t.from));
    t.verdict = (enum verdict)ev->done[e->answers.depth];
    all = must(realloc(all, (*n + 1) * sizeof *all));
    all[(*n)++] = t;
  }
  return all;
}

static bool verdict_named(const char *word, enum verdict *v) {
  for (*v = VERDICT_REFLECT; *v <= VERDICT_WRONG; (*v)++)
    if (strcmp(recorder_verdict_name(*v), word) == 0) return true;
  return false;
}

/* The word as author_word spells it; NULL when it is not one kind of trap. */
static const char *what_named(const char *word) {
  static const char *const more[] = {"device", "tlbw"};
  for (size_t i = 0; i < sizeof more / sizeof *more; i++)
    if (strcasecmp(more[i], word) == 0) return more[i];
  const char *exact = trap_word_exact(word, strlen(word));
  return exact && strcmp(exact, "tlbw-trap") != 0 ? exact : NULL;
}

static bool parse_trap(const struct lab_expect *e, const struct answer *l, struct trap *t,
                       struct outcome *o) {
  char buf[32];
  const char *file = e->answers.file ? e->answers.file : e->answers.list;
  *t = (struct trap){.line = l->number};
  if (l->words != 3)
    answers_misread(o, file, l, "expected three words: FROM WHAT VERDICT, such as `app syscall reflect`");
  else if ((t->from = who_named(l->word[0], strlen(l->word[0]))) != WHO_APP && t->from != WHO_GUEST_OS)
    answers_misread(o, file, l, "'%s': expected app or guest-os", answers_shown(l->word[0], buf));
  else if (!what_named(l->word[1]))
    answers_misread(o, file, l, "'%s': expected one kind of trap, such as syscall, load-miss, rfe, device",
                    answers_shown(l->word[1], buf));
  else if (!verdict_named(l->word[2], &t->verdict))
    answers_misread(o, file, l, "'%s': expected reflect, emulate, fill, host or kill",
                    answers_shown(l->word[2], buf));
  else
    return snprintf(t->what, sizeof t->what, "%s", what_named(l->word[1])) > 0;
  return false;
}

static bool same_trap(const struct trap *a, const struct trap *b) {
  return a->from == b->from && a->verdict == b->verdict && strcmp(a->what, b->what) == 0;
}

/* The least number of insertions, deletions and replacements that turn a into b (Levenshtein 1966), computed
 * with one row of the table. */
static size_t distance(const struct trap *a, size_t n, const struct trap *b, size_t m) {
  size_t *row = must(calloc(m + 1, sizeof *row));
  for (size_t j = 0; j <= m; j++) row[j] = j;
  for (size_t i = 0; i < n; i++) {
    size_t diagonal = row[0]++;
    for (size_t j = 0; j < m; j++) {
      size_t best = diagonal + !same_trap(&a[i], &b[j]);
      if (row[j] + 1 < best) best = row[j] + 1;
      if (row[j + 1] + 1 < best) best = row[j + 1] + 1;
      diagonal = row[j + 1];
      row[j + 1] = best;
    }
  }
  size_t result = row[m];
  free(row);
  return result;
}

static void say_trap(FILE *f, const struct trap *t) {
  fprintf(f, "%s %s %s", who_name(t->from), t->what, recorder_verdict_name(t->verdict));
}

/* Asks about the difference, without giving the answer away. */
static const char *difference(const struct trap *said, const struct trap *real) {
  if (said->from != real->from) return "who traps there?";
  if (strcmp(said->what, real->what) != 0) return "on what does it trap?";
  return "what does the VMM do with it?";
}

static void say_prediction(const struct run *r, const char *file, const struct trap *said, size_t n,
                           const struct trap *real, size_t m, struct outcome *o) {
  size_t i = 0;
  while (i < n && i < m && same_trap(&said[i], &real[i])) i++;
  for (size_t k = i < 2 ? 0 : i - 2; k < i; k++) {
    fprintf(o->say, "%s:%u: ", file, said[k].line);
    say_trap(o->say, &said[k]);
    fputs(" - right\n", o->say);
  }
  if (i == n) {
    fprintf(o->say, "After line %u more traps come.\n", n ? said[n - 1].line : 0);
  } else {
    fprintf(o->say, "%s:%u: ", file, said[i].line);
    say_trap(o->say, &said[i]);
    fprintf(o->say, " - %s\n", i < m ? difference(&said[i], &real[i]) : "no more traps come");
  }
  if (i == 0 || i >= m) return; /* the row itself is not given away by failing it: only what comes before */
  o->event = real[i - 1].event;
  fputs("The traps before it:\n", o->show);
  show_events(o->show, r, i < 3 ? real[0].index : real[i - 3].index, real[i - 1].index + 1, 12,
              &real[i - 1].index, 1);
}

/* The lab has said what the traps are to be: the first one that is another, and the run's around it. */
static void say_deviation(const struct run *r, const struct trap *said, size_t n, const struct trap *real,
                          size_t m, struct outcome *o) {
  size_t i = 0;
  while (i < n && i < m && same_trap(&said[i], &real[i])) i++;
  fprintf(o->say, "The first %zu are right. Then comes, in\n  the list: ", i);
  i < n ? say_trap(o->say, &said[i]) : (void)fputs("nothing more", o->say);
  fputs("\n  your run: ", o->say);
  i < m ? say_trap(o->say, &real[i]) : (void)fputs("nothing more", o->say);
  fputc('\n', o->say);
  if (m == 0) return;
  size_t at = real[i < m ? i : m - 1].index;
  o->event = real[i < m ? i : m - 1].event;
  fputs("The traps before it, and it:\n", o->show);
  show_events(o->show, r, i < 3 ? real[0].index : real[i - 3].index, at + 1, 12, &at, 1);
}

/* Whose numbers the run has: with another --student it would have others. */
static void say_numbers(const struct trial *t, const struct lab_expect *e, struct outcome *o) {
  const struct lab_run *of = &t->test->run[e->in];
  const struct words *given = of->image ? &of->args : &of->program;
  bool seeded = false;
  for (size_t i = 0; i < given->n; i++) seeded |= strstr(given->word[i], "{seed") != NULL;
  if (!seeded) return;
  char *student = printable_name(t->built->student);
  fprintf(o->say, "The run has the numbers of the student `%s`:", student);
  for (char **word = t->run[e->in]->plan.words; *word; word++) fprintf(o->say, " %s", *word);
  fputs(". If yours are others, name yourself by --student as when you got them.\n", o->say);
  free(student);
}

static void say_predicted(const struct trial *t, const struct lab_expect *e, const struct answers *a,
                          const struct trap *said, const struct trap *real, size_t m, size_t changes,
                          struct outcome *o) {
  const char *where = e->answers.app_trap ? " in the window" : "";
  if (e->answers.list) {
    fprintf(o->say, "Expected: the %zu traps of the list%s, and no others.\nHappened: %zu traps.\n", a->lines,
            where, m);
    say_deviation(t->run[e->in], said, a->lines, real, m, o);
    return;
  }
  fprintf(o->say,
          "Expected: the %zu traps of the run%s, one a line, in order.\n"
          "Happened: %zu line%s; it takes %zu change%s to make them right.\n",
          m, where, a->lines, a->lines == 1 ? "" : "s", changes, changes == 1 ? "" : "s");
  say_numbers(t, e, o);
  say_prediction(t->run[e->in], e->answers.file, said, a->lines, real, m, o);
}

void expect_predict(const struct trial *t, const struct lab_expect *e, struct outcome *o) {
  struct answers *a = must(malloc(sizeof *a));
  struct trap *said = must(calloc(ANSWERS_MOST, sizeof *said)), *real = NULL;
  size_t m = 0, wrong = 0;
  bool good =
      e->answers.list ? answers_of_lab(t, e->answers.list, a, o) : answers_read(t, e->answers.file, a, o);
  for (size_t i = 0; good && i < a->lines; i++) wrong += !parse_trap(e, &a->line[i], &said[i], o);
  if (e->answers.list && (!good || wrong))
    die(GRADE_BROKEN, "%s: expected lines such as `app syscall reflect`", e->answers.list);
  if (good && !wrong) {
    real = real_traps(t->run[e->in], e, &m);
    size_t d = distance(said, a->lines, real, m);
    o->share = m == 0 ? a->lines == 0 : d >= m ? 0 : 1 - (double)d / (double)m;
    if (d) say_predicted(t, e, a, said, real, m, d, o);
  }
  free(real);
  free(said);
  free(a->text.data);
  free(a);
}
