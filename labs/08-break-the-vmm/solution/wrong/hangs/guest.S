/* guest.S - loops when something is wrong: nobody ever hears of it. */
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

/* 2: what goes to x0 is gone */
        QUESTION 2
        mfst    zero
        mtst    zero
        mfst    t0
        bnez    t0, bad

/* 3: a system call saves the next PC, the old STATUS and why */
        QUESTION 3
        VECTOR  q3
        li      t1, 0x1200
        mtst    t1
q3call: syscall
        j       bad
q3:     EXPECT_PC q3call + 4
        EXPECT  LC_STATUS, 0x1200
        EXPECT  LC_CAUSE, CAUSE_SYSCALL
        EXPECT  LC_BADVA, 0
        lw      t1, q3call
        lw      t0, LC_BADINST(zero)
        bne     t0, t1, bad
        mtst    zero

/* 4: rfe loads TIMER, and n means n instructions */
        QUESTION 4
        VECTOR  q4
        GO      q4go, ST_U | ST_IE, 5
q4go:   nop
        nop
        nop
        nop
        nop
        nop
        nop
        j       bad
q4:     EXPECT_PC q4go + 20
        EXPECT  LC_CAUSE, CAUSE_TIMER
        EXPECT  LC_STATUS, ST_U | ST_IE

/* 5: TIMER falls with privileged instructions as with others */
        QUESTION 5
        VECTOR  q5
        GO      q5go, 0, 1000
q5go:   mfst    t0
        mfst    t0
        mfst    t0
        nop
        syscall
        j       bad
q5:     EXPECT  LC_TIMER, 1000 - 5

/* 6: and so does the clock run */
        QUESTION 6
        li      t1, DEV_CLOCK
        lw      s0, CLOCK_LO(t1)
        mfst    t0
        mfst    t0
        mfst    t0
        lw      s1, CLOCK_LO(t1)
        sub     s1, s1, s0
        addi    s1, s1, -4
        bnez    s1, bad

/* 7: wait lets TIMER run out */
        QUESTION 7
        GO      q7, 0, 5000
q7:     li      t1, DEV_CLOCK
        lw      s0, CLOCK_LO(t1)
        wait
        lw      s1, CLOCK_LO(t1)
        sub     s1, s1, s0
        li      t0, 4000
        blt     s1, t0, bad

/* 8: an interrupt waits until it is wanted, then comes at once */
        QUESTION 8
        VECTOR  bad
        GO      q8go, 0, 3
q8go:   nop
        nop
        nop
        nop
        mfst    t0
        mfst    t0
        nop
        mfst    t0
        VECTOR  q8
        li      t1, ST_IE
        mtst    t1
q8on:   nop
        nop
        j       bad
q8:     EXPECT_PC q8on
        EXPECT  LC_CAUSE, CAUSE_TIMER
        mtst    zero

/* 9: a device's register is a word */
        QUESTION 9
        VECTOR  q9
        li      s0, DEV_CONSOLE + CONSOLE_STATUS
        lb      s1, 0(s0)
        j       bad
q9:     EXPECT  LC_CAUSE, CAUSE_LOAD_BUS
        lw      t0, LC_BADVA(zero)
        bne     t0, s0, bad

/* 10: user mode has no privileged instructions */
        QUESTION 10
        VECTOR  q10
        GO      q10go, ST_U, 0
q10go:  mfst    t2
        j       bad
q10:    EXPECT_PC q10go
        EXPECT  LC_CAUSE, CAUSE_PRIVILEGED
        lw      t0, LC_BADINST(zero)
        lw      t1, q10go
        bne     t0, t1, bad

/* 11: a page without W is not written */
        QUESTION 11
        li      a0, ASID
        call    map_image
        li      t0, DATA_VA + ASID
        la      t1, words + TLB_R
        tlbw    t0, t1
        li      s0, DATA_VA
        VECTOR  q11
        GO      q11go, ST_T | ASID << ST_ASID_SHIFT, 0
q11go:  lw      s1, 0(s0)
        li      t0, 1234
        bne     s1, t0, lost
q11st:  sw      s1, 0(s0)
lost:   li      s1, 0
        syscall
q11:    EXPECT  LC_CAUSE, CAUSE_STORE_PROT
        EXPECT_PC q11st
        mtst    zero

/* 12: tlbi of a page means one address space */
        QUESTION 12
        li      a0, OTHER
        call    map_image
        li      t0, DATA_VA + OTHER
        la      t1, words + TLB_R
        tlbw    t0, t1
        tlbi    t0, TLBI_PAGE
        VECTOR  q12a
        GO      q12go, ST_T | ASID << ST_ASID_SHIFT, 0
q12go:  lw      s1, 0(s0)
        syscall
q12a:   EXPECT  LC_CAUSE, CAUSE_SYSCALL
        VECTOR  q12b
        GO      q12go, ST_T | OTHER << ST_ASID_SHIFT, 0
q12b:   EXPECT  LC_CAUSE, CAUSE_LOAD_MISS
        mtst    zero

/* 13: tlbw of an entry that is there leaves the pointer: N entries, the last one again, and one more push out the first */
        QUESTION 13
        tlbi    zero, TLBI_ALL
        li      t0, DEV_FACTS
        lw      s2, FACTS_TLB(t0)
        la      s3, words + TLB_R
        li      s4, PAGE_SIZE
        li      s0, DATA_VA + ASID
        tlbw    s0, s3
        add     s1, s0, s4
        tlbw    s1, s3
        li      a0, ASID
        call    map_image
        addi    s2, s2, -5
        blez    s2, good                # a TLB too small to ask
        li      s5, FILLER_VA + ASID
1:      tlbw    s5, s3
        add     s5, s5, s4
        addi    s2, s2, -1
        bnez    s2, 1b
        sub     t0, s5, s4
        tlbw    t0, s3
        tlbw    s5, s3
        andi    s0, s0, -PAGE_SIZE
        andi    s1, s1, -PAGE_SIZE
        VECTOR  q13a
        GO      q13go, ST_T | ASID << ST_ASID_SHIFT, 0
q13go:  lw      t2, 0(s1)
        syscall
q13a:   EXPECT  LC_CAUSE, CAUSE_SYSCALL
        mv      s1, s0
        VECTOR  q13b
        GO      q13go, ST_T | ASID << ST_ASID_SHIFT, 0
q13b:   EXPECT  LC_CAUSE, CAUSE_LOAD_MISS

good:   li      s11, 0
        j       off
bad:    j       bad
off:    mtst    zero
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
