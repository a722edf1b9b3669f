/* lists.c - recognizes the steps of the lecture's two lists.
 *
 * A list begins when a system call, a TLB miss or a protection fault in virtual user mode has been reflected.
 * It continues with privileged instructions of the guest kernel: the tlbw for the page and the address space
 * that faulted, whoever the kernel serves at the moment, and the rfe (or mtst) back to the context that
 * trapped. The sentences quote only words and registers that were read from the machine. In a list, "host OS"
 * means the kernel that the VMM runs on: for a VM in a VM, the outer VM's kernel. */
#include <string.h>

#include "internal.h"

/* ---- tagging records ---- */

struct tag {
  enum lecture_list list;
  uint8_t level;
  uint64_t list_event;
};

#define WORDS(...) \
  (const uint32_t[LIST_STEP_WORDS]) { __VA_ARGS__ }

/* The event is step `number` of the list. words: what the sentence quotes, in the order of the sentence. */
static void step(struct recorder *r, uint64_t event, const struct tag *tag, uint8_t number,
                 enum sentence sentence, const uint32_t words[LIST_STEP_WORDS]) {
  struct held *h = recorder_held(r, event);
  if (!h || h->record.steps == RECORD_STEPS) return;
  struct list_step *s = &h->record.step[h->record.steps++];
  s->list = tag->list;
  s->step = number;
  s->level = tag->level;
  s->sentence = (uint8_t)sentence;
  s->list_event = tag->list_event;
  s->end = LIST_GOES_ON;
  memset(s->unused, 0, sizeof s->unused);
  memcpy(s->word, words, sizeof s->word);
}

static uint32_t host_os(const struct node *n) { return n->parent->kernel_lane; }

/* The hypervisor's part of the kernel below has answered, and no VMM was asked. */
static bool by_hypervisor(const struct node *n, const struct pending *p) { return n->para && !p->handed; }

static void hand_step(struct recorder *r, const struct node *n, const struct pending *p,
                      const struct tag *tag, uint8_t number) {
  step(r, p->handed, tag, number, p->handed_by_vm_run ? HANDED_BY_VM_RUN : HANDED,
       WORDS(host_os(n), p->handed_to, p->handed_pc, p->handed_a0));
}

/* ---- a trap of a user context is reflected: lists begin ---- */

static void begin_syscall(struct recorder *r, const struct node *n, const struct pending *p,
                          const struct resume *to, const struct low_core *e, const struct tag *tag) {
  const struct trap_facts *t = &p->trap;
  if (n->depth == 1)
    step(r, t->event, tag, 1, SYSCALL_TRAPPED, WORDS(t->lane, t->pc - 4, t->a7, host_os(n), t->pc, t->cause));
  else
    step(r, t->event, tag, 1, SYSCALL_TRAPPED_DEEPER,
         WORDS(t->lane, t->pc - 4, t->a7, host_os(n), t->entry_pc, t->entry_cause));
  hand_step(r, n, p, tag, 1);
  bool as_called = to->a7 == t->a7 && to->a0 == t->a0;
  step(r, to->event, tag, 2,
       by_hypervisor(n, p) ? SYSCALL_REFLECTED_BELOW
       : as_called         ? SYSCALL_REFLECTED_AS_CALLED
                           : SYSCALL_REFLECTED,
       WORDS(to->to, to->pc, e->pc, e->cause, to->a7, to->a0));
}

static void begin_tlb(struct recorder *r, const struct node *n, const struct pending *p,
                      const struct resume *to, const struct low_core *e, const struct tag *tag) {
  const struct trap_facts *t = &p->trap;
  const bool prot = tag->list == LIST_PROTECTION;
  if (n->depth == 1)
    step(r, t->event, tag, 1, prot ? PROT_TRAPPED : MISS_TRAPPED,
         WORDS(t->lane, t->pc, t->badva, host_os(n), t->cause, t->badva));
  else
    step(r, t->event, tag, 1, prot ? PROT_TRAPPED_DEEPER : MISS_TRAPPED_DEEPER,
         WORDS(t->lane, t->pc, t->badva, host_os(n), t->entry_pc, t->entry_cause));
  hand_step(r, n, p, tag, 2);
  step(r, to->event, tag, 3, by_hypervisor(n, p) ? MISS_REFLECTED_BELOW : MISS_REFLECTED,
       WORDS(to->to, to->pc, e->pc, e->cause, e->badva));
}

