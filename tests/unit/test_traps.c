/* test_traps.c - privileged state: what each trap saves, priority, TIMER, rfe, wait, check-stop. */
#include <stdio.h>

#include "kit.h"

#define USER (ST_U | 0x2A00) /* user mode, ASID 0x2A, not translated */

static void with_machine(void (*test)(struct machine *m)) {
  struct machine *m = new_machine();
  test(m);
  machine_free(m);
}
#define TEST(name)                          \
  static void name##_on(struct machine *m); \
  static void name(void **state) {          \
    (void)state;                            \
    with_machine(name##_on);                \
  }                                         \
  static void name##_on(struct machine *m)

/* ---- traps ---- */

TEST(reset_state) {
  struct machine *fresh = machine_new(&(struct machine_config){.ram_bytes = RAM_BYTES});
  const struct machine_regs r = regs(fresh);
  for (int i = 0; i < 32; i++) assert_int_equal(r.x[i], 0);
  assert_int_equal(r.pc | r.status | r.timer | r.tick, 0);
  assert_int_equal(machine_retired(fresh), 0);
  assert_int_equal(machine_tlb_pointer(fresh), 0);
  for (uint32_t i = 0; i < machine_tlb_entries(fresh); i++) assert_false(machine_tlb_get(fresh, i).valid);
  machine_free(fresh);
  assert_int_equal(
      machine_tlb_entries(m) == MACHINE_TLB_ENTRIES || machine_tlb_entries(m) == MACHINE_TLB_TINY, 1);
}

TEST(syscall_retires_and_saves_the_next_pc) {
  PROGRAM(m, IMAGE_BASE, OP(syscall));
  enter(m, IMAGE_BASE, USER | ST_IE | ST_T, 7);
  enter(m, IMAGE_BASE, USER | ST_IE, 7);
  step(m, 1);
  assert_trap(m, CAUSE_SYSCALL, IMAGE_BASE + 4, USER | ST_IE, 0, OP(syscall));
  assert_int_equal(peek(m, LC_TIMER), 6);
  assert_int_equal(regs(m).pc, HANDLER);
  assert_int_equal(regs(m).status, 0x2A00); /* kernel, interrupts and translation off, same ASID */
  assert_int_equal(regs(m).timer, 6);
  assert_int_equal(regs(m).tick, 1);
}

TEST(hcall_and_break_trap_in_both_modes) {
  PROGRAM(m, IMAGE_BASE, OP(hcall), OP(break));
  step(m, 1);
  assert_trap(m, CAUSE_HCALL, IMAGE_BASE + 4, 0, 0, OP(hcall));
  enter(m, IMAGE_BASE + 4, USER, 0);
  step(m, 1);
  assert_trap(m, CAUSE_BREAK, IMAGE_BASE + 8, USER, 0, OP(break));
}

TEST(faults_do_not_retire) {
  PROGRAM(m, IMAGE_BASE, 0);
  enter(m, IMAGE_BASE, 0, 9);
  step(m, 1); /* the handler's jump is the one that retires */
  assert_trap(m, CAUSE_ILLEGAL, IMAGE_BASE, 0, 0, 0);
  assert_int_equal(peek(m, LC_TIMER), 9);
  assert_int_equal(regs(m).timer, 8);
  assert_int_equal(regs(m).tick, 1);
}

TEST(reserved_bits_are_illegal_in_both_modes) {
  const uint32_t word = OP(fence) | 1;
  PROGRAM(m, IMAGE_BASE, word);
  step(m, 1);
  assert_trap(m, CAUSE_ILLEGAL, IMAGE_BASE, 0, 0, word);
  enter(m, IMAGE_BASE, USER, 0);
  step(m, 1);
  assert_trap(m, CAUSE_ILLEGAL, IMAGE_BASE, USER, 0, word);
}

TEST(six_instructions_are_privileged) {
  const uint32_t words[] = {insn(PG32_mfst, 5, 0, 0, 0), insn(PG32_mtst, 0, 5, 0, 0), OP(rfe),
                            insn(PG32_tlbw, 0, 5, 6, 0), insn(PG32_tlbi, 0, 5, 0, 1), OP(wait)};
  for (int i = 0; i < 6; i++) {
    poke(m, IMAGE_BASE, words[i]);
    enter(m, IMAGE_BASE, USER, 0);
    set_x(m, 5, 0x55);
    step(m, 1);
    assert_trap(m, CAUSE_PRIVILEGED, IMAGE_BASE, USER, 0, words[i]);
    assert_int_equal(x(m, 5), 0x55);
  }
  assert_false(machine_tlb_get(m, 0).valid);
}

TEST(misaligned_data_comes_before_the_tlb) {
  PROGRAM(m, IMAGE_BASE, LD(lw, T0, 2, S0), ST(sh, T0, 1, S0));
  set_x(m, S0, 0x8000);
  step(m, 1);
  assert_trap(m, CAUSE_LOAD_MISALIGNED, IMAGE_BASE, 0, 0x8002, LD(lw, T0, 2, S0));
  enter(m, IMAGE_BASE + 4, 0, 0);
  step(m, 1);
  assert_trap(m, CAUSE_STORE_MISALIGNED, IMAGE_BASE + 4, 0, 0x8001, ST(sh, T0, 1, S0));
}

TEST(misaligned_jump_faults_at_the_jump) {
  const uint32_t word = RRI(jalr, RA, T0, 0);
  PROGRAM(m, IMAGE_BASE, word);
  set_x(m, T0, 0x2003); /* bit 0 is cleared, bit 1 is not */
  set_x(m, RA, 0x77);
  enter(m, IMAGE_BASE, 0, 4);
  step(m, 1);
  assert_trap(m, CAUSE_FETCH_MISALIGNED, IMAGE_BASE, 0, 0x2002, word);
  assert_int_equal(x(m, RA), 0x77);
  assert_int_equal(peek(m, LC_TIMER), 4);
}

TEST(jalr_clears_bit_zero_and_reads_before_it_writes) {
  PROGRAM(m, IMAGE_BASE, RRI(jalr, T0, T0, 4));
  set_x(m, T0, 0x2001);
  step(m, 1);
  assert_int_equal(regs(m).pc, 0x2004);
  assert_int_equal(x(m, T0), IMAGE_BASE + 4);
}

TEST(misaligned_pc_faults_before_the_fetch) {
  PROGRAM(m, 0x2000, OP(fence), OP(fence));
  enter(m, 0x2000, 0, 0);
  step(m, 1); /* the page is known */
  enter(m, IMAGE_BASE, 0, 0);
  poke(m, LC_PC, 0x2002);
  poke(m, LC_TIMER, 5);
  PROGRAM(m, IMAGE_BASE, OP(rfe));
  step(m, 2); /* the rfe and the handler's jump */
  assert_trap(m, CAUSE_FETCH_MISALIGNED, 0x2002, 0, 0x2002, 0);
  assert_int_equal(peek(m, LC_TIMER), 5);
}

TEST(bus_errors) {
  static const struct {
    uint32_t base;
    enum pg32_id id;
  } bad[] = {{RAM_BYTES, PG32_lw},
             {RAM_BYTES, PG32_sb},
             {DEV_END, PG32_lw},
             {DEV_CONSOLE, PG32_lbu},
             {DEV_CONSOLE, PG32_sh},
             {DEV_CONSOLE + 12, PG32_lw},
             {DEV_CONSOLE + 4, PG32_sw},
             {DEV_BLOCK + BLOCK_CMD, PG32_lw},
             {DEV_BLOCK + BLOCK_SIZE, PG32_sw},
             {DEV_CLOCK, PG32_sw},
             {DEV_POWER, PG32_lw},
             {DEV_POWER + 4, PG32_sw},
             {DEV_FACTS, PG32_sw},
             {DEV_FACTS + 0x20, PG32_lw},
             {0xFFFFFFFC, PG32_lw}};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    const bool store = pg32_row(bad[i].id)->shape == PG32_SHAPE_STORE;
    const uint32_t word = insn(bad[i].id, store ? 0 : T0, S0, store ? T0 : 0, 0);
    poke(m, IMAGE_BASE, word);
    enter(m, IMAGE_BASE, 0, 0);
    set_x(m, S0, bad[i].base);
    step(m, 1);
    assert_trap(m, store ? CAUSE_STORE_BUS : CAUSE_LOAD_BUS, IMAGE_BASE, 0, bad[i].base, word);
  }
}

