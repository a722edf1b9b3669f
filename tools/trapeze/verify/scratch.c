/* scratch.c - a unit and the guest's words that it was made from, on two small machines, step by step.
 *
 * The one machine, the guest's, executes the guest's words as the bare machine does: with the STATUS that the guest
 * believes in. The other, the unit's, executes the unit as a VMM lets it run: in user mode, mapped, in the window. Both
 * begin in the same random state. At each first word of an instruction, and wherever the unit traps, the guest's state is
 * computed from the unit's machine by the rules of vmm/translate/translate.h, and compared with the guest's machine. A unit
 * ends by a trap in any case, because its exits are not chained.
 *
 * Both have the same memory: the low core's page, the page of the unit's own code, which may not be stored to here (a memory
 * trace), and some pages of data. All else is missing, so that loads and stores fault there. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "isa/pg32.h"
#include "isa/platform.h"
#include "units.h"

enum {
  GUEST_RAM = 256 << 20, /* a page that is never touched costs nothing */
  UNIT_RAM = 64 * PAGE_SIZE,
  PAGES = 3,               /* of data */
  STUB = 0x800,            /* address of a word that is executed to set up the TLB */
  CODE_FRAME = 0x100000,   /* of the guest's machine, for code that runs mapped */
  LOW = 16 * PAGE_SIZE,    /* the unit's machine: frame of the low core's page; ... */
  CODE = 17 * PAGE_SIZE,   /* ... of the guest's code; ... */
  DATA = 18 * PAGE_SIZE,   /* ... the first one of data; ... */
  WINDOW = 32 * PAGE_SIZE, /* ... of the window */
  ASID = 1,
  OURS_TARGET = 4,  /* at an indirect jump this register has the guest's target, ... */
  OURS_BEHIND = 31, /* ... and this one the address behind the jump */
  OURS_COUNT = 3,
  SLOT_WORDS = 4,
  WORDS_MOST = 4000
};
#define PHYSICAL ((struct machine_space){0})

/* One machine, and the trap that has stopped it. */
struct half {
  struct machine *m;
  bool trapped;
  struct machine_trap trap;
  uint64_t retired; /* before the run */
};

struct scratch {
  struct half guest, unit;
  struct scratch_totals totals;
  uint64_t random;
  const struct unit *u;
  uint32_t data;   /* the guest's address of the first page of data */
  bool through;    /* branches are kept from being taken */
  unsigned faulty; /* the instruction whose address is made a bad one; none: UINT_MAX */
  uint32_t taint;  /* registers that may hold a STATUS, on which the unit relies */
  char what[400];
};

/* ---- setting up ---- */

static uint32_t next(struct scratch *s) { /* splitmix64 */
  uint64_t z = s->random += UINT64_C(0x9E3779B97F4A7C15);
  z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
  z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
  return (uint32_t)(z >> 32);
}
static uint32_t below(struct scratch *s, uint32_t n) { return next(s) % n; }

static void on_trap(void *arg, struct machine *m, const struct machine_trap *trap) {
  struct half *h = arg;
  h->trapped = true;
  h->trap = *trap;
  machine_stop(m);
}

static void half_open(struct half *h, uint32_t ram) {
  h->m = must(machine_new(&(struct machine_config){
      .cpu = CPU_LEAKY, .engine = ENGINE_INTERP, .ram_bytes = ram, .tlb_entries = MACHINE_TLB_ENTRIES}));
  machine_observe(h->m, &(struct machine_observer){.trap = on_trap, .arg = h});
}

struct scratch *scratch_new(void) {
  struct scratch *s = must(calloc(1, sizeof *s));
  half_open(&s->guest, GUEST_RAM);
  half_open(&s->unit, UNIT_RAM);
  return s;
}

void scratch_free(struct scratch *s) {
  machine_free(s->guest.m);
  machine_free(s->unit.m);
  free(s);
}

