/* test_snapshot.c - a snapshot is the whole machine: what comes after a restore equals what came the first
 * time. */
#include "kit.h"

/* Uses everything: RAM, TLB, input, disk, clock, timer; runs for ever. */
static struct machine *busy_machine(void) {
  static const uint8_t disk[2048] = {1, 2, 3};
  struct machine *m =
      new_machine_with((struct machine_config){.tlb_entries = 5, .disk = disk, .disk_bytes = 2048});
  PROGRAM(m, HANDLER, LUI(S0, 0xF0000), LD(lw, A0, CONSOLE_DATA, S0), ST(sw, A0, 0x100, ZERO),
          LUI(S0, 0xF0001), RRI(addi, T0, ZERO, 1), ST(sw, T0, BLOCK_COUNT, S0), LUI(T1, 5),
          ST(sw, T1, BLOCK_ADDR, S0), RRI(addi, T0, ZERO, BLOCK_WRITE), ST(sw, T0, BLOCK_CMD, S0),
          LUI(S0, 0xF0002), LD(lw, A1, CLOCK_LO, S0), ST(sw, A1, 8, T1), insn(PG32_tlbw, 0, A1, A1, 0),
          RRI(addi, T0, ZERO, 13), ST(sw, T0, LC_TIMER, ZERO), OP(rfe));
  PROGRAM(m, IMAGE_BASE, LUI(S1, 6), RRR(add, S1, S1, T2), RRI(addi, T2, T2, 68), RRI(andi, T2, T2, 0xFFC),
          ST(sw, T2, 0, S1), OP(wait), JAL(ZERO, -24));
  for (int i = 0; i < 40; i++) assert_true(machine_console_input(m, (uint64_t)i * 100, "k", 1));
  machine_console_hangup(m, 4500);
  PROGRAM(m, 0x2000, LUI(S0, 0xF0000), RRI(addi, T0, ZERO, 1), ST(sw, T0, CONSOLE_CTRL, S0), OP(rfe));
  poke(m, LC_PC, IMAGE_BASE);
  poke(m, LC_STATUS, ST_IE);
  poke(m, LC_TIMER, 5);
  enter(m, 0x2000, 0, 0);
  return m;
}

static void replays_alike(void **state) {
  (void)state;
  struct machine *m = busy_machine();
  struct machine_snapshot *snapshot[20];
  uint64_t hash[21];
  for (int i = 0; i < 20; i++) {
    snapshot[i] = machine_snapshot(m);
    hash[i] = machine_hash(m);
    assert_int_equal(run(m, 97), EXIT_LIMIT);
    if (i) assert_int_not_equal(hash[i], hash[i - 1]);
  }
  hash[20] = machine_hash(m);
  for (int k = 0; k < 60; k++) { /* back and forth */
    const int i = k * 7 % 20;
    machine_restore(m, snapshot[i]);
    assert_int_equal(machine_hash(m), hash[i]);
    assert_int_equal(run(m, 97), EXIT_LIMIT);
    assert_int_equal(machine_hash(m), hash[i + 1]);
  }
  for (int i = 0; i < 20; i++) machine_snapshot_free(snapshot[i]);
  machine_free(m);
}

static void restores_into_another_machine(void **state) {
  (void)state;
  struct machine *a = busy_machine(), *b = busy_machine();
  run(a, 1000);
  poke(b, 0x9000, 0xBAD); /* a page that a has never written */
  struct machine_snapshot *s = machine_snapshot(a);
  machine_restore(b, s);
  machine_snapshot_free(s);
  assert_int_equal(machine_hash(a), machine_hash(b));
  assert_int_equal(peek(b, 0x9000), 0);
  run(a, 1000);
  machine_free(a);
  struct machine *c = busy_machine();
  run(b, 1000), run(c, 1000), run(c, 1000);
  assert_int_equal(machine_hash(b), machine_hash(c));
  machine_free(b), machine_free(c);
}

/* A snapshot in the middle does not change what it looks at, nor is it changed by what comes after. */
static void a_snapshot_is_a_value(void **state) {
  (void)state;
  struct machine *m = new_machine();
  PROGRAM(m, IMAGE_BASE, RRI(addi, T0, T0, 1), ST(sw, T0, 0x400, S0), JAL(ZERO, -8));
  set_x(m, S0, 0x5000);
  step(m, 30); /* the store is in the host TLB */
  struct machine_snapshot *s = machine_snapshot(m);
  step(m, 30);
  assert_int_equal(peek(m, 0x5400), 20);
  machine_restore(m, s);
  assert_int_equal(peek(m, 0x5400), 10);
  step(m, 3);
  assert_int_equal(peek(m, 0x5400), 11);
  machine_restore(m, s);
  assert_int_equal(peek(m, 0x5400), 10);
  machine_snapshot_free(s);
  machine_free(m);
}

