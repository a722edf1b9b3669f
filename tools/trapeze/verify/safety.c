/* safety.c - trapeze verify safety: hostile guests change nothing for their neighbours.
 *
 * Each round puts an innocent process, an innocent VM and some hostile VMs onto one machine, observed by
 * watch.c. The round is over when both innocents have exited. The innocents have run before without the
 * hostile VMs: what they print and what their memory holds at the end must be the same, and they must get
 * their share of time. */
#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "safety.h"
#include "tools/trapeze/cpu_name.h"
#include "tools/trapeze/progress.h"

enum { PROCESS = 2, VMM = 3, FIRST_HOSTILE = 4 }; /* pids: the shell, 1, starts them in this order */
#define PATIENCE UINT64_C(2000000000)             /* instructions of the machine in one round */
#define FAIR 0.95
#define RAM (24u << 20)
#define DISK (64u << 10)

struct arguments {
  uint64_t insns, seed;
  const char *kernel, *vmm; /* files, in place of the bundled ones; NULL = not given */
  const char *way;          /* of all VMMs */
  enum machine_cpu cpu;
};

/* What the innocents leave: hashes of their memory, and their output. */
struct outcome {
  uint64_t hash[2];
  struct bytes output[2];
};

struct totals {
  uint64_t rounds, guest_insns, machine_insns, exits, entries;
  double share; /* time of the slowest innocent, divided by that of the fastest hostile VM */
};

/* ---- a machine ---- */

/* With the way of each VMM. */
static const char innocents[] =
    "primes 250000 & "
    "vmm -m 2M --way %s /boot/%s sh -c 'touch-pages 40 200; null-syscall 99; primes 100000' & ";
static const char hostiles[] = "vmm -m 2M --way %s /boot/fuzz0 & vmm -m 2M --way %s /boot/fuzz1 & "
                               "vmm -m 2M --way %s /boot/fuzz2 sh -c '" SAFETY_PROGRAMS "' & ";

static struct bytes member(struct bytes tar, const char *name) {
  struct bytes found;
  if (!tar_find(tar, name, &found)) die(STATUS_USAGE, "the initrd holds no %s", name);
  return found;
}

/* All VMs' kernels know that they are guests. */
static bool is_para(const struct arguments *a) { return strcmp(a->way, "para") == 0; }

void safety_guests(struct bytes kernel, bool para, uint64_t *seed, struct bytes image[SAFETY_HOSTILE]) {
  image[0] = para ? fuzz_para_image(seed) : fuzz_image(seed);
  image[1] = fuzz_greedy_image(seed, para);
  image[SAFETY_MUTANT] = fuzz_mutant(kernel, seed);
}

/* A small initrd, because each VM loads it anew: the kernel, who runs, the hostile images. */
static struct bytes make_initrd(const struct arguments *a, struct bytes bundle, uint64_t *seed) {
  static const char *const names[] = {"bin/sh",          "bin/vmm",          "bin/primes",
                                      "bin/touch-pages", "bin/null-syscall", "boot/kernel"};
  const bool para = is_para(a);
  struct bytes tar = {0};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) tar_put(&tar, names[i], member(bundle, names[i]));
  if (para) tar_put(&tar, "boot/kernel-para", member(bundle, "boot/kernel-para"));
  struct bytes image[SAFETY_HOSTILE];
  safety_guests(member(bundle, para ? "boot/kernel-para" : "boot/kernel"), para, seed, image);
  for (int i = 0; i < SAFETY_HOSTILE; i++) {
    char name[] = "boot/fuzz0";
    name[sizeof name - 2] += i;
    tar_put(&tar, name, image[i]);
    free(image[i].data);
  }
  return tar;
}

/* The boot arguments; returns their bytes. */
static size_t put_words(char *words, size_t size, const struct arguments *a, bool hostile) {
  const char *way = a->way;
  memcpy(words, "sh\0-c", 6);
  size_t n = 6;
  n += (size_t)snprintf(words + n, size - n, innocents, way, is_para(a) ? "kernel-para" : "kernel");
  if (hostile) n += (size_t)snprintf(words + n, size - n, hostiles, way, way, way);
  return n + (size_t)snprintf(words + n, size - n, "wait") + 1;
}

static struct machine *make_machine(const struct arguments *a, struct bytes kernel, struct bytes initrd,
                                    bool hostile) {
  char words[700];
  const size_t n = put_words(words, sizeof words, a, hostile);
  struct machine_error error;
  struct machine *m =
      must(machine_new(&(struct machine_config){.cpu = a->cpu, .ram_bytes = RAM, .disk_bytes = DISK}));
  if (!machine_load(m, kernel.data, kernel.size, initrd.data, initrd.size, words, n, &error))
    die(STATUS_USAGE, "boot/kernel: %s", error.text);
  machine_console_hangup(m, 0);
  return m;
}

/* ---- a run ---- */

static void put(void *arg, uint8_t byte) { bytes_append(arg, &byte, 1); }

