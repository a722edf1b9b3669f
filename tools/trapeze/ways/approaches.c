/* approaches.c - `trapeze compare --approaches`: the lecture's three approaches side by side, as a user of one machine
 * chooses among them: a container, a paravirtual VM, full virtualization; and a plain process.
 *
 * A figure is the difference of two runs wherever there is one, so that what both do takes no part in it. Memory is what
 * the machine's own kernel says (`free`) before and while a program sleeps. How many fit is counted: they are started until
 * one is refused. A planted bug is real: a kernel that has it is run, and either something of the machine still answers or
 * nothing does. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tools/trapeze/drawing.h"
#include "tools/trapeze/verify/run_cost.h"
#include "ways.h"

enum { MACHINE = 16 << 20, FRAME_KIB = 4, CALLS = 100, WORK = 20000 };
#define VM_RAM "2304K" /* of a VM: enough for the kernel, the programs it brings along, and one that runs */
enum { START, FRAMES, FIT, EXITS, CALL, COMPUTE, ROWS };

struct approach {
  const char *name;
  const char *way;   /* of its VMM; NULL: there is none */
  const char *begin; /* words before a program, in the machine's shell */
  enum machine_cpu of;
  double row[ROWS];
  const char *bug; /* what a bug of its kernel takes down */
};

static const char *const row_names[ROWS] = {
    [START] = "instructions to start and end", [FRAMES] = "frames of 4 KiB",
    [FIT] = "so many fit into 16 MiB",         [EXITS] = "exits for a system call",
    [CALL] = "instructions for a system call", [COMPUTE] = "computing, a process = 1"};

/* ---- runs ---- */

struct ran {
  double insns, exits;
  char *output; /* for free() */
};

/* Runs a command of the machine's shell, or, at depth 1, a program in a VM. */
static struct ran run(const struct options *options, const struct approach *a, unsigned depth, char **words,
                      int n) {
  struct options o = *options;
  struct run_cost cost;
  o.argv = words, o.argc = n, o.cpu = a->of;
  if (depth || (a->way && strcmp(a->way, "para") == 0))
    o.way = a->way; /* that one has a host's kernel of its own */
  const enum machine_exit exit = run_cost_measure(&o, depth, &cost, NULL, NULL);
  if (exit == EXIT_LIMIT) die(STATUS_BUDGET, "%s: the run did not end (--max-insns)", a->name);
  bytes_append(&cost.output, "", 1);
  return (struct ran){(double)(cost.boot + run_total(&cost)), (double)cost.exits, (char *)cost.output.data};
}

static struct ran run_shell(const struct options *o, const struct approach *a, char *command) {
  char shell[] = "sh", c[] = "-c";
  return run(o, a, 0, (char *[]){shell, c, command}, 3);
}

/* What a program costs in that approach. */
static struct ran run_program(const struct options *o, const struct approach *a, const char *program,
                              unsigned n) {
  char name[32], number[16], container[] = "container", command[] = "run", base[] = "base";
  char *words[] = {container, command, base, name, number};
  snprintf(name, sizeof name, "%s", program);
  snprintf(number, sizeof number, "%u", n);
  const int plain = n ? 2 : 1;
  if (a->way) return run(o, a, 1, words + 3, plain);
  return *a->begin ? run(o, a, 0, words, 3 + plain) : run(o, a, 0, words + 3, plain);
}

/* ---- figures ---- */

static double start_cost(const struct options *o, const struct approach *a, double process) {
  struct ran r = run_program(o, a, "hello", 0);
  free(r.output);
  return r.insns - process;
}

static void call_cost(const struct options *o, struct approach *a) {
  struct ran few = run_program(o, a, "null-syscall", CALLS),
             many = run_program(o, a, "null-syscall", 2 * CALLS);
  a->row[CALL] = (many.insns - few.insns) / CALLS;
  a->row[EXITS] = (many.exits - few.exits) / CALLS;
  free(few.output), free(many.output);
}

static double compute_cost(const struct options *o, const struct approach *a) {
  struct ran little = run_program(o, a, "primes", WORK), much = run_program(o, a, "primes", 2 * WORK);
  free(little.output), free(much.output);
  return much.insns - little.insns;
}

