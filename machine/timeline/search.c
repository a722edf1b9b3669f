/* search.c - searches: ahead to the first position at which a condition holds, or back to the last one.
 *
 * A search back repeats the run from the last checkpoint to the present and remembers the last hit. If there
 * is none, it repeats the stretch before that checkpoint, and so on back to the start. During a search the
 * machine's observer is the one in this file, which passes everything on to the recorder's. */
#include <stdlib.h>

#include "isa/pg32.h"
#include "isa/platform.h"
#include "internal.h"

/* ---- hits ---- */

static void note_hit(struct search *s, uint64_t position) {
  s->hit_before = s->hit;
  s->hit = position;
}

/* The step for which a hit was noted turned out to be a trap: takes the hit back. */
static void unnote_hit(struct search *s) { s->hit = s->hit_before; }

/* Calls holds(), once at each position. True if the run must end here. */
static bool ask(struct timeline *t) {
  struct search *s = &t->search;
  const uint64_t position = timeline_position(t);
  if (!s->condition || position == s->asked || position >= s->before) return false;
  s->asked = position;
  if (!s->condition->holds(s->condition->arg, t->m, t->r)) return false;
  note_hit(s, position);
  return s->stops;
}

/* Where a run has ended by itself no step was begun, so holds() has not been called there. */
static bool ask_at_end(struct timeline *t) {
  return t->search.condition && !t->search.condition->traps_only && ask(t);
}

/* ---- the observer ---- */

static bool before_step(void *arg, struct machine *m) {
  (void)m;
  return ask(arg);
}

static void ask_now(struct timeline *t) {
  if (ask(t)) machine_stop(t->m);
}

/* Corrects hits for a step that was a trap. The low core was written when machine_steps counted the trap
 * already, so the hit is one too late. A faulting instruction has not written its register. */
static void correct(struct search *s, const struct machine_trap *trap, uint64_t position) {
  const bool retired =
      trap->cause == CAUSE_SYSCALL || trap->cause == CAUSE_HCALL || trap->cause == CAUSE_BREAK;
  if (s->what == SEARCH_STORE && s->hit == position) s->hit--;
  if (s->what == SEARCH_REGISTER && s->hit == position - 1 && !retired) unnote_hit(s);
}

static void on_trap(void *arg, struct machine *m, const struct machine_trap *trap) {
  struct timeline *t = arg;
  recorder_observer(t->r).trap(t->r, m, trap);
  correct(&t->search, trap, timeline_position(t));
  ask_now(t);
}

static void on_rfe(void *arg, struct machine *m) {
  struct timeline *t = arg;
  recorder_observer(t->r).rfe(t->r, m);
  ask_now(t);
}

static void on_tlbw(void *arg, struct machine *m, uint32_t slot, uint32_t hi, uint32_t lo) {
  struct timeline *t = arg;
  recorder_observer(t->r).tlbw(t->r, m, slot, hi, lo);
}

static void on_tlbi(void *arg, struct machine *m, uint32_t hi, uint32_t scope) {
  struct timeline *t = arg;
  recorder_observer(t->r).tlbi(t->r, m, hi, scope);
}

static void on_device(void *arg, struct machine *m, const struct machine_device_access *access) {
  struct timeline *t = arg;
  recorder_observer(t->r).device(t->r, m, access);
}

static void on_mark(void *arg, struct machine *m, uint32_t kind, uint32_t a, uint32_t b) {
  struct timeline *t = arg;
  recorder_observer(t->r).mark(t->r, m, kind, a, b);
}

static void on_store(void *arg, struct machine *m, uint32_t pa, uint32_t n) {
  struct timeline *t = arg;
  const uint64_t word = t->search.which;
  (void)m;
  if (!t->running) return; /* a poke, which is no step */
  if (word < (uint64_t)pa + n && pa < word + 4) note_hit(&t->search, timeline_position(t));
}

static void on_insn(void *arg, struct machine *m, uint32_t pc, uint32_t word) {
  struct timeline *t = arg;
  const struct pg32_insn insn = pg32_decode(word);
  (void)m, (void)pc;
  if (insn.id != PG32_ILLEGAL && insn.rd == t->search.which) note_hit(&t->search, timeline_position(t));
}

static void watch(struct timeline *t) {
  const struct search *s = &t->search;
  struct machine_observer o = {.trap = on_trap,
                               .rfe = on_rfe,
                               .tlbw = on_tlbw,
                               .tlbi = on_tlbi,
                               .device = on_device,
                               .mark = on_mark,
                               .arg = t};
  if (s->what == SEARCH_CONDITION) o.before_trap = before_step;
  if (s->what == SEARCH_CONDITION && !s->condition->traps_only) o.step = before_step;
  if (s->what == SEARCH_STORE) o.store = on_store;
  if (s->what == SEARCH_REGISTER) o.insn = on_insn;
  machine_observe(t->m, &o);
  if (s->what == SEARCH_STORE) machine_watch_page(t->m, s->which);
  if (s->condition && s->condition->restart) s->condition->restart(s->condition->arg, t->m, t->r);
}

