/* place.c - where in the run the debugger stands: position, event, lane, modes, step of a list. */
#include <string.h>

#include "debug.h"

uint64_t model_position(const struct debug *d) { return timeline_position(d->t); }

const char *model_lane_name(const struct debug *d, uint32_t lane) {
  return lane < d->nlanes ? d->lanes[lane].name : "?";
}

/* The last trap or resume up to and including event n; 0 = none. */
static uint64_t transfer(const struct debug *d, uint64_t n) {
  return index_last(d, n, 1 << RECORD_TRAP | 1 << RECORD_RESUME);
}

struct place model_place(struct debug *d) {
  struct place p = {.position = model_position(d), .lane = recorder_current(timeline_recorder(d->t))};
  machine_get_regs(d->m, &p.regs);
  p.who = *recorder_lane(timeline_recorder(d->t), p.lane);
  uint64_t last = index_before(d, p.position);
  const struct note next = index_note(d, last + 1);
  p.before = (next.kind == RECORD_TRAP || next.kind == RECORD_RESUME) && next.position == p.position;
  p.event = p.before ? last + 1 : transfer(d, last);
  p.since = p.event && !p.before ? p.position - index_note(d, p.event).position - 1 : 0;
  struct lane_vm vm;
  p.vstatus = recorder_lane_vm(timeline_recorder(d->t), p.lane, p.who.depth, &vm) ? vm.vstatus : ~(uint32_t)0;
  return p;
}

const struct list_step *model_list_at(struct debug *d) {
  const struct list_stop s = index_stop(d, d->at_list_stop);
  const struct record *rec = s.event ? timeline_event(d->t, s.event) : NULL;
  return rec && s.index < rec->steps ? &rec->step[s.index] : NULL;
}

static void describe_past(const struct debug *d, uint64_t position, char *buf, size_t size) {
  uint64_t latest = timeline_latest(d->t);
  if (position < latest)
    snprintf(buf, size, "-%llu", (unsigned long long)(latest - position));
  else
    snprintf(buf, size, "%s", d->ended ? "the end" : d->idle ? "waits for input" : "now");
}

static const char *mode(uint32_t status) { return status & ST_U ? "user" : "kernel"; }

/* Parts that are left out of the status line when it is too wide, least important first. */
enum { WITHOUT_PAST = 1, WITHOUT_DEPTH = 2, WITHOUT_INSN = 4 };

static void write_status(struct debug *d, unsigned without, char *buf, size_t size) {
  struct place p = model_place(d);
  char event[48] = "reset", modes[48], past[48], depth[24], insn[40];
  const char *where = p.before ? "before" : p.since ? "after" : "at";
  if (p.event) snprintf(event, sizeof event, "%s #%llu", where, (unsigned long long)p.event);
  if (p.since)
    snprintf(event + strlen(event), sizeof event - strlen(event), "+%llu", (unsigned long long)p.since);
  if (p.vstatus == ~(uint32_t)0)
    snprintf(modes, sizeof modes, "real %s", mode(p.regs.status));
  else
    snprintf(modes, sizeof modes, "real %s virtual %s", mode(p.regs.status), mode(p.vstatus));
  describe_past(d, p.position, past, sizeof past);
  snprintf(depth, sizeof depth, " depth %u", p.who.depth);
  snprintf(insn, sizeof insn, "  insn %llu", (unsigned long long)machine_retired(d->m));
  snprintf(buf, size, "%s  %s%s  %s%s%s%s", event, p.who.name, without & WITHOUT_DEPTH ? "" : depth, modes,
           without & WITHOUT_INSN ? "" : insn, without & WITHOUT_PAST ? "" : "  ",
           without & WITHOUT_PAST ? "" : past);
}

void model_status(struct debug *d, char *buf, size_t size) { write_status(d, 0, buf, size); }

void model_status_within(struct debug *d, int columns, char *buf, size_t size) {
  for (unsigned without = 0;; without = without << 1 | 1) {
    write_status(d, without, buf, size);
    if ((int)strlen(buf) <= columns || without & WITHOUT_INSN) return;
  }
}