static void describe_end(struct watch *w, enum machine_exit exit) {
  char why[160] = "the machine is starved: the innocents have not finished";
  if (w->violation[0]) return;
  if (exit == EXIT_CHECKSTOP) machine_checkstop_text(w->m, why, sizeof why);
  if (exit == EXIT_POWER)
    snprintf(why, sizeof why, "the host powered off with status %u", machine_exit_status(w->m));
  snprintf(w->violation, sizeof w->violation, "%s", why);
}

/* Runs until one of the innocents exits; false when it does not come to that. */
static bool run_to_exit(struct watch *w) {
  enum machine_exit exit = machine_run(w->m, &(struct machine_limits){PATIENCE, UINT64_MAX, false});
  if (exit == EXIT_STOPPED && !w->violation[0]) return true;
  describe_end(w, exit);
  return false;
}

/* The time of the slowest innocent, divided by that of the fastest hostile VM. */
static double share(const struct watch *w) {
  uint64_t least = w->process[PROCESS].insns, most = 0;
  if (w->process[VMM].insns < least) least = w->process[VMM].insns;
  for (uint32_t pid = FIRST_HOSTILE; pid < WATCH_PROCESSES; pid++)
    if (w->process[pid].insns > most) most = w->process[pid].insns;
  return most ? (double)least / (double)most : 1;
}

static void take_outcome(struct watch *w, struct outcome *o) {
  static const uint32_t pids[] = {PROCESS, VMM};
  for (int i = 0; i < 2; i++) {
    o->hash[i] = w->process[pids[i]].hash;
    o->output[i] = w->process[pids[i]].output;
    w->process[pids[i]].output = (struct bytes){0};
  }
}

static void add(struct totals *t, const struct watch *w) {
  t->machine_insns += machine_retired(w->m);
  t->exits += w->exits;
  t->entries += w->entries;
  for (uint32_t pid = FIRST_HOSTILE; pid < WATCH_PROCESSES; pid++)
    t->guest_insns += w->process[pid].guest_insns;
}

/* A hostile guest may have written some of it, so only printable characters go to the terminal. */
static void show_tail(struct bytes console) {
  size_t from = console.size < 400 ? 0 : console.size - 400;
  fputs("the end of the console: ", stderr);
  for (size_t i = from; i < console.size; i++)
    fputc(isprint(console.data[i]) || console.data[i] == '\n' ? console.data[i] : '.', stderr);
  fputc('\n', stderr);
}

/* One machine, from start to the exit of both innocents. */
static bool run(const struct arguments *a, struct watch *w, struct bytes kernel, struct bytes initrd,
                bool hostile, struct totals *t) {
  struct bytes console = {0};
  struct machine *m = make_machine(a, kernel, initrd, hostile);
  machine_console_output(m, put, &console);
  watch_open(w, m, kernel);
  w->until[0] = PROCESS, w->until[1] = VMM;
  bool ended = run_to_exit(w);
  double got = share(w);
  if (hostile && ended && got < t->share) t->share = got;
  ended = ended && run_to_exit(w);
  watch_finish(w, kernel);
  if (hostile) add(t, w);
  if (w->violation[0]) show_tail(console);
  free(console.data);
  return ended && !w->violation[0];
}

/* ---- rounds ---- */

static const char *difference(const struct outcome *a, const struct outcome *b) {
  static const char *const what[] = {"the innocent process's", "the innocent VM's"};
  static char text[100];
  for (int i = 0; i < 2; i++) {
    bool output = a->output[i].size != b->output[i].size ||
                  memcmp(a->output[i].data, b->output[i].data, a->output[i].size) != 0;
    if (!output && a->hash[i] == b->hash[i]) continue;
    snprintf(text, sizeof text, "%s %s is another than without hostile guests", what[i],
             output ? "output" : "memory");
    return text;
  }
  return NULL;
}

static void free_outcome(struct outcome *o) {
  free(o->output[0].data);
  free(o->output[1].data);
}

/* Returns what went wrong, or NULL. */
static const char *compare_runs(const struct arguments *a, struct watch *w, struct bytes kernel,
                                struct bytes initrd, struct totals *t) {
  static struct watch alone;
  struct outcome without = {0}, with = {0};
  const char *wrong = NULL;
  if (!run(a, &alone, kernel, initrd, false, t)) return alone.violation;
  if (alone.process[PROCESS].status != 0 || alone.process[VMM].status != 0)
    die(STATUS_USAGE, "an innocent does not do its work even alone (exit statuses %u, %u): expected 0",
        alone.process[PROCESS].status, alone.process[VMM].status);
  take_outcome(&alone, &without);
  bool held = run(a, w, kernel, initrd, true, t);
  take_outcome(w, &with);
  wrong = held ? difference(&without, &with) : w->violation;
  if (!wrong && t->share < FAIR) wrong = "an innocent got less than its share of time";
  free_outcome(&without);
  free_outcome(&with);
  watch_close(&alone);
  machine_free(alone.m);
  return wrong;
}

