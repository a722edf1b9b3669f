/* syscall.c - the system calls: one table, made from the list in platform.h. */
#include "kernel.h"

typedef int32_t call(struct proc *p, uint32_t a, uint32_t b, uint32_t c);

/* clang-format off */
static int32_t sys__exit(struct proc *p, uint32_t a, uint32_t b, uint32_t c) { (void)b, (void)c; proc_exit(p, (a & 0xFF) << 8); return 0; }
static int32_t sys_fork(struct proc *p, uint32_t a, uint32_t b, uint32_t c) { (void)a, (void)b, (void)c; return proc_fork(p); }
static int32_t sys_execv(struct proc *p, uint32_t a, uint32_t b, uint32_t c) { (void)c; return exec_user(p, a, b); }
static int32_t sys_waitpid(struct proc *p, uint32_t a, uint32_t b, uint32_t c) { return proc_wait(p, a, b, c); }
static int32_t sys_kill(struct proc *p, uint32_t a, uint32_t b, uint32_t c) { (void)p, (void)c; return proc_kill(a, b); }

static int32_t sys_sbrk(struct proc *p, uint32_t bytes, uint32_t b, uint32_t c) {
  (void)b, (void)c;
  uint32_t old = p->heap_end, end = old + bytes;
  if ((int32_t)bytes >= 0) {
    if (end < old || end > USER_TOP - (STACK_PAGES + 1) * PAGE_SIZE) return -ENOMEM;
  } else {
    if (end > old || end < p->heap_start) return -EINVAL;
    int error = space_shrink(p, end, old);
    if (error) return error;
  }
  p->heap_end = end;
  return old;
}

/* Has the time come? The first call sets the deadline, the calls made again after a wake-up ask. */
static bool expired(struct proc *p, uint32_t ticks) {
  uint64_t time = now();
  if (!p->armed) p->deadline = ticks == POLL_FOREVER ? UINT64_MAX : time + ticks;
  p->armed = p->deadline > time;
  return !p->armed;
}

static int32_t sys_sleep_ticks(struct proc *p, uint32_t ticks, uint32_t b, uint32_t c) {
  (void)b, (void)c;
  return expired(p, ticks == POLL_FOREVER ? ticks - 1 : ticks) ? 0 : proc_block(p, p->deadline, 0);
}

static int32_t sys_sched_yield(struct proc *p, uint32_t a, uint32_t b, uint32_t c) {
  (void)a, (void)b, (void)c;
  p->x[10] = 0;
  p->state = PROC_RUNNABLE;
  return 0;
}

HOT static int32_t sys_getpid(struct proc *p, uint32_t a, uint32_t b, uint32_t c) { (void)a, (void)b, (void)c; return p->pid; }
static int32_t sys_open(struct proc *p, uint32_t a, uint32_t b, uint32_t c) { (void)c; return file_open(p, a, b); }
static int32_t sys_close(struct proc *p, uint32_t a, uint32_t b, uint32_t c) { (void)b, (void)c; return file_close(p, a); }
static int32_t sys_read(struct proc *p, uint32_t a, uint32_t b, uint32_t c) { return file_read(p, a, b, c); }
static int32_t sys_write(struct proc *p, uint32_t a, uint32_t b, uint32_t c) { return file_write(p, a, b, c); }
static int32_t sys_lseek(struct proc *p, uint32_t a, uint32_t b, uint32_t c) { return file_seek(p, a, b, c); }
static int32_t sys_fstat(struct proc *p, uint32_t a, uint32_t b, uint32_t c) { (void)c; return file_stat(p, a, b); }
static int32_t sys_console_mode(struct proc *p, uint32_t a, uint32_t b, uint32_t c) { (void)b, (void)c; return console_mode(p, a); }

static int32_t sys_poll_events(struct proc *p, uint32_t events, uint32_t ticks, uint32_t c) {
  (void)c;
  if (events & ~EVENT_INPUT) return -EINVAL;
  if ((events & EVENT_INPUT) && console_readable_by(p)) {
    p->armed = false;
    return EVENT_INPUT;
  }
  return expired(p, ticks) ? 0 : proc_block(p, p->deadline, events);
}

static int32_t sys_clock_ticks(struct proc *p, uint32_t to, uint32_t b, uint32_t c) {
  (void)b, (void)c;
  uint64_t time = now();
  return copy_out(p, to, &time, sizeof time) ? 0 : -EFAULT;
}

static int32_t sys_procinfo(struct proc *p, uint32_t slot, uint32_t to, uint32_t c) {
  (void)c;
  if (slot >= NPROC) return -EINVAL;
  struct proc *q = &procs[slot];
  if (q->state == PROC_UNUSED) return -ESRCH;
  struct pg32_procinfo info = {q->pid, q->parent ? q->parent->pid : 0, q->state, q->resident, {0}};
  memcpy(info.name, q->name, PROC_NAME);
  return copy_out(p, to, &info, sizeof info) ? 0 : -EFAULT;
}

static int32_t sys_sysinfo(struct proc *p, uint32_t to, uint32_t b, uint32_t c) {
  (void)b, (void)c;
  struct pg32_sysinfo info = {dev_load(DEV_FACTS + FACTS_RAM), frames_free(), tlb_entries(),
                              dev_load(DEV_FACTS + FACTS_HZ), 0};
  for (int i = 0; i < NPROC; i++) info.processes += procs[i].state != PROC_UNUSED;
  return copy_out(p, to, &info, sizeof info) ? 0 : -EFAULT;
}

static int32_t sys_vm_create(struct proc *p, uint32_t a, uint32_t b, uint32_t c) { return vm_create(p, a, b, c); }
static int32_t sys_vm_run(struct proc *p, uint32_t a, uint32_t b, uint32_t c) { (void)a, (void)b, (void)c; vm_run(p); return 0; } /* only made again; trap.c sees it first */
static int32_t sys_vm_destroy(struct proc *p, uint32_t a, uint32_t b, uint32_t c) { (void)b, (void)c; return vm_destroy(p, a); }

static int32_t sys_cpu_share(struct proc *p, uint32_t share, uint32_t b, uint32_t c) {
  (void)b, (void)c;
  uint32_t old = p->share;
  if (share < 1 || share > SHARE_MAX) return -EINVAL;
  p->share = share;
  return old;
}

HOT_DATA static call *const table[SYSCALL_MAX + 1] = {
#define S(number, name, arguments) [number] = sys_##name,
    PG32_SYSCALLS(S)
#undef S
};

HOT int32_t system_call(struct proc *p) {
  uint32_t number = p->x[17];
  if (number > SYSCALL_MAX || !table[number]) return -ENOSYS;
  return table[number](p, p->x[10], p->x[11], p->x[12]);
}
