/* limits.c - what the system has to say about itself. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>
#include "userprogs/lib/internal.h"
#include "pg32.h"

long sysconf(int name) {
  struct pg32_sysinfo info;
  switch (name) {
  case _SC_PAGESIZE: return PAGE_SIZE;
  case _SC_CLK_TCK: return 100;
  case _SC_OPEN_MAX: return OPEN_MAX;
  case _SC_ARG_MAX: return ARG_MAX;
  case _SC_NPROCESSORS_CONF:
  case _SC_NPROCESSORS_ONLN: return 1;
  case _SC_PHYS_PAGES: return sysinfo(&info) == 0 ? (long)(info.ram_bytes / PAGE_SIZE) : -1;
  case _SC_AVPHYS_PAGES: return sysinfo(&info) == 0 ? (long)info.free_pages : -1;
  default: errno = EINVAL; return -1;
  }
}

pid_t getppid(void) {
  struct pg32_procinfo info = {0};
  uint32_t self = (uint32_t)getpid();
  for (int slot = 0; procinfo(slot, &info) == 0 || errno == ESRCH; slot++) {
    bool found = info.pid == self;
    info.pid = 0;
    if (found) return (pid_t)info.parent;
  }
  return 0;
}

/* There is one user, who may do everything. */
uid_t getuid(void) { return 0; }
uid_t geteuid(void) { return 0; }
gid_t getgid(void) { return 0; }
gid_t getegid(void) { return 0; }
