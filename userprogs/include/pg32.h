/* pg32.h - the system calls that have no standard name. isa/platform.h describes each in full, with its
 * errors. Each returns -1 and sets errno on failure. */
#ifndef _PG32_H
#define _PG32_H
#include <errno.h>
#include <sys/cdefs.h>
#include "isa/platform.h"

__BEGIN_DECLS
/* Sets CONSOLE_COOKED, CONSOLE_RAW or CONSOLE_ECHO; returns the old mode. */
int console_mode(int mode);
/* Waits at most `ticks` (or POLL_FOREVER) for events; returns those that hold, or 0 after that time. */
int poll_events(unsigned events, uint32_t ticks);
int sleep_ticks(uint32_t ticks);
/* The turns of the caller, and of children that it makes from now on, become `share` times as long as usual:
 * 1 (at first) to SHARE_MAX. Returns the old share. */
int cpu_share(int share);
/* The tick of the machine: instructions and idle time since its reset. */
int clock_ticks(uint64_t *ticks);

/* ESRCH: the slot is free; EINVAL: there is no such slot. */
int procinfo(int slot, struct pg32_procinfo *info);
int sysinfo(struct pg32_sysinfo *info);

/* Makes a file whose bytes are part[1] bytes from part[0] on of the file fd, in place. */
int keep_file(int fd, const char *path, const uint32_t part[2]);
/* The caller becomes the first process of a new container, whose / is the directory root. */
int container_new(const char *root, const struct pg32_container *options);
/* The caller comes into the container of the process pid. */
int container_join(int pid);
/* Tells of the container of that process, or of the caller's (0). */
int container_info(int pid, struct pg32_container *info);
/* Tells the host's name, or sets it. */
int __hostname(char *name, uint32_t size, int set);

/* Makes a VM out of page-aligned memory of the caller; returns the VM's id. */
int vm_create(struct vm_state *state, void *ram, uint32_t bytes);
/* Runs the VM until something happens that the caller must know; the state page tells what. This is code in its caller
 * and no function: the kernel keeps two of the caller's registers only, and the compiler knows which others matter. */
static inline int vm_run(int id) {
  register int a0 __asm__("a0") = id;
  register int a7 __asm__("a7") = SYS_VM_RUN;
  __asm__ volatile("syscall"
                   : "+r"(a0), "+r"(a7)
                   :
                   : "memory", "ra", "t0", "t1", "t2", "t3", "t4", "t5", "t6", "a1", "a2", "a3", "a4", "a5",
                     "a6", "s1", "s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9", "s10", "s11");
  if (__builtin_expect(a0 >= 0, 1)) return 0;
  errno = -a0;
  return -1;
}
int vm_window(int id, void *pages, void *map);
int vm_destroy(int id);
__END_DECLS

#endif