static enum lecture_list list_of(const struct pending *p, const struct low_core *e, uint8_t *right) {
  const uint32_t cause = e->cause ? e->cause : p->trap.cause; /* what the guest sees, if that is known */
  *right = 0;
  switch (cause) {
  case CAUSE_SYSCALL: return LIST_SYSCALL;
  case CAUSE_FETCH_MISS: *right = TLB_X; return LIST_TLB;
  case CAUSE_LOAD_MISS: *right = TLB_R; return LIST_TLB;
  case CAUSE_STORE_MISS: *right = TLB_W; return LIST_TLB;
  case CAUSE_FETCH_PROT: *right = TLB_X; return LIST_PROTECTION;
  case CAUSE_LOAD_PROT: *right = TLB_R; return LIST_PROTECTION;
  case CAUSE_STORE_PROT: *right = TLB_W; return LIST_PROTECTION;
  default: return LIST_NONE;
  }
}

/* A context waits from now on. One that waited at the same place is the same context, which has been resumed
 * unseen, or is no more. */
static void wait_for_kernel(struct recorder *r, struct node *n, const struct trap_facts *t, uint32_t vstatus,
                            enum lecture_list list, uint8_t right) {
  recorder_context_replaced(n, t->pc, vstatus, r->now.x);
  struct context *c = recorder_context_add(r, n);
  if (!c) return;
  c->event = t->event, c->lane = t->lane, c->pc = t->pc, c->badva = t->badva;
  c->status = vstatus, c->asid = t->asid;
  c->list = list, c->right = right, c->level = (uint8_t)n->depth;
  c->step = list == LIST_SYSCALL ? 2 : 3;
  memcpy(c->x, r->now.x, sizeof c->x);
}

void recorder_lists_reflected(struct recorder *r, struct node *n, const struct pending *p,
                              const struct resume *to, const struct low_core *e, uint32_t vstatus) {
  uint8_t right;
  if (!p->trap.user) return;
  const struct tag tag = {list_of(p, e, &right), (uint8_t)n->depth, p->trap.event};
  wait_for_kernel(r, n, &p->trap, vstatus, tag.list, right);
  if (tag.list == LIST_SYSCALL)
    begin_syscall(r, n, p, to, e, &tag);
  else if (tag.list != LIST_NONE)
    begin_tlb(r, n, p, to, e, &tag);
}

/* ---- a privileged instruction of the kernel that handles the trap: lists continue ---- */

/* asid: the one that the host OS uses for the address space of the process that faulted. */
static void adjusted_step(struct recorder *r, const struct node *n, const struct pending *p,
                          const struct resume *to, const struct tag *tag, uint32_t asid) {
  const struct tlb_write *w = &p->shadow;
  if (w->event && (w->hi & TLB_ASID_MASK) == asid)
    step(r, to->event, tag, 7, ADJUSTED, WORDS(host_os(n), w->hi, w->lo, p->trap.lane, to->pc));
  else
    step(r, to->event, tag, 7, NOT_ADJUSTED, WORDS(host_os(n), p->trap.lane, to->pc));
}

/* The context for whose fault the kernel of n loads that entry, whichever process the kernel serves at the
 * moment: the entry is for its page and its address space, and allows something; after a protection fault,
 * what was denied. */
static struct context *loaded_for(const struct node *n, uint32_t hi, uint32_t lo) {
  for (uint32_t i = n->ncontexts; i-- > 0;) {
    struct context *c = &n->contexts[i];
    if (!c->right || c->step >= 7 || !(c->status & ST_T)) continue;
    if ((c->badva ^ hi) & TLB_VPN_MASK || status_asid(c->status) != (hi & TLB_ASID_MASK)) continue;
    if (lo & (c->list == LIST_PROTECTION ? c->right : TLB_RIGHTS)) return c;
  }
  return NULL;
}

static void tlbw_steps(struct recorder *r, const struct node *n, const struct pending *p,
                       const struct resume *to) {
  const struct trap_facts *t = &p->trap;
  struct context *c = loaded_for(n, t->rs1, t->rs2);
  if (!c) return;
  const struct tag tag = {c->list, c->level, c->event};
  c->step = 7;
  step(r, t->event, &tag, 4, TLBW_EXECUTED, WORDS(t->lane, t->badinst, t->pc, t->rs1, t->rs2));
  if (n->depth == 1)
    step(r, t->event, &tag, 5, TLBW_TRAPPED, WORDS(host_os(n), t->cause, t->badinst));
  else
    step(r, t->event, &tag, 5, TLBW_TRAPPED_DEEPER, WORDS(host_os(n), t->entry_pc, t->entry_cause));
  hand_step(r, n, p, &tag, 6);
  adjusted_step(r, n, p, to, &tag, c->asid);
}