struct scratch_totals scratch_totals(const struct scratch *s) {
  return s->totals;
}

static void poke(struct half *h, uint32_t pa, const void *from, size_t n) {
  machine_poke(h->m, PHYSICAL, pa, from, n);
}
static void poke_word(struct half *h, uint32_t pa, uint32_t word) { poke(h, pa, &word, sizeof word); }

/* Executes one instruction in kernel mode, with these values in x1 and x2. */
static void execute(struct half *h, struct pg32_insn insn, uint32_t x1, uint32_t x2) {
  uint32_t word = 0;
  pg32_encode(insn, &word);
  poke_word(h, STUB, word);
  machine_set_regs(h->m, &(struct machine_regs){.pc = STUB, .x = {0, x1, x2}});
  machine_run(h->m, &(struct machine_limits){1, UINT64_MAX, false});
}

static void map(struct half *h, uint32_t va, uint32_t asid, uint32_t pa, uint32_t rights) {
  execute(h, (struct pg32_insn){.id = PG32_tlbw, .rs1 = 1, .rs2 = 2}, (va & TLB_VPN_MASK) | asid,
          pa | rights);
}

static void unmap_all(struct half *h) {
  execute(h, (struct pg32_insn){.id = PG32_tlbi, .imm = TLBI_ALL}, 0, 0);
}

static bool mapped(const struct unit *u) { return u->key & ST_T; }
static uint32_t code_page(const struct unit *u) { return u->pc & TLB_VPN_MASK; }
static uint32_t code_frame(const struct unit *u) { return mapped(u) ? CODE_FRAME : code_page(u); }

/* Not where the code is. */
static uint32_t place_data(const struct unit *u) { return code_page(u) >> 20 == 3 ? 0x00500000 : 0x00300000; }

static void map_memory(struct half *h, const struct scratch *s, uint32_t asid, uint32_t low, uint32_t code,
                       uint32_t data) {
  const struct unit *u = s->u;
  if (code_page(u)) map(h, 0, asid, low, TLB_R | TLB_W);
  map(h, code_page(u), asid, code, TLB_R | TLB_X);
  for (uint32_t i = 0; i < PAGES; i++)
    map(h, s->data + i * PAGE_SIZE, asid, data + i * PAGE_SIZE, TLB_R | TLB_W);
}

/* What is the same for all runs of the unit. */
static void place_unit(struct scratch *s, const struct unit *u) {
  s->u = u;
  s->data = place_data(u);
  unmap_all(&s->guest);
  unmap_all(&s->unit);
  if (mapped(u)) map_memory(&s->guest, s, status_asid(u->key), 0, CODE_FRAME, s->data);
  map_memory(&s->unit, s, ASID, LOW, CODE, DATA);
  const uint32_t end = u->start + 4 * u->words;
  for (uint32_t va = u->start & TLB_VPN_MASK; va < end; va += PAGE_SIZE)
    map(&s->unit, va, ASID, WINDOW + (va - VM_WINDOW_START), TLB_X);
  map(&s->unit, 0u - PAGE_SIZE, ASID, WINDOW + VM_WINDOW_BYTES - PAGE_SIZE, TLB_R | TLB_W);
  for (unsigned i = 0; i < u->words; i++)
    poke_word(&s->unit, WINDOW + (u->start - VM_WINDOW_START) + 4 * i, u->word[i].word);
}

/* ---- a random state, the same on both ---- */

static uint32_t random_value(struct scratch *s) {
  const uint32_t v = next(s);
  switch (below(s, 12)) {
  case 0: return v;
  case 1: return v & 0x7F;
  case 2: return (v & ST_MASK & ~ST_ASID_MASK) | (below(s, 3) << ST_ASID_SHIFT);
  case 3: return code_page(s->u) + v % PAGE_SIZE;
  case 4: return VM_WINDOW_START + v % VM_WINDOW_BYTES / 4 * 4;
  case 5: return s->data + v % (PAGES * PAGE_SIZE);
  case 6: return s->data + PAGES * PAGE_SIZE - 8 + v % 16;
  default: return s->data + v % (PAGES * PAGE_SIZE) / 4 * 4;
  }
}

