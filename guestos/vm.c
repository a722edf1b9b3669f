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

/* What is charged, in instructions: for an exit with the vm_run that follows, the same in the window, a fill, one in the
 * window, to find none there on the way to an exit, a change of the virtual TLB, and to empty a space or all. */
enum { EXIT_COST = 210, RUN_COST = 80, FILL_COST = 175, WINDOW_COST = 280, LOOK_COST = 200 };
enum { OP_COST = 215, CLEAR_COST = 100, ALL_COST = 1000 };

/* ---- the shadow of the virtual TLB ---- */

HOT static inline int16_t *bucket_of(struct vm *vm, uint32_t key) {
  return &vm->bucket[((key >> PAGE_SHIFT) ^ (key << 4)) % BUCKETS];
}

static inline uint8_t *asid_of(struct vm *vm, struct shadow *s) { return &vm->asid[s->key & SPACE_MASK]; }

HOT static inline bool is_live(struct vm *vm, const struct shadow *s) {
  return s->born >= vm->cleared[s->key & SPACE_MASK] && s->born >= vm->cleared_all;
}

/* The slot with that key, dead or alive; there is one at most. NULL: there is none. */
HOT static inline struct shadow *slot_find(struct vm *vm, uint32_t key) {
  for (int i = *bucket_of(vm, key); i >= 0; i = vm->slot[i].next)
    if (vm->slot[i].key == key) return &vm->slot[i];
  return NULL;
}

HOT struct shadow *shadow_find(struct vm *vm, uint32_t key) {
  struct shadow *s = slot_find(vm, key);
  return s && is_live(vm, s) ? s : NULL;
}

/* Empties a slot that is not empty. */
HOT static void unlink_slot(struct vm *vm, struct shadow *s) {
  int16_t *at = bucket_of(vm, s->key), index = s - vm->slot;
  while (*at != index) at = &vm->slot[*at].next;
  *at = s->next;
  s->gpn_rwx = 0;
}

/* The same; its entry in the real TLB goes, too. */
HOT static noinline void slot_clear(struct vm *vm, struct shadow *s) {
  uint32_t asid = *asid_of(vm, s);
  unlink_slot(vm, s);
  if (asid) tlb_drop(s->real, (s->key & TLB_VPN_MASK) | asid);
}

/* vm->now begins anew. The slots that are dead must not come to life. */
static noinline void clock_restart(struct vm *vm) {
  for (struct shadow *s = vm->slot; s < vm->slot + vm->slots; s++) {
    if (s->gpn_rwx && !is_live(vm, s)) unlink_slot(vm, s);
    s->born = 0;
  }
  memset(vm->cleared, 0, sizeof vm->cleared);
  vm->cleared_all = 0;
  vm->now = 1;
}

/* Empties every slot of a space; of all spaces for VM_ALL. What the real TLB has of them gets out of reach, as they
 * lose their ASIDs. */
static noinline void space_clear(struct vm *vm, uint32_t space) {
  charge(CLEAR_COST);
  if (++vm->now == 0) clock_restart(vm);
  if (space != VM_ALL) {
    vm->cleared[space] = vm->now;
    asid_put(&vm->asid[space]);
    return;
  }
  charge(ALL_COST);
  vm->cleared_all = vm->now;
  asids_put(&vm->asid[1], ASIDS); /* space 0 has no slots */
}

/* Puts the slot's entry into the real TLB, which has no entry for that page yet. */
HOT static inline void install(struct vm *vm, struct shadow *s) {
  void *frame = guest_frame(vm, s->gpn_rwx);
  uint8_t *asid = asid_of(vm, s);
  if (!*asid) asid_get(asid);
  s->real = tlb_install((s->key & TLB_VPN_MASK) | *asid, (uint32_t)frame | (s->gpn_rwx & TLB_RIGHTS));
}

/* What the VMM may ask for that is not about a slot. */
static noinline bool other_op_ok(struct vm *vm, const struct vm_op *op) {
  if (op->slot == VM_ALL) return op->space == VM_ALL || op->space < SPACES;
  return op->slot == VM_PAGE && vm->pages && op->vpn < 1 << 20;
}

