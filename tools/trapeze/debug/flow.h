/* flow.h - which instructions of a function can be reached from where. */
#ifndef FLOW_H
#define FLOW_H

#include "debug.h"

#define FLOW_CODE (IMAGE_FUNCTION / 4)
enum flow_mark { FLOW_NEW, FLOW_SEEN, FLOW_CLOSED };

struct flow { /* a function's code */
  uint32_t start, n;
  struct pg32_insn insn[FLOW_CODE];
  uint8_t mark[FLOW_CODE];  /* enum flow_mark */
  uint32_t path[FLOW_CODE]; /* from which to go on */
  uint32_t paths;
};

/* Reads the function that begins at `start`, with nothing closed. False, with nothing said: it has no code. */
bool flow_read(struct flow *f, struct image *i, uint32_t start);
/* No path may go through the address any more. */
void flow_close(struct flow *f, uint32_t address);
/* Is there a path from the function's beginning to the address, or from behind the address back to it? Each of
 * the two uses up the paths that it finds: flow_read is to be called before the next question. */
bool flow_leads_to(struct flow *f, uint32_t address);
bool flow_comes_back(struct flow *f, uint32_t address);

#endif
