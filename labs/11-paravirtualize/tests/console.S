/* console.S - a text of 30 lines of 60 letters; then 1500 letters without a line's end, more than the ring has room for. */
#include "app.inc"
        BEGIN
        li      s0, 30
1:      li      s1, 60
2:      add     a0, s0, s1              /* 'A' + (line + column) % 16 */
        andi    a0, a0, 15
        addi    a0, a0, 'A'
        li      a7, SYS_PUTCHAR
        syscall
        addi    s1, s1, -1
        bnez    s1, 2b
        CALL    SYS_PUTCHAR, '\n'
        addi    s0, s0, -1
        bnez    s0, 1b
        li      s0, 1500
        li      s2, 23                  /* which does not divide the ring's size */
3:      remu    a0, s0, s2
        addi    a0, a0, 'a'
        li      a7, SYS_PUTCHAR
        syscall
        addi    s0, s0, -1
        bnez    s0, 3b
        CALL    SYS_PUTCHAR, '\n'
        EXIT    42
        END
