/* hypervisor.c - what a paravirtual guest needs of the host's kernel, where entry.S has not done it: hypercalls, the
 * table, interrupts, entering and leaving. The VMM remains for devices: its vm_run ends when they are concerned. */
#include "hypervisor.h"

static struct para paras[NVM];
static volatile struct hypervisor_core *const running = (void *)0x80;

_Static_assert(sizeof(struct low_core) <= 0x80, "entry.S: T0");
_Static_assert(offsetof(struct low_core, mirror_start) == 0x5c, "entry.S");
_Static_assert(offsetof(struct hypervisor_core, para) == 0x10, "entry.S: PARA");
_Static_assert(offsetof(struct hypervisor_core, tag) == 0x1c, "entry.S: TAG");
_Static_assert(offsetof(struct hypervisor_core, timer) == 0x28, "entry.S: TIMER");
_Static_assert(offsetof(struct hypervisor_core, id) == 0x34, "entry.S: ID");
_Static_assert(offsetof(struct hypervisor_core, directory) == 0x40, "entry.S: DIRECTORY");
_Static_assert(offsetof(struct hypervisor_core, new_status) == 0x54, "entry.S: NEW");
_Static_assert(offsetof(struct para, tag) + 4 == 264, "entry.S: PARA_TAG1");
_Static_assert(sizeof(struct filled) == 16 && SETS == 512 && WAYS == 2, "entry.S");

/* What is charged, in instructions. */
enum { TRAP_COST = 350, RUN_COST = 300, OP_COST = 250, ALL_COST = 6000 };

/* ---- the table ---- */

static struct filled *set_for(struct para *h, uint32_t tag, uint32_t vpn) {
  return h->table[((tag << 4) ^ (vpn >> PAGE_SHIFT)) % SETS];
}

static uint32_t space_of(uint32_t status) { return status & ST_T ? 1 + status_asid(status) : 0; }

/* The space has a tag and an ASID. */
static void space_ready(struct para *h, uint32_t space) {
  if (!h->tag[space]) h->tag[space] = ++h->tags;
  if (!h->asid[space]) asid_get(&h->asid[space]);
}

static void entry_clear(struct filled *e) {
  if (e->tag) tlb_drop(e->slot, e->hi);
  e->tag = 0;
}

static void page_clear(struct para *h, uint32_t space, uint32_t vpn) {
  uint32_t tag = h->tag[space];
  struct filled *e = set_for(h, tag, vpn);
  for (int i = 0; i < WAYS; i++, e++)
    if (tag && e->tag == tag && (e->hi & TLB_VPN_MASK) == vpn) entry_clear(e);
}

/* From now on the page of the space is there, until the table needs its place. */
static void fill(struct para *h, uint32_t space, uint32_t vpn, uint32_t lo) {
  space_ready(h, space);
  page_clear(h, space, vpn);
  struct filled *e = set_for(h, h->tag[space], vpn);
  if (e[0].tag) {
    entry_clear(&e[1]);
    e[1] = e[0];
  }
  e->hi = vpn | h->asid[space];
  e->tag = h->tag[space];
  e->lo = lo;
  e->slot = tlb_install(e->hi, lo);
}

/* The space gets another tag and another ASID when it is used next. What has the old ones is found no more. */
static void space_clear(struct para *h, uint32_t space) {
  asid_put(&h->asid[space]);
  h->tag[space] = 0;
}

/* No space has an entry any more. What is left in the table has tags that nobody has again. */
static void table_clear(struct para *h) {
  charge(ALL_COST);
  for (uint32_t i = 0; i < SPACES; i++) space_clear(h, i);
}

/* ---- the queue ---- */

/* False: the operation is refused. */
static bool op_apply(struct para *h, uint32_t hi, uint32_t lo) {
  uint32_t space = 1 + (hi & TLB_ASID_MASK), vpn = hi & TLB_VPN_MASK;
  switch (hi & PARA_OP_MASK) {
  case PARA_OP_ENTRY:
    if ((lo & TLB_PFN_MASK) >= h->vm->bytes) return false;
    fill(h, space, vpn, (uint32_t)guest_frame(h->vm, lo) | (lo & TLB_RIGHTS));
    return true;
  case PARA_OP_PAGE: page_clear(h, space, vpn); return true;
  case PARA_OP_ASID: space_clear(h, space); return true;
  case PARA_OP_ALL: table_clear(h); return true;
  default: return false;
  }
}

