/* lists.c - the lecture's two lists in the ways of `trapeze compare`, side by side: which steps happened, and how many
 * instructions of the machine passed since the step before. The last list of the run is shown of which every step
 * happened; if there is none, the last one with the most steps: what is missing there does not happen in that way. */
#include <stdlib.h>
#include <string.h>

#include "tools/trapeze/verify/run_cost.h"
#include "ways.h"

#define STEPS_MOST 7
#define OPEN 64 /* lists under way at a time that are followed */
#define WIDTH 80
#define CELL 12

struct seen { /* a list */
  uint64_t event, at,
      returned;          /* its first event, and retired at that time; after its last step. 0: not yet */
  unsigned exits, extra; /* from the first step to the return; of these: traps of the translation alone */
  uint64_t step[STEPS_MOST + 1];
  bool happened[STEPS_MOST + 1];
};

struct watching { /* of one kind of list */
  unsigned level;
  enum lecture_list kind;
  struct seen open[OPEN], best;
  unsigned next;
};

enum { KINDS = 2 };
static const enum lecture_list kinds[KINDS] = {LIST_SYSCALL, LIST_TLB};

static const unsigned last_step[LISTS] = {[LIST_SYSCALL] = 4, [LIST_TLB] = 7};

static unsigned steps_of(const struct seen *s) {
  unsigned n = 0;
  for (unsigned i = 1; i <= STEPS_MOST; i++) n += s->happened[i];
  return n;
}

static struct seen *find(struct watching *w, uint64_t event, uint64_t retired) {
  for (unsigned i = 0; i < OPEN; i++)
    if (w->open[i].event == event) return &w->open[i];
  struct seen *s = &w->open[w->next];
  w->next = (w->next + 1) % OPEN;
  *s = (struct seen){.event = event, .at = retired};
  return s;
}

static void note(struct watching *w, const struct record *rec, const struct list_step *step) {
  if (step->list != w->kind || step->level != w->level || step->step > last_step[w->kind]) return;
  struct seen *s = find(w, step->list_event, rec->retired);
  if (!s->happened[step->step]) s->happened[step->step] = true, s->step[step->step] = rec->retired;
  if (step->end != LIST_RETURNED && step->end != LIST_IN_VAIN) return;
  s->returned = rec->retired;
  if (steps_of(s) >= steps_of(&w->best)) w->best = *s;
  s->event = 0;
}

static void watch_kind(struct watching *w, const struct record *rec) {
  for (unsigned i = 0; i < rec->steps; i++) note(w, rec, &rec->step[i]);
  if (rec->kind != RECORD_TRAP || rec->levels < w->level || rec->verdict[w->level] == VERDICT_HOST) return;
  for (unsigned i = 0; i < OPEN; i++)
    if (w->open[i].event) w->open[i].exits++, w->open[i].extra += rec->verdict[w->level] == VERDICT_TRANSLATE;
}

static void watch(void *arg, const struct record *rec, const struct lane *to, uint64_t ran) {
  struct watching *w = arg;
  (void)to, (void)ran;
  for (unsigned k = 0; k < KINDS; k++) watch_kind(&w[k], rec);
}

/* One run of `lecture`: the best list of each kind. */
static void lists_of(const struct column *column, const struct options *options, struct seen best[KINDS]) {
  struct options o = *options;
  char program[] = "lecture", *words[] = {program};
  o.way = column->way->way;
  o.cpu = column->way->cpu;
  o.argv = words, o.argc = 1;
  struct watching *w = must(calloc(KINDS, sizeof *w));
  struct run_cost cost;
  for (unsigned k = 0; k < KINDS; k++) w[k].level = column->depth, w[k].kind = kinds[k];
  if (run_cost_measure(&o, column->depth, &cost, watch, w) != EXIT_POWER)
    die(STATUS_BUDGET, "lecture, %s: the run did not end (--max-insns)", column->way->name);
  for (unsigned k = 0; k < KINDS; k++) best[k] = w[k].best;
  free(cost.output.data);
  free(w);
}

