/* states.c - states of a real machine for `trapeze classify`: made, stepped by one instruction, compared. */
#include <stdlib.h>
#include <string.h>

#include "isa/platform.h"
#include "states.h"

#define WINDOW 0x10000u /* virtual address of the program's eight pages */
#define WINDOW_PAGES 8
#define VECTOR 0x2000u
#define SCRATCH 0x3000u /* where tlbw is executed to fill the TLB */
#define PAGES (STATES_RAM / PAGE_SIZE)

static const uint32_t rights[WINDOW_PAGES] = {
    TLB_R | TLB_W | TLB_X, TLB_R | TLB_W, TLB_R | TLB_W, TLB_R, TLB_W, TLB_R | TLB_X, 0, 0};
#define UNMAPPED (WINDOW_PAGES - 1)

struct states {
  struct machine *m;
  struct machine_snapshot *base[PLACES];
  struct outcome *now;
};

static const struct machine_space PHYSICAL;

/* xorshift64*, Marsaglia 2003 and Vigna 2014 */
uint32_t random_next(struct random *r) {
  r->state ^= r->state >> 12;
  r->state ^= r->state << 25;
  r->state ^= r->state >> 27;
  return (uint32_t)(r->state * UINT64_C(0x2545F4914F6CDD1D) >> 32);
}

/* ---- places ---- */

static bool restricted(enum place p) { return p <= PLACE_FRAMES; }
static uint32_t asid_of(enum place p) { return p == PLACE_ASID ? 9 : 5; }
static uint32_t status_of(enum place p) { return p == PLACE_REAL ? 0 : ST_T | asid_of(p) << ST_ASID_SHIFT; }

/* The physical address of a page of the window. */
static uint32_t frame_of(enum place p, uint32_t page) {
  return WINDOW + (p == PLACE_FRAMES ? 2 * WINDOW_PAGES - 1 - page : page) * PAGE_SIZE;
}

static void poke_word(struct machine *m, uint32_t pa, uint32_t word) {
  machine_poke(m, PHYSICAL, pa, &word, 4);
}

static void map(struct machine *m, uint32_t va, uint32_t asid, uint32_t pa, uint32_t allowed) {
  struct machine_regs r = {.pc = SCRATCH, .x = {0, va | asid, pa | allowed}};
  uint32_t word;
  pg32_encode((struct pg32_insn){.id = PG32_tlbw, .rs1 = 1, .rs2 = 2}, &word);
  poke_word(m, SCRATCH, word);
  machine_set_regs(m, &r);
  machine_run(m, &(struct machine_limits){1, UINT64_MAX, false});
}

static void map_place(struct machine *m, enum place p) {
  if (p == PLACE_REAL) return;
  if (restricted(p)) {
    for (uint32_t i = 0; i < UNMAPPED; i++)
      map(m, WINDOW + i * PAGE_SIZE, asid_of(p), frame_of(p, i), rights[i]);
    return;
  }
  for (uint32_t va = 0; va < STATES_RAM; va += PAGE_SIZE) map(m, va, asid_of(p), va, TLB_RIGHTS);
  for (uint32_t va = DEV_BASE; va < DEV_END; va += PAGE_SIZE) map(m, va, asid_of(p), va, TLB_RIGHTS);
}

/* Brings all places to the same time, whatever it took to make them: a program can read the clock. */
static void settle_time(struct machine *m) {
  struct machine_regs r = {.pc = SCRATCH};
  uint32_t loop;
  pg32_encode((struct pg32_insn){.id = PG32_jal}, &loop);
  poke_word(m, SCRATCH, loop);
  machine_set_regs(m, &r);
  machine_run(m, &(struct machine_limits){UINT64_MAX, MACHINE_TLB_ENTRIES, false});
}

/* The same words at the same virtual addresses of every place. */
static void fill_place(struct machine *m, enum place p, uint64_t seed) {
  struct random r = {seed};
  for (uint32_t i = 0; i < WINDOW_PAGES; i++)
    for (uint32_t at = 0; at < PAGE_SIZE; at += 4) poke_word(m, frame_of(p, i) + at, random_next(&r));
  poke_word(m, LC_VECTOR, VECTOR);
}

struct states *states_new(enum machine_cpu cpu, uint64_t seed) {
  struct states *s = calloc(1, sizeof *s);
  struct machine_config config = {.cpu = cpu, .ram_bytes = STATES_RAM, .tlb_entries = MACHINE_TLB_ENTRIES};
  if (!s) return NULL;
  for (enum place p = 0; p < PLACES; p++) {
    machine_free(s->m);
    s->m = machine_new(&config);
    if (!s->m) break;
    map_place(s->m, p);
    fill_place(s->m, p, seed);
    settle_time(s->m);
    s->base[p] = machine_snapshot(s->m);
  }
  if (s->m && s->base[PLACES - 1]) return s;
  states_free(s);
  return NULL;
}

