/* performance.c - trapeze verify performance: how much of a guest runs directly, and what the rest costs.
 *
 * What a run costs is counted by run_cost.c. Here each exit to a VMM is followed from the trap to the guest's
 * next instruction. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "isa/pg32.h"
#include "performance.h"

#define NATIVE_LEAST 0.9 /* "a statistically dominant subset" is what Popek and Goldberg ask for */
#define KINDS 64
#define DEPTHS 4

/* The legs of an exit's way: host kernel, VMM, host kernel for the VMM's own calls, host kernel. */
enum leg { TO_VMM, IN_VMM, ITS_CALLS, TO_GUEST, LEGS };

struct kind { /* of exit, by what caused it and what became of it */
  char name[24];
  const char *verdict;
  uint64_t count, leg[LEGS];
};

struct measuring {   /* the exit being followed */
  struct kind *kind; /* NULL: none */
  enum leg now;
  uint64_t leg[LEGS];
  struct kind kinds[KINDS];
  unsigned n_kinds;
};

/* ---- an exit's way ---- */

static void name_kind(const struct record *rec, char *name, size_t size) {
  enum pg32_id id = pg32_decode(rec->trap.badinst).id;
  bool device = rec->verdict[1] == VERDICT_EMULATE && rec->trap.cause >= CAUSE_LOAD_MISS;
  if (rec->trap.cause == CAUSE_PRIVILEGED && id < PG32_INSNS)
    snprintf(name, size, "%s", pg32_row(id)->name);
  else if (device)
    snprintf(name, size, "device %s", id == PG32_sw ? "store" : "load");
  else
    snprintf(name, size, "%s", pg32_cause_name(rec->trap.cause));
}

static struct kind *find_kind(struct measuring *m, const struct record *rec) {
  char name[24];
  name_kind(rec, name, sizeof name);
  const char *verdict = recorder_verdict_name(rec->verdict[1]);
  for (unsigned i = 0; i < m->n_kinds; i++)
    if (strcmp(m->kinds[i].name, name) == 0 && m->kinds[i].verdict == verdict) return &m->kinds[i];
  struct kind *k = &m->kinds[m->n_kinds < KINDS - 1 ? m->n_kinds++ : KINDS - 1];
  memcpy(k->name, name, sizeof name);
  k->verdict = verdict;
  return k;
}

static bool reached_vmm(const struct record *rec) {
  return rec->levels && rec->verdict[1] != VERDICT_HOST && rec->verdict[1] != VERDICT_NONE;
}

static void arrive(struct measuring *m) {
  for (int i = 0; i < LEGS; i++) m->kind->leg[i] += m->leg[i];
  m->kind->count++;
  m->kind = NULL;
}

/* The kernel resumes a lane: was its work for a system call of the VMM, or on the way to the guest? */
static void kernel_resumed(struct measuring *m, const struct lane *to) {
  if (to->depth > 0) {
    arrive(m);
  } else if (to->kind == LANE_PROCESS) {
    if (m->now == TO_GUEST) {
      m->leg[ITS_CALLS] += m->leg[TO_GUEST];
      m->leg[TO_GUEST] = 0;
    }
    m->now = IN_VMM;
  }
}

static void follow(void *arg, const struct record *rec, const struct lane *to, uint64_t ran) {
  struct measuring *m = arg;
  if (m->kind) m->leg[m->now] += ran;
  if (rec->kind == RECORD_TRAP && reached_vmm(rec)) {
    m->kind = find_kind(m, rec);
    memset(m->leg, 0, sizeof m->leg);
    m->now = TO_VMM;
  } else if (m->kind && rec->kind == RECORD_TRAP && m->now == IN_VMM) {
    m->now = TO_GUEST;
  } else if (m->kind && rec->kind == RECORD_RESUME) {
    kernel_resumed(m, to);
  }
}

/* ---- a run ---- */

/* Runs the program at that depth. Returns why the machine stopped. */
static enum machine_exit run(const struct options *options, unsigned depth, struct run_cost *c,
                             struct measuring *m) {
  *m = (struct measuring){0};
  return run_cost_measure(options, depth, c, follow, m);
}

/* ---- what is said ---- */

static double share(const struct run_cost *c) {
  uint64_t all = c->native + c->emulated;
  return all ? (double)c->native / (double)all : 0;
}

