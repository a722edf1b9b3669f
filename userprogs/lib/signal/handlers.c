/* handlers.c - handlers of signals. The kernel calls `dispatch` for all of them. */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>
#include "isa/platform.h"
#include "userprogs/lib/internal.h"

#define BIT(signal) (1ul << (signal))

int __sigaction(int signal, uintptr_t action,
                void (*restorer)(void)); /* the system calls: see isa/platform.h */
uint32_t __sigmask(uint32_t mask);
int __sigpending(void);
void __sigreturn(void); /* where a handler returns to */

static struct sigaction actions[NSIG];

static bool is_signal(int signal) {
  if (signal > 0 && signal < NSIG) return true;
  errno = EINVAL;
  return false;
}

/* What the kernel calls. It has blocked the signal; the rest of the mask goes when the kernel has its registers back. */
static void dispatch(int signal) {
  struct sigaction action = actions[signal];
  int saved = errno;
  uint32_t mask = __sigmask(~0u) | (uint32_t)action.sa_mask;
  if (action.sa_flags & SA_NODEFER) mask &= ~BIT(signal);
  if (action.sa_flags & (int)SA_RESETHAND) {
    actions[signal].sa_handler = SIG_DFL;
    __sigaction(signal, (uintptr_t)SIG_DFL, __sigreturn);
  }
  __sigmask(mask);
  if (action.sa_flags & SA_SIGINFO) {
    siginfo_t info = {.si_signo = signal, .si_code = SI_USER, .si_pid = getpid()};
    action.sa_sigaction(signal, &info, NULL);
  } else {
    action.sa_handler(signal);
  }
  errno = saved;
}

int sigaction(int signal, const struct sigaction *restrict action, struct sigaction *restrict before) {
  if (!is_signal(signal)) return -1;
  struct sigaction old = actions[signal];
  if (action != NULL) {
    bool ours = action->sa_handler != SIG_DFL && action->sa_handler != SIG_IGN;
    int restarts = action->sa_flags & SA_RESTART ? SIGNAL_RESTARTS : 0;
    actions[signal] = *action;
    if (__sigaction(signal | restarts, ours ? (uintptr_t)dispatch : (uintptr_t)action->sa_handler,
                    __sigreturn) < 0) {
      actions[signal] = old;
      return -1;
    }
  }
  if (before != NULL) *before = old;
  return 0;
}

__signal_handler signal(int number, __signal_handler handler) {
  struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART}, before;
  return sigaction(number, &action, &before) == 0 ? before.sa_handler : SIG_ERR;
}

/* ---- sets ---- */

int sigemptyset(sigset_t *set) { return *set = 0; }

int sigfillset(sigset_t *set) {
  *set = ~1ul;
  return 0;
}

int sigaddset(sigset_t *set, int signal) {
  if (!is_signal(signal)) return -1;
  *set |= BIT(signal);
  return 0;
}

int sigdelset(sigset_t *set, int signal) {
  if (!is_signal(signal)) return -1;
  *set &= ~BIT(signal);
  return 0;
}

int sigismember(const sigset_t *set, int signal) {
  if (!is_signal(signal)) return -1;
  return (*set & BIT(signal)) != 0;
}

int sigprocmask(int how, const sigset_t *restrict set, sigset_t *restrict before) {
  uint32_t old = __sigmask(~0u), mask = old;
  if (set != NULL) switch (how) {
    case SIG_BLOCK: mask |= (uint32_t)*set; break;
    case SIG_UNBLOCK: mask &= ~(uint32_t)*set; break;
    case SIG_SETMASK: mask = (uint32_t)*set; break;
    default: __sigmask(old), errno = EINVAL; return -1;
    }
  __sigmask(mask);
  if (before != NULL) *before = old;
  return 0;
}

int sigpending(sigset_t *set) {
  *set = (uint32_t)__sigpending();
  return 0;
}
