/* vm.c - the kernel's part of virtual machines: the system calls vm_create, vm_run and vm_destroy, and traps
 * out of a VM. platform.h describes the interface; the other part, the virtual machine monitor (VMM), is a
 * program in vmm/.
 *
 * For the kernel a VM is a part of its process's memory, which is the VM's RAM; a state page; and a shadow of
 * its virtual TLB, slot by slot. The guest runs in user mode, translated. Each of its address spaces has an
 * ASID of the real TLB: space 0 is the guest's physical memory, for a guest that runs untranslated; space 1 +
 * a is the guest's ASID a. The safety of all other memory rests on this invariant: an entry of the real TLB
 * with one of the VM's ASIDs leads to a frame of the VM's RAM, and belongs either to space 0 or to a slot of
 * the shadow.
 *
 * The kernel deals with a trap out of a VM itself if the VMM need not know of it. These traps are the timer,
 * the console, and a hidden fill, that is, a miss of the real TLB on a page that the shadow has. Each other
 * trap ends vm_run: the VMM decides. */
#include "window.h"

static struct vm vms[NVM], *vms_end = vms; /* vms_end: behind the last that is in use; each is pages long */

/* What is charged, in instructions: for an exit with the vm_run that follows, a fill, one in the window, to find none
 * there on the way to an exit, a change of the virtual TLB, to look at a slot and to clear it. */
enum { EXIT_COST = 345, FILL_COST = 220, WINDOW_COST = 320, LOOK_COST = 200 };
enum { OP_COST = 300, SLOT_COST = 7, CLEAR_COST = 70 };

/* ---- the shadow of the virtual TLB ---- */

HOT static uint32_t bucket_of(uint32_t space, uint32_t vpn) {
  return ((vpn >> PAGE_SHIFT) ^ (space << 4)) % BUCKETS;
}

/* The high word that the slot has in the real TLB. */
HOT static uint32_t hi_of(struct vm *vm, const struct shadow *s) { return s->vpn | vm->asid[s->space]; }