TEST(fetching_where_no_ram_is) {
  static const uint32_t where[] = {RAM_BYTES, DEV_CONSOLE, 0xFFFFFFFC};
  for (int i = 0; i < 3; i++) {
    enter(m, where[i], 0, 0);
    step(m, 1);
    assert_trap(m, CAUSE_FETCH_BUS, where[i], 0, where[i], 0);
  }
}

TEST(running_off_a_page_and_off_ram) {
  PROGRAM(m, 0x1FFC, OP(fence), RRI(addi, T0, ZERO, 3));
  enter(m, 0x1FFC, 0, 0);
  step(m, 2);
  assert_int_equal(x(m, T0), 3);
  PROGRAM(m, RAM_BYTES - 4, OP(fence));
  enter(m, RAM_BYTES - 4, 0, 0);
  step(m, 2);
  assert_trap(m, CAUSE_FETCH_BUS, RAM_BYTES, 0, RAM_BYTES, 0);
}

/* ---- TIMER ---- */

#define COUNT(m) PROGRAM(m, IMAGE_BASE, RRI(addi, T0, T0, 1), JAL(ZERO, -4))

TEST(timer_lets_exactly_n_instructions_run) {
  COUNT(m);
  for (uint32_t n = 1; n < 40; n++) {
    poke(m, LC_PC, IMAGE_BASE);
    poke(m, LC_STATUS, USER | ST_IE);
    poke(m, LC_TIMER, n);
    poke(m, 0x2000, OP(rfe));
    enter(m, 0x2000, 0, 0);
    const uint64_t before = machine_retired(m);
    step(m, 1 + n + 1); /* rfe, n of them, the handler's jump */
    assert_int_equal(machine_retired(m) - before, n + 2);
    assert_trap(m, CAUSE_TIMER, n % 2 ? IMAGE_BASE + 4 : IMAGE_BASE, USER | ST_IE, 0, 0);
    assert_int_equal(peek(m, LC_TIMER), 0);
  }
}

