/* ways.c - trapeze compare: the command, and what is compared. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "ways.h"

const struct way_row way_rows[] = {{"bare", NULL, CPU_PG32, NULL, false},
                                   {"trap", "trap", CPU_PG32, NULL, false},
                                   {"translate", "translate", CPU_LEAKY, NULL, false},
                                   {"para", "para", CPU_PG32,
                                    "the hypervisor is in the host OS, so no trap is handed to a VMM; and "
                                    "where a tlbw would trap, the guest "
                                    "OS asks for the entry by its next hypercall",
                                    true},
                                   {NULL, NULL, CPU_PG32, NULL, false}};

const struct nano_row nano_rows[] = {{"mfst", "read STATUS (mfst)"},
                                     {"irqs", "interrupts off, and on again"},
                                     {"call", "call and return"},
                                     {"device", "load of a device register"},
                                     {"syscall", "system call and return"},
                                     {"entry", "TLB entry written, invalidated"},
                                     {"hidden", "the same, and a load between"},
                                     {"fault", "TLB fault, refill, invalidated"},
                                     {NULL, NULL}};

static const char *const usual_programs[] = {"null-syscall 1000", "touch-pages 400 20", "matmul",
                                             "sh -c ls;ls|wc;ls"};

enum { KEY_WAYS = 0x600, KEY_CYCLES, KEY_SWEEP, KEY_LISTS, KEY_APPROACHES, KEY_BUG };
enum form { FORM_TEXT, FORM_JSON, FORM_CSV, FORM_SVG, FORMS };
static const char *const form_names[FORMS] = {"text", "json", "csv", "svg"};

struct arguments {
  struct options options;
  struct comparison c;
  const struct way_row *way[sizeof way_rows / sizeof *way_rows];
  size_t ways;
  enum form form;
  const char *output;
  bool lists, approaches, depth_given;
  const char *bug;
};

/* clang-format off */
static const struct argp_option rows[] = {
  {"ways",   KEY_WAYS,   "W,W,..",    0, "which ways to virtualize: trap, translate, para (default: all); bare, the machine itself, is always there", 1},
  {"depth",  'd',        "N",         0, "compare them at depths 1 to N (default 1)", 1},
  {"cycles", KEY_CYCLES, "Kt=N,Kx=N", 0, "count cycles: one for an instruction, Kt more for a trap, Kx more for an exit to the VMM", 1},
  {"sweep",  KEY_SWEEP,  "Kx=N",      0, "tell from which Kx, from 0 to N, one way costs less than another; with -f svg, draw it", 1},
  {"lists",  KEY_LISTS,  NULL,        0, "show the lecture's two lists in every way, side by side", 1},
  {"approaches", KEY_APPROACHES, NULL, 0, "a process, a container and VMs of each way on one machine: start, memory, exits, cost, how many fit, and "
                                            "what a bug of the kernel takes down", 1},
  {"bug",    KEY_BUG,    "DIR",       0, "with --approaches: the bug is that of the kernels in DIR, kernel and kernel-para, which `faulty null` "
                                            "meets (default: bundled ones, in which a fault is planted)", 1},
  {"format", 'f',        "FORMAT",    0, "text (default), json, csv or svg", 1},
  {"output", 'o',        "FILE",      0, "write to FILE", 1},
  {0}
};
/* clang-format on */

/* ---- options ---- */

static const struct way_row *way_named(const char *name, size_t n) {
  for (const struct way_row *row = way_rows; row->name; row++)
    if (strncmp(row->name, name, n) == 0 && !row->name[n]) return row;
  return NULL;
}

static void set_ways(struct arguments *a, const char *text, struct argp_state *state) {
  a->ways = 0;
  for (const char *p = text;; p++) {
    const size_t n = strcspn(p, ",");
    const struct way_row *row = way_named(p, n);
    if (!row)
      argp_error(state, "--ways %s: '%.*s' is no way; expected bare, trap, translate or para%s", text, (int)n,
                 p, strncmp(p, "container", n) == 0 && n == 9 ? "; --approaches has containers" : "");
    for (size_t i = 0; i < a->ways; i++)
      if (a->way[i] == row) argp_error(state, "--ways %s: %s is there twice", text, row->name);
    if (row->way) a->way[a->ways++] = row; /* the bare machine is always there */
    p += n;
    if (!*p) return;
  }
}

