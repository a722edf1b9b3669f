/* bus.S - guest-physical addresses that are not RAM: those beyond its end, and those of devices; translated and
 * untranslated. */
#include "probe.inc"
#define CODE 0x00400000
#define WIN 0x00500000  /* a window onto whatever frame is asked for */
#define T ST_U | ST_T | ASID(2)
#define NOWHERE 0x40000000
#define UNTRANSLATED(what, at, address, cause, badinst) \
  li a1, address; TRY(ST_U, 9, at); CAUSE_IS(cause, what); BADVA_IS(address, what); BADINST_IS(badinst, what); PC_IS(at, what); TIMER_IS(9, what)
#define TRANSLATED(what, offset, cause) \
  li a1, WIN; TRY_VA(T, 9, CODE + (offset)); CAUSE_IS(cause, what); PC_IS_VA(CODE + (offset), what)
_start: li      a2, 0x77
        UNTRANSLATED("a load from beyond RAM", at_lw, NOWHERE, CAUSE_LOAD_BUS, WORD_I(PG32_OP_lw, 10, 11, 0))
        UNTRANSLATED("a store to beyond RAM", at_sw, NOWHERE, CAUSE_STORE_BUS, WORD_I(PG32_OP_sw, 12, 11, 0))
        TRY_VA(ST_U, 9, NOWHERE)
        CAUSE_IS(CAUSE_FETCH_BUS, "a jump to beyond RAM")
        BADVA_IS(NOWHERE, "a jump to beyond RAM")
        TRY_VA(ST_U, 9, DEV_CLOCK)
        CAUSE_IS(CAUSE_FETCH_BUS, "a jump to a device")

        li      t0, DEV_FACTS           # the first and the last word
        lw      s0, FACTS_RAM(t0)
        addi    a1, s0, -4
        TRY(ST_U, 9, at_sw)
        CAUSE_IS(CAUSE_BREAK, "a store to the last word of RAM")
        TRY(ST_U, 9, at_lw)
        CAUSE_IS(CAUSE_BREAK, "a load from the last word of RAM")
        CHECK(a0, 0x77, "the last word of RAM")
        mv      a1, s0
        TRY(ST_U, 9, at_lw)
        CAUSE_IS(CAUSE_LOAD_BUS, "a load from the first address behind RAM")
        TRY(ST_U, 9, at_sw)
        CAUSE_IS(CAUSE_STORE_BUS, "a store to the first address behind RAM")

        # the same through the TLB; entries for what is not there may be made
        MAP(CODE, 2, code, TLB_X)
        MAP_PA(WIN, 2, NOWHERE, TLB_RIGHTS)
        TRANSLATED("a load through an entry that leads beyond RAM", 0, CAUSE_LOAD_BUS)
        BADVA_IS(WIN, "a load through an entry that leads beyond RAM: the virtual address")
        TRANSLATED("a store through an entry that leads beyond RAM", 8, CAUSE_STORE_BUS)
        TRY_VA(T, 9, WIN + 8)
        CAUSE_IS(CAUSE_FETCH_BUS, "a fetch through an entry that leads beyond RAM")
        MAP_PA(WIN, 2, NOWHERE, TLB_W)
        TRANSLATED("a load without R through an entry that leads beyond RAM: PROT comes first", 0, CAUSE_LOAD_PROT)
        ori     a0, s0, TLB_RIGHTS      # the frame right behind RAM
        li      a1, WIN | 2
        tlbw    a1, a0
        TRANSLATED("a load through an entry for the frame right behind RAM", 0, CAUSE_LOAD_BUS)
        MAP_PA(WIN, 2, 0, TLB_R)        # and one for the low core
        li      a0, 0
        li      t0, 0x5A5A
        sw      t0, 0x80(zero)
        li      a1, WIN + 0x80
        TRY_VA(T, 9, CODE)
        CAUSE_IS(CAUSE_BREAK, "a load through an entry for frame 0")
        CHECK(a0, 0x5A5A, "a load through an entry for frame 0")

        # devices
        MAP_PA(WIN, 2, DEV_FACTS, TLB_RIGHTS)
        li      a1, WIN
        TRY_VA(T, 9, CODE)
        CAUSE_IS(CAUSE_BREAK, "a load from a device through the TLB")
        TIMER_IS(7, "a load from a device through the TLB, TIMER loaded with 9, then a break")
        CHECK_SAME(a0, s0, "a load from a device through the TLB: the size of RAM")
        li      t0, DEV_FACTS
        lw      s1, FACTS_HZ(t0)
        li      a1, WIN + FACTS_HZ
        TRY_VA(T, 9, CODE)
        CAUSE_IS(CAUSE_BREAK, "a load from a device's last register through the TLB")
        CHECK_SAME(a0, s1, "a load from a device's last register through the TLB: the frequency")
        li      a1, WIN
        TRANSLATED("a byte load from a device through the TLB", 16, CAUSE_LOAD_BUS)
        TRANSLATED("a store to a read-only register through the TLB", 8, CAUSE_STORE_BUS)
        BADVA_IS(WIN, "a store to a read-only register through the TLB: the virtual address")
        TRY_VA(T, 9, WIN + 4)
        CAUSE_IS(CAUSE_FETCH_BUS, "a fetch from a device through the TLB")
        MAP_PA(WIN, 2, DEV_FACTS, TLB_W)
        TRANSLATED("a load without R from a device through the TLB", 0, CAUSE_LOAD_PROT)
        li      a1, WIN + 1
        TRY_VA(T, 9, CODE + 24)
        CAUSE_IS(CAUSE_LOAD_MISALIGNED, "a misaligned load: before all that")
        PASS
at_lw:  lw      a0, 0(a1)
        break
at_sw:  sw      a2, 0(a1)
        break
        .balign PAGE_SIZE
code:   lw      a0, 0(a1)               # 0
        break
        sw      a2, 0(a1)               # 8
        break
        lbu     a0, 0(a1)               # 16
        break
        lh      a0, 0(a1)               # 24
        break
