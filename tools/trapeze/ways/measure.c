/* measure.c - the runs of `trapeze compare`.
 *
 * A nanobenchmark is run twice, with N and 2N turns, in each column: the difference, divided by N, is the cost of one
 * turn, and starting and ending take no part in it. The same of an empty loop is taken off. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tools/trapeze/verify/run_cost.h"
#include "ways.h"

#define TURNS 1000
#define WORDS_MOST 64

static struct options for_column(const struct options *options, const struct column *column) {
  struct options o = *options;
  o.way = column->way->way;
  o.cpu = column->way->cpu;
  return o;
}

/* Runs it to the machine's end. `what` names it in messages. */
static struct run_cost run(const struct options *o, const struct column *column, const char *what) {
  struct run_cost cost;
  const enum machine_exit exit = run_cost_measure(o, column->depth, &cost, NULL, NULL);
  if (exit == EXIT_CHECKSTOP)
    die(STATUS_CHECKSTOP, "%s, %s at depth %u: the machine check-stopped", what, column->way->name,
        column->depth);
  if (exit != EXIT_POWER)
    die(STATUS_BUDGET, "%s, %s at depth %u: the instructions were used up (--max-insns)", what,
        column->way->name, column->depth);
  return cost;
}

static struct cost plain(const struct run_cost *run) {
  return (struct cost){(double)run_total(run), (double)run->traps, (double)run->exits};
}

static struct cost difference(struct cost a, struct cost b, double by) {
  return (struct cost){(a.insns - b.insns) / by, (a.traps - b.traps) / by, (a.exits - b.exits) / by};
}

/* ---- nanobenchmarks ---- */

static struct cost nano_run(const struct options *o, const struct column *column, const char *name,
                            unsigned turns) {
  char number[16], benchmark[16];
  snprintf(number, sizeof number, "%u", turns);
  snprintf(benchmark, sizeof benchmark, "%s", name);
  char *words[] = {benchmark, number};
  struct options run_options = *o;
  run_options.argv = words, run_options.argc = 2;
  struct run_cost cost = run(&run_options, column, name);
  free(cost.output.data);
  if (cost.status != 0)
    die(VERIFY_FAILS, "nanobenchmark %s, %s at depth %u: exit status %u, expected 0", name, column->way->name,
        column->depth, cost.status);
  return plain(&cost);
}

static struct cost nano_turn(const struct options *o, const struct column *column, const char *name) {
  return difference(nano_run(o, column, name, 2 * TURNS), nano_run(o, column, name, TURNS), TURNS);
}

static void measure_nanos(struct comparison *c, struct column *column, const struct options *options) {
  if (column->way->ports) {
    for (size_t i = 0; i < c->rows; i++)
      if (c->row[i].nano) column->cost[i] = (struct cost){NAN, NAN, NAN};
    return;
  }
  struct options o = for_column(options, column);
  char *image = beside_executable("share/trapeze/nano");
  o.image = must(image);
  const struct cost loop = nano_turn(&o, column, "loop");
  for (size_t i = 0; i < c->rows; i++)
    if (c->row[i].nano) column->cost[i] = difference(nano_turn(&o, column, c->row[i].nano->name), loop, 1);
  free(image);
}

/* ---- programs ---- */

static void compare_work(const struct run_cost *a, const struct run_cost *bare, const struct column *column,
                         const char *program) {
  const bool same = a->output.size == bare->output.size &&
                    (a->output.size == 0 || memcmp(a->output.data, bare->output.data, a->output.size) == 0);
  if (same && a->status == bare->status) return;
  die(VERIFY_FAILS,
      "%s, %s at depth %u: its exit status is %u and its console has %zu bytes; on the bare machine %u "
      "and %zu%s",
      program, column->way->name, column->depth, a->status, a->output.size, bare->status, bare->output.size,
      same ? "" : ", and they differ");
}

static void measure_program(struct comparison *c, size_t row, const struct options *options) {
  char *words[WORDS_MOST], *text = must(strdup(c->row[row].program)), *rest;
  int n = 0;
  for (char *word = strtok_r(text, " ", &rest); word && n < WORDS_MOST; word = strtok_r(NULL, " ", &rest))
    words[n++] = word;
  struct run_cost bare = {0};
  for (size_t i = 0; i < c->columns; i++) {
    struct column *column = &c->column[i];
    struct options o = for_column(options, column);
    o.argv = words, o.argc = n;
    struct run_cost cost = run(&o, column, c->row[row].program);
    column->cost[row] = plain(&cost);
    if (i == 0) {
      bare = cost;
      continue;
    }
    compare_work(&cost, &bare, column, c->row[row].program);
    free(cost.output.data);
  }
  free(bare.output.data);
  free(text);
}

void ways_measure(struct comparison *c, const struct options *options) {
  for (size_t i = 0; i < c->columns; i++) {
    struct column *column = &c->column[i];
    column->cost = must(calloc(c->rows, sizeof *column->cost));
    if (column->way->way) column->vmm_lines = ways_vmm_lines(column->way->name);
    column->kernel_lines = ways_kernel_lines(column->way);
    measure_nanos(c, column, options);
  }
  for (size_t row = 0; row < c->rows; row++)
    if (!c->row[row].nano) measure_program(c, row, options);
}

double ways_cycles(const struct comparison *c, const struct cost *cost, double exit_price) {
  return cost->insns + (double)c->trap_price * cost->traps + exit_price * cost->exits;
}