/* Reads NAME=N,NAME=N...: *value[i] for names[i]. False if the text is something else. */
static bool read_prices(const char *text, const char *const *names, uint64_t *const *value) {
  for (;;) {
    char word[32];
    const size_t n = strcspn(text, ",");
    int i = 0;
    if (n == 0 || n >= sizeof word) return false;
    snprintf(word, sizeof word, "%.*s", (int)n, text);
    while (names[i] && strncmp(word, names[i], strlen(names[i])) != 0) i++;
    if (!names[i] || !parse_size(word + strlen(names[i]), UINT32_MAX, value[i])) return false;
    if (!text[n]) return true;
    text += n + 1;
  }
}

static void set_form(struct arguments *a, const char *text, struct argp_state *state) {
  for (a->form = 0; a->form < FORMS; a->form++)
    if (strcmp(text, form_names[a->form]) == 0) return;
  argp_error(state, "--format %s: expected text, json, csv or svg", text);
}

static void set_depth(struct arguments *a, const char *text, struct argp_state *state) {
  uint64_t n;
  if (!parse_size(text, DEPTH_MAX, &n) || n == 0)
    argp_error(state, "--depth %s: expected a number from 1 to %d", text, DEPTH_MAX);
  a->c.depth = (unsigned)n;
  a->depth_given = true;
}

static bool prices(const struct comparison *c) { return c->trap_price || c->exit_price; }

static error_t parse(int key, char *arg, struct argp_state *state) {
  struct arguments *a = state->input;
  static const char *const names[] = {"Kt=", "Kx=", NULL}, *const kx[] = {"Kx=", NULL};
  switch (key) {
  case KEY_WAYS: set_ways(a, arg, state); return 0;
  case 'd': set_depth(a, arg, state); return 0;
  case KEY_CYCLES:
    if (!read_prices(arg, names, (uint64_t *const[]){&a->c.trap_price, &a->c.exit_price}))
      argp_error(state, "--cycles %s: expected Kt=N, Kx=N or both, such as Kt=100,Kx=1000", arg);
    return 0;
  case KEY_SWEEP:
    if (!read_prices(arg, kx, (uint64_t *const[]){&a->c.sweep}) || a->c.sweep == 0)
      argp_error(state, "--sweep %s: expected Kx=N with N from 1, such as Kx=4000", arg);
    return 0;
  case KEY_LISTS: a->lists = true; return 0;
  case KEY_APPROACHES: a->approaches = true; return 0;
  case KEY_BUG: a->bug = arg; return 0;
  case 'f': set_form(a, arg, state); return 0;
  case 'o': a->output = arg; return 0;
  case ARGP_KEY_ARGS:
    a->options.argv = state->argv + state->next;
    a->options.argc = state->argc - state->next;
    return 0;
  case ARGP_KEY_END:
    if (a->c.sweep && a->form != FORM_TEXT && a->form != FORM_SVG)
      argp_error(state, "--sweep: expected with -f text or -f svg");
    if (a->bug && !a->approaches) argp_error(state, "--bug: expected with --approaches");
    if (a->approaches && (a->lists || a->c.sweep || a->options.argc || a->ways || a->depth_given ||
                          prices(&a->c) || (a->form != FORM_TEXT && a->form != FORM_SVG)))
      argp_error(state, "--approaches: expected alone, or with --bug, -f text or svg, and -o");
    if (a->lists && (a->form != FORM_TEXT || a->c.sweep || a->options.argc || prices(&a->c)))
      argp_error(state, "--lists: expected alone, or with --ways, --depth and -o");
    return 0;
  default: return ARGP_ERR_UNKNOWN;
  }
}

