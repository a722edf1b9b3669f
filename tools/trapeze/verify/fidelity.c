/* fidelity.c - trapeze verify fidelity: the guest executes the same sequence bare and at depth N. lockstep.c
 * runs the two; here is what is said of a difference, and the command line. */
#include <stdlib.h>
#include <string.h>

#include "isa/pg32.h"
#include "lockstep.h"

/* ---- what is said of a difference ---- */

static void say_end(FILE *f, const struct side *s) {
  char text[160];
  if (!s->ended) return;
  if (s->exit == EXIT_CHECKSTOP)
    machine_checkstop_text(s->m, text, sizeof text);
  else if (s->exit == EXIT_POWER)
    snprintf(text, sizeof text, "exit status %u", machine_exit_status(s->m));
  else
    snprintf(text, sizeof text, "the instructions were used up");
  fprintf(f, ": %s", text);
}

/* Step i of the side; or, if there is none, how the side has ended. */
static void say_step(FILE *f, const char *who, const struct side *side, size_t i) {
  const struct step *s = side_kept(side, i);
  char text[64];
  if (!s) {
    fprintf(f, "  %-10s nothing more", who);
    say_end(f, side);
    fputc('\n', f);
  } else if (s->trap)
    fprintf(f, "  %-10s trap %s: PC 0x%08x STATUS 0x%08x TIMER %u BADVA 0x%08x BADINST 0x%08x\n", who,
            pg32_cause_name(s->low_core[3]), s->low_core[0], s->low_core[1], s->low_core[2], s->low_core[4],
            s->low_core[5]);
  else {
    pg32_disassemble(text, sizeof text, s->word, s->pc);
    fprintf(f, "  %-10s 0x%08x: %s\n", who, s->pc, text);
  }
}

static void say_word(FILE *f, const char *name, uint32_t bare, uint32_t nested) {
  if (bare != nested) fprintf(f, "  %-8s 0x%08x  0x%08x  <-- differs\n", name, bare, nested);
}

/* Only what differs: thirty rows that agree would hide it. */
static void say_states(FILE *f, const struct step *bare, const struct step *nested, unsigned depth) {
  fprintf(f, "\n  %-8s %-10s  depth %u\n", "", "bare", depth);
  say_word(f, "PC", bare->pc, nested->pc);
  say_word(f, "STATUS", bare->status, nested->status);
  for (unsigned i = 1; i < 32; i++) say_word(f, pg32_register_name(i), bare->x[i], nested->x[i]);
  fputs("  all else is the same\n", f);
}

/* at->tick and at->mistake get what diagnose finds. */
static void say_difference(FILE *f, const struct pair *p, size_t i, struct fidelity_result *at) {
  unsigned depth = p->depth;
  const struct step *b = side_kept(&p->bare, i), *n = side_kept(&p->nested, i);
  char where[24];
  snprintf(where, sizeof where, "depth %u", depth);
  fprintf(f, "fidelity does not hold: step %llu of the guest is the first that ends differently\n",
          (unsigned long long)(p->bare.keep_from + i));
  if (i > 0) say_step(f, "the step", &p->bare, i - 1);
  fputs("then comes\n", f);
  say_step(f, "bare", &p->bare, i);
  say_step(f, where, &p->nested, i);
  char *sentences;
  size_t size;
  FILE *said = must(open_memstream(&sentences, &size));
  const bool named = diagnose(said, p, i, &at->tick);
  fclose(said);
  fputs(sentences, f);
  if (b && n && !b->trap && !n->trap) say_states(f, b, n, depth);
  if (named)
    at->mistake = sentences;
  else
    free(sentences);
}

/* Runs both again and looks into the block that differs. One step before it is kept too. `at` gets where the
 * difference is, and what the VMM did wrong, for free(). */
static void look_into(FILE *f, const struct options *o, struct bytes input, uint64_t pace, uint64_t block,
                      bool claims_ignored, struct fidelity_result *at) {
  struct pair p = {.claims_ignored = claims_ignored};
  bool same;
  struct side *sides[] = {&p.nested, &p.bare};
  for (int i = 0; i < 2; i++) {
    sides[i]->keep_from = block ? block * BLOCK - 1 : 0;
    sides[i]->kept = must(calloc(BLOCK + 1, sizeof(struct step)));
    sides[i]->about = must(calloc(BLOCK + 1, sizeof(struct step_facts)));
  }
  pair_open(&p, o, input, pace);
  pair_run(&p, &same);
  size_t first = pair_first_difference(&p);
  say_difference(f, &p, first, at);
  const struct step_facts *facts = side_facts(&p.nested, first);
  at->retired = facts ? facts->retired : machine_retired(p.nested.m);
  pair_close(&p);
}

