/* container.h - containers: their types, and what container.c, pids.c and layers.c offer to the rest of the kernel. */
#ifndef CONTAINER_H
#define CONTAINER_H

#include "kernel.h"

enum {
  CONTAINERS = 64,     /* at a time */
  CPU_PERIOD = 400000, /* ticks; in each one a container may use its share of them */
};

/* A container: what its processes see of the machine, and how much of it they may use. NULL is the machine itself. */
struct container {
  struct container *outer; /* the one that it is in */
  struct proc *first;      /* its process 1, with which it ends; NULL: that has been waited for */
  struct node *root;       /* what / means inside */
  uint32_t level;          /* 1: in the machine itself, 2: in a container there, ... */
  uint32_t next_pid;
  uint32_t processes, most_processes; /* in it and in those within; 0 processes: this struct is free */
  uint32_t frames, most_frames;       /* likewise, with frames that are reserved */
  uint32_t quota;                     /* ticks that it may use in each CPU_PERIOD; 0: as many as it likes */
  int32_t left;     /* of these; below 0: what it has used too much, which the next period lacks */
  uint32_t periods; /* that have begun */
  uint64_t ticks;   /* used so far */
  bool waits;       /* at the end of the last period it could have used more */
  uint32_t flags;   /* CONTAINER_... */
  char name[PROC_NAME], host[HOST_NAME];
};

/* Of the process that runs; NULL: the machine itself, as at boot. */
static inline struct container *here(void) {
  struct proc *p = current;
  return p ? p->container : NULL;
}
static inline uint32_t level_of(struct proc *p) { return p->container ? p->container->level : 0; }
static inline uint32_t *group_of(struct proc *p) { return &p->at[level_of(p)].group; }

/* ---- pids.c: the pid spaces ---- */
bool pids_within(struct container *inner, struct container *c); /* is it c, or in c? Each is in NULL */
bool container_has(struct container *c, struct proc *q);        /* is q in it, or in one within? */
uint32_t pid_for(struct proc *viewer, struct proc *q);          /* 0: the viewer does not see q */
struct proc *proc_find(struct proc *viewer, uint32_t pid);      /* NULL: the viewer sees no such process */
/* p comes into c, and gets a pid there and in each space around up to `outer`, where it has one; NULL: it has none. */
void pids_give(struct proc *p, struct container *c, struct container *outer);
void container_end(struct proc *p); /* p ends: if it is a first process, all others of that container end */
void pids_orphan(struct proc *p);   /* p ends: what becomes of its children, and of zombies among them */

/* ---- container.c: the limits ---- */
bool container_room(struct container *c, struct container *outer); /* for a process more, in c up to outer */
void container_add(struct proc *p, struct container *c); /* there is room: it gets its pids, and counts */
/* The process in that slot of the table; in a container the slots have no gaps. NULL: it is free. */
struct proc *container_slot(struct proc *viewer, uint32_t slot);
void container_leave(struct proc *p);                 /* its slot is about to be free */
bool container_take(uint32_t frames);                 /* the running process may use so many more, and does */
void container_give(uint32_t owner, uint32_t frames); /* frames of that container are free again */
uint32_t container_number(struct container *c);       /* 0: none */
uint32_t container_frames(void);                      /* that the running process may still use */
struct container *container_limited(void);            /* the narrowest around it with such a limit; NULL */
bool container_may_run(struct container *c);          /* has it ticks left? */
void container_turn(
    struct container *c);         /* the turn of a process in it begins, which what is left may shorten */
uint64_t containers_settle(void); /* counts the turn that has ended. When a container that waits may go on */
#endif
