/* signal.c - signals: who gets one, and what it does to a process.
 *
 * A signal that ends a process sets p->killed. One that a handler is for becomes pending, and the process loses its
 * ASID: so proc_resume takes its rare path, which calls signal_deliver, and the common path need not look. The handler
 * runs on the process's stack; below it is a frame with the registers, which sigreturn loads again. */
#include "kernel.h"

#define NEVER (1u << SIGKILL | 1u << SIGSTOP) /* cannot be caught, ignored or blocked */
enum { IGNORED = 1u << SIGCHLD | 1u << SIGCONT | 1u << SIGURG | 1u << SIGWINCH /* if there is no handler */ };
enum { STOPS = 1u << SIGSTOP | 1u << SIGTSTP | 1u << SIGTTIN | 1u << SIGTTOU };

struct frame { /* what sigreturn finds at sp */
  uint32_t x[32], pc, blocked;
};

/* The system call that p waits in ends with EINTR; or is made again after the handler, as its registers say. */
static void interrupt_call(struct proc *p, uint32_t signal) {
  uint32_t number = p->x[17];
  bool timed = number == SYS_sleep_ticks || number == SYS_poll_events || number == SYS___sigsuspend;
  if (!p->again) return;
  p->again = p->armed = false;
  if ((p->restarts >> signal & 1) && !timed && !p->progress)
    p->pc -= 4;
  else
    p->x[10] = p->progress ? p->progress : (uint32_t)-EINTR;
  p->progress = 0;
  proc_ready(p);
}

static void stop(struct proc *p, uint32_t signal) {
  p->stopped = signal;
  p->tells_stop = true;
  if (p->state == PROC_RUNNING) p->state = PROC_RUNNABLE;
  proc_tell_parent(p);
}

void signal_send(struct proc *p, uint32_t signal) {
  uint32_t bit = 1u << signal, action = p->action[signal];
  if (p->state == PROC_ZOMBIE) return;
  if (signal == SIGCONT || signal == SIGKILL) p->stopped = 0;
  if (signal == SIGCONT) p->pending &= ~STOPS, proc_claim(p);
  if (p->killed || action == SIG_IGN || (action == SIG_DFL && (bit & IGNORED))) return;
  if (p->blocked & bit) {
    p->pending |= bit;
  } else if (action != SIG_DFL) {
    p->pending |= bit;
    interrupt_call(p, signal);
    asid_put(&p->asid);
  } else if (bit & STOPS) {
    stop(p, signal);
  } else {
    proc_end(p, signal);
  }
}

/* A signal that is pending takes its course now. */
static void take(struct proc *p, uint32_t signal) {
  p->pending &= ~(1u << signal);
  if (p->action[signal] == SIG_DFL || p->action[signal] == SIG_IGN) {
    signal_send(p, signal);
    return;
  }
  struct frame f = {.pc = p->pc, .blocked = p->suspended ? p->before_suspend : p->blocked};
  uint32_t sp = (p->x[2] - sizeof f) & ~15u;
  memcpy(f.x, p->x, sizeof f.x);
  if (copy_out(p, sp, &f, sizeof f)) {
    proc_end(p, SIGSEGV); /* no stack is left for the handler */
    return;
  }
  p->suspended = false;
  p->blocked |= 1u << signal;
  p->x[1] = p->restorer;
  p->x[2] = sp;
  p->x[10] = signal;
  p->pc = p->action[signal];
}

void signal_deliver(struct proc *p) {
  for (uint32_t signal = 1; signal < 32; signal++)
    if ((p->pending & ~p->blocked) >> signal & 1) take(p, signal);
}

/* ---- the system calls ---- */

CALL0(__sigreturn) {
  struct frame f;
  TRY(copy_in(p, &f, p->x[2], sizeof f));
  memcpy(p->x, f.x, sizeof f.x);
  p->pc = f.pc;
  p->blocked = f.blocked & ~NEVER;
  asid_put(&p->asid); /* others may have come meanwhile */
  return p->x[10];
}

CALL3(__sigaction, signal, action, restorer) {
  bool restarts = signal & SIGNAL_RESTARTS;
  signal &= ~SIGNAL_RESTARTS;
  if (signal == 0 || signal > 31 || (NEVER >> signal & 1)) return -EINVAL;
  p->action[signal] = action;
  p->restorer = restorer;
  p->restarts = (p->restarts & ~(1u << signal)) | (uint32_t)restarts << signal;
  if (action == SIG_IGN) p->pending &= ~(1u << signal);
  return 0;
}

CALL1(__sigmask, mask) {
  uint32_t old = p->blocked;
  p->blocked = mask & ~NEVER & INT32_MAX; /* or the result would be an error */
  asid_put(&p->asid);
  return old;
}

CALL0(__sigpending) { return p->pending; }

/* Waits for ever: a signal ends the call. */
CALL1(__sigsuspend, mask) {
  if (!p->suspended) p->before_suspend = p->blocked, p->suspended = true;
  sys___sigmask(p, mask, 0, 0);
  return p->pending & ~p->blocked ? -EINTR : proc_block(p, UINT64_MAX, 0);
}

/* pid as kill has it: whom does p mean? */
static bool is_meant(struct proc *p, struct proc *q, int32_t pid) {
  uint32_t seen = q->state != PROC_UNUSED && q->state != PROC_ZOMBIE ? pid_for(p, q) : 0;
  if (!seen || pid > 0) return seen && seen == (uint32_t)pid;
  return pid == -1 ? seen > 1 && q != p
                   : q->at[level_of(p)].group == (pid == 0 ? *group_of(p) : (uint32_t)-pid);
}

void signal_group(struct proc *member, uint32_t signal) {
  for (struct proc *q = procs; q < procs_end; q++)
    if (is_meant(member, q, 0)) signal_send(q, signal);
}

CALL2(kill, pid, signal) {
  bool any = false;
  for (struct proc *q = procs; q < procs_end; q++) {
    if (!is_meant(p, q, pid)) continue;
    any = true;
    if (signal > 31) return -EINVAL;
    if (signal) signal_send(q, signal);
  }
  p->x[10] = 0; /* for one that has stopped itself, and goes on without a result */
  return any ? 0 : -ESRCH;
}

/* After exec no handler is there any more. */
void signal_exec(struct proc *p) {
  for (int i = 0; i < 32; i++)
    if (p->action[i] != SIG_IGN) p->action[i] = SIG_DFL;
}
