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
  uint32_t right;             /* 0: this cause is about no address that could be translated */
  uint32_t bus_error;
};

static const struct access access_of[32] = {
    [CAUSE_FETCH_MISS] = {TLB_X, CAUSE_FETCH_BUS}, [CAUSE_FETCH_PROT] = {TLB_X, CAUSE_FETCH_BUS},
    [CAUSE_FETCH_BUS] = {TLB_X, CAUSE_FETCH_BUS},  [CAUSE_LOAD_MISS] = {TLB_R, CAUSE_LOAD_BUS},
    [CAUSE_LOAD_PROT] = {TLB_R, CAUSE_LOAD_BUS},   [CAUSE_LOAD_BUS] = {TLB_R, CAUSE_LOAD_BUS},
    [CAUSE_STORE_MISS] = {TLB_W, CAUSE_STORE_BUS}, [CAUSE_STORE_PROT] = {TLB_W, CAUSE_STORE_BUS},
    [CAUSE_STORE_BUS] = {TLB_W, CAUSE_STORE_BUS},
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

APART static void memory_trap(struct vm *vm, const struct access *access) {
  struct vm_state *s = vm->state;
  uint32_t gpa;
  struct vtlb_entry *e;
  uint32_t cause = vm__translate(vm, s->badva, access->right, &gpa, &e);
  if (cause != CAUSE_NONE)
    vm__reflect(vm, cause, s->badva, s->badinst);
  else if (gpa >= DEV_BASE && access->right != TLB_X)
    emulate_device(vm, gpa, access->bus_error);
  else if (gpa >= vm->ram_bytes)
    vm__reflect(vm, access->bus_error, s->badva, s->badinst);
  else if (e)
    vm__shadow(vm, e - vm->tlb.slot); /* the kernel has lost it: say it again */
}

void vm__trap(struct vm *vm) {
  struct vm_state *s = vm->state;
  uint32_t cause = s->cause;
  if (cause == CAUSE_PRIVILEGED && !(s->vstatus & ST_U))
    vm__emulate(vm, s->badinst);
  else if (cause != CAUSE_SYSCALL && access_of[cause].right)
    memory_trap(vm, &access_of[cause]);
  else
    vm__reflect(vm, cause, s->badva, s->badinst);
}
