/* command_search.c - `who` and `search`: moves to the last write of something,
 * and to events by their words. */
#define _GNU_SOURCE /* strcasestr */
#include <string.h>

#include "eval/eval.h"

#define WHO_BYTES 256

/* ---- the last writer ---- */

static bool came_to(struct debug *d, enum timeline_stop stop, const uint64_t *position, const char *what) {
  struct pg32_lines_place at = {0};
  if (stop == TIMELINE_START) return fail(d, "Nothing has written %s before.", what);
  if (model_broken_off(d, stop)) return fail_broken_off(d);
  if (!model_go(d, *position)) return false;
  struct place p = model_place(d);
  struct image *i = image_of(d, p.lane);
  if (i && i->lines && pg32_lines_at(i->lines, p.regs.pc, &at) && at.file)
    return say(d, "Here %s writes %s: %s, %s:%d.", p.who.name, what, at.function ? at.function : "?",
               base_name(at.file), at.line);
  return say(d, "Here %s writes %s, at 0x%08x.", p.who.name, what, p.regs.pc);
}

/* Does the instruction here store a byte or half a word beside bytes `from` to `end` of the word? */
static bool stores_beside(struct debug *d, uint32_t word, uint32_t from, uint32_t end) {
  const struct place p = model_place(d);
  uint32_t code;
  if (!memory_word(d, false, p.regs.pc, &code)) return false;
  const struct pg32_insn i = pg32_decode(code);
  const uint32_t size = i.id == PG32_sb ? 1 : i.id == PG32_sh ? 2 : 4;
  const uint32_t address = p.regs.x[i.rs1] + (uint32_t)i.imm, first = address & 3;
  if (size == 4 || ((address ^ word) & (PAGE_SIZE - 1) & ~3u)) return false;
  return first >= end || first + size <= from;
}

/* The last store to bytes `from` to `end` of the word at a real address. The session ends up anywhere. */
static enum timeline_stop last_store_to_word(struct debug *d, uint32_t word, uint32_t from, uint32_t end,
                                             uint64_t *position) {
  for (;;) {
    enum timeline_stop stop = timeline_last_store(d->t, word, position);
    if (stop != TIMELINE_THERE || (from == 0 && end == 4)) return stop;
    if ((stop = timeline_go(d->t, *position)) != TIMELINE_THERE) return stop;
    if (!stores_beside(d, word, from, end)) return TIMELINE_THERE;
  }
}

/* The last store to any of the bytes. */
static enum timeline_stop last_store(struct debug *d, uint32_t physical, uint32_t size, uint64_t *position) {
  const uint64_t here = model_position(d);
  enum timeline_stop result = TIMELINE_START;
  for (uint32_t word = physical & ~3u; word < physical + size; word += 4) {
    uint64_t at;
    const uint32_t from = word < physical ? physical - word : 0, left = physical + size - word;
    const enum timeline_stop stop = last_store_to_word(d, word, from, left < 4 ? left : 4, &at);
    model_return(d, here);
    if (stop == TIMELINE_START) continue;
    if (stop != TIMELINE_THERE) return stop;
    if (result == TIMELINE_START || at > *position) *position = at;
    result = TIMELINE_THERE;
  }
  return result;
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

static bool who_wrote_memory(struct debug *d, uint32_t physical, uint32_t size) {
  uint64_t to = 0, by_hand = 0;
  bool ok;
  if (size > WHO_BYTES)
    return fail(d, "who: at most %d bytes are possible; name a member or an element.", WHO_BYTES);
  const enum timeline_stop stop = last_store(d, physical, size, &to);
  const bool set = last_change(d, physical, size, &by_hand);
  if (came_to_hand(d, stop, to, set, by_hand, &ok)) return ok;
  return came_to(d, stop, &to,
                 size == 4 && !(physical & 3) ? "that word"
                 : size == 1                  ? "that byte"
                                              : "those bytes");
}

static bool who_wrote_register(struct debug *d, int reg, const char *name) {
  uint64_t to = 0, by_hand = 0;
  bool ok;
  if (reg == 32) return fail(d, "who: each instruction writes the PC.");
  const enum timeline_stop stop = writer_of_register(d, (unsigned)reg, &to);
  const bool set = last_register_change(d, (unsigned)reg, to, &by_hand);
  if (came_to_hand(d, stop, to, set, by_hand, &ok)) return ok;
  return came_to(d, stop, &to, name);
}

bool command_who(struct debug *d, struct call c) {
  const char *a = c.args;
  uint64_t n, to;
  char error[256];
  struct eval_place place;
  if (strncmp(a, "tlb ", 4) == 0 && number_of(a + 4, &n) && n < machine_tlb_entries(d->m))
    return came_to(d, timeline_last_tlbw(d->t, (uint32_t)n, &to), &to, "that TLB entry");
  if (!*a) return fail(d, "who: expected a C expression, a register, an address or `tlb SLOT`.");
  const bool physical = strncmp(a, "phys ", 5) == 0;
  if (!eval_place(d, physical ? a + 5 : a, NULL, physical, &place, error, sizeof error))
    return fail(d, "who: %s.", error);
  if (place.kind == PLACE_REGISTER) return who_wrote_register(d, place.reg, a);
  return who_wrote_memory(d, place.physical, place.size);
}

/* ---- events by their words ---- */

static bool says(struct debug *d, uint64_t event, const char *text) {
  const struct note *n = index_note(d, event);
  if (n->kind != RECORD_TRAP && n->kind != RECORD_RESUME) return false;
  if (strcasestr(model_lane_name(d, n->from), text) || strcasestr(model_lane_name(d, n->to), text))
    return true;
  if (n->kind == RECORD_TRAP && strcasestr(pg32_cause_name(n->cause), text)) return true;
  const struct record *rec = timeline_event(d->t, event);
  const char *call = rec ? why_call_name(d, rec) : NULL;
  if (call && strcasestr(call, text)) return true;
  char says[LIST_STEP_TEXT];
  for (unsigned i = 0; rec && i < rec->steps; i++)
    if (strcasestr(timeline_step_text(d->t, &rec->step[i], says, sizeof says), text)) return true;
  return n->kind == RECORD_TRAP && strcasestr(recorder_verdict_name(n->verdict), text);
}

/* The first event from `e` on, in a direction, that mentions the text; 0 = none. */
static uint64_t find_event(struct debug *d, uint64_t e, int direction, const char *text) {
  for (;; e += (uint64_t)(int64_t)direction) {
    while (direction > 0 && e > d->nnotes && index_extend(d)) { /* the extension may contain no event */
    }
    if (e == 0 || e > d->nnotes) return 0;
    if (says(d, e, text)) return e;
  }
}

bool command_search(struct debug *d, struct call c) {
  const char *a = c.args;
  static char last[80];
  if (strlen(a) >= sizeof last)
    return fail(d, "search: at most %zu characters are possible.", sizeof last - 1);
  if (*a) snprintf(last, sizeof last, "%s", a);
  if (!*last) return fail(d, "search: expected a text to search for.");
  const uint64_t here = model_position(d);
  const uint64_t from = c.direction > 0 ? index_before(d, here + 1) + 1 : index_before(d, here);
  const uint64_t event = find_event(d, from, c.direction, last);
  if (event) return model_event(d, event);
  return fail(d, "No %s event mentions '%s'.", c.direction > 0 ? "later" : "earlier", last);
}
