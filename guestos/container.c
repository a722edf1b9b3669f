/* container.c - containers: what a group of processes sees of the machine, and how much of it the group may use.
 *
 * A container is no machine. Its processes run on the one kernel, by the same system calls; what differs is what names
 * mean to them. Pids: pids.c. Paths: `..` ends at the container's root (path.c). The
 * limits are counted here: frames when they are taken or reserved, processes when they are made, and ticks of the CPU
 * when a turn ends, by the clock, so that what the kernel does for a process counts, too.
 *
 * The machine itself is no struct container, but NULL: the paths of a process in no container stay as short as they
 * were. */
#include "kernel.h"

static struct container containers[CONTAINERS];
static uint32_t with_quota;       /* containers whose ticks are limited */
static struct container *turn_of; /* whose turn has begun at turn_start; NULL: nobody's who is counted */
static uint64_t turn_start;
static uint64_t period_end; /* of all containers at once: what one has had does not shift what another has */
static char machine_host[HOST_NAME] = "pg32";

uint32_t container_number(struct container *c) { return c ? c - containers + 1 : 0; }

/* ---- the processes of a container ---- */

bool container_room(struct container *c, struct container *outer) {
  for (; c != outer; c = c->outer)
    if (c->processes >= c->most_processes) return false;
  return true;
}

/* p belongs to c and all around it, up to `outer`, where it is already. */
static void add(struct proc *p, struct container *c, struct container *outer) {
  pids_give(p, c, outer);
  for (; c != outer; c = c->outer) c->processes++;
}

void container_add(struct proc *p, struct container *c) { add(p, c, NULL); }

/* The last process has gone. What it leaves, files that it has written for example, counts for the container around. */
static void release(struct container *c) {
  if (pids_within(turn_of, c)) container_turn(c->outer);
  frames_pass_on(container_number(c), container_number(c->outer));
  if (c->quota) with_quota--;
  node_drop(c->root);
}

void container_leave(struct proc *p) {
  for (struct container *c = p->container, *outer; c; c = outer) {
    outer = c->outer;
    if (c->first == p) c->first = NULL;
    if (--c->processes == 0) release(c);
  }
  p->container = NULL;
}

/* ---- frames ---- */

static bool take(struct container *c, struct container *outer, uint32_t frames) {
  for (struct container *d = c; d != outer; d = d->outer)
    if (frames > d->most_frames - d->frames) return false;
  for (; c != outer; c = c->outer) c->frames += frames;
  return true;
}

bool container_take(uint32_t frames) { return take(here(), NULL, frames); }

void container_give(uint32_t owner, uint32_t frames) {
  for (struct container *c = owner ? &containers[owner - 1] : NULL; c; c = c->outer) c->frames -= frames;
}

uint32_t container_frames(void) {
  uint32_t most = UINT32_MAX;
  for (struct container *c = here(); c; c = c->outer)
    if (c->most_frames - c->frames < most) most = c->most_frames - c->frames;
  return most;
}

struct container *container_limited(void) {
  struct container *narrowest = NULL;
  for (struct container *c = here(); c; c = c->outer)
    if (c->most_frames != UINT32_MAX && (!narrowest || c->most_frames < narrowest->most_frames))
      narrowest = c;
  return narrowest;
}

/* ---- ticks ---- */

bool container_may_run(struct container *c) {
  for (; c; c = c->outer)
    if (c->quota && c->left <= 0) return false;
  return true;
}

/* Counts what has been used since the last time. The choice of who comes next counts for the one whose turn ends. */
static void count(uint64_t time) {
  uint32_t used = time - turn_start;
  for (struct container *c = turn_of; c; c = c->outer) {
    c->ticks += used;
    if (c->quota) c->left -= used;
  }
  turn_start = time;
}

void container_turn(struct container *c) {
  if (!c && !turn_of) return;
  count(now());
  turn_of = c;
  low_core->vector = (uint32_t)trap_entry;
  for (; c; c = c->outer) {
    if (!c->quota) continue;
    low_core->vector = (uint32_t)counted_entry;
    if (c->left > 0 && (uint32_t)c->left < slice) slice = c->left;
  }
}

/* So many periods begin: what was used too much is paid back, and what was not used is lost. But a container that still
 * waits for the CPU was kept from it by others, who have used too much and pay that back now: it keeps the rest, up to a
 * quarter. */
static void begin_periods(struct container *c, uint32_t periods) {
  uint32_t most = c->waits ? c->quota + c->quota / 4 : c->quota;
  int64_t left = c->left + (int64_t)periods * c->quota;
  c->left = left < most ? left : most;
  c->periods += periods;
}

static void look_who_waits(void) {
  for (struct container *c = containers; c < containers + CONTAINERS; c++) c->waits = false;
  for (struct proc *p = procs; p < procs_end; p++)
    if (p->state == PROC_RUNNING || proc_can_run(p))
      for (struct container *c = p->container; c; c = c->outer) c->waits = true;
}

uint64_t containers_settle(void) {
  uint64_t next = UINT64_MAX;
  if (!turn_of && !with_quota) return next;
  uint64_t time = now();
  count(time);
  uint32_t late = time < period_end ? 0 : time - period_end < INT32_MAX ? time - period_end : INT32_MAX;
  uint32_t periods = time < period_end ? 0 : late / CPU_PERIOD + 1;
  period_end += (uint64_t)periods * CPU_PERIOD;
  if (periods) look_who_waits();
  for (struct container *c = containers; c < containers + CONTAINERS; c++) {
    if (!c->processes || !c->quota) continue;
    if (periods) begin_periods(c, periods);
    if (c->left <= 0) next = period_end;
  }
  return next;
}

