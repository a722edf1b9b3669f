/* probe-start.S - what the probe (probe.c) does before and besides C: it notes the state of the machine at the first
 * instruction, hashes all of RAM as it found it, and makes accesses that may trap. */
#include <isa/platform.h>

/* The notes are at the beginning of the image, where zero is near enough to be the base: x1 .. x31, then these. */
#define NOTES (IMAGE_BASE + 4)
#define NOTE(n) (NOTES + 4 * (n))
#define NOTE_LOW_CORE 32 /* its first eight words */
#define NOTE_STATUS 40
#define NOTE_TIMER 41
#define NOTE_TICK 42
#define NOTE_HASH 43

        .section .text.hot, "ax"
        .globl  _start, notes
_start: j       begin
notes:  .space  4 * 44
begin:
        .irp    n, 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
        sw      x\n, NOTE(\n)(zero)
        .endr
        .irp    n, 0,1,2,3,4,5,6,7
        lw      t0, 4*\n(zero)
        sw      t0, NOTE(NOTE_LOW_CORE + \n)(zero)
        .endr
        mfst    s0                      # noted later: it must not change the hash
        li      t1, DEV_CLOCK
        lw      t0, CLOCK_LO(t1)
        sw      t0, NOTE(NOTE_TICK)(zero)
        la      t0, 1f                  # TIMER is in no register: a trap shows it
        sw      t0, LC_VECTOR(zero)
        break
1:      lw      t0, LC_TIMER(zero)
        sw      t0, NOTE(NOTE_TIMER)(zero)
        .irp    n, 0,1,2,3,4,5,6,7      # RAM is again as it was, but for the notes
        lw      t0, NOTE(NOTE_LOW_CORE + \n)(zero)
        sw      t0, 4*\n(zero)
        .endr
        li      t1, DEV_FACTS
        lw      t1, FACTS_RAM(t1)
        li      t0, 0
        li      t2, 0
        li      t3, 16777619
2:      lw      t4, 0(t0)
        xor     t2, t2, t4
        mul     t2, t2, t3
        addi    t0, t0, 4
        bltu    t0, t1, 2b
        sw      t2, NOTE(NOTE_HASH)(zero)
        sw      s0, NOTE(NOTE_STATUS)(zero)
        la      sp, stack_top
        call    probe
        li      t0, DEV_POWER
        sw      a0, POWER_OFF(t0)

/* uint32_t attempt_NAME(uint32_t address, uint32_t value): executes the instruction with a0 = address, a1 = value;
 * answers the cause of its trap, 0 if it did not trap. `attempted` is then a1. */
        .text
        .macro  attempt name, insn:vararg
        .globl  attempt_\name
attempt_\name:
        la      t0, 1f
        sw      t0, LC_VECTOR(zero)
        \insn
        la      t0, attempted
        sw      a1, 0(t0)
        li      a0, 0
        ret
1:      lw      a0, LC_CAUSE(zero)
        ret
        .endm
        attempt lw, lw a1, 0(a0)
        attempt lh, lh a1, 0(a0)
        attempt lb, lb a1, 0(a0)
        attempt sw, sw a1, 0(a0)
        attempt sb, sb a1, 0(a0)
        attempt jalr, jalr t1, 0(a0)
        attempt illegal, .word 0
        attempt syscall, syscall
        attempt hcall, hcall
        attempt break, break

/* void enter(uint32_t pc, uint32_t status, uint32_t timer, uint32_t address): rfe to there, with a0 = address; returns
 * at the next trap, which the low core describes. */
        .globl  enter
enter:  sw      a0, LC_PC(zero)
        sw      a1, LC_STATUS(zero)
        sw      a2, LC_TIMER(zero)
        la      t0, 1f
        sw      t0, LC_VECTOR(zero)
        mv      a0, a3
        rfe
1:      ret

/* Programs for enter, on a page of their own. */
        .balign PAGE_SIZE
        .globl  turns, sleeps, loads, stores
turns:  j       turns
sleeps: wait
        j       sleeps
loads:  lw      t1, 0(a0)
        break
stores: sw      t1, 0(a0)
        break
        .balign PAGE_SIZE

        .bss
        .globl  attempted, page
        .balign PAGE_SIZE
page:   .space  PAGE_SIZE
attempted: .space 4
        .balign 16
        .space  2048
stack_top:
