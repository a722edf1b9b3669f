/* lanes.c - which lane runs: the tree of operating systems and their processes, from the kernels' marks.
 *
 * In real kernel mode the host's kernel runs. In user mode the tree is followed from the root, along what
 * each kernel marked last before its last rfe:
 *   - a process: it runs.
 *   - a VM: if its virtual STATUS (guest.c) has U = 0, its kernel runs; if U = 1, what that kernel has
 *     marked, and so on. For example, if the host kernel has marked VM 1 with U = 1, and VM 1's kernel has
 *     marked process 3, then process 3 of vm1 runs.
 *
 * Marks change only the marking kernel's own children in the tree, so a guest that lies can mislabel only
 * what runs inside it. A kernel that marks a VM that it does not have gets none (vm_begins). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

/* ---- lanes ---- */

static bool room_for_lane(struct recorder *r) {
  if (r->lanes < r->lane_room) return true;
  uint32_t room = r->lane_room ? 2 * r->lane_room : 32;
  struct runner **grown = realloc(r->runners, room * sizeof *grown);
  if (!grown) return false;
  r->runners = grown;
  r->lane_room = room;
  return true;
}

/* The new lane's id. If memory is short, the lane of the node's kernel takes its place, or the first lane,
 * which is the host kernel's. */
static uint32_t new_lane(struct recorder *r, struct node *n, enum lane_kind kind, const char *name) {
  struct runner *l = room_for_lane(r) ? calloc(1, sizeof *l) : NULL;
  if (!l) {
    r->short_of_memory = true;
    return n->kernel_lane != NO_LANE ? n->kernel_lane : 0;
  }
  l->node = n;
  l->lane.id = r->lanes;
  l->lane.depth = n->depth;
  l->lane.kind = kind;
  snprintf(l->lane.name, sizeof l->lane.name, "%s%s%s", n->name, kind == LANE_PROCESS ? "/" : " ", name);
  r->runners[r->lanes] = l;
  return r->lanes++;
}

static uint32_t once(struct recorder *r, struct node *n, uint32_t *lane, enum lane_kind kind,
                     const char *name) {
  if (*lane == NO_LANE) *lane = new_lane(r, n, kind, name);
  return *lane;
}

static uint32_t kernel_lane(struct recorder *r, struct node *n) {
  if (n->idle) return once(r, n, &n->idle_lane, LANE_IDLE, "idle");
  return once(r, n, &n->kernel_lane, LANE_KERNEL, "kernel");
}

static uint32_t user_lane(struct recorder *r, struct node *n) {
  return once(r, n, &n->user_lane, LANE_USER, "user");
}

/* ---- the tree ---- */

static void name_node(struct node *n) {
  if (!n->parent)
    strcpy(n->name, "host");
  else if (!n->parent->parent)
    snprintf(n->name, sizeof n->name, "vm%u", n->parent->vms);
  else
    snprintf(n->name, sizeof n->name, "%.20s.%u", n->parent->name, n->parent->vms);
}

struct node *recorder_lanes_new_node(struct recorder *r, struct node *parent, uint32_t vm) {
  struct node *n = calloc(1, sizeof *n);
  if (!n) {
    r->short_of_memory = true;
    return NULL;
  }
  n->parent = parent;
  n->vm = vm;
  n->kernel_lane = n->idle_lane = n->user_lane = n->caller = n->vmm = NO_LANE;
  n->timer_known = n->status_known = n->ticks_known = r->from_reset;
  if (parent) {
    n->depth = parent->depth + 1;
    n->born = r->now.tick;
    n->born_around = recorder_time_around(r, n);
    parent->vms++;
    n->guest = recorder_guest_new(r);
    if (!n->guest) r->short_of_memory = true;
  }
  name_node(n);
  n->next = r->nodes;
  r->nodes = n;
  return n;
}

static void free_processes(struct process *p) {
  while (p) {
    struct process *next = p->next;
    free(p);
    p = next;
  }
}

void recorder_lanes_free(struct recorder *r) {
  while (r->nodes) {
    struct node *n = r->nodes;
    r->nodes = n->next;
    free_processes(n->processes);
    free(n->guest);
    free(n->contexts);
    free(n);
  }
  for (uint32_t i = 0; i < r->lanes; i++) {
    free(r->runners[i]->claims);
    free(r->runners[i]);
  }
  free(r->runners);
}

/* Does a VM begin that the kernel of `parent` calls `vm`? A mark does not suffice: a process of that kernel
 * must have called vm_run for it, and what is resumed must have another address space than that process. */
static bool vm_begins(const struct recorder *r, const struct node *parent, uint32_t vm) {
  if (!r->from_reset) return true; /* the call may have been before */
  if (parent->caller == NO_LANE) return false;
  const struct runner *vmm = runner(r, parent->caller);
  return vmm->in_vm_run && vmm->vm_run == vm && vmm->call_asid != status_asid(r->now.status);
}

/* The VM that the kernel of `parent` calls `vm`. If the VMM that it had is not in vm_run, that VM is gone and
 * its id has been given to a new one. NULL if there is no such VM, or if memory is short. */
static struct node *find_vm(struct recorder *r, struct node *parent, uint32_t vm) {
  struct node *n = r->nodes;
  while (n && (n->parent != parent || n->vm != vm || n->gone)) n = n->next;
  if (n && n->vmm != NO_LANE && !runner(r, n->vmm)->in_vm_run) {
    recorder_verdict_kill(r, n);
    n = NULL;
  }
  return n ? n : vm_begins(r, parent, vm) ? recorder_lanes_new_node(r, parent, vm) : NULL;
}

