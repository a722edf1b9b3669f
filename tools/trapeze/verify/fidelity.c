/* fidelity.c - trapeze verify fidelity: the guest executes the same sequence bare and at depth N.
 *
 * Depth N runs ahead, because a guest's input comes when its VMM hands it over; the bare machine follows a
 * block behind and gets that input at those ticks. Each side folds its steps into one rolling hash, with a
 * checkpoint a block. At the first checkpoint that differs both are run once more, up to it, and the steps of
 * that block kept and compared. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "isa/pg32.h"
#include "verify.h"

#define BLOCK 8192 /* steps from checkpoint to checkpoint */
#define PATIENCE \
  UINT64_C(4000000000) /* instructions of the real machine within one block: the guest is stuck */

struct arguments {
  struct options options;
  uint64_t pace; /* ticks from one byte of input to the next; 0: all at once */
};

/* One machine, and what its guest has done. */
struct side {
  struct machine *m;
  struct stream stream;
  uint64_t steps, insns, traps, by_cause[PG32_CAUSES];
  uint64_t hash, *checkpoint;
  size_t checkpoints;
  uint64_t target; /* stop with this many steps */
  bool ended;
  enum machine_exit exit;
  struct bytes output;
  uint64_t keep_from; /* steps from here on are kept, a block and one at most */
  struct step *kept;
  size_t n_kept;
};

/* ---- a side ---- */

static uint64_t mix(uint64_t hash, uint64_t value) {
  hash = (hash ^ value) * UINT64_C(0x9E3779B97F4A7C15);
  return hash ^ hash >> 29;
}

/* Every register has a factor of its own: two that change places change the sum. */
static uint64_t sum_registers(const uint32_t *x) {
  uint64_t sum = 0, factor = UINT64_C(0xD6E8FEB86659FD93);
  for (int i = 0; i < 32; i += 2, factor += UINT64_C(0x632BE59BD9B4E01A))
    sum += (x[i] | (uint64_t)x[i + 1] << 32) * factor;
  return sum;
}

static uint64_t fold(uint64_t hash, const struct step *step) {
  hash = mix(hash, (uint64_t)step->pc << 32 | step->word);
  hash = mix(hash, (uint64_t)step->trap << 32 | step->status);
  if (!step->trap) return mix(hash, sum_registers(step->x));
  for (int i = 0; i < 6; i++) hash = mix(hash, step->low_core[i]);
  return hash;
}

static void checkpoint(struct side *s) {
  s->checkpoint = must(realloc(s->checkpoint, (s->checkpoints + 1) * sizeof *s->checkpoint));
  s->checkpoint[s->checkpoints++] = s->hash;
}

static void take(void *arg, const struct step *step) {
  struct side *s = arg;
  if (s->steps >= s->keep_from && s->n_kept <= BLOCK) s->kept[s->n_kept++] = *step;
  s->hash = fold(s->hash, step);
  s->insns += !step->trap;
  s->traps += step->trap;
  if (step->trap) s->by_cause[step->low_core[3] % PG32_CAUSES]++;
  if (++s->steps % BLOCK == 0) checkpoint(s);
  if (s->steps >= s->target) machine_stop(s->m);
}

static void put(void *arg, uint8_t byte) { bytes_append(arg, &byte, 1); }

static void side_open(struct side *s, const struct options *o, const struct boot *b, unsigned depth) {
  s->m = boot_machine(o, b);
  machine_console_output(s->m, put, &s->output);
  stream_open(&s->stream, s->m, depth, take, s);
}

static void side_close(struct side *s) {
  stream_close(&s->stream);
  machine_free(s->m);
  free(s->checkpoint);
  free(s->output.data);
  free(s->kept);
}

