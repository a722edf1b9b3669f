# greedy.S - a guest that computes for nearly a whole turn, gives its VMM a moment's work, and computes again: an exit
# must not begin a new turn. It never ends.
        .globl  _start
_start: li      s0, 8000
1:      mv      t0, s0
2:      addi    t0, t0, -1
        bnez    t0, 2b
        mfst    a0
        j       1b
