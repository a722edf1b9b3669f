/* nano.S - the nanobenchmarks of `trapeze compare`: a bare image that does one small thing N times.
 *
 * Boot arguments: the name of a benchmark, and N in decimal digits. Each loop ends with the same two instructions, which
 * the benchmark `loop` consists of. Powers off with status 0; 2: there is no such benchmark. */
#include <isa/platform.h>

#define VA 0x00400000        /* a page that only the TLB knows */
#define LONG_TIME 0x7FFFFFFF /* ticks without an interrupt of the timer */
#define BENCHMARK(name) .word name; .ascii #name; .balign 16, 0
#define AGAIN addi s0, s0, -1; bnez s0, 1b; ret
#define VECTOR(handler) la t0, handler; sw t0, LC_VECTOR(zero)

        .text
        .globl  _start
_start: li      s1, DEV_FACTS
        lw      s2, FACTS_ARGS(s1)
        la      s3, benchmarks
1:      lw      s4, 0(s3)               # each benchmark: is this the name?
        li      a0, 2
        beqz    s4, off
        addi    t2, s3, 4
        mv      s5, s2
2:      lbu     t0, 0(t2)
        lbu     t1, 0(s5)
        addi    t2, t2, 1
        addi    s5, s5, 1
        bne     t0, t1, 4f
        bnez    t0, 2b
        li      s0, 0                   # yes: N is behind it
        li      t1, 10
3:      lbu     t0, 0(s5)
        beqz    t0, 5f
        addi    t0, t0, -48
        mul     s0, s0, t1
        add     s0, s0, t0
        addi    s5, s5, 1
        j       3b
4:      addi    s3, s3, 16
        j       1b
5:      la      s6, page                # an entry for the TLB: VA, ASID 0, to the page
        ori     s6, s6, TLB_R | TLB_W
        li      s7, VA
        jalr    s4
        li      a0, 0
off:    li      t0, DEV_POWER
        sw      a0, POWER_OFF(t0)

        .balign 16
benchmarks:
        BENCHMARK(loop)
        BENCHMARK(mfst)
        BENCHMARK(irqs)
        BENCHMARK(call)
        BENCHMARK(device)
        BENCHMARK(syscall)
        BENCHMARK(entry)
        BENCHMARK(fault)
        BENCHMARK(hidden)
        .word   0

loop:
1:      AGAIN

mfst:
1:      mfst    t0
        AGAIN

/* Interrupts off, and on again as they were: what a kernel does around a critical section. */
irqs:   la      t0, 1f
        sw      t0, LC_PC(zero)
        li      t0, ST_IE
        sw      t0, LC_STATUS(zero)
        li      t0, LONG_TIME
        sw      t0, LC_TIMER(zero)
        rfe
1:      mfst    t0
        andi    t1, t0, ~ST_IE
        mtst    t1
        mtst    t0
        AGAIN

call:   mv      s9, ra
1:      call    3f
        addi    s0, s0, -1
        bnez    s0, 1b
        jr      s9
3:      ret

device: li      t1, DEV_CONSOLE
1:      lw      t0, CONSOLE_STATUS(t1)
        AGAIN

/* A system call, from user mode to the shortest handler and back. `break` ends it. */
syscall:
        VECTOR(answer)
        la      t0, user
        sw      t0, LC_PC(zero)
        li      t0, ST_U
        sw      t0, LC_STATUS(zero)
        rfe
answer: lw      t0, LC_CAUSE(zero)
        addi    t0, t0, -CAUSE_SYSCALL
        bnez    t0, 3f
        rfe
3:      ret

/* A page table is changed: the TLB's entry is written, and invalidated. */
entry:
1:      tlbw    s7, s6
        tlbi    s7, TLBI_PAGE
        AGAIN

/* The same, and a load in between, translated. */
hidden: mv      s9, ra
        VECTOR(refill)
        call    translate
1:      tlbw    s7, s6
        lw      t0, 0(s7)
        tlbi    s7, TLBI_PAGE
        addi    s0, s0, -1
        bnez    s0, 1b
        j       finish

/* The load comes first, and traps; the handler writes the entry. */
fault:  mv      s9, ra
        VECTOR(refill)
        call    translate
1:      lw      t0, 0(s7)
        tlbi    s7, TLBI_PAGE
        addi    s0, s0, -1
        bnez    s0, 1b
finish: mfst    t0                      # translation off: the devices are at physical addresses
        andi    t0, t0, ~ST_T
        mtst    t0
        jr      s9
refill: lw      t6, LC_BADVA(zero)
        bne     t6, s7, 3f
        tlbw    s7, s6
        rfe
3:      srli    t6, t6, PAGE_SHIFT      # the TLB has given a page of this image's code away
        slli    t6, t6, PAGE_SHIFT
        ori     t5, t6, TLB_R | TLB_X
        tlbw    t6, t5
        rfe

/* Translation on, with ASID 0: the pages of this image onto themselves. */
translate:
        li      t0, IMAGE_BASE
        la      t1, page
1:      ori     t2, t0, TLB_R | TLB_X
        tlbw    t0, t2
        li      t2, PAGE_SIZE
        add     t0, t0, t2
        bltu    t0, t1, 1b
        mfst    t0
        ori     t0, t0, ST_T
        mtst    t0
        ret

        .balign PAGE_SIZE               # programs have pages of their own
user:   syscall
        addi    s0, s0, -1
        bnez    s0, user
        break

        .bss
        .balign PAGE_SIZE
page:   .space  PAGE_SIZE
