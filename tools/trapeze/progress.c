/* progress.c - see progress.h. */
#include "progress.h"

#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#define FIRST 2.0   /* seconds of work before the first text */
#define BETWEEN 0.2 /* and between two */
#define ERASE "\r\033[K"

static double began, told; /* 0: no work has begun; no text is shown */

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void erase(void) {
  ssize_t n = write(STDERR_FILENO, ERASE, sizeof ERASE - 1);
  (void)n;
}

static void (*before)(int); /* what SIGINT did before */

/* The signal then does what it would have done without us; where it was ignored, it ends the process all the same, since
 * the line on the terminal says so. */
static void on_interrupt(int signal_number) {
  erase();
  signal(signal_number, before == SIG_IGN ? SIG_DFL : before);
  raise(signal_number);
}

void progress_tell(const char *format, ...) {
  const double t = now();
  if (began == 0) began = t;
  if (t - began < FIRST || t - told < BETWEEN || !isatty(STDERR_FILENO)) return;
  if (told == 0) before = signal(SIGINT, on_interrupt);
  told = t;
  va_list arguments;
  va_start(arguments, format);
  fputs(ERASE, stderr);
  vfprintf(stderr, format, arguments);
  fprintf(stderr, ", %.0f s. Ctrl-C stops it.", t - began);
  va_end(arguments);
  fflush(stderr);
}

void progress_hide(void) {
  if (told != 0) erase();
}

void progress_end(void) {
  progress_hide();
  if (told != 0) signal(SIGINT, before);
  began = told = 0;
}