/* Runs on until it has taken `steps` steps in all, or has ended. */
static void advance(struct side *s, uint64_t steps, uint64_t max_insns) {
  s->target = steps;
  while (!s->ended && s->steps < steps) {
    uint64_t left = max_insns - machine_retired(s->m);
    struct machine_limits limits = {left < PATIENCE ? left : PATIENCE, UINT64_MAX, false};
    s->exit = machine_run(s->m, &limits);
    s->ended = s->exit != EXIT_STOPPED;
  }
  if (s->ended) stream_finish(&s->stream, s->exit);
}

/* ---- both, in step ---- */

struct pair {
  const struct arguments *a;
  struct side nested, bare;
  size_t fed; /* arrivals that the bare machine has got */
};

static struct bytes read_stdin(void) {
  struct bytes b = {0};
  uint8_t part[4096];
  ssize_t n;
  if (isatty(STDIN_FILENO)) return b;
  while ((n = read(STDIN_FILENO, part, sizeof part)) > 0) bytes_append(&b, part, (size_t)n);
  return b;
}

static void queue_input(struct machine *m, struct bytes input, uint64_t pace) {
  for (size_t i = 0; i < input.size; i++)
    if (!machine_console_input(m, i * pace, &input.data[i], 1)) must(NULL);
  machine_console_hangup(m, input.size * pace);
}

static void feed(struct pair *p) {
  const struct stream *from = &p->nested.stream;
  for (; p->fed < from->arrivals; p->fed++) {
    const struct arrival *a = &from->arrival[p->fed];
    uint8_t byte = (uint8_t)a->byte;
    if (a->byte > 0xFF)
      machine_console_hangup(p->bare.m, a->tick);
    else if (!machine_console_input(p->bare.m, a->tick, &byte, 1))
      must(NULL);
  }
}

static void pair_open(struct pair *p, const struct arguments *a, struct bytes input) {
  const struct options *o = &a->options;
  struct boot outer = boot_assemble(o), inner = boot_innermost(o, &outer);
  struct options bare = *o;
  bare.depth = 0;
  p->a = a;
  side_open(&p->nested, o, &outer, o->depth);
  side_open(&p->bare, &bare, &inner, 0);
  queue_input(p->nested.m, input, a->pace);
  boot_free(&outer);
  boot_free(&inner);
}

static void pair_close(struct pair *p) {
  side_close(&p->nested);
  side_close(&p->bare);
}

static bool agree(const struct side *a, const struct side *b, size_t block) {
  return block < a->checkpoints && block < b->checkpoints && a->checkpoint[block] == b->checkpoint[block];
}

static bool same_end(const struct pair *p) {
  return p->nested.steps == p->bare.steps && p->nested.hash == p->bare.hash;
}

/* How far to follow one that has ended: if it powered off, a step further would show that the other does not.
 */
static uint64_t last_step(const struct side *s) { return s->exit == EXIT_POWER ? s->steps + 1 : s->steps; }

/* Runs both until a checkpoint differs or they end. The number of blocks that agree; *same: all there were.
 */
static uint64_t run_pair(struct pair *p, bool *same) {
  struct side *n = &p->nested, *b = &p->bare;
  for (uint64_t block = 0;; block++) {
    advance(n, (block + 2) * BLOCK, p->a->options.max_insns);
    feed(p);
    bool last = n->ended && n->steps < (block + 1) * BLOCK;
    advance(b, last ? last_step(n) : (block + 1) * BLOCK, UINT64_MAX);
    if (last) *same = same_end(p);
    if (last || !agree(n, b, block)) return block;
  }
}

/* ---- what is said of a difference ---- */

static void say_step(FILE *f, const char *who, const struct step *s) {
  char text[64];
  if (!s)
    fprintf(f, "  %-10s nothing more\n", who);
  else if (s->trap)
    fprintf(f, "  %-10s trap %s: PC 0x%08x STATUS 0x%08x TIMER %u BADVA 0x%08x BADINST 0x%08x\n", who,
            pg32_cause_name(s->low_core[3]), s->low_core[0], s->low_core[1], s->low_core[2], s->low_core[4],
            s->low_core[5]);
  else {
    pg32_disassemble(text, sizeof text, s->word, s->pc);
    fprintf(f, "  %-10s 0x%08x: %s\n", who, s->pc, text);
  }
}