/* Writes `text` into a column of `width`, broken at blanks, and filled up if something follows; returns what is left. */
static const char *piece(FILE *f, const char *text, int width, bool filled) {
  int n = (int)strlen(text);
  if (n > width)
    for (n = width; n > 0 && text[n] != ' '; n--) {
    }
  fprintf(f, "%-*.*s", filled ? width : n, n, text);
  text += n;
  return text + (*text == ' ');
}

static void cell(FILE *f, const struct seen *s, unsigned step) {
  char text[32];
  uint64_t before = s->at;
  for (unsigned i = 1; i < step; i++)
    if (s->happened[i]) before = s->step[i];
  if (!s->happened[step])
    snprintf(text, sizeof text, "gone");
  else
    snprintf(text, sizeof text, "+%llu", (unsigned long long)(s->step[step] - before));
  fprintf(f, " %*s", CELL - 1, text);
}

/* s: for each column, the lists of each kind; k is the one to show. */
static void show(FILE *f, const struct comparison *c, unsigned k, struct seen (*s)[KINDS]) {
  const enum lecture_list kind = kinds[k];
  const int words = WIDTH - 4 - CELL * (int)(c->columns - 1);
  fprintf(f, "%-*s", WIDTH - CELL * (int)(c->columns - 1),
          kind == LIST_SYSCALL ? "A system call" : "A TLB fault");
  for (size_t i = 1; i < c->columns; i++) fprintf(f, " %*s", CELL - 1, c->column[i].way->name);
  putc('\n', f);
  for (unsigned step = 1; step <= last_step[kind]; step++) {
    const char *text = recorder_lecture_words(kind, step);
    fprintf(f, "%2u. ", step);
    text = piece(f, text, words, true);
    for (size_t i = 1; i < c->columns; i++) cell(f, &s[i][k], step);
    while (*text) {
      fputs("\n    ", f);
      text = piece(f, text, words, false);
    }
    putc('\n', f);
  }
  fprintf(f, "    %-*s", words, "and the guest goes on");
  for (size_t i = 1; i < c->columns; i++) {
    char text[32];
    uint64_t last = s[i][k].at;
    for (unsigned step = 1; step <= STEPS_MOST; step++)
      if (s[i][k].happened[step]) last = s[i][k].step[step];
    snprintf(text, sizeof text, "+%llu", (unsigned long long)(s[i][k].returned - last));
    fprintf(f, " %*s", CELL - 1, s[i][k].returned ? text : "no");
  }
  fprintf(f, "\n    %-*s", words, "exits to the VMM");
  for (size_t i = 1; i < c->columns; i++) fprintf(f, " %*u", CELL - 1, s[i][k].exits);
  fprintf(f, "\n    %-*s", words, "of these, by the translation alone");
  for (size_t i = 1; i < c->columns; i++) fprintf(f, " %*u", CELL - 1, s[i][k].extra);
  fputs("\n\n", f);
}

/* Why steps are gone, if some are. */
static void say_why_gone(FILE *f, const struct column *column, const struct seen best[KINDS]) {
  char text[512];
  bool some = false;
  for (unsigned k = 0; k < KINDS; k++) some |= steps_of(&best[k]) < last_step[kinds[k]];
  if (!some || !column->way->gone) return;
  snprintf(text, sizeof text, "Gone in %s: %s.", column->way->name, column->way->gone);
  for (const char *rest = text; *rest; putc('\n', f)) rest = piece(f, rest, WIDTH, false);
}

void ways_lists(FILE *f, const struct comparison *c, const struct options *options) {
  struct seen(*s)[KINDS] = must(calloc(c->columns, sizeof *s));
  fprintf(f,
          "The lecture's lists at depth %u, as they happened in `lecture`, with the\n"
          "instructions since the step before\n\n",
          c->depth);
  for (size_t i = 1; i < c->columns; i++) lists_of(&c->column[i], options, s[i]);
  for (unsigned k = 0; k < KINDS; k++) show(f, c, k, s);
  for (size_t i = 1; i < c->columns; i++) say_why_gone(f, &c->column[i], s[i]);
  free(s);
}
