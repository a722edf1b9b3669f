/* strsignal.c - what the signals mean. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include "userprogs/lib/internal.h"

char *strsignal(int signal) {
  static const char *const texts[NSIG] = {
      [SIGHUP] = "Hangup",
      [SIGINT] = "Interrupt",
      [SIGQUIT] = "Quit",
      [SIGILL] = "Illegal instruction",
      [SIGTRAP] = "Trace/breakpoint trap",
      [SIGABRT] = "Aborted",
      [SIGBUS] = "Bus error",
      [SIGFPE] = "Floating point exception",
      [SIGKILL] = "Killed",
      [SIGUSR1] = "User defined signal 1",
      [SIGSEGV] = "Segmentation fault",
      [SIGUSR2] = "User defined signal 2",
      [SIGPIPE] = "Broken pipe",
      [SIGALRM] = "Alarm clock",
      [SIGTERM] = "Terminated",
      [SIGCHLD] = "Child exited",
      [SIGCONT] = "Continued",
      [SIGSTOP] = "Stopped (signal)",
      [SIGTSTP] = "Stopped",
      [SIGTTIN] = "Stopped (tty input)",
      [SIGTTOU] = "Stopped (tty output)",
      [SIGURG] = "Urgent I/O condition",
      [SIGXCPU] = "CPU time limit exceeded",
      [SIGXFSZ] = "File size limit exceeded",
      [SIGVTALRM] = "Virtual timer expired",
      [SIGPROF] = "Profiling timer expired",
      [SIGWINCH] = "Window changed",
      [SIGSYS] = "Bad system call",
  };
  static char unknown[32];
  if (signal > 0 && signal < NSIG && texts[signal] != NULL) return (char *)texts[signal];
  snprintf(unknown, sizeof unknown, "Unknown signal %d", signal);
  return unknown;
}

void psignal(int signal, const char *what) {
  bool some = what != NULL && *what != '\0';
  fprintf(stderr, "%s%s%s\n", some ? what : "", some ? ": " : "", strsignal(signal));
}
