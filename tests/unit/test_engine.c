/* test_engine.c - what the engine's caches and counting must not show: self-modifying code, DMA and pokes
 * into code, limits at every place, both copies alike, stopping. */
#include "kit.h"

/* A loop that stores `patch` over the instruction `ahead` words after the store. */
static void patched_next_instruction(void **state) {
  (void)state;
  for (int ahead = 1; ahead < 6; ahead++)
    for (uint64_t limit = 1; limit < 12; limit++) { /* cut runs too */
      struct machine *m = new_machine();
      PROGRAM(m, IMAGE_BASE, ST(sw, T1, 4 * ahead, S0), RRI(addi, T0, ZERO, 1), RRI(addi, T0, ZERO, 2),
              RRI(addi, T0, ZERO, 3), RRI(addi, T0, ZERO, 4), RRI(addi, T0, ZERO, 5), JAL(ZERO, 0));
      step(m, 1), enter(m, IMAGE_BASE + 4, 0, 0), step(m, 6); /* all of it is decoded */
      set_x(m, S0, IMAGE_BASE);
      set_x(m, T1, RRI(addi, T2, ZERO, 99));
      poke(m, IMAGE_BASE + 4 * ahead, RRI(addi, T0, ZERO, ahead));
      enter(m, IMAGE_BASE, 0, 0);
      step(m, limit);
      assert_int_equal(x(m, T2), limit > (uint64_t)ahead ? 99 : 0);
      machine_free(m);
    }
}

/* A straight run changed into a branch and back: the counts of those before it change with it. */
static void patched_run_lengths(void **state) {
  (void)state;
  struct machine *m = new_machine();
  for (uint32_t i = 0; i < 50; i++) poke(m, IMAGE_BASE + 4 * i, RRI(addi, T0, T0, 1));
  poke(m, IMAGE_BASE + 200, JAL(ZERO, -200));
  step(m, 102);
  for (uint32_t i = 0; i < 50; i++) {
    poke(m, IMAGE_BASE + 4 * i, BR(beq, ZERO, ZERO, 8));
    enter(m, IMAGE_BASE, 0, 0);
    set_x(m, T0, 0);
    step(m, i == 49 ? 50 : 50 - (i < 49)); /* one lap: the branch instead of two, or of the last */
    assert_int_equal(x(m, T0), i == 49 ? 49 : 48);
    poke(m, IMAGE_BASE + 4 * i, RRI(addi, T0, T0, 1));
  }
  machine_free(m);
}

static void byte_stores_and_aliases(void **state) {
  (void)state;
  struct machine *m = new_machine_with((struct machine_config){.tlb_entries = 4});
  map(m, 0x10000, 7, 0x5000, TLB_X);
  map(m, 0x20000, 7, 0x5000, TLB_R | TLB_W); /* stored to under another name */
  PROGRAM(m, 0x5000, RRI(addi, T0, ZERO, 1), ST(sb, T1, 0, S0), JAL(ZERO, -8));
  set_x(m, S0, 0x20000);
  set_x(m, T1, 0x2A);
  enter(m, 0x10000, ST_T | 0x0700, 0);
  step(m, 4);
  assert_int_equal(x(m, T0), 0x2A);
  machine_free(m);
}

static void data_beside_code(void **state) {
  (void)state;
  struct machine *m = new_machine(); /* many stores into the page that runs, none into its code */
  PROGRAM(m, IMAGE_BASE, RRI(addi, T0, T0, 1), ST(sw, T0, 0x800, S0), LD(lw, T1, 0x800, S0),
          BR(beq, T0, T1, -12));
  set_x(m, S0, IMAGE_BASE);
  step(m, 40000);
  assert_int_equal(x(m, T0), 10000);
  assert_int_equal(peek(m, IMAGE_BASE + 0x800), 10000);
  machine_free(m);
}

static void dma_into_code(void **state) {
  (void)state;
  uint32_t disk[128] = {RRI(addi, T0, ZERO, 7), JAL(ZERO, 0)};
  struct machine *m = new_machine_with((struct machine_config){.disk = disk, .disk_bytes = sizeof disk});
  PROGRAM(m, 0x2000, RRI(addi, T0, ZERO, 1), JAL(ZERO, 0));
  enter(m, 0x2000, 0, 0);
  step(m, 5);
  PROGRAM(m, IMAGE_BASE, ST(sw, T1, BLOCK_ADDR, S0), ST(sw, T2, BLOCK_COUNT, S0), ST(sw, T2, BLOCK_CMD, S0),
          RRI(jalr, ZERO, T1, 0));
  set_x(m, S0, DEV_BLOCK);
  set_x(m, T1, 0x2000);
  set_x(m, T2, 1);
  enter(m, IMAGE_BASE, 0, 0);
  step(m, 6);
  assert_int_equal(x(m, T0), 7);
  machine_free(m);
}

