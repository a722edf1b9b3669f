/* status.S - what mfst shows and mtst does, computed by the unit or not. */
#include "probe.inc"
#define I(...) __VA_ARGS__
/* Goes on with this STATUS and the TIMER that the last trap has saved. */
#define AGAIN(status) li s9, status; sw s9, LC_STATUS(zero); sw zero, LC_CAUSE(zero); la s9, 1f; sw s9, LC_PC(zero); rfe; 1:
/* After mtst of a register with T, the next fetch misses: nothing is mapped. */
#define DROPS(status, reg, first, make, what) la s0, 1f; sw s0, LC_VECTOR(zero); mfst a2; mfst t6; I first; I make; mtst reg; \
  nop; 1: CAUSE_IS(CAUSE_FETCH_MISS, what); AGAIN(status)
#define FORGETS(status, when) \
  DROPS(status, a0, (mfst a0), (or a0, zero, s1), "or a0, zero, s1: " when) \
  DROPS(status, a0, (mfst a0), (add a0, a0, s1), "add a0, a0, s1: " when) \
  DROPS(status, a0, (mfst a0), (slli a0, s1, 0), "slli a0, s1, 0: " when) \
  DROPS(status, a0, (mfst a0), (lw a0, 0(s3)), "lw a0, 0(s3): " when) \
  DROPS(status, a0, (mfst a0), (ori a0, zero, ST_T), "ori a0, zero, ST_T: " when) \
  DROPS(status, a0, (mfst a0), (ori a0, a0, ST_T), "ori a0, a0, ST_T: " when) \
  DROPS(status, a0, (mfst a0), (addi a0, a0, ST_T), "addi a0, a0, ST_T: " when) \
  DROPS(status, a0, (mfst a1), (addi a0, s1, 0), "addi a0, s1, 0: " when) \
  DROPS(status, a1, (mfst a0), (addi a1, s1, 0), "addi a1, s1, 0: " when) \
  DROPS(status, a0, (mfst a0), (ori a0, a0, ~ST_IE), "ori a0, a0, ~ST_IE: " when) \
  DROPS(status, a0, (li s2, ST_T), (ori a0, s2, ST_IE), "ori a0, s2, ST_IE: " when) \
  DROPS(status, a0, (li s2, ST_T | ST_IE), (andi a0, s2, ~ST_IE), "andi a0, s2, ~ST_IE: " when) \
  DROPS(status, a0, (li s2, ST_T), (andi a0, s2, -1), "andi a0, s2, -1: " when) \
  DROPS(status, a0, (li s2, ST_T - ~ST_IE), (addi a0, s2, ~ST_IE), "addi a0, s2, ~ST_IE: " when) \
  DROPS(status, s1, (mfst a0), (nop), "mtst of a register that mfst has not written: " when)
        .globl  _start
_start: mfst    a0
        CHECK(a0, 0, "STATUS at reset")
        li      a1, ASID(5)
        mtst    a1
        mfst    a0
        CHECK(a0, ASID(5), "STATUS after mtst of another ASID")
        li      a1, -1
        li      a2, ~(ST_T | ST_U | ST_IE)
        and     a1, a1, a2
        mtst    a1
        mfst    a0
        CHECK(a0, ASID(255), "mtst of -1 without T, U and IE: bits that do not exist")
        mtst    zero
        mfst    a0
        CHECK(a0, 0, "STATUS after mtst zero")
        li      a1, ST_U
        la      a3, asks
        sw      a3, LC_PC(zero)
        TRY(ST_U, 0, asks)
        CAUSE_IS(CAUSE_PRIVILEGED, "a load of STATUS in user mode, behind a break of the kernel's own")

        # A unit may know that a register holds the STATUS. It must forget that when the register gets another value: here
        # one with T, so that the fetch behind mtst misses. With interrupts off, then with interrupts on.
        li      s1, ST_T
        la      s3, word
        sw      s1, 0(s3)
        li      s4, 1000000
        sw      s4, LC_TIMER(zero)
        AGAIN(0)
        FORGETS(0, "interrupts off")
        DROPS(0, a0, (sw s1, LC_PC(zero); mfst a0), (lw a0, 0(a0)), "lw a0, 0(a0), STATUS being 0: ")

        la      s0, 1f                          # U by addi: the second mtst is one of a program, which changes nothing
        sw      s0, LC_VECTOR(zero)
        li      a1, ST_U | ST_IE
        mfst    a0
        addi    a0, a0, ST_U
        mtst    a0
        mtst    a1
        tlbi    zero, 0
1:      STATUS_IS(ST_U, "mtst in user mode, behind addi a0, a0, ST_U and mtst a0")

        AGAIN(ST_IE)
        FORGETS(ST_IE, "interrupts on")
        DROPS(ST_IE, a0, (mfst a0), (addi a0, a0, ST_IE), "addi a0, a0, ST_IE, interrupts on: ")
        AGAIN(0)
        mfst    a0
        lui     a0, 0xABCDE
        mtst    a0
        mfst    a1
        CHECK(a1, 0xE000, "mtst of a word that lui has put into the register of mfst")
        PASS
asks:   tlbi    zero, 0
        .data
word:   .word   0
