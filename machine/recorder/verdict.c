/* verdict.c - what became of each trap out of a VM, from facts of the machine alone.
 *
 * A trap at level D gets D verdicts, one for the VMM of each level. A verdict becomes known when the machine
 * next resumes something in the VM of that level. It follows from the address at which the VM is resumed, and
 * from what the guest then finds in its low core. For example: a system call trapped, and the VM is resumed
 * at its trap vector with CAUSE = SYSCALL in its low core: the VMM has reflected the trap. Marks are used
 * only to know which VM runs. */
#include <string.h>

#include "internal.h"
#include "isa/para.h"

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
  if (!n->parent || (same && n->low_known)) return;
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

static bool is_call(uint32_t cause) {
  return cause == CAUSE_SYSCALL || cause == CAUSE_HCALL || cause == CAUSE_BREAK;
}

static bool is_tlb_fault(uint32_t cause) {
  return cause == CAUSE_FETCH_MISS || cause == CAUSE_FETCH_PROT ||
         (cause >= CAUSE_LOAD_MISS && cause <= CAUSE_STORE_PROT);
}

/* The kernel of n has written a TLB entry. It may be for the trap that the kernel handles; or it may be the
 * shadow of the entry that the kernel of a VM on n wanted to write. */
static void note_tlbw(struct recorder *r, const struct node *n, const struct tlb_write *w) {
  uint64_t handles = n->handlings ? n->handling[n->handlings - 1].event : 0;
  for (struct node *c = r->nodes; c; c = c->next) {
    struct pending *p = &c->pending;
    if (!p->open) continue;
    if (p->trap.event == handles) p->filled = true;
    const bool tlbw = p->trap.insn == PG32_tlbw;
    if (c->parent != n || (!tlbw && !is_tlb_fault(p->trap.cause))) continue;
    if (!(((tlbw ? p->trap.rs1 : p->trap.badva) ^ w->hi) & TLB_VPN_MASK)) p->shadow = *w;
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

void recorder_verdict_facts(struct trap_facts *t, const struct machine_trap *trap, const uint32_t *x) {
  t->cause = trap->cause, t->pc = trap->pc, t->badva = trap->badva, t->badinst = trap->badinst;
  t->insn = PG32_ILLEGAL;
  t->rs1 = t->rs2 = 0;
  if (trap->cause != CAUSE_PRIVILEGED) return;
  const struct pg32_insn insn = pg32_decode(trap->badinst);
  t->insn = insn.id, t->rs1 = x[insn.rs1], t->rs2 = x[insn.rs2];
}

/* What the trap is for the VM of n: *g and *trap are the state and the trap of the level around, and become its own. A
 * VM that runs as a translation of its code tells its STATUS; but the machine does not count its instructions. */
static void see_level(struct recorder *r, struct node *n, struct recorder_guest *g,
                      struct machine_trap *trap) {
  struct trap_facts *t = &n->pending.trap;
  if (!n->parent) return;
  see_level(r, n->parent, g, trap);
  t->around_pc = trap->pc;
  recorder_claims_look_through(r, n, g);
  if (g->translated) {
    recorder_guest_trap(g, trap);
    n->vstatus = n->vmm_status = g->status;
    n->status_known = true;
    n->timer_known = n->ticks_known = false;
  }
  recorder_verdict_facts(t, trap, g->x);
}

static void look_at_levels(struct recorder *r, struct node *n, struct trap_facts *t,
                           const struct machine_trap *machine) {
  struct machine_trap trap = *machine;
  struct recorder_guest g = {.pc = is_call(trap.cause) ? trap.pc - 4 : trap.pc};
  memcpy(g.x, r->now.x, sizeof g.x);
  recorder_claims_learn_data(r, n, machine->status);
  see_level(r, n, &g, &trap);
  recorder_verdict_facts(t, &trap, g.x);
}

/* The trap becomes the pending one of n, by the facts that n's own level has of it. */
static void pend(struct recorder *r, struct node *n, const struct trap_facts *t) {
  struct pending *p = &n->pending;
  const struct trap_facts own = p->trap;
  *p =
      (struct pending){.open = true, .around = recorder_time_around(r, n), .vstatus = p->vstatus, .trap = *t};
  p->trap.cause = own.cause, p->trap.pc = own.pc, p->trap.badva = own.badva, p->trap.badinst = own.badinst;
  p->trap.insn = own.insn, p->trap.rs1 = own.rs1, p->trap.rs2 = own.rs2, p->trap.around_pc = own.around_pc;
}

static void read_queue(const struct recorder *r, const struct node *n, struct queued *q) {
  const struct para_page *page = n->low_known ? machine_ram(r->m, n->low_page, sizeof *page) : NULL;
  const uint32_t ops = page ? page->nops : 0;
  q->entries = 0;
  for (uint32_t i = 0; i < ops && i < PARA_OPS_MAX; i++)
    if ((page->op[i].hi & PARA_OP_MASK) == PARA_OP_ENTRY)
      q->entry[q->entries].hi = page->op[i].hi, q->entry[q->entries++].lo = page->op[i].lo;
}
_Static_assert(QUEUED == PARA_OPS_MAX, "all entries of a queue have room");

/* A hypercall of the guest of n carries out the queue, by which its kernel writes entries as by tlbw. Returns the one that
 * is for a fault. */
static struct tlb_write carry_out(struct recorder *r, const struct node *n, uint64_t event) {
  struct queued q;
  read_queue(r, n, &q);
  for (uint32_t i = 0; i < q.entries; i++)
    note_tlbw(r, n, &(struct tlb_write){event, q.entry[i].hi, q.entry[i].lo});
  return recorder_lists_asked(n, &q, event);
}

void recorder_verdict_trap(struct recorder *r, struct trap_facts *t, const struct machine_trap *machine) {
  struct node *n = runner(r, t->lane)->node, *own = n;
  look_at_levels(r, n, t, machine);
  struct tlb_write asked = {0};
  if (n->para && !t->user && t->cause == CAUSE_HCALL && (t->a7 == HCALL_IRET || t->a7 == HCALL_FLUSH))
    asked = carry_out(r, n, t->event);
  if (n->para && !t->user && t->cause == CAUSE_HCALL && t->a7 == HCALL_IRET)
    t->insn = n->pending.trap.insn = PG32_rfe; /* a request for the same */
  if (!t->user && t->insn == PG32_rfe) {
    struct low_core e;
    t->rfe_known = recorder_low_core_read(r, n, &e);
    t->rfe_target = e.pc;
    t->rfe_status = e.status;
    t->rfe_timer = e.timer;
    recorder_lanes_rfe(n);
  }
  if (!t->user && t->insn == PG32_tlbw) note_tlbw(r, n, &(struct tlb_write){t->event, t->rs1, t->rs2});
  for (; n->parent; n = n->parent) {
    t->asid = status_asid(n->parent->parent ? n->parent->vstatus : machine->status);
    pend(r, n, t);
  }
  own->pending.asked = asked;
}

/* ---- a resume answers pending traps ---- */

static bool is_interrupt(uint32_t cause) { return cause == CAUSE_TIMER || cause == CAUSE_DEVICE; }

static bool is_memory(uint32_t cause) {
  return (cause >= CAUSE_FETCH_MISS && cause <= CAUSE_FETCH_BUS) ||
         (cause >= CAUSE_LOAD_MISALIGNED && cause <= CAUSE_STORE_BUS);
}

/* May a VMM show the trap of real cause `real` to its guest as `seen`, if no more is known? For example, the
 * page of a miss in the real TLB may be there but write-protected in the virtual TLB. */
static bool same_trap(uint32_t real, uint32_t seen) {
  return real == seen || (is_memory(real) && is_memory(seen)) || (is_interrupt(real) && is_interrupt(seen));
}

/* The address at which the guest continues if the trapped instruction is emulated, to *pc. False: the
 * instruction cannot be emulated, or the address is not known. */
static bool emulated_to(const struct trap_facts *t, uint32_t *pc) {
  *pc = t->insn == PG32_rfe ? t->rfe_target : is_call(t->cause) ? t->pc : t->pc + 4;
  if (t->insn == PG32_rfe) return t->rfe_known;
  return t->cause == CAUSE_PRIVILEGED || t->cause == CAUSE_ILLEGAL || is_call(t->cause) ||
         is_memory(t->cause);
}

/* ---- what the VMM has done ---- */

/* How the VM went on, in the order in which the possibilities are tried. */
enum deed { REFLECTED, EMULATED_AND_INTERRUPTED, EMULATED, FILLED_AND_INTERRUPTED, FILLED, NOTHING_KNOWN };

/* A VM is resumed at pc after trap t; e: its low core, NULL if that is not known or pc is not the vector in
 * it. */
struct going_on {
  const struct trap_facts *t;
  const struct low_core *e;
  uint32_t pc, after; /* after: where the guest goes on if the instruction is emulated */
  bool emulable;
  bool same; /* it goes on exactly where the machine was, or the level around was */
};

static inline bool has_done(const struct going_on *g, enum deed deed) {
  const struct trap_facts *t = g->t;
  const struct low_core *e = g->e;
  const bool injected = e && is_interrupt(e->cause) && !is_interrupt(t->cause);
  switch (deed) {
  case REFLECTED: return e && e->pc == t->pc && e->cause && is_interrupt(e->cause) == is_interrupt(t->cause);
  case EMULATED_AND_INTERRUPTED: return injected && g->emulable && e->pc == g->after;
  case EMULATED: return g->emulable && g->pc == g->after;
  case FILLED_AND_INTERRUPTED: return injected && e->pc == t->pc;
  case FILLED: return g->pc == t->pc || g->same;
  default: return true;
  }
}

static inline bool was_due(const struct going_on *g, enum deed deed, const struct call_for *due) {
  switch (deed) {
  case REFLECTED: return g->e->cause == due->action || g->e->cause == due->or_cause;
  case EMULATED_AND_INTERRUPTED:
  case EMULATED: return due->action == DUE_EMULATE || due->or_emulate;
  case FILLED_AND_INTERRUPTED:
  case FILLED: return due->action == DUE_FILL || due->action == DUE_TRANSLATE;
  default: return false;
  }
}

/* What was done. If several deeds would look alike, the one that was due. */
static enum deed deed_of(const struct going_on *g, const struct call_for *due) {
  if (has_done(g, REFLECTED) && was_due(g, REFLECTED, due)) return REFLECTED;
  const bool fill = due->action != DUE_EMULATE && !due->or_emulate;
  for (enum deed d = fill ? FILLED_AND_INTERRUPTED : EMULATED_AND_INTERRUPTED; d <= FILLED; d++)
    if (due->action >= DUE_EMULATE && has_done(g, d) && was_due(g, d, due)) return d;
  enum deed d = REFLECTED;
  while (!has_done(g, d)) d++;
  return d;
}

/* The same if it is not known what was due. A reflected trap must then resemble the real one. */
static enum deed likely_deed(const struct going_on *g) {
  enum deed d = REFLECTED;
  while (!has_done(g, d) || (d == REFLECTED && !same_trap(g->t->cause, g->e->cause)) ||
         (d == EMULATED && g->t->cause == CAUSE_ILLEGAL))
    d++;
  return d;
}

/* ---- is it right? ---- */

/* The virtual STATUS and TIMER after the deed, but before an interrupt that the VMM injects. */
struct psw {
  bool status_known, timer_known;
  uint32_t status, timer;
};

static struct psw psw_after(const struct node *n, const struct trap_facts *t, enum deed deed) {
  struct psw p = {n->status_known, n->timer_known, n->vstatus, n->timer};
  if (deed != EMULATED && deed != EMULATED_AND_INTERRUPTED) return p;
  if (t->insn == PG32_rfe) return (struct psw){true, true, t->rfe_status & ST_MASK, t->rfe_timer};
  if (t->insn == PG32_mtst) p.status = t->rs1 & ST_MASK;
  if (t->insn == PG32_wait && p.timer) p.timer_known = false;
  if (!is_call(t->cause) && p.timer) p.timer--;
  return p;
}

/* Is the old PSW in the guest's low core that of the VM? */
static enum wrong wrong_psw(const struct low_core *e, const struct psw *p) {
  if (p->status_known && e->status != p->status) return WRONG_STATUS;
  if (p->timer_known && e->timer != p->timer) return WRONG_TIMER;
  return WRONG_NOTHING;
}

static enum wrong wrong_reflection(const struct trap_facts *t, const struct low_core *e,
                                   const struct psw *p) {
  const enum wrong psw = wrong_psw(e, p);
  const bool interrupt = is_interrupt(t->cause);
  if (psw) return psw;
  if (e->badva != (interrupt ? 0 : t->badva)) return WRONG_BADVA;
  if (e->badinst != (interrupt ? 0 : t->badinst)) return WRONG_BADINST;
  return WRONG_NOTHING;
}

/* An interrupt was injected, the guest's kernel was entered with it. */
static enum wrong wrong_interrupt(const struct low_core *e, const struct psw *p) {
  if (p->status_known && !(p->status & ST_IE)) return WRONG_INTERRUPTED;
  if (e->cause == CAUSE_TIMER && e->timer != 0) return WRONG_INTERRUPTED;
  return wrong_psw(e, p);
}

static enum wrong wrong_with(const struct going_on *g, enum deed deed, const struct psw *p) {
  if (deed == REFLECTED) {
    const enum wrong w = is_interrupt(g->t->cause) ? wrong_interrupt(g->e, p) : WRONG_NOTHING;
    return w ? w : wrong_reflection(g->t, g->e, p);
  }
  if (deed == EMULATED_AND_INTERRUPTED || deed == FILLED_AND_INTERRUPTED) return wrong_interrupt(g->e, p);
  const bool must = p->status_known && (p->status & ST_IE) && p->timer_known && p->timer == 0;
  return must && deed != NOTHING_KNOWN ? WRONG_UNINTERRUPTED : WRONG_NOTHING;
}

static enum verdict verdict_of(const struct trap_facts *t, enum deed deed) {
  if (t->cause == 0 && (deed == FILLED || deed == FILLED_AND_INTERRUPTED)) return VERDICT_TRANSLATE;
  switch (deed) {
  case REFLECTED: return VERDICT_REFLECT;
  case EMULATED_AND_INTERRUPTED:
  case EMULATED: return VERDICT_EMULATE;
  case FILLED_AND_INTERRUPTED:
  case FILLED: return VERDICT_FILL;
  default: return VERDICT_OTHER;
  }
}

/* The virtual STATUS of n from now on. */
static void update_status(struct node *n, const struct going_on *g, enum deed deed, const struct psw *p) {
  n->status_known = p->status_known && deed != NOTHING_KNOWN;
  n->vstatus = p->status;
  if (g->e && (deed == REFLECTED || deed == EMULATED_AND_INTERRUPTED || deed == FILLED_AND_INTERRUPTED)) {
    n->vstatus = (n->status_known ? p->status : g->e->status) & ST_ASID_MASK;
    n->status_known = true;
  }
  if (!n->status_known) n->vstatus = n->vmm_status;
}

/* What a correct VMM does with the pending trap of n. One that translates may carry out what the guest stores to a page
 * with translated code, and what the guest has in the window's place. */
static struct call_for what_is_due(const struct recorder *r, const struct node *n) {
  const struct trap_facts *t = &n->pending.trap;
  struct call_for due = recorder_guest_due(n, t);
  const bool store = t->cause == CAUSE_STORE_MISS || t->cause == CAUSE_STORE_PROT;
  due.or_emulate = due.action == DUE_FILL && (store || t->badva >= CPU_L_WINDOW) && recorder_claims_any(r, n);
  return due;
}

#define NUMBER(name, number, text) GUEST_##name = number, /* the guest's, whatever the host's are */
enum { PG32_ERRORS(NUMBER) };
#undef NUMBER

/* Has a HCALL_IRET come back, since the hypervisor has refused the queue or the STATUS? Then it was no return. */
static bool is_refused(const struct recorder *r, const struct node *n) {
  const struct trap_facts *t = &n->pending.trap;
  const bool asked = n->para && t->cause == CAUSE_HCALL && t->insn == PG32_rfe;
  return asked && !(n->vmm_status & ST_U) && n->pc == t->pc && (int32_t)r->now.x[10] == -GUEST_EINVAL;
}

/* The VMM has resumed the VM of n, in the real address space asid; "entered": in its kernel, by the VMM's word.
 * e: the VM's low core, NULL if not known. After a trap the guest runs untranslated, hence in the address
 * space in which it has its page 0; a program that happens to run at the address of the vector has another
 * one. */
static struct answer judge(const struct recorder *r, struct node *n, const struct low_core *e, uint32_t asid,
                           uint32_t around_pc) {
  if (is_refused(r, n)) n->pending.trap.insn = PG32_ILLEGAL;
  const struct trap_facts *t = &n->pending.trap;
  const struct call_for due = what_is_due(r, n);
  const uint32_t pc = n->pc;
  const bool entered = !(n->vmm_status & ST_U);
  const bool at_vector = e && pc == e->vector && (n->asid_known ? n->asid == asid : entered);
  struct going_on g = {.t = t, .e = at_vector && (entered || due.action) ? e : NULL, .pc = pc};
  g.same = n->translated && around_pc == t->around_pc;
  g.emulable = emulated_to(t, &g.after);
  const enum deed deed = due.action ? deed_of(&g, &due) : likely_deed(&g);
  const struct psw p = psw_after(n, t, deed);
  struct answer a = {.verdict = verdict_of(t, deed), .due = due.action, .learn = due};
  a.injected = deed == EMULATED_AND_INTERRUPTED || deed == FILLED_AND_INTERRUPTED;
  if (deed == REFLECTED || a.injected) a.seen = (uint8_t)g.e->cause;
  if (deed == NOTHING_KNOWN && entered && !e) a.verdict = VERDICT_REFLECT; /* nowhere else to go */
  if (due.action && deed != NOTHING_KNOWN && !was_due(&g, deed, &due))
    a.wrong = deed == REFLECTED && due.action < DUE_EMULATE ? WRONG_CAUSE : WRONG_ACTION;
  else
    a.wrong = wrong_with(&g, deed, &p);
  a.did = a.verdict;
  if (a.wrong) a.verdict = VERDICT_WRONG;
  if (a.verdict == VERDICT_OTHER) a.wrong_word[0] = pc, a.wrong_word[1] = 1;
  update_status(n, &g, deed, &p);
  return a;
}

/* The verdict if the VMM never ran. below: the answer of the level below, or NULL. */
static struct answer kept_below(const struct node *n, const struct answer *below) {
  const struct pending *p = &n->pending;
  const bool filled = p->filled || (below && (below->hidden_fill || below->verdict == VERDICT_FILL));
  struct answer a = {.verdict = VERDICT_HOST,
                     .did = VERDICT_HOST,
                     .hidden_fill = filled && is_tlb_fault(p->trap.machine_cause)};
  if (!a.hidden_fill) return a;
  const struct call_for due = recorder_guest_due(n, &p->trap);
  a.due = due.action;
  if (due.action == DUE_UNKNOWN || due.action == DUE_FILL || due.action == DUE_TRANSLATE) return a;
  a.hidden_fill = false;
  a.did = VERDICT_FILL;
  a.verdict = VERDICT_WRONG;
  a.wrong = WRONG_FILLED_BELOW;
  return a;
}

/* Has the hypervisor's part of the kernel below answered the trap, so that the VMM does not run? */
static bool answered_below(const struct node *n) {
  const struct trap_facts *t = &n->pending.trap;
  return n->para && !n->pending.handed && (t->cause == CAUSE_HCALL || n->pc != t->pc);
}

void recorder_verdict_judge(struct recorder *r, struct node *n, uint32_t real_status, uint32_t around_pc) {
  struct pending *p = &n->pending;
  const struct node *below = n->parent;
  const bool runs_itself = !(n->vmm_status & ST_U) || n->child.kind != MARK_VM;
  if (!(n->vmm_status & ST_T) && runs_itself) learn_low_core(r, n, real_status);
  if (!n->status_known && !p->open) n->vstatus = n->vmm_status;
  if (!p->open || p->judged) return;
  struct low_core e;
  const bool known = recorder_low_core_read(r, n, &e);
  const bool with_below = below->parent && below->pending.open && below->pending.judged;
  p->judged = true;
  p->vstatus = n->vstatus;
  const bool hypervisor = answered_below(n);
  p->answer = p->handed || hypervisor ? judge(r, n, known ? &e : NULL, status_asid(real_status), around_pc)
                                      : kept_below(n, with_below ? &below->pending.answer : NULL);
  p->answer.by_hypervisor = hypervisor;
  if (hypervisor && n->depth == 1) recorder_count_exit(r, &p->trap);
}

/* The VMM of n has emulated an instruction, so the instruction has retired in that VM, and in the VM inside
 * it, if any, that executed it: the virtual TIMERs of all of these count it. How long an emulated `wait` took
 * is not known. */
static void retire_emulated(struct recorder *r, struct node *n, const struct trap_facts *t) {
  if (t->insn == PG32_rfe) {
    if (!is_call(t->cause)) node_retires(n, 1);
    n->timer = t->rfe_timer;
    n->timer_known = true;
    return;
  }
  if (t->insn == PG32_wait && (!n->timer_known || n->timer > 0)) n->ticks_known = false;
  if (t->insn == PG32_wait && n->timer > 0) n->timer_known = false;
  if (is_call(t->cause)) return; /* it had retired before it trapped */
  struct node *inner = runner(r, t->lane)->node;
  for (; inner != n; inner = inner->parent) node_retires(inner, 1);
  node_retires(n, 1);
}

/* The virtual TIMER after this answer. If the guest has seen a trap,
 * the VMM has saved TIMER in its low core. */
static void update_timer(struct recorder *r, struct node *n, const struct trap_facts *t,
                         const struct answer *a, const struct low_core *e) {
  if (a->did == VERDICT_EMULATE) retire_emulated(r, n, t);
  if (a->did == VERDICT_OTHER) n->timer_known = false;
  if (!e || (a->did != VERDICT_REFLECT && !a->injected)) return;
  n->timer = e->timer;
  n->timer_known = true;
}

/* Which traps n's kernel handles, after this answer. */
static void update_handling(struct node *n, const struct trap_facts *t, const struct answer *a,
                            const struct low_core *e, bool to_kernel) {
  if (a->did == VERDICT_EMULATE && t->insn == PG32_rfe) {
    bool kernel = a->injected ? !(e->status & ST_U) : to_kernel;
    n->handlings = kernel && n->handlings ? n->handlings - 1 : 0;
  }
  if (a->did == VERDICT_EMULATE && t->insn == PG32_mtst && (n->vstatus & ST_U)) n->handlings = 0;
  if (a->did != VERDICT_REFLECT && !a->injected) return;
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

/* The answer itself may be right, and something else wrong. */
static void look_beside(const struct recorder *r, struct node *n, struct answer *a) {
  const struct finding f = recorder_shadow_check(r, n, a);
  if (a->wrong || a->verdict == VERDICT_OTHER || !f.wrong) return;
  a->wrong = f.wrong;
  a->verdict = VERDICT_WRONG;
  memcpy(a->wrong_word, f.word, sizeof f.word);
}

static void answer(struct recorder *r, struct node *n, const struct resume *resumed) {
  struct pending *p = &n->pending;
  struct resume own = *resumed, *const to = &own;
  own.pc = n->pc;
  const struct runner *lane = runner(r, to->to);
  struct answer a = p->answer;
  struct low_core e;
  const bool known = recorder_low_core_read(r, n, &e);
  if (a.did == VERDICT_EMULATE) recorder_guest_emulated(n, &p->trap);
  look_beside(r, n, &a);
  p->open = false;
  recorder_settle(r, &p->trap, n->depth, a);
  recorder_guest_learn_ram(n, &a.learn, a.verdict == VERDICT_FILL || a.verdict == VERDICT_EMULATE);
  update_timer(r, n, &p->trap, &a, known ? &e : NULL);
  update_handling(n, &p->trap, &a, &e, lane->node == n && lane_in_kernel(lane));
  if (a.did == VERDICT_REFLECT) tell_above(r, n, &p->trap, to->pc, &e);
  if (p->trap.depth != n->depth || !r->sink) return;
  if (answer_done(&a) == VERDICT_REFLECT) recorder_lists_reflected(r, n, p, to, &e, p->vstatus);
  if (answer_done(&a) == VERDICT_EMULATE) recorder_lists_emulated(r, n, p, to, &e);
}

/* Answers the pending traps of n's VM and of those around it, outermost first. */
static void answer_all(struct recorder *r, struct node *n, const struct resume *to) {
  if (!n->parent) return;
  answer_all(r, n->parent, to);
  if (n->parent->caller != NO_LANE) {
    if (n->vmm == NO_LANE) n->vmm = n->parent->caller;
    n->parent->caller = NO_LANE;
  }
  if (n->pending.open && n->pending.judged) answer(r, n, to);
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
  answer_all(r, lane->node, &to);
}

/* ---- VMs end ---- */

static void leave_open(struct recorder *r, struct node *n, bool killed) {
  struct pending *p = &n->pending;
  if (!p->open) return;
  p->open = false;
  recorder_settle(r, &p->trap, n->depth,
                  (struct answer){.verdict = killed && p->handed ? VERDICT_KILL : VERDICT_NONE});
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