static struct process *new_process(uint32_t pid) {
  struct process *p = calloc(1, sizeof *p);
  if (!p) return NULL;
  p->pid = pid;
  p->lane = NO_LANE;
  return p;
}

/* The process moves to the front of the list: it is likely to run again soon. NULL if memory is short. */
static struct process *find_process(struct recorder *r, struct node *n, uint32_t pid) {
  struct process **link = &n->processes, *p;
  while (*link && (*link)->pid != pid) link = &(*link)->next;
  if ((p = *link))
    *link = p->next;
  else if (!(p = new_process(pid))) {
    r->short_of_memory = true;
    return NULL;
  }
  p->next = n->processes;
  n->processes = p;
  return p;
}

static uint32_t process_lane(struct recorder *r, struct node *n, uint32_t pid) {
  struct process *p = find_process(r, n, pid);
  if (!p) return user_lane(r, n);
  if (p->lane != NO_LANE) return p->lane;
  char name[sizeof p->name];
  memcpy(name, p->name, sizeof name);
  recorder_process_name(name, sizeof name);
  if (!*name) snprintf(name, sizeof name, "%u", pid);
  return once(r, n, &p->lane, LANE_PROCESS, name);
}

/* ---- marks ---- */

/* Process `pid` gets four more characters of its name. A process with a new name is a new lane, from when it
 * runs next. */
static void spell(struct recorder *r, struct node *n, uint32_t pid, uint32_t four) {
  struct process *p = find_process(r, n, pid);
  if (!p) return;
  if (n->naming != pid + 1) memset(p->name, 0, sizeof p->name);
  n->naming = pid + 1;
  size_t length = strlen(p->name);
  for (unsigned i = 0; i < 4 && length + 1 < sizeof p->name; i++) {
    const char c = (char)(four >> 8 * i);
    if (!c) break;
    p->name[length++] = c;
  }
  p->lane = NO_LANE;
}

void recorder_lanes_mark(struct recorder *r, uint32_t kind, uint32_t a, uint32_t b) {
  struct runner *l = runner(r, r->current);
  if (!lane_in_kernel(l) && kind == MARK_CLAIM) recorder_claims_mark(r, l, a, b);
  if (!lane_in_kernel(l) && kind == MARK_POSTED) recorder_guest_posted(r, r->current, a, b);
  if (!lane_in_kernel(l)) return;
  if (kind == MARK_NAME) {
    spell(r, l->node, a, b);
    return;
  }
  l->node->naming = 0;
  if (kind == MARK_PROC || kind == MARK_VM || kind == MARK_IDLE) l->node->marked = (struct child){kind, a, b};
}

void recorder_lanes_rfe(struct node *n) {
  n->child = n->marked;
  n->idle = n->child.kind == MARK_IDLE;
}

/* The VM is resumed, and *g is the state of what runs around it. */
static void resume_vm(struct recorder *r, struct node *vm, uint32_t status, struct recorder_guest *g) {
  const uint32_t around_pc = g->pc;
  recorder_claims_learn_data(r, vm, status);
  recorder_claims_look_through(r, vm, g);
  vm->pc = g->pc;
  if (g->translated) vm->vmm_status = g->status;
  recorder_verdict_judge(r, vm, status, around_pc);
}

uint32_t recorder_lanes_follow(struct recorder *r, uint32_t status) {
  struct node *n = r->root;
  if (!(status & ST_U)) return kernel_lane(r, n);
  struct recorder_guest g = {.pc = r->now.pc};
  memcpy(g.x, r->now.x, sizeof g.x);
  for (;;) {
    const struct child *c = &n->child;
    const bool of_vm = c->kind == MARK_VM && n->depth < RECORDER_DEPTH;
    struct node *vm = of_vm ? find_vm(r, n, c->id) : NULL;
    if (vm) {
      vm->vmm_status = c->vstatus & ~(VM_TRANSLATED | VM_PARAVIRTUAL);
      vm->para = c->vstatus & VM_PARAVIRTUAL;
      vm->translated = c->vstatus & VM_TRANSLATED;
      resume_vm(r, vm, status, &g);
    }
    recorder_shadow_runs(n, vm, n->parent ? n->vstatus : status);
    if (c->kind == MARK_PROC) return process_lane(r, n, c->id);
    if (!vm) return user_lane(r, n);
    if (!(vm->vstatus & ST_U)) return kernel_lane(r, vm);
    n = vm;
  }
}

static struct node *vm_of(const struct recorder *r, uint32_t lane, uint32_t level) {
  struct node *n = runner(r, lane)->node;
  while (n->depth > level) n = n->parent;
  return n->depth == level ? n : NULL;
}

bool recorder_lane_vm(const struct recorder *r, uint32_t lane, uint32_t level, struct lane_vm *vm) {
  if (lane >= r->lanes || level == 0) return false;
  const struct node *n = vm_of(r, lane, level);
  if (!n) return false;
  struct node now = *n;
  if (vm_of(r, r->current, level) == n) node_retires(&now, machine_retired(r->m) - r->retired);
  *vm = (struct lane_vm){now.vstatus, now.low_known, now.low_page, now.timer_known, now.timer, now.para};
  return true;
}