static void restored_code_is_decoded_anew(void **state) {
  (void)state;
  struct machine *m = new_machine();
  PROGRAM(m, IMAGE_BASE, RRI(addi, T0, ZERO, 1), JAL(ZERO, -4));
  step(m, 2);
  struct machine_snapshot *s = machine_snapshot(m);
  poke(m, IMAGE_BASE, RRI(addi, T0, ZERO, 2));
  step(m, 2);
  assert_int_equal(x(m, T0), 2);
  machine_restore(m, s);
  step(m, 2);
  assert_int_equal(x(m, T0), 1);
  machine_snapshot_free(s);
  machine_free(m);
}

/* A machine of another configuration is left as it is; one that differs in its engine alone is
 * not another. */
static void another_configuration_is_refused(void **state) {
  (void)state;
  struct machine *m = busy_machine();
  run(m, 1000);
  struct machine_snapshot *s = machine_snapshot(m);
  struct machine_config config;
  machine_get_config(m, &config);
  const struct machine_config other[] = {
      {.ram_bytes = config.ram_bytes * 2, .tlb_entries = config.tlb_entries, .disk_bytes = config.disk_bytes},
      {.ram_bytes = config.ram_bytes, .tlb_entries = config.tlb_entries + 1, .disk_bytes = config.disk_bytes},
      {.ram_bytes = config.ram_bytes, .tlb_entries = config.tlb_entries}};
  for (size_t i = 0; i < sizeof other / sizeof other[0]; i++) {
    struct machine *b = machine_new(&other[i]);
    const uint64_t hash = machine_hash(b);
    assert_false(machine_restore(b, s));
    assert_int_equal(machine_hash(b), hash);
    machine_free(b);
  }
  config.engine = config.engine == ENGINE_INTERP ? ENGINE_AUTO : ENGINE_INTERP;
  struct machine *b = machine_new(&config);
  assert_true(machine_restore(b, s));
  assert_int_equal(machine_hash(b), machine_hash(m));
  machine_snapshot_free(s);
  machine_free(b);
  machine_free(m);
}

static void ends_are_part_of_it(void **state) {
  (void)state;
  struct machine *m = new_machine();
  char before[300], after[300];
  struct machine_snapshot *start = machine_snapshot(m);
  poke(m, LC_VECTOR, 0x80000000);
  assert_int_equal(run(m, 5), EXIT_CHECKSTOP);
  machine_checkstop_text(m, before, sizeof before);
  struct machine_snapshot *stopped = machine_snapshot(m);
  machine_restore(m, start);
  assert_int_equal(run(m, 5), EXIT_LIMIT);
  machine_restore(m, stopped);
  assert_int_equal(run(m, 5), EXIT_CHECKSTOP);
  machine_checkstop_text(m, after, sizeof after);
  assert_string_equal(before, after);
  machine_snapshot_free(start), machine_snapshot_free(stopped);
  machine_free(m);
}

static void the_hash_sees_each_part(void **state) {
  (void)state;
  struct machine *m = new_machine();
  struct machine_snapshot *s = machine_snapshot(m);
  const uint64_t hash = machine_hash(m);
  set_x(m, 31, 1);
  assert_int_not_equal(machine_hash(m), hash);
  machine_restore(m, s);
  assert_int_equal(machine_hash(m), hash);
  poke(m, RAM_BYTES - 4, 1);
  assert_int_not_equal(machine_hash(m), hash);
  poke(m, RAM_BYTES - 4, 0); /* written, but zero again */
  assert_int_equal(machine_hash(m), hash);
  assert_true(machine_console_input(m, 77, "a", 1));
  assert_int_not_equal(machine_hash(m), hash);
  machine_restore(m, s);
  machine_console_hangup(m, 9);
  assert_int_not_equal(machine_hash(m), hash);
  machine_restore(m, s);
  assert_int_equal(machine_hash(m), hash);
  machine_snapshot_free(s);
  machine_free(m);
}

