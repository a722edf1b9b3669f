/* No handler: the application is executed in kernel mode, where nothing traps that must not. Its system calls come here, and
 * are answered by its number alone. */
#include <isa/platform.h>
        .globl  trap_vector
        .text
trap_vector:
        lw      t0, LC_CAUSE(zero)
        addi    t0, t0, -CAUSE_SYSCALL
        bnez    t0, first
        bnez    a7, 1f
        li      t1, DEV_POWER
        sw      a0, POWER_OFF(t1)
1:      li      t1, DEV_CONSOLE
        sw      a0, CONSOLE_DATA(t1)
        lw      t0, LC_PC(zero)
        jr      t0
first:  la      t0, app_text
        jr      t0
