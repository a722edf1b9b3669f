# calls.S - a guest that knows that it is one, and keeps its hypervisor as busy as it can: hypercalls that empty the table,
# change it, go to the VMM for nothing, and are refused. It never ends.
#include <isa/para.h>

        .globl  _start
_start: li      s0, PARA_OP_ALL
        li      s1, PARA_OP_ASID
        li      s2, 0x00400000          # an entry
        li      s3, 3
        li      s4, -1
again:  sw      s0, PARA_OPS(zero)
        sw      s1, PARA_OPS+8(zero)
        sw      s2, PARA_OPS+16(zero)
        sw      s2, PARA_OPS+24(zero)
        sw      s3, PARA_NOPS(zero)
        li      a7, HCALL_FLUSH
        hcall
        li      a7, HCALL_KICK
        hcall
        sw      s4, LC_STATUS(zero)     # none that IRET takes
        li      a7, HCALL_IRET
        hcall
        sw      s3, PARA_NOPS(zero)
        hcall
        j       again