/* The same for the kernel of a guest that knows that it is one: it asks for the entry by its queue. */
struct tlb_write recorder_lists_asked(const struct node *n, const struct queued *q, uint64_t event) {
  for (uint32_t i = 0; i < q->entries; i++)
    if (loaded_for(n, q->entry[i].hi, q->entry[i].lo))
      return (struct tlb_write){event, q->entry[i].hi, q->entry[i].lo};
  return (struct tlb_write){0};
}

static void asked_step(struct recorder *r, const struct node *n, const struct pending *p) {
  struct context *c = loaded_for(n, p->asked.hi, p->asked.lo);
  if (!c) return;
  const struct tag tag = {c->list, c->level, c->event};
  c->step = 7;
  step(r, p->trap.event, &tag, 4, ENTRY_ASKED, WORDS(p->trap.lane, p->asked.hi, p->asked.lo));
}

/* ---- a context is resumed ---- */

/* The kernel of n has executed rfe or mtst, which leads to user mode: to `pc`, with registers x. */
struct leaving {
  struct node *n;
  const struct trap_facts *t;
  const struct resume *to;
  uint32_t pc;       /* where the context goes on */
  const uint32_t *x; /* its registers there */
  bool jumps;        /* from to->pc, by plain instructions */
};

static void end(struct recorder *r, uint64_t event, enum list_end how) {
  struct held *h = recorder_held(r, event);
  if (h && h->record.steps) h->record.step[h->record.steps - 1].end = (uint8_t)how;
}

static void leaving_step(struct recorder *r, const struct trap_facts *t, const struct tag *tag) {
  const uint8_t number = tag->list == LIST_SYSCALL ? 3 : 0;
  if (t->insn == PG32_mtst)
    step(r, t->event, tag, number, MTST_TRAPPED, WORDS(t->lane, t->badinst, t->pc, t->cause, t->rs1));
  else if (t->cause == CAUSE_HCALL)
    step(r, t->event, tag, number, IRET_CALLED, WORDS(t->lane, t->pc - 4, t->cause, t->rfe_target));
  else
    step(r, t->event, tag, number, RFE_TRAPPED, WORDS(t->lane, t->pc, t->cause, t->badinst, t->rfe_target));
}

/* How the instruction that faulted is tried again. */
static enum sentence retried(const struct node *n, const struct context *c, enum list_end *how) {
  uint32_t lo;
  *how = LIST_RETURNED;
  if (n->para) { /* its TLB is the hypervisor's affair */
    *how = c->step >= 7 ? LIST_RETURNED : LIST_IN_VAIN;
    return c->step >= 7 ? RETRIED : RETRIED_IN_VAIN;
  }
  if (!recorder_guest_entry(n, (c->badva & TLB_VPN_MASK) | status_asid(c->status), &lo)) return RETRIED;
  if (c->list == LIST_PROTECTION ? lo & c->right : lo) return RETRIED;
  *how = LIST_IN_VAIN;
  if (c->list == LIST_PROTECTION) return lo ? RETRIED_FORBIDDEN : RETRIED_DROPPED;
  return c->step >= 7 ? RETRIED_GONE : RETRIED_IN_VAIN;
}

static void returned_step(struct recorder *r, const struct leaving *l, const struct context *c,
                          const struct tag *tag) {
  enum list_end how = LIST_RETURNED;
  const struct resume *to = l->to;
  if (c->list == LIST_SYSCALL && l->jumps)
    step(r, to->event, tag, 4, SYSCALL_RETURNED_BY_JUMP, WORDS(to->to, to->pc, l->pc, l->x[10], l->x[10]));
  else if (c->list == LIST_SYSCALL)
    step(r, to->event, tag, 4,
         by_hypervisor(l->n, &l->n->pending) ? SYSCALL_RETURNED_BELOW : SYSCALL_RETURNED,
         WORDS(to->to, to->pc, to->a0, to->a0));
  else {
    const enum sentence s = retried(l->n, c, &how);
    if (l->jumps)
      step(r, to->event, tag, 0, RETRIED_BY_JUMP, WORDS(to->to, to->pc, l->pc));
    else
      step(r, to->event, tag, 0, s, WORDS(to->to, to->pc));
  }
  end(r, to->event, how);
}

static void returns(struct recorder *r, const struct leaving *l, struct context *c, bool interrupted) {
  const struct tag tag = {c->list, c->level, c->event};
  if (tag.list != LIST_NONE && !c->returned) leaving_step(r, l->t, &tag);
  c->returned = true;
  if (interrupted) return;
  struct held *h = recorder_held(r, l->to->event);
  if (h) h->record.resumes = c->event;
  if (tag.list != LIST_NONE) returned_step(r, l, c, &tag);
  recorder_context_drop(l->n, c);
}