/* Fills a page that both machines have. */
static void fill(struct scratch *s, uint32_t guest_pa, uint32_t unit_pa) {
  uint32_t page[PAGE_SIZE / 4];
  for (unsigned i = 0; i < PAGE_SIZE / 4; i++) page[i] = random_value(s);
  poke(&s->guest, guest_pa, page, sizeof page);
  poke(&s->unit, unit_pa, page, sizeof page);
}

static void fill_memory(struct scratch *s) {
  fill(s, 0, LOW);
  fill(s, code_frame(s->u), CODE);
  if (code_page(s->u) == 0) fill(s, code_frame(s->u), CODE);
  for (uint32_t i = 0; i < PAGES; i++) fill(s, s->data + i * PAGE_SIZE, DATA + i * PAGE_SIZE);
  const uint32_t at = s->u->pc & (PAGE_SIZE - 1);
  poke(&s->guest, code_frame(s->u) + at, s->u->guest, 4 * s->u->insns);
  poke(&s->unit, CODE + at, s->u->guest, 4 * s->u->insns);
}

static uint32_t data_word(uint32_t offset) { return WINDOW + VM_WINDOW_BYTES - PAGE_SIZE + offset; }

static void begin(struct half *h, const struct machine_regs *r) {
  h->trapped = false;
  machine_set_regs(h->m, r);
  h->retired = machine_retired(h->m);
}

static void fill_state(struct scratch *s) {
  struct machine_regs r = {.pc = s->u->pc, .timer = UINT32_MAX};
  r.status = s->u->key | (mapped(s->u) ? 0 : below(s, 3) << ST_ASID_SHIFT);
  for (unsigned i = 1; i < 32; i++) r.x[i] = random_value(s);
  begin(&s->guest, &r);
  poke_word(&s->unit, data_word(CLAIM_STATUS), r.status);
  poke_word(&s->unit, data_word(CLAIM_DUE), below(s, 4) == 0);
  poke_word(&s->unit, data_word(CLAIM_ON), r.status | ST_IE);
  poke_word(&s->unit, data_word(CLAIM_OFF), r.status & ~(uint32_t)ST_IE);
  poke_word(&s->unit, data_word(CLAIM_MASK), ST_MASK);
  for (unsigned i = 1; i < 32; i++) {
    if (!(CLAIM_OURS >> i & 1)) continue;
    poke_word(&s->unit, data_word(CLAIM_REGISTER(i)), r.x[i]);
    r.x[i] = i == OURS_COUNT ? 0 : next(s);
  }
  r.pc = s->u->start;
  r.status = ST_U | ST_IE | ST_T | ASID << ST_ASID_SHIFT;
  begin(&s->unit, &r);
}

/* ---- the guest's state on both ---- */

struct seen { /* of the guest */
  uint32_t x[32], status, pc;
  uint64_t insns;
};

static uint32_t peek_data(const struct scratch *s, uint32_t offset) {
  return machine_peek_word(s->unit.m, PHYSICAL, data_word(offset), NULL);
}

/* From the unit's machine. `debt`: where it is; pc: the guest's there. */
static struct seen seen_in_unit(const struct scratch *s, int debt, uint32_t pc) {
  struct machine_regs r;
  struct seen seen = {.pc = pc, .status = peek_data(s, CLAIM_STATUS)};
  machine_get_regs(s->unit.m, &r);
  memcpy(seen.x, r.x, sizeof seen.x);
  for (unsigned i = 1; i < 32; i++)
    if (CLAIM_OURS >> i & 1) seen.x[i] = peek_data(s, CLAIM_REGISTER(i));
  const int64_t words = (int64_t)(machine_retired(s->unit.m) - s->unit.retired);
  seen.insns = (uint64_t)(words - (int32_t)r.x[OURS_COUNT] - debt);
  return seen;
}

