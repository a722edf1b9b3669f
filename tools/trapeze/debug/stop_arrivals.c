/* stop_arrivals.c - how often a breakpoint's place is reached.
 *
 * An instruction whose fetch faults is tried again when the kernel has mapped its page, and so is one that is
 * interrupted before it begins: the PC is there twice, but the place is reached once. Such a trap is seen by
 * the registers, which are the same before it and behind the resume. */
#include <stdlib.h>

#include "debug.h"

#define TRAPS 16 /* of the lane that are looked at for the one that a resume ends */

/* FNV-1a; never 0. */
static uint64_t hash_registers(struct machine *m) {
  struct machine_regs regs;
  uint64_t h = 14695981039346656037u;
  machine_get_regs(m, &regs);
  for (int r = 1; r <= 32; r++) h = (h ^ register_value(&regs, r)) * 1099511628211u;
  return h | 1;
}

static struct arrival arrival_here(struct debug *d) {
  const uint64_t here = model_position(d);
  return (struct arrival){here, here, hash_registers(d->m), recorder_current(timeline_recorder(d->t))};
}

/* Is it a trap of the lane that has retired no instruction? */
static bool comes_again(struct note n, uint32_t lane) {
  return n.kind == RECORD_TRAP && n.from == lane && n.cause != CAUSE_SYSCALL && n.cause != CAUSE_BREAK &&
         n.cause != CAUSE_HCALL;
}

static struct note note_at(const struct debug *d, uint64_t position) {
  const struct note n = index_note(d, index_before(d, position + 1));
  return n.position == position ? n : (struct note){.kind = NO_NOTE};
}

/* Is the position just behind a resume of the lane? */
static bool just_resumed(const struct debug *d, uint64_t position, uint32_t lane) {
  const struct note n = position ? note_at(d, position - 1) : (struct note){.kind = NO_NOTE};
  return n.kind == RECORD_RESUME && n.to == lane;
}

bool stop_arrives(struct debug *d, struct stop *s) {
  const struct arrival here = arrival_here(d);
  const bool resumed = just_resumed(d, here.first, here.lane);
  for (unsigned i = 0; i < ARRIVALS; i++) {
    struct arrival *a = &s->arrival[i];
    if (a->registers != here.registers || a->lane != here.lane) continue;
    if (a->first == here.first) return a->last = a->first, true;
    if (!resumed || a->last >= here.first || !comes_again(note_at(d, a->last), a->lane)) continue;
    a->last = here.first;
    return false;
  }
  s->arrival[s->arrivals++ % ARRIVALS] = here;
  return true;
}

/* The position of the trap of the lane with the same registers, of the last traps before `here`. The session
 * ends up anywhere. False, with nothing said: there is none. */
static bool trap_with_registers(struct debug *d, const struct arrival *here, uint64_t *position) {
  unsigned traps = 0;
  for (uint64_t n = index_before(d, here->first); n && traps < TRAPS; n--, traps++) {
    if (!(n = index_last_trap(d, n, here->lane))) break;
    const struct note note = index_note(d, n);
    if (!comes_again(note, here->lane)) continue;
    *position = note.position;
    if (timeline_go(d->t, *position) != TIMELINE_THERE) return false;
    if (hash_registers(d->m) == here->registers) return true;
  }
  return false;
}

void stop_first_arrival(struct debug *d, struct stop *s) {
  for (;;) {
    const struct arrival here = arrival_here(d);
    uint64_t earlier;
    if (!just_resumed(d, here.first, here.lane)) return;
    if (!trap_with_registers(d, &here, &earlier)) return model_return(d, here.first);
    for (unsigned i = 0; i < ARRIVALS; i++)
      if (s->arrival[i].first == here.first) s->arrival[i] = (struct arrival){0};
    stop_arrives(d, s);
  }
}
