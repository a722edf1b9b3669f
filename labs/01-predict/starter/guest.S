/* guest.S - a small kernel and its application. The number in the boot arguments decides what the application does:
 * one thing for each digit, from the left. */
#include <isa/platform.h>

#define OFFSET 0x40000000 /* the application's address v is physical address v - OFFSET */
#define ASID 5
#define CAUSE_PRIVILEGED 8

        .globl  _start
        .text
/* ---- the kernel ---- */
_start: la      t0, handler
        sw      t0, LC_VECTOR(zero)
        la      t0, app + OFFSET
        sw      t0, LC_PC(zero)
        li      t0, ASID << ST_ASID_SHIFT | ST_U | ST_T
        sw      t0, LC_STATUS(zero)
        li      t0, DEV_FACTS
        lw      a0, FACTS_ARGS(t0)      # a load from a device
        lw      t1, 0(a0)               # the first eight digits go to s0 and s1
        lw      t2, 4(a0)
        mv      s0, t1
        mv      s1, t2
        li      s2, OFFSET              # where the application's fresh pages begin
        la      t0, fresh
        add     s2, s2, t0
        mv      s3, s2
        rfe

handler:                                # t0 to t2 are the kernel's: the application does not use them
        lw      t0, LC_CAUSE(zero)
        addi    t1, t0, -CAUSE_SYSCALL
        beqz    t1, call
        addi    t1, t0, -CAUSE_PRIVILEGED
        beqz    t1, skip
miss:   lw      t0, LC_BADVA(zero)
        andi    t0, t0, -PAGE_SIZE
        li      t1, OFFSET - (TLB_R | TLB_W | TLB_X)
        sub     t1, t0, t1
        addi    t0, t0, ASID
        tlbw    t0, t1
        rfe

skip:   lw      t0, LC_PC(zero)         # the application may not do that: skip the instruction
        addi    t0, t0, 4
        sw      t0, LC_PC(zero)
        rfe

call:   beqz    a7, exit
        addi    t0, a7, -1
        beqz    t0, print
        addi    t0, a7, -2
        beqz    t0, forget
        rfe                             # any other system call does nothing

print:  li      t0, DEV_CONSOLE
        li      t1, '*'
        sw      t1, CONSOLE_DATA(t0)
        rfe

forget: tlbi    zero, TLBI_ALL
        rfe

exit:   li      t0, DEV_POWER
        sw      zero, POWER_OFF(t0)

/* ---- the application, one page of text ---- */
        .balign PAGE_SIZE
app:    andi    s4, s0, 0xFF            # the next digit
        beqz    s4, end
        srli    s0, s0, 8               # the digits behind it move up
        andi    s5, s1, 0xFF
        slli    s5, s5, 24
        or      s0, s0, s5
        srli    s1, s1, 8
        addi    s4, s4, -'0'
        slli    s4, s4, 3               # two instructions a digit
        auipc   s5, 0
        add     s5, s5, s4
        jr      s5, 12
        li      a7, 9                   # 0: a system call that does nothing
        j       calls
        li      a7, 9                   # 1: the same
        j       calls
        j       fresh_page              # 2: stores to a fresh page of its own
        nop
        j       fresh_page              # 3: the same
        nop
        lw      s6, 0(s3)               # 4: loads from the page that it used last, or from the first
        j       app
        j       compute                 # 5: computes
        nop
        li      a7, 1                   # 6: a system call that prints a star
        j       calls
        mfst    s6                      # 7: reads STATUS, which is privileged
        j       app
        tlbi    zero, TLBI_ALL          # 8: empties the TLB, which is privileged
        j       app
        li      a7, 2                   # 9: a system call that empties the TLB
        j       calls

calls:  syscall
        j       app
fresh_page:
        sw      s4, 0(s2)
        mv      s3, s2
        li      s6, PAGE_SIZE
        add     s2, s2, s6
        j       app
compute:
        li      s6, 100
1:      addi    s6, s6, -1
        bnez    s6, 1b
        j       app
end:    li      a7, 0
        syscall

        .bss
        .balign PAGE_SIZE
fresh:  .space  9 * PAGE_SIZE
