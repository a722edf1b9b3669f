/* proc.c - processes: fork and exit, waiting and waking, and whose turn it is.
 *
 * The scheduler goes round the table; the length of a turn is in proportion to the process's share. TIMER is
 * set only as short as another process needs: if no other process wants the CPU or waits for a tick, it is
 * not set at all. */
#include "kernel.h"

struct proc procs[NPROC], *procs_end = procs;
static uint32_t next_pid = 1;
static uint32_t idle_registers[32];

/* ---- the table ---- */

/* Those at the table's end need not be looked at any more. */
void proc_free(struct proc *p) {
  container_leave(p);
  p->state = PROC_UNUSED;
  while (procs_end > procs && procs_end[-1].state == PROC_UNUSED) procs_end--;
}

struct proc *proc_new(struct container *c) {
  struct proc *p = procs;
  while (p < procs + NPROC && p->state != PROC_UNUSED) p++;
  if (p == procs + NPROC || !container_room(c, NULL)) return NULL;
  memset(p, 0, sizeof *p);
  p->pages = frame_alloc();
  if (!p->pages) return NULL;
  if (p >= procs_end) procs_end = p + 1;
  p->pid = next_pid++;
  p->deadline = p->alarm = UINT64_MAX;
  container_add(p, c);
  p->share = 1;
  p->state = PROC_BLOCKED;
  return p;
}

/* Tells the recorder the name, four characters at a time; in a container "web:httpd". */
void proc_mark_name(struct proc *p) {
  char label[2 * PROC_NAME] = {0};
  uint32_t n = p->container ? strlen(p->container->name) : 0;
  if (n) memcpy(label, p->container->name, n), label[n++] = ':';
  memcpy(label + n, p->name, PROC_NAME);
  for (int i = 0; i < 2 * PROC_NAME; i += 4) {
    uint32_t four;
    memcpy(&four, label + i, 4);
    mark(MARK_NAME, p->pid, four);
    if (!(four >> 24)) break;
  }
}

void proc_rename(struct proc *p, const char *path) {
  const char *base = path;
  for (const char *s = path; *s; s++)
    if (*s == '/') base = s + 1;
  memset(p->name, 0, PROC_NAME);
  for (int i = 0; i < PROC_NAME - 1 && base[i]; i++) p->name[i] = base[i];
  proc_mark_name(p);
}

/* ---- waiting and waking ---- */

/* Another process wants the CPU now: the running one has a turn left at most. */
static void claim_turn(void) {
  uint32_t turn = current ? current->share * SLICE : SLICE;
  if (slice > turn) slice = turn;
}

void proc_ready(struct proc *p) {
  if (p->state != PROC_BLOCKED) return;
  p->state = PROC_RUNNABLE;
  p->wake_events = 0;
  p->waiting_for = 0;
  claim_turn();
}

void proc_claim(struct proc *p) {
  if (p->state == PROC_RUNNABLE) claim_turn();
}

int proc_block(struct proc *p, uint64_t deadline, uint32_t events) {
  p->state = PROC_BLOCKED;
  p->again = true;
  p->deadline = deadline;
  p->wake_events = events;
  return 0;
}

void proc_wake_events(uint32_t events) {
  for (struct proc *p = procs; p < procs_end; p++)
    if (p->state == PROC_BLOCKED && (p->wake_events & events)) proc_ready(p);
}

void proc_tell_parent(struct proc *p) {
  if (!p->parent) return;
  signal_send(p->parent, SIGCHLD);
  if (p->parent->state == PROC_BLOCKED && p->parent->waiting_for) proc_ready(p->parent);
}

/* Has that tick come? If not, *next becomes as early. *time is the tick now, or 0: to ask the clock is dear in a VM. */
static bool is_due(uint64_t when, uint64_t *time, uint64_t *next) {
  if (when == UINT64_MAX) return false;
  if (!*time) *time = now();
  if (when > *time && when < *next) *next = when;
  return when <= *time;
}

