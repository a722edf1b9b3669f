/* writer.c - which instruction of a lane's own machine has given a register its value.
 *
 * A trap takes a lane's registers away, and a resume brings them back: the kernel below stores them and loads
 * them again. For a lane such a restore is no write, because the register holds the value that it held at the
 * trap. So the search goes on before the trap. If the value has changed in between, then either the VMM has
 * emulated the instruction that trapped; or another lane of the same machine has run in between, for example
 * the guest kernel that has answered a system call, and wrote the register. */
#include <string.h>

#include "debug.h"

#define LAYERS 200 /* traps to look through at most */

struct search {
  struct debug *d;
  unsigned reg;
  uint32_t lane; /* whose register it is */
};

/* Is the lane part of the same machine: the same VM, or the real machine? */
static bool same_machine(const struct debug *d, uint32_t a, uint32_t b) {
  const char *one = d->lanes[a].name, *other = d->lanes[b].name;
  size_t n = strcspn(one, " /");
  return n == strcspn(other, " /") && memcmp(one, other, n) == 0;
}

static uint32_t lane_now(const struct debug *d) { return recorder_current(timeline_recorder(d->t)); }

/* The event that resumed the lane last before `position`, and the trap whose registers it brought back; 0 =
 * none. A process's are those with which it was left. A guest kernel's may also be those of a program of its
 * machine whose trap it was entered for. */
static uint64_t resumed_by(const struct debug *d, uint32_t lane, uint64_t position, uint64_t *left) {
  const bool kernel = d->lanes[lane].kind == LANE_KERNEL;
  uint64_t n = index_before(d, position), by;
  while (n && !(d->notes[n - 1].kind == RECORD_RESUME && d->notes[n - 1].to == lane)) n--;
  by = n;
  for (; n; n--) {
    const struct note *note = &d->notes[n - 1];
    if (note->kind != RECORD_TRAP) continue;
    if (note->from == lane || (kernel && same_machine(d, note->from, lane))) break;
  }
  *left = n;
  return by;
}

/* The register of the search at a position; leaves the session there. */
static bool value_at(const struct search *s, uint64_t position, uint32_t *value) {
  struct machine_regs regs;
  if (timeline_go(s->d->t, position) != TIMELINE_THERE) return false;
  machine_get_regs(s->d->m, &regs);
  *value = regs.x[s->reg];
  return true;
}

/* Did the instruction of trap `n` write the register, though it trapped? Then a VMM has emulated it. */
static bool emulated(const struct search *s, uint64_t n) {
  const struct record *rec = timeline_event(s->d->t, n);
  if (!rec || !rec->levels || rec->verdict[0] != VERDICT_EMULATE) return false;
  return pg32_decode(rec->trap.badinst).rd == s->reg;
}

/* The last trap between two events out of another lane of the same machine; 0 = none ran in between. */
static uint64_t another_lane(const struct search *s, uint64_t after, uint64_t before) {
  for (uint64_t n = before - 1; n > after; n--) {
    const struct note *note = &s->d->notes[n - 1];
    if (note->kind == RECORD_TRAP && note->from != s->lane && same_machine(s->d, note->from, s->lane))
      return n;
  }
  return 0;
}

/* The session stands at the moment before which the write is looked for. */
static enum timeline_stop search(struct search *s, uint64_t *position) {
  struct debug *d = s->d;
  for (int layer = 0; layer < LAYERS; layer++) {
    uint64_t here = model_position(d), left;
    enum timeline_stop stop = timeline_last_register(d->t, s->reg, position);
    if (stop != TIMELINE_THERE) return stop;
    if ((stop = timeline_go(d->t, *position)) != TIMELINE_THERE) return stop;
    uint64_t by = resumed_by(d, s->lane, here, &left);
    uint32_t was, is;
    if (lane_now(d) == s->lane) return TIMELINE_THERE;
    if (!left || !by) return d->lanes[s->lane].depth ? TIMELINE_START : TIMELINE_THERE; /* as the VM began */
    const uint64_t trapped = d->notes[left - 1].position;
    if (*position < trapped) return TIMELINE_THERE;
    if (emulated(s, left)) return *position = trapped, TIMELINE_THERE;
    if (!value_at(s, d->notes[by - 1].position + 1, &is) || !value_at(s, trapped, &was))
      return TIMELINE_STOPPED;
    const uint64_t other = was == is ? left : another_lane(s, left, by);
    if (!other) return TIMELINE_THERE;
    s->lane = d->notes[other - 1].from;
    if ((stop = timeline_go(d->t, d->notes[other - 1].position)) != TIMELINE_THERE) return stop;
  }
  return TIMELINE_THERE;
}

enum timeline_stop writer_of_register(struct debug *d, unsigned reg, uint64_t *position) {
  struct search s = {d, reg, lane_now(d)};
  const uint64_t here = model_position(d);
  const enum timeline_stop stop = search(&s, position);
  if (!model_broken_off(d, stop)) model_return(d, here);
  return stop;
}
