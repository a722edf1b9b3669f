/* calls.S - numbers, arguments and results of system calls, among them numbers that no call has. */
#include "app.inc"
        BEGIN
        li      sp, HEAP_VA             # no stack for a kernel
        li      s0, 5                   # "hello" would do: each letter once
        li      s1, 'v'
1:      mv      a0, s1
        li      a7, SYS_PUTCHAR
        syscall
        addi    s1, s1, 1
        addi    s0, s0, -1
        bnez    s0, 1b
        li      a0, '\n'
        syscall
        li      a0, 1000
        li      a1, 200
        li      a2, 30
        li      a7, SYS_SUM
        syscall
        li      t0, 1230
        bne     a0, t0, wrong
        li      a7, 5                   # the first that there is not
        syscall
        li      t0, -ENOSYS
        bne     a0, t0, wrong
        li      a7, -1
        syscall
        li      t0, -ENOSYS
        bne     a0, t0, wrong
        EXIT    42
wrong:  EXIT    3
        END
