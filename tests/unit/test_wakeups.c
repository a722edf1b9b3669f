/* test_wakeups.c - no wake-up of a paravirtual guest is ever lost (isa/para.h: rings, event mask, pending words).
 *
 * Explores interleavings of the code itself: the guest's kernel, the hypervisor in the host's kernel and the VMM run on
 * the machine as they are, and input arrives, or ends, before each single instruction of a stretch of the run that
 * contains falling asleep, waking up and falling asleep again. From each of these moments the machine goes on until it
 * powers off. A guest that misses a wake-up sleeps for ever, for it has no other: that is what fails. Of two events,
 * the first comes at some moments, and the second at each one. LONG=1 takes all pairs of a wider stretch. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "normal_tlb.h"
#include "tools/trapeze/trapeze.h"

enum { PATIENCE = 3000000, BEFORE = 4000 };

struct world {
  struct machine *m;
  struct machine_snapshot *before; /* BEFORE instructions before the guest sleeps, or a little earlier */
  uint64_t asleep;                 /* the tick at which it does */
  struct bytes output;
  unsigned runs;
};

static bool takes_long(void) { return getenv("LONG") != NULL; }

static void put(void *arg, uint8_t byte) {
  struct world *w = arg;
  bytes_append(&w->output, &byte, 1);
}

/* pause: stop when the machine would sleep */
static enum machine_exit run_until(struct world *w, uint64_t tick, bool pause) {
  const struct machine_limits limits = {UINT64_MAX, tick, pause};
  return machine_run(w->m, &limits);
}

/* A machine that runs the words in paravirtual guests. */
static void boot(struct world *w, unsigned depth, int argc, char **argv) {
  struct options o;
  options_defaults(&o);
  o.way = "para", o.depth = depth, o.argc = argc, o.argv = argv;
  struct boot b = boot_assemble(&o);
  *w = (struct world){.m = boot_machine(&o, &b)};
  machine_console_output(w->m, put, w);
  boot_free(&b);
}

/* Runs `cat` until it waits for input, notes when that is, and goes back a little. */
static void start(struct world *w, unsigned depth) {
  boot(w, depth, 1, (char *[]){"cat"});
  struct machine_snapshot *reset = machine_snapshot(w->m);
  assert_int_equal(run_until(w, UINT64_MAX, true), EXIT_IDLE);
  w->asleep = machine_tick(w->m);
  assert_true(machine_restore(w->m, reset));
  machine_snapshot_free(reset);
  run_until(w, w->asleep - BEFORE, true);
  w->before = machine_snapshot(w->m);
}

static void end(struct world *w) {
  print_message("%u runs\n", w->runs);
  machine_snapshot_free(w->before);
  machine_free(w->m);
  free(w->output.data);
}

static bool has_printed(const struct world *w, const char *expected) {
  return w->output.size == strlen(expected) && memcmp(w->output.data, expected, w->output.size) == 0;
}

/* Goes on from `from` with input at one tick, and its end at another. An end that comes ALONE or more ticks later must not
 * be what wakes the guest: the input has been printed by then. */
enum { ALONE = 30000 };
static void explore(struct world *w, const struct machine_snapshot *from, const char *input, uint64_t at,
                    uint64_t end_at, const char *expected) {
  w->output.size = 0;
  w->runs++;
  assert_true(machine_restore(w->m, from));
  assert_true(machine_console_input(w->m, at, input, strlen(input)));
  machine_console_hangup(w->m, end_at);
  if (end_at - at >= ALONE) run_until(w, end_at - 1, false);
  const bool late = end_at - at >= ALONE && !has_printed(w, expected);
  const enum machine_exit exit = run_until(w, end_at + PATIENCE, false);
  if (late || exit != EXIT_POWER || machine_exit_status(w->m) != 0 || !has_printed(w, expected))
    fail_msg("input at tick %llu (the guest sleeps from %llu on), end at %llu: exit %d, output \"%.*s\"%s",
             (unsigned long long)at, (unsigned long long)w->asleep, (unsigned long long)end_at, exit,
             (int)w->output.size, (const char *)w->output.data, late ? ", and not before the end" : "");
}

/* When the guest sleeps again, if the input comes at that tick. */
static uint64_t asleep_again(struct world *w, const char *input, uint64_t at) {
  assert_true(machine_restore(w->m, w->before));
  assert_true(machine_console_input(w->m, at, input, strlen(input)));
  run_until(w, at, false);
  assert_int_equal(run_until(w, at + PATIENCE, true), EXIT_IDLE);
  return machine_tick(w->m);
}

static void falling_asleep(void **state) {
  (void)state;
  struct world w;
  start(&w, 1);
  for (uint64_t at = w.asleep - BEFORE; at < w.asleep + 20; at++) {
    explore(&w, w.before, "a line\n", at, at + ALONE, "a line\n");
    explore(&w, w.before, "a line\n", at, at, "a line\n");
  }
  end(&w);
}