/* ---- the verdict ---- */

static void say_causes(const struct side *s) {
  for (unsigned c = 1; c < PG32_CAUSES; c++)
    if (s->by_cause[c]) printf("  %-16s %llu\n", pg32_cause_name(c), (unsigned long long)s->by_cause[c]);
}

/* The hang-up is no byte. */
static size_t input_bytes(const struct stream *s) {
  size_t n = 0;
  for (size_t i = 0; i < s->arrivals; i++) n += s->arrival[i].byte <= 0xFF;
  return n;
}

static void say_counts(const struct pair *p) {
  const struct side *b = &p->bare;
  printf("instructions %llu, traps %llu, hash %016llx\n", (unsigned long long)b->insns,
         (unsigned long long)b->traps, (unsigned long long)b->hash);
  say_causes(b);
  printf("input %zu, output %zu bytes, ", input_bytes(&p->nested.stream), b->output.size);
  if (b->ended && b->exit == EXIT_POWER)
    printf("exit status %u\n", machine_exit_status(b->m));
  else
    puts(b->ended && b->exit == EXIT_CHECKSTOP ? "check-stop" : "no end");
}

/* All steps were the same. */
static int say_same(const struct pair *p) {
  const char *rest = pair_residue(p);
  bool ended = p->nested.exit != EXIT_LIMIT;
  unsigned depth = p->depth;
  if (!ended)
    printf("fidelity is not decided: the same bare and at depth %u until the instructions were used up\n",
           depth);
  else if (rest)
    printf("fidelity does not hold: the steps are the same, but %s differs\n", rest);
  else
    printf("fidelity holds: the guest did the same bare and at depth %u\n", depth);
  say_counts(p);
  return !ended ? STATUS_BUDGET : rest ? VERIFY_FAILS : VERIFY_HOLDS;
}

/* ---- for the grader ---- */

/* Can the innermost machine be started bare? */
static bool starts_bare(const struct options *o, struct fidelity_result *f) {
  struct boot outer = boot_assemble(o), inner = boot_innermost(o, &outer);
  struct options bare = *o;
  struct machine_error error;
  bare.depth = 0;
  struct machine *m = boot_try_machine(&bare, &inner, &error);
  if (!m) snprintf(f->words, sizeof f->words, "the bare machine cannot load it: %s", error.text);
  boot_free(&outer);
  boot_free(&inner);
  machine_free(m);
  return m != NULL;
}

/* The first block in which the guest could notice anything: where the instructions become others, a trap may
 * have left a wrong word long before. */
static uint64_t first_block(const struct options *o, struct bytes input) {
  struct pair p = {.claims_ignored = !options_translate(o)};
  bool same;
  p.nested.keep_from = p.bare.keep_from = UINT64_MAX;
  pair_open(&p, o, input, 0);
  uint64_t block = pair_run(&p, &same);
  pair_close(&p);
  return block;
}

static void find_difference(const struct options *o, struct bytes input, uint64_t block,
                            struct fidelity_result *f) {
  size_t size;
  FILE *out = must(open_memstream(&f->details, &size));
  look_into(out, o, input, 0, block, !options_translate(o), f);
  fclose(out);
  snprintf(f->words, sizeof f->words, "in the VM it does something else");
}

