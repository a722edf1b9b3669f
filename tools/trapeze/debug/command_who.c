/* command_who.c - `who`: moves to the last write of a register, of memory or of a TLB entry, and says who writes:
 * the program that asks, its kernel, or a layer below on behalf of its machine. writer.c does the search. */
#include <string.h>

#include "eval/eval.h"

/* ---- the last writer ---- */

/* The name of a lane's machine at a level: of "vm1.2/sh" at level 1 "vm1", at level 2 "vm1.2". */
static const char *machine_at(const char *lane, unsigned level, char name[48]) {
  size_t n = 0;
  while (lane[n] && lane[n] != ' ' && lane[n] != '/' && (lane[n] != '.' || --level > 0)) n++;
  snprintf(name, 48, "%.*s", (int)n, lane);
  return name;
}

/* The trap for which lane `us` runs here: one out of a VM on its machine, if there is one. 0 = none. */
static uint64_t trap_answered(struct debug *d, const struct lane *us) {
  const uint64_t first = layer_first(d).around;
  for (uint64_t n = first; n;) {
    const struct record *rec = timeline_event(d->t, n);
    if (!rec) break;
    if (d->lanes[rec->from].depth > us->depth) return n;
    n = rec->parent;
  }
  return first;
}

/* " for vm1, handling #575 (SYSCALL getpid by vm1/sh)": a layer below the one that asks writes. */
static void on_behalf(struct debug *d, const struct lane *asked, char *buf, size_t size) {
  const struct place p = model_place(d);
  char vm[48];
  *buf = 0;
  if (p.who.depth >= asked->depth) return;
  const uint64_t trap = trap_answered(d, &p.who);
  const struct record *rec = trap ? timeline_event(d->t, trap) : NULL;
  const char *call = rec ? why_call_name(d, rec) : NULL;
  int n = snprintf(buf, size, " for %s", machine_at(asked->name, p.who.depth + 1, vm));
  if (rec && n < (int)size)
    snprintf(buf + n, size - (size_t)n, ", handling #%llu (%s%s%s by %s)", (unsigned long long)trap,
             pg32_cause_name(rec->trap.cause), call ? " " : "", call ? call : "",
             model_lane_name(d, rec->from));
}

/* Is the instruction here one that traps, and that a VMM emulates? */
static bool is_emulated(struct debug *d) {
  const struct place p = model_place(d);
  const struct record *rec = p.before ? timeline_event(d->t, p.event) : NULL;
  return rec && rec->kind == RECORD_TRAP && rec->verdict[0] == VERDICT_EMULATE;
}

/* The session has come to the write. */
static bool say_writer(struct debug *d, const struct lane *asked, const char *what) {
  const struct place p = model_place(d);
  struct pg32_lines_place at = {0};
  struct image *i = image_of(d, p.lane);
  const char *emulated = is_emulated(d) ? "; its VMM emulates the instruction" : "";
  char behalf[220];
  on_behalf(d, asked, behalf, sizeof behalf);
  if (i && i->lines && pg32_lines_at(i->lines, p.regs.pc, &at) && at.file)
    return say(d, "Here %s writes %s%s: %s, %s:%d%s.", p.who.name, what, behalf,
               at.function ? at.function : "?", base_name(at.file), at.line, emulated);
  return say(d, "Here %s writes %s%s, at 0x%08x%s.", p.who.name, what, behalf, p.regs.pc, emulated);
}

static bool came_to(struct debug *d, enum timeline_stop stop, const struct written *w, const char *what) {
  char name[80];
  const struct lane asked = model_place(d).who;
  if (stop == TIMELINE_START) return fail(d, "Nothing has written %s before.", what);
  if (model_broken_off(d, stop)) return fail_broken_off(d);
  if (!model_go(d, w->position)) return false;
  if (w->changed)
    return say(d, "Here %s traps, and the layers below change %s in their answer.", model_place(d).who.name,
               what);
  if (w->saved) snprintf(name, sizeof name, "%s as saved in memory", what);
  return say_writer(d, &asked, w->saved ? name : what);
}

/* ---- `set` writes, too ---- */