__attribute__((format(printf, 2, 3))) static bool differs(struct scratch *s, const char *format, ...) {
  va_list ap;
  va_start(ap, format);
  vsnprintf(s->what, sizeof s->what, format, ap);
  va_end(ap);
  return false;
}

static uint64_t guest_insns(const struct scratch *s) {
  return machine_retired(s->guest.m) - s->guest.retired;
}

/* The machine facts are those of the VM for which the unit was made: the register that a load of one comes to is given
 * the VM's. */
static void give_fact(struct scratch *s, const struct machine_regs *before) {
  const unsigned insn = (before->pc - s->u->pc) / 4;
  if (mapped(s->u) || insn >= s->u->insns) return;
  const struct pg32_insn i = pg32_decode(s->u->guest[insn]);
  const uint32_t reg = (i.id == PG32_lw ? before->x[i.rs1] + (uint32_t)i.imm : 0) - DEV_FACTS;
  struct machine_regs r;
  if (i.rd == 0 || reg / 4 >= s->u->facts) return;
  machine_get_regs(s->guest.m, &r);
  r.x[i.rd] = s->u->fact[reg / 4];
  machine_set_regs(s->guest.m, &r);
}

/* The guest's machine executes an instruction. False: it traps. */
static bool guest_step(struct scratch *s) {
  struct machine_regs before;
  machine_get_regs(s->guest.m, &before);
  s->guest.trapped = false;
  machine_run_to(s->guest.m, &(struct machine_limits){UINT64_MAX, UINT64_MAX, false},
                 machine_steps(s->guest.m) + 1);
  if (!s->guest.trapped) give_fact(s, &before);
  return !s->guest.trapped;
}

static bool same_page(const struct scratch *s, uint32_t guest_pa, uint32_t unit_pa) {
  const uint32_t skip = guest_pa == 0 && s->guest.trapped ? LC_VECTOR : 0; /* the trap's own words */
  return memcmp((const char *)machine_ram(s->guest.m, guest_pa, PAGE_SIZE) + skip,
                (const char *)machine_ram(s->unit.m, unit_pa, PAGE_SIZE) + skip, PAGE_SIZE - skip) == 0;
}

static bool same_memory(struct scratch *s) {
  bool same = code_page(s->u) == 0 || same_page(s, 0, LOW);
  for (uint32_t i = 0; i < PAGES; i++)
    same = same && same_page(s, s->data + i * PAGE_SIZE, DATA + i * PAGE_SIZE);
  return same || differs(s, "memory");
}

/* The guest's machine has come to the same instruction, after as many, with the same state. */
static bool same(struct scratch *s, const struct seen *seen) {
  struct machine_regs r;
  while (guest_insns(s) < seen->insns && seen->insns < 2 * UNIT_GUEST_MOST)
    if (!guest_step(s)) return differs(s, "the guest traps (%s)", pg32_cause_name(s->guest.trap.cause));
  machine_get_regs(s->guest.m, &r);
  if (guest_insns(s) != seen->insns)
    return differs(s, "the number of instructions: the guest %llu, the unit %lld",
                   (unsigned long long)guest_insns(s), (long long)seen->insns);
  if (r.pc != seen->pc) return differs(s, "PC: the guest 0x%08x, the unit 0x%08x", r.pc, seen->pc);
  for (unsigned i = 1; i < 32; i++)
    if (r.x[i] != seen->x[i])
      return differs(s, "%s: the guest 0x%08x, the unit 0x%08x", pg32_register_name(i), r.x[i], seen->x[i]);
  if (r.status != seen->status)
    return differs(s, "STATUS: the guest 0x%08x, the unit 0x%08x", r.status, seen->status);
  return same_memory(s);
}

