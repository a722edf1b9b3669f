/* syscall.c - the system calls: the dispatch table, made from the list in platform.h, and the short calls.
 *
 * platform.h says what each call does and how it fails. Calls of more than a few lines are in the file of
 * what they are about: proc_fork in proc.c, file_open in file.c, and so on. */
#include "kernel.h"

/* Every call has the same type, so that the table can hold it: the process, and three argument registers.
 * CALL<n> defines the call of a name with n arguments, for example
 *
 *   CALL2(open, path, flags) { return file_open(p, path, flags); }
 *
 * whose body sees the process p and its two arguments. What the body returns goes to the process's a0. */
typedef int32_t call(struct proc *p, uint32_t a, uint32_t b, uint32_t c);

#define UNUSED __attribute__((unused))
#define CALL(n, name, a, b, c)   \
  enum { ARGUMENTS_##name = n }; \
  static int32_t sys_##name(struct proc *p UNUSED, uint32_t a UNUSED, uint32_t b UNUSED, uint32_t c UNUSED)
#define CALL0(name) CALL(0, name, a0, a1, a2)
#define CALL1(name, a) CALL(1, name, a, a1, a2)
#define CALL2(name, a, b) CALL(2, name, a, b, a2)
#define CALL3(name, a, b, c) CALL(3, name, a, b, c)

/* ---- processes ---- */

CALL1(_exit, status) {
  proc_exit(p, (status & 0xFF) << 8);
  return 0;
}

CALL0(fork) { return proc_fork(p); }
CALL3(execve, path, argv, environment) { return exec_user(p, path, argv, environment); }
CALL3(waitpid, pid, status, options) { return proc_wait(p, pid, status, options); }
CALL2(kill, pid, signal) { return signal_kill(p, pid, signal); }
CALL3(__sigaction, signal, action, restorer) { return signal_action(p, signal, action, restorer); }
CALL1(__sigmask, mask) { return signal_mask(p, mask); }
CALL0(__sigreturn) { return signal_return(p); }
CALL0(__sigpending) { return p->pending; }

/* Waits for ever: a signal ends the call. */
CALL1(__sigsuspend, mask) { return signal_suspend(p, mask); }

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

HOT static call sys_getpid; /* what null-syscall, our measure of a system call, calls */
CALL0(getpid) { return p->self; }

CALL1(sbrk, bytes) {
  uint32_t old = p->heap_end, end = old + bytes;
  if ((int32_t)bytes >= 0) {
    if (end < old || end > HEAP_LIMIT || !space_grow(p, old, end)) return -ENOMEM;
  } else {
    if (end > old || end < p->heap_start) return -EINVAL;
    int error = space_shrink(p, end, old);
    if (error) return error;
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
  if (left && !copy_out(p, left, &rest, sizeof rest)) return -EFAULT;
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
  return copy_out(p, to, &time, sizeof time) ? 0 : -EFAULT;
}

CALL1(cpu_share, share) {
  uint32_t old = p->share;
  if (share < 1 || share > SHARE_MAX) return -EINVAL;
  p->share = share;
  return old;
}

/* ---- files and the console ---- */

CALL2(open, path, flags) { return file_open(p, path, flags); }
CALL1(close, fd) { return file_close(p, fd); }
CALL3(read, fd, buf, n) { return file_read(p, fd, buf, n); }
CALL3(write, fd, buf, n) { return file_write(p, fd, buf, n); }
CALL3(lseek, fd, offset, whence) { return file_seek(p, fd, offset, whence); }
CALL2(fstat, fd, stat) { return file_stat(p, fd, stat); }
CALL2(dup2, fd, to) { return file_dup2(p, fd, to); }
CALL1(pipe, fds) { return file_pipe(p, fds); }
CALL3(fcntl, fd, command, argument) { return file_control(p, fd, command, argument); }
CALL2(ftruncate, fd, size) { return file_resize(p, fd, size); }
CALL1(console_mode, mode) { return console_mode(p, mode); }

CALL2(poll_events, events, ticks) {
  if (events & ~EVENT_INPUT) return -EINVAL;
  if ((events & EVENT_INPUT) && console_readable_by(p)) {
    p->armed = false;
    return EVENT_INPUT;
  }
  return expired(p, ticks) ? 0 : proc_block(p, p->deadline, events);
}

/* ---- names ---- */

CALL2(stat, path, to) {
  char name[PATH_BYTES];
  struct place at;
  int error = path_in_call(p, path, &at, name);
  if (error) return error;
  return at.node ? node_stat(p, at.node, to) : -ENOENT;
}

CALL1(mkdir, path) {
  char name[PATH_BYTES];
  struct place to;
  int error = path_in_call(p, path, &to, name);
  if (error) return error;
  return to.node ? -EEXIST : path_make(&to, NODE_DIR);
}

static int32_t remove(struct proc *p, uint32_t path, bool directory) {
  char name[PATH_BYTES];
  struct place at;
  int error = path_in_call(p, path, &at, name);
  return error ? error : path_remove(&at, directory);
}

CALL1(unlink, path) { return remove(p, path, false); }
CALL1(rmdir, path) { return remove(p, path, true); }

CALL2(link, old, new) {
  char name[PATH_BYTES];
  struct place from, to;
  int error = path_in_call(p, old, &from, name);
  if (!error && !from.node) error = -ENOENT;
  if (!error) error = path_in_call(p, new, &to, name);
  return error ? error : path_link(from.node, &to);
}

CALL2(rename, old, new) {
  char from[PATH_BYTES], to[PATH_BYTES];
  int n = copy_in_string(p, from, old, sizeof from);
  if (n >= 0) n = copy_in_string(p, to, new, sizeof to);
  return n < 0 ? n : path_rename(p->directory, from, to);
}

CALL1(chdir, path) {
  char name[PATH_BYTES];
  struct place at;
  int error = path_in_call(p, path, &at, name);
  if (error || !at.node) return error ? error : -ENOENT;
  if (at.node->kind != NODE_DIR) return -ENOTDIR;
  at.node->refs++;
  if (p->directory) node_drop(p->directory);
  p->directory = at.node;
  return 0;
}

CALL2(__getcwd, to, size) {
  char path[PATH_BYTES];
  struct place here;
  path_find(p->directory, ".", &here);
  int n = path_of(here.node, path, sizeof path);
  if (n < 0) return n;
  if (size < (uint32_t)n) return -ERANGE;
  return copy_out(p, to, path, n) ? n : -EFAULT;
}

/* ---- information ---- */

/* In a container the slots are those of the processes that are seen, without the gaps. NULL: it is free. */
static struct proc *in_slot(struct proc *p, uint32_t slot) {
  if (!p->container) return procs[slot].state == PROC_UNUSED ? NULL : &procs[slot];
  for (struct proc *q = procs; q < procs_end; q++)
    if (q->state != PROC_UNUSED && pid_for(p, q) && slot-- == 0) return q;
  return NULL;
}

CALL2(procinfo, slot, to) {
  if (slot >= NPROC) return -EINVAL;
  struct proc *q = in_slot(p, slot);
  if (!q) return -ESRCH;
  struct pg32_procinfo info = {
      pid_for(p, q), q->parent ? pid_for(p, q->parent) : 0, q->state, q->resident, {0}};
  memcpy(info.name, q->name, PROC_NAME);
  return copy_out(p, to, &info, sizeof info) ? 0 : -EFAULT;
}

CALL1(sysinfo, to) {
  struct pg32_sysinfo info = {dev_load(DEV_FACTS + FACTS_RAM), frames_free(), tlb_entries(),
                              dev_load(DEV_FACTS + FACTS_HZ), 0};
  struct container *limited = container_limited();
  if (limited) info.ram_bytes = limited->most_frames << PAGE_SHIFT;
  for (struct proc *q = procs; q < procs_end; q++) info.processes += q->state != PROC_UNUSED && pid_for(p, q);
  return copy_out(p, to, &info, sizeof info) ? 0 : -EFAULT;
}

/* ---- containers ---- */

CALL2(container_new, root, options) { return container_new(p, root, options); }
CALL1(container_join, pid) { return container_join(p, pid); }
CALL2(container_info, pid, to) { return container_info(p, pid, to); }
CALL3(__hostname, name, size, set) { return container_host(p, name, size, set); }
CALL3(keep_file, fd, path, part) { return layer_keep(p, fd, path, part); }

/* ---- virtual machines ---- */

CALL3(vm_create, state, ram, bytes) { return vm_create(p, state, ram, bytes); }
CALL3(vm_window, id, pages, map) { return vm_window(p, id, pages, map); }
CALL1(vm_destroy, id) { return vm_destroy(p, id); }

/* Only for the table: trap.c calls vm_run itself, which never returns. */
CALL1(vm_run, id) {
  vm_run(p);
  return 0;
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

#define S(number, name, arguments) \
  _Static_assert(ARGUMENTS_##name == arguments, #name " has other arguments in platform.h");
PG32_SYSCALLS(S)
#undef S

HOT int32_t system_call(struct proc *p) {
  uint32_t number = p->x[17];
  if (number > SYSCALL_MAX || !table[number]) return -ENOSYS;
  return table[number](p, p->x[10], p->x[11], p->x[12]);
}
