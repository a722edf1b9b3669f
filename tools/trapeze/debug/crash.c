/* crash.c - finds the deaths of processes, kernels and machines among the events of the run.
 *
 * A lane is one program of one process. So the last trap of a lane that never ran again tells how the process
 * ended: by _exit, by a fault that its kernel did not mend, or by a signal. Until its kernel has gone on to
 * something else, or the run has ended, nothing is settled: the kernel may still mend the fault. */
#include <stdlib.h>
#include <string.h>

#include "crash.h"

#define LONG_AFTER 100000 /* events after which a kernel is not expected to mend a fault any more */

struct ends {       /* what is known of a lane */
  uint64_t trapped; /* its last trap; 0 = none */
  uint64_t ran;     /* the last event after which it ran */
  uint64_t device;  /* its last access of a device without a trap */
};

struct deaths {
  uint64_t seen; /* events that have been looked at */
  struct ends *lane;
  uint32_t lanes;
  uint64_t *kill; /* the events that call kill() */
  size_t kills, room;
};

/* ---- the last events of each lane ---- */

void crash_forget(struct debug *d) {
  if (!d->deaths) return;
  free(d->deaths->lane);
  free(d->deaths->kill);
  free(d->deaths);
  d->deaths = NULL;
}

static void take_kill(struct deaths *k, uint64_t event) {
  if (k->kills == k->room) {
    k->room = k->room ? 2 * k->room : 16;
    k->kill = must(realloc(k->kill, k->room * sizeof *k->kill));
  }
  k->kill[k->kills++] = event;
}

static void look_at(struct deaths *k, struct note n, uint64_t event) {
  if (n.from < k->lanes && n.kind == RECORD_TRAP) k->lane[n.from].trapped = event;
  if (n.from < k->lanes && n.kind == RECORD_DEVICE) k->lane[n.from].device = event;
  if (n.to < k->lanes && n.kind != RECORD_DEVICE && n.kind != NO_NOTE) k->lane[n.to].ran = event;
  if (n.kind == RECORD_TRAP && n.cause == CAUSE_SYSCALL && n.hi == CALL_kill) take_kill(k, event);
}

static struct deaths *deaths(struct debug *d) {
  if (d->deaths && d->deaths->seen > index_events(d)) crash_forget(d);
  if (!d->deaths) d->deaths = must(calloc(1, sizeof *d->deaths));
  struct deaths *k = d->deaths;
  if (k->lanes < d->nlanes) {
    k->lane = must(realloc(k->lane, d->nlanes * sizeof *k->lane));
    memset(k->lane + k->lanes, 0, (d->nlanes - k->lanes) * sizeof *k->lane);
    k->lanes = d->nlanes;
  }
  for (; k->seen < index_events(d); k->seen++) look_at(k, index_note(d, k->seen + 1), k->seen + 1);
  return k;
}

/* ---- is it settled? ---- */

bool crash_same_system(const struct lane *a, const struct lane *b) {
  const size_t n = strcspn(a->name, " /");
  return a->depth == b->depth && strncmp(a->name, b->name, n) == 0 && strchr(" /", b->name[n]) != NULL;
}

static bool is_over(const struct debug *d) { return (d->ended && !d->cut_off) || d->idle; }

/* Has the kernel gone on to something else after the trap, or can it do so no more? */
static bool is_settled(const struct debug *d, uint32_t lane, uint64_t trap) {
  if (is_over(d) || index_events(d) - trap > LONG_AFTER || index_note(d, trap).verdict == VERDICT_KILL)
    return true;
  for (uint64_t e = trap + 1; e <= index_events(d); e++) {
    const struct note n = index_note(d, e);
    if (n.kind != RECORD_RESUME || n.to >= d->nlanes || n.to == lane) continue;
    const struct lane *l = &d->lanes[n.to];
    if (l->kind != LANE_KERNEL && crash_same_system(&d->lanes[lane], l)) return true;
  }
  return false;
}

