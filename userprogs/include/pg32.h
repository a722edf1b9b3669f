/* pg32.h - the system calls that have no standard name, and the platform they are part of.
 * Each returns -1 and sets errno on failure. */
#ifndef _PG32_H
#define _PG32_H
#include "isa/platform.h"

/* Sets CONSOLE_COOKED or CONSOLE_RAW; returns the old mode. */
int console_mode(int mode);
/* Waits at most `ticks` (or POLL_FOREVER) for EVENT_...; returns those that hold, 0 after that time. */
int poll_events(unsigned events, uint32_t ticks);
int sleep_ticks(uint32_t ticks);
/* 1 (at first) to SHARE_MAX: the caller and the children it makes from now on get turns of that many times
 * the usual length. Returns the old share. */
int cpu_share(int share);
/* The machine's tick, which counts instructions and idle time since reset. */
int clock_ticks(uint64_t *ticks);

/* ESRCH: nobody in this slot; EINVAL: past the last slot. */
int procinfo(int slot, struct pg32_procinfo *info);
int sysinfo(struct pg32_sysinfo *info);

/* Makes a VM of page-aligned memory of the caller; returns its id. */
int vm_create(struct vm_state *state, void *ram, uint32_t bytes);
/* Runs it until something happens that is the caller's business; results in the state page. */
int vm_run(int id);
int vm_destroy(int id);

#endif
