/* test_devices.c - console, block device, clock, power, facts, as a program sees them. */
#include "kit.h"

/* One access by an instruction at IMAGE_BASE. */
static uint32_t device_load(struct machine *m, uint32_t addr) {
  poke(m, IMAGE_BASE, LD(lw, T0, 0, S0));
  enter(m, IMAGE_BASE, 0, 0);
  set_x(m, S0, addr);
  step(m, 1);
  assert_int_equal(regs(m).pc, IMAGE_BASE + 4);
  return x(m, T0);
}

static void device_store(struct machine *m, uint32_t addr, uint32_t value) {
  poke(m, IMAGE_BASE, ST(sw, T0, 0, S0));
  enter(m, IMAGE_BASE, 0, 0);
  set_x(m, S0, addr);
  set_x(m, T0, value);
  step(m, 1);
  assert_int_equal(regs(m).pc, IMAGE_BASE + 4);
}

static void collect(void *arg, uint8_t byte) {
  char *text = arg;
  const size_t n = strlen(text);
  text[n] = (char)byte, text[n + 1] = 0;
}

static void console_transmits(void **state) {
  (void)state;
  struct machine *m = new_machine();
  char text[16] = "";
  device_store(m, DEV_CONSOLE, 'x'); /* nobody listens */
  machine_console_output(m, collect, text);
  device_store(m, DEV_CONSOLE, 'h');
  device_store(m, DEV_CONSOLE, 0xFFFFFF00 | 'i');
  assert_string_equal(text, "hi");
  machine_free(m);
}

static void console_receives_at_ticks(void **state) {
  (void)state;
  struct machine *m = new_machine();
  assert_true(machine_console_input(m, 2, "ab", 2));
  machine_console_hangup(m, 5);
  assert_int_equal(machine_console_pending(m), 2);
  assert_int_equal(device_load(m, DEV_CONSOLE), 0xFFFFFFFF);                      /* tick 0 */
  assert_int_equal(device_load(m, DEV_CONSOLE + CONSOLE_STATUS), 0);              /* 1 */
  assert_int_equal(device_load(m, DEV_CONSOLE + CONSOLE_STATUS), CONSOLE_RX);     /* 2 */
  assert_int_equal(device_load(m, DEV_CONSOLE), 'a');                             /* 3 */
  assert_int_equal(device_load(m, DEV_CONSOLE), 'b');                             /* 4 */
  assert_int_equal(device_load(m, DEV_CONSOLE + CONSOLE_STATUS), CONSOLE_HANGUP); /* 5 */
  assert_int_equal(device_load(m, DEV_CONSOLE), 0xFFFFFFFF);
  assert_int_equal(machine_console_pending(m), 0);
  machine_free(m);
}

static void hangup_comes_after_everything_queued(void **state) {
  (void)state;
  struct machine *m = new_machine();
  assert_true(machine_console_input(m, 50, "a", 1));
  assert_true(machine_console_input(m, 3, "b", 1)); /* not before the one ahead of it */
  machine_console_hangup(m, 0);
  assert_int_equal(device_load(m, DEV_CONSOLE + CONSOLE_STATUS), 0);
  poke(m, IMAGE_BASE, JAL(ZERO, 0));
  enter(m, IMAGE_BASE, 0, 0);
  step(m, 60);
  assert_int_equal(device_load(m, DEV_CONSOLE), 'a');
  assert_int_equal(device_load(m, DEV_CONSOLE + CONSOLE_STATUS), CONSOLE_RX);
  assert_int_equal(device_load(m, DEV_CONSOLE), 'b');
  assert_int_equal(device_load(m, DEV_CONSOLE + CONSOLE_STATUS), CONSOLE_HANGUP);
  machine_free(m);
}

/* The interrupt is taken at the first boundary with tick >= the byte's. */
static void console_interrupts_exactly_on_time(void **state) {
  (void)state;
  for (uint64_t tick = 2; tick < 60; tick++) {
    struct machine *m = new_machine();
    PROGRAM(m, IMAGE_BASE, ST(sw, T0, CONSOLE_CTRL, S0), RRI(addi, T1, T1, 1), RRI(addi, T1, T1, 1),
            JAL(ZERO, -8));
    set_x(m, S0, DEV_CONSOLE);
    set_x(m, T0, 0xFFFFFFFF); /* only bit 0 exists */
    enter(m, IMAGE_BASE, ST_IE, 1000);
    if (tick % 2)
      machine_console_hangup(m, tick);
    else
      assert_true(machine_console_input(m, tick, "a", 1));
    step(m, tick + 1); /* and the handler's jump */
    assert_trap(m, CAUSE_DEVICE, IMAGE_BASE + 4 + (tick - 1) % 3 * 4, ST_IE, 0, 0);
    assert_int_equal(peek(m, LC_TIMER), 1000 - tick);
    assert_int_equal(device_load(m, DEV_CONSOLE + CONSOLE_CTRL), CONSOLE_RX_IE);
    machine_free(m);
  }
}

