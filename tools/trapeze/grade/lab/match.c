/* match.c - finds a trace pattern among the events of a run, in one pass.
 *
 * For each k the pass keeps the latest way in which the first k elements were found. Where a gap is free, any
 * way leads as far as another; where a `not` watches a gap, the shortest gap is the best, and the latest way
 * has the shortest. */
#include <string.h>

#include "pattern_parts.h"

/* ---- does an event match an element? ---- */

struct matcher {
  const struct pattern *p;
  const struct events *e;
  unsigned depth;
};

static bool lane_fits(const struct matcher *m, const struct place *place, uint32_t lane) {
  return place->who == WHO_NOBODY ||
         role_is(&m->e->role[lane], place->who, place->depth == ANY_DEPTH ? m->depth : place->depth);
}

/* Does the trap have the verdicts that the element asks for? Looks at the verdict of the level that `from`
 * names, else of the trace's depth; for a lane further out, of that lane's own level. */
static bool verdict_fits(const struct matcher *m, const struct element *el, const struct event *e) {
  unsigned level = el->from.depth != ANY_DEPTH && el->from.who != WHO_NOBODY ? el->from.depth : m->depth;
  if (!el->wanted && !el->unwanted) return true;
  if (level > e->levels) level = e->levels;
  uint16_t has =
      (uint16_t)(1u << e->verdict[level] | 1u << e->done[level] | (e->hidden >> level & 1) << HIDDEN_BIT);
  return (!el->wanted || has & el->wanted) && !(has & el->unwanted);
}

static bool is_step(const struct matcher *m, const struct element *el, const struct event *e) {
  for (unsigned i = 0; i < e->steps; i++)
    if (e->step[i].list == el->list && e->step[i].step == el->step && e->step[i].level == m->depth)
      return true;
  return false;
}

static bool is_trap(const struct matcher *m, const struct element *el, const struct event *e) {
  return e->kind == RECORD_TRAP && cause_has(&el->traps, e->trap.cause, event_insn(e)) &&
         lane_fits(m, &el->from, e->from) && lane_fits(m, &el->to, e->to) && verdict_fits(m, el, e);
}

static bool fits(const struct matcher *m, const struct element *el, const struct event *e) {
  switch (el->shape) {
  case SHAPE_TRAP: return is_trap(m, el, e);
  case SHAPE_RESUME: return e->kind == RECORD_RESUME && lane_fits(m, &el->to, e->to);
  case SHAPE_TLBW: return e->kind == RECORD_TLBW;
  case SHAPE_DEVICE: return e->kind == RECORD_DEVICE;
  case SHAPE_STEP: return is_step(m, el, e);
  }
  return false;
}

static bool forbidden(const struct matcher *m, const struct gap *gap, const struct event *e) {
  for (unsigned i = 0; i < gap->nots; i++)
    if (fits(m, &gap->not [i], e)) return true;
  return false;
}

size_t pattern_near(const struct pattern *p, const struct events *e, unsigned depth, size_t i, size_t from) {
  struct matcher m = {p, e, depth};
  struct element any = p->element[i];
  any.wanted = any.unwanted = 0;
  while (from < e->n && !(any.shape == SHAPE_TRAP && fits(&m, &any, &e->event[from]))) from++;
  return from;
}

/* ---- one pass ---- */

struct pass {
  struct matcher m;
  struct match way[PATTERN_ELEMENTS + 1]; /* way[k]: the latest with the first k found; n = k, or 0 = none */
  struct matches *found;
  uint64_t want;
};

/* Keeps the longest way. Of several as long, keeps the first, but prefers one that a `not` has ended: it
 * tells the reader more. */
static void note_longest(struct pass *s, const struct match *way, bool stopped, size_t stopper) {
  struct matches *f = s->found;
  if (way->n < f->longest.n || (way->n == f->longest.n && (!stopped || f->stopped))) return;
  f->longest = *way;
  f->stopped = stopped;
  f->stopper = stopper;
}

static void extend(struct pass *s, size_t k, size_t event) {
  s->way[k + 1] = s->way[k];
  s->way[k + 1].at[k] = event;
  s->way[k + 1].n = k + 1;
}

static void complete(struct pass *s) {
  struct matches *f = s->found;
  if (++f->count == s->want) f->wanted = s->way[s->m.p->n];
  for (size_t k = 1; k <= s->m.p->n; k++) s->way[k].n = 0;
  f->longest.n = 0;
  f->stopped = false;
}

/* What event number `event` of the trace means for the way with k elements found: one element more, or its
 * end. The caller goes from the longest way to the shortest, so that each is as it was before this event. */
static void advance(struct pass *s, size_t k, size_t event, bool *fresh) {
  const struct pattern *p = s->m.p;
  const struct event *e = &s->m.e->event[event];
  if (k > 0 && s->way[k].n == 0) return;
  if (k < p->n && fits(&s->m, &p->element[k], e)) {
    extend(s, k, event);
    fresh[k + 1] = true;
  }
  if (k == 0 || !forbidden(&s->m, &p->before[k], e)) return;
  note_longest(s, &s->way[k], true, event);
  s->way[k].n = 0;
}

/* A step may be the very event before it. */
static void same_event(struct pass *s, size_t event, bool *fresh) {
  const struct pattern *p = s->m.p;
  for (size_t k = 1; k < p->n; k++)
    if (fresh[k] && s->way[k].n && p->element[k].shape == SHAPE_STEP &&
        fits(&s->m, &p->element[k], &s->m.e->event[event])) {
      extend(s, k, event);
      fresh[k + 1] = true;
    }
}

static void take(struct pass *s, size_t event) {
  const struct pattern *p = s->m.p;
  bool fresh[PATTERN_ELEMENTS + 2] = {false}, whole = p->before[p->n].nots == 0;
  for (size_t k = p->n + 1; k-- > 0;) advance(s, k, event, fresh);
  same_event(s, event, fresh);
  for (size_t k = 1; k < p->n + !whole; k++)
    if (fresh[k]) note_longest(s, &s->way[k], false, 0);
  if (whole && fresh[p->n]) complete(s);
}

struct matches pattern_match(const struct pattern *p, const struct events *e, unsigned depth, uint64_t want) {
  struct matches found = {0};
  struct pass s = {.m = {p, e, depth}, .found = &found, .want = want};
  for (size_t i = 0; i < e->n; i++) take(&s, i);
  if (p->before[p->n].nots && s.way[p->n].n) complete(&s);
  return found;
}
