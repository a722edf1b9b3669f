/* ps - lists the processes of the kernel it runs on, not those of kernels in VMs or below. */
#include <errno.h>
#include <stdio.h>
#include "pg32.h"

static const char *const states[] = {
    [PROC_UNUSED] = "unused",   [PROC_RUNNABLE] = "runnable", [PROC_RUNNING] = "running",
    [PROC_BLOCKED] = "blocked", [PROC_ZOMBIE] = "zombie",
};

int main(void) {
  struct pg32_procinfo p;
  printf("  PID  PARENT  STATE     PAGES  NAME\n");
  for (int slot = 0; procinfo(slot, &p) == 0 || errno == ESRCH; slot++, errno = 0)
    if (errno == 0) printf("%5u  %6u  %-8s  %5u  %s\n", p.pid, p.parent, states[p.state], p.pages, p.name);
  return 0;
}
