/* writer.c - which instruction of a lane's own machine has given a register or a word of memory its value.
 *
 * A trap takes a lane's registers away, and a resume brings them back: the kernel below stores them and loads
 * them again. For a lane such a restore is no write, because the register holds the value that it held at the
 * trap. So the search goes on before the trap. If the value has changed in between, then either the VMM has
 * emulated the instruction that trapped; or another lane of the same machine has run in between, for example
 * the guest kernel that has answered a system call, and wrote the register. */
#include <string.h>

#include "debug.h"

#define LAYERS 200 /* traps to look through at most */
#define STORES 300 /* stores that change nothing, to pass over at most */

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
  const uint64_t by = index_last_resume(d, index_before(d, position), lane);
  uint64_t n = by;
  if (kernel)
    while ((n = index_last(d, n, 1 << RECORD_TRAP)) && !same_machine(d, index_note(d, n).from, lane)) n--;
  *left = kernel ? n : index_last_trap(d, n, lane);
  return by;
}

/* The moment just after the event that resumed the lane first after `position`, if there is one before `limit`;
 * else 0. */
static uint64_t resumed_after(const struct debug *d, uint32_t lane, uint64_t position, uint64_t limit) {
  const uint64_t n = index_first_resume(d, index_before(d, position) + 1, lane);
  const struct note note = index_note(d, n);
  return n && note.position < limit ? note.position + 1 : 0;
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
  for (uint64_t n = before - 1; (n = index_last(s->d, n, 1 << RECORD_TRAP)) > after; n--) {
    const uint32_t lane = index_note(s->d, n).from;
    if (lane != s->lane && same_machine(s->d, lane, s->lane)) return n;
  }
  return 0;
}

/* ---- memory ---- */

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

/* The bytes at a real address after the step at a position; leaves the session there. */
static bool bytes_after(struct debug *d, uint64_t position, uint32_t physical, uint32_t size,
                        uint8_t *bytes) {
  if (timeline_go(d->t, position) != TIMELINE_THERE) return false;
  const void *now = machine_ram(d->m, physical, size);
  if (now) memcpy(bytes, now, size);
  return now;
}

/* A layer below the lane that asks may store what was there already: that is no write of this machine. */
static enum timeline_stop search_memory(struct debug *d, uint32_t depth, uint32_t physical, uint32_t size,
                                        uint64_t *position) {
  uint8_t before[WRITER_BYTES], after[WRITER_BYTES];
  for (int passed = 0;; passed++) {
    const enum timeline_stop stop = last_store(d, physical, size, position);
    if (stop != TIMELINE_THERE) return stop;
    if (!bytes_after(d, *position + 1, physical, size, after) ||
        !bytes_after(d, *position, physical, size, before))
      return TIMELINE_STOPPED;
    if (d->lanes[lane_now(d)].depth >= depth || memcmp(before, after, size) != 0) return TIMELINE_THERE;
    if (passed == STORES) return TIMELINE_THERE;
  }
}

enum timeline_stop writer_of_memory(struct debug *d, uint32_t physical, uint32_t size, bool real,
                                    struct written *w) {
  const uint64_t here = model_position(d);
  const uint32_t depth = real ? 0 : d->lanes[lane_now(d)].depth;
  const enum timeline_stop stop = search_memory(d, depth, physical, size, &w->position);
  if (!model_broken_off(d, stop)) model_return(d, here);
  return stop;
}

/* ---- registers ---- */

/* A lane has begun to run with event `by`: the registers are those that its kernel had, when the kernel trapped
 * with its rfe. False: the lane's VM begins here. */
static bool go_before_lane(struct search *s, uint64_t by) {
  const uint64_t other = by ? another_lane(s, 0, by) : 0;
  if (!other) return false;
  s->lane = index_note(s->d, other).from;
  return timeline_go(s->d->t, index_note(s->d, other).position) == TIMELINE_THERE;
}

/* The session stands at the moment before which the write is looked for. */
static enum timeline_stop search(struct search *s, struct written *w) {
  struct debug *d = s->d;
  for (int layer = 0; layer < LAYERS; layer++) {
    uint64_t here = model_position(d), left;
    enum timeline_stop stop = timeline_last_register(d->t, s->reg, &w->position);
    if (stop != TIMELINE_THERE) return stop;
    if ((stop = timeline_go(d->t, w->position)) != TIMELINE_THERE) return stop;
    uint64_t by = resumed_by(d, s->lane, here, &left);
    uint32_t was, is;
    if (lane_now(d) == s->lane) return TIMELINE_THERE;
    if (!left || !by) {
      if (!d->lanes[s->lane].depth) return TIMELINE_THERE;
      if (go_before_lane(s, by)) continue;
      return TIMELINE_START;
    }
    const uint64_t trapped = index_note(d, left).position;
    if (w->position < trapped && same_machine(d, lane_now(d), s->lane)) {
      /* traps since then have left the register alone: the load was for an older one */
      const uint64_t older = resumed_after(d, s->lane, w->position, trapped);
      if (!older) return TIMELINE_THERE;
      if ((stop = timeline_go(d->t, older)) != TIMELINE_THERE) return stop;
      continue;
    }
    if (emulated(s, left)) return w->position = trapped, TIMELINE_THERE;
    if (!value_at(s, index_note(d, by).position + 1, &is) || !value_at(s, trapped, &was))
      return TIMELINE_STOPPED;
    const uint64_t other = was == is ? left : another_lane(s, left, by);
    if (!other && d->lanes[s->lane].depth) return *w = (struct written){trapped, left, false}, TIMELINE_THERE;
    if (!other) return TIMELINE_THERE;
    s->lane = index_note(d, other).from;
    if ((stop = timeline_go(d->t, index_note(d, other).position)) != TIMELINE_THERE) return stop;
  }
  return TIMELINE_THERE;
}

/* A kernel has loaded the register for a process that it resumes: what counts is who stored that word. */
static void see_through_load(struct search *s, uint32_t asked, struct written *w) {
  struct debug *d = s->d;
  struct machine_regs regs;
  uint32_t word, pa;
  uint64_t stored;
  if (timeline_go(d->t, w->position) != TIMELINE_THERE) return;
  if (d->lanes[asked].kind == LANE_KERNEL || d->lanes[lane_now(d)].kind != LANE_KERNEL) return;
  machine_get_regs(d->m, &regs);
  if (!memory_word(d, false, regs.pc, &word)) return;
  const struct pg32_insn load = pg32_decode(word);
  if (load.id != PG32_lw || load.rd != s->reg) return;
  if (!mmu_real(d, regs.x[load.rs1] + (uint32_t)load.imm, &pa) || (pa & 3)) return;
  if (search_memory(d, d->lanes[asked].depth, pa, 4, &stored) == TIMELINE_THERE)
    *w = (struct written){.position = stored, .saved = true};
}

enum timeline_stop writer_of_register(struct debug *d, unsigned reg, struct written *w) {
  struct search s = {d, reg, lane_now(d)};
  const uint64_t here = model_position(d);
  const uint32_t asked = s.lane;
  *w = (struct written){0};
  const enum timeline_stop stop = search(&s, w);
  if (stop == TIMELINE_THERE && !w->changed) see_through_load(&s, asked, w);
  if (!model_broken_off(d, stop)) model_return(d, here);
  return stop;
}
