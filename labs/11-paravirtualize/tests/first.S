/* first.S - the application's pages are there, at its first trap and later: text, data, results of calls. */
#include "app.inc"
        BEGIN
        li      s11, 1
        MARK    0, 6, 100
        LOOK    0, 6, 100, 1
        li      s11, 2
        CALL    SYS_SUM, 30, 12
        li      t0, 42
        bne     a0, t0, wrong
        li      s11, 3
        CALL    SYS_SUM + 90
        li      t0, -ENOSYS
        bne     a0, t0, wrong
        EXIT    42
wrong:  mv      a0, s11
        li      a7, SYS_EXIT
        syscall
        END
