/* session.c - runs a machine for a person or a script, from putting it together to its exit status.
 *
 * The machine runs in slices; between two slices input is fetched and output is flushed. While input may
 * still come, the process sleeps when the machine idles in `wait`, at the machine's nominal clock; otherwise
 * idle time is skipped. */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <time.h>

#include "trapeze.h"

#define SLICE (MACHINE_HZ / 100)
#define NS_PER_TICK (1000000000u / MACHINE_HZ)
_Static_assert(1000000000u % MACHINE_HZ == 0, "a tick is a whole number of nanoseconds");

/* ---- signals: they stop the machine, so that what the guest wrote to its disk is saved ---- */

static struct machine *volatile running;
static volatile sig_atomic_t caught;

static void on_signal(int number) {
  caught = number;
  if (running) machine_stop(running);
}

static void catch_signals(struct machine *m) {
  struct sigaction action = {.sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND};
  running = m;
  sigaction(SIGINT, &action, NULL);
  sigaction(SIGTERM, &action, NULL);
  sigaction(SIGHUP, &action, NULL);
}

static void die_of_signal(int number) {
  signal(number, SIG_DFL);
  raise(number);
}

/* ---- running ---- */

static uint64_t now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

static uint64_t tick_of(const struct machine *m) {
  struct machine_regs regs;
  machine_get_regs(m, &regs);
  return regs.tick;
}

static void sleep_idle(struct console *c) {
  uint64_t ticks = machine_idle_ticks(c->m), start = now_ns();
  if (ticks > UINT64_MAX / NS_PER_TICK) ticks = UINT64_MAX / NS_PER_TICK;
  console_wait(c, ticks * NS_PER_TICK);
  uint64_t slept = (now_ns() - start) / NS_PER_TICK;
  console_idle(c, slept < ticks ? slept : ticks);
}

/* ---- what an idle machine waits for ---- */

#define FOREVER (UINT64_C(3600) * MACHINE_HZ) /* a wait for longer is a wait for input */
/* NAPS waits in a row with less than NAP_WORK steps between them are one wait for input: the kernels of
 * nested VMs wake up now and then only to look at their clocks. */
#define NAPS 16
#define NAP_WORK 200000

bool waits_for_input(struct waits *w, uint64_t ticks, uint64_t steps) {
  if (w->naps >= NAPS || ticks > FOREVER) return true;
  w->naps = steps - w->steps < NAP_WORK ? w->naps + 1 : 0;
  w->steps = steps;
  return false;
}

/* Ticks of an empty input after which a guest that never waits is told of its end, too: it may ask for input
 * over and over instead. */
#define BUSY (UINT64_C(10) * MACHINE_HZ)

static void idle_without_input(struct console *c, struct waits *w) {
  const uint64_t ticks = machine_idle_ticks(c->m);
  if (waits_for_input(w, ticks, machine_steps(c->m)))
    console_hang_up(c);
  else
    console_idle(c, ticks);
}

enum machine_exit session_run(struct console *c, uint64_t max_insns, const struct session_hooks *hooks) {
  struct machine *m = c->m;
  struct waits waits = {0};
  for (;;) {
    console_poll(c);
    if (c->empty && tick_of(m) > BUSY) console_hang_up(c);
    if (c->leave || caught) return EXIT_STOPPED;
    struct machine_limits limits = {max_insns - machine_retired(m), tick_of(m) + SLICE, c->live};
    enum machine_exit exit = machine_run(m, &limits);
    console_flush(c);
    if (exit == EXIT_IDLE && c->empty)
      idle_without_input(c, &waits);
    else if (exit == EXIT_IDLE) {
      if (hooks->waits) hooks->waits(hooks->arg, m, c->faults);
      sleep_idle(c);
    } else if (exit != EXIT_LIMIT || machine_retired(m) >= max_insns)
      return exit;
  }
}

/* ---- the whole run ---- */

static int status_of(const struct machine *m, enum machine_exit exit, const struct options *o) {
  char why[200];
  switch (exit) {
  case EXIT_POWER: return (int)machine_exit_status(m);
  case EXIT_LIMIT:
    fprintf(stderr, "trapeze: the budget of %llu instructions is used up\n",
            (unsigned long long)o->max_insns);
    return STATUS_BUDGET;
  case EXIT_CHECKSTOP:
    machine_checkstop_text(m, why, sizeof why);
    fprintf(stderr, "trapeze: %s\n", why);
    return STATUS_CHECKSTOP;
  default: return 0; /* the person left */
  }
}

static void save_disk(const struct machine *m, const char *path) {
  size_t size;
  bool dirty;
  const void *disk = machine_disk(m, &size, &dirty);
  if (dirty) file_replace(path, disk, size);
}

static bool take_out(const struct machine *m, const struct options *o) {
  size_t size;
  bool dirty;
  const void *disk = machine_disk(m, &size, &dirty);
  return out_take(o, disk, size);
}

int session(const struct options *o, FILE *out, const struct session_hooks *hooks) {
  struct boot boot = boot_assemble(o);
  struct machine *m = boot_machine(o, &boot);
  struct console console;
  boot_free(&boot);
  if (hooks->watch) hooks->watch(hooks->arg, m);
  console_open(&console, m, o->input, out, hooks->log);
  catch_signals(m);
  enum machine_exit exit = session_run(&console, o->max_insns, hooks);
  console_close(&console);
  if (hooks->done) hooks->done(hooks->arg, m, exit, console.faults);
  if (o->disk) save_disk(m, o->disk);
  int status = status_of(m, exit, o);
  if (o->out && !take_out(m, o) && status == 0) status = STATUS_USAGE;
  running = NULL;
  machine_free(m);
  if (console.broken) die_of_signal(SIGPIPE);
  if (caught) die_of_signal(caught);
  return status;
}