TEST(timer_sticks_at_zero_and_waits_for_ie) {
  COUNT(m);
  enter(m, IMAGE_BASE, 0, 3);
  step(m, 100);
  assert_int_equal(regs(m).timer, 0);
  PROGRAM(m, 0x2000, insn(PG32_mtst, 0, T1, 0, 0), OP(fence));
  enter(m, 0x2000, 0, 0);
  set_x(m, T1, ST_IE);
  step(m, 2); /* mtst takes effect before the next instruction: the second is the handler's */
  assert_trap(m, CAUSE_TIMER, 0x2004, ST_IE, 0, 0);
}

TEST(rfe_with_timer_zero_and_ie_interrupts_at_once) {
  poke(m, LC_PC, IMAGE_BASE);
  poke(m, LC_STATUS, ST_IE);
  poke(m, 0x2000, OP(rfe));
  enter(m, 0x2000, 0, 1000);
  step(m, 2);
  assert_trap(m, CAUSE_TIMER, IMAGE_BASE, ST_IE, 0, 0);
}

TEST(rfe_masks_status_and_loads_timer_undiminished) {
  poke(m, LC_PC, IMAGE_BASE);
  poke(m, LC_STATUS, 0xFFFFFFFF & ~(uint32_t)ST_T);
  poke(m, LC_TIMER, 77);
  poke(m, 0x2000, OP(rfe));
  enter(m, 0x2000, 0, 0);
  step(m, 1);
  assert_int_equal(regs(m).pc, IMAGE_BASE);
  assert_int_equal(regs(m).status, ST_U | ST_IE | 0xFF00);
  assert_int_equal(regs(m).timer, 77);
}

TEST(mtst_and_mfst) {
  PROGRAM(m, IMAGE_BASE, insn(PG32_mtst, 0, T0, 0, 0), insn(PG32_mfst, T1, 0, 0, 0));
  set_x(m, T0, 0xFFFF12F8); /* only the ASID's bits exist */
  step(m, 2);
  assert_int_equal(x(m, T1), 0x1200);
}

TEST(interrupts_come_before_faults) {
  assert_true(machine_console_input(m, 0, "a", 1));
  PROGRAM(m, IMAGE_BASE, ST(sw, T0, CONSOLE_CTRL, S0));
  set_x(m, S0, DEV_CONSOLE);
  set_x(m, T0, CONSOLE_RX_IE);
  step(m, 1);
  enter(m, 0x2002, ST_IE, 0); /* timer, device and a misaligned pc */
  step(m, 1);
  assert_trap(m, CAUSE_TIMER, 0x2002, ST_IE, 0, 0);
  enter(m, 0x2002, ST_IE, 5);
  step(m, 1);
  assert_trap(m, CAUSE_DEVICE, 0x2002, ST_IE, 0, 0);
  enter(m, 0x2002, 0, 5);
  step(m, 1);
  assert_trap(m, CAUSE_FETCH_MISALIGNED, 0x2002, 0, 0x2002, 0);
}

