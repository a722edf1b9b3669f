/* verdict.c - what became of each trap out of a VM, from facts of the machine alone.
 *
 * A trap at level D gets D verdicts, one for the VMM of each level. A verdict becomes known when the machine
 * next resumes something in the VM of that level. It follows from the address at which the VM is resumed, and
 * from what the guest then finds in its low core. For example: a system call trapped, and the VM is resumed
 * at its trap vector with CAUSE = SYSCALL in its low core: the VMM has reflected the trap. Marks are used
 * only to know which VM runs. */
#include <string.h>

#include "internal.h"

/* ---- low cores of guests ---- */

static void take_asid(struct recorder *r, struct node *n, uint32_t asid) {
  for (struct node *other = r->nodes; other; other = other->next)
    if (other->asid == asid) other->asid_known = false;
  n->asid = asid;
  n->asid_known = true;
}

/* A guest kernel's physical page 0 is what virtual page 0 leads to while the kernel runs untranslated. Once
 * the frame is known under an ASID, recorder_verdict_tlbw sees whatever could change it. */
static void learn_low_core(struct recorder *r, struct node *n, uint32_t real_status) {
  uint32_t asid = status_asid(real_status), pa;
  const bool same = n->asid_known && n->asid == asid;
  if (!n->parent || (n->vstatus & ST_T) || (same && n->low_known)) return;
  if (!same) take_asid(r, n, asid);
  if (machine_translate(r->m, 0, ACCESS_LOAD, true, asid, &pa) != 0) return;
  n->low_page = pa & ~(uint32_t)(PAGE_SIZE - 1);
  n->low_known = true;
}

bool recorder_low_core_read(const struct recorder *r, const struct node *n, struct low_core *e) {
  const void *page = n->low_known ? machine_ram(r->m, n->low_page, sizeof *e) : NULL;
  if (page)
    memcpy(e, page, sizeof *e);
  else
    *e = (struct low_core){0};
  return page;
}
_Static_assert(sizeof(struct low_core) == LC_VECTOR + 4, "struct low_core is the low core");

/* The kernel of n has written a TLB entry. It may be for the trap that the kernel handles; or it may be the
 * shadow of the entry that the kernel of a VM on n wanted to write. */
static void note_tlbw(struct recorder *r, const struct node *n, const struct tlb_write *w) {
  uint64_t handles = n->handlings ? n->handling[n->handlings - 1].event : 0;
  for (struct node *c = r->nodes; c; c = c->next) {
    struct pending *p = &c->pending;
    if (!p->open) continue;
    if (p->trap.event == handles) p->filled = true;
    if (c->parent == n && p->trap.insn == PG32_tlbw && !((p->trap.rs1 ^ w->hi) & TLB_VPN_MASK))
      p->shadow = *w;
  }
}

void recorder_verdict_tlbw(struct recorder *r, const struct tlb_write *w) {
  for (struct node *n = r->nodes; n && !(w->hi & TLB_VPN_MASK); n = n->next) {
    if (!n->asid_known || n->asid != (w->hi & TLB_ASID_MASK)) continue;
    n->low_page = w->lo & TLB_PFN_MASK;
    n->low_known = true;
  }
  note_tlbw(r, r->root, w);
}

/* ---- a trap becomes pending ---- */

void recorder_verdict_trap(struct recorder *r, struct trap_facts *t, uint32_t real_status) {
  struct node *n = runner(r, t->lane)->node;
  if (!t->user && t->insn == PG32_rfe) {
    struct low_core e;
    t->rfe_known = recorder_low_core_read(r, n, &e);
    t->rfe_target = e.pc;
    t->rfe_timer = e.timer;
    recorder_lanes_rfe(n);
  }
  if (!t->user && t->insn == PG32_tlbw) note_tlbw(r, n, &(struct tlb_write){t->event, t->rs1, t->rs2});
  for (; n->parent; n = n->parent) {
    const uint32_t status = n->parent->parent ? n->parent->vstatus : real_status;
    struct pending *p = &n->pending;
    t->asid = status_asid(status);
    p->open = true;
    p->handed = 0;
    p->filled = false;
    p->shadow.event = 0;
    p->trap = *t;
  }
}

/* ---- a resume answers pending traps ---- */

static bool is_interrupt(uint32_t cause) { return cause == CAUSE_TIMER || cause == CAUSE_DEVICE; }

static bool is_call(uint32_t cause) {
  return cause == CAUSE_SYSCALL || cause == CAUSE_HCALL || cause == CAUSE_BREAK;
}

static bool is_memory(uint32_t cause) {
  return (cause >= CAUSE_FETCH_MISS && cause <= CAUSE_FETCH_BUS) ||
         (cause >= CAUSE_LOAD_MISALIGNED && cause <= CAUSE_STORE_BUS);
}