/* May the VMM change its virtual TLB so? Nothing that it asks for may lead outside the VM's RAM. */
static inline __attribute__((always_inline)) bool op_ok(struct vm *vm, const struct vm_op *op) {
  uint32_t gpn_rwx = op->gpn_rwx, rights = gpn_rwx & (PAGE_SIZE - 1);
  if (op->slot >= vm->slots) return other_op_ok(vm, op);
  if (rights - 1 >= TLB_RIGHTS) return rights == 0;
  return op->space - 1u < ASIDS && op->vpn < 1 << 20 && (gpn_rwx & TLB_PFN_MASK) < vm->bytes;
}

static noinline void other_op_apply(struct vm *vm, const struct vm_op *op) {
  if (op->slot == VM_ALL) return space_clear(vm, op->space);
  if (vm->asid[0]) tlb_drop_page(op->vpn << PAGE_SHIFT | vm->asid[0]);
}

static inline __attribute__((always_inline)) void op_apply(struct vm *vm, const struct vm_op *op) {
  if (op->slot >= vm->slots) return other_op_apply(vm, op);
  struct shadow *s = &vm->slot[op->slot];
  OPTIMIZER_HIDE_VAR(s);
  if (s->gpn_rwx) slot_clear(vm, s);
  if (!(op->gpn_rwx & TLB_RIGHTS)) return;
  uint32_t key = op->vpn << PAGE_SHIFT | op->space;
  struct shadow *twin = slot_find(vm, key);
  if (twin) slot_clear(vm, twin); /* two entries for one page must never be in the TLB */
  int16_t *bucket = bucket_of(vm, key);
  s->key = key;
  s->gpn_rwx = op->gpn_rwx;
  s->born = vm->now;
  s->next = *bucket;
  *bucket = op->slot;
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
  uint32_t budget = vm->budget, left = slice;
  low_core->timer = vm->entered = budget < left ? budget : left;
  mark(MARK_VM, vm->id, s->vstatus);
  return resume(s->x);
}

/* vm_run ends: tells the VMM why. Returns the VMM. */
HOT static inline struct proc *end_run(struct vm *vm, uint32_t reason) {
  struct vm_state *s = vm->state;
  struct proc *p = vm->owner;
  s->reason = reason;
  s->retired = s->budget - vm->budget;
  p->vm = NULL;
  return p;
}

/* The VMM goes on, with 0 as the result of vm_run. Never returns. */
static noinline void leave(struct vm *vm, uint32_t reason) { return proc_end_run(end_run(vm, reason), 0); }

