/* translation.c - trapeze verify translation: each unit that a VMM makes of its guest's code does what that code does. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "isa/pg32.h"
#include "safety.h"
#include "units.h"

enum { STATES = 8 };

struct arguments {
  struct options options;
  uint64_t states, seed;
  uint64_t hostile; /* seed of a round of `verify safety`, + 1; 0: none is meant */
};

struct verified {
  const struct arguments *a;
  struct scratch *scratch;
  struct machine *m;
  uint64_t told, tried;
  uint64_t *seen; /* a hash table of unit_hash; 0: free */
  size_t room;
  bool wrong;
};

/* ---- units that are the same are tried once ---- */

static bool put(uint64_t *table, size_t room, uint64_t hash) {
  size_t i = hash % room;
  for (; table[i]; i = (i + 1) % room)
    if (table[i] == hash) return false;
  table[i] = hash;
  return true;
}

static void grow(struct verified *v) {
  const size_t room = v->room ? 2 * v->room : 4096;
  uint64_t *table = must(calloc(room, sizeof *table));
  for (size_t i = 0; i < v->room; i++)
    if (v->seen[i]) put(table, room, v->seen[i]);
  free(v->seen);
  v->seen = table, v->room = room;
}

static bool is_new(struct verified *v, const struct unit *u) {
  if (2 * v->tried >= v->room) grow(v);
  return put(v->seen, v->room, unit_hash(u) | 1);
}

/* ---- what is said ---- */

static void say_unit(const struct unit *u) {
  char guest[80], word[80];
  unsigned last = UINT32_MAX;
  for (unsigned i = 0; i < u->words; i++) {
    const struct unit_word *w = &u->word[i];
    pg32_disassemble(word, sizeof word, w->word, u->start + 4 * i);
    *guest = 0;
    if (w->insn != last && w->insn < u->insns)
      pg32_disassemble(guest, sizeof guest, u->guest[w->insn], u->pc + 4 * w->insn);
    last = w->insn;
    printf("  %06x %-30s %08x %s\n", (u->pc + 4 * w->insn) & 0xFFFFFF, guest, u->start + 4 * i, word);
  }
}

static void on_unit(void *arg, const struct unit *u) {
  struct verified *v = arg;
  v->told++;
  if (v->wrong || !is_new(v, u)) return;
  v->tried++;
  const char *difference = scratch_try(v->scratch, u, (unsigned)v->a->states, v->a->seed);
  if (!difference) return;
  v->wrong = true;
  machine_stop(v->m);
  printf("translation is wrong: the unit for 0x%08x, STATUS 0x%x, differs from the guest's words %s\n", u->pc,
         u->key, difference);
  say_unit(u);
}

static void report(const struct verified *v, uint64_t cut) {
  const struct scratch_totals t = scratch_totals(v->scratch);
  printf("%" PRIu64 " units were made, %" PRIu64 " different ones tried", v->told, v->tried);
  if (cut) printf(", %" PRIu64 " not told whole", cut);
  printf(": %" PRIu64 " runs, %" PRIu64 " instructions of the guest, %" PRIu64 " words\n", t.runs, t.insns,
         t.words);
  printf("ends: %" PRIu64 " exits, %" PRIu64 " indirect jumps, %" PRIu64 " calls, %" PRIu64
         " faults, %" PRIu64 " other traps\n",
         t.exits, t.jumps, t.calls, t.faults, t.others);
}

/* ---- the run ---- */

static void queue_input(struct machine *m, const char *file) {
  struct bytes input = file ? file_read(file) : verify_stdin();
  if (input.size && !machine_console_input(m, 0, input.data, input.size)) must(NULL);
  machine_console_hangup(m, 0);
  free(input.data);
}

/* Runs the guest of `o`, and tries the units of its VMMs. */
static enum machine_exit run_guest(struct verified *v, const struct options *o, uint64_t *cut) {
  struct boot boot = boot_assemble(o);
  v->m = boot_machine(o, &boot);
  struct units *units = units_open(v->m, on_unit, v);
  queue_input(v->m, o->input);
  const enum machine_exit exit = machine_run(v->m, &(struct machine_limits){o->max_insns, UINT64_MAX, false});
  *cut += units_cut(units);
  units_free(units);
  machine_free(v->m);
  boot_free(&boot);
  return exit;
}

