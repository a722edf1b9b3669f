/* exec.c - replaces a process's program by an ELF file, or by the interpreter of a script.
 *
 * The new address space is built beside the old one, and the old one is freed only when nothing can fail any
 * more. An ELF file comes from outside, so every number in its headers is checked before it is used. */
#include "kernel.h"

enum { MAX_ARGUMENTS = 128 << 10 }; /* bytes of all words together, each with its NUL and its address */
enum { SCRIPT_LINE = 128 };         /* bytes of a script's first line that count */

/* What the new program is given. */
struct words {
  struct proc *from; /* whose memory the addresses mean; NULL: the kernel's */
  uint32_t argv, environment;
  const char *script[4]; /* come first, of the kernel: a script's interpreter, its argument, the script; 0 */
  uint32_t bytes;        /* of all words so far */
};

/* Copies from the file to the kernel; false: the file is shorter. */
static bool file_bytes(struct node *n, uint32_t offset, void *to, uint32_t bytes) {
  if (offset > n->size || bytes > n->size - offset) return false;
  for (uint32_t k; bytes; bytes -= k, offset += k, to = (char *)to + k) {
    k = bytes;
    memcpy(to, node_bytes(n, offset, &k), k);
  }
  return true;
}

static bool header_ok(const struct pg32_elf_header *h, uint32_t size) {
  return memcmp(h->ident, PG32_ELF_IDENT, 7) == 0 && h->type == PG32_ELF_EXEC &&
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
  uint32_t *pte = space_pte_make(p, va);
  if (!pte || (!*pte && !space_fill(p, pte, frame_alloc()))) return NULL;
  *pte |= rights;
  return (char *)(*pte & TLB_PFN_MASK);
}

static bool load_segment(struct proc *p, struct node *file, const struct pg32_elf_segment *s) {
  uint32_t end = s->vaddr + s->memsz, file_end = s->vaddr + s->filesz;
  for (uint32_t va = s->vaddr; va < end; va = (va & TLB_VPN_MASK) + PAGE_SIZE) {
    char *frame = image_page(p, va, rights_of(s->flags));
    if (!frame) return false;
    uint32_t page_end = (va & TLB_VPN_MASK) + PAGE_SIZE;
    uint32_t stop = file_end < page_end ? file_end : page_end;
    if (va < stop) file_bytes(file, s->offset + (va - s->vaddr), frame + (va & (PAGE_SIZE - 1)), stop - va);
  }
  uint32_t top = (end + PAGE_SIZE - 1) & TLB_VPN_MASK;
  if (top > p->heap_start) p->heap_start = p->heap_end = top;
  return true;
}

static int load(struct proc *p, struct node *file) {
  struct pg32_elf_header h;
  struct pg32_elf_segment s;
  if (!file_bytes(file, 0, &h, sizeof h) || !header_ok(&h, file->size)) return -ENOEXEC;
  for (uint32_t i = 0; i < h.phnum; i++) {
    file_bytes(file, h.phoff + i * sizeof s, &s, sizeof s);
    if (s.type != PG32_ELF_LOAD || s.memsz == 0) continue;
    if (!segment_ok(&s, file->size)) return -ENOEXEC;
    if (!load_segment(p, file, &s)) return -ENOMEM;
  }
  p->pc = h.entry;
  return p->heap_start ? 0 : -ENOEXEC;
}

/* ---- the words ---- */

/* A byte of the words' memory; NULL: there is none. */
static const char *byte_at(struct proc *from, uint32_t va) {
  return from ? space_reach(from, va, TLB_R) : (const char *)va;
}

/* Copies a word with its NUL to `to` in the new program's memory, or only measures it if fresh is NULL. The bytes, or
 * minus an error. */
static int copy_word(struct proc *fresh, uint32_t to, struct proc *from, uint32_t word) {
  char piece[64];
  uint32_t n = 0, total = 0;
  do {
    const char *c = byte_at(from, word + total);
    if (!c) return space_error(from, word + total, TLB_R);
    piece[n++] = *c;
    if (++total > MAX_ARGUMENTS) return -E2BIG;
    if (*c && n < sizeof piece) continue;
    if (fresh) TRY(copy_out(fresh, to + total - n, piece, n));
    n = 0;
  } while (!total || n || *byte_at(from, word + total - 1));
  return total;
}

/* Goes through the words of an array. The first time (fresh NULL) it measures them; the second time it copies them to
 * *text on, and their addresses to *table on. */
