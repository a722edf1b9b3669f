/* sweep.c - from which price of an exit on one way costs less than another. A way's cycles are a straight line over
 * that price, Kx: instructions + Kt * traps, and a slope of its exits. */
#include <math.h>
#include <string.h>

#include "tools/trapeze/drawing.h"
#include "ways.h"

#define LABEL 34

/* ---- text ---- */

/* Writes for which Kx, up to the sweep's end, `a` costs less than `b`. */
static void say_pair(FILE *f, const struct comparison *c, const struct column *a, const struct column *b,
                     size_t row) {
  const double at_0 = ways_cycles(c, &a->cost[row], 0) - ways_cycles(c, &b->cost[row], 0);
  const double slope = a->cost[row].exits - b->cost[row].exits;
  const double crossing = slope != 0 ? -at_0 / slope : -1;
  const double end = at_0 + slope * (double)c->sweep;
  if (isnan(at_0)) return; /* one of them does not run it */
  fprintf(f, "  %-*.*s ", LABEL - 2, LABEL - 3, c->row[row].what);
  if (at_0 == 0 && slope == 0)
    fprintf(f, "%s and %s cost the same\n", a->way->name, b->way->name);
  else if (at_0 <= 0 && end <= 0)
    fprintf(f, "%s costs less, always\n", a->way->name);
  else if (at_0 >= 0 && end >= 0)
    fprintf(f, "%s costs less, always\n", b->way->name);
  else
    fprintf(f, "%s costs less from Kx = %.0f on\n", at_0 > 0 ? a->way->name : b->way->name, ceil(crossing));
}

void ways_sweep_text(FILE *f, const struct comparison *c) {
  for (size_t i = 1; i < c->columns; i++)
    for (size_t j = i + 1; j < c->columns; j++) {
      const struct column *a = &c->column[i], *b = &c->column[j];
      if (a->depth != c->depth || b->depth != c->depth) continue;
      fprintf(f, "\n%s and %s at depth %u, for Kx from 0 to %llu (cycles of an exit), Kt = %llu\n",
              a->way->name, b->way->name, c->depth, (unsigned long long)c->sweep,
              (unsigned long long)c->trap_price);
      for (size_t row = 0; row < c->rows; row++) say_pair(f, c, a, b, row);
    }
}

/* ---- SVG ---- */

/* Charts stand beside each other and in lines, as a wall is wider than high; ACROSS and DOWN lead from one to the next. */
enum {
  CHARTS = 4,
  LEFT = 90,
  WIDTH = 320,
  HEIGHT = 190,
  ACROSS = LEFT + WIDTH + 120,
  DOWN = 300,
  APART = 20
};

struct place { /* the top left corner of a chart's axes, and the end of the upright one */
  double left, top, most;
};

static double overhead(const struct comparison *c, const struct column *column, size_t row, double kx) {
  return ways_cycles(c, &column->cost[row], kx) / ways_cycles(c, &c->column[0].cost[row], kx);
}

static void axes(FILE *f, const struct comparison *c, struct place at) {
  char label[48];
  for (int i = 0; i <= 4; i++) {
    const double x = at.left + WIDTH * i / 4.0, y = at.top + HEIGHT * (4 - i) / 4.0;
    drawing_rule(f, x, at.top, x, at.top + HEIGHT);
    drawing_rule(f, at.left, y, at.left + WIDTH, y);
    snprintf(label, sizeof label, "%.0f", (double)c->sweep * i / 4.0);
    drawing_text(f, x, at.top + HEIGHT + 26, "middle", label);
    snprintf(label, sizeof label, "%g×", at.most * i / 4.0);
    drawing_text(f, at.left - 8, y + 5, "end", label);
  }
}

static bool drawn(const struct comparison *c, const struct column *column, size_t row) {
  return column->depth == c->depth && !isnan(column->cost[row].insns);
}

/* Where the name of column i stands, beside its line's end: below the names of lines that end above it. */
static double name_y(const struct comparison *c, size_t row, size_t i, struct place at) {
  const double own = overhead(c, &c->column[i], row, (double)c->sweep);
  double y = at.top + HEIGHT * (1 - own / at.most);
  for (size_t k = 1; k < c->columns; k++) {
    if (k == i || !drawn(c, &c->column[k], row)) continue;
    const double other = overhead(c, &c->column[k], row, (double)c->sweep);
    if (other < own || (other == own && k > i)) continue;
    y = fmax(y, name_y(c, row, k, at) + APART - 5);
  }
  return y + 5;
}

static void lines(FILE *f, const struct comparison *c, size_t row, struct place at) {
  for (size_t i = 1; i < c->columns; i++) {
    const struct column *column = &c->column[i];
    if (!drawn(c, column, row)) continue;
    const double from = overhead(c, column, row, 0), to = overhead(c, column, row, (double)c->sweep);
    drawing_line(f, at.left, at.top + HEIGHT * (1 - from / at.most), at.left + WIDTH,
                 at.top + HEIGHT * (1 - to / at.most), ways_colour(column), 3, ways_dashes(column));
    drawing_text(f, at.left + WIDTH + 28, name_y(c, row, i, at), "start", column->way->name);
  }
}

/* The end of the axis: four steps of 1, 2 or 5 times a power of ten. */
static double highest(const struct comparison *c, size_t row) {
  double most = 1, step = 1e-3;
  for (size_t i = 1; i < c->columns; i++)
    if (drawn(c, &c->column[i], row))
      most = fmax(
          most, fmax(overhead(c, &c->column[i], row, 0), overhead(c, &c->column[i], row, (double)c->sweep)));
  for (int i = 0; step * 4 < most; i++) step *= i % 3 == 1 ? 2.5 : 2;
  return step * 4;
}

void ways_sweep_svg(FILE *f, const struct comparison *c) {
  const size_t across = c->rows < CHARTS ? c->rows : CHARTS, down = (c->rows + across - 1) / across;
  drawing_begin(f, (double)across * ACROSS, 110 + (double)down * DOWN - 50,
                "Cycles, bare = 1, over the cycles of an exit (Kx)");
  for (size_t row = 0; row < c->rows; row++) {
    char title[200];
    const struct place at = {LEFT + (double)(row % across) * ACROSS, 110 + (double)(row / across) * DOWN,
                             highest(c, row)};
    drawing_piece(c->row[row].what, WIDTH, title, sizeof title);
    drawing_text(f, at.left, at.top - 16, "start", title);
    axes(f, c, at);
    lines(f, c, row, at);
  }
  drawing_end(f);
}