void states_free(struct states *s) {
  if (!s) return;
  for (enum place p = 0; p < PLACES; p++)
    if (s->base[p]) machine_snapshot_free(s->base[p]);
  machine_free(s->m);
  free(s);
}

/* ---- trials ---- */

/* More than half of the values point into the window or just past it; some are misaligned. */
static uint32_t random_value(struct random *r) {
  uint32_t kind = random_next(r) % 8, v = random_next(r);
  if (kind < 4) return WINDOW + v % (WINDOW_PAGES * PAGE_SIZE) / 4 * 4;
  if (kind == 4) return WINDOW + v % ((WINDOW_PAGES + 1) * PAGE_SIZE);
  return kind == 5 ? v % 64 : v;
}

static int32_t random_immediate(struct random *r, enum pg32_shape shape) {
  int32_t v = (int32_t)random_next(r);
  switch (shape) {
  case PG32_SHAPE_SHIFT: return v & 31;
  case PG32_SHAPE_SCOPE: return (v & 0xFF) % 3;
  case PG32_SHAPE_MARK: return v & 0x7FFF;
  case PG32_SHAPE_UPPER: return v & 0xFFFFF;
  case PG32_SHAPE_BRANCH:
  case PG32_SHAPE_JUMP: return v % 64 * 4;
  case PG32_SHAPE_RRI:
  case PG32_SHAPE_LOAD:
  case PG32_SHAPE_STORE: return v % 256;
  default: return 0;
  }
}

static uint32_t random_word(struct random *r, enum pg32_id id) {
  uint32_t all = (uint32_t)pg32_row(id)->opcode << 25 | (random_next(r) & 0x1FFFC00), word = 0;
  enum pg32_shape shape = pg32_row(id)->shape;
  struct pg32_insn fields = {.id = id, .imm = random_immediate(r, shape)};
  for (unsigned i = 0; i < 3; i++) { /* the fields that the shape has */
    uint8_t *field = (uint8_t *[]){&fields.rd, &fields.rs1, &fields.rs2}[i];
    *field = all >> (10 + 5 * i) & 31;
    if (!pg32_encode(fields, &word)) *field = 0;
  }
  pg32_encode(fields, &word);
  return word;
}

struct trial trial_make(struct random *r, enum pg32_id id) {
  struct trial t = {.word = random_word(r, id),
                    .offset = random_next(r) % PAGE_SIZE / 4 * 4,
                    .timer = 2 + random_next(r) % 1000,
                    .low_core = {WINDOW + random_next(r) % PAGE_SIZE, random_next(r), random_next(r)}};
  for (int i = 1; i < 32; i++) t.x[i] = random_value(r);
  return t;
}

/* ---- a step ---- */

static uint64_t tlb_digest(const struct machine *m) {
  uint64_t d = machine_tlb_pointer(m);
  for (uint32_t i = 0; i < MACHINE_TLB_ENTRIES; i++) {
    struct machine_tlb_entry e = machine_tlb_get(m, i);
    d = (d ^ (e.valid ? (uint64_t)e.hi << 32 | e.lo : 1)) * UINT64_C(0x9E3779B97F4A7C15);
    d ^= d >> 31;
  }
  return d;
}

static void on_trap(void *arg, struct machine *m, const struct machine_trap *trap) {
  struct outcome *o = arg;
  o->trapped = true;
  o->trap = *trap;
  machine_stop(m);
}

static void prepare(struct machine *m, const struct trial *t, enum place place, uint32_t mode) {
  struct machine_regs r = {.pc = WINDOW + t->offset, .status = status_of(place) | mode, .timer = t->timer};
  memcpy(r.x, t->x, sizeof r.x);
  poke_word(m, frame_of(place, 0) + t->offset, t->word);
  machine_poke(m, PHYSICAL, LC_PC, t->low_core, sizeof t->low_core);
  machine_set_regs(m, &r);
}

void states_run(struct states *s, const struct trial *t, enum place place, uint32_t mode, struct outcome *o) {
  struct machine *m = s->m;
  o->place = place;
  o->trapped = false;
  machine_restore(m, s->base[place]);
  prepare(m, t, place, mode);
  machine_get_regs(m, &o->before);
  machine_peek(m, PHYSICAL, 0, o->ram_before, STATES_RAM);
  o->tlb_before = tlb_digest(m);
  machine_observe(m, &(struct machine_observer){.trap = on_trap, .arg = o});
  enum machine_exit exit = machine_run(m, &(struct machine_limits){1, UINT64_MAX, false});
  machine_observe(m, NULL);
  o->stopped = exit == EXIT_POWER || exit == EXIT_CHECKSTOP;
  machine_get_regs(m, &o->after);
  machine_peek(m, PHYSICAL, 0, o->ram_after, STATES_RAM);
  o->tlb_after = tlb_digest(m);
}