static int each_word(struct words *w, struct proc *fresh, struct proc *from, uint32_t array, uint32_t first,
                     uint32_t *table, uint32_t *text) {
  for (uint32_t i = first;; i++) {
    uint32_t word = from ? 0 : ((uint32_t *)array)[i];
    if (from) TRY(copy_in(from, &word, array + 4 * i, 4));
    if (!word) return 0; /* the array's end */
    uint32_t n = TRY(copy_word(fresh, *text, from, word));
    if (fresh) TRY(copy_out(fresh, *table, text, 4));
    *table += 4, *text += n;
    if (!fresh) w->bytes += n + 4;
    if (w->bytes > MAX_ARGUMENTS) return -E2BIG;
  }
}

/* All words in their order: a script's, the arguments (the script takes the place of the first), the environment. */
static int all_words(struct words *w, struct proc *fresh, uint32_t *table, uint32_t *text,
                     uint32_t *environment) {
  TRY(each_word(w, fresh, NULL, (uint32_t)w->script, 0, table, text));
  TRY(each_word(w, fresh, w->from, w->argv, w->script[0] ? 1 : 0, table, text));
  *table += 4; /* the arguments' end; a page of the stack is zero */
  *environment = *table;
  return w->environment ? each_word(w, fresh, w->from, w->environment, 0, table, text) : 0;
}

/* Puts the words at the top of the stack, and below them argv and the environment, whose pointers lead to the words.
 * Sets sp, a0 = argc, a1 = argv and a2 = the environment for the new program. */
static int push_words(struct proc *p, struct words *w) {
  uint32_t table = 0, text = 0, environment;
  TRY(all_words(w, NULL, &table, &text, &environment));
  uint32_t strings = USER_TOP - ((text + 15) & ~15u), argv = (strings - table - 4) & ~15u;
  uint32_t argc = environment / 4 - 1;
  table = argv, text = strings;
  TRY(all_words(w, p, &table, &text, &environment));
  memset(p->x, 0, sizeof p->x);
  p->x[2] = argv;
  p->x[10] = argc;
  p->x[11] = argv;
  p->x[12] = environment;
  return 0;
}

/* ---- scripts ---- */

static bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r'; }

static char *skip_spaces(char *s) {
  while (is_space(*s)) s++;
  return s;
}

/* If the file begins with #!, reads its first line. Then the interpreter's path is returned, and w has the words that
 * come first. NULL: it is no script. */
static const char *interpreter(struct node *file, const char *path, char line[SCRIPT_LINE], struct words *w) {
  uint32_t n = file->size < SCRIPT_LINE - 1 ? file->size : SCRIPT_LINE - 1;
  file_bytes(file, 0, line, n);
  line[n] = 0;
  if (line[0] != '#' || line[1] != '!' || w->script[0]) return NULL;
  for (n = 2; line[n] && line[n] != '\n';) n++;
  while (is_space(line[n - 1])) n--;
  line[n] = 0;
  char *name = skip_spaces(line + 2), *end = name, *argument;
  while (*end && !is_space(*end)) end++;
  argument = skip_spaces(end);
  *end = 0;
  if (!*name) return NULL;
  w->script[0] = name;
  w->script[1] = *argument ? argument : path;
  if (*argument) w->script[2] = path;
  return name;
}

/* ---- exec ---- */

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
  files_exec(p);
  signal_exec(p);
}

static int find_program(struct proc *p, const char *path, struct node **file) {
  struct place at;
  TRY(path_find(p->directory, path, &at));
  if (!at.node) return -ENOENT;
  *file = at.node;
  return at.node->kind == NODE_FILE ? 0 : -EISDIR;
}

int exec(struct proc *p, const char *path, struct proc *from, uint32_t argv, uint32_t environment) {
  char line[SCRIPT_LINE];
  struct words w = {.from = from, .argv = argv, .environment = environment};
  struct node *file;
  TRY(find_program(p, path, &file));
  const char *program = interpreter(file, path, line, &w);
  if (program) TRY(find_program(p, program, &file));
  static struct proc fresh; /* only its address space and registers are used */
  memset(&fresh, 0, sizeof fresh);
  fresh.pages = frame_alloc();
  if (!fresh.pages) return -ENOMEM;
  int error = load(&fresh, file);
  if (!error) error = push_words(&fresh, &w);
  if (error) {
    space_free(&fresh);
    return error;
  }
  take_over(p, &fresh);
  proc_rename(p, path);
  return 0;
}

CALL3(execve, path, argv, environment) {
  char name[PATH_BYTES];
  TRY(copy_in_string(p, name, path, sizeof name));
  TRY(exec(p, name, p, argv, environment));
  return p->x[10]; /* goes to a0, where the new program finds argc */
}
