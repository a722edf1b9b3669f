# start.S - a guest that knows that it is one finds out whether there is a hypervisor.

#include "isa/para.h"

        .text
# para_start() -> what HCALL_START returns; -ENOSYS (-38) if nobody answers, that is, if the call traps into us.
        .globl  para_start
para_start:
        .cfi_startproc
        la      t0, 1f
        lw      t1, LC_VECTOR(zero)
        sw      t0, LC_VECTOR(zero)
        li      a7, HCALL_START
        li      a0, PARA_VERSION
        hcall
        sw      t1, LC_VECTOR(zero)
        ret
1:      sw      t1, LC_VECTOR(zero)
        li      a0, -38
        ret
        .cfi_endproc
