/* layers.c - the lecture's layers, from the application down to the host OS, and which lane belongs to which. */
#define _GNU_SOURCE /* qsort_r */
#include <stdlib.h>
#include <string.h>

#include "trace.h"

enum trace_layer trace_layer(const struct trace *t, uint32_t lane) {
  const struct lane *l = recorder_lane(t->r, lane);
  if (l->kind == LANE_KERNEL || l->kind == LANE_IDLE) return l->depth ? LAYER_GUEST_OS : LAYER_HOST_OS;
  return strcmp(recorder_lane_program(l->name), "vmm") == 0 ? LAYER_VMM : LAYER_APPLICATION;
}

const char *trace_layer_name(enum trace_layer layer) {
  static const char *const names[TRACE_LAYERS] = {"application", "guest OS", "VMM", "host OS"};
  return names[layer];
}

/* What is above stands first: deeper VMs, and within a machine applications, its VMMs, its kernel. */
static int above(const void *a, const void *b, void *arg) {
  const struct trace *t = arg;
  const struct lane *l = recorder_lane(t->r, *(const uint32_t *)a),
                    *k = recorder_lane(t->r, *(const uint32_t *)b);
  if (l->depth != k->depth) return l->depth > k->depth ? -1 : 1;
  static const int place[TRACE_LAYERS] = {
      [LAYER_APPLICATION] = 0, [LAYER_VMM] = 1, [LAYER_GUEST_OS] = 2, [LAYER_HOST_OS] = 2};
  const int difference = place[trace_layer(t, l->id)] - place[trace_layer(t, k->id)];
  return difference ? difference : (int)l->id - (int)k->id;
}

void trace_sort_lanes(const struct trace *t, uint32_t *lane, size_t n) {
  if (n) qsort_r(lane, n, sizeof *lane, above, (void *)t);
}
