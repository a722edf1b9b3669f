/* The reference: each group of the sequence as the student's own letters say. */
        .globl  app
        .text
        .balign 4096
app:    nop
        .if     {seed.a:0..2} == 0
        sw      zero, 0(s0)
        .elseif {seed.a:0..2} == 1
        lw      a0, 0(s0)
        .else
        call    second
        .endif

        .if     {seed.b:0..3} == 0
        li      a7, 9
        syscall
        .elseif {seed.b:0..3} == 1
        li      a7, 1
        syscall
        .elseif {seed.b:0..3} == 2
        mfst    a0
        .else
        auipc   a0, 0                   # its own text, which has no W
        sw      zero, 0(a0)
        .endif

        li      a7, 2                   # the TLB is empty now
        syscall
        li      a0, 2 * 4096            # the third page, so that nothing depends on which came before
        add     a1, s0, a0
        .if     {seed.c:0..1} == 0
        sw      zero, 0(a1)
        .else
        lw      a0, 0(a1)
        .endif

        .if     {seed.d:0..3} == 0
        tlbi    zero, 0
        .elseif {seed.d:0..3} == 1
        lw      a0, 2(a1)
        .elseif {seed.d:0..3} == 2
        mtst    a1
        .else
        li      a7, 9
        syscall
        .endif

        li      a0, 4 * 4096
        add     a1, s0, a0
        .if     {seed.e:0..2} == 0
        lw      a0, 0(a1)
        .elseif {seed.e:0..2} == 1
        sw      zero, 0(a1)
        .else
        call    second
        .endif
        li      a7, 0
        syscall

        .balign 4096
second: ret
