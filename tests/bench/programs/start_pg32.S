/* start_pg32.S - a workload on the bare PG32 machine: in user mode, every page translated to itself, entered into
 * the TLB when it is first missed. With the boot argument `real` it runs untranslated: that counts its own
 * instructions. The checksum goes to the console in hexadecimal, the exit status is 0. */
#include <isa/platform.h>

#define ASID 1
#define SAVE 0x40

        .text
        .globl  _start
_start: la      t0, handler
        sw      t0, LC_VECTOR(zero)
        la      t0, user
        sw      t0, LC_PC(zero)
        li      t0, DEV_FACTS
        lw      t1, FACTS_ARGS_SIZE(t0)
        li      t0, ST_U
        bnez    t1, 1f
        li      t0, ST_U | ST_T | ASID << ST_ASID_SHIFT
1:      sw      t0, LC_STATUS(zero)
        rfe

user:   la      sp, stack_end
        call    bench
        syscall

/* A miss, which is common, first: the page maps to itself. */
handler:
        sw      t0, SAVE(zero)
        sw      t1, SAVE + 4(zero)
        lw      t0, LC_CAUSE(zero)
        addi    t1, t0, -CAUSE_LOAD_MISS
        sltiu   t1, t1, CAUSE_STORE_MISS - CAUSE_LOAD_MISS + 1
        bnez    t1, miss
        addi    t1, t0, -CAUSE_FETCH_MISS
        beqz    t1, miss
        addi    t1, t0, -CAUSE_SYSCALL
        beqz    t1, done
        li      t1, DEV_POWER           /* any other trap: its cause is the status */
        sw      t0, POWER_OFF(t1)
miss:   lw      t0, LC_BADVA(zero)
        srli    t0, t0, PAGE_SHIFT
        slli    t0, t0, PAGE_SHIFT
        addi    t1, t0, TLB_RIGHTS
        addi    t0, t0, ASID
        tlbw    t0, t1
        lw      t0, SAVE(zero)
        lw      t1, SAVE + 4(zero)
        rfe

done:   li      t0, DEV_CONSOLE
        li      t1, 28
1:      srl     t2, a0, t1
        andi    t2, t2, 15
        sltiu   t3, t2, 10
        bnez    t3, 2f
        addi    t2, t2, 'a' - '0' - 10
2:      addi    t2, t2, '0'
        sw      t2, CONSOLE_DATA(t0)
        addi    t1, t1, -4
        bgez    t1, 1b
        li      t2, '\n'
        sw      t2, CONSOLE_DATA(t0)
        li      t0, DEV_POWER
        sw      zero, POWER_OFF(t0)

        .bss
        .balign 16
        .space  16384
stack_end:
