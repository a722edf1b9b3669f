/* boot.c - how a run is put together: kernel, initrd and boot arguments, nested to the depth that is asked
 * for.
 *
 * The machine starts the kernel; the kernel starts the first word of its boot arguments. To go one level
 * deeper that word is `vmm`, whose own arguments name the kernel of its VM and that kernel's boot arguments:
 *     depth 0                                    PROG ARGS...
 *     depth 1     vmm -m 8192K /boot/kernel      PROG ARGS...
 *     depth 2     vmm -m 13312K /boot/kernel  vmm -m 8192K /boot/kernel  PROG ARGS...
 *
 * The innermost machine gets the same at every depth. With an image, or with --initrd, its initrd is not that
 * of the levels around it; a file of theirs holds it, and the innermost VMM is told so:
 *     depth 1     vmm -m 8192K --initrd none /boot/image                  ARGS...
 *     depth 1     vmm -m 8192K --initrd /boot/guest-initrd /boot/kernel   PROG ARGS... */
#define _GNU_SOURCE /* asprintf */
#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "isa/platform.h"
#include "calls.h"
#include "tools/base_name.h"
#include "trapeze.h"

#define LEVEL_RAM (4u << 20) /* for a kernel, its shell and a VMM, besides the VM's own RAM */
#define RAM_MAX 0xE0000000u
#define GUEST_KERNEL "boot/guest-kernel"
#define GUEST_INITRD "boot/guest-initrd" /* in the initrd of the levels around the innermost machine */

