/* performance.h - what one run at one depth has cost, and how it is drawn. */
#ifndef PERFORMANCE_H
#define PERFORMANCE_H

#include "isa/pg32.h"
#include "verify.h"

/* What executes an instruction: the innermost guest's machine, the VMMs around it,
 * or the kernels below them. */
enum who { WHO_GUEST, WHO_VMMS, WHO_KERNELS, WHOS };

struct run_cost {
  unsigned depth;
  uint64_t by[WHOS];              /* instructions since the innermost guest's first */
  uint64_t boot;                  /* instructions before that */
  uint64_t native, emulated;      /* the guest's own */
  uint64_t exits, own_exits;      /* of all guests; of the innermost one and those in it */
  uint64_t by_cause[PG32_CAUSES]; /* of exits */
  double overhead;                /* instructions of the machine for one of the bare run */
  uint32_t status;                /* exit status */
  struct bytes output;            /* the console's */
};

static inline uint64_t run_total(const struct run_cost *c) { return c->by[0] + c->by[1] + c->by[2]; }

/* Writes bars of block characters, for a terminal: one run for each depth from 0, n in all. */
void chart_text(FILE *f, const struct run_cost *cost, unsigned n);
/* Writes the same as SVG. `title` is the program's name; it need not be trusted. */
void chart_svg(FILE *f, const char *title, const struct run_cost *cost, unsigned n);

#endif
