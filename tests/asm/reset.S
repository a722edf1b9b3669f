/* reset.S - the state of the machine at the first instruction of an image.
 *
 * expect: status 0
 * depths: 0 1
 *
 * All registers, STATUS and TIMER are 0; so are the tick, the low core, .bss, the last word of RAM and the device
 * registers; the TLB holds nothing. */
#include "check.inc"
_start: or      ra, ra, sp              # tick 0
        or      ra, ra, gp
        or      ra, ra, tp
        or      ra, ra, t0
        or      ra, ra, t1
        or      ra, ra, t2
        or      ra, ra, s0
        or      ra, ra, s1
        or      ra, ra, a0
        or      ra, ra, a1              # 10
        or      ra, ra, a2
        or      ra, ra, a3
        or      ra, ra, a4
        or      ra, ra, a5
        or      ra, ra, a6
        or      ra, ra, a7
        or      ra, ra, s2
        or      ra, ra, s3
        or      ra, ra, s4
        or      ra, ra, s5              # 20
        or      ra, ra, s6
        or      ra, ra, s7
        or      ra, ra, s8
        or      ra, ra, s9
        or      ra, ra, s10
        or      ra, ra, s11
        or      ra, ra, t3
        or      ra, ra, t4
        or      ra, ra, t5
        or      ra, ra, t6              # 30
        lui     t0, DEV_CLOCK >> 12
        lw      t1, CLOCK_LO(t0)
        lw      t2, CLOCK_HI(t0)
        CHECK(ra, 0)
        CHECK(t1, 31)
        CHECK(t2, 0)
        mfst    a0
        CHECK(a0, 0)
        CHECK_WORD(LC_PC, 0)
        CHECK_WORD(LC_STATUS, 0)
        CHECK_WORD(LC_TIMER, 0)
        CHECK_WORD(LC_CAUSE, 0)
        CHECK_WORD(LC_VECTOR, 0)
        CHECK_WORD(LC_FREE, 0)
        CHECK_WORD(0xFFC, 0)
        la      t0, clear
        lw      a0, 0(t0)
        lw      a1, 4096(t0)
        CHECK(a0, 0)
        CHECK(a1, 0)
        li      t0, DEV_FACTS
        lw      t0, FACTS_RAM(t0)
        lw      a0, -4(t0)
        CHECK(a0, 0)
        li      t0, DEV_CONSOLE
        lw      a0, CONSOLE_CTRL(t0)
        CHECK(a0, 0)
        li      t0, DEV_BLOCK
        lw      a0, BLOCK_SECTOR(t0)
        lw      a1, BLOCK_ADDR(t0)
        lw      a2, BLOCK_COUNT(t0)
        lw      a3, BLOCK_STATUS(t0)
        CHECK(a0, 0)
        CHECK(a1, 0)
        CHECK(a2, 0)
        CHECK(a3, 0)

        la      t0, stop                # TIMER is in no register: a trap shows it
        sw      t0, LC_VECTOR(zero)
        break
stop:   CHECK_WORD(LC_TIMER, 0)
        CHECK_WORD(LC_STATUS, 0)
                                        # no page is mapped, least of all 0 in ASID 0
        li      a0, 0
        li      a1, 0
        call    probe
        CHECK(a0, CAUSE_FETCH_MISS)
        la      a0, _start
        li      a1, 0
        call    probe
        CHECK(a0, CAUSE_FETCH_MISS)
        PASS

        .bss
clear:  .space  8192
