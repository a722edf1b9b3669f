/* guest.S - a bare kernel and its application, which do what the wrong VMMs of this folder do wrong: a system call,
 * an undefined instruction, a break, a store to a page that may only be read (the kernel copies it: copy on write), a
 * tlbi of a page that is then used, a load of the clock, and a tlbi of the whole ASID. With a right VMM it ends with
 * status 0. */
#include <isa/platform.h>
#define PAGE 0x70000000         /* the application's data page, in ASID 1 */
#define SYS_GETPID 9            /* the kernel's numbers */
#define SYS_FORGET 1
#define SYS_CLOCK  2
#define SYS_EMPTY  3

        .globl  _start
_start: la      t0, vector
        sw      t0, LC_VECTOR(zero)
        la      t0, user
        ori     t0, t0, TLB_R | TLB_X
        li      s1, USER_BASE | 1
        mv      s0, t0
        tlbw    s1, s0
        li      t0, USER_BASE
        sw      t0, LC_PC(zero)
        li      t0, ST_U | ST_T | 1 << ST_ASID_SHIFT
        sw      t0, LC_STATUS(zero)
        rfe

vector: lw      t0, LC_CAUSE(zero)
        li      t1, CAUSE_SYSCALL
        beq     t0, t1, call
        li      t1, CAUSE_ILLEGAL
        beq     t0, t1, skip
        li      t1, CAUSE_BREAK
        beq     t0, t1, return
        li      t1, CAUSE_LOAD_MISS
        beq     t0, t1, map
        li      t1, CAUSE_STORE_PROT
        beq     t0, t1, copy
        li      a0, 1           # no other trap comes
        j       off

return: rfe
skip:   lw      t0, LC_PC(zero)
        addi    t0, t0, 4
        sw      t0, LC_PC(zero)
        rfe
map:    la      t0, original
        ori     t0, t0, TLB_R
        li      t1, PAGE | 1
        tlbw    t1, t0
        rfe
copy:   la      t0, original
        la      t1, private
        lw      t0, 0(t0)
        sw      t0, 0(t1)
        ori     t0, t1, TLB_R | TLB_W
        li      t1, PAGE | 1
        tlbw    t1, t0
        rfe
call:   li      t0, SYS_GETPID
        beq     a7, t0, getpid
        li      t0, SYS_FORGET
        beq     a7, t0, forget
        li      t0, SYS_CLOCK
        beq     a7, t0, clock
        li      t0, SYS_EMPTY
        beq     a7, t0, empty
off:    li      t0, DEV_POWER
        sw      a0, POWER_OFF(t0)
getpid: li      a0, 77
        rfe
forget: li      t0, PAGE | 1
        tlbi    t0, TLBI_PAGE
        rfe
empty:  li      t0, 1
        tlbi    t0, TLBI_ASID
        tlbw    s1, s0          # the application's code is to stay
        rfe
clock:  li      t0, DEV_CLOCK
        lw      a0, CLOCK_LO(t0)
        rfe

        .balign PAGE_SIZE
user:   li      a7, SYS_GETPID
        syscall
        .word   0               # undefined
        break
        lui     a1, PAGE >> 12
        lw      a0, 0(a1)       # a miss, then
        sw      a1, 0(a1)       # a protection fault
        lw      a2, 0(a1)
        li      a7, SYS_FORGET
        syscall
        lw      a3, 0(a1)       # a miss: the page is the original again
        li      a7, SYS_CLOCK
        syscall
        li      a7, SYS_EMPTY
        syscall
        lw      a4, 0(a1)       # a miss
        li      a0, 0
        li      a7, 0
        syscall

        .balign PAGE_SIZE
original: .word 0x1234
        .balign PAGE_SIZE
private: .word  0
        .balign PAGE_SIZE
