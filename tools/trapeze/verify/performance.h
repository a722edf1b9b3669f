/* performance.h - how `trapeze verify performance` draws what runs have cost. */
#ifndef PERFORMANCE_H
#define PERFORMANCE_H

#include <stdio.h>

#include "run_cost.h"

/* Writes bars of block characters, for a terminal: one run for each depth from 0, n in all. */
void chart_text(FILE *f, const struct run_cost *cost, unsigned n);
/* Writes the same as SVG. `title` is the program's name; it need not be trusted. */
void chart_svg(FILE *f, const char *title, const struct run_cost *cost, unsigned n);

#endif