/* If the last writer, found with `stop` at *by_code, is older than a change by hand at `by_hand`: goes there. */
static bool came_to_hand(struct debug *d, enum timeline_stop stop, uint64_t by_code, bool set,
                         uint64_t by_hand, bool *ok) {
  if (!set || (stop != TIMELINE_START && (stop != TIMELINE_THERE || by_code >= by_hand))) return false;
  *ok = model_go(d, by_hand) && say(d, "Here it was set by hand: `set`.");
  return true;
}

static bool last_change(struct debug *d, uint32_t physical, uint32_t size, uint64_t *position) {
  bool any = false;
  for (uint32_t i = 0; i < size; i++) {
    uint64_t at;
    if (!timeline_last_poke(d->t, physical + i, &at) || (any && at <= *position)) continue;
    *position = at;
    any = true;
  }
  return any;
}

static uint32_t lane_now(const struct debug *d) { return recorder_current(timeline_recorder(d->t)); }

/* Of the lane that runs here, or of the one that wrote at `written`: others have registers of their own. */
static bool last_register_change(struct debug *d, unsigned reg, uint64_t written, uint64_t *position) {
  const uint64_t here = model_position(d);
  const uint32_t lane = lane_now(d);
  if (timeline_go(d->t, written) != TIMELINE_THERE) return model_return(d, here), false;
  const uint32_t writer = lane_now(d);
  bool found = false;
  model_return(d, here);
  while (!found && timeline_last_poke_register(d->t, reg, position) && *position > written) {
    if (timeline_go(d->t, *position) != TIMELINE_THERE) break;
    found = lane_now(d) == lane || lane_now(d) == writer;
    if (!found && (!*position || timeline_go(d->t, *position - 1) != TIMELINE_THERE)) break;
  }
  model_return(d, here);
  return found;
}

static bool who_wrote_memory(struct debug *d, uint32_t physical, uint32_t size, bool real) {
  struct written w = {0};
  uint64_t by_hand = 0;
  bool ok;
  if (size > WRITER_BYTES)
    return fail(d, "who: at most %d bytes are possible; name a member or an element.", WRITER_BYTES);
  const enum timeline_stop stop = writer_of_memory(d, physical, size, real, &w);
  const bool set = last_change(d, physical, size, &by_hand);
  if (came_to_hand(d, stop, w.position, set, by_hand, &ok)) return ok;
  return came_to(d, stop, &w,
                 size == 4 && !(physical & 3) ? "that word"
                 : size == 1                  ? "that byte"
                                              : "those bytes");
}

static bool who_wrote_register(struct debug *d, int reg, const char *name) {
  struct written w = {0};
  uint64_t by_hand = 0;
  bool ok;
  if (reg == 32) return fail(d, "who: each instruction writes the PC.");
  const enum timeline_stop stop = writer_of_register(d, (unsigned)reg, &w);
  const bool set = last_register_change(d, (unsigned)reg, w.position, &by_hand);
  if (came_to_hand(d, stop, w.position, set, by_hand, &ok)) return ok;
  return came_to(d, stop, &w, name);
}

/* An entry of the machine's TLB. Each write is an event. */
static bool who_wrote_entry(struct debug *d, uint8_t slot) {
  struct written w = {0};
  uint64_t n = index_before(d, model_position(d));
  while ((n = index_last(d, n, 1 << RECORD_TLBW)) && index_note(d, n).slot != slot) n--;
  w.position = index_note(d, n).position;
  return came_to(d, n ? TIMELINE_THERE : TIMELINE_START, &w, "that TLB entry");
}

bool command_who(struct debug *d, struct call c) {
  const char *a = c.args;
  uint64_t n;
  char error[256];
  struct eval_place place;
  if (strncmp(a, "tlb ", 4) == 0 && number_of(a + 4, &n) && n < machine_tlb_entries(d->m))
    return who_wrote_entry(d, (uint8_t)n);
  if (!*a) return fail(d, "who: expected a C expression, a register, an address or `tlb SLOT`.");
  const bool physical = strncmp(a, "phys ", 5) == 0;
  if (!eval_place(d, physical ? a + 5 : a, NULL, physical, &place, error, sizeof error))
    return fail(d, "who: %s.", error);
  if (place.kind == PLACE_REGISTER) return who_wrote_register(d, place.reg, a);
  return who_wrote_memory(d, place.physical, place.size, physical);
}
