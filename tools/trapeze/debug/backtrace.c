/* backtrace.c - who called whom: the frames of a lane, and across traps those of the lane that trapped. */
#include <string.h>

#include "debug.h"

#define FRAMES 100 /* of a lane */
#define LAYERS 16

static void print_frame(struct debug *d, unsigned number, uint32_t lane, uint32_t pc, bool innermost) {
  struct pg32_lines_place at = {0};
  struct image *i = image_of(d, lane);
  if (i && i->lines)
    pg32_lines_at(i->lines, innermost ? pc : pc - 4, &at); /* the call, not what comes after it */
  fprintf(d->out, "#%-2u 0x%08x %s", number, pc, at.function ? at.function : "?");
  if (at.file) fprintf(d->out, " (%s:%d)", base_name(at.file), at.line);
  fputc('\n', d->out);
}

/* The frames of the lane that runs here. */
static unsigned print_lane(struct debug *d, uint32_t lane, unsigned number) {
  struct machine_regs now;
  struct frame_regs r;
  machine_get_regs(d->m, &now);
  r = (struct frame_regs){.pc = now.pc, .status = now.status};
  memcpy(r.x, now.x, sizeof r.x);
  for (unsigned n = 0;; n++) {
    print_frame(d, number++, lane, r.pc, n == 0);
    if (!unwind(d, lane, &r, n == 0)) return number;
    if (n < FRAMES) continue;
    fprintf(d->out, "... more than %d\n", FRAMES);
    return number;
  }
}

/* Is `from` above us: what we run for, not what runs for us? */
static bool above(const struct debug *d, uint32_t from, const struct lane *us) {
  const struct lane *l = &d->lanes[from];
  return l->depth > us->depth ||
         (l->depth == us->depth && l->kind == LANE_PROCESS && us->kind == LANE_KERNEL);
}

/* The trap in whose handling we are; 0 = none. */
static uint64_t cause_of(struct debug *d, const struct place *p) {
  uint64_t n = p->before ? p->event : index_before(d, p->position);
  const struct record *rec = n ? timeline_event(d->t, n) : NULL;
  return !rec ? 0 : rec->kind == RECORD_TRAP && !p->before ? n : rec->parent;
}

/* The frames at hand; then layer by layer those of whoever trapped, as they were at the trap. */
bool source_backtrace(struct debug *d) {
  struct place p = model_place(d);
  struct lane us = p.who;
  uint64_t trap = cause_of(d, &p);
  fprintf(d->out, "%s\n", us.name);
  unsigned number = print_lane(d, p.lane, 0);
  for (unsigned layer = 0; trap && layer < LAYERS;) {
    const struct record *rec = timeline_event(d->t, trap);
    if (!rec) break;
    uint32_t from = rec->from, cause = rec->trap.cause;
    uint64_t event = trap, position = rec->position;
    trap = rec->parent;
    if (!above(d, from, &us) || timeline_go(d->t, position) != TIMELINE_THERE) continue;
    us = d->lanes[from];
    fprintf(d->out, "%s, trapped at #%llu: %s\n", us.name, (unsigned long long)event, pg32_cause_name(cause));
    number = print_lane(d, from, number);
    layer++;
  }
  model_return(d, p.position);
  return say(d, "%s", "");
}
