/* hypervisor.h - the hypervisor's part of the kernel: guests that know that they are guests (isa/para.h).
 *
 * A kernel that is linked with this folder has a second way into VMs. While such a guest runs, the trap vector is
 * hypervisor_entry (entry.S): a system call of the guest's process, and a miss, go from there straight into the
 * guest's kernel, and that kernel's HCALL_IRET straight back. What is rare comes to hypervisor.c, and what concerns
 * devices ends vm_run. The other VMs do not notice: their path is as long as without this folder.
 *
 * The hypervisor translates the guest's addresses by a table of its own, a cache of what the guest has told it by
 * PARA_OP_ENTRY; the real TLB caches that again. The safety of all other memory rests on this invariant: an entry of
 * the table leads to a frame of the VM's RAM, and an entry of the real TLB with one of the guest's ASIDs is in the
 * table. */
#ifndef HYPERVISOR_H
#define HYPERVISOR_H

#include "guestos/vm.h"
#include "isa/para.h"

/* The table has sets of two, since an instruction can need two pages at once: its own, and the one that it loads or
 * stores. The newer entry is the first. */
enum { SETS = 512, WAYS = 2 };

struct filled {  /* an entry of the table */
  uint32_t hi;   /* as it was put into the real TLB last */
  uint32_t tag;  /* of the guest's space; 0: this entry is empty */
  uint32_t lo;   /* frame | rights */
  uint32_t slot; /* of the real TLB */
};

struct para {
  uint8_t asid[SPACES]; /* by space: its real ASID; 0: none at the moment */
  uint32_t tag[SPACES]; /* by space: no other space of this VM has or had it; 0: none yet */
  struct vm *vm;
  struct para_page *page; /* the guest's page 0 */
  bool active;            /* vm_run with VM_PARA has not ended */
  uint32_t status;        /* virtual STATUS */
  uint32_t timer;         /* virtual TIMER */
  uint32_t tags;          /* the last tag given */
  struct filled table[SETS][WAYS];
};

/* What entry.S needs is in the low core, behind hot.h's part. It is right while a guest runs. */
struct hypervisor_core {
  uint32_t scratch[4];    /* 0x80: t0 to t3 */
  struct para *para;      /* 0x90: who runs */
  struct para_page *page; /* 0x94 */
  void *table;            /* 0x98 */
  uint32_t tag;           /* 0x9c: of the space it is in */
  uint32_t status;        /* 0xa0: virtual STATUS */
  uint32_t entered;       /* 0xa4: TIMER, as it was loaded at the last entry */
  uint32_t timer;         /* 0xa8: virtual TIMER then; holds while the virtual STATUS has IE */
  uint32_t kernel_status; /* 0xac: the real STATUS for the guest's kernel */
  uint32_t kernel_tag;    /* 0xb0: the tag of space 0 */
  uint32_t id;            /* 0xb4: for MARK_VM */
  uint32_t ram, bytes;    /* 0xb8: of the guest: where its owner has them, and how many */
  uint32_t *directory;    /* 0xc0: of the owner's page table */
  uint32_t more[3];       /* 0xc4: t4 to t6, while entry.S works on a queue */
  uint32_t ops;           /* 0xd0: operations left of it */
  uint32_t new_status;    /* 0xd4: the virtual STATUS that IRET will load */
  uint32_t aside[2];      /* 0xd8: t6 and t4, for a moment */
};

/* ---- entry.S ---- */
extern char hypervisor_entry[];

/* ---- hypervisor.c ---- */
void hypervisor_trap(
    void); /* from entry.S, with the registers saved and the vector as usual; never returns */

#endif
