/* sigsetjmp.c - setjmp that remembers which signals are blocked. */
#include <setjmp.h>
#include <signal.h>
#include "userprogs/lib/internal.h"

void __save_signals(sigjmp_buf env, int save) {
  env->__has_blocked = save;
  if (save) sigprocmask(SIG_BLOCK, NULL, &env->__blocked);
}

_Noreturn void siglongjmp(sigjmp_buf env, int value) {
  if (env->__has_blocked) sigprocmask(SIG_SETMASK, &env->__blocked, NULL);
  longjmp(env->__registers, value);
}
