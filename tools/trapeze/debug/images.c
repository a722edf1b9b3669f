/* images.c - which program a lane runs, and its symbols.
 *
 * Programs in the initrd are stripped. The unstripped ones are in ../guest, seen from the folder of the
 * executable, or in ../share/trapeze/debug of an installation. Kernel lanes of every depth run the kernel;
 * the name of a process's lane ends in the program's name. */
#include <elf.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "debug.h"

static bool open_image(struct image *i, const char *path) {
  const char *why;
  i->fd = open(path, O_RDONLY | O_CLOEXEC);
  if (i->fd >= 0) i->lines = pg32_lines_open(i->fd, &why);
  if (i->fd >= 0 && !i->lines) {
    close(i->fd);
    i->fd = -1;
  }
  return i->lines != NULL;
}

const char *image_process_name(const char *path, char name[PROC_NAME]) {
  snprintf(name, PROC_NAME, "%s", base_name(path));
  recorder_process_name(name, PROC_NAME);
  return name;
}

/* Does a process that runs the file `path` have the image's name? */
static bool is_named_after(const struct image *i, const char *path) {
  char name[PROC_NAME];
  return strcmp(image_process_name(path, name), i->name) == 0;
}

/* The kernel of a lane of that depth. With --way para the host's is another one than the guests'. */
static const char *kernel_name(const struct debug *d, unsigned depth) {
  const struct options *o = &d->options;
  if (!o->way || strcmp(o->way, "para") != 0) return "kernel";
  return depth == 0 ? "kernel-host" : "kernel-para";
}

/* The kernel that the run replaces: by --kernel, or by a file of the initrd that a lab gives. */
static bool open_own_kernel(struct debug *d, struct image *i) {
  const struct options *o = &d->options;
  if (strcmp(i->name, "kernel-host") == 0) return false;
  if (o->kernel) return open_image(i, o->kernel);
  for (size_t k = 0; k < o->files; k++)
    if (o->file[k].debug && strcmp(base_name(o->file[k].name), "kernel") == 0)
      return open_image(i, o->file[k].debug);
  return false;
}

/* The user's own file takes precedence over a bundled one of the same name. */
static bool open_own_program(struct debug *d, struct image *i) {
  const struct options *o = &d->options;
  for (size_t k = 0; k < o->files; k++)
    if (o->file[k].debug && is_named_after(i, o->file[k].name)) return open_image(i, o->file[k].debug);
  if (o->vmm && strcmp(i->name, "vmm") == 0) return open_image(i, o->vmm);
  return o->argc > 0 && is_named_after(i, o->argv[0]) && open_image(i, o->argv[0]);
}

static void open_bundled(struct image *i, const char *under) {
  static const char *const places[] = {"guest", "share/trapeze/debug"};
  for (size_t k = 0; k < sizeof places / sizeof *places && !i->lines; k++) {
    char path[PATH_MAX], *folder = beside_executable(places[k]);
    if (folder && snprintf(path, sizeof path, "%s/%s/%s", folder, under, i->name) < (int)sizeof path)
      open_image(i, path);
    free(folder);
  }
}

static void find_file(struct debug *d, struct image *i) {
  const struct options *o = &d->options;
  switch (i->kind) {
  case IMAGE_BARE: open_image(i, o->image_debug ? o->image_debug : o->image); break;
  case IMAGE_KERNEL:
    if (!open_own_kernel(d, i)) open_bundled(i, "boot");
    break;
  case IMAGE_PROGRAM:
    if (!open_own_program(d, i) && !strchr(i->name, '/')) open_bundled(i, "bin");
    break;
  }
}

static struct image *image_of_kind(struct debug *d, enum image_kind kind, const char *name) {
  for (struct image *i = d->images; i; i = i->next)
    if (i->kind == kind && strcmp(i->name, name) == 0) return i;
  struct image *i = must(calloc(1, sizeof *i));
  i->kind = kind;
  i->name = must(strdup(name));
  i->fd = -1;
  i->next = d->images;
  d->images = i;
  find_file(d, i);
  return i;
}

struct image *image_named(struct debug *d, const char *name) {
  if (strcmp(name, "kernel") == 0) return image_of_kind(d, IMAGE_KERNEL, kernel_name(d, d->options.depth));
  if (strcmp(name, "image") == 0 && d->options.image) return image_of_kind(d, IMAGE_BARE, name);
  return image_of_kind(d, IMAGE_PROGRAM, name);
}