static void say_depths(const struct run_cost *cost, unsigned n) {
  printf("%-5s %12s %9s %9s %9s %12s %9s %8s\n", "depth", "guest's own", "directly", "exits", "own", "all",
         "overhead", "an exit");
  for (unsigned d = 0; d < n; d++) {
    const struct run_cost *c = &cost[d];
    uint64_t rest = run_total(c) - c->by[WHO_GUEST];
    printf("%-5u %12llu %8.3f%% %9llu %9llu %12llu %8.2fx", d, (unsigned long long)(c->native + c->emulated),
           100 * share(c), (unsigned long long)c->exits, (unsigned long long)c->own_exits,
           (unsigned long long)run_total(c), c->overhead);
    if (c->own_exits) printf(" %8llu", (unsigned long long)(rest / c->own_exits));
    putchar('\n');
  }
  puts("  guest's own: its instructions; own: exits that its VMM answered;\n"
       "  an exit: instructions that one cost");
}

static void say_causes(const struct run_cost *cost, unsigned n) {
  printf("\n%-18s", "exits by cause");
  for (unsigned d = 1; d < n; d++) printf("   depth %u", d);
  putchar('\n');
  for (unsigned cause = 1; cause < PG32_CAUSES; cause++) {
    uint64_t any = 0;
    for (unsigned d = 1; d < n; d++) any |= cost[d].by_cause[cause];
    if (!any) continue;
    printf("%-18s", pg32_cause_name(cause));
    for (unsigned d = 1; d < n; d++) printf(" %9llu", (unsigned long long)cost[d].by_cause[cause]);
    putchar('\n');
  }
}

static int by_count(const void *a, const void *b) {
  const struct kind *k = a, *l = b;
  return k->count != l->count ? (k->count < l->count) - (k->count > l->count) : strcmp(k->name, l->name);
}

static void say_legs(struct measuring *m) {
  qsort(m->kinds, m->n_kinds, sizeof *m->kinds, by_count);
  printf("\n%-24s %8s %8s %8s %9s %8s %8s\n", "an exit at depth 1", "number", "to VMM", "in VMM", "its calls",
         "to guest", "together");
  for (unsigned i = 0; i < m->n_kinds; i++) {
    const struct kind *k = &m->kinds[i];
    char name[40];
    double all = 0, n = (double)k->count;
    if (k->count == 0) continue; /* it was never resumed */
    snprintf(name, sizeof name, "%s, %s", k->name, k->verdict);
    printf("%-24s %8llu", name, (unsigned long long)k->count);
    for (int l = 0; l < LEGS; l++) printf(" %*.1f", l == ITS_CALLS ? 9 : 8, (double)k->leg[l] / n);
    for (int l = 0; l < LEGS; l++) all += (double)k->leg[l] / n;
    printf(" %8.1f\n", all);
  }
}

/* ---- has the guest done its work? ---- */

static uint64_t own(const struct run_cost *c) { return c->native + c->emulated; }

static bool same_output(const struct bytes *a, const struct bytes *b) {
  return a->size == b->size && (a->size == 0 || memcmp(a->data, b->data, a->size) == 0);
}

/* Input may come at another moment in a VM, so that the guest waits otherwise; it does not need a tenth more
 * or less for that. */
static bool same_amount(uint64_t a, uint64_t bare) { return (a > bare ? a - bare : bare - a) <= bare / 10; }

/* A guest that ends early is cheap, and no measure of the VMM. False, having said so, if the guest did not do
 * at this depth what it did on the bare machine. */
static bool did_its_work(const struct run_cost *c, const struct run_cost *bare) {
  bool status = c->status == bare->status, output = same_output(&c->output, &bare->output),
       amount = same_amount(own(c), own(bare));
  if (status && output && amount) return true;
  printf(
      "\nperformance does not hold: at depth %u the guest did not do the same work as on the bare machine:\n",
      c->depth);
  if (!status) printf("  its exit status is %u; on the bare machine it is %u\n", c->status, bare->status);
  if (!output)
    printf("  its console output differs (%zu bytes; on the bare machine %zu)\n", c->output.size,
           bare->output.size);
  if (!amount)
    printf("  it executed %llu instructions; on the bare machine %llu\n", (unsigned long long)own(c),
           (unsigned long long)own(bare));
  return false;
}

/* ---- the command ---- */

