/* classify.c - trapeze classify: is PG32 virtualizable? Measured on real machines, opcode by opcode;
 * measuring.c does the measuring.
 *
 * Popek and Goldberg's theorem 1 (CACM 17(7), 1974): a VMM can be built if each sensitive instruction is
 * privileged. What is measured:
 *   C1  Each opcode is innocuous, privileged or always trapping, in every state; every other word is illegal.
 *   C2  Two states that differ only in mode, IE, ASID, frames or real/translated addressing step alike. Where
 *       they do not, the instruction is mode-sensitive or location-sensitive.
 *   C3  An instruction that changes control state is control-sensitive.
 *   C4  Translated user-mode writes stay inside the frames that the TLB lets them write. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "isa/platform.h"
#include "measuring.h"
#include "tools/trapeze/trapeze.h"

#define NAMED 5 /* instructions in one row of the table */

/* ---- what has been measured ---- */

static const char *const class_name[] = {"innocuous", "privileged", "always trapping", "HOLE: sensitive"};

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
  bool same = classify_class(a) == classify_class(b) && user_mode(a) == user_mode(b) &&
              kernel_mode(a) == kernel_mode(b);
  for (int s = 0; s < SENSES; s++) same &= a->sensitive[s].found == b->sensitive[s].found;
  return same;
}

static const int width_of[SENSES] = {8, 8, 4}; /* control, location, mode: a row has at most 80 columns */

static void say_row(const char *names, const struct measured *m) {
  printf("%-23s %-6s %-6s", names, user_mode(m), kernel_mode(m));
  for (int s = 0; s < SENSES; s++) printf(" %-*s", width_of[s], m->sensitive[s].found ? "yes" : "-");
  printf(" %s\n", class_name[classify_class(m)]);
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
  printf("%-23s %-6s %-6s %s\n", "", "user", "kernel", "sensitive:");
  printf("%-23s %-6s %-6s %-8s %-8s %-4s %s\n", "instruction", "mode", "mode", "control", "location", "mode",
         "class");
  for (int last = 0; last <= 1; last++)
    for (unsigned id = 0; id < PG32_INSNS; id++) {
      const struct measured *m = &c->insn[id];
      if ((classify_class(m) == POPEK_INNOCUOUS) != last) continue;
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

/* Which of the two states is which. */
static void say_states(const struct outcome *a, const struct outcome *b) {
  const uint32_t status[2] = {a->before.status, b->before.status};
  printf("    %-14s %-10s  %s\n", "mode", status[0] & ST_U ? "user" : "kernel",
         status[1] & ST_U ? "user" : "kernel");
  printf("    %-14s %-10s  %s\n", "interrupts", status[0] & ST_IE ? "on" : "off",
         status[1] & ST_IE ? "on" : "off");
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
  say_states(a, b);
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
    holes += classify_class(m) == POPEK_HOLE;
    if (classify_class(m) == POPEK_HOLE && m->hole.found) say_hole(id, &m->hole);
    if (m->broken) printf("\n%s leaves %s changed\n", pg32_row((enum pg32_id)id)->name, m->broken);
    broken += m->broken != NULL;
  }
  bool holds = !holes && !broken && !c->not_illegal;
  if (holds)
    printf("\nTheorem 1 holds: every sensitive instruction traps in user mode.\n");
  else
    printf("\nTheorem 1 does not hold: %u sensitive instructions do not trap in user mode.\n", holes);
  if (holes && c->cpu == CPU_LEAKY)
    printf("A VMM can still be built, if it never runs the guest's kernel as it stands, but\n"
           "a translation in which these instructions are replaced:\n"
           "    trapeze run --cpu pg32-leaky --way translate\n");
  return holds;
}

static void say_extent(const struct classify *c) {
  printf("Decoded: %" PRIu64 " words (%s).\n    Legal: %" PRIu64 " of them.\n", c->words,
         c->all_words ? "all" : "every 61st; --all-words for all", c->legal);
  printf("    Each opcode without instruction, each bit that must be 0:\n    %" PRIu64 " steps, %" PRIu64
         " not illegal.\n",
         c->representatives, c->not_illegal);
  printf("Executed: each of %d instructions in %" PRIu64 " pairs of states for each of:", PG32_INSNS,
         c->states);
  for (size_t p = 0; p < CLASSIFY_PAIRS; p++) printf("%s%s", p ? ", " : "\n    ", classify_pairs[p].what);
  printf(". Seed %" PRIu64 ".\n", c->seed);
}

/* ---- the command ---- */

enum { KEY_CPU = 0x400, KEY_STATES, KEY_SEED, KEY_ALL_WORDS, KEY_EACH };
static const struct argp_option rows[] = {
    {"cpu", KEY_CPU, "NAME", 0, "pg32 (default) or pg32-leaky", 0},
    {"states", KEY_STATES, "N", 0, "pairs of states per instruction and per difference (default 24)", 0},
    {"seed", KEY_SEED, "N", 0, "seed of the random states (default 1)", 0},
    {"all-words", KEY_ALL_WORDS, NULL, 0,
     "decode all 2^32 words, which takes a minute, instead of every 61st", 0},
    {"each", KEY_EACH, NULL, 0, "one row per instruction, without grouping equal ones", 0},
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
      argp_error(state, "--cpu %s: expected pg32 or pg32-leaky; what a lab's CPU does is yours to find out",
                 arg);
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
        "\vExit status: 0 it holds, 1 it does not, 125 usage. {doc}/vmm/PROPERTIES.md tells what the columns "
        "mean.",
};

int command_classify(int argc, char **argv) {
  struct classify c = {.cpu = CPU_PG32, .states = STATES_DEFAULT, .seed = 1};
  argp_parse(&classify_argp, argc, argv, 0, &c);
  classify_begin(&c);
  struct random r = {c.seed * 2 + 1};
  classify_words(&c, &r);
  classify_states(&c, &r);
  say_table(&c);
  putchar('\n');
  say_extent(&c);
  bool holds = say_theorem(&c);
  classify_free(&c);
  return holds ? 0 : 1;
}