/* The timer runs out with the jump that leads nowhere: the interrupt wins. */
TEST(timer_comes_before_the_fetch_fault_of_a_jump) {
  PROGRAM(m, IMAGE_BASE, OP(fence), RRI(jalr, ZERO, T0, 0));
  set_x(m, T0, 0x80000000);
  enter(m, IMAGE_BASE, ST_IE, 2);
  step(m, 3);
  assert_trap(m, CAUSE_TIMER, 0x80000000, ST_IE, 0, 0);
}

/* ---- wait ---- */

TEST(wait_skips_to_the_timer_then_retires) {
  PROGRAM(m, IMAGE_BASE, OP(wait), OP(fence));
  enter(m, IMAGE_BASE, ST_IE, 1000);
  step(m, 1);
  assert_int_equal(regs(m).tick, 1001);
  assert_int_equal(regs(m).timer, 0);
  assert_int_equal(regs(m).pc, IMAGE_BASE + 4);
  assert_int_equal(machine_retired(m), 1);
  step(m, 1);
  assert_trap(m, CAUSE_TIMER, IMAGE_BASE + 4, ST_IE, 0, 0);
}

TEST(wait_with_timer_zero_retires_at_once) {
  PROGRAM(m, IMAGE_BASE, OP(wait));
  assert_int_equal(machine_idle_ticks(m), 0);
  step(m, 1);
  assert_int_equal(regs(m).tick, 1);
  assert_int_equal(regs(m).timer, 0);
}

TEST(wait_ends_at_input_only_if_it_interrupts) {
  PROGRAM(m, IMAGE_BASE, ST(sw, T0, CONSOLE_CTRL, S0), OP(wait), OP(wait));
  set_x(m, S0, DEV_CONSOLE);
  set_x(m, T0, CONSOLE_RX_IE);
  assert_true(machine_console_input(m, 400, "a", 1));
  enter(m, IMAGE_BASE, 0, 1000);
  struct machine_snapshot *s = machine_snapshot(m);
  step(m, 2);
  assert_int_equal(regs(m).tick, 401);
  assert_int_equal(regs(m).timer, 599);
  step(m, 1); /* still pending: at once */
  assert_int_equal(regs(m).tick, 402);
  machine_restore(m, s);
  set_x(m, T0, 0);
  step(m, 2);
  assert_int_equal(regs(m).tick, 1001);
  machine_snapshot_free(s);
}

TEST(wait_cut_in_pieces_is_the_same) {
  PROGRAM(m, IMAGE_BASE, OP(wait), OP(fence));
  enter(m, IMAGE_BASE, ST_IE, 1000);
  struct machine_snapshot *s = machine_snapshot(m);
  step(m, 2);
  const uint64_t whole = machine_hash(m);
  for (uint64_t cut = 1; cut < 1003; cut += 1 + cut / 7) {
    machine_restore(m, s);
    assert_int_equal(machine_run(m, &(struct machine_limits){.insns = 2, .until_tick = cut}), EXIT_LIMIT);
    assert_int_equal(regs(m).tick, cut);
    step(m, 2 - machine_retired(m));
    assert_int_equal(machine_hash(m), whole);
  }
  machine_restore(m, s);
  assert_int_equal(machine_run(m, &(struct machine_limits){.insns = 2, .until_tick = 1000}), EXIT_LIMIT);
  assert_int_equal(regs(m).timer, 0); /* time is up but the wait has not retired: no interrupt yet */
  assert_int_equal(machine_retired(m), 0);
  machine_snapshot_free(s);
  s = machine_snapshot(m); /* in the middle */
  step(m, 1);
  assert_int_equal(regs(m).pc, IMAGE_BASE + 4);
  step(m, 1);
  machine_restore(m, s);
  step(m, 1);
  assert_int_equal(regs(m).pc, IMAGE_BASE + 4);
  machine_snapshot_free(s);
}

