/* backtrace.c - the callers of the current function; and, across traps,
 * the callers in the lane that trapped. */
#include "debug.h"

#define FRAMES 100 /* at most of one lane */
#define LAYERS 16  /* lanes at most */

/* Prints the frames of the lane that runs here, numbered from `number`; returns the next number. */
static unsigned print_lane(struct debug *d, uint32_t lane, unsigned number) {
  struct stack_frame f = frame_innermost(d);
  for (unsigned n = 0;; n++) {
    frame_print(d, lane, &f, number++);
    if (!frame_outer(d, lane, &f)) return number;
    if (n < FRAMES) continue;
    fprintf(d->out, "... more than %d\n", FRAMES);
    return number;
  }
}

/* Does lane `us` run on behalf of the lane that trapped? Its kernel does, and so does everything at a lower
 * level; and a kernel that has trapped itself, or was interrupted, and was entered at its vector for that. */
static bool runs_for(const struct debug *d, const struct record *trap, uint32_t lane, const struct lane *us) {
  const struct lane *l = &d->lanes[trap->from];
  if (l->depth != us->depth) return l->depth > us->depth;
  if (us->kind != LANE_KERNEL) return false;
  if (trap->from != lane) return l->kind != LANE_KERNEL;
  return us->depth ? trap->verdict[0] == VERDICT_REFLECT : trap->to == lane;
}

/* The trap around trap `n`, which has been handled. With an rfe, its kernel has also ended the trap that it
 * was handling. */
static uint64_t around_handled(struct debug *d, uint64_t n) {
  const struct record *rec = timeline_event(d->t, n);
  if (!rec) return 0;
  bool ends = rec->trap.cause == CAUSE_PRIVILEGED && pg32_decode(rec->trap.badinst).id == PG32_rfe;
  uint64_t parent = rec->parent;
  if (!ends || !parent || !(rec = timeline_event(d->t, parent))) return parent;
  return rec->parent;
}

/* The trap that is being handled after the lane `to` was resumed, which happened while trap `n` was handled.
 * If a trap of that lane is over with the resume, it is the trap around that one. */
static uint64_t handled_after(struct debug *d, uint32_t to, uint64_t n) {
  for (uint64_t m = n; m;) {
    const struct record *rec = timeline_event(d->t, m);
    if (!rec) return 0;
    if (rec->from == to) return rec->verdict[0] == VERDICT_REFLECT ? n : around_handled(d, m);
    m = rec->parent;
  }
  return n;
}

/* The trap that is being handled here; 0 = none. */
static uint64_t cause_of(struct debug *d, const struct place *p) {
  uint64_t n = p->before ? p->event : index_before(d, p->position);
  const struct record *rec = n ? timeline_event(d->t, n) : NULL;
  if (!rec) return 0;
  if (p->before || (rec->kind != RECORD_TRAP && rec->kind != RECORD_RESUME)) return rec->parent;
  return rec->kind == RECORD_TRAP ? n : handled_after(d, rec->to, rec->parent);
}

/* The frames of the current lane; then, layer by layer, those of the lane that trapped, as they were at the
 * trap. */
bool source_backtrace(struct debug *d) {
  struct place p = model_place(d);
  struct lane us = p.who;
  uint32_t lane = p.lane;
  uint64_t trap = cause_of(d, &p);
  fprintf(d->out, "%s\n", us.name);
  unsigned number = print_lane(d, p.lane, 0);
  for (unsigned layer = 0; trap && layer < LAYERS;) {
    const struct record *rec = timeline_event(d->t, trap);
    if (!rec) break;
    uint32_t from = rec->from, cause = rec->trap.cause;
    uint64_t event = trap, position = rec->position;
    trap = rec->parent;
    const bool shown = runs_for(d, rec, lane, &us);
    if (!shown || timeline_go(d->t, position) != TIMELINE_THERE) continue;
    us = d->lanes[from];
    lane = from;
    fprintf(d->out, "%s, trapped at #%llu: %s\n", us.name, (unsigned long long)event, pg32_cause_name(cause));
    number = print_lane(d, from, number);
    layer++;
  }
  model_return(d, p.position);
  return say(d, "%s", "");
}
