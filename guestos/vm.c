/* vm.c - virtual machines for user processes: vm_create, vm_run, vm_destroy.
 *
 * A VM is a window of its process's memory as RAM, a state page, and a shadow of its virtual TLB, slot by
 * slot. It runs in user mode, translated, under ASIDs of its own, one a space: space 0 is the identity
 * (the guest untranslated), space 1 + a is virtual ASID a. What the kernel loads into the real TLB for a
 * VM is always in a shadow slot or the identity, and what is in a shadow slot was put there by the VMM.
 *
 * A trap out of a VM is dealt with here if it is the kernel's own business (its timer, the console, an
 * entry that the real TLB lacks but the shadow has: a hidden fill). All else ends vm_run. */
#include "kernel.h"

enum { SLOTS = 256, SPACES = 1 + ASIDS, BUCKETS = 4 * SLOTS, NO_SLOT = -1 };

struct shadow {     /* one slot; free when gpn_rwx has no rights */
  uint32_t vpn;     /* guest-virtual page, in place */
  uint32_t gpn_rwx; /* guest-physical page in place | rights */
  uint16_t space;
  int16_t next;  /* in the bucket's chain; NO_SLOT ends it */
  uint16_t real; /* the real TLB's slot it was last installed in */
};

struct vm {
  struct vm_state *state; /* the pinned page, by its physical address */
  struct proc *owner;
  uint32_t state_va, ram, bytes;
  uint32_t id;
  uint32_t budget;  /* what is left of state->budget; of "no limit" too, which the VMM does not notice */
  uint32_t entered; /* TIMER as loaded at the last entry */
  uint16_t space;   /* the one it runs in */
  int16_t bucket[BUCKETS];
  uint8_t asid[SPACES]; /* real ASID of a space; 0 = none at the moment */
  struct shadow slot[SLOTS];
} __attribute__((aligned(PAGE_SIZE)));
static struct vm vms[NVM]; /* id - 1 is the index; without an owner: free */

/* What the kernel does for a VM is on its process's account, about: else a guest that does nothing but trap
 * would have more than its share of the machine. */
enum { EXIT_COST = 300, CLEAR_COST = 20 /* a slot */ };

HOT static void charge(uint32_t instructions) {
  uint32_t left = slice; /* once: the low core is volatile */
  slice = left > instructions ? left - instructions : 0;
}

/* ---- the shadow ---- */

HOT static uint32_t bucket_of(uint32_t space, uint32_t vpn) {
  return ((vpn >> PAGE_SHIFT) ^ (space << 4)) % BUCKETS;
}

HOT static uint32_t hi_of(struct vm *vm, const struct shadow *s) { return s->vpn | vm->asid[s->space]; }

HOT static struct shadow *shadow_find(struct vm *vm, uint32_t space, uint32_t vpn) {
  for (int i = vm->bucket[bucket_of(space, vpn)]; i >= 0; i = vm->slot[i].next)
    if (vm->slot[i].vpn == vpn && vm->slot[i].space == space) return &vm->slot[i];
  return NULL;
}

HOT static void unlink_slot(struct vm *vm, struct shadow *s) {
  int16_t *at = &vm->bucket[bucket_of(s->space, s->vpn)];
  while (&vm->slot[*at] != s) at = &vm->slot[*at].next;
  *at = s->next;
}

HOT static void link_slot(struct vm *vm, struct shadow *s) {
  int16_t *at = &vm->bucket[bucket_of(s->space, s->vpn)];
  s->next = *at;
  *at = s - vm->slot;
}

/* Real entries of the slot go with it. */
HOT APART static void slot_clear(struct vm *vm, struct shadow *s) {
  if (!(s->gpn_rwx & TLB_RIGHTS)) return;
  if (vm->asid[s->space]) tlb_drop(s->real, hi_of(vm, s));
  unlink_slot(vm, s);
  s->gpn_rwx = 0;
}