static int32_t flush(struct para *h) {
  uint32_t n = h->page->nops;
  if (n > PARA_OPS_MAX) return -EINVAL;
  charge(OP_COST * n);
  for (uint32_t i = 0; i < n; i++)
    if (!op_apply(h, h->page->op[i].hi, h->page->op[i].lo)) {
      h->page->nops = i;
      return -EINVAL;
    }
  h->page->nops = 0;
  return 0;
}

/* ---- entering and leaving ---- */

/* A trap into the guest's kernel. (entry.S has the same for the frequent ones.) */
static void reflect(struct para *h, uint32_t cause, uint32_t badva, uint32_t badinst) {
  volatile uint32_t *e = h->page->low_core;
  struct vm_state *s = h->vm->state;
  e[LC_PC / 4] = s->pc;
  e[LC_STATUS / 4] = h->status;
  e[LC_TIMER / 4] = h->timer;
  e[LC_CAUSE / 4] = cause;
  e[LC_BADVA / 4] = badva;
  e[LC_BADINST / 4] = badinst;
  s->pc = e[LC_VECTOR / 4];
  h->status &= ST_ASID_MASK;
}

/* The guest gets the interrupt that is due, if it has interrupts on. */
static void deliver(struct para *h) {
  if (!(h->status & ST_IE)) return;
  if (h->timer == 0)
    reflect(h, CAUSE_TIMER, 0, 0);
  else if (h->page->pending & h->page->enabled & PARA_INPUT)
    reflect(h, CAUSE_DEVICE, 0, 0);
}

static void enter(struct para *h) {
  struct vm *vm = h->vm;
  struct vm_state *s = vm->state;
  deliver(h);
  uint32_t space = space_of(h->status);
  do { /* the second ASID may be taken from the first holder; then the first gets another one */
    space_ready(h, 0);
    space_ready(h, space);
  } while (!h->asid[0]);
  running->para = h;
  running->page = h->page;
  running->table = h->table;
  running->tag = h->tag[space];
  running->status = h->status;
  running->timer = h->timer;
  running->kernel_status = ST_U | ST_IE | ST_T | h->asid[0] << ST_ASID_SHIFT;
  running->kernel_tag = h->tag[0];
  running->id = vm->id;
  running->ram = vm->ram;
  running->bytes = vm->bytes;
  running->directory = vm->owner->pages;
  low_core->save = s->x;
  low_core->pages = NULL;
  low_core->pc = s->pc;
  low_core->status = ST_U | ST_IE | ST_T | h->asid[space] << ST_ASID_SHIFT;
  low_core->timer = running->entered = (h->status & ST_IE) && h->timer < slice ? h->timer : slice;
  low_core->vector = (uint32_t)hypervisor_entry;
  mark(MARK_VM, vm->id, h->status | VM_PARAVIRTUAL);
  return resume(s->x);
}

/* Ends vm_run. Never returns. */
static void leave(struct para *h, uint32_t reason) {
  struct vm_state *s = h->vm->state;
  struct proc *p = h->vm->owner;
  s->reason = reason;
  s->retired = 0;
  s->cause = low_core->cause;
  s->badva = low_core->badva;
  s->badinst = low_core->badinst;
  s->vstatus = h->status;
  s->timer = h->timer;
  h->active = false;
  p->vm = NULL;
  return proc_end_run(p, 0);
}

/* ---- hypercalls ---- */

static bool status_ok(uint32_t status) {
  uint32_t bits = status & ~ST_ASID_MASK;
  return bits == (ST_U | ST_IE | ST_T) || bits == ST_IE || bits == 0;
}

