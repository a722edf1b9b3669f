/* registers.S - a system call brings all 31 registers to the handler, and its return brings all 31 back. The boot
 * argument is the seed of their contents. */
#include "probe.inc"
#define SENT 0x400      /* in the low core: what the program will have in x1 .. x31 */
#define SEEN 0x500      /* what the handler finds there */
#define ANSWER 0x600    /* what the handler leaves there */
#define BACK 0x700      /* what the program finds */
#define EACH(op, at) \
  op x1, at+4(zero); op x2, at+8(zero); op x3, at+12(zero); op x4, at+16(zero); op x5, at+20(zero); op x6, at+24(zero); \
  op x7, at+28(zero); op x8, at+32(zero); op x9, at+36(zero); op x10, at+40(zero); op x11, at+44(zero); \
  op x12, at+48(zero); op x13, at+52(zero); op x14, at+56(zero); op x15, at+60(zero); op x16, at+64(zero); \
  op x17, at+68(zero); op x18, at+72(zero); op x19, at+76(zero); op x20, at+80(zero); op x21, at+84(zero); \
  op x22, at+88(zero); op x23, at+92(zero); op x24, at+96(zero); op x25, at+100(zero); op x26, at+104(zero); \
  op x27, at+108(zero); op x28, at+112(zero); op x29, at+116(zero); op x30, at+120(zero); op x31, at+124(zero)
_start: call    probe_seed
        mv      a1, a0
        li      a2, SENT                # random words for both
        li      a3, 2
1:      addi    a4, a2, 128
2:      NEXT(a1)
        xor     a5, a1, a2
        sw      a5, 0(a2)
        addi    a2, a2, 4
        bne     a2, a4, 2b
        li      a2, ANSWER
        addi    a3, a3, -1
        bnez    a3, 1b

        la      a0, handler
        sw      a0, LC_VECTOR(zero)
        la      a0, program
        sw      a0, LC_PC(zero)
        li      a0, ST_U
        sw      a0, LC_STATUS(zero)
        rfe

program: EACH(lw, SENT)
        syscall
        EACH(sw, BACK)
        break

handler: EACH(sw, SEEN)
        lw      t0, LC_CAUSE(zero)
        li      t1, CAUSE_BREAK
        beq     t0, t1, compare
        li      a0, SENT + 4
        li      a1, SEEN + 4
3:      lw      a2, 0(a0)
        lw      a3, 0(a1)
        CHECK_SAME(a3, a2, "a register in the handler, and what the program had in it at its system call")
        addi    a0, a0, 4
        addi    a1, a1, 4
        li      a4, SENT + 128
        bne     a0, a4, 3b
        EACH(lw, ANSWER)
        rfe

compare: li     a0, ANSWER + 4
        li      a1, BACK + 4
4:      lw      a2, 0(a0)
        lw      a3, 0(a1)
        CHECK_SAME(a3, a2, "a register of the program after its system call, and what the handler left in it")
        addi    a0, a0, 4
        addi    a1, a1, 4
        li      a4, ANSWER + 128
        bne     a0, a4, 4b
        PASS
