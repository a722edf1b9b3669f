/* window.S - on the leaky CPU the last 16 KiB of the addresses are loaded and stored by base x0 alone, in every mode;
 * by another base they are a protection fault, which comes after a miss and before a bus error.
 *
 * expect: status 0
 * options: --cpu pg32-leaky
 * depths: 0 1 2 */
#include "check.inc"
#define VA CPU_L_WINDOW
#define OF(va) ((va) - VA - 0x4000)     /* from x0 */
_start: MAP(0x00400000, 4, code, TLB_X)
        MAP(VA, 4, page, TLB_R | TLB_W)
        MAP(VA + 3 * PAGE_SIZE, 4, page, TLB_R | TLB_W) # the last page is the same one
        MAP_PA(VA + 2 * PAGE_SIZE, 4, DEV_CONSOLE, TLB_R | TLB_W)
        li      s0, 40
again:  sw      s0, 0x80(zero)
        TRY_VA(ST_U | ST_T | ASID(4), 0, 0x00400000)    # user mode: by x0, so often that hot code is compiled
        CHECK_WORD(LC_CAUSE, CAUSE_BREAK)
        CHECK(a1, 300)
        CHECK(a4, 300)
        la      s1, page
        lw      a0, 8(s1)
        CHECK(a0, 300)
        lhu     a0, 14(s1)
        CHECK(a0, 300)
        TRY_VA(ST_T | ASID(4), 0, 0x00400000)           # kernel mode does the same
        CHECK_WORD(LC_CAUSE, CAUSE_BREAK)
        CHECK(a1, 300)

        li      a2, VA
        li      a1, 77
        TRY_VA(ST_U | ST_T | ASID(4), 0, 0x00400100)    # a load by another base
        TRAP_WAS(CAUSE_LOAD_PROT, ST_U | ST_T | ASID(4), 0, VA + 8, WORD_I(PG32_OP_lw, 11, 12, 8))
        CHECK(a1, 77)
        TRY_VA(ST_T | ASID(4), 0, 0x00400104)           # a store
        TRAP_WAS(CAUSE_STORE_PROT, ST_T | ASID(4), 0, VA + 8, WORD_I(PG32_OP_sw, 11, 12, 8))
        lw      a0, 8(s1)
        CHECK(a0, 300)
        TRY_VA(ST_U | ST_T | ASID(4), 0, 0x00400108)    # below the window nothing is new
        CHECK_WORD(LC_CAUSE, CAUSE_LOAD_MISS)
        TRY_VA(ST_U | ST_T | ASID(4), 0, 0x0040010c)    # a miss comes before
        CHECK_WORD(LC_CAUSE, CAUSE_LOAD_MISS)
        TRY_VA(ST_U | ST_T | ASID(4), 0, 0x00400110)    # a device, by another base
        CHECK_WORD(LC_CAUSE, CAUSE_LOAD_PROT)
        TRY_VA(ST_U | ST_T | ASID(4), 0, 0x00400114)    # by x0
        CHECK_WORD(LC_CAUSE, CAUSE_BREAK)
        CHECK(a1, 0)
        TRY_VA(ST_U | ST_T | ASID(4), 0, 0x0040011c)    # misaligned, first of all
        CHECK_WORD(LC_CAUSE, CAUSE_LOAD_MISALIGNED)

        TRY(0, 0, real)                                 # untranslated: it comes before the bus error
        TRAP_WAS(CAUSE_LOAD_PROT, 0, 0, VA + 8, WORD_I(PG32_OP_lw, 11, 12, 8))
        TRY(ST_U, 0, real2)
        TRAP_WAS(CAUSE_LOAD_BUS, ST_U, 0, VA + 8, WORD_I(PG32_OP_lw, 11, 0, OF(VA + 8)))
        lw      s0, 0x80(zero)
        addi    s0, s0, -1
        bnez    s0, again
        PASS

        .balign PAGE_SIZE
code:   li      a1, 0
        li      a0, 300
1:      addi    a1, a1, 1
        sw      a1, OF(VA + 8)(zero)
        sh      a1, OF(VA + 14)(zero)
        lw      a1, OF(VA + 8)(zero)
        lbu     a3, OF(VA + 8)(zero)
        lw      a4, OF(VA + 3 * PAGE_SIZE + 8)(zero)
        sw      a4, OF(VA + 3 * PAGE_SIZE + 4)(zero)
        bne     a1, a0, 1b
        break
        .balign 0x100
        lw      a1, 8(a2)               # 0x100
        sw      a1, 8(a2)
        lw      a1, -4(a2)
        lw      a1, 4096(a2)            # 0x10c
        lw      a1, 8192 + 4(a2)
        lw      a1, OF(VA + 2 * PAGE_SIZE + CONSOLE_CTRL)(zero)
        break
        lw      a1, 2(a2)               # 0x11c
        .balign PAGE_SIZE
page:   .zero   PAGE_SIZE
real:   lw      a1, 8(a2)
real2:  lw      a1, OF(VA + 8)(zero)
