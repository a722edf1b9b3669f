/* vm.h - what the kernel keeps of a virtual machine: for vm.c, and for the hypervisor's part. */
#ifndef VM_H
#define VM_H

#include "kernel.h"

enum { SLOTS = 256, SPACES = 1 + ASIDS, BUCKETS = 4 * SLOTS, NO_SLOT = -1 };
struct shadow {     /* a slot of the virtual TLB, as the VMM told it; empty if gpn_rwx has no rights */
  uint32_t vpn;     /* guest-virtual page, in place */
  uint32_t gpn_rwx; /* guest-physical page in place | rights */
  uint16_t space;   /* 1 + virtual ASID */
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
  uint16_t space;    /* where the guest's addresses are meant now */
  int16_t bucket[BUCKETS]; /* hash of (space, vpn): the first slot of a chain, or NO_SLOT */
  uint8_t asid[SPACES];    /* by space: its real ASID; 0: none at the moment */
  struct shadow slot[SLOTS];

  /* The window; pages 0: the VM has none. Its spaces share asid[0], which has entries of one of them at a time. */
  uint32_t pages, map; /* where the owner has them */
  uint32_t of;         /* that space: VM_MAPPED, or VM_WINDOW with a space */
} __attribute__((aligned(PAGE_SIZE)));

/* ---- vm.c, for what stands beside it ---- */
struct vm *vm_named(struct proc *p, uint32_t id); /* p's; NULL: p has no such VM */
struct shadow *shadow_find(struct vm *vm, uint32_t space,
                           uint32_t vpn); /* the slot for a page; NULL: there is none */
/* Makes the pages that a part of the heap has already private, and makes page tables for the others. As the heap has
 * its frames reserved, each of them can be brought in later without fail. False: no memory. */
bool vm_make_ready(struct proc *p, uint32_t from, uint32_t bytes);
/* The frame of a guest-physical address. Never NULL: vm_make_ready and the reserved frames see to that. */
static inline void *guest_frame(struct vm *vm, uint32_t gpa) {
  return space_reach(vm->owner, vm->ram + (gpa & TLB_PFN_MASK), TLB_W);
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
