/* recorder.c - see recorder.h (stand-in) */
#include <stdlib.h>
#include "recorder.h"
struct recorder { struct machine *m; };
struct recorder *recorder_new(struct machine *m, recorder_sink *sink, void *arg)
{
  (void)sink, (void)arg;
  struct recorder *r = calloc(1, sizeof *r);
  if (r) r->m = m;
  return r;
}
void recorder_finish(struct recorder *r) { (void)r; }
void recorder_free(struct recorder *r) { free(r); }
uint32_t recorder_lanes(const struct recorder *r) { (void)r; return 0; }
const struct lane *recorder_lane(const struct recorder *r, uint32_t id) { (void)r, (void)id; return NULL; }
uint64_t recorder_lane_retired(const struct recorder *r, uint32_t id) { (void)r, (void)id; return 0; }
uint32_t recorder_depths(const struct recorder *r) { (void)r; return 0; }
const struct depth_stats *recorder_depth(const struct recorder *r, uint32_t d) { (void)r, (void)d; return NULL; }
