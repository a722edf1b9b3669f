/* host_tlb.h - the host TLB: what the last address translations led to.
 *
 * A software cache in front of the architectural TLB. An entry turns a virtual address into the host's
 * address of the byte in guest RAM (loads, stores) or into decoded code (fetches). There is one array for
 * each kind of access, because an entry is also a permission: an entry for stores exists only where a store
 * may be done without telling anybody (may_store_directly in bus.h).
 *
 * The tag of an entry is the virtual page in the low half and the context - T and ASID - in the high half. So
 * a change of mode or of address space flushes nothing. No context is 0; so no address has the tag 0 of an
 * empty entry. */
#ifndef MACHINE_HOST_TLB_H
#define MACHINE_HOST_TLB_H

#include <stdalign.h>
#include <stdbool.h>
#include <stdint.h>

#include "basics.h"

struct machine;
struct code;

#define CONTEXT_VALID 0x800u
#define CONTEXT_T 0x400u
/* The entries are in banks, so that address spaces do not evict each other's entries. The untranslated
 * context has bank 0 for itself; the ASIDs share the others. */
#define HOST_BANKS 4
#define HOST_BANK_ENTRIES 512
#define HOST_ENTRIES (HOST_BANKS * HOST_BANK_ENTRIES)

struct host_entry {
  _Alignas(16) uint64_t tag;
  union {
    uintptr_t addend;  /* load and store: virtual address + addend = host address */
    struct code *code; /* fetch */
  };
};

#define HOST_ENTRY_SHIFT 4
_Static_assert(sizeof(struct host_entry) == 1 << HOST_ENTRY_SHIFT,
               "host_offset() finds one by one shift and one mask");

static inline uint32_t context_of(uint32_t status) {
  return CONTEXT_VALID | (status & ST_T ? CONTEXT_T | (status & ST_ASID_MASK) >> 6 : 0);
}

/* The index of the first entry of a context's bank. */
static inline uint32_t host_bank(uint32_t context) {
  return context & CONTEXT_T ? (1 + (context >> 2 & 0xFF) % (HOST_BANKS - 1)) * HOST_BANK_ENTRIES : 0;
}

/* The offset in bytes of the entry of va from the beginning of its bank. */
static inline uint32_t host_offset(uint32_t va) {
  return va >> (PAGE_SHIFT - HOST_ENTRY_SHIFT) & (HOST_BANK_ENTRIES - 1) << HOST_ENTRY_SHIFT;
}

/* The index of the entry of va. */
static inline uint32_t host_index(uint32_t va, uint32_t context) {
  return host_bank(context) + (va >> PAGE_SHIFT & (HOST_BANK_ENTRIES - 1));
}

static inline uint64_t host_tag(uint32_t va, uint32_t context) {
  return (uint64_t)context << 32 | (va & PAGE_MASK);
}

/* Is the entry one for an access of `size` bytes at `va`? `va` has the context in its high half. False if the
 * access is misaligned. */
static inline bool host_knows(const struct host_entry *e, uint64_t va, uint32_t size) {
  return ((va ^ e->tag) & (~0ull << PAGE_SHIFT | (size - 1))) == 0;
}

/* Empties it. */
void machine_host_tlb_flush(struct machine *m);
/* The next store to the physical page / to any page takes the slow path, which tells those who must know. */
void machine_host_tlb_drop_stores(struct machine *m, uint32_t page);
void machine_host_tlb_flush_stores(struct machine *m);

#endif
