/* vm.h - what the kernel keeps of a virtual machine: for vm.c, and for the hypervisor's part. */
#ifndef VM_H
#define VM_H

#include "kernel.h"

enum { SLOTS = 256, SPACES = 1 + ASIDS, SPACE_MASK = 0x3FF, BUCKETS = 4 * SLOTS, NO_SLOT = -1 };
struct shadow {     /* a slot of the virtual TLB, as the VMM told it; empty if gpn_rwx is 0 */
  uint32_t key;     /* guest-virtual page, in place | space, which is 1 + virtual ASID */
  uint32_t gpn_rwx; /* guest-physical page in place | rights */
  uint16_t born;    /* vm->now when the VMM told it */
  int16_t next;     /* in the bucket's chain; NO_SLOT ends it */
  uint16_t real;    /* slot of the real TLB that it was last installed in */
};

struct vm {
  struct vm_state *state;        /* the state page, by its physical address; vm_pins keeps it where it is */
  struct proc *owner;            /* the process that has made it; NULL: this struct is free */
  uint32_t state_va, ram, bytes; /* where the owner has the state page and the RAM: virtual addresses */
  uint32_t identity; /* in space 0, below this address identity_fill may help: bytes; with a window, all */
  uint32_t id;       /* 1 + the index in vms */
  uint32_t budget;   /* instructions left of state->budget; "no limit" is counted down, too */
  uint32_t entered;  /* TIMER as it was loaded at the last entry */
  uint32_t slots;    /* of the virtual TLB, as many as the real one has */
  uint16_t space;    /* where the guest's addresses are meant now */
  uint8_t unused, asid[SPACES]; /* by space: its real ASID; 0: none now. asid[1] is aligned for asids_put */

  /* To empty a space takes the same time however many slots it has: a slot is dead if it was born before its space
   * was emptied. (A dead slot stays in its chain until it is used again.) */
  uint16_t now;             /* the number of times that spaces have been emptied */
  uint16_t cleared[SPACES]; /* by space: `now` after it was emptied */
  uint16_t cleared_all;     /* `now` after all were emptied at once */
  int16_t bucket[BUCKETS];  /* hash of the key: the first slot of a chain, or NO_SLOT */
  struct shadow slot[SLOTS];

  /* The window; pages 0: the VM has none. Its spaces share asid[0], which has entries of one of them at a time. */
  uint32_t pages, map; /* where the owner has them */
  uint32_t of;         /* that space: VM_MAPPED, or VM_WINDOW with a space */
} __attribute__((aligned(PAGE_SIZE)));

/* ---- vm.c, for what stands beside it ---- */
struct vm *vm_named(struct proc *p, uint32_t id);        /* p's; NULL: p has no such VM */
struct shadow *shadow_find(struct vm *vm, uint32_t key); /* NULL: there is none */
/* Makes the pages that a part of the heap has already private, and makes page tables for the others. As the heap has
 * its frames reserved, each of them can be brought in later without fail. False: no memory. */
bool vm_make_ready(struct proc *p, uint32_t from, uint32_t bytes);
/* The frame of a guest-physical address. Never NULL: vm_make_ready, which has made the page tables, and the reserved
 * frames see to that. */
static inline void *guest_frame(struct vm *vm, uint32_t gpa) {
  uint32_t va = vm->ram + (gpa & TLB_PFN_MASK);
  const uint32_t *table = (const uint32_t *)vm->owner->pages[va >> 22];
  uint32_t pte = table[va << 10 >> 22];
  return pte & TLB_W ? (void *)(pte & TLB_PFN_MASK) : space_reach(vm->owner, va, TLB_W);
}
static inline bool is_page(uint32_t va) { return (va & (PAGE_SIZE - 1)) == 0; }
static inline bool in_heap(struct proc *p, uint32_t va, uint32_t bytes) {
  return va >= p->heap_start && va <= p->heap_end && bytes <= p->heap_end - va;
}

/* hypervisor/, if this kernel has been linked with it: goes on with the VM, and never returns. False: VM_PARA is not
 * for this kernel, or not for this VM. */
bool hypervisor_enter(struct vm *vm);
bool hypervisor_run(struct vm *vm, uint32_t space);
#endif
