/* boot.c - how a run is put together: kernel, initrd and boot arguments, nested to the depth that is asked
 * for.
 *
 * The machine starts the kernel; the kernel starts the first word of its boot arguments. To go one level
 * deeper that word is `vmm`, whose own arguments name the kernel of its VM and that kernel's boot arguments:
 *     depth 0                                    PROG ARGS...
 *     depth 1     vmm -m 8192K /boot/kernel      PROG ARGS...
 *     depth 2     vmm -m 13312K /boot/kernel  vmm -m 8192K /boot/kernel  PROG ARGS... */
#define _GNU_SOURCE /* asprintf */
#include <elf.h>
#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "isa/elf_pg32.h"
#include "isa/platform.h"
#include "tools/base_name.h"
#include "trapeze.h"

#define LEVEL_RAM (4u << 20) /* for a kernel, its shell and a VMM, besides the VM's own RAM */
#define RAM_MAX 0xE0000000u

static char *bundle_path(void) {
  const char *named = getenv("TRAPEZE_INITRD");
  if (named && *named) return must(strdup(named));
  char *path = beside_executable("share/trapeze/initrd.tar");
  if (!path) die(STATUS_USAGE, "/proc/self/exe: %s", strerror(errno));
  return path;
}

/* Reads the bundle. It may be missing when an image runs on the bare machine. */
static struct bytes read_bundle(bool needed) {
  char *path = bundle_path();
  struct bytes tar = {0};
  if (!file_try_read(path, &tar) && (needed || errno != ENOENT))
    die(STATUS_USAGE, "%s: %s", path, strerror(errno));
  free(path);
  return tar;
}

static struct bytes copy(struct bytes b) {
  struct bytes c = {0};
  bytes_append(&c, b.data, b.size);
  return c;
}

static bool is_pg32(struct bytes b) {
  const Elf32_Ehdr *h = (const void *)b.data;
  return b.size >= sizeof *h && memcmp(h->e_ident, ELFMAG, SELFMAG) == 0 && h->e_machine == EM_PG32;
}

static void add_word(struct bytes *args, const char *word) { bytes_append(args, word, strlen(word) + 1); }

/* Adds PROG to the boot arguments. A PG32 file of the host is put into the initrd, in place of a bundled
 * program of the same name. */
static void add_program(struct boot *b, const struct options *o) {
  const char *prog = o->argv[0];
  struct bytes file = {0};
  const char *base = base_name(prog);
  bool read = !o->closed && file_try_read(prog, &file);
  if (read && is_pg32(file)) {
    char name[100];
    if (snprintf(name, sizeof name, "bin/%s", base) >= (int)sizeof name)
      die(STATUS_USAGE, "%s: name too long", prog);
    tar_put(&b->initrd, name, file);
    add_word(&b->args, base);
  } else if (base != prog && !o->image) {
    die(STATUS_USAGE, "%s: %s", prog, read ? "not a PG32 ELF file" : strerror(errno));
  } else {
    add_word(&b->args, prog);
  }
  free(file.data);
}

bool boot_bundles(const char *program) {
  char name[100];
  struct bytes member, bundle = read_bundle(true);
  bool found =
      snprintf(name, sizeof name, "bin/%s", program) < (int)sizeof name && tar_find(bundle, name, &member);
  free(bundle.data);
  return found;
}

/* The kernel would notice a missing program, too; checking here gives a clearer message. */
static void check_bundled(const struct boot *b, const char *prog) {
  char name[100];
  struct bytes member;
  if (snprintf(name, sizeof name, "bin/%s", prog) >= (int)sizeof name || !tar_find(b->initrd, name, &member))
    die(STATUS_USAGE, "%s: neither a PG32 ELF file nor a bundled program", prog);
}

/* The RAM of a machine that holds a VM with `inner` bytes of RAM. */
static uint64_t outer_ram(uint64_t inner, size_t initrd) {
  uint64_t ram = inner + LEVEL_RAM + inner / 8 + initrd;
  return (ram + PAGE_SIZE - 1) / PAGE_SIZE * PAGE_SIZE;
}