static bool is_fault(unsigned cause) {
  return cause != CAUSE_SYSCALL && cause != CAUSE_TIMER && cause != CAUSE_DEVICE && cause != 0;
}

/* ---- processes ---- */

/* Argument `a1` of the call that is about to be made at the event. */
static uint32_t second_argument(struct debug *d, uint64_t event) {
  const uint64_t here = model_position(d);
  struct machine_regs regs = {0};
  if (timeline_go(d->t, index_note(d, event).position) == TIMELINE_THERE) machine_get_regs(d->m, &regs);
  model_return(d, here);
  return regs.x[11];
}

bool crash_calls(struct debug *d, uint64_t event, const char *name) {
  if (index_note(d, event).cause != CAUSE_SYSCALL) return false;
  const struct record *rec = timeline_event(d->t, event);
  const char *call = rec ? why_call_name(d, rec) : NULL;
  return call && strcmp(call, name) == 0;
}

/* The signal by which a kernel ends a process for a fault. */
static unsigned signal_of(unsigned cause) {
  switch (cause) {
  case CAUSE_ILLEGAL:
  case CAUSE_PRIVILEGED:
  case CAUSE_HCALL: return SIGILL;
  case CAUSE_BREAK: return SIGTRAP;
  case CAUSE_FETCH_MISALIGNED:
  case CAUSE_LOAD_MISALIGNED:
  case CAUSE_STORE_MISALIGNED:
  case CAUSE_FETCH_BUS:
  case CAUSE_LOAD_BUS:
  case CAUSE_STORE_BUS: return SIGBUS;
  default: return SIGSEGV;
  }
}

static struct crash a_fault(const struct debug *d, uint64_t event, uint32_t lane) {
  const struct note n = index_note(d, event);
  return (struct crash){CRASH_FAULT, event, n.position, lane, signal_of(n.cause)};
}

static bool find_process(struct debug *d, uint32_t lane, struct crash *c) {
  const struct ends *e = &deaths(d)->lane[lane];
  if (!e->trapped || e->ran >= e->trapped || !is_settled(d, lane, e->trapped)) return false;
  *c = a_fault(d, e->trapped, lane);
  if (is_fault(index_note(d, e->trapped).cause)) return true;
  c->kind = CRASH_SIGNAL;
  return crash_calls(d, e->trapped, "kill") && (c->signal = second_argument(d, e->trapped)) != 0;
}

bool crash_call_result(struct debug *d, uint64_t call, uint32_t *result) {
  const uint32_t lane = index_note(d, call).from;
  const uint64_t back = index_first_resume(d, call + 1, lane);
  const struct record *rec = back ? timeline_event(d->t, back) : NULL;
  return rec && (*result = rec->a0, true);
}

/* The first call from number `event` on that ends another process. */
static struct crash find_kill(struct debug *d, uint64_t event) {
  struct deaths *k = deaths(d);
  uint32_t result;
  for (size_t i = 0; i < k->kills; i++) {
    const uint64_t e = k->kill[i];
    if (e < event || (e == d->crash_told && event == e) || !crash_calls(d, e, "kill") ||
        !crash_call_result(d, e, &result) || result)
      continue;
    const unsigned signal = second_argument(d, e);
    if (signal && !handle_passes(d, CRASH_KILL, signal))
      return (struct crash){CRASH_KILL, e, index_note(d, e).position, index_note(d, e).from, signal};
  }
  return (struct crash){0};
}

/* ---- kernels and machines ---- */

static bool switches_off(struct debug *d, uint64_t event) {
  const struct record *rec = timeline_event(d->t, event);
  if (!rec) return false;
  if (rec->kind == RECORD_DEVICE) return rec->device.store && rec->device.address == DEV_POWER + POWER_OFF;
  return rec->kind == RECORD_TRAP && rec->trap.badva == DEV_POWER + POWER_OFF &&
         (rec->trap.cause == CAUSE_STORE_MISS || rec->trap.cause == CAUSE_STORE_PROT ||
          rec->trap.cause == CAUSE_STORE_BUS);
}