/* At an exit: charges the instructions that the guest has retired since its entry, and the exit itself. */
HOT static inline void settle(struct vm *vm) {
  uint32_t used = vm->entered - low_core->timer;
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
HOT static inline __attribute__((always_inline)) void hand_over_here(struct vm *vm) {
  struct vm_state *s = vm->state;
  settle(vm);
  s->cause = low_core->cause;
  s->badva = low_core->badva;
  s->badinst = low_core->badinst;
  return proc_resume_vmm(end_run(vm, VM_TRAP));
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

HOT static noinline void hand_over(struct vm *vm) { return hand_over_here(vm); }

/* Has the page the right that such a miss asks for? */
static bool fills(uint32_t cause, uint32_t rights) {
  return rights & (cause == CAUSE_LOAD_MISS ? TLB_R : cause == CAUSE_STORE_MISS ? TLB_W : TLB_X);
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
  struct shadow *s = shadow_find(vm, vpn | vm->space);
  return s && fills(cause, s->gpn_rwx) ? hidden_fill(vm, s) : hand_over(vm);
}

/* One comparison finds the causes between those of fetches and those of loads: an instruction has trapped, a system call
 * or an rfe, for example. These are the most frequent, so hand_over is here for them once more. */
HOT void vm_trap(struct vm *vm, uint32_t cause) {
  if (unlikely(cause - CAUSE_ILLEGAL >= CAUSE_LOAD_MISS - CAUSE_ILLEGAL)) {
    if (cause >= CAUSE_LOAD_MISS ? cause <= CAUSE_STORE_MISS : cause == CAUSE_FETCH_MISS)
      return miss(vm, cause);
    if (cause <= CAUSE_DEVICE) return interrupt(vm);
  }
  return hand_over_here(vm);
}

/* ---- the system calls ---- */

/* Applies all changes of the virtual TLB, or none of them; false: none, because one is refused. */
static noinline bool apply(struct vm *vm, uint32_t nops) {
  struct vm_op *op = vm->state->op;
  if (nops > VM_OPS) return false;
  for (uint32_t i = 0; i < nops; i++)
    if (!op_ok(vm, &op[i])) return false;
  charge(OP_COST * nops);
  for (uint32_t i = 0; i < nops; i++) op_apply(vm, &op[i]);
  return true;
}

/* vm_run fails. Never returns. */
static noinline void refuse(struct proc *p) { return proc_end_run(p, -EINVAL); }

/* Enters the guest in a space that is checked. Never returns. */
HOT static inline void run_in(struct vm *vm, struct proc *p, uint32_t space) {
  vm->space = space;
  vm->budget = vm->state->budget;
  p->vm = vm;
  return vm_enter(vm);
}

/* The same; events may be there already. Never returns. */
static noinline void run_for(struct vm *vm, struct proc *p, uint32_t space, uint32_t events) {
  if (events > EVENT_INPUT) return refuse(p);
  if (!events || !console_readable_by(p)) return run_in(vm, p, space);
  vm->budget = vm->state->budget;
  return leave(vm, VM_EVENT);
}

/* state->space is none of the guest's own spaces. Never returns. */
static noinline void run_window(struct vm *vm, struct proc *p, uint32_t space) {
  uint32_t events = vm->state->events;
  if (hypervisor_run(vm, space)) return;
  if (!window_space_ok(vm, space) || events > EVENT_INPUT) return refuse(p);
  charge(RUN_COST);
  if (vm->of != space) asid_put(&vm->asid[0]);
  vm->of = space & ~VM_FRESH;
  return run_for(vm, p, 0, events);
}

/* Enters the guest, unless an event that should end the run is there already. Never returns. */
HOT static void run(struct vm *vm, struct proc *p) {
  struct vm_state *s = vm->state;
  uint32_t space = s->space, events = s->events;
  if (space >= SPACES) return run_window(vm, p, space);
  if (events && (events > EVENT_INPUT || console_readable)) return run_for(vm, p, space, events);
  return run_in(vm, p, space);
}

/* The same, with changes of the virtual TLB to be made first; mostly there is one. Never returns. */
HOT static noinline void change_and_run(struct vm *vm) {
  struct vm_state *s = vm->state;
  uint32_t nops = s->nops;
  if (nops == 1) {
    if (!op_ok(vm, s->op)) return refuse(vm->owner);
    charge(OP_COST);
    op_apply(vm, s->op);
  } else if (!apply(vm, nops)) {
    return refuse(vm->owner);
  }
  s->nops = 0;
  return run(vm, vm->owner);
}

/* It is another VM than that which p ran last. Never returns. */
static noinline void run_other(uint32_t id, struct proc *p) {
  if (id - 1 >= NVM || vms[id - 1].owner != p) return refuse(p);
  p->ran = &vms[id - 1];
  return vm_run(id, p);
}

HOT void vm_run(uint32_t id, struct proc *p) {
  p->pc = low_core->pc;
  slice = low_core->timer;
  struct vm *vm = p->ran;
  if (!vm || vm->id != id) return run_other(id, p);
  return vm->state->nops ? change_and_run(vm) : run(vm, p);
}

/* Only for the table: entry.S calls vm_run itself, which never returns. */
CALL1(vm_run, id) {
  vm_run(id, p);
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
  vm->state_va = state, vm->ram = ram, vm->bytes = vm->identity = bytes;
  if (vm >= vms_end) vms_end = vm + 1;
  page->tlb_entries = vm->slots = tlb_entries();
  page->cpu = dev_load(DEV_FACTS + FACTS_CPU);
  return vm->id;
}

/* Destroys the VM; its memory stays, as memory of the process. */
static void release(struct vm *vm) {
  asid_put(&vm->asid[0]);
  asids_put(&vm->asid[1], ASIDS);
  if (vm->owner->vm == vm) vm->owner->vm = NULL;
  vm->owner->ran = NULL;
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
