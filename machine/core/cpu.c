/* cpu.c - privileged state: traps, rfe, interrupts, the time a `wait` skips; registers seen from outside.
 *
 * Touches the CPU's registers and low core; the engine calls it at instruction boundaries only. */
#include <stdio.h>
#include <string.h>

#include "cpu.h"

static void observe_trap(struct machine *m) {
  const struct machine_trap trap = {.cause = ram_word(m, LC_CAUSE),
                                    .pc = ram_word(m, LC_PC),
                                    .status = ram_word(m, LC_STATUS),
                                    .timer = ram_word(m, LC_TIMER),
                                    .badva = ram_word(m, LC_BADVA),
                                    .badinst = ram_word(m, LC_BADINST),
                                    .tick = m->tick,
                                    .retired = retired(m)};
  m->observer.trap(m->observer.arg, m, &trap);
}

/* Registers and low core stay as the faulting instruction found them; so low core still tells of the trap
 * before. */
void machine_cpu_check_stop(struct machine *m, uint32_t cause, uint32_t badva) {
  m->unretired++;
  m->halt = CHECK_STOPPED;
  m->stop_cause = cause;
  m->stop_badva = badva;
}

static bool retires(uint32_t cause) {
  return cause == CAUSE_SYSCALL || cause == CAUSE_HCALL || cause == CAUSE_BREAK;
}

void machine_cpu_trap(struct machine *m, uint32_t cause, uint32_t badva, uint32_t badinst) {
  if (cause > CAUSE_DEVICE && m->last_trap == retired(m)) {
    machine_cpu_check_stop(m, cause, badva);
    return;
  }
  if (!retires(cause)) m->unretired++;
  ram_touch(m, LC_PC, LC_BADINST + 4 - LC_PC);
  if (cpu_nest(m)) ram_touch(m, cpu_nest(m), PSW_BYTES);
  cpu_enter_vector(m, cause, badva, badinst);
  if (m->observer.trap) observe_trap(m);
}

void machine_cpu_rfe(struct machine *m) {
  m->pc = ram_word(m, LC_PC);
  m->status = ram_word(m, LC_STATUS) & ST_MASK;
  m->timer = ram_word(m, LC_TIMER);
  if (cpu_nest(m)) {
    ram_touch(m, LC_PC, PSW_BYTES);
    memcpy(m->ram, m->ram + cpu_nest(m), PSW_BYTES);
  }
  if (m->observer.rfe) m->observer.rfe(m->observer.arg, m);
}

uint64_t machine_cpu_wait_ticks(const struct machine *m) {
  if (m->timer == 0 || machine_bus_pending(m)) return 0;
  const uint64_t event = machine_bus_next_event(m);
  return event != NEVER && event - m->tick < m->timer ? event - m->tick : m->timer;
}

/* `waiting` makes a wait that machine_run has left in the middle behave as one that it has not: after the
 * skip the wait retires, and only then is the interrupt taken. */
void machine_cpu_skip(struct machine *m, uint64_t ticks) {
  if (ticks == 0) return;
  m->waiting = true;
  m->tick += ticks;
  m->skipped += ticks;
  m->timer -= (uint32_t)ticks;
}

static bool next_is_wait(const struct machine *m) {
  uint32_t pa;
  const bool t = m->status & ST_T;
  if (m->pc & 3 || machine_translate(m, m->pc, ACCESS_FETCH, t, status_asid(m->status), &pa)) return false;
  return pa < m->ram_bytes && pg32_decode(ram_word(m, pa)).id == PG32_wait;
}

uint64_t machine_idle_ticks(const struct machine *m) {
  if (m->halt != RUNNING || m->status & ST_U || !next_is_wait(m)) return 0;
  return machine_cpu_wait_ticks(m);
}

void machine_idle(struct machine *m, uint64_t ticks) {
  const uint64_t most = machine_idle_ticks(m);
  machine_cpu_skip(m, ticks < most ? ticks : most);
}

void machine_power_off(struct machine *m, uint32_t exit_status) {
  m->halt = POWERED_OFF;
  m->exit_status = exit_status;
}

void machine_stream_halt(struct machine *m, struct stream *s) {
  STREAM(s, m->halt);
  STREAM(s, m->exit_status);
  STREAM(s, m->stop_cause);
  STREAM(s, m->stop_badva);
}

uint32_t machine_features_of(enum machine_cpu cpu) { return cpu == CPU_LEAKY ? CPU_FEATURE_L : 0; }
uint32_t machine_cpu_features(const struct machine *m) { return machine_features_of(m->cpu); }

uint32_t machine_exit_status(const struct machine *m) { return m->exit_status; }
uint64_t machine_tick(const struct machine *m) { return m->tick; }
uint64_t machine_retired(const struct machine *m) { return retired(m); }
uint64_t machine_steps(const struct machine *m) { return steps(m); }

void machine_checkstop_text(const struct machine *m, char *buf, size_t size) {
  if (m->halt != CHECK_STOPPED) {
    snprintf(buf, size, "not check-stopped");
    return;
  }
  snprintf(buf, size,
           "check-stop: %s at pc 0x%08x (bad address 0x%08x) right after a trap (%s at pc 0x%08x); "
           "the trap vector E[0x18] is 0x%08x",
           pg32_cause_text(m->stop_cause), m->pc, m->stop_badva, pg32_cause_text(ram_word(m, LC_CAUSE)),
           ram_word(m, LC_PC), ram_word(m, LC_VECTOR));
}

void machine_get_regs(const struct machine *m, struct machine_regs *regs) {
  memcpy(regs->x, m->x, sizeof regs->x);
  regs->pc = m->pc;
  regs->status = m->status;
  regs->timer = m->timer;
  regs->tick = m->tick;
}

void machine_get_view(const struct machine *m, struct machine_view *view) {
  *view = (struct machine_view){m->pc, m->status, m->timer, m->tick, retired(m), steps(m), m->x};
}

void machine_set_regs(struct machine *m, const struct machine_regs *regs) {
  for (int i = 1; i < 32; i++) m->x[i] = regs->x[i];
  m->pc = regs->pc;
  m->status = regs->status & ST_MASK;
  m->timer = regs->timer;
  m->waiting = false;
  m->last_trap = NEVER;
}