struct arguments {
  struct options options;
  const char *svg;
};

static const struct argp_option rows[] = {{"output", 'o', "FILE.svg", 0, "also draw the bars as SVG", 1},
                                          {0}};

static error_t parse(int key, char *arg, struct argp_state *state) {
  struct arguments *a = state->input;
  switch (key) {
  case ARGP_KEY_INIT: state->child_inputs[0] = &a->options; return 0;
  case 'o': a->svg = arg; return 0;
  case ARGP_KEY_END:
    if (a->options.depth == 0) argp_error(state, "--depth 0: there is no VMM to measure");
    if (a->options.stats) argp_error(state, "--stats: not here; see `trapeze run --help`");
    return 0;
  default: return ARGP_ERR_UNKNOWN;
  }
}

static const struct argp_child children[] = {{&options_argp, 0, "Running:", 2}, {0}};
static const struct argp performance_argp = {
    .options = rows,
    .parser = parse,
    .args_doc = "[PROG [ARGS...]]",
    .doc =
        "Runs PROG bare and at each depth up to --depth (here 3 unless given), and reports how much of the "
        "guest the machine ran directly, which exits there were, what each cost on its way to the VMM and "
        "back, "
        "and the overhead compared with the bare run."
        "\vTime is counted in instructions of the machine from the innermost guest's first one on; loading "
        "the "
        "guest is not counted. Exit status: 0 at least 90% ran directly at each depth, 1 less did, or at "
        "some "
        "depth the guest did not do the same work as on the bare machine (exit status, console output, "
        "number "
        "of instructions within a tenth), 124 --max-insns is used up, 125 wrong usage.",
    .children = children,
};

static void draw(const struct arguments *a, const struct run_cost *cost, unsigned n) {
  FILE *f = fopen(a->svg, "w");
  if (!f) die(STATUS_USAGE, "%s: %s", a->svg, strerror(errno));
  chart_svg(f, a->options.argc ? a->options.argv[0] : "a shell", cost, n);
  if (fclose(f) != 0) die(STATUS_USAGE, "%s: %s", a->svg, strerror(errno));
}

static void measure(const struct arguments *a, struct run_cost *cost, struct measuring *at_depth_1) {
  struct measuring m;
  for (unsigned d = 0; d <= a->options.depth; d++) {
    enum machine_exit exit = run(&a->options, d, &cost[d], d == 1 ? at_depth_1 : &m);
    if (exit == EXIT_CHECKSTOP) die(STATUS_CHECKSTOP, "depth %u: the machine check-stopped", d);
    if (exit != EXIT_POWER) die(STATUS_BUDGET, "depth %u: the instructions were used up (--max-insns)", d);
    cost[d].overhead = (double)run_total(&cost[d]) / (double)run_total(&cost[0]);
  }
}

static bool all_did_their_work(const struct run_cost *cost, unsigned n) {
  for (unsigned d = 1; d < n; d++)
    if (!did_its_work(&cost[d], &cost[0])) return false;
  return true;
}

/* Says whether performance holds. Returns the exit status. */
static int conclude(const struct run_cost *cost, unsigned n) {
  bool most = true;
  if (!all_did_their_work(cost, n)) return VERIFY_FAILS;
  for (unsigned d = 0; d < n; d++) most &= share(&cost[d]) >= NATIVE_LEAST;
  printf("\nperformance %s: at least %g%% of the guest's instructions ran directly\n",
         most ? "holds" : "does not hold", 100 * NATIVE_LEAST);
  return most ? VERIFY_HOLDS : VERIFY_FAILS;
}

int verify_performance(int argc, char **argv) {
  struct arguments a = {0};
  struct run_cost cost[DEPTH_MAX + 1];
  struct measuring at_depth_1;
  options_defaults(&a.options);
  a.options.depth = DEPTHS - 1;
  argp_parse(&performance_argp, argc, argv, ARGP_IN_ORDER, &a);
  measure(&a, cost, &at_depth_1);
  unsigned n = a.options.depth + 1;
  say_depths(cost, n);
  say_causes(cost, n);
  say_legs(&at_depth_1);
  chart_text(stdout, cost, n);
  if (a.svg) draw(&a, cost, n);
  int status = conclude(cost, n);
  for (unsigned d = 0; d < n; d++) free(cost[d].output.data);
  return status;
}