/* Adds the words for o->depth VMMs, outermost first, and sets b->ram to the RAM of the machine itself. */
static void add_levels(struct boot *b, const struct options *o, size_t initrd) {
  uint64_t ram[DEPTH_MAX + 1] = {o->ram};
  for (unsigned i = 0; i < o->depth; i++) ram[i + 1] = outer_ram(ram[i], initrd);
  if (ram[o->depth] > RAM_MAX)
    die(STATUS_USAGE, "--ram and --depth: the outermost machine would need %lluM of RAM",
        (unsigned long long)ram[o->depth] >> 20);
  for (unsigned i = o->depth; i-- > 0;) {
    char kilobytes[24];
    snprintf(kilobytes, sizeof kilobytes, "%lluK", (unsigned long long)ram[i] >> 10);
    add_word(&b->args, "vmm");
    add_word(&b->args, "-m");
    add_word(&b->args, kilobytes);
    add_word(&b->args, i == 0 && o->image ? "/boot/image" : "/boot/kernel");
  }
  b->ram = (uint32_t)ram[o->depth];
}

/* Chooses what the machine itself starts. An image for a deeper level goes into the initrd. */
static void choose_image(struct boot *b, const struct options *o) {
  struct bytes image = {0}, kernel;
  if (o->image) image = o->image_elf ? copy(*o->image_elf) : file_read(o->image);
  if (o->image && o->depth == 0) {
    b->image = image;
    return;
  }
  if (!tar_find(b->initrd, "boot/kernel", &kernel)) die(STATUS_USAGE, "the initrd holds no boot/kernel");
  b->image = copy(kernel);
  if (o->image) tar_put(&b->initrd, "boot/image", image);
  free(image.data);
}

struct boot boot_assemble(const struct options *o) {
  struct boot b = {0};
  struct bytes program = {0};
  b.initrd = read_bundle(!(o->image && o->depth == 0));
  for (size_t i = 0; i < o->files; i++) tar_put(&b.initrd, o->file[i].name, o->file[i].content);
  choose_image(&b, o);
  if (o->argc > 0) add_program(&b, o);
  program = b.args;
  b.args = (struct bytes){0};
  if (o->argc > 0 && !o->image) check_bundled(&b, (const char *)program.data);
  add_levels(&b, o, b.initrd.size);
  bytes_append(&b.args, program.data, program.size);
  free(program.data);
  for (int i = 1; i < o->argc; i++) add_word(&b.args, o->argv[i]);
  return b;
}

/* The words after `vmm -m SIZE KERNEL` of all levels. */
static struct bytes innermost_words(const struct options *o, struct bytes args) {
  size_t at = 0;
  for (unsigned words = 4 * o->depth; words > 0; words--) at += strlen((const char *)args.data + at) + 1;
  return (struct bytes){args.data + at, args.size - at};
}

struct boot boot_innermost(const struct options *o, const struct boot *outer) {
  struct boot b = {
      .ram = o->ram, .initrd = copy(outer->initrd), .args = copy(innermost_words(o, outer->args))};
  struct bytes image = outer->image;
  if (o->image && o->depth > 0 && !tar_find(b.initrd, "boot/image", &image))
    die(STATUS_USAGE, "the initrd holds no boot/image");
  b.image = copy(image);
  return b;
}

void boot_free(struct boot *b) {
  free(b->image.data);
  free(b->initrd.data);
  free(b->args.data);
}

struct machine *boot_try_machine(const struct options *o, const struct boot *b, struct machine_error *error) {
  struct bytes disk = {0};
  if (o->disk) disk = file_read(o->disk);
  struct machine_config config = {
      .cpu = o->cpu, .engine = o->engine, .ram_bytes = b->ram, .disk = disk.data, .disk_bytes = disk.size};
#ifdef MODE_TINY
  config.tlb_entries = MACHINE_TLB_TINY;
#endif
  struct machine *m = machine_new(&config);
  if (!m && errno == ENOTSUP) die(STATUS_USAGE, "--engine jit: not on this host; expected auto or interp");
  if (!m) die(STATUS_USAGE, "no machine with %uK of RAM: %s", b->ram >> 10, strerror(errno));
  free(disk.data);
  if (machine_load(m, b->image.data, b->image.size, b->initrd.data, b->initrd.size, b->args.data,
                   b->args.size, error))
    return m;
  machine_free(m);
  return NULL;
}

struct machine *boot_machine(const struct options *o, const struct boot *b) {
  struct machine_error error;
  struct machine *m = boot_try_machine(o, b, &error);
  if (!m) die(STATUS_USAGE, "%s: %s", o->image && o->depth == 0 ? o->image : "boot/kernel", error.text);
  return m;
}