/* ---- changing the state on the way ---- */

static void set_register(struct scratch *s, unsigned reg, uint32_t value) {
  struct machine_regs r;
  machine_get_regs(s->guest.m, &r);
  r.x[reg] = value;
  machine_set_regs(s->guest.m, &r);
  if (CLAIM_OURS >> reg & 1) {
    poke_word(&s->unit, data_word(CLAIM_REGISTER(reg)), value);
    return;
  }
  machine_get_regs(s->unit.m, &r);
  r.x[reg] = value;
  machine_set_regs(s->unit.m, &r);
}

static bool is_load(struct pg32_insn i) { return i.id >= PG32_lb && i.id <= PG32_lhu; }
static bool is_store(struct pg32_insn i) { return i.id >= PG32_sb && i.id <= PG32_sw; }

static bool free_to_change(const struct scratch *s, unsigned reg) { return reg && !(s->taint >> reg & 1); }

static bool is_taken(enum pg32_id id, uint32_t a, uint32_t b) {
  switch (id) {
  case PG32_beq: return a == b;
  case PG32_bne: return a != b;
  case PG32_blt: return (int32_t)a < (int32_t)b;
  case PG32_bge: return (int32_t)a >= (int32_t)b;
  case PG32_bltu: return a < b;
  default: return a >= b; /* bgeu */
  }
}

static bool is_branch(struct pg32_insn i) {
  return i.id != PG32_ILLEGAL && pg32_row(i.id)->shape == PG32_SHAPE_BRANCH;
}

/* Lets the branch that comes next not be taken, if that can be. */
static void go_through(struct scratch *s, struct pg32_insn i, const uint32_t *x) {
  if (!is_taken(i.id, x[i.rs1], x[i.rs2])) return;
  for (uint32_t d = 0; d < 3; d++) {
    const uint32_t a = x[i.rs2] + d - 1, b = x[i.rs1] + d - 1;
    if (free_to_change(s, i.rs1) && !is_taken(i.id, a, i.rs1 == i.rs2 ? a : x[i.rs2]))
      return set_register(s, i.rs1, a);
    if (free_to_change(s, i.rs2) && !is_taken(i.id, i.rs1 == i.rs2 ? b : x[i.rs1], b))
      return set_register(s, i.rs2, b);
  }
}

/* An address that the load or store cannot have: missing, misaligned, in the window, in the page of the code. */
static void make_bad(struct scratch *s, struct pg32_insn i) {
  static const uint32_t bad[] = {0x1BAD0000, 0xFFFFC010, 0xFFFF0000, 0xFFFFF000, 0xEFFFFFFC};
  const uint32_t to = below(s, 3) == 0   ? s->data + 1 + below(s, 3)
                      : below(s, 5) == 0 ? code_page(s->u) + below(s, PAGE_SIZE)
                                         : bad[below(s, sizeof bad / sizeof *bad)];
  if (free_to_change(s, i.rs1)) set_register(s, i.rs1, to - (uint32_t)i.imm);
}

static void follow_taint(struct scratch *s, struct pg32_insn i) {
  const bool derived = i.id == PG32_mfst || ((s->taint >> i.rs1 | s->taint >> i.rs2) & 1);
  s->taint = derived ? s->taint | 1u << i.rd : s->taint & ~(1u << i.rd);
  if (i.id == PG32_mtst) s->taint |= 1u << i.rs1;
  s->taint &= ~1u;
}

/* Both are at the first word of the guest's instruction. */
static void before_insn(struct scratch *s, unsigned insn) {
  struct machine_regs r;
  if (insn >= s->u->insns) return;
  const struct pg32_insn i = pg32_decode(s->u->guest[insn]);
  if (i.id == PG32_ILLEGAL) return;
  machine_get_regs(s->guest.m, &r);
  if (s->through && is_branch(i)) go_through(s, i, r.x);
  if (insn == s->faulty && (is_load(i) || is_store(i))) make_bad(s, i);
  follow_taint(s, i);
}

