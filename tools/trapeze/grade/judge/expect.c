/* expect.c - the kinds of expectations, in one table, and what comes before all of them: a run that was
 * stopped or never began shows nothing, so nothing is judged by it. */
#include <stdlib.h>
#include <string.h>

#include "expect.h"
#include "tools/trapeze/grade/lab/sum.h"

typedef void judging(const struct trial *t, const struct lab_expect *e, struct outcome *o);

static judging *const judge[] = {
    [EXPECT_STATUS] = expect_status,
    [EXPECT_CONSOLE] = expect_console,
    [EXPECT_TRACE] = expect_trace,
    [EXPECT_COUNTER] = expect_counter,
    [EXPECT_INVARIANT] = expect_invariant,
    [EXPECT_SAME] = expect_two_runs,
    [EXPECT_DIFFER] = expect_two_runs,
    [EXPECT_MEMORY] = expect_memory,
    [EXPECT_REGISTER] = expect_register,
    [EXPECT_PREDICT] = expect_predict,
    [EXPECT_CLASSIFY] = expect_classify,
    [EXPECT_PATH] = expect_path,
    [EXPECT_ANY] = expect_any,
    [EXPECT_VARIABLE] = expect_variable,
};

void say_end(FILE *f, const struct run *r) {
  char limit[60];
  switch (r->end) {
  case RUN_POWERED_OFF: fprintf(f, "powered off with status %u", r->status); break;
  case RUN_CHECKSTOPPED: fprintf(f, "check-stopped: %s", r->why); break;
  case RUN_REFUSED: fprintf(f, "did not start: the image cannot be loaded: %s", r->why); break;
  default: fprintf(f, "was stopped after %s", run_limit(r, limit, sizeof limit));
  }
}

uint64_t last_trap(const struct run *r) {
  const size_t guest = long_before_the_end(r);
  if (guest < r->events.n) return r->events.event[guest].event;
  for (size_t i = r->events.n; i-- > 0;)
    if (r->events.event[i].kind == RECORD_TRAP) return r->events.event[i].event;
  return 0;
}

size_t event_at(const struct run *r, uint64_t retired) {
  size_t low = 0, high = r->events.n;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (r->events.event[middle].retired <= retired)
      low = middle + 1;
    else
      high = middle;
  }
  return low ? low - 1 : 0;
}

/* Writes a tool's words, and a newline when they lack one. */
static void say_words(FILE *f, const char *words) {
  size_t n = words ? strlen(words) : 0;
  if (n) fputs(words, f);
  if (n && words[n - 1] != '\n') fputc('\n', f);
}

/* Is there a run to judge by? When there is none, says why. */
static bool ready(const struct trial *t, size_t run, struct outcome *o) {
  const struct lab_run *of = &t->test->run[run];
  const struct run *r = t->run[run];
  char limit[60];
  o->run = run;
  o->blocked = true;
  if (!r) {
    const struct artifact *a = plan_lacks(t->built, of);
    const char *file = a ? NULL : plan_lacks_file(t->built, of);
    if (a) {
      fprintf(o->say, "%s does not build.\n", a->build->name);
      say_words(o->say, a->words);
    } else {
      fprintf(o->say, "%s was not handed in.\n", file ? file : "a file");
    }
    return false;
  }
  if (r->end == RUN_REFUSED) {
    fprintf(o->say, "The machine cannot load the image: %s.\n", r->why);
    return false;
  }
  if (!run_limit(r, limit, sizeof limit)) {
    o->blocked = false;
    return true;
  }
  fprintf(o->say, "The run did not end: it was stopped after %s.\n", limit);
  o->event = last_trap(r);
  show_tail(o->show, r);
  return false;
}

/* Are all runs there whose counters a comparison has? */
static bool sums_ready(const struct trial *t, const struct lab_expect *e, struct outcome *o) {
  const struct sum *const sums[] = {e->left, e->right, e->none_at};
  size_t run;
  for (size_t k = 0; k < 3; k++)
    for (size_t i = 0; sums[k] && sum_counter_at(sums[k], i, &run); i++)
      if (!ready(t, run, o)) return false;
  o->run = e->in;
  return true;
}

/* Closes the streams of an outcome: what it says and shows belongs to the caller. */
struct judged expect_judged(const struct trial *t, const struct lab_expect *e) {
  struct judged j = {0};
  struct outcome o = {0};
  size_t size;
  o.say = must(open_memstream(&j.say, &size));
  o.show = must(open_memstream(&j.show, &size));
  expect_judge(t, e, &o);
  fclose(o.say);
  fclose(o.show);
  j.share = o.share, j.run = o.run, j.event = o.event, j.blocked = o.blocked, j.mistake = o.mistake;
  return j;
}

void judged_free(struct judged *j) {
  free(j->say);
  free(j->show);
  free(j->mistake);
  *j = (struct judged){0};
}

/* Holds when one of several does. Else all are told, and shown is what comes nearest: the first of the greatest share. */
void expect_any(const struct trial *t, const struct lab_expect *e, struct outcome *o) {
  struct judged best = {.share = -1};
  fprintf(o->say, "None of these %zu holds; one of them must.\n", e->any.n);
  for (size_t i = 0; i < e->any.n && best.share < 1; i++) {
    struct judged j = expect_judged(t, &t->test->expect[e->any.first + i]);
    fprintf(o->say, "%zu. %s", i + 1, j.say);
    if (j.share > best.share) {
      judged_free(&best);
      best = j;
    } else {
      judged_free(&j);
    }
  }
  o->share = best.share, o->run = best.run, o->event = best.event;
  fputs(best.show, o->show);
  o->mistake = best.mistake, best.mistake = NULL;
  judged_free(&best);
}

void expect_judge(const struct trial *t, const struct lab_expect *e, struct outcome *o) {
  bool two = e->kind == EXPECT_SAME || e->kind == EXPECT_DIFFER;
  if (e->kind != EXPECT_CLASSIFY && e->kind != EXPECT_ANY && !ready(t, two ? e->runs[0] : e->in, o)) return;
  if (two && !ready(t, e->runs[1], o)) return;
  if (!sums_ready(t, e, o)) return;
  judge[e->kind](t, e, o);
}
