/* classify.c - trapeze classify: is PG32 virtualizable? Measured on real machines, opcode by opcode.
 *
 * Popek and Goldberg's theorem 1 (CACM 17(7), 1974): a VMM can be built if each sensitive instruction is
 * privileged. C1  each opcode is innocuous, privileged or always trapping, in every state; every other word
 * is illegal C2  two states that differ only in mode, IE, ASID, frames or real/translated addressing step
 * alike: where they do not, the instruction is mode-sensitive or location-sensitive C3  where an instruction
 * changes control state, it is control-sensitive C4  translated user-mode writes stay inside the frames that
 * the TLB lets them write */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "classify.h"
#include "isa/platform.h"
#include "states.h"
#include "tools/trapeze/trapeze.h"

#define OPCODES 128
#define STATES_DEFAULT 24
#define NAMED 5        /* instructions in one row of the table */
#define SAMPLE_STEP 61 /* of all words, unless --all-words; prime to every field's width */

enum sense { CONTROL, LOCATION, MODE, SENSES };

/* C2: two states of which a program should not know which it is in. U is 0, 1 or as it comes (2). */
static const struct pair {
  const char *what;
  enum sense sense;
  enum place place[2];
  uint32_t mode[2];
  bool any_mode;
} pairs[] = {
    {"mode", MODE, {PLACE_HOME, PLACE_HOME}, {0, ST_U}, false},
    {"interrupts on", MODE, {PLACE_HOME, PLACE_HOME}, {0, ST_IE}, true},
    {"ASID", LOCATION, {PLACE_HOME, PLACE_ASID}, {0, 0}, true},
    {"frames", LOCATION, {PLACE_HOME, PLACE_FRAMES}, {0, 0}, true},
    {"translation", LOCATION, {PLACE_IDENTITY, PLACE_REAL}, {0, 0}, true},
};
#define PAIRS (sizeof pairs / sizeof *pairs)

/* The first pair of states that shows something. */
struct evidence {
  bool found;
  const struct pair *pair;
  const char *what;
  struct outcome *state[2];
};

struct measured {                            /* an instruction */
  uint64_t runs[2], privileged[2], calls[2]; /* by U: steps, and how many of them trapped so */
  uint32_t call_cause;
  bool two_causes;
  struct evidence sensitive[SENSES];
  struct evidence hole; /* where it was not stopped in user mode and did show it */
  const char *broken;   /* C4, or a trap that left something behind */
};

struct classify {
  enum machine_cpu cpu;
  uint64_t states, seed;
  bool all_words, each;
  struct states *machines;
  struct outcome *a, *b;
  struct measured insn[PG32_INSNS];
  uint64_t words, legal, representatives, not_illegal;
};

/* ---- C1: all words ---- */

static void count_words(struct classify *c) {
  uint64_t step = c->all_words ? 1 : SAMPLE_STEP;
  for (uint64_t w = 0; w <= UINT32_MAX; w += step, c->words++)
    c->legal += pg32_decode((uint32_t)w).id != PG32_ILLEGAL;
}

/* Is the word illegal in both modes, in every place, and does it do nothing? */
static void check_illegal(struct classify *c, struct random *r, uint32_t word) {
  struct trial t = trial_make(r, PG32_fence);
  t.word = word;
  for (enum place p = 0; p < PLACES; p++)
    for (uint32_t u = 0; u <= ST_U; u++) {
      states_run(c->machines, &t, p, u, c->a);
      c->representatives++;
      if (!c->a->trapped || c->a->trap.cause != CAUSE_ILLEGAL || outcome_unclean(c->a)) c->not_illegal++;
    }
}

static enum pg32_id row_of(uint32_t opcode) {
  for (unsigned id = 0; id < PG32_INSNS; id++)
    if (pg32_row((enum pg32_id)id)->opcode == opcode) return (enum pg32_id)id;
  return PG32_ILLEGAL;
}

/* One word of every opcode with each bit that must be zero, alone: for an opcode without a row that is every
 * bit. */
static void check_representatives(struct classify *c, struct random *r) {
  for (uint32_t opcode = 0; opcode < OPCODES; opcode++) {
    enum pg32_id id = row_of(opcode);
    uint32_t plain = id == PG32_ILLEGAL ? opcode << 25 : trial_make(r, id).word;
    if (id == PG32_ILLEGAL) check_illegal(c, r, plain);
    for (unsigned bit = 0; bit < 25; bit++)
      if (pg32_decode(plain | 1u << bit).id == PG32_ILLEGAL) check_illegal(c, r, plain | 1u << bit);
  }
}

