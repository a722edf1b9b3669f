/* pids.c - the pid spaces: who sees whom, by which number, and what the end of a process means for others.
 *
 * A space is a container, or the machine (NULL). A process has a number in its own space and in each around it, p->at[],
 * up to the machine's, and sees the processes of its own space and of those within. All system calls that take or give a
 * pid go through pid_for, so that what it does not tell cannot be reached. */
#include "kernel.h"

enum { STEP = {seed.step : 2..9} };

bool pids_within(struct container *inner, struct container *c) {
  while (inner && inner != c) inner = inner->outer;
  return inner == c;
}

bool container_has(struct container *c, struct proc *q) { return pids_within(q->container, c); }

uint32_t pid_for(struct proc *viewer, struct proc *q) {
  struct container *c = viewer->container;
  if (!c) return q->pid;
  return container_has(c, q) ? q->self : 0;
}

struct proc *proc_find(struct proc *viewer, uint32_t pid) {
  for (struct proc *p = procs; pid && p < procs_end; p++)
    if (p->state != PROC_UNUSED && pid_for(viewer, p) == pid) return p;
  return NULL;
}

void pids_give(struct proc *p, struct container *c, struct container *outer) {
  if (!outer) p->at[0].pid = p->at[0].group = p->pid;
  for (p->container = c; c != outer; c = c->outer) {
    p->at[c->level].pid = p->at[c->level].group = c->next_pid;
    c->next_pid += STEP;
  }
  p->self = p->at[level_of(p)].pid;
}

/* All that run inside are killed at once: no instruction of theirs is executed any more. */
void container_end(struct proc *p) {
  for (struct container *c = p->container; c; c = c->outer) {
    if (c->first != p) continue;
    for (struct proc *q = procs; q < procs_end; q++)
      if (q != p && q->state != PROC_UNUSED && container_has(c, q)) signal_send(q, SIGKILL);
  }
}

/* The first process of p's space; NULL: there is none, or it has ended, or is about to. */
static struct proc *heir(struct proc *p) {
  struct proc *first = p->container ? p->container->first : NULL;
  return first && first != p && first->state != PROC_ZOMBIE ? first : NULL;
}

void pids_orphan(struct proc *p) {
  struct proc *parent = heir(p);
  for (struct proc *q = procs; q < procs_end; q++) {
    if (q->state == PROC_UNUSED || q->parent != p) continue;
    q->parent = parent;
    if (q->state != PROC_ZOMBIE) continue;
    if (parent)
      proc_tell_parent(q);
    else
      proc_free(q);
  }
}
