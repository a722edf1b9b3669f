/* kernel_tables.c - pages that no TLB entry has named so far: from the page tables of the kernels.
 *
 * The kernel's own debug information says where its processes and VMs are and what is in them, so that
 * nothing of its layout is repeated here. A kernel without these names, such as a student's, is not
 * understood. In a VM the guest's kernel has tables, too: the guest's address is translated by them, and the
 * result, which is an address in the VM's RAM, by the tables of the kernel around it, and so on down to the
 * real machine.
 *
 * A process's heap and stack, and so the RAM of a VM, get a page when the page is first used: until then nothing is
 * there, and what is read would be zeros. */
#include <stdlib.h>
#include <string.h>

#include "eval.h"

#define LEVELS 8

enum { /* the questions to the kernel's debug information */
       PROCS,
       NPROCS,
       PROC_BYTES,
       PROC_ASID,
       PROC_PAGES,
       VMS,
       NVMS,
       VM_BYTES,
       VM_ASIDS,
       VM_SPACES,
       VM_OWNER,
       VM_RAM,
       HEAP_START, /* a kernel may lack these two */
       HEAP_END,
       ANSWERS
};

static const char *const questions[ANSWERS] = {
    [PROCS] = "&procs[0]",
    [NPROCS] = "sizeof procs / sizeof procs[0]",
    [PROC_BYTES] = "sizeof procs[0]",
    [PROC_ASID] = "&((struct proc *) 0)->asid",
    [PROC_PAGES] = "&((struct proc *) 0)->pages",
    [VMS] = "&vms[0]",
    [NVMS] = "sizeof vms / sizeof vms[0]",
    [VM_BYTES] = "sizeof vms[0]",
    [VM_ASIDS] = "&((struct vm *) 0)->asid[0]",
    [VM_SPACES] = "sizeof vms[0].asid",
    [VM_OWNER] = "&((struct vm *) 0)->owner",
    [VM_RAM] = "&((struct vm *) 0)->ram",
    [HEAP_START] = "&((struct proc *) 0)->heap_start",
    [HEAP_END] = "&((struct proc *) 0)->heap_end",
};

struct kernel_layout {
  bool known;
  uint32_t answer[ANSWERS];
};

/* ---- the kernel's layout ---- */

static bool ask(struct debug *d, struct image *i, const char *question, uint32_t *answer) {
  struct eval e = {.d = d, .image = i, .dwarf = source_dwarf(i), .innermost = true, .function = -1};
  struct value v;
  struct number n;
  const struct node *tree = e.dwarf ? eval_parse(&e, question, NULL) : NULL;
  const bool ok = tree && compute(&e, tree, &v) && value_number(&e, &v, &n);
  if (ok) *answer = (uint32_t)n.bits;
  eval_end(&e);
  return ok;
}

static const struct kernel_layout *layout_of_kernel(struct debug *d, struct image *i) {
  if (i->layout) return i->layout;
  struct kernel_layout *l = i->layout = must(calloc(1, sizeof *l));
  bool ok = true;
  for (int q = 0; q < ANSWERS && ok; q++) ok = ask(d, i, questions[q], &l->answer[q]) || q >= HEAP_START;
  l->known = ok && l->answer[NPROCS] <= 4096 && l->answer[NVMS] <= 256 && l->answer[VM_SPACES] <= 512;
  return l;
}

/* ---- memory of each level: 0 is the real machine, 1 the VM's RAM, ... ---- */

struct tables {
  struct debug *d;
  bool zero;      /* what was last looked for is on a page that is not there yet, and would be zeros */
  uint32_t *heap; /* not NULL: the process's heap is wanted, from heap[0] to heap[1], and no translation */
  struct {
    const struct kernel_layout *layout;
    uint32_t owner, ram; /* the process of the level below, and where it has this level's RAM */
  } level[LEVELS];
};

static bool physical(struct tables *t, unsigned level, uint32_t address, uint32_t *pa);

static bool read_word(struct tables *t, unsigned level, uint32_t address, uint32_t *word) {
  uint32_t pa;
  *word = 0;
  if (physical(t, level, address, &pa)) return memory_word(t->d, true, pa, word);
  const bool zero = t->zero;
  t->zero = false;
  return zero;
}

/* Does the process get a page of zeros there when it is first used? */
static bool is_demand_zero(struct tables *t, unsigned level, uint32_t proc, uint32_t va) {
  const uint32_t *a = t->level[level].layout->answer;
  uint32_t start, end;
  if (a[HEAP_END] && va >= STACK_END && va < USER_TOP) return true;
  return a[HEAP_END] && read_word(t, level, proc + a[HEAP_START], &start) &&
         read_word(t, level, proc + a[HEAP_END], &end) && va >= start && va < end;
}