static const struct argp compare_argp = {
    .options = rows,
    .parser = parse,
    .args_doc = "['PROG ARGS']...",
    .doc = "Measures what the ways to virtualize cost: nanobenchmarks, which do one small thing in a kernel, "
           "and programs "
           "(each with its arguments in one word, such as 'touch-pages 400 20'; default: four that are "
           "bundled), on the "
           "bare machine and at each depth, in instructions of the machine, exits to the VMM, and cycles."
           "\vEach way runs on the CPU that it is for: trap and para on pg32, translate on pg32-leaky. The "
           "kernel of para is a "
           "port, so there are programs only. A program is "
           "measured from "
           "the guest's first instruction to its last. Two runs print the same bytes. "
           "{doc}/vmm/PROPERTIES.md sets the "
           "figures beside published ones. Exit status: 1 if a program does not do in a VM what it does on "
           "the bare "
           "machine, 125 wrong usage."};

/* ---- what is compared ---- */

static void add_row(struct comparison *c, struct row row) {
  c->row = must(realloc(c->row, (c->rows + 1) * sizeof *c->row));
  c->row[c->rows++] = row;
}

static void set_rows(struct arguments *a) {
  for (const struct nano_row *nano = nano_rows; nano->name; nano++)
    add_row(&a->c, (struct row){nano, nano->what, NULL});
  for (int i = 0; i < a->options.argc; i++) {
    char *program = must(strdup(a->options.argv[i]));
    if (!program[strspn(program, " ")])
      die(STATUS_USAGE, "'%s': expected a program and its arguments", program);
    add_row(&a->c, (struct row){NULL, a->options.argv[i], program});
  }
  if (a->options.argc == 0)
    for (size_t i = 0; i < sizeof usual_programs / sizeof *usual_programs; i++)
      add_row(&a->c, (struct row){NULL, usual_programs[i], must(strdup(usual_programs[i]))});
  a->options.argc = 0;
}

static void add_column(struct comparison *c, const struct way_row *way, unsigned depth) {
  c->column = must(realloc(c->column, (c->columns + 1) * sizeof *c->column));
  c->column[c->columns++] = (struct column){.way = way, .depth = depth};
}

/* The bare machine, then all ways at depth 1, at depth 2, ... Lists are of the greatest depth alone. */
static void set_columns(struct arguments *a) {
  if (a->ways == 0)
    for (const struct way_row *row = way_rows + 1; row->name; row++) a->way[a->ways++] = row;
  add_column(&a->c, &way_rows[0], 0);
  for (unsigned depth = a->lists ? a->c.depth : 1; depth <= a->c.depth; depth++)
    for (size_t i = 0; i < a->ways; i++) add_column(&a->c, a->way[i], depth);
}

static void show(const struct arguments *a, FILE *f) {
  if (a->c.sweep) {
    (a->form == FORM_SVG ? ways_sweep_svg : ways_sweep_text)(f, &a->c);
    return;
  }
  static void (*const shows[FORMS])(FILE *, const struct comparison *) = {ways_text, ways_json, ways_csv,
                                                                          ways_svg};
  shows[a->form](f, &a->c);
}

static void comparison_free(struct comparison *c) {
  for (size_t i = 0; i < c->rows; i++) free(c->row[i].program);
  for (size_t i = 0; i < c->columns; i++) free(c->column[i].cost);
  free(c->row);
  free(c->column);
}

int command_compare(int argc, char **argv) {
  struct arguments a = {.c.depth = 1};
  options_defaults(&a.options);
  argp_parse(&compare_argp, argc, argv, ARGP_IN_ORDER, &a);
  set_columns(&a);
  FILE *f = output_open(a.output);
  if (a.approaches)
    ways_approaches(f, a.form == FORM_SVG, a.bug, &a.options);
  else if (a.lists)
    ways_lists(f, &a.c, &a.options);
  else {
    set_rows(&a);
    ways_measure(&a.c, &a.options);
    show(&a, f);
  }
  if (!output_keep(f)) die(STATUS_USAGE, "%s: %s", a.output ? a.output : "stdout", strerror(errno));
  comparison_free(&a.c);
  return 0;
}
