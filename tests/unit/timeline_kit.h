/* timeline_kit.h - a machine that is always busy, for tests of the timeline. */
#ifndef TIMELINE_KIT_H
#define TIMELINE_KIT_H

#include "kit.h"

/* Endless: stores, loads, TLB writes, faults, interrupts, marks, disk, input, output, code that changes. */
static inline struct machine *busy_machine(void) {
  static const uint8_t disk[2048] = {1, 2, 3};
  struct machine *m =
      new_machine_with((struct machine_config){.tlb_entries = 5, .disk = disk, .disk_bytes = 2048});
  PROGRAM(m, HANDLER, LUI(S0, 0xF0000), LD(lw, A0, CONSOLE_DATA, S0), ST(sw, A0, 0x100, ZERO),
          ST(sw, T2, CONSOLE_DATA, S0), LUI(S0, 0xF0001), RRI(addi, T0, ZERO, 1), ST(sw, T0, BLOCK_COUNT, S0),
          LUI(T1, 5), ST(sw, T1, BLOCK_ADDR, S0), RRI(andi, T0, T2, 4), RRI(srli, T0, T0, 2),
          RRI(addi, T0, T0, BLOCK_READ), ST(sw, T0, BLOCK_CMD, S0), LUI(S0, 0xF0002),
          LD(lw, A1, CLOCK_LO, S0), ST(sw, A1, 8, T1), insn(PG32_tlbw, 0, A1, A1, 0),
          insn(PG32_mark, 0, A0, A1, MARK_PROC), RRI(addi, T0, ZERO, 13), ST(sw, T0, LC_TIMER, ZERO),
          LD(lw, A3, LC_PC, ZERO), LD(lw, A2, LC_CAUSE, ZERO), RRI(addi, T0, A2, -CAUSE_ILLEGAL),
          BR(beq, T0, ZERO, 12), RRI(addi, T0, A2, -CAUSE_LOAD_MISALIGNED), BR(bne, T0, ZERO, 12),
          RRI(addi, A3, A3, 4), ST(sw, A3, LC_PC, ZERO), OP(rfe));
  PROGRAM(m, IMAGE_BASE, LUI(S1, 6), RRR(add, S1, S1, T2), RRI(addi, T2, T2, 68), RRI(andi, T2, T2, 0xFFC),
          ST(sw, T2, 0, S1), OP(wait), 0, OP(syscall), LD(lw, A4, 0x100, ZERO), RRI(addi, A5, A5, 1),
          LD(lw, A5, 1, ZERO), JAL(ZERO, -44));
  for (int i = 0; i < 40; i++) assert_true(machine_console_input(m, (uint64_t)i * 100, "k", 1));
  PROGRAM(m, 0x2000, LUI(S0, 0xF0000), RRI(addi, T0, ZERO, 1), ST(sw, T0, CONSOLE_CTRL, S0), OP(rfe));
  poke(m, LC_PC, IMAGE_BASE);
  poke(m, LC_STATUS, ST_IE);
  poke(m, LC_TIMER, 5);
  enter(m, 0x2000, 0, 0);
  return m;
}
_Static_assert(BLOCK_WRITE == BLOCK_READ + 1, "the handler reads and writes in turn");

#endif
