/* counter.h - what can be counted of a run, by the names that labs/LAB.md lists. */
#ifndef COUNTER_H
#define COUNTER_H

#include "pattern.h"

/* Everything counted of one run. Lists are counted arrays that belong to the run. */
struct counts {
  uint64_t instructions, ticks, console;    /* console: bytes written */
  struct depth_stats depth[RECORDER_DEPTH]; /* index d - 1 */
  struct lane *lane;
  struct role *role;
  uint64_t *retired; /* by each lane */
  uint32_t lanes;
};

/* Is there a counter of that name? Otherwise why not, in a line of at most `size` bytes. */
bool counter_good(const char *name, char *why, size_t size);
/* The depth that a run must have, at least, for the counter to count anything in it; `name` is good. */
unsigned counter_depth(const char *name);
/* Its value; `name` is good. */
uint64_t counter_value(const char *name, const struct counts *counts);
/* The number of the event that was counted as the nth, from 1; 0 when there is none, or the counter counts no
 * exits. */
uint64_t counter_event(const char *name, const struct events *events, uint64_t nth);

#endif