/* ---- C2 ---- */

static bool is_memory_fault(uint32_t cause) {
  return (cause >= CAUSE_FETCH_MISS && cause <= CAUSE_FETCH_BUS) || cause >= CAUSE_LOAD_MISS;
}

/* A miss, a protection fault and a bus error differ in the TLB's content, which is a resource, not in the
 * program. */
static bool same_trap(const struct outcome *a, const struct outcome *b) {
  const struct machine_trap *s = &a->trap, *t = &b->trap;
  bool same_cause = s->cause == t->cause ||
                    (!restricted(a->place) && is_memory_fault(s->cause) && is_memory_fault(t->cause));
  return same_cause && s->pc == t->pc && s->badva == t->badva && s->badinst == t->badinst &&
         s->timer == t->timer;
}

/* The words of page 0 that are not the same by construction. */
static bool same_low_page(const uint8_t *a, const uint8_t *b) {
  return memcmp(a, b, LC_STATUS) == 0 && memcmp(a + LC_TIMER, b + LC_TIMER, LC_CAUSE - LC_TIMER) == 0 &&
         memcmp(a + LC_BADVA, b + LC_BADVA, PAGE_SIZE - LC_BADVA) == 0;
}

static bool same_memory(const struct outcome *a, const struct outcome *b) {
  if (!same_low_page(a->ram_after, b->ram_after)) return false;
  if (!restricted(a->place))
    return memcmp(a->ram_after + PAGE_SIZE, b->ram_after + PAGE_SIZE, STATES_RAM - PAGE_SIZE) == 0;
  for (uint32_t i = 0; i < WINDOW_PAGES; i++)
    if (memcmp(a->ram_after + frame_of(a->place, i), b->ram_after + frame_of(b->place, i), PAGE_SIZE) != 0)
      return false;
  return true;
}

const char *outcome_differs(const struct outcome *a, const struct outcome *b) {
  if (a->trapped != b->trapped || a->stopped != b->stopped) return "one traps";
  if (a->trapped && !same_trap(a, b)) return "the traps differ";
  for (unsigned i = 1; i < 32; i++)
    if (a->after.x[i] != b->after.x[i]) return pg32_register_name(i);
  if (a->after.pc != b->after.pc) return "PC";
  if (a->after.tick != b->after.tick) return "the tick";
  if (!same_memory(a, b)) return "memory";
  bool one_controls = !a->trapped && restricted(a->place) && !outcome_controls(a) != !outcome_controls(b);
  return one_controls ? "one changes control state" : NULL;
}

/* ---- C3, C4 ---- */

const char *outcome_controls(const struct outcome *o) {
  const struct machine_regs *b = &o->before, *a = &o->after;
  if (o->trapped) return NULL;
  if (a->status != b->status) return "STATUS";
  if (o->tlb_after != o->tlb_before) return "the TLB";
  if (a->tick != b->tick + 1) return "time";
  if (a->timer != b->timer - 1) return "TIMER";
  if (restricted(o->place) && o->stopped) return "the machine's power";
  bool low_core = memcmp(o->ram_after, o->ram_before, LC_FREE) != 0;
  return restricted(o->place) && low_core ? "the low core" : NULL;
}

static bool page_changed(const struct outcome *o, uint32_t pa) {
  return memcmp(o->ram_after + pa, o->ram_before + pa, PAGE_SIZE) != 0;
}

static bool may_write(enum place place, uint32_t pa) {
  for (uint32_t i = 0; i < UNMAPPED; i++)
    if (frame_of(place, i) == pa && (rights[i] & TLB_W)) return true;
  return false;
}

const char *outcome_escapes(const struct outcome *o) {
  if (!restricted(o->place)) return NULL;
  uint32_t from = o->trapped ? LC_VECTOR : 0; /* what a trap writes there is not the program's writing */
  if (memcmp(o->ram_after + from, o->ram_before + from, PAGE_SIZE - from) != 0) return "page 0";
  for (uint32_t pa = PAGE_SIZE; pa < PAGES * PAGE_SIZE; pa += PAGE_SIZE)
    if (!may_write(o->place, pa) && page_changed(o, pa)) return "a frame that it may not write";
  return NULL;
}

const char *outcome_unclean(const struct outcome *o) {
  if (!o->trapped) return NULL;
  for (unsigned i = 1; i < 32; i++)
    if (o->after.x[i] != o->before.x[i]) return pg32_register_name(i);
  if (o->tlb_after != o->tlb_before) return "the TLB";
  if (memcmp(o->ram_after + LC_VECTOR, o->ram_before + LC_VECTOR, STATES_RAM - LC_VECTOR) != 0)
    return "memory";
  return o->trap.pc == o->before.pc && o->after.tick != o->before.tick ? "the tick" : NULL;
}