/* ---- how the unit ends ---- */

static uint32_t pc_of(const struct unit *u, const struct unit_word *w) { return u->pc + 4 * w->insn; }

static bool is_misaligned(uint32_t cause) {
  return cause == CAUSE_LOAD_MISALIGNED || cause == CAUSE_STORE_MISALIGNED;
}
static bool is_load_fault(uint32_t c) {
  return c == CAUSE_LOAD_MISALIGNED || c == CAUSE_LOAD_MISS || c == CAUSE_LOAD_PROT || c == CAUSE_LOAD_BUS;
}
static bool is_store_fault(uint32_t c) {
  return c == CAUSE_STORE_MISALIGNED || c == CAUSE_STORE_MISS || c == CAUSE_STORE_PROT ||
         c == CAUSE_STORE_BUS;
}

/* The guest's machine takes that trap next. (Untranslated, what is a miss on the unit's machine is a bus error.) */
static bool guest_faults(struct scratch *s, uint32_t cause, uint32_t badva, uint32_t word) {
  const struct machine_trap *t = &s->guest.trap;
  if (guest_step(s)) return differs(s, "the guest does not trap, the unit %s", pg32_cause_name(cause));
  const bool alike = t->cause == cause || (is_load_fault(cause) && is_load_fault(t->cause)) ||
                     (is_store_fault(cause) && is_store_fault(t->cause));
  if (!alike || is_misaligned(cause) != is_misaligned(t->cause))
    return differs(s, "the trap: the guest %s, the unit %s", pg32_cause_name(t->cause),
                   pg32_cause_name(cause));
  if (t->badva != badva) return differs(s, "BADVA: the guest 0x%08x, the unit 0x%08x", t->badva, badva);
  if (t->badinst != word)
    return differs(s, "BADINST: the guest 0x%08x, the unit's place 0x%08x", t->badinst, word);
  return true;
}

/* The word traps by itself and has no effect, or is left to the VMM. */
static bool ends_for_vmm(struct scratch *s, const struct unit_word *w, uint32_t cause) {
  const uint32_t word = w->insn < s->u->insns ? s->u->guest[w->insn] : 0;
  const struct pg32_insn i = pg32_decode(word);
  s->totals.others++;
  if (cause == CAUSE_FETCH_MISALIGNED) {
    struct machine_view v;
    machine_get_view(s->unit.m, &v);
    return guest_faults(s, cause, v.x[OURS_TARGET], word);
  }
  if (cause == CAUSE_ILLEGAL || (cause == CAUSE_PRIVILEGED && (s->u->key & ST_U)))
    return guest_faults(s, cause, 0, word);
  if (cause == CAUSE_PRIVILEGED)
    return (i.id != PG32_ILLEGAL && pg32_row(i.id)->class == PG32_PRIVILEGED) ||
           differs(s, "the unit leaves an instruction to the VMM that is not privileged");
  const bool by_x0 = (is_load(i) || is_store(i)) && i.rs1 == 0 && (uint32_t)i.imm >= CPU_L_WINDOW;
  if (!by_x0 || is_load(i) != is_load_fault(cause))
    return differs(s, "the unit leaves an instruction to the VMM: %s", pg32_cause_name(cause));
  return guest_faults(s, cause, (uint32_t)i.imm, word);
}

/* A device, or RAM that only the guest's machine has. */
static bool guest_has(uint32_t pa) { return pa < GUEST_RAM || (pa >= DEV_BASE && pa < DEV_END); }