HOT struct shadow *shadow_find(struct vm *vm, uint32_t space, uint32_t vpn) {
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

/* Empties a slot; its entry in the real TLB goes, too. */
HOT static noinline void slot_clear(struct vm *vm, struct shadow *s) {
  if (!(s->gpn_rwx & TLB_RIGHTS)) return;
  if (vm->asid[s->space]) tlb_drop(s->real, hi_of(vm, s));
  unlink_slot(vm, s);
  s->gpn_rwx = 0;
}

/* Empties every slot of a space; of all spaces for VM_ALL. */
static void space_clear(struct vm *vm, uint32_t space) {
  uint32_t slots = tlb_entries(), cleared = 0;
  for (struct shadow *s = vm->slot, *end = s + slots; s < end; s++) {
    if (!(s->gpn_rwx & TLB_RIGHTS) || (space != VM_ALL && s->space != space)) continue;
    slot_clear(vm, s);
    cleared++;
  }
  charge(SLOT_COST * slots + CLEAR_COST * cleared);
}

/* Puts the slot's entry into the real TLB, which has no entry for that page yet. */
HOT static noinline void install(struct vm *vm, struct shadow *s) {
  if (!vm->asid[s->space]) asid_get(&vm->asid[s->space]);
  void *frame = guest_frame(vm, s->gpn_rwx);
  s->real = tlb_install(hi_of(vm, s), (uint32_t)frame | (s->gpn_rwx & TLB_RIGHTS));
}

/* May the VMM change its virtual TLB so? Nothing that it asks for may lead outside the VM's RAM. */
HOT static noinline bool op_ok(struct vm *vm, const struct vm_op *op) {
  if (op->slot == VM_ALL) return op->space == VM_ALL || op->space < SPACES;
  if (op->slot == VM_PAGE) return vm->pages && op->vpn < 1 << 20;
  if (op->slot >= tlb_entries() || (op->gpn_rwx & 0xFF8)) return false;
  if (!(op->gpn_rwx & TLB_RIGHTS)) return true;
  return op->space > 0 && op->space < SPACES && op->vpn < 1 << 20 && (op->gpn_rwx & TLB_PFN_MASK) < vm->bytes;
}

HOT static noinline void op_apply(struct vm *vm, const struct vm_op *op) {
  if (op->slot == VM_ALL) {
    space_clear(vm, op->space);
    return;
  }
  if (op->slot == VM_PAGE) {
    if (vm->asid[0]) tlb_drop_page(op->vpn << PAGE_SHIFT | vm->asid[0]);
    return;
  }
  struct shadow *s = &vm->slot[op->slot];
  slot_clear(vm, s);
  if (!(op->gpn_rwx & TLB_RIGHTS)) return;
  struct shadow *twin = shadow_find(vm, op->space, op->vpn << PAGE_SHIFT);
  if (twin) slot_clear(vm, twin); /* two entries for one page must never be in the TLB */
  s->vpn = op->vpn << PAGE_SHIFT;
  s->space = op->space;
  s->gpn_rwx = op->gpn_rwx;
  link_slot(vm, s);
  install(vm, s);
}

/* ---- entering and leaving ---- */

__attribute__((weak)) bool hypervisor_enter(struct vm *vm) { return vm && false; }
__attribute__((weak)) bool hypervisor_run(struct vm *vm, uint32_t space) { return vm && space && false; }

/* Its space has no ASID at the moment. Never returns. */
static noinline void enter_afresh(struct vm *vm) {
  if (hypervisor_enter(vm)) return;
  asid_get(&vm->asid[vm->space]);
  return vm_enter(vm);
}

HOT void vm_enter(struct vm *vm) {
  struct vm_state *s = vm->state;
  uint32_t asid = vm->asid[vm->space];
  if (!asid) return enter_afresh(vm);
  low_core->save = s->x;
  low_core->pages = NULL;
  low_core->pc = s->pc;
  low_core->status = ST_U | ST_IE | ST_T | asid << ST_ASID_SHIFT;
  low_core->timer = vm->entered = vm->budget < slice ? vm->budget : slice;
  mark(MARK_VM, vm->id, s->vstatus);
  return resume(s->x);
}

/* Ends vm_run: the VMM goes on, with 0 as the result. Never returns. */
HOT static void leave(struct vm *vm, uint32_t reason) {
  struct vm_state *s = vm->state;
  struct proc *p = vm->owner;
  s->reason = reason;
  p->vm = NULL;
  p->x[10] = 0;
  return proc_resume(p);
}

/* At an exit: charges the instructions that the guest has retired since its entry, and the exit itself. */
HOT static void settle(struct vm *vm) {
  uint32_t used = vm->entered - low_core->timer;
  vm->state->retired += used;
  vm->budget -= used;
  charge(used + EXIT_COST);
  vm->state->pc = low_core->pc;
}

/* The timer or a device has interrupted the guest. Never returns. */
static noinline void interrupt(struct vm *vm) {
  uint32_t cause = low_core->cause;
  settle(vm);
  if (cause == CAUSE_DEVICE) console_interrupt();
  if (vm->owner->killed) return leave(vm, VM_EVENT);
  if (vm->budget == 0) return leave(vm, VM_BUDGET);
  if ((vm->state->events & EVENT_INPUT) && console_readable_by(vm->owner)) return leave(vm, VM_EVENT);
  if (cause == CAUSE_DEVICE || slice) return vm_enter(vm);
  vm->owner->state = PROC_RUNNABLE;
  return schedule();
}

/* Ends vm_run and tells the VMM about the trap. Never returns. */
HOT static noinline void hand_over(struct vm *vm) {
  struct vm_state *s = vm->state;
  settle(vm);
  s->cause = low_core->cause;
  s->badva = low_core->badva;
  s->badinst = low_core->badinst;
  return leave(vm, VM_TRAP);
}

/* Charges the guest for a fill, after which it goes on. If its turn is what TIMER will end, it ends that much earlier. */
HOT static void charge_fill(struct vm *vm, uint32_t cost) {
  uint32_t timer = low_core->timer, used = vm->entered - timer;
  uint32_t left = slice > used + cost ? slice - used - cost : 0;
  slice = used + left;
  if (left >= timer) return;
  vm->entered = slice;
  low_core->timer = left;
}

/* Is this a miss, on a page with that right? */
static bool fills(uint32_t cause, uint32_t rights) {
  return (cause == CAUSE_LOAD_MISS && (rights & TLB_R)) || (cause == CAUSE_STORE_MISS && (rights & TLB_W)) ||
         (cause == CAUSE_FETCH_MISS && (rights & TLB_X));
}

/* The virtual TLB has the page; the real TLB has lost its entry. The VMM need not know. Never returns. */
HOT static noinline void hidden_fill(struct vm *vm, struct shadow *s) {
  install(vm, s);
  charge_fill(vm, FILL_COST);
  return resume(vm->state->x);
}

/* A miss in a space of the window. Never returns. */
static noinline void window_miss(struct vm *vm, uint32_t vpn) {
  uint32_t lo = window_entry(vm, vpn);
  if (!fills(low_core->cause, lo)) {
    charge(LOOK_COST);
    return hand_over(vm);
  }
  tlb_install(vpn | vm->asid[0], lo);
  charge_fill(vm, WINDOW_COST);
  return resume(vm->state->x);
}

/* The same for an untranslated guest, whose virtual addresses are its physical ones. Never returns. */
HOT static noinline void identity_fill(struct vm *vm, uint32_t vpn) {
  if (vm->pages) return window_miss(vm, vpn);
  tlb_install(vpn | vm->asid[0], (uint32_t)guest_frame(vm, vpn) | TLB_RIGHTS);
  charge_fill(vm, FILL_COST);
  return resume(vm->state->x);
}

/* A miss of the real TLB. Never returns. */
HOT static void miss(struct vm *vm, uint32_t cause) {
  uint32_t vpn = low_core->badva & TLB_VPN_MASK;
  if (vm->space == 0) return vpn < vm->identity ? identity_fill(vm, vpn) : hand_over(vm);
  struct shadow *s = shadow_find(vm, vm->space, vpn);
  return s && fills(cause, s->gpn_rwx) ? hidden_fill(vm, s) : hand_over(vm);
}

/* The comparisons stand in an order that suits the frequent causes: misses, then system calls and rfe. */
HOT void vm_trap(struct vm *vm) {
  uint32_t cause = low_core->cause;
  if (cause >= CAUSE_LOAD_MISS) return cause <= CAUSE_STORE_MISS ? miss(vm, cause) : hand_over(vm);
  if (cause >= CAUSE_ILLEGAL) return hand_over(vm); /* an instruction: a system call, an rfe, ... */
  if (cause <= CAUSE_DEVICE) return interrupt(vm);
  return cause == CAUSE_FETCH_MISS ? miss(vm, cause) : hand_over(vm);
}

/* ---- the system calls ---- */

/* Applies all changes of the virtual TLB, or none of them; false: none, because one is refused. */
HOT static bool apply(struct vm *vm, uint32_t nops) {
  struct vm_state *s = vm->state;
  if (nops > VM_OPS) return false;
  for (uint32_t i = 0; i < nops; i++)
    if (!op_ok(vm, &s->op[i])) return false;
  charge(OP_COST * nops);
  for (uint32_t i = 0; i < nops; i++) op_apply(vm, &s->op[i]);
  s->nops = 0;
  return true;
}

/* vm_run fails. Never returns. */
static void refuse(struct proc *p) {
  p->x[10] = -EINVAL;
  return proc_resume(p);
}

/* Enters the guest in a space that is checked. Never returns. */
HOT static inline void run_in(struct vm *vm, struct proc *p, uint32_t space, uint32_t events) {
  struct vm_state *s = vm->state;
  vm->space = space;
  vm->budget = s->budget;
  s->retired = 0;
  p->vm = vm;
  return events && console_readable && console_readable_by(p) ? leave(vm, VM_EVENT) : vm_enter(vm);
}

/* state->space is none of the guest's own spaces. Never returns. */
static noinline void run_window(struct vm *vm, struct proc *p, uint32_t space) {
  uint32_t events = vm->state->events;
  if (hypervisor_run(vm, space)) return;
  if (!window_space_ok(vm, space) || events > EVENT_INPUT) return refuse(p);
  if (vm->of != space) asid_put(&vm->asid[0]);
  vm->of = space & ~VM_FRESH;
  return run_in(vm, p, 0, events);
}

/* Enters the guest, unless an event that should end the run is there already. Never returns. */
HOT static void run(struct vm *vm, struct proc *p) {
  struct vm_state *s = vm->state;
  uint32_t space = s->space, events = s->events;
  if (space >= SPACES || events > EVENT_INPUT) return run_window(vm, p, space);
  return run_in(vm, p, space, events);
}

/* The same, with changes of the virtual TLB to be made first. Never returns. */
HOT static noinline void change_and_run(struct vm *vm, struct proc *p) {
  return apply(vm, vm->state->nops) ? run(vm, p) : refuse(p);
}

HOT void vm_run(struct proc *p) {
  uint32_t index = p->x[10] - 1;
  if (index >= NVM) return refuse(p);
  struct vm *vm = &vms[index];
  OPTIMIZER_HIDE_VAR(vm);
  if (vm->owner != p) return refuse(p);
  return vm->state->nops ? change_and_run(vm, p) : run(vm, p);
}

/* Only for the table: trap.c calls vm_run itself, which never returns. */
CALL1(vm_run, id) {
  vm_run(p);
  return 0;
}

bool vm_pins(struct proc *p, uint32_t from, uint32_t to) {
  for (struct vm *vm = vms; vm < vms_end; vm++) {
    if (vm->owner != p) continue;
    if (from < vm->ram + vm->bytes && to > vm->ram) return true;
    if (from < vm->state_va + PAGE_SIZE && to > vm->state_va) return true;
    if (vm->pages && window_pins(vm, from, to)) return true;
  }
  return false;
}

bool vm_owned(struct proc *p) { return vm_pins(p, 0, UINT32_MAX); }

struct vm *vm_named(struct proc *p, uint32_t id) {
  return id - 1 < NVM && vms[id - 1].owner == p ? &vms[id - 1] : NULL;
}

bool vm_make_ready(struct proc *p, uint32_t from, uint32_t bytes) {
  for (uint32_t va = from; va < from + bytes; va += PAGE_SIZE) {
    uint32_t *pte = space_pte_make(p, va);
    if (!pte || (*pte && !space_reach(p, va, TLB_W))) return false;
  }
  return true;
}

CALL3(vm_create, state, ram, bytes) {
  if (!is_page(state) || !is_page(ram) || !is_page(bytes) || bytes == 0) return -EINVAL;
  if (!in_heap(p, state, PAGE_SIZE) || !in_heap(p, ram, bytes)) return -EFAULT;
  if (state >= ram && state - ram < bytes) return -EINVAL;
  if (vm_pins(p, state, state + PAGE_SIZE) || vm_pins(p, ram, ram + bytes)) return -EBUSY;
  struct vm *vm = vms;
  while (vm < vms + NVM && vm->owner) vm++;
  if (vm == vms + NVM) return -EAGAIN;
  struct vm_state *page = space_reach(p, state, TLB_W);
  if (page && page->version != VM_VERSION) return -EINVAL;
  if (!page || !vm_make_ready(p, ram, bytes)) return -ENOMEM;
  memset(vm, 0, sizeof *vm);
  memset(vm->bucket, 0xFF, sizeof vm->bucket);
  vm->state = page;
  vm->owner = p;
  vm->id = vm - vms + 1;
  vm->state_va = state, vm->ram = ram, vm->bytes = bytes;
  if (vm >= vms_end) vms_end = vm + 1;
  page->tlb_entries = tlb_entries();
  vm->identity = bytes;
  page->cpu = dev_load(DEV_FACTS + FACTS_CPU);
  return vm->id;
}

/* Destroys the VM; its memory stays, as memory of the process. */
static void release(struct vm *vm) {
  for (uint32_t i = 0; i < SPACES; i++) asid_put(&vm->asid[i]);
  if (vm->owner->vm == vm) vm->owner->vm = NULL;
  vm->owner = NULL;
  while (vms_end > vms && !vms_end[-1].owner) vms_end--;
}

/* A clock whose page is not there is not brought in for a process that asks. */
void vm_tell(struct proc *p, struct pg32_procinfo *info) {
  for (struct vm *vm = vms; vm < vms_end; vm++) {
    if (vm->owner != p) continue;
    uint32_t clock = vm->state->clock & ~7u, *pte = clock < USER_TOP ? space_pte(p, clock) : NULL;
    if (pte && *pte) info->vm_ticks += *(uint64_t *)((*pte & TLB_PFN_MASK) | (clock & (PAGE_SIZE - 1)));
    info->vms++;
    info->vm_pages += vm->bytes >> PAGE_SHIFT;
  }
}

CALL1(vm_destroy, id) {
  struct vm *vm = vm_named(p, id);
  if (!vm) return -EINVAL;
  release(vm);
  return 0;
}

void vm_release_all(struct proc *p) {
  for (struct vm *vm = vms; vm < vms_end; vm++)
    if (vm->owner == p) release(vm);
}
