/* backtrace.c - the callers of the current function; and, across traps, the callers in the lane that trapped.
 */
#include <string.h>

#include "debug.h"

#define FRAMES 100 /* at most of one lane */
#define LAYERS 16  /* lanes at most */

static void print_frame(struct debug *d, unsigned number, uint32_t lane, uint32_t pc, bool innermost) {
  struct pg32_lines_place at = {0};
  struct image *i = image_of(d, lane);
  if (i && i->lines)
    pg32_lines_at(i->lines, innermost ? pc : pc - 4,
                  &at); /* the line of the call, not of the instruction after it */
  fprintf(d->out, "#%-2u 0x%08x %s", number, pc, at.function ? at.function : "?");
  if (at.file) fprintf(d->out, " (%s:%d)", base_name(at.file), at.line);
  fputc('\n', d->out);
}

/* Prints the frames of the lane that runs here, numbered from `number`; returns the next number. */
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

/* Is lane `from` above lane `us`, that is, does `us` run on behalf of `from`? */
static bool above(const struct debug *d, uint32_t from, const struct lane *us) {
  const struct lane *l = &d->lanes[from];
  return l->depth > us->depth ||
         (l->depth == us->depth && l->kind == LANE_PROCESS && us->kind == LANE_KERNEL);
}

/* The trap that is being handled here; 0 = none. */
static uint64_t cause_of(struct debug *d, const struct place *p) {
  uint64_t n = p->before ? p->event : index_before(d, p->position);
  const struct record *rec = n ? timeline_event(d->t, n) : NULL;
  return !rec ? 0 : rec->kind == RECORD_TRAP && !p->before ? n : rec->parent;
}

/* The frames of the current lane; then, layer by layer, those of the lane that trapped, as they were at the
 * trap. */
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