/* A trap writes low core; code there is seen changed. */
static void code_in_low_core(void **state) {
  (void)state;
  struct machine *m = new_machine();
  poke(m, LC_VECTOR, LC_CAUSE);
  poke(m, LC_CAUSE, OP(fence));
  enter(m, LC_CAUSE, 0, 0); /* decodes it */
  poke(m, LC_BADVA, JAL(ZERO, 0));
  step(m, 3);
  enter(m, IMAGE_BASE, 0, 0); /* word 0: illegal; then the cause, 7, as an instruction: illegal too */
  assert_int_equal(run(m, 10), EXIT_CHECKSTOP);
  assert_int_equal(peek(m, LC_CAUSE), CAUSE_ILLEGAL);
  machine_free(m);
}

/* Runs of any length, stopped after each number of instructions, from each place. */
static void limits_are_exact(void **state) {
  (void)state;
  struct machine *m = new_machine();
  for (uint32_t i = 0; i < 30; i++) poke(m, IMAGE_BASE + 4 * i, RRI(addi, T0, T0, 1));
  poke(m, IMAGE_BASE + 120, JAL(ZERO, -120));
  for (uint32_t start = 0; start < 31; start += 3)
    for (uint32_t n = 0; n < 70; n++) {
      enter(m, IMAGE_BASE + 4 * start, 0, 0);
      const uint64_t tick = regs(m).tick;
      step(m, n);
      assert_int_equal(regs(m).pc, IMAGE_BASE + 4 * ((start + n) % 31));
      assert_int_equal(regs(m).tick, tick + n);
      enter(m, IMAGE_BASE + 4 * start, 0, 0);
      machine_run(m, &(struct machine_limits){.insns = UINT64_MAX, .until_tick = tick + 2 * n});
      assert_int_equal(regs(m).pc, IMAGE_BASE + 4 * ((start + n) % 31));
    }
  machine_free(m);
}

/* ---- arithmetic at its edges ---- */

static void division_never_traps(void **state) {
  (void)state;
  static const struct {
    enum pg32_id id;
    uint32_t a, b, result;
  } edge[] = {{PG32_div, 7, 0, 0xFFFFFFFF},  {PG32_div, 0x80000000, 0xFFFFFFFF, 0x80000000},
              {PG32_div, -7u, 2, -3u},       {PG32_div, 7, -1u, -7u},
              {PG32_divu, 7, 0, 0xFFFFFFFF}, {PG32_divu, -7u, 2, 0x7FFFFFFC},
              {PG32_rem, 7, 0, 7},           {PG32_rem, 0x80000000, 0xFFFFFFFF, 0},
              {PG32_rem, -7u, 2, -1u},       {PG32_rem, 7, -2u, 1},
              {PG32_rem, 7, -1u, 0},         {PG32_remu, 7, 0, 7},
              {PG32_remu, -7u, 4, 1},        {PG32_mulh, -1u, -1u, 0},
              {PG32_mulhu, -1u, -1u, -2u},   {PG32_mulhsu, -1u, -1u, -1u},
              {PG32_sll, 1, 33, 2},          {PG32_sra, 0x80000000, 63, -1u},
              {PG32_srl, 0x80000000, 63, 1}};
  struct machine *m = new_machine();
  for (size_t i = 0; i < sizeof edge / sizeof *edge; i++) {
    poke(m, IMAGE_BASE, insn(edge[i].id, T0, T1, T2, 0));
    enter(m, IMAGE_BASE, 0, 0);
    set_x(m, T1, edge[i].a);
    set_x(m, T2, edge[i].b);
    step(m, 1);
    assert_int_equal(x(m, T0), edge[i].result);
  }
  machine_free(m);
}

/* ---- observers ---- */

