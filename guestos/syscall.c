/* syscall.c - the system calls: the dispatch table, made from the list in platform.h, and the calls that are in no other
 * file.
 *
 * platform.h says what each call does and how it fails. */
#include "kernel.h"

/* ---- processes ---- */

CALL1(_exit, status) {
  proc_exit(p, (status & 0xFF) << 8);
  return 0;
}

CALL2(setpgid, pid, group) {
  struct proc *q = pid ? proc_find(p, pid) : p;
  if (!q || q->state == PROC_ZOMBIE || (q != p && q->parent != p)) return -ESRCH;
  if ((int32_t)group < 0) return -EINVAL;
  q->at[level_of(p)].group = group ? group : pid_for(p, q);
  return 0;
}

CALL1(getpgid, pid) {
  struct proc *q = pid ? proc_find(p, pid) : p;
  return q ? (int32_t)q->at[level_of(p)].group : -ESRCH;
}

HOT call sys_getpid; /* what null-syscall, our measure of a system call, calls */
CALL0(getpid) { return p->self; }

CALL1(sbrk, bytes) {
  uint32_t old = p->heap_end, end = old + bytes;
  if ((int32_t)bytes >= 0) {
    if (end < old || end > HEAP_LIMIT || !space_grow(p, old, end)) return -ENOMEM;
  } else {
    if (end > old || end < p->heap_start) return -EINVAL;
    TRY(space_shrink(p, end, old));
  }
  p->heap_end = end;
  return old;
}

/* ---- time and the CPU ---- */

/* Are the ticks over that the call may wait? The call as the process makes it sets the deadline; the calls
 * that the scheduler repeats after a wake-up find p->armed set and keep the deadline. */
static bool expired(struct proc *p, uint32_t ticks) {
  uint64_t time = now();
  if (!p->armed) p->deadline = ticks == POLL_FOREVER ? UINT64_MAX : time + ticks;
  p->armed = p->deadline > time;
  return !p->armed;
}

/* POLL_FOREVER means no more here than its number: a sleep that long. */
CALL1(sleep_ticks, ticks) {
  return expired(p, ticks == POLL_FOREVER ? ticks - 1 : ticks) ? 0 : proc_block(p, p->deadline, 0);
}

CALL3(__alarm, low, high, left) {
  uint64_t time = now(), ticks = (uint64_t)high << 32 | low;
  uint64_t rest = p->alarm == UINT64_MAX ? 0 : p->alarm > time ? p->alarm - time : 1;
  if (left) TRY(copy_out(p, left, &rest, sizeof rest));
  p->alarm = ticks ? time + ticks : UINT64_MAX;
  if (ticks && ticks < slice) slice = ticks;
  return 0;
}

CALL0(sched_yield) {
  p->x[10] = 0;
  p->state = PROC_RUNNABLE; /* so that trap.c calls schedule instead of storing our result */
  return 0;
}

CALL1(clock_ticks, to) {
  uint64_t time = now();
  return copy_out(p, to, &time, sizeof time);
}

CALL1(cpu_share, share) {
  uint32_t old = p->share;
  if (share < 1 || share > SHARE_MAX) return -EINVAL;
  p->share = share;
  return old;
}

/* ---- files and the console ---- */

CALL2(poll_events, events, ticks) {
  if (events & ~EVENT_INPUT) return -EINVAL;
  if ((events & EVENT_INPUT) && console_readable_by(p)) {
    p->armed = false;
    return EVENT_INPUT;
  }
  return expired(p, ticks) ? 0 : proc_block(p, p->deadline, events);
}

/* ---- information ---- */

CALL2(procinfo, slot, to) {
  if (slot >= NPROC) return -EINVAL;
  struct proc *q = container_slot(p, slot);
  if (!q) return -ESRCH;
  struct pg32_procinfo info = {.pid = pid_for(p, q), .state = q->state, .pages = q->resident};
  if (q->parent) info.parent = pid_for(p, q->parent);
  memcpy(info.name, q->name, PROC_NAME);
  vm_tell(q, &info);
  return copy_out(p, to, &info, sizeof info);
}

CALL1(sysinfo, to) {
  struct pg32_sysinfo info = {dev_load(DEV_FACTS + FACTS_RAM), frames_free(), tlb_entries(),
                              dev_load(DEV_FACTS + FACTS_HZ), 0};
  struct container *limited = container_limited();
  if (limited) info.ram_bytes = limited->most_frames << PAGE_SHIFT;
  for (struct proc *q = procs; q < procs_end; q++) info.processes += q->state != PROC_UNUSED && pid_for(p, q);
  return copy_out(p, to, &info, sizeof info);
}

/* ---- the table ---- */

/* Neither const nor static, or the compiler would see that it is never changed: it shall lie in one page with the
 * mirror of the TLB, which the path of a fault uses, too. */
extern call *table[];
HOT_DATA call *table[SYSCALL_MAX + 1] = {
#define S(number, name, arguments) [number] = sys_##name,
    PG32_SYSCALLS(S)
#undef S
};

HOT int32_t system_call(struct proc *p) {
  uint32_t number = p->x[17];
  if (number > SYSCALL_MAX || !table[number]) return -ENOSYS;
  return table[number](p, p->x[10], p->x[11], p->x[12]);
}
