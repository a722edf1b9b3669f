/* trap.c - a trap out of the guest: reflect, emulate or fill.
 *
 * If the guest's application caused it, it is the guest kernel's to handle: reflect. If the guest's
 * kernel executed a privileged instruction or touched a device: emulate. A memory fault is looked at
 * afresh, with the virtual TLB, because the real cause need not be the virtual one. */
#include "vmm.h"

/* What the hardware does at a trap, done to the virtual machine: the old PSW and the reason into its low
 * core, kernel mode, its vector into its PC. */
void vm__reflect(struct vm *vm, uint32_t cause, uint32_t badva, uint32_t badinst) {
  uint32_t *e = vm->low_core;
  if (cause > CAUSE_DEVICE && !vm->retired) {
    vm__stop(vm, "a trap right after a trap");
    return;
  }
  vm->retired = false;
  e[LC_PC / 4] = vm->state->pc;
  e[LC_STATUS / 4] = vm->state->vstatus;
  e[LC_TIMER / 4] = vm->timer;
  e[LC_CAUSE / 4] = cause;
  e[LC_BADVA / 4] = badva;
  e[LC_BADINST / 4] = badinst;
  vm->state->pc = e[LC_VECTOR / 4];
  vm_set_status(vm, vm->state->vstatus & ST_ASID_MASK);
}

/* ---- memory ---- */

struct access {
  uint32_t right;            /* 0: this cause is about no address that could be translated */
  uint32_t miss, prot, bus;  /* the virtual causes it may turn out to be */
};

#define ACCESS(kind, right) {right, CAUSE_##kind##_MISS, CAUSE_##kind##_PROT, CAUSE_##kind##_BUS}
static const struct access access_of[32] = {
    [CAUSE_FETCH_MISS] = ACCESS(FETCH, TLB_X), [CAUSE_FETCH_PROT] = ACCESS(FETCH, TLB_X),
    [CAUSE_FETCH_BUS] = ACCESS(FETCH, TLB_X),  [CAUSE_LOAD_MISS] = ACCESS(LOAD, TLB_R),
    [CAUSE_LOAD_PROT] = ACCESS(LOAD, TLB_R),   [CAUSE_LOAD_BUS] = ACCESS(LOAD, TLB_R),
    [CAUSE_STORE_MISS] = ACCESS(STORE, TLB_W), [CAUSE_STORE_PROT] = ACCESS(STORE, TLB_W),
    [CAUSE_STORE_BUS] = ACCESS(STORE, TLB_W),
};

/* A load or store of a device register: only whole words are answered. */
static bool device_access(struct vm *vm, uint32_t gpa, uint32_t insn) {
  uint32_t value;
  if (insn_op(insn) == PG32_OP_sw) return device__store(vm, gpa, vm->state->x[insn_rd(insn)]);
  if (insn_op(insn) != PG32_OP_lw || !device__load(vm, gpa, &value)) return false;
  vm_set_register(vm, insn_rd(insn), value);
  return true;
}

static void emulate_device(struct vm *vm, uint32_t gpa, uint32_t bus_error) {
  struct vm_state *s = vm->state;
  if (!device_access(vm, gpa, s->badinst)) {
    vm__reflect(vm, bus_error, s->badva, s->badinst);
    return;
  }
  vm__retire(vm);
}

/* The virtual TLB has nothing against the access, which is to guest-physical address gpa. e: the entry used. */
APART static void physical_access(struct vm *vm, const struct access *access, uint32_t gpa, struct vtlb_entry *e) {
  struct vm_state *s = vm->state;
  if (gpa >= DEV_BASE && access->right != TLB_X)
    emulate_device(vm, gpa, access->bus);
  else if (gpa >= vm->ram_bytes)
    vm__reflect(vm, access->bus, s->badva, s->badinst);
  else if (e)
    vm__shadow(vm, e - vm->tlb.slot); /* the kernel has lost it: say it again */
}

/* xlate(va, access, virtual T, virtual ASID, virtual TLB) */
static void memory_trap(struct vm *vm, const struct access *access) {
  struct vm_state *s = vm->state;
  uint32_t va = s->badva;
  if (!(s->vstatus & ST_T)) return physical_access(vm, access, va, NULL);
  struct vtlb_entry *e = vtlb_find(&vm->tlb, (va & TLB_VPN_MASK) | vm_asid(vm));
  if (!e) return vm__reflect(vm, access->miss, va, s->badinst);
  if (!(e->lo & access->right)) return vm__reflect(vm, access->prot, va, s->badinst);
  return physical_access(vm, access, (e->lo & TLB_PFN_MASK) | (va & (PAGE_SIZE - 1)), e);
}

void vm__trap(struct vm *vm) {
  struct vm_state *s = vm->state;
  uint32_t cause = s->cause;
  if (cause >= CAUSE_LOAD_MISS)
    memory_trap(vm, &access_of[cause]);
  else if (cause == CAUSE_PRIVILEGED && !(s->vstatus & ST_U))
    vm__emulate(vm, s->badinst);
  else if (cause != CAUSE_SYSCALL && access_of[cause].right) /* a fetch */
    memory_trap(vm, &access_of[cause]);
  else
    vm__reflect(vm, cause, s->badva, s->badinst);
}
