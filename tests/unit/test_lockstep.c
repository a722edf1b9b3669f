/* test_lockstep.c - each engine against the plain reference, over random programs.
 *
 * Random code in random spaces, TLB changes, interrupts, console input, self-modification, run limits,
 * both engine copies, snapshots taken and restored on the way: after each piece all registers agree,
 * and at times all of TLB and memory. TRAPEZE_SEED names one program to repeat, TRAPEZE_PROGRAMS their
 * number. */
#include <errno.h>
#include <stdio.h>

#include "chance.h"
#include "kit.h"
#include "reference.h"

#define PROGRAMS 300
#define PIECES 120
#define CODE_FIRST 2 /* pages of random code */
#define CODE_PAGES 8

/* ---- programs ----
 * x3..x7 hold addresses and are seldom written; x8, x9 hold instruction words to be stored. */

static uint32_t any_legal(struct random *g, unsigned id) {
  uint32_t word;
  do word = (uint32_t)pg32_row(id)->opcode << 25 | (rnd(g) & 0x1FFFFFF);
  while (pg32_decode(word).id == PG32_ILLEGAL &&
         (word &= 0xFFFF8000 | 0x1F, pg32_decode(word).id == PG32_ILLEGAL) &&
         (word &= 0xFFFFFC00, pg32_decode(word).id == PG32_ILLEGAL) &&
         (word &= 0xFE0F8000, pg32_decode(word).id == PG32_ILLEGAL) &&
         (word &= 0xFE000000, pg32_decode(word).id == PG32_ILLEGAL));
  return word;
}

static unsigned scratch(struct random *g) {
  return chance(g, 3) ? below(g, 32) : chance(g, 10) ? 0 : 10 + below(g, 22);
}

static uint32_t memory_insn(struct random *g) {
  static const enum pg32_id ids[] = {PG32_lb, PG32_lh, PG32_lw, PG32_lbu, PG32_lhu,
                                     PG32_sb, PG32_sh, PG32_sw, PG32_sw};
  struct pg32_insn i = {.id = ids[below(g, 9)]};
  i.rs1 = (uint8_t)(3 + below(g, 5));
  const bool store = pg32_row(i.id)->shape == PG32_SHAPE_STORE;
  i.imm = chance(g, 60) ? (int32_t)below(g, 16) * 4 : (int32_t)below(g, 8192) - 4096;
  if (chance(g, 90)) i.imm &= ~3;
  if (store)
    i.rs2 = (uint8_t)(chance(g, 30) ? 8 + below(g, 2) : below(g, 32));
  else
    i.rd = (uint8_t)scratch(g);
  uint32_t word = 0;
  assert_true(pg32_encode(i, &word));
  return word;
}

static uint32_t jump_insn(struct random *g) {
  const int32_t distance = 4 * (chance(g, 80) ? (int32_t)below(g, 40) - 15 : (int32_t)below(g, 2000) - 1000);
  const unsigned a = scratch(g), b = scratch(g); /* in an order of our own, so that a seed is a program */
  if (chance(g, 70)) return BR(beq, a, b, distance) + (below(g, 6) << 25);
  if (chance(g, 50)) return JAL(a, distance);
  const int32_t offset = (int32_t)below(g, 4096);
  return RRI(jalr, a, 3 + b % 5, offset & (offset % 5 ? ~3 : ~0));
}
_Static_assert(PG32_OP_bgeu == PG32_OP_beq + 5, "jump_insn picks among six opcodes");

static uint32_t random_insn(struct random *g) {
  const uint32_t kind = below(g, 1000);
  if (kind < 550) {
    uint32_t word = any_legal(g, PG32_add + below(g, PG32_auipc - PG32_add + 1));
    word &= ~(31u << 20);
    return word | scratch(g) << 20;
  }
  if (kind < 800) return memory_insn(g);
  if (kind < 950) return jump_insn(g);
  if (kind < 985) return any_legal(g, below(g, PG32_INSNS));
  return rnd(g);
}

/* The handler draws from a generator in memory where to go on, in which mode, for how long,
 * and a TLB entry. */