/* What an embedder does who stores a machine in a file. */
static void bytes_make_the_machine_again(void **state) {
  (void)state;
  struct machine *m = busy_machine();
  struct machine_config config;
  run(m, 2000);
  struct machine_snapshot *s = machine_snapshot(m);
  const size_t n = machine_snapshot_size(s);
  uint8_t *bytes = malloc(n + 8);
  assert_non_null(bytes);
  memset(bytes + n, 0xA5, 8);
  machine_snapshot_write(s, bytes);
  for (int i = 0; i < 8; i++) assert_int_equal(bytes[n + i], 0xA5);
  machine_get_config(m, &config);
  assert_true(config.disk_bytes == 2048 && config.tlb_entries == 5 && config.ram_bytes == RAM_BYTES);
  struct machine *again = machine_new(&config);
  assert_int_equal(machine_snapshot_read(again, bytes, n + 8), n); /* what follows is not its business */
  assert_int_equal(machine_hash(again), machine_hash(m));
  run(m, 500), run(again, 500);
  assert_int_equal(machine_hash(again), machine_hash(m));
  machine_free(again);
  again = machine_new(&config);
  assert_int_equal(machine_snapshot_read(again, bytes, n - 1), 0);
  machine_free(again);
  free(bytes);
  machine_snapshot_free(s);
  machine_free(m);
}

static void a_view_is_what_the_registers_say(void **state) {
  (void)state;
  struct machine *m = busy_machine();
  struct machine_view view;
  struct machine_regs regs;
  run(m, 777);
  machine_get_view(m, &view);
  machine_get_regs(m, &regs);
  assert_true(view.pc == regs.pc && view.status == regs.status && view.timer == regs.timer);
  assert_true(view.tick == regs.tick && view.retired == machine_retired(m) && view.steps == machine_steps(m));
  assert_memory_equal(view.x, regs.x, sizeof regs.x);
  poke(m, RAM_BYTES - 4, 0x12345678);
  const uint32_t *word = machine_ram(m, RAM_BYTES - 4, 4);
  assert_non_null(word);
  assert_int_equal(*word, 0x12345678);
  assert_null(machine_ram(m, RAM_BYTES - 4, 5));
  assert_null(machine_ram(m, RAM_BYTES + 4, UINT32_MAX - 3)); /* the sum wraps around */
  machine_free(m);
}

/* Which of the pages has been written between two snapshots, if only with what was there already. */
static void snapshots_tell_which_pages_may_have_been_written(void **state) {
  (void)state;
  struct machine *m = new_machine();
  const uint32_t changed = 0x4000, same = 0x5000, zero = 0x6000, untouched = 0x7000, never = 0x8000;
  for (uint32_t page = changed; page < never; page += PAGE_SIZE) poke(m, page, 1);
  poke(m, zero, 0);
  struct machine_snapshot *a = machine_snapshot(m), *b;
  assert_true(machine_snapshots_share(a, a, untouched + 8));
  assert_false(machine_snapshots_share(a, a, zero));
  poke(m, changed, 2);
  poke(m, same, 1);
  b = machine_snapshot(m);
  assert_false(machine_snapshots_share(a, b, changed));
  assert_false(machine_snapshots_share(a, b, same + 4));
  assert_false(machine_snapshots_share(a, b, zero));
  assert_true(machine_snapshots_share(a, b, untouched));
  assert_true(machine_snapshots_share(a, b, never));
  machine_restore(m, a);
  poke(m, never, 0);
  machine_snapshot_free(b);
  b = machine_snapshot(m);
  assert_true(machine_snapshots_share(a, b, changed));
  assert_false(machine_snapshots_share(a, b, never));
  machine_snapshot_free(a);
  machine_snapshot_free(b);
  machine_free(m);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(snapshots_tell_which_pages_may_have_been_written),
                                     cmocka_unit_test(replays_alike),
                                     cmocka_unit_test(restores_into_another_machine),
                                     cmocka_unit_test(a_snapshot_is_a_value),
                                     cmocka_unit_test(another_configuration_is_refused),
                                     cmocka_unit_test(restored_code_is_decoded_anew),
                                     cmocka_unit_test(ends_are_part_of_it),
                                     cmocka_unit_test(the_hash_sees_each_part),
                                     cmocka_unit_test(bytes_make_the_machine_again),
                                     cmocka_unit_test(a_view_is_what_the_registers_say)};
  return RUN_ON_EACH_ENGINE(tests);
}