struct proc *container_slot(struct proc *p, uint32_t slot) {
  if (!p->container) return procs[slot].state == PROC_UNUSED ? NULL : &procs[slot];
  for (struct proc *q = procs; q < procs_end; q++)
    if (q->state != PROC_UNUSED && pid_for(p, q) && slot-- == 0) return q;
  return NULL;
}

/* ---- the system calls ---- */

/* May the process go into a container? Its children and its VMs would be left outside, and the process would not. */
static int check_alone(struct proc *p) {
  for (struct proc *q = procs; q < procs_end; q++)
    if (q->state != PROC_UNUSED && q->parent == p) return -EBUSY;
  return vm_owned(p) ? -EBUSY : 0;
}

/* Only 0, 1 and 2 stay open, and no directory, which might lead out. */
static void files_leave(struct proc *p) {
  for (int i = 0; i < NFILE; i++)
    if (p->file[i] && (i > 2 || (p->file[i]->node && p->file[i]->node->kind == NODE_DIR)))
      sys_close(p, i, 0, 0);
  file_directory(p, NULL);
}

/* p, with what is promised to it, comes into c, which it sees. */
static int enter(struct proc *p, struct container *c) {
  if (!container_room(c, p->container)) return -EAGAIN;
  if (!take(c, p->container, p->promised)) return -ENOMEM;
  add(p, c, p->container);
  container_turn(c); /* what it has done until now was done outside */
  files_leave(p);
  proc_mark_name(p);
  return 0;
}

static struct container *free_container(void) {
  for (struct container *c = containers; c < containers + CONTAINERS; c++)
    if (!c->processes) return c;
  return NULL;
}

static bool is_text(const char *s, uint32_t size) {
  uint32_t n = 0;
  while (n < size && s[n] > ' ' && s[n] < 0x7F && s[n] != '/' && s[n] != ':') n++;
  return n < size && s[n] == 0;
}

static bool options_ok(const struct pg32_container *o) {
  return is_text(o->name, sizeof o->name) && is_text(o->host, sizeof o->host) && o->cpu <= 100 &&
         !(o->flags & ~CONTAINER_DETACHED);
}

static uint32_t limit(uint32_t n) { return n ? n : UINT32_MAX; }

static void set_up(struct container *c, struct proc *p, struct node *root, const struct pg32_container *o) {
  *c = (struct container){.outer = p->container, .first = p, .root = root, .level = level_of(p) + 1};
  c->next_pid = 1;
  c->most_processes = limit(o->processes);
  c->most_frames = limit(o->frames);
  c->quota = c->left = o->cpu * (CPU_PERIOD / 100);
  c->periods = 1;
  c->flags = o->flags | (p->container ? p->container->flags : 0);
  memcpy(c->name, o->name, sizeof c->name);
  memcpy(c->host, o->host, sizeof c->host);
}

CALL2(container_new, root, options) {
  struct place at;
  struct pg32_container o;
  int error = copy_in(p, &o, options, sizeof o);
  if (!error) error = options_ok(&o) ? check_alone(p) : -EINVAL;
  if (!error) error = path_in_call(p, root, &at);
  if (!error && !at.node) error = -ENOENT;
  if (!error && at.node->kind != NODE_DIR) error = -ENOTDIR;
  if (error) return error;
  struct container *c = free_container();
  if (!c || level_of(p) + 1 == LEVELS) return -EAGAIN;
  set_up(c, p, at.node, &o);
  at.node->refs++;
  error = enter(p, c);
  if (error)
    node_drop(at.node);
  else if (c->quota)
    with_quota++;
  return error;
}

CALL1(container_join, pid) {
  struct proc *q = proc_find(p, pid);
  if (!q || q->state == PROC_ZOMBIE) return -ESRCH;
  if (q->container == p->container) return -EINVAL;
  int error = check_alone(p);
  return error ? error : enter(p, q->container);
}

CALL2(container_info, pid, to) {
  struct proc *q = pid ? proc_find(p, pid) : p;
  if (!q) return -ESRCH;
  struct container *c = q->container;
  struct pg32_container info = {.level = level_of(q) - level_of(p), .self = q->self};
  if (!c) memcpy(info.host, machine_host, sizeof info.host);
  if (c) {
    containers_settle();
    memcpy(info.name, c->name, sizeof info.name);
    memcpy(info.host, c->host, sizeof info.host);
    info.flags = c->flags;
    info.frames = c->most_frames == UINT32_MAX ? 0 : c->most_frames;
    info.processes = c->most_processes == UINT32_MAX ? 0 : c->most_processes;
    info.cpu = c->quota / (CPU_PERIOD / 100);
    info.first = c->first ? pid_for(p, c->first) : 0;
    info.frames_used = c->frames;
    info.processes_used = c->processes;
    info.periods = c->periods;
    info.left = c->left;
    info.ticks = c->ticks;
  }
  return copy_out(p, to, &info, sizeof info);
}

CALL3(__hostname, name, size, set) {
  char *host = p->container ? p->container->host : machine_host, new_name[HOST_NAME] = {0};
  if (set) {
    if (size >= HOST_NAME) return -EINVAL;
    int error = copy_in(p, new_name, name, size);
    if (error) return error;
    if (!is_text(new_name, sizeof new_name)) return -EINVAL;
    memcpy(host, new_name, HOST_NAME);
    return 0;
  }
  uint32_t bytes = strlen(host) + 1;
  if (size < bytes) return -ENAMETOOLONG;
  return copy_out(p, name, host, bytes);
}
