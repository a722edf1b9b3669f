/* cpu.h - traps, interrupts and `wait`, for the engines. */
#ifndef MACHINE_CPU_H
#define MACHINE_CPU_H

#include "bus.h"
#include "internal.h"

/* The trap: saves m->pc and the rest in low core and enters the vector. Or, if nothing has retired since the
 * trap before, check-stops. Interrupts are exempt from that rule. */
void machine_cpu_trap(struct machine *m, uint32_t cause, uint32_t badva, uint32_t badinst);
void machine_cpu_check_stop(struct machine *m, uint32_t cause, uint32_t badva);
/* Loads PC, STATUS and TIMER from low core. The caller has retired the instruction. */
void machine_cpu_rfe(struct machine *m);
/* Ticks until the `wait` at m->pc completes; 0 = now. */
uint64_t machine_cpu_wait_ticks(const struct machine *m);
/* Lets `ticks` of them pass. */
void machine_cpu_skip(struct machine *m, uint64_t ticks);

/* Before a trap or an rfe, at m->pc: true if the observer wants the machine stopped first. */
static inline bool cpu_held(struct machine *m) {
  if (LIKELY(!m->observer.before_trap) || !m->observer.before_trap(m->observer.arg, m)) return false;
  machine_stop(m);
  return true;
}

/* Does a device interrupt now? Asks the devices only if the answer cannot be known otherwise. */
static inline bool device_pending(struct machine *m) {
  if (LIKELY(m->tick < m->next_device_event)) return false;
  m->next_device_event = machine_bus_pending(m) ? 0 : machine_bus_next_event(m);
  return m->next_device_event == 0;
}

/* The interrupt to take at this boundary, or 0. */
static inline uint32_t cpu_interrupt(struct machine *m) {
  if (!(m->status & ST_IE) || m->waiting) return CAUSE_NONE;
  if (m->timer == 0) return CAUSE_TIMER;
  return device_pending(m) ? CAUSE_DEVICE : CAUSE_NONE;
}

/* Is `id`, a privileged row, one that this CPU lets pass in user mode? */
static inline bool cpu_has_hole(const struct machine *m, enum pg32_id id) {
  static const uint8_t holes[] = {PG32_ILLEGAL, PG32_mfst, PG32_mfst, PG32_mtst, PG32_tlbw,
                                  PG32_tlbi,    PG32_wait, PG32_rfe}; /* by the number of CPU_HOLE */
  if (m->cpu == CPU_LEAKY) return id == PG32_mfst || id == PG32_mtst;
  const unsigned n = machine_cpu_number(m->cpu, CPU_HOLE);
  return n && id == holes[n];
}

/* Does `id`, a privileged row, trap in the present mode? */
static inline bool cpu_privileged_traps(const struct machine *m, enum pg32_id id) {
  if (!(m->status & ST_U)) return false;
  return LIKELY(m->cpu == CPU_PG32) || !cpu_has_hole(m, id);
}

/* It does not trap; does it do nothing, but retire? In user mode, where only a hole lets it pass, it does
 * nothing unless it is an mfst that shows STATUS. */
static inline bool cpu_ignores(const struct machine *m, enum pg32_id id) {
  if (!(m->status & ST_U)) return false;
  return id != PG32_mfst || machine_cpu_number(m->cpu, CPU_HOLE) == 2;
}

/* Word by word: if the words were collected in an array and copied at once, a compiler's wide loads of the
 * array would wait for the narrow stores before them. */
static inline void put_low_core(struct machine *m, uint32_t at, uint32_t value) {
  __builtin_memcpy(m->ram + at, &value, sizeof value);
}

#define PSW_BYTES 12
_Static_assert(LC_PC == 0 && LC_STATUS == 4 && LC_TIMER == 8, "the old PSW is the beginning of low core");

/* CPU_NEST: where the old PSW before the present one is kept; 0: nowhere. */
static inline uint32_t cpu_nest(const struct machine *m) { return 4 * machine_cpu_number(m->cpu, CPU_NEST); }

/* After ram_touch: writes the old PSW and the reason to low core, and enters the vector. */
static inline void cpu_enter_vector(struct machine *m, uint32_t cause, uint32_t badva, uint32_t badinst) {
  if (UNLIKELY(m->cpu != CPU_PG32) && cpu_nest(m)) __builtin_memcpy(m->ram + cpu_nest(m), m->ram, PSW_BYTES);
  put_low_core(m, LC_PC, m->pc);
  put_low_core(m, LC_STATUS, m->status);
  put_low_core(m, LC_TIMER, m->timer);
  put_low_core(m, LC_CAUSE, cause);
  put_low_core(m, LC_BADVA, badva);
  put_low_core(m, LC_BADINST, badinst);
  m->last_trap = retired(m);
  m->pc = ram_word(m, LC_VECTOR);
  m->status &= ST_ASID_MASK;
}

/* machine_cpu_trap where m->low_core is not NULL, so that neither observers nor snapshots need be told, and
 * for faults only: causes that neither retire the instruction nor interrupt. */
static inline void cpu_fault_alone(struct machine *m, uint32_t cause, uint32_t badva, uint32_t badinst) {
  if (UNLIKELY(m->last_trap == retired(m))) {
    machine_cpu_check_stop(m, cause, badva);
    return;
  }
  m->unretired++;
  cpu_enter_vector(m, cause, badva, badinst);
}

#endif