static void enabling_the_interrupt_takes_it_at_once(void **state) {
  (void)state;
  struct machine *m = new_machine();
  PROGRAM(m, IMAGE_BASE, ST(sw, T0, CONSOLE_CTRL, S0), OP(fence), OP(fence));
  assert_true(machine_console_input(m, 0, "a", 1));
  set_x(m, S0, DEV_CONSOLE);
  set_x(m, T0, 1);
  enter(m, IMAGE_BASE, ST_IE, 1000);
  step(m, 2);
  assert_trap(m, CAUSE_DEVICE, IMAGE_BASE + 4, ST_IE, 0, 0);
  machine_free(m);
}

static uint32_t block(struct machine *m, uint32_t sector, uint32_t addr, uint32_t count, uint32_t command) {
  device_store(m, DEV_BLOCK + BLOCK_SECTOR, sector);
  device_store(m, DEV_BLOCK + BLOCK_ADDR, addr);
  device_store(m, DEV_BLOCK + BLOCK_COUNT, count);
  device_store(m, DEV_BLOCK + BLOCK_CMD, command);
  assert_int_equal(device_load(m, DEV_BLOCK + BLOCK_SECTOR), sector);
  assert_int_equal(device_load(m, DEV_BLOCK + BLOCK_ADDR), addr);
  assert_int_equal(device_load(m, DEV_BLOCK + BLOCK_COUNT), count);
  return device_load(m, DEV_BLOCK + BLOCK_STATUS);
}

static void block_device(void **state) {
  (void)state;
  uint8_t image[1000];
  size_t bytes;
  bool dirty;
  for (size_t i = 0; i < sizeof image; i++) image[i] = (uint8_t)(i * 7);
  struct machine *m = new_machine_with((struct machine_config){.disk = image, .disk_bytes = sizeof image});
  assert_int_equal(device_load(m, DEV_BLOCK + BLOCK_SIZE), 2);
  assert_int_equal(block(m, 0, 0x4F00, 2, BLOCK_READ), BLOCK_OK); /* across a page */
  for (uint32_t i = 0; i < 1024; i += 4)
    if (i < 1000)
      assert_int_equal(peek(m, 0x4F00 + i) & 0xFF, (uint8_t)(i * 7));
    else
      assert_int_equal(peek(m, 0x4F00 + i), 0);
  machine_disk(m, &bytes, &dirty);
  assert_int_equal(bytes, 1024);
  assert_false(dirty);
  assert_int_equal(block(m, 1, 0x4F00, 1, BLOCK_WRITE), BLOCK_OK);
  assert_memory_equal((const uint8_t *)machine_disk(m, NULL, &dirty) + 512, image, 512);
  assert_true(dirty);
  assert_int_equal(block(m, 0, 0x4F00, 3, BLOCK_READ), BLOCK_BAD_SECTOR);
  assert_int_equal(block(m, 0xFFFFFFFF, 0x4F00, 1, BLOCK_READ), BLOCK_BAD_SECTOR);
  assert_int_equal(block(m, 0, 0x4F02, 1, BLOCK_READ), BLOCK_BAD_ADDR);
  assert_int_equal(block(m, 0, RAM_BYTES - 508, 1, BLOCK_READ), BLOCK_BAD_ADDR);
  assert_int_equal(block(m, 0, RAM_BYTES - 512, 1, BLOCK_READ), BLOCK_OK);
  assert_int_equal(block(m, 0, DEV_CONSOLE, 1, BLOCK_WRITE), BLOCK_BAD_ADDR);
  assert_int_equal(block(m, 0, 0x4F00, 1, 3), BLOCK_BAD_CMD);
  assert_int_equal(block(m, 2, 0x4F00, 0, BLOCK_READ), BLOCK_OK); /* nothing, at the very end */
  machine_free(m);
}

