/* show.c - the figures of `trapeze compare` as a table, JSON, CSV and SVG. */
#include <math.h>
#include <string.h>

#include "tools/trapeze/cpu_name.h"
#include "tools/trapeze/drawing.h"
#include "tools/trapeze/json_out.h"
#include "ways.h"

static double cycles(const struct comparison *c, const struct cost *cost) {
  return ways_cycles(c, cost, (double)c->exit_price);
}

static const char *name_of(const struct column *column) {
  static char name[CPU_NAME_MOST];
  return cpu_name(column->way->cpu, name);
}

static bool weighted(const struct comparison *c) { return c->trap_price || c->exit_price; }

/* ---- the table ---- */

#define LABEL 34
#define CELL 11

/* The columns of one depth, and the bare machine's. */
static bool shown(const struct column *column, unsigned depth) {
  return column->depth == 0 || column->depth == depth;
}

static void head(FILE *f, const struct comparison *c, unsigned depth, const char *what) {
  fprintf(f, "%-*s", LABEL, what);
  for (size_t i = 0; i < c->columns; i++)
    if (shown(&c->column[i], depth)) fprintf(f, " %*s", CELL - 1, c->column[i].way->name);
  putc('\n', f);
}

static void figure(FILE *f, double value) {
  if (isnan(value)) {
    fprintf(f, " %*s", CELL - 1, "-");
    return;
  }
  if (value != 0 && fabs(value) < 99999.95)
    fprintf(f, " %*.1f", CELL - 1, value);
  else
    fprintf(f, " %*.0f", CELL - 1, value);
}

typedef double pick(const struct comparison *c, const struct column *column, size_t row);
static double pick_cycles(const struct comparison *c, const struct column *column, size_t row) {
  return cycles(c, &column->cost[row]);
}
static double pick_exits(const struct comparison *c, const struct column *column, size_t row) {
  (void)c;
  return column->cost[row].exits;
}
static double pick_overhead(const struct comparison *c, const struct column *column, size_t row) {
  return cycles(c, &column->cost[row]) / cycles(c, &c->column[0].cost[row]);
}

static void rows(FILE *f, const struct comparison *c, unsigned depth, bool nanos, pick *value) {
  for (size_t row = 0; row < c->rows; row++) {
    if ((c->row[row].nano != NULL) != nanos) continue;
    fprintf(f, "  %-*.*s", LABEL - 2, LABEL - 3, c->row[row].what);
    for (size_t i = 0; i < c->columns; i++)
      if (shown(&c->column[i], depth)) figure(f, value(c, &c->column[i], row));
    putc('\n', f);
  }
}

static void depth_text(FILE *f, const struct comparison *c, unsigned depth) {
  fprintf(f, "\ndepth %u\n", depth);
  head(f, c, depth, weighted(c) ? "cycles for one" : "instructions for one");
  rows(f, c, depth, true, pick_cycles);
  head(f, c, depth, "exits for one");
  rows(f, c, depth, true, pick_exits);
  head(f, c, depth, weighted(c) ? "programs: cycles, bare = 1" : "programs: instructions, bare = 1");
  rows(f, c, depth, false, pick_overhead);
  head(f, c, depth, "programs: exits");
  rows(f, c, depth, false, pick_exits);
}

static void lines_text(FILE *f, const struct comparison *c) {
  fprintf(f, "%-*s", LABEL, "lines of the VMM");
  for (size_t i = 0; i < c->columns; i++)
    if (shown(&c->column[i], 1)) fprintf(f, " %*u", CELL - 1, c->column[i].vmm_lines);
  fprintf(f, "\n%-*s", LABEL, "lines changed in the kernel");
  for (size_t i = 0; i < c->columns; i++)
    if (shown(&c->column[i], 1)) fprintf(f, " %*u", CELL - 1, c->column[i].kernel_lines);
  putc('\n', f);
}

