/* bench_kit.h - what the benchmarks of the machine share: machines that are ready to run a program, and CPU
 * time of this process, so that a busy host does not blur it. */
#ifndef BENCH_KIT_H
#define BENCH_KIT_H

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "tools/trapeze/trapeze.h"

static inline double now_ms(void) {
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static inline struct machine *machine_with(unsigned depth, char **words, int n) {
  struct options o;
  options_defaults(&o);
  o.depth = depth, o.argc = n, o.argv = words;
  struct boot b = boot_assemble(&o);
  struct machine *m = boot_machine(&o, &b);
  boot_free(&b);
  return m;
}

static inline int ascending(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

#endif
