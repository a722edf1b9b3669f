/* trace.c - trace patterns: how often, and where the longest beginning of one got stuck. */
#include "expect.h"
#include "tools/trapeze/grade/lab/pattern.h"

/* The match that is one too many, or whose place is of interest. */
static uint64_t wanted_match(const struct lab_expect *e) {
  switch (e->compare) {
  case COMPARE_LE:
  case COMPARE_EQ: return e->number + 1;
  default: return e->number ? e->number : 1;
  }
}

/* Too many: the first that should not be. */
static void say_surplus(const struct run *r, const struct matches *m, struct outcome *o) {
  const struct match *w = &m->wanted;
  if (w->n == 0) return;
  o->event = r->events.event[w->at[0]].event;
  fputs("The first that should not be there:\n", o->show);
  show_events(o->show, r, w->at[0], w->at[w->n - 1] + 1, 12, w->at, w->n);
}

/* Where element i was not found: was there such a trap, with another verdict? */
static void say_near(const struct lab_expect *e, const struct run *r, size_t i, size_t from,
                     struct outcome *o) {
  size_t at = pattern_near(e->trace.pattern, &r->events, e->trace.depth, i, from);
  if (at >= r->events.n) return;
  const struct event *ev = &r->events.event[at];
  unsigned level = e->trace.depth < ev->levels ? e->trace.depth : ev->levels;
  fprintf(o->say, "There was one, #%llu, but its verdict is `%s`.\n", (unsigned long long)ev->event,
          recorder_verdict_name((enum verdict)ev->verdict[level]));
  o->event = ev->event;
  fputs("It, and what came then:\n", o->show);
  show_events(o->show, r, at, at + 12, 4, &at, 1);
}

/* Too few: what was found of one more, and what came then. */
static void say_stuck(const struct lab_expect *e, const struct run *r, const struct matches *m,
                      struct outcome *o) {
  const struct pattern *p = e->trace.pattern;
  const struct match *l = &m->longest;
  size_t all = pattern_events(p);
  if (l->n == 0) {
    fprintf(o->say, "%s `%s`.\n", m->count ? "After the last of them there is no event" : "There is no event",
            pattern_element(p, 0));
    o->event = last_trap(r);
    if (!m->count) say_near(e, r, 0, 0, o);
    return;
  }
  size_t last = l->at[l->n - 1];
  fprintf(o->say, "Found of %s: %zu of %zu elements, up to `%s`.\n", m->count ? "one more" : "it", l->n, all,
          pattern_element(p, l->n - 1));
  if (m->stopped)
    fprintf(o->say, "Then came what must not be there.\n");
  else
    fprintf(o->say, "Then `%s` never came.\n", pattern_element(p, l->n));
  o->event = r->events.event[m->stopped ? m->stopper : last].event;
  if (!m->stopped) say_near(e, r, l->n, last + 1, o);
  fputs("The events (> belongs to the pattern):\n", o->show);
  show_events(o->show, r, l->at[0], last + 1, 12, l->at, l->n);
  show_events(o->show, r, last + 1, r->events.n, m->stopped && m->stopper - last > 24 ? 3 : 8, NULL, 0);
  if (m->stopped && m->stopper - last > 24)
    show_events(o->show, r, m->stopper, m->stopper + 1, 1, &m->stopper, 1);
}

void expect_trace(const struct trial *t, const struct lab_expect *e, struct outcome *o) {
  const struct run *r = t->run[e->in];
  struct matches m = pattern_match(e->trace.pattern, &r->events, e->trace.depth, wanted_match(e));
  o->share = compare_holds(e->compare, m.count, e->number);
  if (o->share == 1) return;
  fprintf(o->say, "Expected in the trace, %s %llu time%s: %s\nHappened: it is there %llu time%s.\n",
          compare_text(e->compare), (unsigned long long)e->number, e->number == 1 ? "" : "s", e->trace.text,
          (unsigned long long)m.count, m.count == 1 ? "" : "s");
  if (e->compare == COMPARE_LT || e->compare == COMPARE_LE ||
      (e->compare == COMPARE_EQ && m.count > e->number))
    say_surplus(r, &m, o);
  else if (e->compare != COMPARE_NE)
    say_stuck(e, r, &m, o);
}