struct image *image_of(struct debug *d, uint32_t lane) {
  if (lane >= d->nlanes) return NULL;
  const struct lane *l = &d->lanes[lane];
  if (l->kind == LANE_PROCESS) return image_of_kind(d, IMAGE_PROGRAM, recorder_lane_program(l->name));
  if (l->kind == LANE_USER) return NULL;
  if (d->options.image && l->depth == d->options.depth) return image_named(d, "image");
  return image_of_kind(d, IMAGE_KERNEL, kernel_name(d, l->depth));
}

/* A session that was saved does not say which program it is about: the first process that is no VMM is. */
struct image *image_of_run(struct debug *d) {
  char name[PROC_NAME];
  const struct options *o = &d->options;
  if (o->image) return image_named(d, "image");
  if (o->argc > 0) return image_of_kind(d, IMAGE_PROGRAM, image_process_name(o->argv[0], name));
  for (uint32_t i = 0; i < d->nlanes; i++)
    if (d->lanes[i].kind == LANE_PROCESS && lane_matches(d, "app", i)) return image_of(d, i);
  return image_of_kind(d, IMAGE_PROGRAM, "sh");
}

struct image *image_meant(struct debug *d, uint32_t lane) {
  const bool user = lane < d->nlanes && d->lanes[lane].kind == LANE_USER;
  return user && d->lanes[lane].depth == d->options.depth ? image_of_run(d) : image_of(d, lane);
}

void images_free(struct debug *d) {
  while (d->images) {
    struct image *i = d->images;
    d->images = i->next;
    source_close(i);
    unwind_free(i->functions);
    pg32_lines_close(i->lines);
    if (i->fd >= 0) close(i->fd);
    free(i->name);
    free(i);
  }
}

const char *image_symbol(struct image *i, uint32_t address, char *buf, size_t size) {
  struct pg32_lines_place place;
  *buf = 0;
  if (!i || !i->lines || !pg32_lines_at(i->lines, address, &place) || !place.function) return buf;
  if (place.offset)
    snprintf(buf, size, "%s+0x%x", place.function, place.offset);
  else
    snprintf(buf, size, "%s", place.function);
  return buf;
}

uint32_t image_function_end(struct image *i, uint32_t start) {
  size_t n;
  const struct pg32_lines_symbol *all = pg32_lines_symbols(i->lines, &n);
  for (size_t k = 0; k < n; k++) {
    if (all[k].address == start && all[k].size) return start + all[k].size;
    if (all[k].address > start) return all[k].address;
  }
  return start + IMAGE_FUNCTION;
}

/* The segment with the `bytes` bytes at an address; `in_file`: and the file has them. */
static bool find_segment(struct image *i, uint32_t address, uint32_t bytes, bool in_file, Elf32_Phdr *p) {
  Elf32_Ehdr h;
  if (!i || i->fd < 0 || pread(i->fd, &h, sizeof h, 0) != sizeof h) return false;
  for (unsigned k = 0; k < h.e_phnum; k++) {
    if (pread(i->fd, p, sizeof *p, (off_t)(h.e_phoff + k * sizeof *p)) != sizeof *p) return false;
    if (p->p_type != PT_LOAD || address < p->p_vaddr) continue;
    if (address - p->p_vaddr + bytes <= (in_file ? p->p_filesz : p->p_memsz)) return true;
  }
  return false;
}

/* The word that would be in memory if the page were mapped. */
bool image_word(struct image *i, uint32_t address, uint32_t *word) {
  Elf32_Phdr p;
  return find_segment(i, address, 4, true, &p) &&
         pread(i->fd, word, sizeof *word, (off_t)(p.p_offset + address - p.p_vaddr)) == sizeof *word;
}

bool image_is_code(struct image *i, uint32_t address) {
  Elf32_Phdr p;
  return find_segment(i, address, 1, false, &p) && (p.p_flags & PF_X);
}

bool image_is_read_only(struct image *i, uint32_t address) {
  Elf32_Phdr p;
  return find_segment(i, address, 1, false, &p) && !(p.p_flags & PF_W);
}

bool image_segment(struct image *i, uint32_t address, uint32_t *first, uint32_t *end) {
  Elf32_Phdr p;
  if (!find_segment(i, address, 4, true, &p)) return false;
  *first = p.p_vaddr;
  *end = p.p_vaddr + p.p_filesz;
  return true;
}