/* Does what is due: wakes sleepers, and sends SIGALRM. Returns the next deadline; UINT64_MAX if there is none. */
static uint64_t wake_sleepers(void) {
  uint64_t next = UINT64_MAX, time = 0;
  for (struct proc *p = procs; p < procs_end; p++) {
    if (p->state != PROC_UNUSED && is_due(p->alarm, &time, &next)) {
      p->alarm = UINT64_MAX;
      signal_send(p, SIGALRM);
    }
    if (p->state == PROC_BLOCKED && is_due(p->deadline, &time, &next)) proc_ready(p);
  }
  return next;
}

/* ---- whose turn ---- */

bool proc_can_run(struct proc *p) {
  if (p->state != PROC_RUNNABLE || p->stopped) return false;
  return !p->container || p->killed || container_may_run(p->container);
}

/* The next one in the table after the current one; the current one itself comes last. NULL: none can run. */
static struct proc *next_runnable(void) {
  struct proc *from = current ? current : procs;
  int count = procs_end - procs;
  for (int i = 1; i <= count; i++) {
    struct proc *p = procs + (from - procs + i) % count;
    if (proc_can_run(p)) return p;
  }
  return NULL;
}

/* At least 1, for a TIMER of 0 would be due at once. */
static uint32_t ticks_until(uint64_t deadline) {
  if (deadline == UINT64_MAX) return UINT32_MAX;
  uint64_t time = now();
  uint64_t ticks = deadline > time ? deadline - time : 1;
  return ticks < UINT32_MAX ? ticks : UINT32_MAX;
}

/* Waits for an interrupt, and sets TIMER to the deadline. Never returns. */
static void idle(uint64_t deadline) {
  current = NULL;
  container_turn(NULL);
  low_core->save = idle_registers;
  low_core->pages = NULL;
  low_core->asid = 0;
  low_core->pc = (uint32_t)idle_loop;
  low_core->status = ST_IE;
  low_core->timer = ticks_until(deadline);
  mark(MARK_IDLE, 0, 0);
  return resume(idle_registers);
}

/* The process has no ASID: another holder took it, or a signal has come. Never returns. */
static noinline void resume_afresh(struct proc *p) {
  signal_deliver(p);
  if (p->killed) return proc_exit(p, p->killed);
  if (p->stopped) return schedule();
  asid_get(&p->asid);
  return proc_resume(p);
}

/* Everything but the registers; asid is the process's, not 0. */
HOT static inline void load(struct proc *p, uint32_t asid) {
  low_core->save = p->x;
  low_core->pages = p->pages;
  low_core->asid = asid;
  low_core->pc = p->pc;
  low_core->status = ST_U | ST_IE | ST_T | asid << ST_ASID_SHIFT;
  low_core->timer = slice;
  mark(MARK_PROC, p->pid, asid);
}

HOT void proc_resume(struct proc *p) {
  uint32_t asid = p->asid;
  if (!asid) return resume_afresh(p);
  load(p, asid);
  return resume(p->x);
}

noinline void proc_end_run(struct proc *p, int result) {
  uint32_t sp = p->x[2], s0 = p->x[8];
  memset(p->x, 0, sizeof p->x);
  p->x[2] = sp, p->x[8] = s0, p->x[10] = result;
  return proc_resume(p);
}

HOT void proc_resume_vmm(struct proc *p) {
  uint32_t asid = p->asid;
  if (!asid) return proc_end_run(p, 0);
  load(p, asid);
  return vm_run_return(p->x);
}

/* p becomes the current process. Its turn ends when others want the CPU, or at the next deadline. */
static void start_turn(struct proc *p, uint64_t deadline) {
  current = p;
  p->state = PROC_RUNNING;
  low_core->asid = 0;
  slice = next_runnable() ? p->share * SLICE : UINT32_MAX;
  uint32_t paid = p->owed < slice ? p->owed : slice;
  p->owed -= paid;
  slice -= paid; /* a turn of which nothing is left ends at once */
  uint32_t ticks = ticks_until(deadline);
  if (ticks < slice) slice = ticks;
  container_turn(p->container);
}

/* Requires: `current`, if it still wants the CPU, is PROC_RUNNABLE. A system call that waited is made again
 * here. */