static void space_clear(struct vm *vm, uint32_t space) {
  charge(CLEAR_COST * tlb_entries());
  for (struct shadow *s = vm->slot; s < vm->slot + tlb_entries(); s++)
    if (space == VM_ALL || s->space == space) slot_clear(vm, s);
}

HOT static void *guest_frame(struct vm *vm, uint32_t gpa) {
  return space_reach(vm->owner, vm->ram + (gpa & TLB_PFN_MASK), TLB_W);
}

HOT APART static void install(struct vm *vm, struct shadow *s) {
  if (!vm->asid[s->space]) asid_get(&vm->asid[s->space]);
  void *frame = guest_frame(vm, s->gpn_rwx);
  s->real = tlb_install(hi_of(vm, s), (uint32_t)frame | (s->gpn_rwx & TLB_RIGHTS));
}

HOT APART static bool op_ok(struct vm *vm, const struct vm_op *op) {
  if (op->slot == VM_ALL) return op->space == VM_ALL || op->space < SPACES;
  if (op->slot >= tlb_entries() || (op->gpn_rwx & 0xFF8)) return false;
  if (!(op->gpn_rwx & TLB_RIGHTS)) return true;
  return op->space > 0 && op->space < SPACES && op->vpn < 1 << 20 && (op->gpn_rwx & TLB_PFN_MASK) < vm->bytes;
}

HOT APART static void op_apply(struct vm *vm, const struct vm_op *op) {
  if (op->slot == VM_ALL) {
    space_clear(vm, op->space);
    return;
  }
  struct shadow *s = &vm->slot[op->slot];
  slot_clear(vm, s);
  if (!(op->gpn_rwx & TLB_RIGHTS)) return;
  struct shadow *twin = shadow_find(vm, op->space, op->vpn << PAGE_SHIFT);
  if (twin) slot_clear(vm, twin); /* no two entries ever match */
  s->vpn = op->vpn << PAGE_SHIFT;
  s->space = op->space;
  s->gpn_rwx = op->gpn_rwx;
  link_slot(vm, s);
  install(vm, s);
}

/* ---- entering and leaving ---- */

APART static INTO enter_afresh(struct vm *vm) {
  asid_get(&vm->asid[vm->space]);
  return vm_enter(vm);
}

HOT INTO vm_enter(struct vm *vm) {
  struct vm_state *s = vm->state;
  uint32_t asid = vm->asid[vm->space];
  if (!asid) return enter_afresh(vm);
  LC->save = s->x;
  LC->pages = NULL;
  LC->pc = s->pc;
  LC->status = ST_U | ST_IE | ST_T | asid << ST_ASID_SHIFT;
  LC->timer = vm->entered = vm->budget < slice ? vm->budget : slice;
  __asm__ volatile("mark %0, %1, %2" ::"i"(MARK_VM), "r"(vm->id), "r"(s->vstatus));
  return resume(s->x);
}

/* vm_run returns. */
HOT static INTO leave(struct vm *vm, uint32_t reason) {
  struct vm_state *s = vm->state;
  struct proc *p = vm->owner;
  s->reason = reason;
  p->vm = NULL;
  p->x[10] = 0;
  return proc_resume(p);
}

/* Charges what the guest retired since it was entered, and the exit. */
HOT static void settle(struct vm *vm) {
  uint32_t used = vm->entered - LC->timer;
  vm->state->retired += used;
  vm->budget -= used;
  charge(used + EXIT_COST);
  vm->state->pc = LC->pc;
}

APART static INTO interrupt(struct vm *vm) {
  uint32_t cause = LC->cause;
  settle(vm);
  if (cause == CAUSE_DEVICE) console_interrupt();
  if (vm->owner->killed) return leave(vm, VM_EVENT);
  if (vm->budget == 0) return leave(vm, VM_BUDGET);
  if ((vm->state->events & EVENT_INPUT) && console_readable_by(vm->owner)) return leave(vm, VM_EVENT);
  if (cause == CAUSE_DEVICE) return vm_enter(vm);
  vm->owner->state = PROC_RUNNABLE;
  return schedule();
}

