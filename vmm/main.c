/* main.c - vmm [OPTION...] [KERNEL [ARGUMENT...]]: makes a virtual machine and runs it. */
#include "vmm.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { EXIT_USAGE = 125, NAME_MAX = 16 };

static struct vm vm;

/* What the options ask for. */
static struct {
  uint32_t bytes;     /* of RAM; 0: default_size() */
  const char *initrd; /* NULL: none */
  const struct way *way;
} wanted = {0, "/boot/initrd", &trap_way};

static const struct way *const ways[] = {&trap_way, &translate_way, &para_way};

static const char usage[] =
    "usage: vmm [-m SIZE] [--way WAY] [--initrd FILE] [--share N] [--name NAME]\n"
    "           [KERNEL [ARGUMENT...]]\n"
    "Runs KERNEL (default: /boot/kernel, the one that runs here) in a virtual machine,\n"
    "with the ARGUMENTs as boot arguments.\n"
    "  -m SIZE       the VM's memory, in bytes or with K or M (default: 3/4 of what is free)\n"
    "  --way WAY     how the CPU is virtualized: trap (default); translate; or translate,user,\n"
    "                which translates user programs, too. For tests of the translator, also\n"
    "                units=N (its cache holds N units at most), flush=SEED (the cache is\n"
    "                emptied at random), tell (units are shown to a recorder). Or para, for a\n"
    "                KERNEL that knows that it is a guest, such as /boot/kernel-para\n"
    "  --initrd FILE the VM's initrd, or none (default: /boot/initrd, this machine's own)\n"
    "  --share N     its turns on the CPU are N times as long as others' (1 to 100, default 1)\n"
    "  --name NAME   its output comes in whole lines, each behind \"NAME| \"\n"
    "With several in the background (vmm --name a &), Ctrl-] passes what is typed on to\n"
    "the next of the shell and the VMs; when there is nobody else, the guest gets the key.\n"
    "The exit status is the guest's; 125: it could not be started; 126: it check-stopped.\n";

void die(const char *what, const char *why) {
  fprintf(stderr, "vmm: %s: %s\n", what, why);
  exit(EXIT_USAGE);
}

static uint32_t parse_size(const char *text) {
  char *end;
  unsigned long n = strtoul(text, &end, 0);
  uint32_t unit = *end == 'M' ? 1 << 20 : *end == 'K' ? 1 << 10 : 1;
  if (end == text || (*end && end[1]) || (*end && unit == 1) || n == 0 || n > 0x7FFFFFFF / unit)
    die(text, "expected a size such as 4M");
  return n * unit & TLB_PFN_MASK;
}

static uint32_t default_size(void) {
  struct pg32_sysinfo info;
  sysinfo(&info);
  return info.free_pages / 4 * 3 << PAGE_SHIFT;
}

/* Memory that begins at a page boundary. */
static void *pages(uint32_t bytes) {
  uint32_t at = (uint32_t)sbrk(0);
  uint32_t pad = -at & (PAGE_SIZE - 1);
  if (sbrk(pad + bytes) == (void *)-1) die("-m", "not enough memory");
  return (void *)(at + pad);
}

/* Makes the virtual machine, with so many bytes of RAM. */
static void make(uint32_t bytes) {
  vm.way = wanted.way;
  vm.state = pages(PAGE_SIZE);
  vm.ram = pages(bytes);
  vm.ram_bytes = bytes;
  vm.low_core = (uint32_t *)vm.ram;
  vm.retired = true;
  vm.state->version = VM_VERSION;
  vm.state->clock = (uint32_t)&vm.tick;
  vm.id = vm_create(vm.state, vm.ram, bytes);
  if (vm.id < 0) die("vm_create", strerror(errno));
  vtlb__init(&vm.tlb, vm.state->tlb_entries);
}

static void take_share(const char *text) {
  char *end;
  long n = strtol(text, &end, 10);
  if (end == text || *end || cpu_share(n) < 0) die(text, "expected a share from 1 to 100");
}

static const struct way *way_named(const char *name) {
  for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
    if (strcmp(ways[i]->name, name) == 0) return ways[i];
  die(name, "expected a way that this VMM has: trap, translate or para");
}

/* NAME, or NAME,OPTION,... */
static void take_way(char *text) {
  wanted.way = way_named(strtok(text, ","));
  for (const char *word; (word = strtok(NULL, ","));)
    if (!wanted.way->option || !wanted.way->option(word)) die(word, "the way has no such option");
}

static void take_name(const char *name) {
  if (strlen(name) > NAME_MAX) die(name, "a name has 16 characters at most");
  vm.console.out.name = name;
}

/* Takes one option and its argument. False: there is no such option. */
static bool take_option(const char *option, char *argument) {
  if (strcmp(option, "-m") == 0)
    wanted.bytes = parse_size(argument);
  else if (strcmp(option, "--initrd") == 0)
    wanted.initrd = strcmp(argument, "none") ? argument : NULL;
  else if (strcmp(option, "--way") == 0)
    take_way(argument);
  else if (strcmp(option, "--share") == 0)
    take_share(argument);
  else if (strcmp(option, "--name") == 0)
    take_name(argument);
  else
    return false;
  return true;
}

/* The words for a guest that gets none: its shell is used at the terminal at which this one is used. Words such as
 * COLUMNS=80 are for its environment. Returns how many. */
static int terminal_words(char **word) {
  static const char *const names[] = {"TERM", "COLUMNS", "LINES"};
  static char depth[32];
  int n = 0;
  if (!getenv("TERM") || !getenv("DEPTH")) return 0;
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    const char *value = getenv(names[i]);
    if (value) word[n++] = (char *)value - strlen(names[i]) - 1; /* "TERM=xterm" */
  }
  snprintf(depth, sizeof depth, "DEPTH=%d", atoi(getenv("DEPTH")) + 1);
  word[n++] = depth;
  return n;
}

int main(int argc, char **argv) {
  char *words[4];
  int i = 1;
  for (; i < argc && argv[i][0] == '-'; i += 2) {
    if (strcmp(argv[i], "--help") == 0) return fputs(usage, stdout), 0;
    if (i + 1 == argc || !take_option(argv[i], argv[i + 1])) return fputs(usage, stderr), EXIT_USAGE;
  }
  const char *kernel = i < argc ? argv[i++] : "/boot/kernel";
  make(wanted.bytes ? wanted.bytes : default_size());
  int more = i == argc && !vm.console.out.name ? terminal_words(words) : 0;
  vm__load(&vm, kernel, wanted.initrd, more ? more : argc - i, more ? words : argv + i);
  device__init(&vm);
  if (vm.way->start) vm.way->start(&vm);
  return vm__run(&vm);
}