/* Page directory and table: two levels of 1024 words. */
static bool walk(struct tables *t, unsigned level, uint32_t proc, uint32_t va, uint32_t *address) {
  uint32_t pages, table, entry;
  t->zero = false;
  if (!read_word(t, level, proc + t->level[level].layout->answer[PROC_PAGES], &pages) || !pages) return false;
  if (!read_word(t, level, pages + 4 * (va >> 22), &table)) return false;
  if (table && !read_word(t, level, table + 4 * (va >> PAGE_SHIFT & 1023), &entry)) return false;
  if (table && entry & TLB_RIGHTS) return *address = (entry & TLB_PFN_MASK) | (va & ~TLB_VPN_MASK), true;
  const bool zero = is_demand_zero(t, level, proc, va);
  return t->zero = zero, false;
}

static bool physical(struct tables *t, unsigned level, uint32_t address, uint32_t *pa) {
  uint32_t below;
  if (level == 0) return *pa = address, true;
  return walk(t, level - 1, t->level[level].owner, t->level[level].ram + address, &below) &&
         physical(t, level - 1, below, pa);
}

/* ---- address spaces ---- */

static bool enter_level(struct tables *t, unsigned level) {
  for (uint32_t i = 0; i < t->d->nlanes; i++) {
    const struct lane *l = &t->d->lanes[i];
    if (l->kind != LANE_KERNEL || l->depth != level) continue;
    struct image *image = image_of(t->d, i);
    t->level[level].layout = image ? layout_of_kernel(t->d, image) : NULL;
    return t->level[level].layout && t->level[level].layout->known;
  }
  return false;
}

static bool find_process(struct tables *t, unsigned level, uint32_t asid, uint32_t va, uint32_t *pa) {
  const uint32_t *a = t->level[level].layout->answer;
  for (uint32_t i = 0; asid && i < a[NPROCS]; i++) {
    const uint32_t proc = a[PROCS] + i * a[PROC_BYTES];
    uint32_t word, address;
    if (!read_word(t, level, (proc + a[PROC_ASID]) & ~3u, &word)) return false;
    if ((word >> 8 * (a[PROC_ASID] & 3) & 0xFF) != asid) continue;
    if (t->heap)
      return a[HEAP_END] && read_word(t, level, proc + a[HEAP_START], &t->heap[0]) &&
             read_word(t, level, proc + a[HEAP_END], &t->heap[1]);
    return walk(t, level, proc, va, &address) && physical(t, level, address, pa);
  }
  return false;
}

static bool find(struct tables *t, unsigned level, uint32_t asid, uint32_t va, uint32_t *pa);

/* The guest of a VM in one of its spaces: 0 is untranslated, 1 + n has virtual ASID n. */
static bool in_space(struct tables *t, unsigned level, uint32_t vm, uint32_t space, uint32_t va,
                     uint32_t *pa) {
  const uint32_t *a = t->level[level].layout->answer;
  uint32_t owner;
  if (level + 1 == LEVELS || !read_word(t, level, vm + a[VM_OWNER], &owner) || !owner) return false;
  if (!read_word(t, level, vm + a[VM_RAM], &t->level[level + 1].ram)) return false;
  t->level[level + 1].owner = owner;
  return space == 0 ? physical(t, level + 1, va, pa) : find(t, level + 1, space - 1, va, pa);
}

static bool find_guest(struct tables *t, unsigned level, uint32_t asid, uint32_t va, uint32_t *pa) {
  const uint32_t *a = t->level[level].layout->answer;
  for (uint32_t i = 0; asid && i < a[NVMS]; i++) {
    const uint32_t vm = a[VMS] + i * a[VM_BYTES];
    for (uint32_t s = 0; s < a[VM_SPACES]; s++) {
      uint32_t word;
      const uint32_t at = vm + a[VM_ASIDS] + s;
      if (!read_word(t, level, at & ~3u, &word)) return false;
      if ((word >> 8 * (at & 3) & 0xFF) == asid) return in_space(t, level, vm, s, va, pa);
    }
  }
  return false;
}

static bool find(struct tables *t, unsigned level, uint32_t asid, uint32_t va, uint32_t *pa) {
  return level < LEVELS && enter_level(t, level) &&
         (find_process(t, level, asid, va, pa) || (!t->zero && find_guest(t, level, asid, va, pa)));
}

bool kernel_tables_translate(struct debug *d, uint32_t asid, uint32_t va, uint32_t *pa) {
  struct tables t = {.d = d};
  return find(&t, 0, asid, va, pa);
}

bool kernel_tables_zero(struct debug *d, uint32_t asid, uint32_t va) {
  struct tables t = {.d = d};
  uint32_t pa;
  return !find(&t, 0, asid, va, &pa) && t.zero;
}

bool kernel_tables_heap(struct debug *d, uint32_t asid, uint32_t *start, uint32_t *end) {
  uint32_t heap[2], none;
  struct tables t = {.d = d, .heap = heap};
  return find(&t, 0, asid, 0, &none) && (*start = heap[0], *end = heap[1], true);
}
