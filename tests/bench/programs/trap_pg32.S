/* trap_pg32.S - a million turns of a loop in user mode, translated: of nothing
 * (trap_loop), of a system call whose handler
 * returns at once (trap_syscall), of a load from a page that the TLB lacks (trap_fault: 512 pages in turn, which
 * each handler enters). The difference between two of them, by a million, is what a trap costs. */
#include <isa/platform.h>

#define ASID 1
#define TURNS 1000000
#define PAGES 512
#define SAVE 0x40

        .text
        .globl  _start
_start: la      t0, handler
        sw      t0, LC_VECTOR(zero)
        la      t0, user
        sw      t0, LC_PC(zero)
        ori     t0, t0, TLB_RIGHTS      # the loop's own page
        li      t1, -PAGE_SIZE
        and     t1, t1, t0
        ori     t2, t1, TLB_RIGHTS
        ori     t1, t1, ASID
        tlbw    t1, t2
        li      t0, ST_U | ST_T | ASID << ST_ASID_SHIFT
        sw      t0, LC_STATUS(zero)
        li      s0, TURNS
        la      s1, pages
        la      s2, pages_end
        rfe

        .balign PAGE_SIZE
user:
#if defined(trap_syscall)
1:      syscall
#elif defined(trap_fault)
1:      lw      t2, 0(s1)
        li      t3, PAGE_SIZE
        add     s1, s1, t3
        bltu    s1, s2, 2f
        la      s1, pages
2:
#else
1:
#endif
        addi    s0, s0, -1
        bnez    s0, 1b
        hcall                           # the end, told from system calls by nothing but s0

#ifdef trap_syscall
handler: beqz   s0, off
        rfe
#else
handler: beqz   s0, off
        sw      t0, SAVE(zero)
        sw      t1, SAVE + 4(zero)
        lw      t0, LC_BADVA(zero)
        srli    t0, t0, PAGE_SHIFT
        slli    t0, t0, PAGE_SHIFT
        addi    t1, t0, TLB_RIGHTS
        addi    t0, t0, ASID
        tlbw    t0, t1
        lw      t0, SAVE(zero)
        lw      t1, SAVE + 4(zero)
        rfe
#endif
off:    li      t0, DEV_POWER
        sw      zero, POWER_OFF(t0)

        .bss
        .balign PAGE_SIZE
pages:  .space  PAGES * PAGE_SIZE
pages_end:
