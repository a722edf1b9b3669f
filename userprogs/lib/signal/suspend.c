/* suspend.c - waiting for a signal. */
#include <signal.h>
#include <stdint.h>
#include <unistd.h>

int __sigsuspend(uint32_t mask); /* the system call: see isa/platform.h */

int sigsuspend(const sigset_t *set) { return __sigsuspend((uint32_t)*set); }

int pause(void) {
  sigset_t now;
  sigprocmask(SIG_BLOCK, NULL, &now);
  return sigsuspend(&now);
}