void ways_text(FILE *f, const struct comparison *c) {
  for (size_t i = 0; i < c->columns && c->column[i].depth <= 1; i++)
    fprintf(f, "%s%s on %s", i ? ", " : "", c->column[i].way->name, name_of(&c->column[i]));
  putc('\n', f);
  if (weighted(c))
    fprintf(f, "cycles: instructions + %llu for each trap + %llu for each exit to the VMM\n",
            (unsigned long long)c->trap_price, (unsigned long long)c->exit_price);
  for (unsigned depth = 1; depth <= c->depth; depth++) depth_text(f, c, depth);
  putc('\n', f);
  lines_text(f, c);
}

/* ---- for other programs ---- */

void ways_csv(FILE *f, const struct comparison *c) {
  fputs("what,kind,way,cpu,depth,instructions,traps,exits,cycles,overhead\n", f);
  for (size_t row = 0; row < c->rows; row++)
    for (size_t i = 0; i < c->columns; i++) {
      const struct column *column = &c->column[i];
      const struct cost *cost = &column->cost[row];
      if (isnan(cost->insns)) continue;
      putc('"', f);
      for (const char *p = c->row[row].what; *p; p++) fprintf(f, *p == '"' ? "\"\"" : "%c", *p);
      fprintf(f, "\",%s,%s,%s,%u,%.3f,%.3f,%.3f,%.3f,%.4f\n", c->row[row].nano ? "nano" : "program",
              column->way->name, name_of(column), column->depth, cost->insns, cost->traps, cost->exits,
              cycles(c, cost), pick_overhead(c, column, row));
    }
}

static json_t *cell_json(const struct comparison *c, const struct column *column, size_t row) {
  const struct cost *cost = &column->cost[row];
  json_t *cell = must(json_object());
  json_put(cell, "way", json_text(column->way->name));
  json_put(cell, "cpu", json_text(name_of(column)));
  json_put(cell, "depth", json_integer(column->depth));
  json_put(cell, "instructions", json_real(cost->insns));
  json_put(cell, "traps", json_real(cost->traps));
  json_put(cell, "exits", json_real(cost->exits));
  json_put(cell, "cycles", json_real(cycles(c, cost)));
  json_put(cell, "overhead", json_real(pick_overhead(c, column, row)));
  return cell;
}

void ways_json(FILE *f, const struct comparison *c) {
  json_t *all = must(json_object()), *list = must(json_array()), *lines = must(json_object()),
         *kernel = must(json_object());
  for (size_t row = 0; row < c->rows; row++) {
    json_t *one = must(json_object()), *cells = must(json_array());
    json_put(one, "what", json_text(c->row[row].what));
    json_put(one, "kind", json_text(c->row[row].nano ? "nano" : "program"));
    for (size_t i = 0; i < c->columns; i++)
      if (!isnan(c->column[i].cost[row].insns)) json_push(cells, cell_json(c, &c->column[i], row));
    json_put(one, "costs", cells);
    json_push(list, one);
  }
  for (size_t i = 0; i < c->columns; i++)
    if (c->column[i].depth <= 1) {
      json_put(lines, c->column[i].way->name, json_integer(c->column[i].vmm_lines));
      json_put(kernel, c->column[i].way->name, json_integer(c->column[i].kernel_lines));
    }
  json_put(all, "version", json_integer(1));
  json_put(all, "trap_cycles", json_integer((json_int_t)c->trap_price));
  json_put(all, "exit_cycles", json_integer((json_int_t)c->exit_price));
  json_put(all, "vmm_lines", lines);
  json_put(all, "kernel_lines", kernel);
  json_put(all, "rows", list);
  if (json_dumpf(all, f, JSON_INDENT(2) | JSON_REAL_PRECISION(10)) == 0) putc('\n', f);
  json_decref(all);
}

/* ---- SVG: bars, on a logarithmic scale, of what the ways cost for one of the bare machine's ---- */