/* The KiB that are used, as the n-th line of `free` says; -1: there is no such line. */
static double used(const char *output, unsigned n) {
  const char *at = output;
  for (; (at = strstr(at, " KiB of memory, ")); at++)
    if (n-- == 0) return atof(at + strlen(" KiB of memory, "));
  return -1;
}

/* Do n of them run at a time? They are started one after another; between two starts goes a loop of the shell, but no
 * long one, for its turns take memory. Who is refused says so on the console, and nobody else says anything. */
static bool fit(const struct options *options, const struct approach *a, unsigned n) {
  enum { TURN = 40000 }; /* instructions of a turn of the loop, about */
  char command[500];
  struct options o = *options;
  o.ram = MACHINE;
  snprintf(command, sizeof command,
           "start() { n=$((n + 1)); turns=0; while [ $turns -lt %u ]; do turns=$((turns + 1)); done; }\n"
           "%s sleep 6 >/dev/null & first=$!; start; while [ $n -lt %u ]; do %s sleep 9 >/dev/null & "
           "start; done; "
           "wait $first",
           5 + (unsigned)(a->row[START] / TURN / 2), a->begin, n, a->begin);
  struct ran r = run_shell(&o, a, command);
  const bool all = r.output[0] == 0;
  free(r.output);
  return all;
}

/* Starts one, then another; the second one's memory is that of each further one. From there it follows about how many
 * fit, and these are tried. */
static void memory(const struct options *options, struct approach *a) {
  char command[400];
  struct options o = *options;
  o.ram = MACHINE;
  snprintf(command, sizeof command,
           "free; %s sleep 60 >/dev/null & sleep 9; free; %s sleep 60 >/dev/null & sleep 9; free", a->begin,
           a->begin);
  struct ran r = run_shell(&o, a, command);
  const double before = used(r.output, 0), one = used(r.output, 1), two = used(r.output, 2);
  if (before < 0 || one <= before || two <= one)
    die(VERIFY_FAILS, "%s: two of it were not seen to run in 16 MiB: %s", a->name, r.output);
  a->row[FRAMES] = (two - one) / FRAME_KIB;
  free(r.output);
  unsigned n = 1 + (unsigned)(((double)(MACHINE >> 10) - one) / (two - one));
  while (n && !fit(options, a, n)) n--;
  while (fit(options, a, n + 1)) n++;
  a->row[FIT] = n;
}

/* Does the machine still answer after a program has met the bug of the kernel below it? The folder has that kernel, and
 * its port. */
static const char *bug(const struct options *options, const struct approach *a, const char *folder) {
  char command[400], path[400];
  struct options o = *options;
  const char *name = a->way && strcmp(a->way, "para") == 0 ? "kernel-para" : "kernel";
  snprintf(path, sizeof path, "%.300s/%s", folder, name);
  if (a->way) {
    o.host[o.hosts++] = path;
    snprintf(command, sizeof command, "vmm -m 4M --way %s /host/%s faulty null; echo; echo alive", a->way,
             name);
  } else {
    o.kernel = path;
    snprintf(command, sizeof command, "%s faulty null; echo; echo alive", a->begin);
  }
  struct ran r = run_shell(&o, a, command);
  if (!strstr(r.output, "panic")) die(VERIFY_FAILS, "%s: `faulty null` meets no bug: %s", a->name, r.output);
  const bool alive = strstr(r.output, "\nalive\n") || strstr(r.output, "\nalive\r\n");
  free(r.output);
  return alive ? "itself" : "machine";
}

/* ---- showing ---- */

static void figure(FILE *f, double value) {
  if (isnan(value))
    fprintf(f, " %9s", "-");
  else if (value >= 100 || value == floor(value))
    fprintf(f, " %9.0f", value);
  else
    fprintf(f, " %9.2f", value);
}