static void say_word(FILE *f, const char *name, uint32_t bare, uint32_t nested) {
  fprintf(f, "  %-8s 0x%08x  0x%08x%s\n", name, bare, nested, bare == nested ? "" : "  <-- differs");
}

static void say_states(FILE *f, const struct step *bare, const struct step *nested, unsigned depth) {
  fprintf(f, "\n  %-8s %-10s  depth %u\n", "", "bare", depth);
  say_word(f, "PC", bare->pc, nested->pc);
  say_word(f, "STATUS", bare->status, nested->status);
  for (unsigned i = 1; i < 32; i++) say_word(f, pg32_register_name(i), bare->x[i], nested->x[i]);
}

static bool equal(const struct step *a, const struct step *b) { return memcmp(a, b, sizeof *a) == 0; }

static const struct step *kept(const struct side *s, size_t i) { return i < s->n_kept ? &s->kept[i] : NULL; }

/* The index, among the kept steps, of the first that differs. */
static size_t first_difference(const struct pair *p) {
  size_t i = 0;
  for (;; i++) {
    const struct step *b = kept(&p->bare, i), *n = kept(&p->nested, i);
    if (!b || !n || !equal(b, n)) return i;
  }
}

static void say_difference(FILE *f, const struct pair *p, size_t i) {
  unsigned depth = p->a->options.depth;
  const struct step *b = kept(&p->bare, i), *n = kept(&p->nested, i);
  char where[24];
  snprintf(where, sizeof where, "depth %u", depth);
  fprintf(f, "fidelity does not hold: step %llu of the guest is the first that ends differently\n",
          (unsigned long long)(p->bare.keep_from + i));
  if (i > 0) say_step(f, "the step", kept(&p->bare, i - 1));
  fputs("then comes\n", f);
  say_step(f, "bare", b);
  say_step(f, where, n);
  if (b && n && !b->trap && !n->trap) say_states(f, b, n, depth);
}

/* Runs both again and looks into the block that differs. One step before it is kept too. */
static void look_into(FILE *f, const struct arguments *a, struct bytes input, uint64_t block) {
  struct pair p = {0};
  bool same;
  struct side *sides[] = {&p.nested, &p.bare};
  for (int i = 0; i < 2; i++) {
    sides[i]->keep_from = block ? block * BLOCK - 1 : 0;
    sides[i]->kept = must(calloc(BLOCK + 1, sizeof(struct step)));
  }
  pair_open(&p, a, input);
  run_pair(&p, &same);
  say_difference(f, &p, first_difference(&p));
  pair_close(&p);
}

/* ---- the verdict ---- */

static bool same_output(const struct pair *p) {
  const struct bytes *n = &p->nested.output, *b = &p->bare.output;
  return n->size == b->size && (n->size == 0 || memcmp(n->data, b->data, n->size) == 0);
}

static bool same_disk(const struct pair *p) {
  size_t n_size, b_size;
  bool dirty;
  const void *n = machine_disk(p->nested.m, &n_size, &dirty), *b = machine_disk(p->bare.m, &b_size, &dirty);
  return n_size == b_size && (n_size == 0 || memcmp(n, b, n_size) == 0);
}

/* A guest that has ended: what it leaves behind. */
static const char *residue(const struct pair *p) {
  if (p->bare.exit == EXIT_CHECKSTOP)
    return machine_exit_status(p->nested.m) == STATUS_CHECKSTOP ? NULL : "the end";
  if (p->nested.exit != p->bare.exit) return "the end";
  if (machine_exit_status(p->nested.m) != machine_exit_status(p->bare.m)) return "the exit status";
  if (!same_output(p)) return "the console output";
  return same_disk(p) ? NULL : "the disk";
}

