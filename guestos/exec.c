/* exec.c - replaces a process's program by an ELF file of the initrd.
 *
 * The new address space is built beside the old one, and the old one is freed only when nothing can fail any
 * more. An ELF file comes from outside, so every number in its headers is checked before it is used. */
#include "kernel.h"

enum { MAX_ARGS_BYTES = 4096 }; /* of all arguments together, each with its NUL */

static bool header_ok(const struct pg32_elf_header *h, uint32_t size) {
  return size >= sizeof *h && memcmp(h->ident, PG32_ELF_IDENT, 7) == 0 && h->type == PG32_ELF_EXEC &&
         h->machine == PG32_ELF_MACHINE && h->phentsize == sizeof(struct pg32_elf_segment) &&
         (h->phoff & 3) == 0 && h->phoff <= size &&
         h->phnum <= (size - h->phoff) / sizeof(struct pg32_elf_segment);
}

static bool segment_ok(const struct pg32_elf_segment *s, uint32_t size) {
  return s->filesz <= s->memsz && s->offset <= size && s->filesz <= size - s->offset &&
         s->vaddr >= USER_BASE && s->vaddr <= HEAP_LIMIT && s->memsz <= HEAP_LIMIT - s->vaddr;
}

static uint32_t rights_of(uint32_t flags) {
  return (flags & PG32_ELF_R ? TLB_R : 0) | (flags & PG32_ELF_W ? TLB_W : 0) |
         (flags & PG32_ELF_X ? TLB_X : 0);
}

/* The frame of va's page, which is made if it is not there. A page that two segments share has the rights of
 * both. NULL: no memory. */
static char *image_page(struct proc *p, uint32_t va, uint32_t rights) {
  uint32_t *pte = space_pte(p, va);
  if (pte && *pte) {
    *pte |= rights;
    return (char *)(*pte & TLB_PFN_MASK);
  }
  void *frame = frame_alloc();
  if (!frame) return NULL;
  if (space_map(p, va, frame, rights)) return frame;
  frame_drop(frame);
  return NULL;
}

static bool load_segment(struct proc *p, const uint8_t *file, const struct pg32_elf_segment *s) {
  uint32_t end = s->vaddr + s->memsz, file_end = s->vaddr + s->filesz;
  for (uint32_t va = s->vaddr; va < end; va = (va & TLB_VPN_MASK) + PAGE_SIZE) {
    char *frame = image_page(p, va, rights_of(s->flags));
    if (!frame) return false;
    uint32_t page_end = (va & TLB_VPN_MASK) + PAGE_SIZE;
    uint32_t stop = file_end < page_end ? file_end : page_end;
    if (va < stop) memcpy(frame + (va & (PAGE_SIZE - 1)), file + s->offset + (va - s->vaddr), stop - va);
  }
  uint32_t top = (end + PAGE_SIZE - 1) & TLB_VPN_MASK;
  if (top > p->heap_start) p->heap_start = p->heap_end = top;
  return true;
}

static int load(struct proc *p, const uint8_t *file, uint32_t size) {
  const struct pg32_elf_header *h = (const void *)file;
  if (!header_ok(h, size)) return -ENOEXEC;
  const struct pg32_elf_segment *s = (const void *)(file + h->phoff);
  for (uint32_t i = 0; i < h->phnum; i++) {
    if (s[i].type != PG32_ELF_LOAD || s[i].memsz == 0) continue;
    if (!segment_ok(&s[i], size)) return -ENOEXEC;
    if (!load_segment(p, file, &s[i])) return -ENOMEM;
  }
  p->pc = h->entry;
  return p->heap_start ? 0 : -ENOEXEC;
}

/* Puts the words at the top of the stack, and below them argv, whose pointers lead to the words. Sets sp, a0
 * = argc and a1 = argv for the new program. */
static int push_arguments(struct proc *p, const char *words, uint32_t argc, uint32_t bytes) {
  uint32_t strings = USER_TOP - ((bytes + 15) & ~15u);
  uint32_t argv = (strings - 4 * (argc + 1)) & ~15u, at = 0;
  if (!copy_out(p, strings, words, bytes)) return -ENOMEM;
  for (uint32_t i = 0; i < argc; i++) {
    uint32_t word = strings + at;
    if (!copy_out(p, argv + 4 * i, &word, 4)) return -ENOMEM;
    at += strlen(words + at) + 1;
  }
  memset(p->x, 0, sizeof p->x);
  p->x[2] = argv;
  p->x[10] = argc;
  p->x[11] = argv;
  return 0;
}

/* p goes on with the new program's address space and registers. */
static void take_over(struct proc *p, struct proc *fresh) {
  vm_release_all(p);
  space_free(p);
  memcpy(p->x, fresh->x, sizeof p->x);
  p->pages = fresh->pages;
  p->pc = fresh->pc;
  p->heap_start = fresh->heap_start;
  p->heap_end = fresh->heap_end; /* an empty heap: nothing is promised */
  p->resident = fresh->resident;
}

int exec(struct proc *p, const char *path, const char *words, uint32_t argc, uint32_t bytes) {
  const uint8_t *file;
  uint32_t size;
  if (!initrd_find(path, &file, &size)) return -ENOENT;
  if (!file) return -EISDIR;
  static struct proc fresh; /* only its address space and registers are used */
  memset(&fresh, 0, sizeof fresh);
  fresh.pages = space_new();
  if (!fresh.pages) return -ENOMEM;
  int error = load(&fresh, file, size);
  if (!error) error = push_arguments(&fresh, words, argc, bytes);
  if (error) {
    space_free(&fresh);
    return error;
  }
  take_over(p, &fresh);
  proc_rename(p, path);
  return 0;
}

int exec_user(struct proc *p, uint32_t path, uint32_t argv) {
  static char name[128], words[MAX_ARGS_BYTES];
  int n = copy_in_string(p, name, path, sizeof name);
  if (n < 0) return n;
  uint32_t argc = 0, bytes = 0;
  for (;; argc++) {
    uint32_t word;
    if (!copy_in(p, &word, argv + 4 * argc, 4)) return -EFAULT;
    if (word == 0) break;
    n = copy_in_string(p, words + bytes, word, sizeof words - bytes);
    if (n < 0) return n == -ENAMETOOLONG ? -E2BIG : n;
    bytes += n + 1;
  }
  n = exec(p, name, words, argc, bytes);
  return n < 0 ? n : (int)p->x[10]; /* goes to a0, where the new program finds argc */
}