static const char *one_round(const struct arguments *a, struct boot *boot, uint64_t *seed, struct totals *t) {
  static struct watch w;
  struct bytes initrd = make_initrd(a, boot->initrd, seed);
  const char *wrong = compare_runs(a, &w, boot->image, initrd, t);
  if (w.m) {
    watch_close(&w);
    machine_free(w.m);
    w.m = NULL;
  }
  free(initrd.data);
  t->rounds++;
  return wrong;
}

static void report(const struct totals *t, double seconds) {
  printf("%" PRIu64 " rounds of %d hostile VMs: %" PRIu64 " guest instructions, %" PRIu64 " in all, %.0f s\n",
         t->rounds, SAFETY_HOSTILE, t->guest_insns, t->machine_insns, seconds);
  printf("%" PRIu64 " exits checked, %" PRIu64
         " TLB entries; an innocent had at least %.1f%% of the time of a hostile one\n",
         t->exits, t->entries, 100 * t->share);
}

static int verify(const struct arguments *a) {
  struct options o;
  struct totals t = {.share = 1};
  time_t start = time(NULL);
  options_defaults(&o);
  o.depth = 0;
  o.kernel = a->kernel, o.vmm = a->vmm;
  o.way = a->way;
  struct boot boot = boot_assemble(&o);
  const char *wrong = NULL;
  uint64_t round = a->seed;
  while (!wrong && t.guest_insns < a->insns) {
    uint64_t seed = round++;
    wrong = one_round(a, &boot, &seed, &t);
    progress_tell("%" PRIu64 " rounds, %.0f %% of the guest instructions", t.rounds,
                  100. * (double)t.guest_insns / (double)a->insns);
  }
  progress_end();
  report(&t, difftime(time(NULL), start));
  if (wrong)
    printf("safety is violated, with --seed %" PRIu64 ": %s\n", round - 1, wrong);
  else
    puts("safety holds");
  boot_free(&boot);
  return wrong ? VERIFY_FAILS : VERIFY_HOLDS;
}

/* ---- the command line ---- */

enum { KEY_INSNS = 0x200, KEY_SEED, KEY_KERNEL, KEY_VMM, KEY_CPU, KEY_WAY };

static const struct argp_option rows[] = {
    {"insns", KEY_INSNS, "N", 0,
     "go on until hostile guests have executed N instructions; K, M, G suffixes (default 10M)", 0},
    {"seed", KEY_SEED, "N", 0, "the seed of the first round (default 1); each further round adds 1", 0},
    {"cpu", KEY_CPU, "NAME", 0, "pg32 (default) or pg32-leaky", 0},
    {"way", KEY_WAY, "NAME", 0,
     "how the VMMs virtualize it: trap (default) or para; on pg32-leaky translate or translate,user", 0},
    {"kernel", KEY_KERNEL, "ELF", 0,
     "use this kernel in place of the bundled one; it must keep its page tables and marks as that does", 0},
    {"vmm", KEY_VMM, "ELF", 0, "use this VMM in place of the bundled one", 0},
    {0}};

static error_t parse(int key, char *arg, struct argp_state *state) {
  struct arguments *a = state->input;
  switch (key) {
  case KEY_KERNEL: a->kernel = arg; return 0;
  case KEY_VMM: a->vmm = arg; return 0;
  case KEY_INSNS:
  case KEY_SEED:
    if (!parse_size(arg, UINT64_MAX, key == KEY_INSNS ? &a->insns : &a->seed))
      argp_error(state, "%s: expected a number", arg);
    return 0;
  case KEY_CPU:
    if (!cpu_named(arg, &a->cpu)) argp_error(state, "--cpu %s: expected pg32 or pg32-leaky", arg);
    return 0;
  case KEY_WAY:
    if (!way_known(arg)) argp_error(state, "--way %s: expected trap, para, translate or translate,user", arg);
    a->way = arg;
    return 0;
  case ARGP_KEY_ARG: argp_error(state, "%s: no argument is expected", arg); return 0;
  case ARGP_KEY_END:
    if ((strncmp(a->way, "translate", strlen("translate")) != 0) != (a->cpu != CPU_LEAKY))
      argp_error(state, "--way %s: expected trap or para on pg32, and translate on pg32-leaky", a->way);
    return 0;
  default: return ARGP_ERR_UNKNOWN;
  }
}

int verify_safety(int argc, char **argv) {
  static const struct argp argp = {
      .options = rows,
      .parser = parse,
      .doc =
          "Runs hostile VMs beside an innocent process and an innocent VM, and checks after every exit what "
          "must "
          "hold: only the kernel runs with U=0, TLB entries lead to frames of their owner, and a process or "
          "VM is "
          "resumed with the registers that it had. Each innocent must get 95% of the time that a hostile VM "
          "gets.\v"
          "Exit status: 0 safety holds, 1 it is violated. A round can be repeated with its seed."};
  struct arguments a = {.insns = 10000000, .seed = 1, .way = "trap", .cpu = CPU_PG32};
  argp_parse(&argp, argc, argv, 0, &a);
  return verify(&a);
}
