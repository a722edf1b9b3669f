/* space.c - user address spaces: page tables of two levels, pages that appear when they are used,
 * copy-on-write, and safe copies between a process's memory and the kernel's.
 *
 * A page directory has 1024 words, each the address of a table or 0. A table has 1024 words, the page-table
 * entries (PTEs): each 0, or a frame's address with rights in the low bits, in the very form of tlbw's second
 * operand. entry.S walks these tables at a TLB miss. PTE_COW is one of the bits that the TLB ignores; it says
 * that the frame may be shared and that a store must make the page private first. */
#include "kernel.h"

enum { PTE_COW = 0x8, PER_TABLE = 1024 };

static inline uint32_t page_of(uint32_t va) { return va & TLB_VPN_MASK; }
static inline void *frame_of(uint32_t pte) { return (void *)(pte & TLB_PFN_MASK); }
static inline uint32_t page_up(uint32_t va) { return page_of(va + PAGE_SIZE - 1); }

HOT uint32_t *space_pte(struct proc *p, uint32_t va) {
  uint32_t *table = (uint32_t *)p->pages[va >> 22];
  return table ? &table[(va >> PAGE_SHIFT) & (PER_TABLE - 1)] : NULL;
}

uint32_t *space_pte_make(struct proc *p, uint32_t va) {
  if (!p->pages[va >> 22]) p->pages[va >> 22] = (uint32_t)frame_alloc();
  return space_pte(p, va);
}

bool space_fill(struct proc *p, uint32_t *pte, void *frame) {
  if (!frame) return false;
  *pte = (uint32_t)frame;
  p->resident++;
  return true;
}

static void table_free(uint32_t *table) {
  for (int i = 0; i < PER_TABLE; i++)
    if (table[i]) frame_drop(frame_of(table[i]));
  frame_drop(table);
}

void space_free(struct proc *p) {
  if (!p->pages) return;
  for (uint32_t i = 0; i <= USER_TOP >> 22; i++)
    if (p->pages[i]) table_free((uint32_t *)p->pages[i]);
  frame_drop(p->pages);
  p->pages = NULL;
  p->resident = 0;
  frames_unreserve(p->promised);
  p->promised = 0;
  asid_put(&p->asid);
}

/* From now on the child shares the pages of one table; those with the right to store become copy-on-write. */
static bool table_copy(struct proc *child, uint32_t base, uint32_t *table) {
  uint32_t *copy = space_pte_make(child, base);
  if (!copy) return false;
  for (uint32_t i = 0; i < PER_TABLE; i++) {
    if (!table[i]) continue;
    if (table[i] & TLB_W) table[i] = (table[i] & ~TLB_W) | PTE_COW;
    frame_ref(frame_of(table[i]));
    copy[i] = table[i];
    child->resident++;
  }
  return true;
}

bool space_copy(struct proc *child, struct proc *parent) {
  asid_put(&parent->asid); /* from now on its stores must fault */
  for (uint32_t i = 0; i <= USER_TOP >> 22; i++)
    if (parent->pages[i] && !table_copy(child, i << 22, (uint32_t *)parent->pages[i])) return false;
  if (!frames_reserve(parent->promised)) return false;
  child->promised = parent->promised;
  child->heap_start = parent->heap_start;
  child->heap_end = parent->heap_end;
  return true;
}

static bool is_heap(struct proc *p, uint32_t va) { return va >= p->heap_start && va < p->heap_end; }
static bool is_stack(uint32_t va) { return va >= STACK_END && va < USER_TOP; }

/* Brings in a page of zeros: pages of the heap and of the stack appear when they are first used. The heap has
 * its frames reserved, so that it cannot run out. NULL: not a page of the process, or no memory. */
static uint32_t *fill_zero(struct proc *p, uint32_t va) {
  bool heap = is_heap(p, va);
  if (!heap && !is_stack(va)) return NULL;
  uint32_t *pte = space_pte_make(p, va);
  if (!pte || !space_fill(p, pte, heap ? frame_alloc_reserved() : frame_alloc())) return NULL;
  if (heap) p->promised--;
  *pte |= TLB_R | TLB_W | TLB_X;
  return pte;
}

