/* guest.S - asks one question. */
#include <isa/platform.h>

#define CAUSE_TIMER 1
#define CAUSE_PRIVILEGED 8
#define CAUSE_STORE_PROT 17
#define CAUSE_LOAD_BUS 18
#define DATA_VA 0x40000000
#define FILLER_VA 0x50000000
#define ASID 9
#define OTHER 10

        .macro  VECTOR label
        la      t0, \label
        sw      t0, LC_VECTOR(zero)
        .endm
        .macro  GO pc, status, timer
        la      t0, \pc
        sw      t0, LC_PC(zero)
        li      t0, \status
        sw      t0, LC_STATUS(zero)
        li      t0, \timer
        sw      t0, LC_TIMER(zero)
        rfe
        .endm
        .macro  EXPECT offset, value            # a word of the low core
        lw      t0, \offset(zero)
        li      t1, \value
        bne     t0, t1, bad
        .endm
        .macro  EXPECT_PC label
        lw      t0, LC_PC(zero)
        la      t1, \label
        bne     t0, t1, bad
        .endm
        .macro  QUESTION number
        li      s11, \number
        .endm

        .globl  _start
        .text
_start:
/* 1: mfst gives what is in STATUS, and kernel mode is not user mode */
        QUESTION 1
        mfst    t0
        bnez    t0, bad
        li      t1, 0x4D00
        mtst    t1
        mfst    t0
        bne     t0, t1, bad

good:   li      s11, 0
bad:    mtst    zero
        li      t0, DEV_POWER
        sw      s11, POWER_OFF(t0)

/* Identity entries for this image's three pages in the address space a0. */
map_image:
        li      t0, IMAGE_BASE
        li      t2, 3
        li      t3, PAGE_SIZE
2:      ori     t1, t0, TLB_R | TLB_W | TLB_X
        add     t4, t0, a0
        tlbw    t4, t1
        add     t0, t0, t3
        addi    t2, t2, -1
        bnez    t2, 2b
        ret

        .data
        .balign PAGE_SIZE
words:  .word   1234
