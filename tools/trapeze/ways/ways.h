/* ways.h - `trapeze compare`: what the ways to virtualize cost, in one table.
 *
 * ways.c has the command and what is compared, measure.c the runs, show.c the table and files for other programs,
 * sweep.c where one way overtakes another, lists.c the lecture's lists. A new way is one more row of way_rows. */
#ifndef WAYS_H
#define WAYS_H

#include "tools/trapeze/trapeze.h"

struct way_row {
  const char *name; /* as in --ways */
  const char *way;  /* for --way; NULL: on the bare machine, at depth 0 */
  enum machine_cpu cpu;
  const char *gone; /* why steps of the lecture's lists are gone; NULL: none are */
  bool ports; /* its guest is a kernel of its own: nanobenchmarks, whose kernel is nano.S, do not run there */
};
extern const struct way_row way_rows[]; /* ends with a name of NULL; the first is the bare machine */

/* A nanobenchmark: what nano.S does for a boot argument of that name. */
struct nano_row {
  const char *name, *what;
};
extern const struct nano_row nano_rows[]; /* ends with a name of NULL */

/* What something has cost. Of a nanobenchmark: once, without the loop around. NAN: it does not run in that way. */
struct cost {
  double insns; /* instructions of the machine */
  double traps; /* of the machine */
  double exits; /* to the VMM of level 1 */
};

/* A way at a depth. */
struct column {
  const struct way_row *way;
  unsigned depth;
  unsigned vmm_lines;    /* of the VMM's source, with what it shares with other ways; 0: there is none */
  unsigned kernel_lines; /* of the guest's kernel that are changed or added */
  struct cost *cost;     /* one for each row of the comparison */
};

/* What is compared: a nanobenchmark, or a program of the guest's kernel. */
struct row {
  const struct nano_row *nano; /* NULL: a program */
  const char *what;
  char *program; /* its words, separated by blanks */
};

struct comparison {
  struct row *row;
  struct column *column; /* the first is the bare machine */
  size_t rows, columns;
  unsigned depth;                  /* columns are of depths 1 .. depth */
  uint64_t trap_price, exit_price; /* cycles: Kt, Kx */
  uint64_t sweep;                  /* of Kx, up to here; 0: none */
};

/* ---- sources.c: lines of the installed sources; blank lines and comments count, too ---- */

/* Lines of the VMM's sources for a way, with those that all ways share. */
unsigned ways_vmm_lines(const char *way);
/* Lines of the guest's kernel that the way changes or adds, as `make port` counts them: 0, but for a port. */
unsigned ways_kernel_lines(const struct way_row *way);

/* ---- measure.c ---- */

/* Runs everything, and fills in each column's costs. `options` holds what the command line says of all runs.
 * Dies when a run cannot be made, or does not do what the bare machine does (status and console output). */
void ways_measure(struct comparison *c, const struct options *options);

/* What one of it costs with an exit's price of Kx: instructions + Kt * traps + Kx * exits. */
double ways_cycles(const struct comparison *c, const struct cost *cost, double exit_price);

/* The table for a terminal of 80 columns, and the same figures as JSON, CSV, and bars in SVG. Errors of the stream are
 * left to ferror(f). */
void ways_text(FILE *f, const struct comparison *c);
void ways_json(FILE *f, const struct comparison *c);
void ways_csv(FILE *f, const struct comparison *c);
void ways_svg(FILE *f, const struct comparison *c);

/* For each row and each two ways of the greatest depth: from which Kx on the one costs less. */
void ways_sweep_text(FILE *f, const struct comparison *c);
/* A drawing for each row: the cycles over Kx, a line for each way. */
void ways_sweep_svg(FILE *f, const struct comparison *c);

/* The lecture's two lists in each column of c but the first, side by side, from a run of the program `lecture`. */
void ways_lists(FILE *f, const struct comparison *c, const struct options *options);

/* approaches.c: a process, a container and VMs of each way on one machine: what they cost to start, in memory, for a
 * system call and for computing, how many fit into 16 MiB, and what a bug of a kernel takes down: that of the kernels in
 * the folder `buggy` (kernel and kernel-para); NULL: those that are bundled. As text or SVG. */
void ways_approaches(FILE *f, bool svg, const char *buggy, const struct options *options);

/* The colour of a way in drawings, and its pattern where it is a line (SVG's stroke-dasharray). */
const char *ways_colour(const struct column *column);
const char *ways_dashes(const struct column *column);

#endif