TEST(pause_when_idle) {
  const struct machine_limits limits = {UINT64_MAX, UINT64_MAX, true};
  PROGRAM(m, IMAGE_BASE, OP(wait), OP(fence));
  enter(m, IMAGE_BASE, ST_IE, 1000);
  assert_int_equal(machine_run(m, &limits), EXIT_IDLE);
  assert_int_equal(regs(m).tick, 0);
  assert_int_equal(machine_idle_ticks(m), 1000);
  machine_idle(m, 300);
  assert_int_equal(regs(m).tick, 300);
  assert_int_equal(regs(m).timer, 700);
  assert_int_equal(machine_run(m, &limits), EXIT_IDLE);
  machine_idle(m, 5000); /* at most what there is */
  assert_int_equal(regs(m).tick, 1000);
  step(m, 2);
  assert_trap(m, CAUSE_TIMER, IMAGE_BASE + 4, ST_IE, 0, 0);
}

/* ---- check-stop ---- */

TEST(a_vector_that_faults_check_stops) {
  char text[300];
  poke(m, LC_VECTOR, 0x80000000);
  PROGRAM(m, IMAGE_BASE, OP(fence), 0);
  assert_int_equal(run(m, 100), EXIT_CHECKSTOP);
  assert_trap(m, CAUSE_ILLEGAL, IMAGE_BASE + 4, 0, 0, 0); /* low core tells of the first trap */
  assert_int_equal(regs(m).pc, 0x80000000);
  assert_int_equal(regs(m).tick, 1);
  machine_checkstop_text(m, text, sizeof text);
  assert_string_equal(text,
                      "check-stop: bus error on fetch at pc 0x80000000 (bad address 0x80000000) right after "
                      "a trap (illegal instruction at pc 0x00001004); the trap vector E[0x18] is 0x80000000");
  assert_int_equal(run(m, 100), EXIT_CHECKSTOP);
  assert_int_equal(regs(m).tick, 1);
}

TEST(one_retired_instruction_between_traps_is_enough) {
  PROGRAM(m, HANDLER, OP(fence), 0);
  PROGRAM(m, IMAGE_BASE, 0);
  assert_int_equal(run(m, 1000), EXIT_LIMIT);
  PROGRAM(m, HANDLER, OP(syscall)); /* retires, then traps: for ever, but bounded by the limit */
  enter(m, HANDLER, 0, 0);
  step(m, 1000);
}

TEST(an_interrupt_counts_as_the_trap_before) {
  poke(m, HANDLER, 0);
  enter(m, IMAGE_BASE, ST_IE, 0);
  assert_int_equal(run(m, 10), EXIT_CHECKSTOP);
  assert_int_equal(peek(m, LC_CAUSE), CAUSE_TIMER);
}

/* ---- the leaky variant ---- */

static void leaky_holes(void **state) {
  (void)state;
  struct machine *m = new_machine_with((struct machine_config){.cpu = CPU_LEAKY});
  PROGRAM(m, IMAGE_BASE, insn(PG32_mtst, 0, ZERO, 0, 0), insn(PG32_mfst, T0, 0, 0, 0), OP(rfe));
  enter(m, IMAGE_BASE, USER, 0);
  step(m, 2);
  assert_int_equal(x(m, T0), USER);
  assert_int_equal(regs(m).status, USER);
  step(m, 1);
  assert_trap(m, CAUSE_PRIVILEGED, IMAGE_BASE + 8, USER, 0, OP(rfe));
  enter(m, IMAGE_BASE, 0x100, 0);
  step(m, 2);
  assert_int_equal(x(m, T0), 0);
  machine_free(m);
}

/* ---- the CPUs of labs ---- */

static void numbers_of_cpus(void **state) {
  static const enum machine_cpu bad[] = {CPU_HOLE,
                                         CPU_WITH(CPU_HOLE, 8),
                                         CPU_WITH(CPU_LEAKY, 1),
                                         CPU_WITH(CPU_NEST, 14),
                                         CPU_WITH(CPU_SPARE, 256),
                                         (enum machine_cpu)CPU_KINDS,
                                         CPU_PLUS(CPU_LEAKY, CPU_WITH(CPU_NEST, 8)),
                                         CPU_PLUS(CPU_WITH(CPU_NEST, 8), CPU_WITH(CPU_SPARE, 7)),
                                         CPU_PLUS(CPU_WITH(CPU_NEST, 8), CPU_WITH(CPU_NEST, 9))};
  (void)state;
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
    assert_null(machine_new(&(struct machine_config){.cpu = bad[i], .ram_bytes = PAGE_SIZE}));
}