void schedule(void) {
  for (;;) {
    uint64_t deadline = containers_settle(), next = wake_sleepers();
    if (next < deadline) deadline = next;
    struct proc *p = next_runnable();
    if (!p) return idle(deadline);
    start_turn(p, deadline);
    if (p->killed) return proc_exit(p, p->killed);
    if (p->again) {
      p->again = false;
      int32_t result = system_call(p);
      if (p->state != PROC_RUNNING) continue;
      p->x[10] = result;
    }
    if (p->vm) return vm_enter(p->vm);
    return proc_resume(p);
  }
}

/* ---- fork, exit, wait, kill ---- */

CALL0(fork) {
  if (vm_owned(p)) return -EBUSY; /* the memory of a VM must not become copy-on-write */
  struct proc *child = proc_new(p->container);
  if (!child) return -EAGAIN;
  if (!space_copy(child, p)) {
    space_free(child);
    proc_free(child);
    return -ENOMEM;
  }
  memcpy(child->x, p->x, sizeof child->x);
  child->x[10] = 0;
  child->pc = p->pc;
  child->parent = p;
  child->share = p->share;
  for (uint32_t i = 0; i < LEVELS; i++) child->at[i].group = p->at[i].group;
  child->blocked = p->blocked;
  child->restarts = p->restarts;
  child->restorer = p->restorer;
  memcpy(child->action, p->action, sizeof child->action);
  files_copy(child, p);
  memcpy(child->name, p->name, PROC_NAME);
  proc_mark_name(child);
  proc_ready(child);
  return child->self;
}

/* status: as waitpid tells it. When the first process ends, the machine is switched off; its exit status is then the
 * process's, or 128 + the signal, as a shell tells it. */
void proc_exit(struct proc *p, uint32_t status) {
  console_release(p);
  if (p->pid == 1) power_off(status & 0x7F ? 128 + (status & 0x7F) : status >> 8);
  container_end(p);
  vm_release_all(p);
  files_close(p);
  space_free(p);
  pids_orphan(p);
  p->status = status;
  p->state = PROC_ZOMBIE;
  if (!p->parent) proc_free(p);
  p->stopped = 0;
  proc_tell_parent(p);
  return reschedule();
}

/* Tells p of the child: the child's pid, or minus an error. */
static int tell(struct proc *p, struct proc *child, uint32_t to, uint32_t status) {
  if (to) TRY(copy_out(p, to, &status, 4));
  return pid_for(p, child);
}

/* pid as waitpid has it: a child, -1 for any, 0 for those of the caller's group, or minus a group. */
static bool is_awaited(struct proc *p, struct proc *q, int32_t pid) {
  if (q->state == PROC_UNUSED || q->parent != p) return false;
  uint32_t group = q->at[level_of(p)].group;
  return pid > 0 ? pid_for(p, q) == (uint32_t)pid
                 : pid == -1 || group == (pid == 0 ? *group_of(p) : (uint32_t)-pid);
}

CALL3(waitpid, pid, status, options) {
  bool any = false;
  for (struct proc *q = procs; q < procs_end; q++) {
    if (!is_awaited(p, q, pid)) continue;
    if (q->state == PROC_ZOMBIE) {
      int told = TRY(tell(p, q, status, q->status));
      proc_free(q);
      return told;
    }
    if ((options & WUNTRACED) && q->stopped && q->tells_stop) {
      int told = TRY(tell(p, q, status, (uint32_t)q->stopped << 8 | 0x7F));
      q->tells_stop = false;
      return told;
    }
    any = true;
  }
  if (!any) return -ECHILD;
  if (options & WNOHANG) return 0;
  p->waiting_for = pid ? pid : -1;
  proc_block(p, UINT64_MAX, 0);
  console_passed_on();
  return 0;
}

/* Takes its ASID away, so that proc_resume must call resume_afresh, which looks at `killed`. */
void proc_end(struct proc *p, uint32_t signal) {
  p->killed = signal;
  asid_put(&p->asid);
  proc_ready(p);
}

/* Begins with the first process and follows the chain of those that wait for a child: sh waits for vmm, for
 * example. */
struct proc *proc_foreground(void) {
  struct proc *p = procs;
  while (p && p->state == PROC_BLOCKED && p->waiting_for) {
    struct proc *child = proc_find(p, p->waiting_for);
    if (!child || child->state == PROC_ZOMBIE) break;
    p = child;
  }
  return p;
}
