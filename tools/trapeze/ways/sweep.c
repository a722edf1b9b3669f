/* sweep.c - from which price of an exit on one way costs less than another. A way's cycles are a straight line over
 * that price, Kx: instructions + Kt * traps, and a slope of its exits. */
#include <math.h>
#include <string.h>

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

#define LEFT 110
#define WIDTH 640
#define HEIGHT 240
#define STEP 350 /* of one program's drawing to the next */
/* By way, for who sees no colours. */
static const char *const dashes[] = {"none", "none", "10 5", "3 4", "12 4 3 4", "6 3"};

static double overhead(const struct comparison *c, const struct column *column, size_t row, double kx) {
  return ways_cycles(c, &column->cost[row], kx) / ways_cycles(c, &c->column[0].cost[row], kx);
}

static void axes(FILE *f, const struct comparison *c, double top, double most) {
  char label[48];
  for (int i = 0; i <= 4; i++) {
    const double x = LEFT + WIDTH * i / 4.0, y = top + HEIGHT * (4 - i) / 4.0;
    fprintf(f, "<line x1=\"%g\" y1=\"%g\" x2=\"%g\" y2=\"%g\" stroke=\"#dddddd\"/>\n", x, top, x,
            top + HEIGHT);
    fprintf(f, "<line x1=\"%d\" y1=\"%g\" x2=\"%d\" y2=\"%g\" stroke=\"#dddddd\"/>\n", LEFT, y, LEFT + WIDTH,
            y);
    snprintf(label, sizeof label, "%.0f", (double)c->sweep * i / 4.0);
    ways_svg_text(f, x, top + HEIGHT + 22, "middle", label);
    snprintf(label, sizeof label, "%g×", most * i / 4.0);
    ways_svg_text(f, LEFT - 8, y + 5, "end", label);
  }
}

static void lines(FILE *f, const struct comparison *c, size_t row, double top, double most) {
  for (size_t i = 1; i < c->columns; i++) {
    const struct column *column = &c->column[i];
    if (column->depth != c->depth || isnan(column->cost[row].insns)) continue;
    const double from = overhead(c, column, row, 0), to = overhead(c, column, row, (double)c->sweep);
    fprintf(f,
            "<line x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\" stroke=\"%s\" stroke-width=\"3\" "
            "stroke-dasharray=\"%s\"/>\n",
            LEFT, top + HEIGHT * (1 - from / most), LEFT + WIDTH, top + HEIGHT * (1 - to / most),
            ways_colour[column->way - way_rows], dashes[column->way - way_rows]);
    ways_svg_text(f, LEFT + WIDTH + 8, top + HEIGHT * (1 - to / most) + 5, "start", column->way->name);
  }
}

/* The end of the axis: four steps of 1, 2 or 5 times a power of ten. */
static double highest(const struct comparison *c, size_t row) {
  double most = 1, step = 1e-3;
  for (size_t i = 1; i < c->columns; i++)
    if (c->column[i].depth == c->depth)
      most = fmax(
          most, fmax(overhead(c, &c->column[i], row, 0), overhead(c, &c->column[i], row, (double)c->sweep)));
  for (int i = 0; step * 4 < most; i++) step *= i % 3 == 1 ? 2.5 : 2;
  return step * 4;
}

void ways_sweep_svg(FILE *f, const struct comparison *c) {
  fprintf(f,
          "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%zu\" font-family=\"sans-serif\" "
          "font-size=\"16\">\n<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>\n",
          LEFT + WIDTH + 120, c->rows * STEP + 20);
  double top = 50;
  for (size_t row = 0; row < c->rows; row++) {
    char title[160];
    const double most = highest(c, row);
    snprintf(title, sizeof title, "%.100s: cycles, bare = 1, over the cycles of an exit (Kx)",
             c->row[row].what);
    ways_svg_text(f, LEFT, top - 16, "start", title);
    axes(f, c, top, most);
    lines(f, c, row, top, most);
    top += STEP;
  }
  fputs("</svg>\n", f);
}