struct entry { /* of a kernel's function, looked for backwards */
  uint32_t lane, address;
};

static bool enters(void *arg, struct machine *m, struct recorder *r) {
  const struct entry *e = arg;
  struct machine_regs regs;
  machine_get_regs(m, &regs);
  return regs.pc == e->address && recorder_current(r) == e->lane;
}

static bool called_here(struct debug *d, uint32_t lane, const char *function) {
  struct stack_frame f = frame_innermost(d);
  struct image *i = image_of(d, lane);
  struct pg32_lines_place at;
  do {
    if (!i || !i->lines || !pg32_lines_at(i->lines, f.regs.pc - (f.innermost ? 0 : 4), &at)) return false;
    if (at.function && strcmp(at.function, function) == 0) return true;
  } while (frame_outer(d, &f));
  return false;
}

/* A trap out of the kernel itself that no process has run after: what the kernel gave up for. 0 = none. */
static uint64_t kernel_fault(struct debug *d, uint32_t lane, uint64_t event) {
  for (uint64_t e = event - 1; e; e--) {
    const struct note n = index_note(d, e);
    const bool by_kernel = n.kind == RECORD_TRAP && n.from == lane && is_fault(n.cause);
    if (by_kernel && (!d->lanes[lane].depth || n.verdict == VERDICT_REFLECT)) return e;
    const struct lane *from = n.from < d->nlanes ? &d->lanes[n.from] : NULL;
    if (from && from->kind != LANE_KERNEL && crash_same_system(&d->lanes[lane], from)) return 0;
  }
  return 0;
}

/* Does the kernel switch its machine off at the event because it has called panic()? */
static bool find_panic(struct debug *d, uint32_t lane, uint64_t event, struct crash *c) {
  const uint64_t here = model_position(d);
  struct image *i = image_of(d, lane);
  struct entry entry = {.lane = lane};
  struct timeline_condition back = {.holds = enters, .arg = &entry};
  if (!i || !i->lines || !pg32_lines_find_symbol(i->lines, "panic", &entry.address)) return false;
  *c = (struct crash){CRASH_PANIC, event, index_note(d, event).position, lane, 0};
  bool found = timeline_go(d->t, c->position) == TIMELINE_THERE && called_here(d, lane, "panic");
  if (found && timeline_backward(d->t, &back) == TIMELINE_HIT) c->position = model_position(d);
  model_return(d, here);
  const uint64_t fault = found ? kernel_fault(d, lane, event) : 0;
  if (fault) *c = a_fault(d, fault, lane);
  return found;
}

/* The run has ended, and its machine was not switched off: it has check-stopped, at its last position. */
static bool find_real_checkstop(struct debug *d, uint32_t lane, struct crash *c) {
  const struct note last = index_note(d, index_events(d));
  *c = (struct crash){CRASH_CHECKSTOP, index_events(d), timeline_latest(d->t), lane, 0};
  return last.kind != NO_NOTE && last.to == lane;
}

static bool find_host(struct debug *d, uint32_t lane, struct crash *c) {
  const struct ends *e = &deaths(d)->lane[lane];
  if (!d->ended || d->cut_off) return false;
  if (e->device && switches_off(d, e->device)) return find_panic(d, lane, e->device, c);
  return find_real_checkstop(d, lane, c);
}

/* The last trap of a guest's kernel, which its VMM has not resumed. */
static bool find_guest(struct debug *d, uint32_t lane, struct crash *c) {
  const struct ends *e = &deaths(d)->lane[lane];
  const struct note last = index_note(d, e->trapped);
  if (last.kind == NO_NOTE || e->ran >= e->trapped) return false;
  if (last.verdict != VERDICT_NONE && last.verdict != VERDICT_KILL) return false;
  if (!is_settled(d, lane, e->trapped)) return false;
  if (switches_off(d, e->trapped)) return find_panic(d, lane, e->trapped, c);
  *c = (struct crash){CRASH_CHECKSTOP, e->trapped, index_note(d, e->trapped).position, lane, 0};
  return is_fault(index_note(d, e->trapped).cause);
}