enum { WIDTH = 560, BAR = 22, KEY = 150, LEFT_MOST = 480 };

/* By place in way_rows; a light fill is for what is no line. */
static const unsigned char fill[] = {5, 2, 3, 1, 0, 4};
static const char *const dashes[] = {"none", "none", "12 5", "3 4", "12 4 3 4", "6 3"};
#define DRAWN (sizeof fill / sizeof *fill)

const char *ways_colour(const struct column *column) {
  return drawing_colour[fill[(size_t)(column->way - way_rows) % DRAWN]];
}

const char *ways_dashes(const struct column *column) {
  return dashes[(size_t)(column->way - way_rows) % DRAWN];
}

static double most(const struct comparison *c) {
  double most = 10;
  for (size_t row = 0; row < c->rows; row++)
    for (size_t i = 0; i < c->columns; i++) most = fmax(most, pick_overhead(c, &c->column[i], row));
  return pow(10, ceil(log10(most)));
}

static double x_of(double overhead, double most) { return WIDTH * fmax(0, log10(overhead)) / log10(most); }

/* Where the bars begin: behind the longest name of a row. */
static double left_of(const struct comparison *c) {
  double left = 0;
  for (size_t row = 0; row < c->rows; row++)
    left = fmax(left, drawing_width(c->row[row].what, DRAWING_TEXT, false));
  return 28 + fmin(left, LEFT_MOST);
}

static void svg_axis(FILE *f, double left, double top, double bottom, double most) {
  for (double v = 1; v <= most * 1.01; v *= 10) {
    char label[32];
    const double x = left + x_of(v, most);
    snprintf(label, sizeof label, "%g×", v);
    drawing_rule(f, x, top, x, bottom);
    drawing_text(f, x, bottom + 20, "middle", label);
  }
}

static void svg_row(FILE *f, const struct comparison *c, size_t row, double left, double y, double most) {
  char label[80], name[256];
  drawing_piece(c->row[row].what, LEFT_MOST, name, sizeof name);
  drawing_text(f, left - 12, y + BAR * (double)(c->columns - 1) / 2 + 5, "end", name);
  for (size_t i = 1; i < c->columns; i++, y += BAR) {
    const struct column *column = &c->column[i];
    const double overhead = pick_overhead(c, column, row), width = fmax(2, x_of(overhead, most));
    if (isnan(overhead)) continue;
    int n = snprintf(label, sizeof label, overhead < 100 ? "%.3g" : "%.0f", overhead);
    if (c->depth > 1) snprintf(label + n, sizeof label - (size_t)n, ", depth %u", column->depth);
    drawing_box(f, left, y, width, BAR - 3, ways_colour(column));
    drawing_text(f, left + width + 8, y + 15, "start", label);
  }
}

static void svg_legend(FILE *f, const struct comparison *c, double x, double y) {
  for (size_t i = 1; i < c->columns; i++, x += KEY) {
    if (c->column[i].depth != c->column[1].depth) return;
    drawing_box(f, x, y, 14, 14, ways_colour(&c->column[i]));
    drawing_text(f, x + 22, y + 13, "start", c->column[i].way->name);
  }
}

void ways_svg(FILE *f, const struct comparison *c) {
  const double row_height = BAR * (double)(c->columns - 1) + 16, top = 100, left = left_of(c);
  const double bottom = top + row_height * (double)c->rows, limit = most(c);
  const double width = fmax(left + WIDTH + 150, left + KEY * (double)c->columns);
  drawing_begin(f, width, bottom + 40,
                weighted(c) ? "Cycles for one of the bare machine's"
                            : "Instructions for one of the bare machine's");
  svg_legend(f, c, left, 58);
  svg_axis(f, left, top - 8, bottom, limit);
  for (size_t row = 0; row < c->rows; row++) svg_row(f, c, row, left, top + row_height * (double)row, limit);
  drawing_end(f);
}
