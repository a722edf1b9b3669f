/* signal.h - signals. isa/platform.h says what each does without a handler. */
#ifndef _SIGNAL_H
#define _SIGNAL_H
#include <sys/cdefs.h>
#include <sys/types.h>

#define SIGHUP 1
#define SIGINT 2
#define SIGQUIT 3
#define SIGILL 4
#define SIGTRAP 5
#define SIGABRT 6
#define SIGBUS 7
#define SIGFPE 8
#define SIGKILL 9
#define SIGUSR1 10
#define SIGSEGV 11
#define SIGUSR2 12
#define SIGPIPE 13
#define SIGALRM 14
#define SIGTERM 15
#define SIGCHLD 17
#define SIGCONT 18
#define SIGSTOP 19
#define SIGTSTP 20
#define SIGTTIN 21
#define SIGTTOU 22
#define SIGURG 23
#define SIGXCPU 24
#define SIGXFSZ 25
#define SIGVTALRM 26
#define SIGPROF 27
#define SIGWINCH 28
#define SIGSYS 31
#define NSIG 32

typedef int sig_atomic_t;
typedef void (*__signal_handler)(int);
#define SIG_ERR ((__signal_handler)-1)
#define SIG_DFL ((__signal_handler)0)
#define SIG_IGN ((__signal_handler)1)

__BEGIN_DECLS
/* Returns the handler before, or SIG_ERR (EINVAL: no such signal, or one that cannot be caught). The handler stays. */
__signal_handler signal(int signal, __signal_handler handler);
int raise(int signal);
#if __SHOW_ALL
typedef __signal_handler sighandler_t;
#endif

#if __SHOW_POSIX
typedef unsigned long sigset_t;
typedef union sigval {
  int sival_int;
  void *sival_ptr;
} sigval_t;
typedef struct {
  int si_signo, si_errno, si_code;
  pid_t si_pid;
  uid_t si_uid;
  void *si_addr;
  int si_status;
  union sigval si_value;
} siginfo_t;

struct sigaction {
  union {
    __signal_handler sa_handler;
    void (*sa_sigaction)(int, siginfo_t *, void *);
  } __handler;
  sigset_t sa_mask; /* blocked, beside the signal itself, while the handler runs */
  int sa_flags;
};
#define sa_handler __handler.sa_handler
#define sa_sigaction __handler.sa_sigaction

#define SA_NOCLDSTOP 1 /* without effect, as are SA_NOCLDWAIT and SA_ONSTACK */
#define SA_NOCLDWAIT 2
#define SA_SIGINFO 4
#define SA_ONSTACK 0x08000000
#define SA_RESTART 0x10000000
#define SA_NODEFER 0x40000000
#define SA_RESETHAND 0x80000000
#define SIG_BLOCK 0
#define SIG_UNBLOCK 1
#define SIG_SETMASK 2
#define SI_USER 0

int kill(pid_t pid, int signal);
int sigaction(int signal, const struct sigaction *__restrict action, struct sigaction *__restrict before);
int sigemptyset(sigset_t *set);
int sigfillset(sigset_t *set);
int sigaddset(sigset_t *set, int signal);
int sigdelset(sigset_t *set, int signal);
int sigismember(const sigset_t *set, int signal);
/* What comes while it is blocked takes its course when it is unblocked. */
int sigprocmask(int how, const sigset_t *__restrict set, sigset_t *__restrict before);
int sigpending(sigset_t *set);
/* Waits for a signal with just those of `set` blocked; behind its handler the same as before are. Always -1, EINTR. */
int sigsuspend(const sigset_t *set);
void psignal(int signal, const char *what);
#endif
__END_DECLS

#endif
