/* kernel.S - a guest kernel with one program, which does what the submitted knobs say: it prints the greeting, stores a word,
 * enters the program, lets it make its system calls, and powers off with the status. */
#include <isa/platform.h>

#define OFFSET 0x40000000 /* address v of the program is physical address v - OFFSET */
#define SPACE 0x4D

        .text
        .globl  _start
_start: la      t0, handler
        sw      t0, LC_VECTOR(zero)
        la      t0, greeting
        li      t1, DEV_CONSOLE
1:      lbu     t2, 0(t0)
        beqz    t2, 2f
        sw      t2, CONSOLE_DATA(t1)
        addi    t0, t0, 1
        j       1b
2:      lw      t0, peek
        beqz    t0, 3f
        mfst    s2                      # on the leaky CPU it tells a guest that it is one
3:      lw      t0, word
        la      t1, cell
        sw      t0, 0(t1)
        lw      s1, calls
        lw      s0, value
        la      t0, program
        li      t1, OFFSET
        add     t0, t0, t1
        sw      t0, LC_PC(zero)
        srli    t0, t0, PAGE_SHIFT
        slli    t0, t0, PAGE_SHIFT
        sub     t1, t0, t1
        addi    t0, t0, SPACE
        addi    t1, t1, TLB_R | TLB_X
        tlbw    t0, t1
        li      t0, SPACE << ST_ASID_SHIFT | ST_U | ST_T
        sw      t0, LC_STATUS(zero)
        rfe

handler:
        bnez    a7, 4f                  # 1: nothing to do; 0: exit
        lw      t0, status
        li      t1, DEV_POWER
        sw      t0, POWER_OFF(t1)
4:      rfe

        .balign PAGE_SIZE
program:
5:      beqz    s1, 6f
        li      a7, 1
        syscall
        addi    s1, s1, -1
        j       5b
6:
        li      a7, 0
        syscall

        .data
        .globl  cell
cell:   .word   0, 0
