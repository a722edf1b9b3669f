/* first.S - one system call, made by the kernel itself: does the trap arrive at the vector, with the right cause? */
#include "probe.inc"
_start: la      s0, handler
        sw      s0, LC_VECTOR(zero)
        li      a0, 0x600D
        syscall
behind: CHECK(zero, 1, "a system call led nowhere: execution went on behind it")
handler: CHECK(a0, 0x600D, "a0 in the handler, the system call's argument")
        CAUSE_IS(CAUSE_SYSCALL, "syscall")
        PASS
