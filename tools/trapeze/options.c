/* options.c - the options that every way of running a machine understands. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "calls.h"
#include "cpu_name.h"
#include "isa/platform.h"
#include "trapeze.h"

#define RAM_MAX 0xE0000000u

enum {
  KEY_RAM = 0x100,
  KEY_CPU,
  KEY_WAY,
  KEY_ENGINE,
  KEY_MAX_INSNS,
  KEY_INPUT,
  KEY_STDIN,
  KEY_STATS,
  KEY_IMAGE,
  KEY_DISK,
  KEY_INITRD,
  KEY_FILES,
  KEY_OUT,
  KEY_KERNEL,
  KEY_VMM,
  KEY_SYSCALLS,
  KEY_TLB
};

/* clang-format off */
static const struct argp_option rows[] = {
  {"depth",     'd',           "N",    0, "levels of virtualization: 0 = on the bare machine, 1 = in a VM (default), "
                                          "2 = in a VM in a VM, ...", 0},
  {"ram",       KEY_RAM,       "SIZE", 0, "RAM of the innermost machine; K, M suffixes (default 8M)", 0},
  {"cpu",       KEY_CPU,       "NAME", 0, "pg32 (default), or pg32-leaky, whose mfst and mtst do not trap; or one of a lab, such as pg32-nest=8", 0},
  {"way",       KEY_WAY,       "NAME", 0, "how a VMM virtualizes its CPU, at every level: trap (default), translate, or translate,user; para: kernels that know that they are guests", 0},
  {"engine",    KEY_ENGINE,    "NAME", 0, "jit, interp, or auto (default): the fastest that this host has", 0},
  {"max-insns", KEY_MAX_INSNS, "N",    0, "stop after N instructions of the real machine, with exit status 124", 0},
  {"input",     KEY_INPUT,     "FILE", 0, "take console input from FILE, as if a person had typed it all before the start: lines, ^D, ^C", 0},
  {"stdin",     KEY_STDIN,     "FILE", 0, "the same, but FILE is data: a program that sets no console mode gets its bytes as they are. "
                                          "So is stdin, unless PROG is a shell, if it is a file or, in `run`, a pipe", 0},
  {"stats",     KEY_STATS,     "FILE", 0, "write counts as JSON ({doc}/tools/TRACE.md)", 0},
  {"image",     KEY_IMAGE,     "ELF",  0, "boot this bare-metal image in place of the kernel; PROG and ARGS are "
                                          "its boot arguments, word for word", 0},
  {"initrd",    KEY_INITRD,    "FILE", 0, "give the innermost machine this initrd (default: none with --image, else "
                                          "the bundled one)", 0},
  {"files",     KEY_FILES,     "PATH", 0, "copy this file or folder into the guest's /host before it starts; may be given "
                                          "several times. A file that an argument of ./PROG names is copied by itself", 0},
  {"out",       KEY_OUT,       "DIR",  0, "run, trace: at the end, copy what the guest has written in /host into this folder; needs the "
                                          "bundled programs, and takes the place of --disk", 0},
  {"kernel",    KEY_KERNEL,    "ELF",  0, "use this kernel in place of the bundled one, at every level", 0},
  {"vmm",       KEY_VMM,       "ELF",  0, "use this VMM, a user program, in place of the bundled one, at every level", 0},
  {"syscalls",  KEY_SYSCALLS,  "FILE", 0, "the names of your own kernel's system calls, for whatever shows them: a line such as "
                                          "`9 read` for each ({doc}/tools/TRACE.md)", 0},
  {"tlb",       KEY_TLB,       "N",    0, "number of entries of the TLB, at every level: 2 to 256 (default 256)", 0},
  {"disk",      KEY_DISK,      "FILE", 0, "the content of the block device; FILE is replaced at the end if the guest wrote to the device", 0},
  {0}
};
/* clang-format on */

bool options_shell(const struct options *o) {
  return o->argc == 0 || (o->argc == 1 && strcmp(o->argv[0], "sh") == 0);
}

void options_defaults(struct options *o) {
  *o = (struct options){.depth = 1, .ram = RAM_DEFAULT, .cpu = CPU_PG32, .max_insns = UINT64_MAX};
}

static unsigned shift_of(const char *suffix) {
  if (suffix[0] && suffix[1]) return 64;
  switch (suffix[0]) {
  case 0: return 0;
  case 'k':
  case 'K': return 10;
  case 'm':
  case 'M': return 20;
  case 'g':
  case 'G': return 30;
  default: return 64;
  }
}

bool parse_size(const char *text, uint64_t max, uint64_t *value) {
  char *end;
  if (*text < '0' || *text > '9') return false;
  errno = 0;
  unsigned long long n = strtoull(text, &end, 0);
  unsigned shift = shift_of(end);
  if (errno || shift == 64 || n > max >> shift) return false;
  *value = (uint64_t)n << shift;
  return true;
}

