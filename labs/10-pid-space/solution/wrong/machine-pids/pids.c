/* pids.c - the pid spaces: who sees whom, by which number, and what the end of a process means for others.
 *
 * So far there is one space, the machine's: everybody sees everybody, by the machine's numbers. kernel.h says what each
 * function is for, and has struct container and struct proc. */
#include "kernel.h"

/* Is it c, or in c? Each is in the machine, NULL. */
bool pids_within(struct container *inner, struct container *c) {
  (void)inner;
  return c == NULL;
}

/* Is q in c, or in a container within? */
bool container_has(struct container *c, struct proc *q) { return pids_within(q->container, c); }

/* The number by which the viewer knows q; 0: it does not see q. */
uint32_t pid_for(struct proc *viewer, struct proc *q) {
  (void)viewer;
  return q->pid;
}

/* Whom the viewer calls by that number; NULL: nobody whom it sees. */
struct proc *proc_find(struct proc *viewer, uint32_t pid) {
  (void)viewer;
  for (struct proc *p = procs; pid && p < procs_end; p++)
    if (p->state != PROC_UNUSED && p->pid == pid) return p;
  return NULL;
}

/* p comes into c, and gets a number, and a group of that number, there and in each space around up to `outer`, where it
 * has them already. outer == NULL: it has none yet, not even the machine's, which are in at[0]. */
void pids_give(struct proc *p, struct container *c, struct container *outer) {
  (void)outer;
  p->container = c;
  for (uint32_t i = 0; i < LEVELS; i++) p->at[i].pid = p->at[i].group = p->pid;
  p->self = p->pid;
}

/* p is about to end. If it is the first process of a space, so do all the others in it. */
void container_end(struct proc *p) { (void)p; }

/* p has ended. What becomes of its children? A zombie that nobody can wait for any more must be freed. */
void pids_orphan(struct proc *p) {
  for (struct proc *q = procs; q < procs_end; q++) {
    if (q->state == PROC_UNUSED || q->parent != p) continue;
    q->parent = NULL;
    if (q->state == PROC_ZOMBIE) proc_free(q);
  }
}
