/* handlers.c - handlers of the signals that a process sends itself. */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>
#include "userprogs/lib/internal.h"

#define BIT(signal) (1ul << (signal))
#define IGNORED_BY_DEFAULT (BIT(SIGCHLD) | BIT(SIGURG) | BIT(SIGWINCH) | BIT(SIGCONT))
#define NEVER_CAUGHT (BIT(SIGKILL) | BIT(SIGSTOP))

static struct sigaction actions[NSIG];
static sigset_t blocked, pending;

static bool is_signal(int signal) {
  if (signal > 0 && signal < NSIG) return true;
  errno = EINVAL;
  return false;
}

int sigaction(int signal, const struct sigaction *restrict action, struct sigaction *restrict before) {
  if (!is_signal(signal)) return -1;
  if (action != NULL && (NEVER_CAUGHT & BIT(signal))) {
    errno = EINVAL;
    return -1;
  }
  struct sigaction old = actions[signal];
  if (action != NULL) actions[signal] = *action;
  if (before != NULL) *before = old;
  return 0;
}

__signal_handler signal(int number, __signal_handler handler) {
  struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART}, before;
  return sigaction(number, &action, &before) == 0 ? before.sa_handler : SIG_ERR;
}

static void run(int signal) {
  struct sigaction action = actions[signal];
  sigset_t saved = blocked;
  if (action.sa_flags & (int)SA_RESETHAND) actions[signal].sa_handler = SIG_DFL;
  blocked |= action.sa_mask;
  if (!(action.sa_flags & SA_NODEFER)) blocked |= BIT(signal);
  if (action.sa_flags & SA_SIGINFO) {
    siginfo_t info = {.si_signo = signal, .si_code = SI_USER, .si_pid = getpid()};
    action.sa_sigaction(signal, &info, NULL);
  } else {
    action.sa_handler(signal);
  }
  blocked = saved;
}

bool __handle_signal(int signal) {
  if (signal <= 0 || signal >= NSIG || (NEVER_CAUGHT & BIT(signal))) return false;
  __signal_handler handler = actions[signal].sa_handler;
  if (handler == SIG_IGN || (handler == SIG_DFL && (IGNORED_BY_DEFAULT & BIT(signal)))) return true;
  if (blocked & BIT(signal)) {
    pending |= BIT(signal);
    return true;
  }
  if (handler == SIG_DFL) return false;
  run(signal);
  return true;
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

static void take_pending(void) {
  for (int signal = 1; signal < NSIG; signal++) {
    if (!(pending & ~blocked & BIT(signal))) continue;
    pending &= ~BIT(signal);
    raise(signal);
  }
}

int sigprocmask(int how, const sigset_t *restrict set, sigset_t *restrict before) {
  sigset_t old = blocked;
  if (set != NULL) switch (how) {
    case SIG_BLOCK: blocked |= *set; break;
    case SIG_UNBLOCK: blocked &= ~*set; break;
    case SIG_SETMASK: blocked = *set; break;
    default: errno = EINVAL; return -1;
    }
  blocked &= ~NEVER_CAUGHT;
  if (before != NULL) *before = old;
  take_pending();
  return 0;
}

int sigpending(sigset_t *set) {
  *set = pending;
  return 0;
}
