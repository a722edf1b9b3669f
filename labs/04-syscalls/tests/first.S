/* first.S - one system call, made by the kernel itself: does the trap arrive at the vector, with the right cause, and is the
 * old PSW of before in its place? The boot argument is N, the word of low core where that place begins. */
#include "probe.inc"
#define OLDER(at, value, what) lw a5, at(s2); CHECK(a5, value, what)
#define OLDER_FILL(at, base) li a5, 0x11111110; sw a5, at(base); li a5, 0x22222220; sw a5, at + 4(base); li a5, 0x33333330; sw a5, at + 8(base)
#define OLDER_IS(what) OLDER(0, 0x11111110, what ": E[4N]"); OLDER(4, 0x22222220, what ": E[4N + 4]"); OLDER(8, 0x33333330, what ": E[4N + 8]")
_start: call    probe_seed
        slli    s2, a0, 2
        la      s0, handler
        sw      s0, LC_VECTOR(zero)
        OLDER_FILL(0, zero)
        li      a5, 0x44444440
        sw      a5, 12(s2)
        li      a0, 0x600D
        syscall
behind: CHECK(zero, 1, "a system call led nowhere: execution went on behind it")
handler: CHECK(a0, 0x600D, "a0 in the handler, the system call's argument")
        CAUSE_IS(CAUSE_SYSCALL, "syscall")
        OLDER_IS("syscall, the old PSW of before")
        OLDER(12, 0x44444440, "syscall, the word behind the old PSW of before, E[4N + 12]")
        PASS