/* Gives a copy-on-write page the right to store, and a frame of its own if others share the frame. The TLB
 * may hold the page without that right, so the entry goes. False: no memory. */
static bool make_private(struct proc *p, uint32_t va, uint32_t *pte) {
  void *old = frame_of(*pte), *own = old;
  if (frame_refs(old) > 1) {
    own = frame_alloc();
    if (!own) return false;
    memcpy(own, old, PAGE_SIZE);
    frame_drop(old);
  }
  *pte = (uint32_t)own | (*pte & TLB_RIGHTS) | TLB_W;
  if (p->asid) tlb_drop_page(page_of(va) | p->asid);
  return true;
}

/* The page is not there, or lacks the right. */
static noinline void *reach_anew(struct proc *p, uint32_t va, uint32_t right, uint32_t *pte) {
  if (!pte || !*pte)
    pte = fill_zero(p, va);
  else if (right != TLB_W || !(*pte & PTE_COW) || !make_private(p, va, pte))
    return NULL;
  return pte ? (char *)frame_of(*pte) + (va & (PAGE_SIZE - 1)) : NULL;
}

HOT void *space_reach(struct proc *p, uint32_t va, uint32_t right) {
  uint32_t *pte = space_pte(p, va);
  if (!pte || !(*pte & right)) return reach_anew(p, va, right, pte);
  return (char *)frame_of(*pte) + (va & (PAGE_SIZE - 1));
}

int space_error(struct proc *p, uint32_t va, uint32_t right) {
  uint32_t *pte = space_pte(p, va);
  bool lacks = pte && *pte ? right == TLB_W && (*pte & PTE_COW) : is_heap(p, va) || is_stack(va);
  return lacks ? -ENOMEM : -EFAULT;
}

bool space_grow(struct proc *p, uint32_t from, uint32_t to) {
  uint32_t pages = (page_up(to) - page_up(from)) >> PAGE_SHIFT;
  if (pages == 0) return true;
  if (pages + SPARE_PAGES > frames_free()) return false;
  for (uint32_t va = from & -(PER_TABLE * PAGE_SIZE); va < to; va += PER_TABLE * PAGE_SIZE)
    if (!space_pte_make(p, va)) return false;
  if (!frames_reserve(pages)) return false;
  p->promised += pages;
  return true;
}

int space_shrink(struct proc *p, uint32_t from, uint32_t to) {
  if (vm_pins(p, from, to)) return -EBUSY;
  for (uint32_t va = page_up(from); va < to; va += PAGE_SIZE) {
    uint32_t *pte = space_pte(p, va);
    if (!pte || !*pte) {
      frames_unreserve(1);
      p->promised--;
      continue;
    }
    frame_drop(frame_of(*pte));
    *pte = 0;
    p->resident--;
  }
  asid_put(&p->asid);
  return 0;
}

/* ---- copies between the kernel and a process, a page at a time ---- */

/* How many of n bytes from va on lie in va's page. */
static uint32_t piece(uint32_t va, uint32_t n) {
  uint32_t room = PAGE_SIZE - (va & (PAGE_SIZE - 1));
  return n < room ? n : room;
}

int copy_in(struct proc *p, void *to, uint32_t from, uint32_t n) {
  for (uint32_t k; n; n -= k, from += k, to = (char *)to + k) {
    void *at = space_reach(p, from, TLB_R);
    if (!at) return space_error(p, from, TLB_R);
    k = piece(from, n);
    memcpy(to, at, k);
  }
  return 0;
}

int copy_out(struct proc *p, uint32_t to, const void *from, uint32_t n) {
  for (uint32_t k; n; n -= k, to += k, from = (const char *)from + k) {
    void *at = space_reach(p, to, TLB_W);
    if (!at) return space_error(p, to, TLB_W);
    k = piece(to, n);
    memcpy(at, from, k);
  }
  return 0;
}

int copy_in_string(struct proc *p, char *to, uint32_t from, uint32_t size) {
  for (uint32_t i = 0; i < size; i++) {
    char *at = space_reach(p, from + i, TLB_R);
    if (!at) return space_error(p, from + i, TLB_R);
    to[i] = *at;
    if (to[i] == 0) return i;
  }
  return -ENAMETOOLONG;
}