static void unwatch(struct timeline *t) {
  const struct machine_observer o = recorder_observer(t->r);
  machine_observe(t->m, &o);
  machine_watch_page(t->m, MACHINE_NO_PAGE);
}

/* ---- forwards ---- */

enum timeline_stop timeline_forward(struct timeline *t, const struct timeline_condition *c, uint64_t limit) {
  t->search = (struct search){.hit = UINT64_MAX};
  if (!timeline_recover(t)) return timeline_arrived(t, TIMELINE_NO_MEMORY);
  t->search = (struct search){.condition = c,
                              .asked = timeline_position(t),
                              .before = UINT64_MAX,
                              .stops = true,
                              .hit = UINT64_MAX,
                              .hit_before = UINT64_MAX};
  watch(t);
  enum timeline_stop stop = timeline_run(t, limit);
  if (stop != TIMELINE_STOPPED && stop != TIMELINE_NO_MEMORY && ask_at_end(t)) stop = TIMELINE_HIT;
  unwatch(t);
  return timeline_arrived(t, stop);
}

/* ---- backwards ---- */

/* Searches from checkpoint c to `end`. */
static enum timeline_stop search_stretch(struct timeline *t, const struct checkpoint *c, uint64_t end) {
  t->search.asked = UINT64_MAX;
  if (!timeline_checkpoint_restore(t, c) || !timeline_follow_log(t)) return TIMELINE_NO_MEMORY;
  watch(t);
  const enum timeline_stop stop = timeline_run(t, end);
  if (stop == TIMELINE_THERE) ask_at_end(t);
  unwatch(t);
  return stop;
}

/* Has no store from checkpoint c to `end`, the next checkpoint as a rule, hit the page that is searched? */
static bool is_untouched(const struct timeline *t, const struct checkpoint *c, uint64_t end) {
  const struct checkpoint *next = timeline_checkpoint_before(t, end);
  return t->search.what == SEARCH_STORE && next->position == end &&
         machine_snapshots_share(c->machine, next->machine, t->search.which);
}

/* Puts the last hit before the present in t->search. TIMELINE_THERE: all was searched. The machine is then
 * anywhere. */
static enum timeline_stop search_back(struct timeline *t, uint64_t present) {
  enum timeline_stop stop = TIMELINE_THERE;
  for (uint64_t end = present; end > t->start && stop == TIMELINE_THERE && t->search.hit == UINT64_MAX;) {
    const struct checkpoint *c = timeline_checkpoint_before(t, end - 1);
    const uint64_t begin = c->position;
    if (!is_untouched(t, c, end)) stop = search_stretch(t, c, end);
    end = begin;
  }
  return stop;
}

/* Searches the past and comes back to the present. TIMELINE_THERE: t->search.hit is the last hit, if any. */
static enum timeline_stop look_back(struct timeline *t, struct search search) {
  uint64_t present;
  t->search = (struct search){.hit = UINT64_MAX};
  if (!timeline_recover(t) || !timeline_leave(t, &present)) return timeline_arrived(t, TIMELINE_NO_MEMORY);
  search.before = present;
  search.hit = search.hit_before = UINT64_MAX;
  t->search = search;
  const enum timeline_stop stop = search_back(t, present);
  return timeline_arrived(t, timeline_return(t, present) ? stop : TIMELINE_NO_MEMORY);
}

enum timeline_stop timeline_backward(struct timeline *t, const struct timeline_condition *c) {
  enum timeline_stop stop = look_back(t, (struct search){.condition = c});
  if (stop != TIMELINE_THERE) return stop;
  const uint64_t hit = t->search.hit;
  stop = timeline_go(t, hit == UINT64_MAX ? t->start : hit);
  if (stop != TIMELINE_THERE) return stop;
  return hit == UINT64_MAX ? TIMELINE_START : TIMELINE_HIT;
}

/* ---- the last writer ---- */

static enum timeline_stop last(struct timeline *t, struct search search, uint64_t *position) {
  const enum timeline_stop stop = look_back(t, search);
  if (stop != TIMELINE_THERE) return stop;
  if (t->search.hit == UINT64_MAX) return TIMELINE_START;
  *position = t->search.hit;
  return TIMELINE_THERE;
}

enum timeline_stop timeline_last_store(struct timeline *t, uint32_t physical, uint64_t *position) {
  return last(t, (struct search){.what = SEARCH_STORE, .which = physical & ~3u}, position);
}

enum timeline_stop timeline_last_register(struct timeline *t, unsigned reg, uint64_t *position) {
  if (reg == 0 || reg > 31) return TIMELINE_START;
  return last(t, (struct search){.what = SEARCH_REGISTER, .which = reg}, position);
}