/* ---- C2, C3, C4: pairs of states ---- */

static struct outcome *keep(const struct outcome *o) {
  struct outcome *copy = must(malloc(sizeof *copy));
  return memcpy(copy, o, sizeof *copy);
}

static void find(struct evidence *e, const struct pair *pair, const char *what, const struct outcome *a,
                 const struct outcome *b) {
  if (e->found) return;
  *e = (struct evidence){true, pair, what, {keep(a), keep(b)}};
}

static bool refused(const struct outcome *o) { return o->trapped && o->trap.cause == CAUSE_PRIVILEGED; }

static void count_trap(struct measured *m, const struct outcome *o) {
  bool user = o->before.status & ST_U;
  m->runs[user]++;
  if (!o->trapped) return;
  m->privileged[user] += refused(o);
  if (o->trap.cause < CAUSE_SYSCALL || o->trap.cause > CAUSE_BREAK) return;
  m->calls[user]++;
  m->two_causes |= m->call_cause && m->call_cause != o->trap.cause;
  m->call_cause = o->trap.cause;
}

static void check_one(struct measured *m, const struct pair *pair, const struct outcome *o) {
  count_trap(m, o);
  const char *changed = outcome_controls(o);
  if (changed) find(&m->sensitive[CONTROL], pair, changed, o, o);
  if (!m->broken && (o->before.status & ST_U)) m->broken = outcome_escapes(o);
  if (!m->broken && refused(o)) m->broken = outcome_unclean(o);
}

static void check_pair(struct classify *c, struct measured *m, const struct pair *pair, const struct trial *t,
                       uint32_t u) {
  uint32_t mode = pair->any_mode ? u : 0;
  states_run(c->machines, t, pair->place[0], pair->mode[0] | mode, c->a);
  states_run(c->machines, t, pair->place[1], pair->mode[1] | mode, c->b);
  check_one(m, pair, c->a);
  check_one(m, pair, c->b);
  const char *what = refused(c->a) || refused(c->b) ? NULL : outcome_differs(c->a, c->b);
  if (!what) return;
  find(&m->sensitive[pair->sense], pair, what, c->a, c->b);
  if ((c->a->before.status | c->b->before.status) & ST_U) find(&m->hole, pair, what, c->a, c->b);
}

static void measure(struct classify *c, struct random *r) {
  for (unsigned id = 0; id < PG32_INSNS; id++)
    for (uint64_t i = 0; i < c->states; i++)
      for (size_t p = 0; p < PAIRS; p++) {
        struct trial t = trial_make(r, (enum pg32_id)id);
        check_pair(c, &c->insn[id], &pairs[p], &t, (uint32_t)i & ST_U);
      }
}

/* ---- what has been measured ---- */

static const char *const class_name[] = {"innocuous", "privileged", "always trapping",
                                         "SENSITIVE, UNPRIVILEGED"};

static bool sensitive(const struct measured *m) {
  return m->sensitive[CONTROL].found || m->sensitive[LOCATION].found || m->sensitive[MODE].found;
}

static enum popek_class class_of(const struct measured *m) {
  bool all_call = m->calls[0] == m->runs[0] && m->calls[1] == m->runs[1] && !m->two_causes;
  if (all_call) return POPEK_TRAPPING;
  if (m->privileged[1] == m->runs[1] && m->privileged[0] == 0) return POPEK_PRIVILEGED;
  return sensitive(m) || m->privileged[0] || m->privileged[1] ? POPEK_HOLE : POPEK_INNOCUOUS;
}

static const char *user_mode(const struct measured *m) {
  return m->privileged[1] == m->runs[1] || m->calls[1] == m->runs[1] ? "traps"
         : m->privileged[1]                                          ? "both"
                                                                     : "runs";
}
static const char *kernel_mode(const struct measured *m) {
  return m->calls[0] == m->runs[0] ? "traps" : "runs";
}

/* Two instructions of which the table would say the same. */
static bool alike(const struct measured *a, const struct measured *b) {
  bool same = class_of(a) == class_of(b) && user_mode(a) == user_mode(b) && kernel_mode(a) == kernel_mode(b);
  for (int s = 0; s < SENSES; s++) same &= a->sensitive[s].found == b->sensitive[s].found;
  return same;
}