static void one_hole(void **state) {
  static const uint32_t in[] = {CAUSE_NONE, PG32_mfst, PG32_mfst, PG32_mtst,
                                PG32_tlbw,  PG32_tlbi, PG32_wait, PG32_rfe};
  (void)state;
  for (unsigned n = 1; n < sizeof in / sizeof *in; n++)
    for (unsigned k = 2; k < sizeof in / sizeof *in; k++) {
      struct machine *m = new_machine_with((struct machine_config){.cpu = CPU_WITH(CPU_HOLE, n)});
      const bool hole = in[n] == in[k];
      poke(m, IMAGE_BASE, insn((enum pg32_id)in[k], in[k] == PG32_mfst ? T0 : 0, 0, 0, 0));
      enter(m, IMAGE_BASE, USER, 50);
      step(m, 1);
      assert_int_equal(peek(m, LC_CAUSE), hole ? CAUSE_NONE : CAUSE_PRIVILEGED);
      assert_int_equal(regs(m).pc, hole ? IMAGE_BASE + 4 : HANDLER);
      assert_int_equal(x(m, T0), hole && n == 1 ? USER : 0);
      if (hole) assert_int_equal(regs(m).timer, 49);
      machine_free(m);
    }
}

static void old_psws_nest(void **state) {
  (void)state;
  struct machine *m = new_machine_with((struct machine_config){.cpu = CPU_WITH(CPU_NEST, 9)});
  PROGRAM(m, IMAGE_BASE, OP(syscall));
  PROGRAM(m, HANDLER, OP(rfe));
  enter(m, IMAGE_BASE, USER, 50);
  for (uint32_t at = 0; at < 12; at += 4) poke(m, at, 0x1000 + at);
  step(m, 1);
  assert_int_equal(peek(m, LC_PC), IMAGE_BASE + 4);
  for (uint32_t at = 0; at < 12; at += 4) assert_int_equal(peek(m, 36 + at), 0x1000 + at);
  step(m, 1);
  assert_int_equal(regs(m).pc, IMAGE_BASE + 4);
  for (uint32_t at = 0; at < 12; at += 4) assert_int_equal(peek(m, at), 0x1000 + at);
  machine_free(m);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(reset_state),
                                     cmocka_unit_test(syscall_retires_and_saves_the_next_pc),
                                     cmocka_unit_test(hcall_and_break_trap_in_both_modes),
                                     cmocka_unit_test(faults_do_not_retire),
                                     cmocka_unit_test(reserved_bits_are_illegal_in_both_modes),
                                     cmocka_unit_test(six_instructions_are_privileged),
                                     cmocka_unit_test(misaligned_data_comes_before_the_tlb),
                                     cmocka_unit_test(misaligned_jump_faults_at_the_jump),
                                     cmocka_unit_test(jalr_clears_bit_zero_and_reads_before_it_writes),
                                     cmocka_unit_test(misaligned_pc_faults_before_the_fetch),
                                     cmocka_unit_test(bus_errors),
                                     cmocka_unit_test(fetching_where_no_ram_is),
                                     cmocka_unit_test(running_off_a_page_and_off_ram),
                                     cmocka_unit_test(timer_lets_exactly_n_instructions_run),
                                     cmocka_unit_test(timer_sticks_at_zero_and_waits_for_ie),
                                     cmocka_unit_test(rfe_with_timer_zero_and_ie_interrupts_at_once),
                                     cmocka_unit_test(rfe_masks_status_and_loads_timer_undiminished),
                                     cmocka_unit_test(mtst_and_mfst),
                                     cmocka_unit_test(interrupts_come_before_faults),
                                     cmocka_unit_test(timer_comes_before_the_fetch_fault_of_a_jump),
                                     cmocka_unit_test(wait_skips_to_the_timer_then_retires),
                                     cmocka_unit_test(wait_with_timer_zero_retires_at_once),
                                     cmocka_unit_test(wait_ends_at_input_only_if_it_interrupts),
                                     cmocka_unit_test(wait_cut_in_pieces_is_the_same),
                                     cmocka_unit_test(pause_when_idle),
                                     cmocka_unit_test(a_vector_that_faults_check_stops),
                                     cmocka_unit_test(one_retired_instruction_between_traps_is_enough),
                                     cmocka_unit_test(an_interrupt_counts_as_the_trap_before),
                                     cmocka_unit_test(leaky_holes),
                                     cmocka_unit_test(numbers_of_cpus),
                                     cmocka_unit_test(one_hole),
                                     cmocka_unit_test(old_psws_nest)};
  return RUN_ON_EACH_ENGINE(tests);
}