struct seen {
  unsigned trap, rfe, tlbw, tlbi, device, mark, insn;
  struct machine_trap last;
  struct machine_device_access access;
  uint32_t words[8];
  unsigned stop_at;
};
static void on_trap(void *arg, struct machine *m, const struct machine_trap *trap) {
  struct seen *s = arg;
  s->trap++;
  s->last = *trap;
  assert_int_equal(regs(m).pc, HANDLER);
  assert_int_equal(peek(m, LC_CAUSE), trap->cause);
}
static void on_rfe(void *arg, struct machine *m) {
  ((struct seen *)arg)->rfe++;
  assert_int_equal(regs(m).pc, peek(m, LC_PC));
}
static void on_tlbw(void *arg, struct machine *m, uint32_t slot, uint32_t hi, uint32_t lo) {
  ((struct seen *)arg)->tlbw++;
  assert_int_equal(machine_tlb_get(m, slot).hi, hi);
  assert_int_equal(machine_tlb_get(m, slot).lo, lo);
}
static void on_tlbi(void *arg, struct machine *m, uint32_t hi, uint32_t scope) {
  (void)m;
  ((struct seen *)arg)->tlbi += hi == 0x5000 && scope == TLBI_PAGE;
}
static void on_device(void *arg, struct machine *m, const struct machine_device_access *access) {
  ((struct seen *)arg)->device++;
  ((struct seen *)arg)->access = *access;
  assert_int_equal(access->pc, regs(m).pc);
}
static void on_mark(void *arg, struct machine *m, uint32_t kind, uint32_t a, uint32_t b) {
  struct seen *s = arg;
  s->mark++;
  assert_true(kind == 3 && a == 0x5000 && b == 0x6007);
  if (s->stop_at == s->mark) machine_stop(m);
}
static void on_insn(void *arg, struct machine *m, uint32_t pc, uint32_t word) {
  struct seen *s = arg;
  assert_int_equal(pc, regs(m).pc);
  assert_int_equal(word, peek(m, pc));
  if (s->insn < 8) s->words[s->insn] = word;
  if (++s->insn == s->stop_at) machine_stop(m);
}

static const struct machine_observer all = {.trap = on_trap,
                                            .rfe = on_rfe,
                                            .tlbw = on_tlbw,
                                            .tlbi = on_tlbi,
                                            .device = on_device,
                                            .mark = on_mark,
                                            .insn = on_insn};

static void watched_program(struct machine *m) {
  PROGRAM(m, IMAGE_BASE, insn(PG32_tlbw, 0, S0, S1, 0), insn(PG32_tlbi, 0, S0, 0, TLBI_PAGE),
          insn(PG32_mark, 0, S0, S1, 3), ST(sw, S0, CONSOLE_CTRL, A0), OP(wait), OP(syscall), 0);
  PROGRAM(m, HANDLER, OP(rfe));
  set_x(m, S0, 0x5000);
  set_x(m, S1, 0x6007);
  set_x(m, A0, DEV_CONSOLE);
  enter(m, IMAGE_BASE, 0, 50);
}

static bool on_step(void *arg, struct machine *m) {
  struct seen *s = arg;
  (void)m;
  return ++s->insn == s->stop_at;
}

static void on_store(void *arg, struct machine *m, uint32_t pa, uint32_t n) {
  struct seen *s = arg;
  (void)m;
  if (s->insn < 8) s->words[s->insn++] = pa << 8 | n;
}

/* Steps: each instruction once, each trap that retires none, and a stop comes before the step it was wanted
 * for. */
static void steps_are_counted_and_asked_about(void **state) {
  (void)state;
  struct machine *m = new_machine();
  struct seen s = {.stop_at = 4};
  const struct machine_limits no_limits = {.insns = UINT64_MAX, .until_tick = UINT64_MAX};
  watched_program(m);
  machine_observe(m, &(struct machine_observer){.step = on_step, .arg = &s});
  assert_int_equal(machine_run(m, &no_limits), EXIT_STOPPED);
  assert_int_equal(machine_steps(m), 3);
  assert_int_equal(regs(m).pc, IMAGE_BASE + 12);
  s = (struct seen){.stop_at = 3}; /* the syscall, its rfe, the illegal word */
  machine_observe(m, &(struct machine_observer){.before_trap = on_step, .arg = &s});
  assert_int_equal(machine_run(m, &no_limits), EXIT_STOPPED);
  assert_int_equal(machine_steps(m), 7);
  assert_int_equal(machine_retired(m), 7);
  assert_int_equal(regs(m).pc, IMAGE_BASE + 24);
  assert_int_equal(machine_run_to(m, &no_limits, 8), EXIT_LIMIT);
  assert_int_equal(machine_retired(m), 7);
  assert_int_equal(regs(m).pc, HANDLER);
  assert_int_equal(machine_run_to(m, &no_limits, 8), EXIT_LIMIT);
  assert_int_equal(machine_steps(m), 8);
  machine_free(m);
}

