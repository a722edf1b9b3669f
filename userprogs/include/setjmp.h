/* setjmp.h - leave nested calls at once. A jmp_buf holds ra, sp and s0 to s11. */
#ifndef _SETJMP_H
#define _SETJMP_H
#include <sys/cdefs.h>

typedef unsigned jmp_buf[14];

__BEGIN_DECLS
int setjmp(jmp_buf env) __attribute__((__returns_twice__));
__NORETURN void longjmp(jmp_buf env, int value);
__END_DECLS

#endif