static bool ends_at_access(struct scratch *s, const struct unit_word *w) {
  const struct machine_trap *t = &s->unit.trap;
  const uint32_t word = w->insn < s->u->insns ? s->u->guest[w->insn] : 0;
  s->totals.faults++;
  if (pg32_decode(t->badinst).rs1 == 0 && t->badva >= CPU_L_WINDOW)
    return differs(s, "the unit faults at its own data");
  if (is_store_fault(t->cause) && (t->badva & TLB_VPN_MASK) == code_page(s->u))
    return true;                                                                     /* a memory trace */
  if (!mapped(s->u) && guest_has(t->badva) && !is_misaligned(t->cause)) return true; /* for the VMM */
  return guest_faults(s, t->cause, t->badva, word);
}

/* syscall, hcall, break: they retire, and then trap. The guest's machine is still before the instruction. */
static bool ends_by_call(struct scratch *s, const struct unit_word *w) {
  const struct machine_trap *g = &s->guest.trap, *t = &s->unit.trap;
  struct seen seen = seen_in_unit(s, w->debt, pc_of(s->u, w));
  s->totals.calls++;
  seen.insns--;
  if (!same(s, &seen)) return false;
  if (guest_step(s) || g->cause != t->cause)
    return differs(s, "the call: the unit %s", pg32_cause_name(t->cause));
  return g->pc == pc_of(s->u, w) + 4 || differs(s, "the call's PC: the guest 0x%08x", g->pc);
}

/* The unit has jumped into the hash, for the guest's target in OURS_TARGET. */
static bool ends_in_hash(struct scratch *s) {
  struct machine_view v;
  const struct machine_trap *t = &s->unit.trap;
  machine_get_view(s->unit.m, &v);
  const uint32_t target = v.x[OURS_TARGET], from = v.x[OURS_BEHIND] - 4, at = (from - s->u->start) / 4;
  s->totals.jumps++;
  if (from < s->u->start || at >= s->u->words)
    return differs(s, "an indirect jump does not tell where it was");
  if ((t->pc & (PAGE_SIZE - 1)) != (target & 0x3FE) << 2) return differs(s, "the slot of an indirect jump");
  struct seen seen = seen_in_unit(s, -SLOT_WORDS, target);
  if (target & 2) seen.insns--, seen.pc = pc_of(s->u, &s->u->word[at]);
  if (!same(s, &seen)) return false;
  return !(target & 2) || guest_faults(s, CAUSE_FETCH_MISALIGNED, target, s->u->guest[s->u->word[at].insn]);
}

static bool ends_at_exit(struct scratch *s, const struct unit_word *w) {
  struct machine_regs r;
  const struct seen seen = seen_in_unit(s, w->exit_debt, w->exit_pc);
  s->totals.exits++;
  if (!same(s, &seen)) return false;
  machine_get_regs(s->guest.m, &r);
  const uint32_t key = r.status & (r.status & ST_T ? ST_U | ST_IE | ST_T | ST_ASID_MASK : ST_U | ST_IE);
  return key == w->exit_key || differs(s, "the STATUS that an exit is for: 0x%x", w->exit_key);
}

/* The word that has trapped; NULL: none of the unit's. */
static const struct unit_word *trapping_word(const struct scratch *s) {
  const struct machine_trap *t = &s->unit.trap;
  const bool call = t->cause >= CAUSE_SYSCALL && t->cause <= CAUSE_BREAK;
  const uint32_t pc = t->pc - (call ? 4 : 0), at = (pc - s->u->start) / 4;
  return pc >= s->u->start && at < s->u->words ? &s->u->word[at] : NULL;
}

