/* syscalls.S - one stub for each system call, made from the one table in isa/platform.h.
 * A result below zero is minus an error number: it goes to errno, and the caller gets -1. Each stub has two
 * names, read and __libc_read: see names.h. vm_run has none: pg32.h says why. */
#include "isa/platform.h"

#define STUB(number, name, arguments) \
        .if number != SYS_VM_RUN; \
        .weak   name; \
        .type   name, @function; \
        .globl  __libc_##name; \
        .type   __libc_##name, @function; \
name:; \
__libc_##name:; \
        .cfi_startproc; \
        li      a7, number; \
        syscall; \
        bltz    a0, __syscall_error; \
        ret; \
        .cfi_endproc; \
        .endif;

        .text
PG32_SYSCALLS(STUB)

__syscall_error:
        .cfi_startproc
        neg     a0, a0
        lui     t0, %hi(errno)
        sw      a0, %lo(errno)(t0)
        li      a0, -1
        ret
        .cfi_endproc
