/* setjmp.h - leave nested calls at once. A jmp_buf holds ra, sp and s0 to s11. */
#ifndef _SETJMP_H
#define _SETJMP_H

typedef unsigned jmp_buf[14];

int setjmp(jmp_buf env) __attribute__((__returns_twice__));
_Noreturn void longjmp(jmp_buf env, int value);

#endif