/* The first event wakes the guest, and the second comes at each moment until it sleeps again. */
static void waking_up(void **state) {
  (void)state;
  struct world w;
  start(&w, 1);
  const uint64_t at = w.asleep + 10, again = asleep_again(&w, "a line\n", at);
  print_message("awake for %llu instructions\n", (unsigned long long)(again - at));
  for (uint64_t end_at = at; end_at < again + 20; end_at++)
    explore(&w, w.before, "a line\n", at, end_at, "a line\n");
  end(&w);
}

/* Pairs: the first event before the guest sleeps, the second after it. */
static void two_events(void **state) {
  (void)state;
  struct world w;
  start(&w, 1);
  const unsigned step = takes_long() ? 1 : 211, second = takes_long() ? 3 : 37;
  for (uint64_t at = w.asleep - BEFORE; at < w.asleep; at += step)
    for (uint64_t end_at = at; end_at < w.asleep + 3000; end_at += second)
      explore(&w, w.before, "a line\n", at, end_at, "a line\n");
  end(&w);
}

/* The guest runs one process while another one, `words` says which, waits for input. That one must wake up and print what
 * is expected within so many instructions, which are turns of the other one. */
static void beside(char *words, const char *input, const char *expected, unsigned turns, unsigned stretch,
                   unsigned step) {
  struct world w;
  boot(&w, 1, 3, (char *[]){"sh", "-c", words});
  while (w.output.size < strlen("ready\n")) run_until(&w, machine_tick(w.m) + 1000, false);
  run_until(&w, machine_tick(w.m) + 1000000, false); /* the program is loaded, and waits */
  w.before = machine_snapshot(w.m);
  const uint64_t from = machine_tick(w.m);
  for (uint64_t at = from; at < from + stretch; at += step) {
    w.output.size = 0, w.runs++;
    assert_true(machine_restore(w.m, w.before));
    assert_true(machine_console_input(w.m, at, input, strlen(input)));
    machine_console_hangup(w.m, at + turns);
    run_until(&w, at + 2 * turns, false);
    if (!has_printed(&w, expected))
      fail_msg("input at tick %llu: not printed within %u instructions", (unsigned long long)at, 2 * turns);
  }
  end(&w);
}

/* A process that computes: the guest's kernel does not run by itself. */
static void beside_a_busy_process(void **state) {
  (void)state;
  beside("spin 900 & echo ready; cat", "a line\n", "a line\n", 40000, 45000, takes_long() ? 1 : 97);
}

/* One that makes system calls: input comes while the guest's kernel runs, with interrupts off. The process's turn is
 * counted in its own instructions; a call and the hypervisor's part of it are forty times as many. */
static void beside_system_calls(void **state) {
  (void)state;
  beside("null-syscall 9000000 & echo ready; cat", "a line\n", "a line\n", 500000, takes_long() ? 40000 : 600,
         1);
}

/* A burst that is larger than the input ring: the VMM waits until the guest says that there is room. */
static void a_full_ring(void **state) {
  (void)state;
  struct world w;
  char burst[801];
  for (unsigned i = 0; i < sizeof burst - 1; i++) burst[i] = i % 40 == 39 ? '\n' : 'a' + (char)(i % 26);
  burst[sizeof burst - 1] = 0;
  start(&w, 1);
  for (uint64_t at = w.asleep - BEFORE; at < w.asleep + 20; at += takes_long() ? 1 : 23)
    explore(&w, w.before, burst, at, at + 7, burst);
  end(&w);
  /* here the guest has no other reason to say anything: it prints nothing meanwhile, and never sleeps */
  beside("null-syscall 9000000 & echo ready; wc -c", burst, "800\n", 9000000, 4000, takes_long() ? 1 : 499);
}

/* The same when the guest's hypervisor is a guest, too. */
static void a_guest_of_a_guest(void **state) {
  (void)state;
  struct world w;
  start(&w, 2);
  const uint64_t at = w.asleep + 10, again = asleep_again(&w, "a line\n", at);
  const unsigned step = takes_long() ? 1 : 17;
  for (uint64_t end_at = at; end_at < again + 20; end_at += step)
    explore(&w, w.before, "a line\n", at, end_at, "a line\n");
  for (uint64_t first = w.asleep - BEFORE; first < w.asleep + 20; first += step)
    explore(&w, w.before, "a line\n", first, first + 2 * ALONE, "a line\n");
  end(&w);
}

int main(void) {
  NEEDS_THE_NORMAL_TLB();
  char initrd[256];
  const char *build = getenv("BUILD") ? getenv("BUILD") : "build";
  snprintf(initrd, sizeof initrd, "%s/share/trapeze/initrd.tar", build);
  setenv("TRAPEZE_INITRD", initrd, 1);
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(falling_asleep),      cmocka_unit_test(waking_up),
      cmocka_unit_test(two_events),          cmocka_unit_test(beside_a_busy_process),
      cmocka_unit_test(beside_system_calls), cmocka_unit_test(a_full_ring),
      cmocka_unit_test(a_guest_of_a_guest),

  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