static void no_disk(void **state) {
  (void)state;
  struct machine *m = new_machine();
  assert_int_equal(device_load(m, DEV_BLOCK + BLOCK_SIZE), 0);
  assert_int_equal(block(m, 0, 0x4000, 1, BLOCK_READ), BLOCK_BAD_SECTOR);
  assert_null(machine_disk(m, NULL, NULL));
  machine_free(m);
}

static void clock_shows_the_tick_before_the_load(void **state) {
  (void)state;
  struct machine *m = new_machine();
  PROGRAM(m, IMAGE_BASE, OP(fence), LD(lw, T0, CLOCK_LO, S0), LD(lw, T1, CLOCK_LO, S0), OP(wait),
          LD(lw, T2, CLOCK_HI, S0), LD(lw, A0, CLOCK_LO, S0), LD(lw, A1, CLOCK_HI, S0));
  set_x(m, S0, DEV_CLOCK);
  step(m, 3);
  assert_int_equal(x(m, T0), 1);
  assert_int_equal(x(m, T1), 2);
  enter(m, IMAGE_BASE + 12, 0, 0xFFFFFFFF);
  step(m, 4);
  assert_int_equal(x(m, T2), 0); /* as latched, though the clock has gone on */
  assert_int_equal(x(m, A0), 4);
  assert_int_equal(x(m, A1), 1);
  machine_free(m);
}

static void power_stops_after_the_store(void **state) {
  (void)state;
  struct machine *m = new_machine();
  PROGRAM(m, IMAGE_BASE, ST(sw, T0, POWER_OFF, S0), OP(fence));
  set_x(m, S0, DEV_POWER);
  set_x(m, T0, 0x1234);
  assert_int_equal(run(m, 100), EXIT_POWER);
  assert_int_equal(machine_exit_status(m), 0x34);
  assert_int_equal(machine_retired(m), 1);
  assert_int_equal(regs(m).pc, IMAGE_BASE + 4);
  assert_int_equal(run(m, 100), EXIT_POWER);
  assert_int_equal(machine_retired(m), 1);
  machine_free(m);
}

static void facts(void **state) {
  (void)state;
  struct machine *m = new_machine_with((struct machine_config){.tlb_entries = 17});
  assert_int_equal(device_load(m, DEV_FACTS + FACTS_RAM), RAM_BYTES);
  assert_int_equal(device_load(m, DEV_FACTS + FACTS_TLB), 17);
  assert_int_equal(device_load(m, DEV_FACTS + FACTS_HZ), MACHINE_HZ);
  assert_int_equal(device_load(m, DEV_FACTS + FACTS_INITRD_SIZE), 0);
  assert_int_equal(device_load(m, DEV_FACTS + FACTS_CPU), 0);
  machine_free(m);
  m = new_machine_with((struct machine_config){.cpu = CPU_LEAKY});
  assert_int_equal(device_load(m, DEV_FACTS + FACTS_CPU), CPU_FEATURE_L);
  machine_free(m);
}

static void configurations_out_of_range(void **state) {
  (void)state;
  static const struct machine_config bad[] = {{.ram_bytes = 0},
                                              {.ram_bytes = 4097},
                                              {.ram_bytes = 0xE0001000},
                                              {.ram_bytes = 4096, .tlb_entries = 1},
                                              {.ram_bytes = 4096, .tlb_entries = 257},
                                              {.ram_bytes = 4096, .cpu = 9}};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) assert_null(machine_new(&bad[i]));
  struct machine *most = machine_new(&(struct machine_config){.ram_bytes = 0xE0000000});
  assert_non_null(most); /* reserved, not touched */
  poke(most, 0xDFFFFFFC, 7);
  assert_int_equal(peek(most, 0xDFFFFFFC), 7);
  machine_free(most);
  machine_free(NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(console_transmits),
                                     cmocka_unit_test(console_receives_at_ticks),
                                     cmocka_unit_test(hangup_comes_after_everything_queued),
                                     cmocka_unit_test(console_interrupts_exactly_on_time),
                                     cmocka_unit_test(enabling_the_interrupt_takes_it_at_once),
                                     cmocka_unit_test(block_device),
                                     cmocka_unit_test(no_disk),
                                     cmocka_unit_test(clock_shows_the_tick_before_the_load),
                                     cmocka_unit_test(power_stops_after_the_store),
                                     cmocka_unit_test(facts),
                                     cmocka_unit_test(configurations_out_of_range)};
  return RUN_ON_EACH_ENGINE(tests);
}
