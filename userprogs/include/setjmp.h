/* setjmp.h - leave nested calls at once. A jmp_buf holds ra, sp and s0 to s11; a sigjmp_buf also the signals that are
 * blocked. */
#ifndef _SETJMP_H
#define _SETJMP_H
#include <sys/cdefs.h>

typedef unsigned jmp_buf[14];

__BEGIN_DECLS
int setjmp(jmp_buf env) __attribute__((__returns_twice__));
__NORETURN void longjmp(jmp_buf env, int value);
#define setjmp setjmp
#if __SHOW_POSIX
typedef struct {
  jmp_buf __registers;
  unsigned long __blocked;
  int __has_blocked;
} sigjmp_buf[1];
void __save_signals(sigjmp_buf env, int save);
#define sigsetjmp(env, save) (__save_signals(env, save), setjmp((env)->__registers))
__NORETURN void siglongjmp(sigjmp_buf env, int value);
#define _setjmp(env) setjmp(env)
#define _longjmp(env, value) longjmp(env, value)
#endif
__END_DECLS

#endif