static bool ends(struct scratch *s) {
  const struct machine_trap *t = &s->unit.trap;
  const struct unit_word *w = trapping_word(s);
  if (!w && t->cause == CAUSE_FETCH_MISS && t->pc >= CPU_L_WINDOW) return ends_in_hash(s);
  if (!w) return differs(s, "the unit is left for 0x%08x", t->pc);
  if (t->cause == CAUSE_ILLEGAL && w->exit) return ends_at_exit(s, w);
  if (t->cause >= CAUSE_SYSCALL && t->cause <= CAUSE_BREAK) return ends_by_call(s, w);
  const struct seen seen = seen_in_unit(s, w->debt, pc_of(s->u, w));
  if (!same(s, &seen)) return false;
  if (t->cause == CAUSE_ILLEGAL) return ends_for_vmm(s, w, w->cause);
  if (t->cause == CAUSE_PRIVILEGED) return ends_for_vmm(s, w, t->cause);
  if (is_load_fault(t->cause) || is_store_fault(t->cause)) return ends_at_access(s, w);
  return differs(s, "the unit traps: %s", pg32_cause_name(t->cause));
}

/* ---- a run ---- */

/* The unit's machine is at its next word. */
static bool at_word(struct scratch *s) {
  struct machine_view v;
  machine_get_view(s->unit.m, &v);
  const uint32_t at = (v.pc - s->u->start) / 4;
  if (v.pc < s->u->start || at >= s->u->words || !s->u->word[at].boundary) return true;
  const struct unit_word *w = &s->u->word[at];
  const struct seen seen = seen_in_unit(s, w->debt, pc_of(s->u, w));
  if (!same(s, &seen)) return false;
  before_insn(s, w->insn);
  return true;
}

/* The guest's machine has written its low core at the trap that ended the run before, and perhaps the code. */
static void mend(struct scratch *s) {
  poke(&s->guest, code_frame(s->u), machine_ram(s->unit.m, CODE, PAGE_SIZE), PAGE_SIZE);
  if (code_page(s->u)) poke(&s->guest, 0, machine_ram(s->unit.m, LOW, PAGE_SIZE), PAGE_SIZE);
  for (uint32_t i = 0; i < PAGES * PAGE_SIZE; i += PAGE_SIZE)
    poke(&s->guest, s->data + i, machine_ram(s->unit.m, DATA + i, PAGE_SIZE), PAGE_SIZE);
}

static bool run(struct scratch *s) {
  s->taint = 0;
  mend(s);
  fill_state(s);
  s->totals.runs++;
  for (unsigned words = 0; words < WORDS_MOST; words++) {
    if (!at_word(s)) return false;
    machine_run_to(s->unit.m, &(struct machine_limits){UINT64_MAX, UINT64_MAX, false},
                   machine_steps(s->unit.m) + 1);
    s->totals.words++;
    if (!s->unit.trapped) continue;
    const bool ended = ends(s);
    s->totals.insns += guest_insns(s);
    return ended;
  }
  return differs(s, "the unit does not end");
}

static const char *place_of_difference(struct scratch *s) {
  struct machine_view v;
  char text[sizeof s->what];
  machine_get_view(s->guest.m, &v);
  memcpy(text, s->what, sizeof text);
  const uint32_t pc = s->unit.trapped ? s->unit.trap.pc : 0;
  snprintf(s->what, sizeof s->what, "after %llu instructions%s0x%08x: %.300s",
           (unsigned long long)guest_insns(s), pc ? ", at the trap of word " : ", the guest at ",
           pc ? pc : v.pc, text);
  return s->what;
}

const char *scratch_try(struct scratch *s, const struct unit *u, unsigned states, uint64_t seed) {
  s->random = seed;
  if (code_page(u) >= GUEST_RAM && !mapped(u)) return NULL; /* no test has so much RAM */
  place_unit(s, u);
  fill_memory(s);
  for (unsigned i = 0; i < states; i++) {
    s->through = i % 2;
    s->faulty = UINT32_MAX;
    if (!run(s)) return place_of_difference(s);
  }
  for (s->faulty = 0; s->faulty < u->insns; s->faulty++) {
    const struct pg32_insn i = pg32_decode(u->guest[s->faulty]);
    s->through = true;
    for (unsigned n = 0; (is_load(i) || is_store(i)) && n < 1 + states / 4; n++)
      if (!run(s)) return place_of_difference(s);
  }
  return NULL;
}