void fidelity_compare(const struct options *o, struct bytes input, uint64_t max_insns,
                      enum fidelity_scope scope, struct fidelity_part part, struct fidelity_result *f) {
  struct options limited = *o;
  struct pair p = {.scope = scope,
                   .blocks = (part.steps + BLOCK - 1) / BLOCK,
                   .app_insns = part.app_insns,
                   .claims_ignored = !options_translate(o)};
  bool same = false;
  *f = (struct fidelity_result){0};
  limited.max_insns = max_insns;
  if (!starts_bare(o, f)) return;
  p.nested.keep_from = p.bare.keep_from = UINT64_MAX;
  pair_open(&p, &limited, input, 0);
  uint64_t block = pair_run(&p, &same);
  bool ended = p.nested.ended && p.nested.exit != EXIT_LIMIT;
  const char *rest = same && (ended || p.other_input) ? pair_residue(&p) : NULL;
  f->same = same && !rest && (ended || part.steps || part.app_insns);
  f->retired = machine_retired(p.nested.m);
  if (!same)
    find_difference(&limited, input, scope == FIDELITY_ALL ? block : first_block(&limited, input), f);
  else if (rest)
    snprintf(f->words, sizeof f->words, "the instructions are the same, but %s differs", rest);
  else if (!f->same)
    snprintf(f->words, sizeof f->words, "the guest did not end");
  pair_close(&p);
}

/* ---- the command line ---- */

struct arguments {
  struct options options;
  uint64_t pace; /* ticks from one byte of input to the next; 0: all at once */
};

enum { KEY_PACE = 0x300, KEY_RANDOM };
static const struct argp_option rows[] = {
    {"pace", KEY_PACE, "TICKS", 0,
     "a byte of input comes every TICKS of the outermost machine (default 0: all at once)", 1},
    {"random", KEY_RANDOM, "SEED", 0, "in place of PROG: a random machine, which may write its own code", 1},
    {0}};

static error_t parse(int key, char *arg, struct argp_state *state) {
  struct arguments *a = state->input;
  switch (key) {
  case ARGP_KEY_INIT: state->child_inputs[0] = &a->options; return 0;
  case KEY_PACE:
    if (!parse_size(arg, UINT32_MAX, &a->pace))
      argp_error(state, "--pace %s: expected a number of ticks", arg);
    return 0;
  case KEY_RANDOM: verify_random(&a->options, arg, state); return 0;
  case ARGP_KEY_END:
    if (a->options.depth == 0)
      argp_error(state, "--depth 0: the bare machine is what the VM is compared with");
    if (a->options.stats) argp_error(state, "--stats: not here; see `trapeze run --help`");
    return 0;
  default: return ARGP_ERR_UNKNOWN;
  }
}

static const struct argp_child children[] = {{&options_argp, 0, "Running:", 2}, {0}};
static const struct argp fidelity_argp = {
    .options = rows,
    .parser = parse,
    .args_doc = "[PROG [ARGS...]]",
    .doc = "Runs PROG in a VM, and again on a bare machine with the same RAM, arguments, disk and input, and "
           "compares each instruction and each trap of the guest's machine."
           "\vBefore each instruction, address, word, all registers and STATUS are compared, and so is each "
           "result and each store of the instruction before; of each trap the six low-core words, TIMER "
           "included; at the end the output, exit status and disk. If a step differs, the command says what "
           "the VMM did wrong, as far as the two machines show it. With --way para the guest's kernel is "
           "another "
           "one than the bare machine's, and only output, exit status and disk are compared. Input is all of "
           "stdin, unless stdin is a "
           "terminal. Exit status: 0 the same, 1 not the same, 124 not decided (--max-insns is used up, and "
           "everything was the same until then), 125 wrong usage.",
    .children = children,
};

int verify_fidelity(int argc, char **argv) {
  struct arguments a = {0};
  struct pair p = {0};
  bool same = false;
  options_defaults(&a.options);
  argp_parse(&fidelity_argp, argc, argv, ARGP_IN_ORDER, &a);
  struct bytes input = a.options.input ? file_read(a.options.input) : verify_stdin();
  if (a.options.way && strcmp(a.options.way, "para") == 0) {
    int status = verify_behaviour(&a.options, input, a.pace);
    free(input.data);
    return status;
  }
  p.nested.keep_from = p.bare.keep_from = UINT64_MAX;
  pair_open(&p, &a.options, input, a.pace);
  uint64_t block = pair_run(&p, &same);
  int status = VERIFY_FAILS;
  if (same)
    status = say_same(&p);
  else {
    struct fidelity_result found = {0};
    look_into(stdout, &a.options, input, a.pace, block, false, &found);
    free(found.mistake);
  }
  pair_close(&p);
  free(input.data);
  return status;
}