static bool is_tlb_fault(uint32_t cause) {
  return cause == CAUSE_FETCH_MISS || cause == CAUSE_FETCH_PROT ||
         (cause >= CAUSE_LOAD_MISS && cause <= CAUSE_STORE_PROT);
}

/* May a VMM show the trap of real cause `real` to its guest as `seen`? For example, the page of a miss in the
 * real TLB may be there but write-protected in the virtual TLB. */
static bool same_trap(uint32_t real, uint32_t seen) {
  return real == seen || (is_memory(real) && is_memory(seen)) || (is_interrupt(real) && is_interrupt(seen));
}

/* The address at which the guest continues if the trapped instruction is emulated, to *pc. False: the
 * instruction cannot be emulated, or the address is not known. */
static bool emulated_to(const struct trap_facts *t, uint32_t *pc) {
  *pc = t->insn == PG32_rfe ? t->rfe_target : is_call(t->cause) ? t->pc : t->pc + 4;
  if (t->insn == PG32_rfe) return t->rfe_known;
  return t->cause == CAUSE_PRIVILEGED || is_call(t->cause) || is_memory(t->cause);
}

/* The guest's kernel was entered at its vector; its low core e says for which trap. False: for none that
 * fits. */
static bool judge_entry(const struct trap_facts *t, const struct low_core *e, struct answer *a) {
  uint32_t after;
  bool can_emulate = emulated_to(t, &after);
  bool interrupt = is_interrupt(e->cause) && !is_interrupt(t->cause);
  if (!interrupt && e->pc == t->pc && same_trap(t->cause, e->cause))
    a->verdict = VERDICT_REFLECT;
  else if (interrupt && can_emulate && e->pc == after)
    a->verdict = VERDICT_EMULATE;
  else if (interrupt && e->pc == t->pc)
    a->verdict = VERDICT_FILL;
  else
    return false;
  a->injected = interrupt;
  return true;
}

/* The VMM has resumed the VM at pc; entered: in its kernel. e: the VM's low core, NULL if not known. */
static struct answer judge(const struct trap_facts *t, const struct low_core *e, bool entered, uint32_t pc) {
  struct answer a = {VERDICT_OTHER, false, false};
  uint32_t after;
  if (entered && e && pc == e->vector && judge_entry(t, e, &a)) return a;
  if (emulated_to(t, &after) && pc == after)
    a.verdict = VERDICT_EMULATE;
  else if (pc == t->pc)
    a.verdict = VERDICT_FILL;
  else if (entered && !e)
    a.verdict = VERDICT_REFLECT; /* nowhere else to go */
  return a;
}

/* The verdict if the VMM never ran. below: the answer of the level below. */
static struct answer kept_below(const struct pending *p, const struct answer *below) {
  bool filled = p->filled || (below && (below->hidden_fill || below->verdict == VERDICT_FILL));
  return (struct answer){VERDICT_HOST, false, filled && is_tlb_fault(p->trap.cause)};
}

/* The VMM of n has emulated an instruction, so the instruction has retired in that VM, and in the VM inside
 * it, if any, that executed it: the virtual TIMERs of all of these count it. How long an emulated `wait` took
 * is not known. */
static void retire_emulated(struct recorder *r, struct node *n, const struct trap_facts *t) {
  if (t->insn == PG32_rfe) {
    n->timer = t->rfe_timer;
    n->timer_known = true;
    return;
  }
  if (t->insn == PG32_wait && n->timer > 0) n->timer_known = false;
  if (is_call(t->cause)) return; /* it had retired before it trapped */
  struct node *inner = runner(r, t->lane)->node;
  for (; inner != n; inner = inner->parent) node_retires(inner, 1);
  node_retires(n, 1);
}

/* The virtual TIMER after this answer. If the guest has seen a trap, the VMM has saved TIMER in its low core.
 */
static void update_timer(struct recorder *r, struct node *n, const struct trap_facts *t,
                         const struct answer *a, const struct low_core *e) {
  if (a->verdict == VERDICT_EMULATE) retire_emulated(r, n, t);
  if (a->verdict == VERDICT_OTHER) n->timer_known = false;
  if (!e || (a->verdict != VERDICT_REFLECT && !a->injected)) return;
  n->timer = e->timer;
  n->timer_known = true;
}

/* Which traps n's kernel handles, after this answer. */
static void update_handling(struct node *n, const struct trap_facts *t, const struct answer *a,
                            const struct low_core *e, bool to_kernel) {
  if (a->verdict == VERDICT_EMULATE && t->insn == PG32_rfe) {
    bool kernel = a->injected ? !(e->status & ST_U) : to_kernel;
    n->handlings = kernel && n->handlings ? n->handlings - 1 : 0;
  }
  if (a->verdict != VERDICT_REFLECT && !a->injected) return;
  n->idle = false;
  if (n->handlings == NESTED) n->handlings--;
  n->handling[n->handlings++] = (struct handling){t->event, t->lane};
}