static void say_row(const char *names, const struct measured *m) {
  printf("%-26s %-6s %-6s", names, user_mode(m), kernel_mode(m));
  for (int s = 0; s < SENSES; s++) printf(" %-8s", m->sensitive[s].found ? "yes" : "-");
  printf(" %s\n", class_name[class_of(m)]);
}

/* Instructions that are alike in one row; of many, how many. */
static void say_group(const struct classify *c, unsigned first) {
  char names[128] = "";
  unsigned count = 0;
  for (unsigned id = first; id < PG32_INSNS; id++) {
    if (!alike(&c->insn[id], &c->insn[first])) continue;
    if (count++ < NAMED)
      snprintf(names + strlen(names), 32, "%s%s", *names ? " " : "", pg32_row((enum pg32_id)id)->name);
  }
  if (count > NAMED) snprintf(names, sizeof names, "all %u others", count);
  say_row(names, &c->insn[first]);
}

static bool is_first_of_group(const struct classify *c, unsigned id) {
  for (unsigned before = 0; before < id; before++)
    if (alike(&c->insn[before], &c->insn[id])) return false;
  return true;
}

/* The innocuous ones, a large group, come last. */
static void say_table(const struct classify *c) {
  printf("%-26s %-6s %-6s %-26s\n", "", "user", "kernel", "sensitive:");
  printf("%-26s %-6s %-6s %-8s %-8s %-8s %s\n", "instruction", "mode", "mode", "control", "location", "mode",
         "class");
  for (int last = 0; last <= 1; last++)
    for (unsigned id = 0; id < PG32_INSNS; id++) {
      const struct measured *m = &c->insn[id];
      if ((class_of(m) == POPEK_INNOCUOUS) != last) continue;
      if (c->each)
        say_row(pg32_row((enum pg32_id)id)->name, m);
      else if (is_first_of_group(c, id))
        say_group(c, id);
    }
}

/* ---- holes ---- */

static void say_value(const char *name, const char *when, uint32_t a, uint32_t b) {
  printf("    %-6s %-6s  0x%08x  0x%08x%s\n", name, when, a, b, a == b ? "" : "  differ");
}

static void say_hole(unsigned id, const struct evidence *e) {
  const struct outcome *a = e->state[0], *b = e->state[1];
  char text[64];
  uint32_t word;
  memcpy(&word, a->ram_before + (a->before.pc & (STATES_RAM - 1)), 4);
  pg32_disassemble(text, sizeof text, word, a->before.pc);
  struct pg32_insn insn = pg32_decode(word);
  printf("\nHOLE: %s, in two states that differ in %s: %s\n", pg32_row((enum pg32_id)id)->name, e->pair->what,
         e->what);
  printf("  0x%08x: %-20s state 1     state 2\n", a->before.pc, text);
  say_value("STATUS", "before", a->before.status, b->before.status);
  say_value("STATUS", "after", a->after.status, b->after.status);
  for (unsigned reg = 1; reg < 32; reg++)
    if (reg == insn.rd || reg == insn.rs1) {
      say_value(pg32_register_name(reg), "before", a->before.x[reg], b->before.x[reg]);
      say_value(pg32_register_name(reg), "after", a->after.x[reg], b->after.x[reg]);
    }
  printf("    %-6s %-6s  %-10s  %s\n", "traps", "", a->trapped ? "yes" : "no", b->trapped ? "yes" : "no");
}

/* Theorem 1; says each reason why not. */
static bool say_theorem(const struct classify *c) {
  unsigned holes = 0, broken = 0;
  for (unsigned id = 0; id < PG32_INSNS; id++) {
    const struct measured *m = &c->insn[id];
    holes += class_of(m) == POPEK_HOLE;
    if (class_of(m) == POPEK_HOLE && m->hole.found) say_hole(id, &m->hole);
    if (m->broken) printf("\n%s leaves %s changed\n", pg32_row((enum pg32_id)id)->name, m->broken);
    broken += m->broken != NULL;
  }
  bool holds = !holes && !broken && !c->not_illegal;
  if (holds)
    printf("\nTheorem 1 holds: every sensitive instruction traps in user mode.\n");
  else
    printf("\nTheorem 1 does not hold: %u sensitive instructions do not trap in user mode.\n", holes);
  return holds;
}