static void say_causes(const struct side *s) {
  for (unsigned c = 1; c < PG32_CAUSES; c++)
    if (s->by_cause[c]) printf("  %-16s %llu\n", pg32_cause_name(c), (unsigned long long)s->by_cause[c]);
}

static void say_counts(const struct pair *p) {
  const struct side *b = &p->bare;
  printf("instructions %llu, traps %llu, hash %016llx\n", (unsigned long long)b->insns,
         (unsigned long long)b->traps, (unsigned long long)b->hash);
  say_causes(b);
  printf("input %zu, output %zu bytes, exit status %u\n", p->nested.stream.arrivals, b->output.size,
         machine_exit_status(b->m));
}

/* All steps were the same. */
static int say_same(const struct pair *p) {
  const char *rest = residue(p);
  bool ended = p->nested.exit != EXIT_LIMIT;
  unsigned depth = p->a->options.depth;
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

static void find_difference(const struct arguments *a, struct bytes input, uint64_t block,
                            struct fidelity_result *f) {
  size_t size;
  FILE *out = must(open_memstream(&f->details, &size));
  look_into(out, a, input, block);
  fclose(out);
  snprintf(f->words, sizeof f->words, "in the VM it does something else");
}

void fidelity_compare(const struct options *o, struct bytes input, uint64_t max_insns,
                      struct fidelity_result *f) {
  struct arguments a = {.options = *o};
  struct pair p = {0};
  bool same = false;
  *f = (struct fidelity_result){0};
  a.options.max_insns = max_insns;
  if (!starts_bare(o, f)) return;
  p.nested.keep_from = p.bare.keep_from = UINT64_MAX;
  pair_open(&p, &a, input);
  uint64_t block = run_pair(&p, &same);
  const char *rest = same ? residue(&p) : NULL;
  f->same = same && !rest && p.nested.exit != EXIT_LIMIT;
  f->retired = machine_retired(p.nested.m);
  if (!same)
    find_difference(&a, input, block, f);
  else if (rest)
    snprintf(f->words, sizeof f->words, "the instructions are the same, but %s differs", rest);
  else if (!f->same)
    snprintf(f->words, sizeof f->words, "the guest did not end");
  pair_close(&p);
}

/* ---- the command line ---- */

enum { KEY_PACE = 0x300 };
static const struct argp_option rows[] = {
    {"pace", KEY_PACE, "TICKS", 0,
     "a byte of input comes every TICKS of the outermost machine (default 0: all at once)", 1},
    {0}};

static error_t parse(int key, char *arg, struct argp_state *state) {
  struct arguments *a = state->input;
  switch (key) {
  case ARGP_KEY_INIT: state->child_inputs[0] = &a->options; return 0;
  case KEY_PACE:
    if (!parse_size(arg, UINT32_MAX, &a->pace))
      argp_error(state, "--pace %s: expected a number of ticks", arg);
    return 0;
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
           "compares "
           "each instruction and each trap of the guest's machine."
           "\vCompared are address, word, all registers and STATUS before each instruction, so each result "
           "and each "
           "store of the one before; the six low-core words of each trap, TIMER included; at the end output, "
           "exit "
           "status and disk. Input is all of stdin, unless that is a terminal. Exit status: 0 the same, 1 "
           "not, 124 "
           "--max-insns used up, 125 usage.",
    .children = children,
};

int verify_fidelity(int argc, char **argv) {
  struct arguments a = {0};
  struct pair p = {0};
  bool same = false;
  options_defaults(&a.options);
  argp_parse(&fidelity_argp, argc, argv, ARGP_IN_ORDER, NULL, &a);
  struct bytes input = a.options.input ? file_read(a.options.input) : read_stdin();
  p.nested.keep_from = p.bare.keep_from = UINT64_MAX;
  pair_open(&p, &a, input);
  uint64_t block = run_pair(&p, &same);
  int status = VERIFY_FAILS;
  if (same)
    status = say_same(&p);
  else
    look_into(stdout, &a, input, block);
  pair_close(&p);
  free(input.data);
  return status;
}
