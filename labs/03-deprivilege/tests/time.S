/* time.S - an emulated instruction retires like any other: it takes one tick, also off TIMER, and an interrupt that
 * is due then comes right behind it. */
#include "probe.inc"
/* ticks and TIMER that the routine from `at` up to its break takes, with IE off, being `n` instructions */
#define TAKES(at, n, what) li s2, 0; TRY(0, 100, at); TIMER_IS(100 - (n) - 3, what ": TIMER loaded with 100 (2 looks, a break)"); \
  sub s2, a1, a0; CHECK(s2, (n) + 1, what ": ticks between the looks at the clock before and after")
/* the instruction at `at` is the last of TIMER's */
#define DUE(at, what) li a4, 0; TRY(ST_IE, 1, at); CAUSE_IS(CAUSE_TIMER, what " with TIMER = 1"); PC_IS(at + 4, what " with TIMER = 1"); \
  CHECK(a4, 0, what " with TIMER = 1: instructions until the interrupt")
_start: li      s1, DEV_CLOCK
        li      a2, 0x00400001          # for tlbw and tlbi
        li      a3, 0
        TAKES(do_nop, 1, "nop, for comparison")
        TAKES(do_mfst, 1, "mfst")
        TAKES(do_mtst, 1, "mtst")
        TAKES(do_tlbw, 1, "tlbw")
        TAKES(do_tlbi, 1, "tlbi")
        TAKES(do_all, 5, "mfst, mtst, tlbw, tlbi, mfst")

        li      a5, ST_IE
        DUE(last_nop, "nop")
        DUE(last_mfst, "mfst")
        DUE(last_mtst, "mtst")
        DUE(last_tlbw, "tlbw")
        DUE(last_tlbi, "tlbi")

        TRY(0, 2, sticks)               # TIMER stays at 0 when it is there
        TIMER_IS(0, "five mfst with TIMER = 2 and IE off")

        # an rfe is a tick, and takes one off the old TIMER, which nobody sees; the new one is whole
        la      s0, 1f
        sw      s0, LC_PC(zero)
        sw      zero, LC_STATUS(zero)
        li      s0, 50
        sw      s0, LC_TIMER(zero)
        lw      a0, CLOCK_LO(s1)
        rfe
1:      lw      a1, CLOCK_LO(s1)
        sub     a1, a1, a0
        CHECK(a1, 2, "ticks from a look at the clock before rfe to the one after it")
        PASS
do_nop: lw      a0, CLOCK_LO(s1)
        nop
        lw      a1, CLOCK_LO(s1)
        break
do_mfst: lw     a0, CLOCK_LO(s1)
        mfst    a6
        lw      a1, CLOCK_LO(s1)
        break
do_mtst: lw     a0, CLOCK_LO(s1)
        mtst    zero
        lw      a1, CLOCK_LO(s1)
        break
do_tlbw: lw     a0, CLOCK_LO(s1)
        tlbw    a2, a3
        lw      a1, CLOCK_LO(s1)
        break
do_tlbi: lw     a0, CLOCK_LO(s1)
        tlbi    a2, TLBI_PAGE
        lw      a1, CLOCK_LO(s1)
        break
do_all: lw      a0, CLOCK_LO(s1)
        mfst    a6
        mtst    zero
        tlbw    a2, a3
        tlbi    a2, TLBI_ALL
        mfst    a6
        lw      a1, CLOCK_LO(s1)
        break
last_nop: nop
        addi    a4, a4, 1
        break
last_mfst: mfst a6
        addi    a4, a4, 1
        break
last_mtst: mtst a5
        addi    a4, a4, 1
        break
last_tlbw: tlbw a2, a3
        addi    a4, a4, 1
        break
last_tlbi: tlbi a2, TLBI_ALL
        addi    a4, a4, 1
        break
sticks: .rept   5
        mfst    a6
        .endr
        break