static void say_extent(const struct classify *c) {
  printf("C1: %" PRIu64 " words decoded (%s), %" PRIu64 " of them legal.\n", c->words,
         c->all_words ? "all" : "every 61st; --all-words for all", c->legal);
  printf("    Each opcode without instruction, each bit that must be 0: %" PRIu64 " steps, %" PRIu64
         " not illegal.\n",
         c->representatives, c->not_illegal);
  printf("C2, C3, C4: for each of %d instructions %" PRIu64 " pairs of states for each of: ", PG32_INSNS,
         c->states);
  for (size_t p = 0; p < PAIRS; p++) printf("%s%s", p ? ", " : "\n    ", pairs[p].what);
  printf(". Seed %" PRIu64 ".\n", c->seed);
}

/* ---- the command ---- */

enum { KEY_CPU = 0x400, KEY_STATES, KEY_SEED, KEY_ALL_WORDS, KEY_EACH };
static const struct argp_option rows[] = {
    {"cpu", KEY_CPU, "NAME", 0, "pg32 (default) or pg32-leaky", 0},
    {"states", KEY_STATES, "N", 0, "pairs of states for each instruction and each way to differ (default 24)",
     0},
    {"seed", KEY_SEED, "N", 0, "of the random states (default 1)", 0},
    {"all-words", KEY_ALL_WORDS, NULL, 0,
     "decode all 2^32 words, which takes a minute, instead of every 61st", 0},
    {"each", KEY_EACH, NULL, 0, "a row for each instruction, also of those that are alike", 0},
    {0}};

static void number(uint64_t *n, const char *option, const char *arg, uint64_t most,
                   struct argp_state *state) {
  if (!parse_size(arg, most, n) || *n == 0) argp_error(state, "%s %s: expected a number from 1", option, arg);
}

static error_t parse(int key, char *arg, struct argp_state *state) {
  struct classify *c = state->input;
  switch (key) {
  case KEY_CPU:
    if (strcmp(arg, "pg32") != 0 && strcmp(arg, "pg32-leaky") != 0)
      argp_error(state, "--cpu %s: expected pg32 or pg32-leaky", arg);
    c->cpu = strcmp(arg, "pg32") == 0 ? CPU_PG32 : CPU_LEAKY;
    return 0;
  case KEY_STATES: number(&c->states, "--states", arg, 1000000, state); return 0;
  case KEY_SEED: number(&c->seed, "--seed", arg, UINT32_MAX, state); return 0;
  case KEY_ALL_WORDS: c->all_words = true; return 0;
  case KEY_EACH: c->each = true; return 0;
  case ARGP_KEY_ARG: argp_error(state, "%s: takes no argument", arg); return 0;
  default: return ARGP_ERR_UNKNOWN;
  }
}

static const struct argp classify_argp = {
    .options = rows,
    .parser = parse,
    .doc =
        "Measures on real machines, in random states, which instructions are privileged, always trapping or "
        "innocuous, "
        "which are sensitive and to what, and whether Popek and Goldberg's theorem 1 holds."
        "\vExit status: 0 it holds, 1 it does not, 125 usage. vmm/PROPERTIES.md tells what the columns mean.",
};

static void classify_free(struct classify *c) {
  states_free(c->machines);
  free(c->a);
  free(c->b);
  for (unsigned id = 0; id < PG32_INSNS; id++)
    for (int e = 0; e <= SENSES; e++) {
      struct evidence *from = e < SENSES ? &c->insn[id].sensitive[e] : &c->insn[id].hole;
      free(from->state[0]);
      free(from->state[1]);
    }
}

static void classify_begin(struct classify *c) {
  c->machines = must(states_new(c->cpu, c->seed));
  c->a = must(malloc(sizeof *c->a));
  c->b = must(malloc(sizeof *c->b));
}

void classify_measure(enum machine_cpu cpu, enum popek_class class[PG32_INSNS]) {
  struct classify c = {.cpu = cpu, .states = STATES_DEFAULT, .seed = 1};
  struct random r = {c.seed * 2 + 1};
  classify_begin(&c);
  measure(&c, &r);
  for (unsigned id = 0; id < PG32_INSNS; id++) class[id] = class_of(&c.insn[id]);
  classify_free(&c);
}

int command_classify(int argc, char **argv) {
  struct classify c = {.cpu = CPU_PG32, .states = STATES_DEFAULT, .seed = 1};
  argp_parse(&classify_argp, argc, argv, 0, NULL, &c);
  classify_begin(&c);
  struct random r = {c.seed * 2 + 1};
  count_words(&c);
  check_representatives(&c, &r);
  measure(&c, &r);
  say_table(&c);
  putchar('\n');
  say_extent(&c);
  bool holds = say_theorem(&c);
  classify_free(&c);
  return holds ? 0 : 1;
}