/* Never returns. */
static void iret(struct para *h) {
  struct vm_state *s = h->vm->state;
  uint32_t status = h->page->low_core[LC_STATUS / 4];
  int32_t error = status_ok(status) ? flush(h) : -EINVAL;
  if (error) {
    s->x[10] = error;
    return enter(h);
  }
  h->status = status;
  h->timer = h->page->low_core[LC_TIMER / 4];
  s->pc = h->page->low_core[LC_PC / 4];
  s->x[17] = h->page->a7;
  return h->page->kick ? leave(h, VM_KICK) : enter(h);
}

/* Never returns. */
static void answer(struct para *h) {
  uint32_t *x = h->vm->state->x;
  switch (x[17]) {
  case HCALL_START: x[10] = x[10] == PARA_VERSION ? 0 : -EINVAL; break;
  case HCALL_IRET: return iret(h);
  case HCALL_FLUSH: x[10] = flush(h); break;
  case HCALL_KICK: x[10] = 0; return leave(h, VM_KICK);
  case HCALL_WAIT: return leave(h, VM_TRAP);
  default: x[10] = -ENOSYS;
  }
  return enter(h);
}

/* ---- traps ---- */

/* The instructions since the entry: the guest's time goes on by them. */
static void settle(struct para *h) {
  uint32_t used = running->entered - low_core->timer;
  h->status = running->status;
  h->timer = running->timer - (h->status & ST_IE ? used : 0);
  h->page->tick += used;
  h->vm->state->pc = low_core->pc;
  charge(used + TRAP_COST);
}

/* The timer or a device has interrupted the guest. Never returns. */
static void interrupted(struct para *h, uint32_t cause) {
  struct proc *p = h->vm->owner;
  if (cause == CAUSE_DEVICE) console_interrupt();
  if (p->killed) return leave(h, VM_EVENT);
  if ((h->vm->state->events & EVENT_INPUT) && console_readable_by(p)) return leave(h, VM_EVENT);
  if (slice) return enter(h);
  p->state = PROC_RUNNABLE;
  return schedule();
}

static bool is_miss(uint32_t cause) {
  return cause == CAUSE_FETCH_MISS || cause == CAUSE_LOAD_MISS || cause == CAUSE_STORE_MISS;
}

void hypervisor_trap(void) {
  struct para *h = running->para;
  uint32_t cause = low_core->cause, badva = low_core->badva;
  settle(h);
  if (cause <= CAUSE_DEVICE) return interrupted(h, cause);
  if (h->status & ST_U) {
    reflect(h, cause, badva, low_core->badinst);
    return enter(h);
  }
  if (cause == CAUSE_HCALL) return answer(h);
  if (!is_miss(cause) || badva >= h->vm->bytes) return leave(h, VM_TRAP);
  charge(OP_COST);
  fill(h, 0, badva & TLB_VPN_MASK, (uint32_t)guest_frame(h->vm, badva) | TLB_RIGHTS);
  return enter(h);
}

/* ---- for vm.c ---- */

bool hypervisor_enter(struct vm *vm) {
  struct para *h = &paras[vm->id - 1];
  if (!h->active || h->vm != vm) return false;
  enter(h);
  return true;
}

/* The VM's first run with VM_PARA. */
static void begin(struct para *h, struct vm *vm) {
  table_clear(h);
  h->vm = vm;
  h->page = guest_frame(h->vm, 0);
  vm->of = VM_PARA;
}

bool hypervisor_run(struct vm *vm, uint32_t space) {
  struct para *h = &paras[vm->id - 1];
  struct vm_state *s = vm->state;
  struct proc *p = vm->owner;
  uint32_t status = s->vstatus, events = s->events;
  if (space != VM_PARA || vm->pages || events > EVENT_INPUT || !status_ok(status)) return false;
  charge(RUN_COST);
  if (vm->of != VM_PARA) begin(h, vm);
  asid_put(&vm->asid[0]); /* so that vm_enter asks us */
  vm->space = 0;
  h->status = status;
  h->timer = s->timer;
  h->active = true;
  p->vm = vm;
  if (events && console_readable && console_readable_by(p))
    leave(h, VM_EVENT);
  else
    enter(h);
  return true;
}
