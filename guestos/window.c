/* window.c - the kernel's part of `--way translate`: a VM's translation in the last pages of its address space. Such a
 * space of the guest has the pages that it has without, and above them those of the VMM's that vm_window has named: code
 * that can only be executed, and a page of data. The VMM's map tells which pages of RAM the guest may not write. */
#include "window.h"

static uint32_t map_bytes(struct vm *vm) { return (vm->bytes / PAGE_SIZE + 7) / 8; }

uint32_t window_entry(struct vm *vm, uint32_t vpn) {
  uint32_t space = vm->of & ~(VM_WINDOW | VM_MAPPED);
  if ((vm->of & VM_WINDOW) && vpn >= VM_WINDOW_START) {
    void *frame = space_reach(vm->owner, vm->pages + (vpn - VM_WINDOW_START), TLB_W);
    return (uint32_t)frame | (vpn == 0u - PAGE_SIZE ? TLB_R | TLB_W : TLB_X);
  }
  if (space > 0) {
    struct shadow *s = shadow_find(vm, vpn | space);
    return s ? (uint32_t)guest_frame(vm, s->gpn_rwx) | (s->gpn_rwx & TLB_RIGHTS) : 0;
  }
  if (vpn >= vm->bytes) return 0;
  uint32_t page = vpn >> PAGE_SHIFT;
  const uint8_t *bits = space_reach(vm->owner, vm->map + page / 8, TLB_R);
  return (uint32_t)guest_frame(vm, vpn) | (*bits >> (page & 7) & 1 ? TLB_R | TLB_X : TLB_RIGHTS);
}

bool window_space_ok(struct vm *vm, uint32_t space) {
  if (!vm->pages) return false;
  return space == VM_MAPPED || ((space & VM_WINDOW) && (space & ~(VM_WINDOW | VM_FRESH)) < SPACES);
}

bool window_pins(struct vm *vm, uint32_t from, uint32_t to) {
  return (from < vm->pages + VM_WINDOW_BYTES && to > vm->pages) ||
         (from < vm->map + map_bytes(vm) && to > vm->map);
}

CALL3(vm_window, id, pages, map) {
  struct vm *vm = vm_named(p, id);
  if (!vm || vm->pages || !is_page(pages) || !is_page(map)) return -EINVAL;
  if (!in_heap(p, pages, VM_WINDOW_BYTES) || !in_heap(p, map, map_bytes(vm))) return -EFAULT;
  if (!vm_make_ready(p, pages, VM_WINDOW_BYTES) || !vm_make_ready(p, map, map_bytes(vm))) return -ENOMEM;
  asid_put(&vm->asid[0]);
  vm->pages = pages, vm->map = map;
  vm->identity = UINT32_MAX;
  return 0;
}
