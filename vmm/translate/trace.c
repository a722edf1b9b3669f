/* trace.c - memory traces: a page of RAM from which units were made loses W wherever the guest can reach it. A store
 * there traps; the VMM carries it out, and drops the units whose code it changes. The block device and the VMM's own
 * stores (a reflected trap writes the low core) tell us of theirs.
 *
 * A page may be reached untranslated, where the map takes W away, and by slots of the virtual TLB, where we take it
 * from what the kernel is told of them. A trace ends when a store comes and no unit of the page is left. */
#include "translate.h"
#include <errno.h>
#include <string.h>

bool trace__on(const struct translator *t, uint32_t pa) {
  return t->map[pa >> PAGE_SHIFT >> 3] >> (pa >> PAGE_SHIFT & 7) & 1;
}

void trace__strip(struct translator *t) {
  struct vm_state *s = t->vm->state;
  for (uint32_t i = 0; i < s->nops; i++)
    if (s->op[i].slot < VM_PAGE && (s->op[i].gpn_rwx & TLB_RIGHTS) &&
        trace__on(t, s->op[i].gpn_rwx & TLB_PFN_MASK))
      s->op[i].gpn_rwx &= ~(uint32_t)TLB_W;
}

/* There is room for one more change of the virtual TLB. What vm_run told last of the guest stays. */
static void make_room(struct translator *t) {
  struct vm_state *s = t->vm->state;
  if (s->nops < VM_OPS) return;
  uint32_t space = s->space, budget = s->budget, events = s->events, retired = s->retired, reason = s->reason;
  trace__strip(t);
  s->space = VM_MAPPED, s->budget = 0, s->events = 0; /* runs nothing */
  if (vm_run(t->vm->id) != 0) die("vm_run", strerror(errno));
  s->space = space, s->budget = budget, s->events = events, s->retired = retired, s->reason = reason;
}

/* The page's bit in the map has changed: the kernel must forget the rights that it knows. */
static void tell(struct translator *t, uint32_t pa) {
  struct vm *vm = t->vm;
  make_room(t);
  vm->state->op[vm->state->nops++] = (struct vm_op){.slot = VM_PAGE, .vpn = pa >> PAGE_SHIFT};
  for (uint32_t i = 0; i < vm->tlb.entries; i++) {
    const struct vtlb_entry *e = &vm->tlb.slot[i];
    if (!e->valid || !vtlb__is_live(&vm->tlb, e) || !(e->lo & TLB_W) || ((e->lo ^ pa) & TLB_PFN_MASK))
      continue;
    make_room(t);
    vm__shadow(vm, i);
  }
}

void trace__begin(struct translator *t, uint32_t pa) {
  if (trace__on(t, pa)) return;
  t->map[pa >> PAGE_SHIFT >> 3] |= 1 << (pa >> PAGE_SHIFT & 7);
  tell(t, pa);
}

static void trace_end(struct translator *t, uint32_t pa) {
  t->map[pa >> PAGE_SHIFT >> 3] &= ~(1 << (pa >> PAGE_SHIFT & 7));
  tell(t, pa);
}

/* ---- accesses that the VMM carries out in the guest's place ---- */

/* The guest-physical address of the access that has trapped, if the guest may make it, and if it leads to RAM.
 * False: it may not, or it does not. */
static bool address_in_ram(const struct translator *t, uint32_t right, uint32_t *pa) {
  struct vm *vm = t->vm;
  const struct vm_state *s = vm->state;
  *pa = s->badva;
  if (s->badva >= CPU_L_WINDOW && insn_rs1(s->badinst) != 0) return false;
  if (s->vstatus & ST_T) {
    const struct vtlb_entry *e = vtlb__find(&vm->tlb, (s->badva & TLB_VPN_MASK) | vm__asid(vm));
    if (!e || !(e->lo & right)) return false;
    *pa = (e->lo & TLB_PFN_MASK) | (s->badva & (PAGE_SIZE - 1));
  }
  return *pa < vm->ram_bytes;
}

/* The guest's store is done. (The kernel may resume the guest for a moment; see make_room.) */
static void store(struct translator *t, uint32_t pa) {
  struct vm_state *s = t->vm->state;
  uint32_t op = insn_op(s->badinst), value = s->x[insn_rd(s->badinst)];
  uint32_t bytes = op == PG32_OP_sw ? 4 : op == PG32_OP_sh ? 2 : 1;
  memcpy(t->vm->ram + pa, &value, bytes);
  if (trace__on(t, pa) && !cache__drop(t, pa, bytes, DROP_STORE)) adapt__page(t, pa, false);
  s->pc += 4;
  if (trace__on(t, pa) && !cache__page_used(t, pa)) trace_end(t, pa);
}

static uint32_t load(const struct translator *t, uint32_t op, uint32_t pa) {
  const uint8_t *at = t->vm->ram + pa;
  uint16_t half = at[0] | at[1] << 8;
  switch (op) {
  case PG32_OP_lb: return (uint32_t)(int8_t)at[0];
  case PG32_OP_lbu: return at[0];
  case PG32_OP_lh: return (uint32_t)(int16_t)half;
  case PG32_OP_lhu: return half;
  default: return *(const uint32_t *)at;
  }
}

bool trace__store(struct translator *t) {
  const struct vm_state *s = t->vm->state;
  uint32_t pa;
  if (s->cause != CAUSE_STORE_MISS && s->cause != CAUSE_STORE_PROT) return false;
  if (!address_in_ram(t, TLB_W, &pa) || !trace__on(t, pa)) return false;
  store(t, pa);
  return true;
}

bool trace__window_access(struct translator *t) {
  struct vm_state *s = t->vm->state;
  uint32_t pa;
  if (s->badva < CPU_L_WINDOW || (s->cause != CAUSE_LOAD_MISS && s->cause != CAUSE_STORE_MISS)) return false;
  bool is_store = s->cause == CAUSE_STORE_MISS;
  if (!address_in_ram(t, is_store ? TLB_W : TLB_R, &pa)) return false;
  if (is_store) return store(t, pa), true;
  vm__set_register(t->vm, insn_rd(s->badinst), load(t, insn_op(s->badinst), pa));
  s->pc += 4;
  return true;
}