static unsigned make_handler(uint32_t *w) {
  unsigned n = 0;
  w[n++] = LD(lw, T0, 0x44, ZERO);
  w[n++] = LUI(T1, 0x41C65);
  w[n++] = RRI(addi, T1, T1, -0x193);
  w[n++] = RRR(mul, T0, T0, T1);
  w[n++] = RRI(addi, T0, T0, 0x3039);
  w[n++] = ST(sw, T0, 0x44, ZERO);
  w[n++] = RRI(srli, T1, T0, 9);
  w[n++] = RRI(andi, T2, T1, 0x1FFC);
  w[n++] = RRI(slli, T2, T2, 2);
  w[n++] = RRI(srli, A0, T0, 3);
  w[n++] = RRI(andi, A0, A0, 0xC);
  w[n++] = RRR(or, T2, T2, A0);
  w[n++] = LUI(A0, 2);
  w[n++] = RRR(add, T2, T2, A0);
  w[n++] = ST(sw, T2, LC_PC, ZERO);
  w[n++] = RRI(srli, T1, T0, 20);
  w[n++] = RRI(andi, A0, T1, 0x307);
  w[n++] = ST(sw, A0, LC_STATUS, ZERO);
  w[n++] = RRI(srli, T1, T0, 13);
  w[n++] = RRI(andi, T1, T1, 63);
  w[n++] = ST(sw, T1, LC_TIMER, ZERO);
  w[n++] = RRI(srli, A1, A0, 8); /* the ASID to be */
  w[n++] = LUI(A2, 0xFFFFF);
  w[n++] = RRR(and, A2, T2, A2); /* the page to be */
  w[n++] = RRR(or, A1, A1, A2);
  w[n++] = RRI(slli, T1, T0, 7);
  w[n++] = RRI(srli, T1, T1, 28);
  w[n++] = RRI(slli, T1, T1, 12);
  w[n++] = RRI(srli, A3, T0, 16);
  w[n++] = RRI(ori, A3, A3, 5);
  w[n++] = RRI(andi, A3, A3, 7);
  w[n++] = RRR(or, A3, A3, T1);
  w[n++] = insn(PG32_tlbw, 0, A1, A3, 0); /* fit to run from */
  w[n++] = RRR(add, A1, A1, A2);
  w[n++] = RRI(srli, A3, T0, 6);
  w[n++] = RRI(andi, A3, A3, 7);
  w[n++] = RRR(xor, A3, A3, T1);
  w[n++] = insn(PG32_tlbw, 0, A1, A3, 0); /* and some other page, with any rights */
  w[n++] = LUI(A2, 0xF0000);
  w[n++] = ST(sw, T0, CONSOLE_CTRL, A2);
  w[n++] = LD(lw, A4, CONSOLE_DATA, A2);
  w[n++] = RRI(slli, GP, T0, 5); /* addresses to play with */
  w[n++] = RRI(srli, GP, GP, 17);
  w[n++] = RRI(addi, TP, T2, 16);
  w[n++] = LUI(T0, 0xF0000);
  w[n++] = LUI(T1, 0xF0002);
  w[n++] = RRI(andi, T2, T2, -4096);
  w[n++] = OP(rfe);
  return n;
}

static void make_program(struct random *g, struct ref *f, uint32_t tlb_entries) {
  memset(f, 0, sizeof *f);
  f->tlb_entries = tlb_entries;
  for (uint32_t i = 0; i < CODE_PAGES * (PAGE_SIZE / 4); i++)
    ref_set_word(f, CODE_FIRST * PAGE_SIZE + 4 * i, random_insn(g));
  make_handler((uint32_t *)(void *)(f->ram + PAGE_SIZE));
  ref_set_word(f, LC_VECTOR, PAGE_SIZE);
  ref_set_word(f, 0x44, rnd(g));
  f->r.pc = PAGE_SIZE;
  f->r.x[8] = random_insn(g);
  f->r.x[9] = random_insn(g);
}

/* ---- the comparison ---- */

struct pair {
  struct machine *m;
  struct ref *f, *saved;
  struct machine_snapshot *snapshot;
  uint32_t out_hash, saved_out_hash;
  uint64_t seen; /* by the observer */
};

static void put(void *arg, uint8_t byte) {
  struct pair *p = arg;
  p->out_hash = p->out_hash * 31 + byte;
}

static void count_insn(void *arg, struct machine *m, uint32_t pc, uint32_t word) {
  (void)m, (void)pc, (void)word;
  ((struct pair *)arg)->seen++;
}

static bool same_regs(const struct pair *p) {
  struct machine_regs r = regs(p->m);
  return memcmp(r.x, p->f->r.x, sizeof r.x) == 0 && r.pc == p->f->r.pc && r.status == p->f->r.status &&
         r.timer == p->f->r.timer && r.tick == p->f->r.tick && machine_retired(p->m) == p->f->retired &&
         p->out_hash == p->f->out_hash;
}

static bool same_tlb(const struct pair *p) {
  if (machine_tlb_pointer(p->m) != p->f->tlb_pointer) return false;
  for (uint32_t i = 0; i < p->f->tlb_entries; i++) {
    const struct machine_tlb_entry a = machine_tlb_get(p->m, i), b = p->f->tlb[i];
    if (a.valid != b.valid || a.hi != b.hi || a.lo != b.lo) return false;
  }
  return true;
}

static bool same_ram(const struct pair *p) {
  static uint8_t ram[REF_RAM];
  machine_peek(p->m, PHYSICAL, 0, ram, sizeof ram);
  return memcmp(ram, p->f->ram, sizeof ram) == 0;
}

static void describe(const struct pair *p, uint64_t seed) {
  const struct machine_regs a = regs(p->m), b = p->f->r;
  print_message(
      "# seed %llu: machine / reference\n# pc %08x %08x status %04x %04x timer %u %u tick %llu %llu "
      "retired %llu %llu\n",
      (unsigned long long)seed, a.pc, b.pc, a.status, b.status, a.timer, b.timer, (unsigned long long)a.tick,
      (unsigned long long)b.tick, (unsigned long long)machine_retired(p->m),
      (unsigned long long)p->f->retired);
  for (int i = 0; i < 32; i++)
    if (a.x[i] != b.x[i]) print_message("# x%d %08x %08x\n", i, a.x[i], b.x[i]);
}

