/* guest.S - asks the machine questions. Status 0: this is a true PG32 machine; any other status: it is not. See
 * README.md. */
#include <isa/platform.h>

        .macro  VECTOR label            # the next trap goes to the label
        la      t0, \label
        sw      t0, LC_VECTOR(zero)
        .endm
        .macro  GO pc, status, timer    # go on with this PSW
        la      t0, \pc
        sw      t0, LC_PC(zero)
        li      t0, \status
        sw      t0, LC_STATUS(zero)
        li      t0, \timer
        sw      t0, LC_TIMER(zero)
        rfe
        .endm

        .globl  _start
        .text
_start: li      s11, 1                  # question 1: STATUS is 0 after reset
        mfst    t0
        bnez    t0, answer

        li      s11, 2                  # question 2: user mode is entered, and left by a system call
        VECTOR  back
        GO      user, ST_U, 0
user:   syscall
        j       answer
back:   lw      t0, LC_STATUS(zero)
        addi    t0, t0, -ST_U
        bnez    t0, answer

        # TODO: your questions

        li      s11, 0                  # every answer was right
answer: li      t0, DEV_POWER
        sw      s11, POWER_OFF(t0)
