/* points.c - Z and z: gdb's breakpoints and watchpoints come when the run is to go on, and go when it stops. */
#include <string.h>

#include "gdb.h"
#include "tools/trapeze/debug/eval/eval.h"

/* ---- what is watched ---- */

/* In the address space of the program that gdb debugs, which need not be the one that runs. */
static bool find_bytes(struct gdb *g, struct gdb_point *p) {
  const uint32_t lane = gdb_lane(g), left = PAGE_SIZE - p->address % PAGE_SIZE;
  uint32_t status;
  if (lane == UINT32_MAX || !eval_lane_status(g->d, lane, &status)) return false;
  p->on_first = p->size < left ? p->size : left;
  return mmu_recall(g->d, status, p->address, &p->physical) &&
         (p->on_first == p->size || mmu_recall(g->d, status, p->address + p->on_first, &p->next_physical)) &&
         machine_ram(g->d->m, p->physical, p->on_first);
}

void gdb_point_read(const struct gdb *g, const struct gdb_point *p, uint8_t bytes[WATCH_BYTES]) {
  const struct machine_space real = {0};
  memset(bytes, 0, WATCH_BYTES);
  machine_peek(g->d->m, real, p->physical, bytes, p->on_first);
  if (p->size > p->on_first)
    machine_peek(g->d->m, real, p->next_physical, bytes + p->on_first, p->size - p->on_first);
}

/* ---- the table ---- */

static struct gdb_point *find(struct gdb *g, const struct gdb_point *p) {
  for (unsigned i = 0; i < g->points; i++)
    if (g->point[i].kind == p->kind && g->point[i].address == p->address && g->point[i].size == p->size)
      return &g->point[i];
  return NULL;
}

static void insert(struct gdb *g, struct gdb_point *p) {
  if (find(g, p)) return gdb_reply(g, "OK");
  if (g->points == GDB_POINTS) return gdb_error(g, "There are too many breakpoints.");
  if (p->kind >= POINT_WRITE && (p->size == 0 || p->size > WATCH_BYTES)) {
    char text[80];
    snprintf(text, sizeof text, "At most %d bytes can be watched.", WATCH_BYTES);
    return gdb_error(g, text);
  }
  if (p->kind == POINT_WRITE && !find_bytes(g, p)) return gdb_error(g, NULL);
  g->point[g->points++] = *p;
  gdb_reply(g, "OK");
}

static void take_away(struct gdb *g, const struct gdb_point *p) {
  struct gdb_point *here = find(g, p);
  if (here) *here = g->point[--g->points];
  gdb_reply(g, "OK");
}

/* ZKIND,ADDRESS,SIZE */
void gdb_point(struct gdb *g, const char *packet) {
  struct gdb_point p = {0};
  const char *at = packet + 1;
  const int kind = *at ? *at++ - '0' : -1;
  if (kind < POINT_BREAK || kind > POINT_ACCESS) return; /* a kind that is not known */
  p.kind = (enum gdb_point_kind)kind;
  if (*at++ != ',' || !gdb_number(&at, &p.address) || *at++ != ',' || !gdb_number(&at, &p.size) || *at)
    return gdb_error(g, NULL);
  if (*packet == 'Z')
    insert(g, &p);
  else
    take_away(g, &p);
}