/* Not the kernel's business. */
HOT APART static INTO hand_over(struct vm *vm) {
  struct vm_state *s = vm->state;
  settle(vm);
  s->cause = LC->cause;
  s->badva = LC->badva;
  s->badinst = LC->badinst;
  return leave(vm, VM_TRAP);
}

static bool fills(uint32_t cause, uint32_t rights) {
  return (cause == CAUSE_LOAD_MISS && (rights & TLB_R)) || (cause == CAUSE_STORE_MISS && (rights & TLB_W)) ||
         (cause == CAUSE_FETCH_MISS && (rights & TLB_X));
}

/* The guest may have this page and the real TLB has lost it, or never had it: no concern of the VMM's. */
HOT APART static INTO hidden_fill(struct vm *vm, struct shadow *s) {
  install(vm, s);
  return resume(vm->state->x);
}

HOT APART static INTO identity_fill(struct vm *vm, uint32_t vpn) {
  tlb_install(vpn | vm->asid[0], (uint32_t)guest_frame(vm, vpn) | TLB_RIGHTS);
  return resume(vm->state->x);
}

HOT static INTO miss(struct vm *vm, uint32_t cause) {
  uint32_t vpn = LC->badva & TLB_VPN_MASK;
  if (vm->space == 0) return vpn < vm->bytes ? identity_fill(vm, vpn) : hand_over(vm);
  struct shadow *s = shadow_find(vm, vm->space, vpn);
  return s && fills(cause, s->gpn_rwx) ? hidden_fill(vm, s) : hand_over(vm);
}

HOT INTO vm_trap(struct vm *vm) {
  uint32_t cause = LC->cause;
  if (cause >= CAUSE_LOAD_MISS) return cause <= CAUSE_STORE_MISS ? miss(vm, cause) : hand_over(vm);
  if (cause >= CAUSE_ILLEGAL) return hand_over(vm); /* about an instruction: a system call, an rfe */
  if (cause <= CAUSE_DEVICE) return interrupt(vm);
  return cause == CAUSE_FETCH_MISS ? miss(vm, cause) : hand_over(vm);
}

/* ---- the system calls ---- */

/* All the changes, or none of them. */
HOT static bool apply(struct vm *vm, uint32_t nops) {
  struct vm_state *s = vm->state;
  if (nops > VM_OPS) return false;
  for (uint32_t i = 0; i < nops; i++)
    if (!op_ok(vm, &s->op[i])) return false;
  for (uint32_t i = 0; i < nops; i++) op_apply(vm, &s->op[i]);
  s->nops = 0;
  return true;
}

static INTO refuse(struct proc *p) {
  p->x[10] = -EINVAL;
  return proc_resume(p);
}

HOT static INTO run(struct vm *vm, struct proc *p) {
  struct vm_state *s = vm->state;
  uint32_t space = s->space, events = s->events;
  if (space >= SPACES || events > EVENT_INPUT) return refuse(p);
  vm->space = space;
  vm->budget = s->budget;
  s->retired = 0;
  p->vm = vm;
  return events && console_readable && console_readable_by(p) ? leave(vm, VM_EVENT) : vm_enter(vm);
}

HOT APART static INTO change_and_run(struct vm *vm, struct proc *p) {
  charge(EXIT_COST);
  return apply(vm, vm->state->nops) ? run(vm, p) : refuse(p);
}

HOT INTO vm_run(struct proc *p) {
  uint32_t index = p->x[10] - 1;
  if (index >= NVM) return refuse(p);
  struct vm *vm = &vms[index];
  __asm__("" : "+r"(vm)); /* computed once */
  if (vm->owner != p) return refuse(p);
  return vm->state->nops ? change_and_run(vm, p) : run(vm, p);
}