/* Stores to a watched page are seen, also where the host TLB knew it; no others are. */
static void a_watched_page_reports_stores(void **state) {
  (void)state;
  struct machine *m = new_machine();
  struct seen s = {0};
  PROGRAM(m, IMAGE_BASE, ST(sw, T0, 4, S0), ST(sb, T0, 9, S0), ST(sw, T0, 0, S1), JAL(ZERO, -12));
  set_x(m, S0, 0x5000);
  set_x(m, S1, 0x6000);
  step(m, 8);
  machine_observe(m, &(struct machine_observer){.store = on_store, .arg = &s});
  machine_watch_page(m, 0x5678);
  step(m, 7);
  assert_int_equal(s.insn, 4);
  for (int i = 0; i < 4; i++) assert_int_equal(s.words[i], i % 2 ? 0x500901 : 0x500404);
  machine_watch_page(m, MACHINE_NO_PAGE);
  step(m, 8);
  assert_int_equal(s.insn, 4);
  machine_free(m);
}

static void observers_see_everything(void **state) {
  (void)state;
  struct machine *m = new_machine();
  struct seen s = {0};
  struct machine_observer observer = all;
  observer.arg = &s;
  machine_observe(m, &observer);
  watched_program(m);
  step(m, 8); /* six, the rfe, and the rfe after the illegal instruction */
  assert_int_equal(s.trap, 2);
  assert_int_equal(s.rfe, 2);
  assert_int_equal(s.tlbw, 1);
  assert_int_equal(s.tlbi, 1);
  assert_int_equal(s.mark, 1);
  assert_int_equal(s.device, 1);
  assert_int_equal(s.insn, 9); /* the illegal one too; the wait once, though it skipped */
  assert_int_equal(s.words[4], OP(wait));
  assert_int_equal(s.words[5], OP(syscall));
  assert_int_equal(s.last.cause, CAUSE_ILLEGAL);
  assert_int_equal(s.last.pc, IMAGE_BASE + 24);
  assert_int_equal(s.last.retired, 7);
  assert_true(s.access.store && s.access.addr == DEV_CONSOLE + CONSOLE_CTRL && s.access.value == 0x5000);
  machine_free(m);
}

static void watching_changes_nothing(void **state) {
  (void)state;
  struct machine *a = new_machine(), *b = new_machine();
  struct seen s = {0};
  struct machine_observer observer = all;
  observer.arg = &s;
  machine_observe(b, &observer);
  watched_program(a), watched_program(b);
  for (int i = 0; i < 20; i++) {
    run(a, 1), run(b, 1);
    assert_int_equal(machine_hash(a), machine_hash(b));
  }
  machine_free(a), machine_free(b);
}

/* An observer's stop takes effect at the very next boundary. */
static void stopping(void **state) {
  (void)state;
  struct machine *m = new_machine();
  struct seen s = {.stop_at = 3};
  machine_observe(m, &(struct machine_observer){.insn = on_insn, .arg = &s});
  watched_program(m);
  assert_int_equal(run(m, 100), EXIT_STOPPED);
  assert_int_equal(regs(m).pc, IMAGE_BASE + 12);
  assert_int_equal(machine_retired(m), 3);
  s = (struct seen){.stop_at = 1};
  machine_observe(m, &(struct machine_observer){.mark = on_mark, .arg = &s});
  enter(m, IMAGE_BASE, 0, 0);
  assert_int_equal(run(m, 100), EXIT_STOPPED);
  assert_int_equal(regs(m).pc, IMAGE_BASE + 12);
  machine_observe(m, NULL);
  machine_stop(m); /* asked for before the run */
  assert_int_equal(run(m, 100), EXIT_STOPPED);
  assert_int_equal(run(m, 1), EXIT_LIMIT);
  machine_free(m);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(patched_next_instruction),
                                     cmocka_unit_test(patched_run_lengths),
                                     cmocka_unit_test(byte_stores_and_aliases),
                                     cmocka_unit_test(data_beside_code),
                                     cmocka_unit_test(dma_into_code),
                                     cmocka_unit_test(code_in_low_core),
                                     cmocka_unit_test(limits_are_exact),
                                     cmocka_unit_test(division_never_traps),
                                     cmocka_unit_test(steps_are_counted_and_asked_about),
                                     cmocka_unit_test(a_watched_page_reports_stores),
                                     cmocka_unit_test(observers_see_everything),
                                     cmocka_unit_test(watching_changes_nothing),
                                     cmocka_unit_test(stopping)};
  return RUN_ON_EACH_ENGINE(tests);
}