/* ---- all of them ---- */

static bool find_in_lane(struct debug *d, uint32_t lane, struct crash *c) {
  switch (d->lanes[lane].kind) {
  case LANE_PROCESS:
  case LANE_USER: return find_process(d, lane, c);
  case LANE_KERNEL: return d->lanes[lane].depth ? find_guest(d, lane, c) : find_host(d, lane, c);
  default: return false;
  }
}

/* Is the session at a crash that it has been stopped for? */
static bool is_told(const struct debug *d, const struct crash *c) {
  return c->event == d->crash_told && c->position == d->crash_at && d->crash_at == model_position(d);
}

static void take_earlier(struct debug *d, uint64_t position, const struct crash *c, struct crash *first) {
  if (!c->event || c->position < position || handle_passes(d, c->kind, c->signal) || is_told(d, c)) return;
  if (!first->event || c->position < first->position) *first = *c;
}

/* Most processes ended long ago: they are not looked at. */
static bool may_die_after(struct debug *d, uint32_t lane, uint64_t position) {
  const struct note last = index_note(d, deaths(d)->lane[lane].trapped);
  return d->lanes[lane].kind == LANE_KERNEL || (last.kind != NO_NOTE && last.position >= position);
}

struct crash crash_after(struct debug *d, uint64_t position) {
  struct crash first = {0}, c;
  for (uint32_t lane = 0; lane < d->nlanes; lane++)
    if (may_die_after(d, lane, position) && find_in_lane(d, lane, &c)) take_earlier(d, position, &c, &first);
  c = find_kill(d, index_before(d, position) + 1);
  take_earlier(d, position, &c, &first);
  return first;
}

/* Of the processes' lanes the one whose last trap was latest, but before event `before`; NO_LANE: none. */
#define NO_LANE UINT32_MAX
static uint32_t latest_process(struct debug *d, uint64_t before) {
  const struct ends *e = deaths(d)->lane;
  uint32_t found = NO_LANE;
  for (uint32_t lane = 0; lane < d->nlanes; lane++)
    if (d->lanes[lane].kind != LANE_KERNEL && e[lane].trapped && e[lane].trapped < before &&
        (found == NO_LANE || e[lane].trapped > e[found].trapped))
      found = lane;
  return found;
}

/* The last crash of the whole run as far as it is known, of whatever kind. Most processes have not died: they are looked
 * at from the end. */
static struct crash crash_last(struct debug *d) {
  struct crash last = {0}, c;
  for (uint32_t lane = 0; lane < d->nlanes; lane++)
    if (d->lanes[lane].kind == LANE_KERNEL && find_in_lane(d, lane, &c) && c.position >= last.position)
      last = c;
  uint64_t before = UINT64_MAX;
  for (uint32_t lane; (lane = latest_process(d, before)) != NO_LANE; before = deaths(d)->lane[lane].trapped)
    if (find_in_lane(d, lane, &c)) return c.position >= last.position ? c : last;
  return last;
}

bool crash_go(struct debug *d, const struct crash *c) {
  char words[400];
  if (!model_arrived(d, timeline_go(d->t, c->position))) return false;
  d->crash_told = c->event;
  d->crash_at = c->position;
  return say(d, "%s", crash_words(d, c, words, sizeof words));
}

bool crash_is_here(const struct debug *d) { return d->crash_told && d->crash_at == model_position(d); }

bool crash_go_last(struct debug *d, struct crash *c) {
  while (index_extend(d)) {
  }
  *c = crash_last(d);
  if (!c->event)
    return fail(d, "Nothing died in this run%s.", d->cut_off ? " before --max-insns was used up" : "");
  model_remember(d);
  return crash_go(d, c);
}
