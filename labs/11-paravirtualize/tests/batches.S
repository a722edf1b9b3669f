/* batches.S - a hundred rounds: all pages change frames, all entries are given beforehand, some are used. */
#include "app.inc"
        BEGIN
        MARK    0, HEAP_PAGES, 300
        li      s4, 50
1:      li      s11, 1
        CALL    SYS_SWAP, 0, HEAP_PAGES
        CALL    SYS_FETCH, 0, HEAP_PAGES
        LOOK    0, HEAP_PAGES, 300 + HEAP_PAGES - 1, -1
        li      s11, 2
        CALL    SYS_SWAP, 0, HEAP_PAGES
        CALL    SYS_FETCH, 0, HEAP_PAGES
        LOOK    0, HEAP_PAGES, 300, 1
        addi    s4, s4, -1
        bnez    s4, 1b
        EXIT    42
wrong:  mv      a0, s11
        li      a7, SYS_EXIT
        syscall
        END
