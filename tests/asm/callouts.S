/* callouts.S - what a translator does without an exit once it has been often: changes of the TLB, bytes to the console,
 * loads of machine facts. And then the same instruction has another address, or another effect.
 *
 * expect: status 0
 * console: ........................................
 * console: !
 * depths: 0 1 2 */
#include "check.inc"
#define OFTEN 40
#define VA 0x00400000
/* Calls a function of one instruction, and checks that it takes the time that it should. */
#define TIMED(name) lw s8, CLOCK_LO(s7); call name; lw s9, CLOCK_LO(s7); sub s9, s9, s8; CHECK(s9, 4)
_start: li      s7, DEV_CLOCK
        li      s0, DEV_CONSOLE
        li      s1, OFTEN
1:      li      a0, '.'
        mv      a1, s0
        TIMED(put)
        addi    s1, s1, -1
        bnez    s1, 1b
        la      a1, data                # the same instruction, into RAM
        li      a0, 0x123
        call    put
        lw      a2, 0(a1)
        CHECK(a2, 0x123)
        mv      a1, s0                  # and to the console again; a word has more than a byte
        li      a0, 0xFF00 + '\n'
        call    put
        li      t6, '!'                 # registers that a translator may have taken
        mv      gp, s0
        call    put_t6
        addi    t6, zero, '\n'
        call    put_t6
        CHECK(t6, '\n')

        li      s1, OFTEN               # to RAM and to the console in turn: it is never at rest
1:      la      a1, data
        andi    a2, s1, 8
        add     a1, a1, a2
        mv      a0, s1
        call    put
        addi    s1, s1, -1
        bnez    s1, 1b
        lw      a2, 0(a1)
        CHECK(a2, 1)

        li      s1, 2 * OFTEN           # and now another register is meant
        li      a0, CONSOLE_RX_IE
1:      addi    a1, s0, CONSOLE_CTRL
        TIMED(put)
        lw      a2, CONSOLE_CTRL(s0)
        CHECK_SAME(a2, a0)
        xori    a0, a0, CONSOLE_RX_IE
        addi    s1, s1, -1
        bnez    s1, 1b

        TRY(0, 0, misaligned)           # the store traps, and so the handler's way back is ours
        CHECK_WORD(LC_CAUSE, CAUSE_STORE_MISALIGNED)
        TRY(0, 0, no_register)
        CHECK_WORD(LC_CAUSE, CAUSE_STORE_BUS)

        li      s0, DEV_FACTS           # a machine fact is a constant ...
        li      s1, OFTEN
1:      mv      a1, s0
        call    get
        addi    s1, s1, -1
        bnez    s1, 1b
        mv      s2, a0
        addi    a1, s0, FACTS_TLB       # ... but another fact is another one
        call    get
        lw      a2, FACTS_TLB(s0)
        CHECK_SAME(a0, a2)
        la      a1, data
        li      a0, 0x55
        sw      a0, 0(a1)
        call    get
        CHECK(a0, 0x55)
        mv      a1, s0
        TIMED(get)
        CHECK_SAME(a0, s2)
        lw      a2, FACTS_RAM(s0)
        CHECK_SAME(a0, a2)

        lw      s5, FACTS_TLB(s0)       # entries for 40 pages, if the TLB has so many: first the wrong frames
        andi    s5, s5, -2
        li      s1, OFTEN
        bgtu    s1, s5, 1f
        mv      s5, s1
1:      la      s6, frames
        li      s4, 1
2:      mv      s1, s5
3:      slli    a0, s1, PAGE_SHIFT
        li      a1, VA + 4
        add     a0, a0, a1
        xor     a1, s1, s4
        andi    a1, a1, 1
        slli    a1, a1, PAGE_SHIFT
        add     a1, a1, s6
        ori     a1, a1, TLB_R | TLB_X
        TIMED(map)
        addi    s1, s1, -1
        bnez    s1, 3b
        addi    s4, s4, -1
        beqz    s4, 2b
        # page n has the frame n & 1, and the code of the frame says which
        mv      s1, s5
1:      slli    s2, s1, PAGE_SHIFT
        li      s3, VA
        add     s3, s3, s2
        mv      s11, s3
        TRY_S11(ST_U | ST_T | ASID(4), 0)
        CHECK_WORD(LC_CAUSE, CAUSE_BREAK)
        andi    a1, s1, 1
        CHECK_SAME(a0, a1)
        addi    s1, s1, -1
        bnez    s1, 1b
        mv      s1, s5                  # without the odd pages
1:      slli    a0, s1, PAGE_SHIFT
        li      a1, VA + 4
        add     a0, a0, a1
        call    unmap
        addi    s1, s1, -2
        bgtz    s1, 1b
        mv      s1, s5
1:      slli    s2, s1, PAGE_SHIFT
        li      s3, VA
        add     s3, s3, s2
        mv      s11, s3
        TRY_S11(ST_U | ST_T | ASID(4), 0)
        lw      a0, LC_CAUSE(zero)
        li      a1, CAUSE_BREAK
        andi    a2, s1, 1
        bnez    a2, 2f
        li      a1, CAUSE_FETCH_MISS
2:      CHECK_SAME(a0, a1)
        addi    s1, s1, -1
        bnez    s1, 1b
        PASS
misaligned:
        la      a1, data + 2
        j       put
no_register:
        li      a1, DEV_CONSOLE + 0x80
put:    sw      a0, 0(a1)
        ret
put_t6: sw      t6, 0(gp)
        ret
get:    lw      a0, 0(a1)
        ret
map:    tlbw    a0, a1
        ret
unmap:  tlbi    a0, TLBI_PAGE
        ret
data:   .word   0, 0, 0, 0, 0, 0
        .balign PAGE_SIZE
frames: li      a0, 0
        break
        .balign PAGE_SIZE
        li      a0, 1
        break
        .balign PAGE_SIZE