static void show_text(FILE *f, const struct approach *a, size_t n) {
  fprintf(f, "%-30s", "on one machine");
  for (size_t i = 0; i < n; i++) fprintf(f, " %9s", a[i].name);
  putc('\n', f);
  for (int row = 0; row < ROWS; row++) {
    fprintf(f, "%-30s", row_names[row]);
    for (size_t i = 0; i < n; i++) figure(f, a[i].row[row]);
    putc('\n', f);
  }
  fprintf(f, "%-30s", "its kernel's bug takes down");
  for (size_t i = 0; i < n; i++) fprintf(f, " %9s", a[i].bug);
  putc('\n', f);
}

/* A bar for each approach, as long as its share of the longest, below the row's name. */
static void show_row(FILE *f, const struct approach *a, size_t n, int row, double x, double y) {
  enum { LEFT = 120, WIDTH = 420, BAR = 24, HEAD = 34 };
  double most = 0;
  drawing_bold(f, x, y, "start", row < ROWS ? row_names[row] : "a bug of its kernel takes down");
  for (size_t i = 0; i < n && row < ROWS; i++) most = fmax(most, a[i].row[row]);
  for (size_t i = 0; i < n; i++) {
    char label[32];
    const double top = y + HEAD - 20 + BAR * (double)i;
    const double width = row < ROWS && most > 0 ? WIDTH * a[i].row[row] / most : 0;
    drawing_text(f, x + LEFT - 10, top + 15, "end", a[i].name);
    if (row < ROWS)
      snprintf(label, sizeof label, a[i].row[row] == floor(a[i].row[row]) ? "%.0f" : "%.2f", a[i].row[row]);
    else
      snprintf(label, sizeof label, "%s", a[i].bug);
    if (width >= 1) drawing_box(f, x + LEFT, top, width, BAR - 6, drawing_colour[a[i].way ? 2 : 3]);
    drawing_text(f, x + LEFT + width + 8, top + 15, "start", label);
  }
}

/* Two rows stand beside each other, as a wall is wider than high. */
static void show_svg(FILE *f, const struct approach *a, size_t n) {
  enum { LEFT = 16, ACROSS = 660, DOWN = 175, TOP = 115 };
  drawing_begin(f, LEFT + 2 * ACROSS, TOP + DOWN * ((ROWS + 2) / 2) - 15,
                "A process, a container, and virtual machines on one machine");
  drawing_box(f, LEFT, 52, 14, 14, drawing_colour[3]);
  drawing_text(f, LEFT + 22, 65, "start", "the machine's own kernel");
  drawing_box(f, LEFT + 260, 52, 14, 14, drawing_colour[2]);
  drawing_text(f, LEFT + 282, 65, "start", "a kernel of its own, in a VM");
  for (int row = 0; row <= ROWS; row++) show_row(f, a, n, row, LEFT + row % 2 * ACROSS, TOP + row / 2 * DOWN);
  drawing_end(f);
}

void ways_approaches(FILE *f, bool svg, const char *buggy, const struct options *options) {
  char *bundled = beside_executable("share/trapeze/bug");
  struct approach a[] = {
      {.name = "process", .begin = "", .of = CPU_PG32},
      {.name = "container", .begin = "container run base", .of = CPU_PG32},
      {.name = "para",
       .begin = "vmm -m " VM_RAM " --way para /boot/kernel-para",
       .way = "para",
       .of = CPU_PG32},
      {.name = "trap", .begin = "vmm -m " VM_RAM " /boot/kernel", .way = "trap", .of = CPU_PG32},
      {.name = "translate",
       .begin = "vmm -m " VM_RAM " --way translate /boot/kernel",
       .way = "translate",
       .of = CPU_LEAKY}};
  const size_t n = sizeof a / sizeof *a;
  const double process = start_cost(options, &a[0], 0), computing = compute_cost(options, &a[0]);
  for (size_t i = 0; i < n; i++) {
    a[i].bug = bug(options, &a[i], buggy ? buggy : bundled);
    a[i].row[START] = i ? start_cost(options, &a[i], process) : 0;
    call_cost(options, &a[i]);
    a[i].row[COMPUTE] = compute_cost(options, &a[i]) / computing;
    memory(options, &a[i]);
  }
  free(bundled);
  (svg ? show_svg : show_text)(f, a, n);
}