/* The hostile guests of a round of `verify safety`, one after the other. */
static enum machine_exit run_hostile(struct verified *v, const struct options *o, uint64_t seed,
                                     uint64_t *cut) {
  static char *words[] = {"sh", "-c", SAFETY_PROGRAMS};
  struct boot boot = boot_assemble(&(struct options){.depth = 0, .ram = RAM_DEFAULT, .cpu = o->cpu});
  struct bytes image[SAFETY_HOSTILE];
  enum machine_exit exit = EXIT_POWER;
  safety_guests(boot.image, false, &seed, image);
  for (int i = 0; i < SAFETY_HOSTILE && !v->wrong; i++) {
    struct options guest = *o;
    const struct initrd_file kernel = {.name = "boot/guest-kernel", .content = image[i]};
    if (i == SAFETY_MUTANT) {
      guest.guest_kernel = true, guest.file = &kernel, guest.files = 1;
      guest.argv = words, guest.argc = sizeof words / sizeof *words;
    } else {
      guest.image = "hostile", guest.image_elf = &image[i];
    }
    if (run_guest(v, &guest, cut) == EXIT_LIMIT) exit = EXIT_LIMIT;
  }
  for (int i = 0; i < SAFETY_HOSTILE; i++) free(image[i].data);
  boot_free(&boot);
  return exit;
}

static int verify(struct arguments *a) {
  struct verified v = {.a = a, .scratch = scratch_new()};
  uint64_t cut = 0;
  char way[200];
  snprintf(way, sizeof way, "%s,tell", a->options.way ? a->options.way : "translate");
  a->options.way = way;
  const enum machine_exit exit =
      a->hostile ? run_hostile(&v, &a->options, a->hostile - 1, &cut) : run_guest(&v, &a->options, &cut);
  report(&v, cut);
  const bool none = !v.told;
  if (none)
    printf("nothing was translated: give a run with --cpu pg32-leaky, and not --way trap\n");
  else if (!v.wrong)
    printf(exit == EXIT_LIMIT ? "translation holds until the instructions were used up\n"
                              : "translation holds\n");
  scratch_free(v.scratch);
  free(v.seen);
  return v.wrong || none ? VERIFY_FAILS : VERIFY_HOLDS;
}

/* ---- the command line ---- */

enum { KEY_STATES = 0x300, KEY_SEED, KEY_RANDOM, KEY_HOSTILE };
static const struct argp_option rows[] = {
    {"states", KEY_STATES, "N", 0, "random states from which each unit is run (default 8)", 1},
    {"seed", KEY_SEED, "N", 0, "seed of the random states (default 1)", 1},
    {"random", KEY_RANDOM, "SEED", 0, "in place of PROG: a random machine, which may write its own code", 1},
    {"hostile", KEY_HOSTILE, "SEED", 0,
     "in place of PROG: the hostile guests of this round of `verify safety`, one after the other", 1},
    {0}};

static error_t parse(int key, char *arg, struct argp_state *state) {
  struct arguments *a = state->input;
  switch (key) {
  case ARGP_KEY_INIT: state->child_inputs[0] = &a->options; return 0;
  case KEY_STATES:
    if (!parse_size(arg, 1000000, &a->states) || !a->states)
      argp_error(state, "--states %s: expected a number from 1", arg);
    return 0;
  case KEY_SEED:
    if (!parse_size(arg, UINT64_MAX, &a->seed)) argp_error(state, "--seed %s: expected a number", arg);
    return 0;
  case KEY_HOSTILE:
    if (!parse_size(arg, UINT64_MAX - 1, &a->hostile))
      argp_error(state, "--hostile %s: expected a number", arg);
    a->hostile++;
    return 0;
  case KEY_RANDOM: verify_random(&a->options, arg, state); return 0;
  case ARGP_KEY_END:
    if (a->options.depth == 0) argp_error(state, "--depth 0: there is no VMM that could translate");
    return 0;
  default: return ARGP_ERR_UNKNOWN;
  }
}

static const struct argp_child children[] = {{&options_argp, 0, "Running:", 2}, {0}};
static const struct argp translation_argp = {
    .options = rows,
    .parser = parse,
    .args_doc = "[PROG [ARGS...]]",
    .doc =
        "Runs PROG in a VM whose VMM translates (--cpu pg32-leaky; --way translate is the default), and "
        "executes each unit "
        "of the translation on a small machine beside the guest's own words on another, from random states."
        "\vThe guest's registers, STATUS, memory and count of instructions are compared at each instruction "
        "and at each "
        "trap; each load and store is also given addresses that fault. Exit status: 0 all agree, 1 one does "
        "not (it is "
        "shown) or there was none, 125 wrong usage.",
    .children = children,
};

int verify_translation(int argc, char **argv) {
  struct arguments a = {.states = STATES, .seed = 1};
  options_defaults(&a.options);
  argp_parse(&translation_argp, argc, argv, ARGP_IN_ORDER, &a);
  return verify(&a);
}