static char *bundle_path(void) {
  const char *named = getenv("TRAPEZE_INITRD");
  if (named && *named) return must(strdup(named));
  char *path = beside_executable("share/trapeze/initrd.tar");
  if (!path) die(STATUS_USAGE, "where is trapeze? %s", strerror(errno));
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

/* Is the initrd of the innermost machine another than that of the levels around it? */
static bool has_own_initrd(const struct options *o) { return o->image || o->initrd; }

static struct bytes read_given(const char *option, const char *path) {
  struct bytes file = {0};
  if (!file_try_read(path, &file)) die(STATUS_USAGE, "%s %s: %s", option, path, strerror(errno));
  return file;
}

/* Puts the executable `path` into the initrd, without its debug information. */
static void put_executable(struct bytes *initrd, const char *name, const char *option, const char *path) {
  if (!path) return;
  struct bytes whole = read_given(option, path), stripped = {0};
  if (!elf_is_executable(whole) || !elf_strip(whole, &stripped))
    die(STATUS_USAGE, "%s %s: not an executable for PG32", option, path);
  tar_put(initrd, name, stripped);
  free(whole.data);
  free(stripped.data);
}

static void add_word(struct bytes *args, const char *word) { bytes_append(args, word, strlen(word) + 1); }

/* Adds PROG to the boot arguments. A PG32 file of the host is put into the initrd, in place of a bundled
 * program of the same name; but the levels around need their VMM. */
static void add_program(const struct options *o, struct bytes *initrd, struct bytes *args) {
  const char *prog = o->argv[0];
  struct bytes file = {0};
  const char *base = base_name(prog);
  bool read = !o->closed && file_try_read(prog, &file);
  if (read && elf_is_pg32(file)) {
    char name[100];
    if (snprintf(name, sizeof name, "bin/%s", base) >= (int)sizeof name)
      die(STATUS_USAGE, "%s: name too long", prog);
    if (o->depth > 0 && strcmp(base, "vmm") == 0)
      die(STATUS_USAGE,
          "%s: this name is the VMM's; expected a copy of another name, or --vmm to replace the VMM", prog);
    tar_put(initrd, name, file);
    add_word(args, base);
  } else if (base != prog) {
    die(STATUS_USAGE, "%s: %s", prog, read ? "not a PG32 ELF file" : strerror(errno));
  } else {
    add_word(args, prog);
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
static void check_bundled(struct bytes initrd, const char *prog) {
  char name[100];
  struct bytes member;
  if (snprintf(name, sizeof name, "bin/%s", prog) >= (int)sizeof name || !tar_find(initrd, name, &member))
    die(STATUS_USAGE, "%s: neither a PG32 ELF file nor a bundled program", prog);
}

/* Our kernel is told when input is data: no byte is a key for it, nor for its first program. */
static bool tells_of_data(const struct options *o) { return o->data && !o->kernel; }
static void add_console(const struct options *o, struct bytes *args) {
  if (tells_of_data(o)) add_word(args, "CONSOLE=raw");
}

/* What the environment of a shell at a terminal says of it: then the shell edits lines, and its prompt tells the depth.
 * Every other program's words are the same with a terminal and without, and so is its run. */
static void add_environment(const struct options *o, struct bytes *args) {
  char word[64];
  if (o->image || o->kernel || o->guest_kernel) return;
  add_console(o, args);
  if (!o->columns || !options_shell(o) || o->closed) return;
  add_word(args, "TERM=xterm");
  snprintf(word, sizeof word, "COLUMNS=%u", o->columns), add_word(args, word);
  snprintf(word, sizeof word, "LINES=%u", o->lines), add_word(args, word);
  snprintf(word, sizeof word, "DEPTH=%u", o->depth), add_word(args, word);
}

/* The innermost machine's boot arguments. A kernel's first word is a program, which must be in its initrd; an
 * image's words are its own affair. */
static struct bytes innermost_args(const struct options *o, struct bytes *initrd) {
  struct bytes args = {0};
  add_environment(o, &args);
  if (o->out) add_word(&args, "disk"), add_word(&args, "around"), add_word(&args, "/host");
  size_t program = args.size;
  if (o->out && o->argc == 0) add_word(&args, "sh");
  if (o->argc > 0 && !o->image) {
    add_program(o, initrd, &args);
    check_bundled(*initrd, (const char *)args.data + program);
  }
  for (int i = o->image ? 0 : 1; i < o->argc; i++) add_word(&args, o->argv[i]);
  return args;
}

static bool is_para(const struct options *o) { return o->way && strcmp(o->way, "para") == 0; }

/* The kernel of each VM, unless it is replaced. */
static const char *kernel_of_vms(const struct options *o) {
  return is_para(o) ? "boot/kernel-para" : "boot/kernel";
}

static const char *innermost_kernel(const struct options *o) {
  return o->guest_kernel ? GUEST_KERNEL : o->depth > 0 ? kernel_of_vms(o) : "boot/kernel";
}

/* The RAM of a machine that holds a VM with `inner` bytes of RAM. */
static uint64_t outer_ram(uint64_t inner, size_t initrd) {
  uint64_t ram = inner + LEVEL_RAM + inner / 8 + initrd;
  return (ram + PAGE_SIZE - 1) / PAGE_SIZE * PAGE_SIZE;
}

/* The way of a level's VMM. What follows the name is for the innermost: what a VMM around it has for user programs are
 * VMMs and their guests. */
static void add_way(struct boot *b, const char *way, bool innermost) {
  if (!way) return;
  add_word(&b->args, "--way");
  bytes_append(&b->args, way, innermost ? strlen(way) : strcspn(way, ","));
  bytes_append(&b->args, "", 1);
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
    add_console(o, &b->args);
    add_word(&b->args, "vmm");
    add_word(&b->args, "-m");
    add_word(&b->args, kilobytes);
    add_way(b, o->way, i == 0);
    if (i == 0 && has_own_initrd(o)) {
      add_word(&b->args, "--initrd");
      add_word(&b->args, o->initrd ? "/" GUEST_INITRD : "none");
    }
    char kernel[32];
    snprintf(kernel, sizeof kernel, "/%s", i > 0 ? kernel_of_vms(o) : innermost_kernel(o));
    add_word(&b->args, i == 0 && o->image ? "/boot/image" : kernel);
  }
  b->ram = (uint32_t)ram[o->depth];
}

static struct bytes take_kernel(struct bytes initrd, const char *name) {
  struct bytes kernel;
  if (!tar_find(initrd, name, &kernel)) die(STATUS_USAGE, "the initrd holds no %s", name);
  return copy(kernel);
}

static struct bytes take_image(const struct options *o) {
  return o->image_elf ? copy(*o->image_elf) : file_read(o->image);
}

/* With --way para the host's kernel has the hypervisor's part, and the guests' kernel knows that it is one. */
static void put_para_kernels(struct bytes *initrd) {
  char *path = beside_executable("share/trapeze/para.tar");
  struct bytes tar = path ? file_read(path) : (struct bytes){0}, kernel;
  for (const char *const *name = (const char *const[]){"boot/kernel", "boot/kernel-para", NULL}; *name;
       name++) {
    if (!tar_find(tar, *name, &kernel)) die(STATUS_USAGE, "%s holds no %s", path, *name);
    tar_put(initrd, *name, kernel);
  }
  free(tar.data);
  free(path);
}

/* The bundle with the files that replace some of it. */
static struct bytes own_bundle(const struct options *o) {
  struct bytes initrd = read_bundle(!(o->image && o->depth == 0));
  for (size_t i = 0; i < o->files; i++) tar_put(&initrd, o->file[i].name, o->file[i].content);
  if (is_para(o)) put_para_kernels(&initrd);
  put_executable(&initrd, o->depth > 0 ? kernel_of_vms(o) : "boot/kernel", "--kernel", o->kernel);
  put_executable(&initrd, "bin/vmm", "--vmm", o->vmm);
  return initrd;
}

/* The bare machine: it is given just what the innermost machine of any depth is. */
static struct boot assemble_bare(const struct options *o, struct bytes bundle) {
  struct boot b = {.ram = o->ram};
  b.image = o->image ? take_image(o) : take_kernel(bundle, innermost_kernel(o));
  b.initrd = o->initrd ? read_given("--initrd", o->initrd) : o->image ? (struct bytes){0} : copy(bundle);
  if (b.initrd.data) host_files_put(o, &b.initrd);
  b.args = innermost_args(o, &b.initrd);
  return b;
}

struct boot boot_assemble(const struct options *o) {
  if (o->calls && !calls_have_own_kernel(o))
    die(STATUS_USAGE,
        "--syscalls names the calls of a kernel of your own; expected --image or --kernel, too");
  struct bytes bundle = own_bundle(o);
  struct boot b = {0}, inner = assemble_bare(o, bundle);
  if (o->depth == 0) {
    free(bundle.data);
    return inner;
  }
  b.image = take_kernel(bundle, "boot/kernel");
  if (has_own_initrd(o)) {
    b.initrd = bundle;
    if (o->image) tar_put(&b.initrd, "boot/image", inner.image);
    if (o->initrd) tar_put(&b.initrd, GUEST_INITRD, inner.initrd);
  } else {
    b.initrd = copy(inner.initrd);
    free(bundle.data);
  }
  add_levels(&b, o, b.initrd.size);
  bytes_append(&b.args, inner.args.data, inner.args.size);
  boot_free(&inner);
  return b;
}

/* The words after `vmm ... KERNEL` of all levels. */
static struct bytes innermost_words(const struct options *o, struct bytes args) {
  size_t at = 0;
  unsigned words = ((o->way ? 6 : 4) + tells_of_data(o)) * o->depth + (has_own_initrd(o) ? 2 : 0);
  for (; words > 0; words--) at += strlen((const char *)args.data + at) + 1;
  return (struct bytes){args.data + at, args.size - at};
}

/* A file of the initrd that boot_assemble has put there. */
static struct bytes member_of(struct bytes initrd, const char *name) {
  struct bytes member;
  if (!tar_find(initrd, name, &member)) die(STATUS_USAGE, "the initrd holds no %s", name);
  return member;
}

struct boot boot_innermost(const struct options *o, const struct boot *outer) {
  struct bytes image = outer->image, initrd = outer->initrd, args = outer->args;
  if (o->depth > 0) {
    args = innermost_words(o, outer->args);
    if (o->image) image = member_of(outer->initrd, "boot/image");
    if (o->guest_kernel && !o->image) image = member_of(outer->initrd, GUEST_KERNEL);
    if (has_own_initrd(o)) initrd = o->initrd ? member_of(outer->initrd, GUEST_INITRD) : (struct bytes){0};
  }
  return (struct boot){.ram = o->ram, .image = copy(image), .initrd = copy(initrd), .args = copy(args)};
}

void boot_free(struct boot *b) {
  free(b->image.data);
  free(b->initrd.data);
  free(b->args.data);
}

/* machine_new has failed. Without the JIT, which reserves addresses, there may be room. */
static _Noreturn void no_machine(struct machine_config config) {
  const int error = errno;
  if (error == ENOTSUP) die(STATUS_USAGE, "--engine jit: not on this host; expected auto or interp");
  const bool jit = error == ENOMEM && config.engine == ENGINE_JIT;
  config.engine = ENGINE_INTERP;
  if (jit && machine_new(&config))
    die(no_memory_status,
        "--engine jit: it reserves about 200 MiB of addresses (not of memory), and a "
        "limit "
        "such as that of `ulimit -v` leaves less; expected --engine auto or interp, or a higher limit");
  die(error == ENOMEM ? no_memory_status : STATUS_USAGE, "no machine with %uK of RAM: %s",
      config.ram_bytes >> 10, strerror(error));
}

struct machine *boot_try_machine(const struct options *o, const struct boot *b, struct machine_error *error) {
  struct bytes disk = out_disk(o);
  if (o->disk) disk = file_read(o->disk);
  struct machine_config config = {.cpu = o->cpu,
                                  .engine = o->engine,
                                  .ram_bytes = b->ram,
                                  .tlb_entries = o->tlb,
                                  .disk = disk.data,
                                  .disk_bytes = disk.size};
  struct machine *m = machine_new(&config);
  if (!m) no_machine(config);
  free(disk.data);
  if (machine_load(m, b->image.data, b->image.size, b->initrd.data, b->initrd.size, b->args.data,
                   b->args.size, error))
    return m;
  machine_free(m);
  return NULL;
}

static const char *innermost_name(const struct options *o) {
  return o->image ? o->image : innermost_kernel(o);
}

/* An image or an initrd that the machine's own loader refuses is refused here with the same words at any
 * depth, before a VMM could find fault with it. */
static void check_innermost(const struct options *o, const struct boot *b) {
  if (!has_own_initrd(o) || o->depth == 0) return;
  struct boot inner = boot_innermost(o, b);
  struct options bare = *o;
  struct machine_error error;
  bare.depth = 0;
  struct machine *m = boot_try_machine(&bare, &inner, &error);
  if (!m) die(STATUS_USAGE, "%s: %s", innermost_name(o), error.text);
  machine_free(m);
  boot_free(&inner);
}

struct machine *boot_machine(const struct options *o, const struct boot *b) {
  struct machine_error error;
  check_innermost(o, b);
  struct machine *m = boot_try_machine(o, b, &error);
  if (!m) die(STATUS_USAGE, "%s: %s", o->depth == 0 ? innermost_name(o) : "boot/kernel", error.text);
  return m;
}