static void set_ram(struct options *o, const char *text, struct argp_state *state) {
  uint64_t n;
  if (!parse_size(text, RAM_MAX, &n) || n < PAGE_SIZE || n % PAGE_SIZE)
    argp_error(state, "--ram %s: expected a multiple of 4K, up to 3584M", text);
  o->ram = (uint32_t)n;
}

static void set_cpu(struct options *o, const char *text, struct argp_state *state) {
  char names[160];
  if (!cpu_named(text, &o->cpu))
    argp_error(state, "--cpu %s: expected one of %s", text, cpu_names(names, sizeof names));
}

const char *const way_names[] = {"trap", "translate", "para", NULL};

static bool translates(const char *way) { return way && strncmp(way, "translate", strlen("translate")) == 0; }

bool options_translate(const struct options *o) { return translates(o->way); }

bool way_known(const char *text) {
  size_t n = strcspn(text, ",");
  for (const char *const *name = way_names; *name; name++)
    if (strncmp(*name, text, n) == 0 && !(*name)[n]) return true;
  return false;
}

const char *way_refusal(const char *way, enum machine_cpu cpu) {
  if (!translates(way) || (machine_features_of(cpu) & CPU_FEATURE_L)) return NULL;
  return "the way `translate` needs the CPU pg32-leaky";
}

static void set_way(struct options *o, const char *text, struct argp_state *state) {
  o->way = text;
  if (!way_known(text)) argp_error(state, "--way %s: expected trap, translate, translate,user or para", text);
}

static void set_engine(struct options *o, const char *text, struct argp_state *state) {
  static const char *const names[] = {
      [ENGINE_AUTO] = "auto", [ENGINE_INTERP] = "interp", [ENGINE_JIT] = "jit"};
  for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
    if (strcmp(text, names[i]) == 0) {
      o->engine = (enum machine_engine)i;
      return;
    }
  argp_error(state, "--engine %s: expected auto, interp or jit", text);
}

static void set_tlb(struct options *o, const char *text, struct argp_state *state) {
  uint64_t n;
  if (!parse_size(text, MACHINE_TLB_ENTRIES, &n) || n < 2)
    argp_error(state, "--tlb %s: expected a number from 2 to %d", text, MACHINE_TLB_ENTRIES);
  o->tlb = (uint32_t)n;
}

static uint64_t number(const char *option, const char *text, uint64_t max, struct argp_state *state) {
  uint64_t n = 0;
  if (!parse_size(text, max, &n))
    argp_error(state, "%s %s: expected a number up to %llu", option, text, (unsigned long long)max);
  return n;
}

static void add_host(struct options *o, const char *path, struct argp_state *state) {
  if (o->hosts == sizeof o->host / sizeof o->host[0])
    argp_error(state, "--files %s: expected at most %zu files and folders", path, o->hosts);
  o->host[o->hosts++] = path;
}

static error_t parse(int key, char *arg, struct argp_state *state) {
  struct options *o = state->input;
  switch (key) {
  case 'd': o->depth = (unsigned)number("--depth", arg, DEPTH_MAX, state); return 0;
  case KEY_RAM: set_ram(o, arg, state); return 0;
  case KEY_CPU: set_cpu(o, arg, state); return 0;
  case KEY_WAY: set_way(o, arg, state); return 0;
  case KEY_ENGINE: set_engine(o, arg, state); return 0;
  case KEY_MAX_INSNS: o->max_insns = number("--max-insns", arg, UINT64_MAX, state); return 0;
  case KEY_INPUT: o->input = arg, o->data = false; return 0;
  case KEY_STDIN: o->input = arg, o->data = true; return 0;
  case KEY_STATS: o->stats = arg; return 0;
  case KEY_IMAGE: o->image = arg; return 0;
  case KEY_DISK: o->disk = arg; return 0;
  case KEY_INITRD: o->initrd = arg; return 0;
  case KEY_OUT: o->out = arg; return 0;
  case KEY_FILES: add_host(o, arg, state); return 0;
  case KEY_KERNEL: o->kernel = arg; return 0;
  case KEY_VMM: o->vmm = arg; return 0;
  case KEY_SYSCALLS: o->calls = calls_read(arg); return 0;
  case KEY_TLB: set_tlb(o, arg, state); return 0;
  case ARGP_KEY_ARGS: /* PROG and everything after it */
    o->argv = state->argv + state->next;
    o->argc = state->argc - state->next;
    return 0;
  default: return ARGP_ERR_UNKNOWN;
  }
}

const struct argp options_argp = {.options = rows, .parser = parse};
