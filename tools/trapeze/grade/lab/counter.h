/* counter.h - what can be counted of a run, by the names that labs/LAB.md lists: "exits.rfe", "instructions",
 * "lane.vmm@1.instructions". */
#ifndef COUNTER_H
#define COUNTER_H

#include "event.h"

/* Everything counted of one run. The arrays belong to the run. */
struct counts {
  uint64_t instructions, ticks, console;    /* console: bytes written */
  struct depth_stats depth[RECORDER_DEPTH]; /* index d - 1 */
  struct lane *lane;
  struct role *role; /* of each lane */
  uint64_t *retired; /* by each lane */
  uint32_t lanes;
};

/* Is there a counter called `name`? When there is none, writes the reason into `why`, one line of at most
 * `size` bytes. */
bool counter_good(const char *name, char *why, size_t size);
/* The least depth of a run in which the counter can count anything. 0 when `name` is not good. */
unsigned counter_depth(const char *name);
/* The counter's value. 0 when `name` is not good. */
uint64_t counter_value(const char *name, const struct counts *counts);
/* The number of the event that the counter counted as number `nth`, from 1. 0 when there is none, or when the
 * counter does not count exits. */
uint64_t counter_event(const char *name, const struct events *events, uint64_t nth);

#endif
