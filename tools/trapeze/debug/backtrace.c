/* backtrace.c - the callers of the current function; and, across traps,
 * the callers in the lane that trapped. */
#include "debug.h"

#define PRINTED 100 /* frames of one lane */
#define LAYERS 16   /* lanes at most */

/* Prints the frames of the layer, numbered from `number`; returns the next number. */
static unsigned print_layer(struct debug *d, const struct layer *l, unsigned number) {
  struct stack_frame f = l->innermost;
  unsigned n = 0;
  do
    if (n < PRINTED) frame_print(d, &f, number + n);
  while (++n < LAYER_FRAMES && frame_outer(d, &f));
  if (n > PRINTED)
    fprintf(d->out, "... %u more%s: `frame %u` shows the next\n", n - PRINTED,
            n == LAYER_FRAMES ? ", at least" : "", number + PRINTED);
  return number + n;
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

struct layer layer_first(struct debug *d) {
  struct place p = model_place(d);
  return (struct layer){.innermost = frame_innermost(d), .who = p.who, .around = cause_of(d, &p)};
}

bool layer_next(struct debug *d, struct layer *l) {
  while (l->around && l->number < LAYERS) {
    const struct record *rec = timeline_event(d->t, l->around);
    if (!rec) return false;
    const uint64_t event = l->around, position = rec->position;
    const uint32_t from = rec->from, cause = rec->trap.cause;
    const bool shown = runs_for(d, rec, l->innermost.lane, &l->who);
    l->around = rec->parent;
    if (!shown || timeline_go(d->t, position) != TIMELINE_THERE) continue;
    l->event = event, l->cause = cause, l->number++;
    l->who = d->lanes[from];
    l->innermost = frame_innermost(d);
    l->innermost.lane = from;
    return true;
  }
  return false;
}

void layer_print(struct debug *d, const struct layer *l) {
  fputs(l->who.name, d->out);
  if (l->event)
    fprintf(d->out, ", trapped at #%llu: %s", (unsigned long long)l->event, pg32_cause_name(l->cause));
  fputc('\n', d->out);
}

/* The frames of the current lane; then, layer by layer, those of the lane that trapped, as they were at the
 * trap. */
bool source_backtrace(struct debug *d) {
  const uint64_t position = model_position(d);
  unsigned number = 0;
  struct layer l = layer_first(d);
  do {
    layer_print(d, &l);
    number = print_layer(d, &l, number);
  } while (layer_next(d, &l));
  model_return(d, position);
  return say(d, "%s", "");
}