bool vm_owned(struct proc *p) {
  for (struct vm *vm = vms; vm < vms + NVM; vm++)
    if (vm->owner == p) return true;
  return false;
}

bool vm_pins(struct proc *p, uint32_t from, uint32_t to) {
  for (struct vm *vm = vms; vm < vms + NVM; vm++) {
    if (vm->owner != p) continue;
    if (from < vm->ram + vm->bytes && to > vm->ram) return true;
    if (from < vm->state_va + PAGE_SIZE && to > vm->state_va) return true;
  }
  return false;
}

static bool in_heap(struct proc *p, uint32_t va, uint32_t bytes) {
  return va >= p->heap_start && va <= p->heap_end && bytes <= p->heap_end - va;
}

static bool is_page(uint32_t va) { return (va & (PAGE_SIZE - 1)) == 0; }

/* Pages of the window that are not there yet, each of which is promised a frame. */
static uint32_t missing(struct proc *p, uint32_t ram, uint32_t bytes) {
  uint32_t n = 0;
  for (uint32_t va = ram; va < ram + bytes; va += PAGE_SIZE) {
    uint32_t *pte = space_pte(p, va);
    if (!pte || !*pte) n++;
  }
  return n;
}

/* Makes what the window has its own already, and tables for the rest, so that filling it later cannot fail.
 */
static bool make_ready(struct proc *p, uint32_t ram, uint32_t bytes) {
  for (uint32_t va = ram; va < ram + bytes; va += PAGE_SIZE) {
    uint32_t *pte = space_pte_make(p, va);
    if (!pte || (*pte && !space_reach(p, va, TLB_W))) return false;
  }
  return true;
}

static struct vm *vm_new(void) {
  for (struct vm *vm = vms; vm < vms + NVM; vm++)
    if (!vm->owner) return vm;
  return NULL;
}

int vm_create(struct proc *p, uint32_t state, uint32_t ram, uint32_t bytes) {
  if (!is_page(state) || !is_page(ram) || !is_page(bytes) || bytes == 0) return -EINVAL;
  if (!in_heap(p, state, PAGE_SIZE) || !in_heap(p, ram, bytes)) return -EFAULT;
  if (state >= ram && state - ram < bytes) return -EINVAL;
  if (vm_pins(p, state, state + PAGE_SIZE) || vm_pins(p, ram, ram + bytes)) return -EBUSY;
  struct vm *vm = vm_new();
  if (!vm) return -EAGAIN;
  struct vm_state *page = space_reach(p, state, TLB_W);
  if (page && page->version != VM_VERSION) return -EINVAL;
  if (!page || !make_ready(p, ram, bytes) || !frames_reserve(missing(p, ram, bytes))) return -ENOMEM;
  memset(vm, 0, sizeof *vm);
  memset(vm->bucket, 0xFF, sizeof vm->bucket);
  vm->state = page;
  vm->owner = p;
  vm->id = vm - vms + 1;
  vm->state_va = state, vm->ram = ram, vm->bytes = bytes;
  page->tlb_entries = tlb_entries();
  return vm->id;
}

static void release(struct vm *vm) {
  frames_unreserve(missing(vm->owner, vm->ram, vm->bytes));
  for (uint32_t i = 0; i < SPACES; i++) asid_put(&vm->asid[i]);
  if (vm->owner->vm == vm) vm->owner->vm = NULL;
  vm->owner = NULL;
}

int vm_destroy(struct proc *p, uint32_t id) {
  if (id - 1 >= NVM || vms[id - 1].owner != p) return -EINVAL;
  release(&vms[id - 1]);
  return 0;
}

void vm_release_all(struct proc *p) {
  for (struct vm *vm = vms; vm < vms + NVM; vm++)
    if (vm->owner == p) release(vm);
}
