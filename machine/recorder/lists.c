/* lists.c - recognizes the steps of the lecture's two lists.
 *
 * A list begins when a system call or TLB miss in virtual user mode has been reflected. It continues with the
 * privileged instructions of the guest kernel that handles the trap: the tlbw for the page that was missing,
 * and the rfe back to the program that trapped. The sentences quote only words and registers that were read
 * from the machine. In a list, "host OS" means the kernel that the VMM runs on: for a VM in a VM, the outer
 * VM's kernel. */
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
  memcpy(s->word, words, sizeof s->word);
}

static uint32_t host_os(const struct node *n) { return n->parent->kernel_lane; }

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
  step(r, to->event, tag, 2, as_called ? SYSCALL_REFLECTED_AS_CALLED : SYSCALL_REFLECTED,
       WORDS(to->to, to->pc, e->pc, e->cause, to->a7, to->a0));
}

static void begin_tlb(struct recorder *r, const struct node *n, const struct pending *p,
                      const struct resume *to, const struct low_core *e, const struct tag *tag) {
  const struct trap_facts *t = &p->trap;
  if (n->depth == 1)
    step(r, t->event, tag, 1, MISS_TRAPPED, WORDS(t->lane, t->pc, t->badva, host_os(n), t->cause, t->badva));
  else
    step(r, t->event, tag, 1, MISS_TRAPPED_DEEPER,
         WORDS(t->lane, t->pc, t->badva, host_os(n), t->entry_pc, t->entry_cause));
  hand_step(r, n, p, tag, 2);
  step(r, to->event, tag, 3, MISS_REFLECTED, WORDS(to->to, to->pc, e->pc, e->cause, e->badva));
}

static enum lecture_list list_of(const struct pending *p, const struct low_core *e) {
  uint32_t cause = e->cause ? e->cause : p->trap.cause; /* what the guest sees, if that is known */
  if (cause == CAUSE_SYSCALL) return LIST_SYSCALL;
  if (cause == CAUSE_FETCH_MISS || cause == CAUSE_LOAD_MISS || cause == CAUSE_STORE_MISS) return LIST_TLB;
  return LIST_NONE;
}

void recorder_lists_reflected(struct recorder *r, const struct node *n, const struct pending *p,
                              const struct resume *to, const struct low_core *e) {
  if (!p->trap.user) return;
  struct tag tag = {list_of(p, e), (uint8_t)n->depth, p->trap.event};
  runner(r, p->trap.lane)->waits = (struct outstanding){.event = p->trap.event,
                                                        .pc = p->trap.pc,
                                                        .badva = p->trap.badva,
                                                        .asid = p->trap.asid,
                                                        .list = tag.list,
                                                        .level = tag.level,
                                                        .step = tag.list == LIST_TLB ? 3 : 2};
  if (tag.list == LIST_SYSCALL) begin_syscall(r, n, p, to, e, &tag);
  if (tag.list == LIST_TLB) begin_tlb(r, n, p, to, e, &tag);
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

static void tlbw_steps(struct recorder *r, const struct node *n, const struct pending *p,
                       const struct resume *to) {
  const struct trap_facts *t = &p->trap;
  if (n->handlings == 0) return;
  const struct handling *handles = &n->handling[n->handlings - 1];
  struct outstanding *w = &runner(r, handles->lane)->waits;
  if (w->event != handles->event || w->list != LIST_TLB || w->step >= 7) return;
  if ((w->badva ^ t->rs1) & TLB_VPN_MASK) return; /* another page's entry */
  struct tag tag = {LIST_TLB, w->level, w->event};
  w->step = 7;
  step(r, t->event, &tag, 4, TLBW_EXECUTED, WORDS(t->lane, t->badinst, t->pc, t->rs1, t->rs2));
  if (n->depth == 1)
    step(r, t->event, &tag, 5, TLBW_TRAPPED, WORDS(host_os(n), t->cause, t->badinst));
  else
    step(r, t->event, &tag, 5, TLBW_TRAPPED_DEEPER, WORDS(host_os(n), t->entry_pc, t->entry_cause));
  hand_step(r, n, p, &tag, 6);
  adjusted_step(r, n, p, to, &tag, w->asid);
}

static void rfe_steps(struct recorder *r, const struct pending *p, const struct resume *to) {
  const struct trap_facts *t = &p->trap;
  struct runner *lane = runner(r, to->to);
  struct outstanding w = lane->waits;
  struct held *h = recorder_held(r, to->event);
  if (!w.event || w.pc != to->pc || lane_in_kernel(lane)) return;
  if (h) h->record.resumes = w.event;
  lane->waits.event = 0;
  struct tag tag = {w.list, w.level, w.event};
  if (w.list == LIST_NONE) return;
  step(r, t->event, &tag, w.list == LIST_SYSCALL ? 3 : 0, RFE_TRAPPED,
       WORDS(t->lane, t->pc, t->cause, t->badinst, t->rfe_target));
  if (w.list == LIST_SYSCALL)
    step(r, to->event, &tag, 4, SYSCALL_RETURNED, WORDS(to->to, to->pc, to->a0, to->a0));
  else
    step(r, to->event, &tag, 0, w.step < 7 ? RETRIED_IN_VAIN : RETRIED, WORDS(to->to, to->pc));
}

void recorder_lists_emulated(struct recorder *r, const struct node *n, const struct pending *p,
                             const struct resume *to) {
  if (p->trap.insn == PG32_tlbw) tlbw_steps(r, n, p, to);
  if (p->trap.insn == PG32_rfe && runner(r, to->to)->node == n) rfe_steps(r, p, to);
}