/* ---- what happens between two pieces ---- */

static void feed(struct random *g, struct pair *p) {
  struct ref *f = p->f;
  const uint8_t byte = (uint8_t)rnd(g);
  uint64_t tick = f->r.tick + below(g, 200);
  if (f->input_end == REF_INPUTS) return;
  assert_true(machine_console_input(p->m, tick, &byte, 1));
  if (f->input_head < f->input_end && f->input_tick[f->input_end - 1] > tick)
    tick = f->input_tick[f->input_end - 1];
  f->input[f->input_end] = byte;
  f->input_tick[f->input_end++] = tick;
}

static void poke_both(struct random *g, struct pair *p) {
  const uint32_t pa = CODE_FIRST * PAGE_SIZE + 4 * below(g, CODE_PAGES * (PAGE_SIZE / 4));
  const uint32_t word = random_insn(g);
  poke(p->m, pa, word);
  ref_set_word(p->f, pa, word);
}

/* Out of whatever loop it is in, into the handler. */
static void kick(struct pair *p) {
  p->f->r.pc = PAGE_SIZE;
  p->f->r.status = 0;
  p->f->trapped = p->f->waiting = false;
  machine_set_regs(p->m, &p->f->r);
}

static void save(struct pair *p) {
  machine_snapshot_free(p->snapshot);
  p->snapshot = machine_snapshot(p->m);
  assert_non_null(p->snapshot);
  *p->saved = *p->f;
  p->saved_out_hash = p->out_hash;
}

static void go_back(struct pair *p) {
  if (!p->snapshot) return;
  machine_restore(p->m, p->snapshot);
  *p->f = *p->saved;
  p->out_hash = p->saved_out_hash;
}

static void meddle(struct random *g, struct pair *p) {
  const struct machine_observer observer = {.insn = chance(g, 50) ? count_insn : NULL, .arg = p};
  if (chance(g, 10)) feed(g, p);
  if (chance(g, 5)) poke_both(g, p);
  if (chance(g, 40)) kick(p);
  if (chance(g, 4)) save(p);
  if (chance(g, 2)) go_back(p);
  if (chance(g, 5)) machine_observe(p->m, chance(g, 50) ? &observer : NULL);
}

static bool agree(struct random *g, struct pair *p, enum machine_exit a, enum machine_exit b) {
  if (a != b || !same_regs(p)) return false;
  return !chance(g, 5) || (same_tlb(p) && same_ram(p));
}

/* Returns the instructions compared. */
static uint64_t lockstep(uint64_t seed, enum machine_engine engine) {
  static struct ref f, saved;
  struct random g = random_of(seed);
  const uint32_t tlb_entries = chance(&g, 30) ? 2 + below(&g, 6) : 0;
  const struct machine_config config = {.ram_bytes = REF_RAM, .tlb_entries = tlb_entries, .engine = engine};
  struct pair p = {.m = machine_new(&config), .f = &f, .saved = &saved};
  if (!p.m && errno == ENOTSUP) skip();
  assert_non_null(p.m);
  make_program(&g, &f, machine_tlb_entries(p.m));
  machine_poke(p.m, PHYSICAL, 0, f.ram, sizeof f.ram);
  machine_set_regs(p.m, &f.r);
  machine_console_output(p.m, put, &p);
  for (int piece = 0; piece < PIECES; piece++) {
    const uint64_t n = 1 + below(&g, chance(&g, 30) ? 5 : 600), until = f.r.tick + 1 + below(&g, 900);
    const enum machine_exit a = machine_run(p.m, &(struct machine_limits){.insns = n, .until_tick = until});
    const enum machine_exit b = ref_run(&f, n, until, UINT64_MAX);
    if (!agree(&g, &p, a, b)) {
      describe(&p, seed);
      fail();
    }
    meddle(&g, &p);
  }
  assert_true(same_regs(&p) && same_tlb(&p) && same_ram(&p));
  machine_snapshot_free(p.snapshot);
  machine_free(p.m);
  return f.retired;
}

static void random_programs(enum machine_engine engine) {
  const char *seed = getenv("TRAPEZE_SEED"), *programs = getenv("TRAPEZE_PROGRAMS");
  const uint64_t n = programs ? strtoull(programs, NULL, 0) : PROGRAMS;
  uint64_t retired = 0;
  if (seed) {
    lockstep(strtoull(seed, NULL, 0), engine);
    return;
  }
  for (uint64_t i = 0; i < n; i++) retired += lockstep(i, engine);
  print_message("# %llu instructions compared\n", (unsigned long long)retired);
  assert_true(retired > n * 1000); /* the programs live long enough to mean something */
}

static void random_programs_interpreted(void **state) {
  (void)state;
  random_programs(ENGINE_INTERP);
}
static void random_programs_translated(void **state) {
  (void)state;
  random_programs(ENGINE_JIT);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(random_programs_interpreted),
                                     cmocka_unit_test(random_programs_translated)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