/* The same trap is pending at the next level up: that level learns where and with what cause its operating
 * system below was entered. */
static void tell_above(struct recorder *r, const struct node *n, const struct trap_facts *t, uint32_t pc,
                       const struct low_core *e) {
  struct node *above = runner(r, t->lane)->node;
  if (above == n) return;
  while (above->parent != n) above = above->parent;
  if (!above->pending.open || above->pending.trap.event != t->event) return;
  above->pending.trap.entry_pc = pc;
  above->pending.trap.entry_cause = e->cause;
}

static struct answer answer(struct recorder *r, struct node *n, const struct resume *to,
                            const struct answer *below) {
  struct pending *p = &n->pending;
  const struct runner *lane = runner(r, to->to);
  const bool entered = lane->node == n && lane_in_kernel(lane);
  struct low_core e;
  const bool known = recorder_low_core_read(r, n, &e);
  const struct answer a =
      p->handed ? judge(&p->trap, known ? &e : NULL, entered, to->pc) : kept_below(p, below);
  p->open = false;
  recorder_settle(r, &p->trap, n->depth, a);
  update_timer(r, n, &p->trap, &a, known ? &e : NULL);
  update_handling(n, &p->trap, &a, &e, entered);
  if (a.verdict == VERDICT_REFLECT) tell_above(r, n, &p->trap, to->pc, &e);
  if (p->trap.depth != n->depth || !r->sink) return a;
  if (a.verdict == VERDICT_REFLECT) recorder_lists_reflected(r, n, p, to, &e);
  if (a.verdict == VERDICT_EMULATE) recorder_lists_emulated(r, n, p, to);
  return a;
}

/* Answers the pending traps of n's VM and of those around it, outermost first. Returns the answer at n. */
static struct answer answer_all(struct recorder *r, struct node *n, const struct resume *to) {
  struct answer below = {VERDICT_NONE, false, false};
  if (!n->parent) return below;
  below = answer_all(r, n->parent, to);
  if (n->parent->caller != NO_LANE) {
    if (n->vmm == NO_LANE) n->vmm = n->parent->caller;
    n->parent->caller = NO_LANE;
  }
  return n->pending.open ? answer(r, n, to, &below) : (struct answer){VERDICT_NONE, false, false};
}

/* A process runs: the pending traps of the VMs whose VMM it is are handed to it. */
static void hand_over(struct recorder *r, struct runner *process, const struct resume *to) {
  bool by_vm_run = process->in_vm_run;
  process->in_vm_run = false;
  if (process->node->caller == to->to) process->node->caller = NO_LANE;
  for (struct node *c = r->nodes; c; c = c->next) {
    struct pending *p = &c->pending;
    if (c->parent != process->node || c->gone || !p->open || p->handed) continue;
    if (c->vmm != to->to && c->vmm != NO_LANE) continue;
    p->handed = to->event;
    p->handed_to = to->to;
    p->handed_by_vm_run = by_vm_run;
    p->handed_pc = to->pc;
    p->handed_a0 = to->a0;
    if (c->depth == 1) recorder_count_exit(r, &p->trap);
  }
}

void recorder_verdict_resume(struct recorder *r, uint64_t event) {
  const struct machine_view *now = &r->now;
  struct runner *lane = runner(r, r->current);
  const struct resume to = {event, r->current, now->pc, now->x[10], now->x[17]};
  if (!lane_in_kernel(lane)) hand_over(r, lane, &to);
  learn_low_core(r, lane->node, now->status);
  answer_all(r, lane->node, &to);
}

/* ---- VMs end ---- */

static void leave_open(struct recorder *r, struct node *n, bool killed) {
  struct pending *p = &n->pending;
  if (!p->open) return;
  p->open = false;
  recorder_settle(r, &p->trap, n->depth,
                  (struct answer){killed && p->handed ? VERDICT_KILL : VERDICT_NONE, false, false});
}

static bool inside(const struct node *n, const struct node *outer) {
  while (n && n != outer) n = n->parent;
  return n != NULL;
}

void recorder_verdict_kill(struct recorder *r, struct node *n) {
  for (struct node *c = r->nodes; c; c = c->next) {
    if (!inside(c, n)) continue;
    leave_open(r, c, true);
    c->gone = true;
    c->asid_known = false;
  }
}

void recorder_verdict_finish(struct recorder *r) {
  for (struct node *n = r->nodes; n; n = n->next) leave_open(r, n, r->powered_off);
}