static void elsewhere_step(struct recorder *r, const struct leaving *l, const struct context *c,
                           enum sentence s, uint32_t status) {
  const struct tag tag = {c->list, c->level, c->event};
  step(r, l->to->event, &tag, 0, s, WORDS(l->to->to, l->pc, status_asid(status)));
}

/* The kernel leads a context to its own system call again, or behind the instruction that faulted. If its ASID
 * has been invalidated, that may also be where another program begins. */
static bool ends_elsewhere(struct recorder *r, const struct leaving *l, uint32_t status, bool syscall) {
  const uint32_t pc = syscall ? l->pc + 4 : l->pc - 4;
  struct context *c = recorder_context_at(l->n, pc, status, l->x);
  if (!c || c->list == LIST_NONE || (c->list == LIST_SYSCALL) != syscall) return false;
  if (c->space != SPACE_KEPT || !recorder_context_is_alike(c, l->x)) return false;
  elsewhere_step(r, l, c, syscall ? RESTARTED : SKIPPED, status);
  end(r, l->to->event, LIST_ELSEWHERE);
  recorder_context_drop(l->n, c);
  return true;
}

/* The kernel leads to a place where no context waits. */
static void runs_elsewhere(struct recorder *r, const struct leaving *l, uint32_t status) {
  if (ends_elsewhere(r, l, status, true) || ends_elsewhere(r, l, status, false)) return;
  struct context *c = recorder_context_elsewhere(l->n, status, l->x);
  if (!c || c->told || c->list == LIST_NONE) return;
  c->told = true;
  elsewhere_step(r, l, c, status & ST_T ? RAN_ELSEWHERE : RAN_ELSEWHERE_UNTRANSLATED, status);
}

/* The context of n to which the kernel leads: *c, if it waits at *pc; or one to which that context gets by
 * itself: after a jump by which the kernel returns, or from an upcall. */
static struct context *led_to(const struct recorder *r, struct node *n, struct context *c, uint32_t *x,
                              uint32_t *pc) {
  if (c && c->list != LIST_NONE) return c;
  uint32_t there = *pc, y[32];
  memcpy(y, x, sizeof y);
  struct context *behind = recorder_context_ahead(r, n, n->vstatus, y, &there);
  if (!behind) return c;
  memcpy(x, y, sizeof y);
  *pc = there;
  return behind;
}

static void leave_kernel(struct recorder *r, struct node *n, const struct pending *p,
                         const struct resume *to) {
  uint32_t x[32], pc = to->pc;
  memcpy(x, r->now.x, sizeof x);
  struct context *c = led_to(r, n, recorder_context_at(n, pc, n->vstatus, x), x, &pc);
  const struct leaving l = {n, &p->trap, to, pc, x, pc != to->pc};
  const bool waited = c;
  if (c)
    returns(r, &l, c, false);
  else if (p->trap.insn == PG32_rfe)
    runs_elsewhere(r, &l, n->vstatus);
  recorder_contexts_run(n, pc, n->vstatus, x, waited);
}

/* The same, but the VMM has injected an interrupt before the first instruction there. */
static void leave_kernel_interrupted(struct recorder *r, struct node *n, const struct pending *p,
                                     const struct resume *to, const struct low_core *e) {
  const struct leaving l = {n, &p->trap, to, e->pc, r->now.x, false};
  struct context *c = recorder_context_at(n, e->pc, e->status, r->now.x);
  recorder_contexts_run(n, e->pc, e->status, r->now.x, c);
  if (c) {
    returns(r, &l, c, true);
    return;
  }
  struct trap_facts t = p->trap;
  t.pc = e->pc;
  wait_for_kernel(r, n, &t, e->status, LIST_NONE, 0);
}

void recorder_lists_emulated(struct recorder *r, struct node *n, const struct pending *p,
                             const struct resume *to, const struct low_core *e) {
  const bool leaves = p->trap.insn == PG32_rfe || p->trap.insn == PG32_mtst;
  if (p->trap.insn == PG32_tlbw) tlbw_steps(r, n, p, to);
  if (p->asked.event) asked_step(r, n, p);
  if (p->trap.insn == PG32_tlbi)
    recorder_contexts_invalidated(n, p->trap.rs1, pg32_decode(p->trap.badinst).imm);
  if (!leaves || runner(r, to->to)->node != n) return;
  if (p->answer.injected && (e->status & ST_U))
    leave_kernel_interrupted(r, n, p, to, e);
  else if (!p->answer.injected && (n->vstatus & ST_U))
    leave_kernel(r, n, p, to);
}
