/* arrive.c - asked at each position of the run: does it stop here?
 *
 * A lane arrives at an instruction when it is about to try it for the first time. If the instruction traps and
 * is tried again when the lane is back, it is no new arrival, nor is a place whose fetch will fault: so gdb sees
 * each instruction once, however many traps it takes. Breakpoints stop at arrivals; a step ends at the next. */
#include <string.h>

#include "gdb.h"

/* ---- arrivals ---- */

static struct machine_space space_of(const struct machine_regs *regs) {
  return (struct machine_space){(regs->status & ST_T) != 0, status_asid(regs->status)};
}

static bool arrives(struct gdb_arrivals *a, uint32_t lane, const struct machine_regs *regs) {
  const struct machine_space s = space_of(regs);
  uint32_t pa;
  if (!gdb_debugs(a->g, lane) && !(a->steps && lane == a->step_lane)) {
    a->away = true;
    return false;
  }
  if (machine_translate(a->g->d->m, regs->pc, ACCESS_FETCH, s.translated, s.asid, &pa)) return false;
  const bool again = a->known && a->away && lane == a->lane && regs->pc == a->pc;
  a->known = true;
  a->away = false;
  a->lane = lane;
  a->pc = regs->pc;
  return !again;
}

/* ---- watchpoints ---- */

static bool has_changed(struct gdb *g, struct gdb_point *p) {
  uint8_t now[WATCH_BYTES];
  gdb_point_read(g, p, now);
  if (memcmp(now, p->now, sizeof now) == 0) return false;
  for (uint32_t i = 0; i < p->size; i++)
    if (now[i] != p->now[i]) g->hit_address = p->address + i;
  memcpy(p->now, now, sizeof now);
  return true;
}

static const struct gdb_point *changed(struct gdb_arrivals *a) {
  const struct gdb_point *found = NULL;
  for (struct gdb_point *p = a->g->point; p < a->g->point + a->g->points; p++)
    if (p->kind == POINT_WRITE && has_changed(a->g, p)) found = p;
  return found;
}

/* What the instruction at the PC loads or stores: bytes; 0 = nothing. */
static uint32_t access_of(struct machine *m, const struct machine_regs *regs, uint32_t *address,
                          bool *store) {
  const struct pg32_insn i = pg32_decode(machine_peek_word(m, space_of(regs), regs->pc, NULL));
  *store = i.id == PG32_sb || i.id == PG32_sh || i.id == PG32_sw;
  *address = regs->x[i.rs1 & 31] + (uint32_t)i.imm;
  switch (i.id) {
  case PG32_lb:
  case PG32_lbu:
  case PG32_sb: return 1;
  case PG32_lh:
  case PG32_lhu:
  case PG32_sh: return 2;
  case PG32_lw:
  case PG32_sw: return 4;
  default: return 0;
  }
}

static bool overlap(const struct gdb_point *p, uint32_t address, uint32_t n) {
  return address - p->address < p->size || p->address - address < n;
}

const struct gdb_point *gdb_accessed(struct gdb *g, uint32_t *at) {
  struct machine_regs regs;
  uint32_t address;
  bool store;
  machine_get_regs(g->d->m, &regs);
  const uint32_t n = access_of(g->d->m, &regs, &address, &store);
  for (const struct gdb_point *p = g->point; n && p < g->point + g->points; p++) {
    if (p->kind != POINT_ACCESS && (p->kind != POINT_READ || store)) continue;
    if (!overlap(p, address, n)) continue;
    *at = address - p->address < p->size ? address : p->address;
    return p;
  }
  return NULL;
}

/* ---- what stops ---- */

static const struct gdb_point *breakpoint(const struct gdb_arrivals *a, uint32_t pc) {
  for (const struct gdb_point *p = a->g->point; p < a->g->point + a->g->points; p++)
    if (p->kind <= POINT_HARDWARE && p->address == pc) return p;
  return NULL;
}

static bool stop_at(struct gdb_arrivals *a, const struct gdb_point *p, uint32_t address) {
  a->g->hit = p;
  a->g->hit_address = address;
  return true;
}

static bool stops(struct gdb_arrivals *a, uint32_t pc) {
  uint32_t at;
  const struct gdb_point *access = gdb_accessed(a->g, &at), *b = breakpoint(a, pc);
  return access ? stop_at(a, access, at) : b && stop_at(a, b, 0);
}

static bool ends_step(struct gdb_arrivals *a, uint32_t lane, uint32_t pc) {
  if (!a->steps || lane != a->step_lane || (pc >= a->begin && pc < a->end)) return false;
  return stop_at(a, NULL, 0);
}

/* A change of what is watched may be anybody's. Back, the search ends right behind the change; ahead, where
 * the lane arrives next, because a search ahead has to end somewhere. run.c finds the place that gdb wants. */
bool gdb_arrives(void *arrivals, struct machine *m, struct recorder *r) {
  struct gdb_arrivals *a = arrivals;
  struct machine_regs regs;
  const uint32_t lane = recorder_current(r);
  machine_get_regs(m, &regs);
  const struct gdb_point *write = a->points ? changed(a) : NULL;
  if (write && a->direction < 0) return stop_at(a, write, a->g->hit_address);
  if (write) a->write = write, a->written = a->g->hit_address;
  if (!arrives(a, lane, &regs)) return false;
  if (a->write) return stop_at(a, a->write, a->written);
  if (a->points && gdb_debugs(a->g, lane) && stops(a, regs.pc)) return true;
  return ends_step(a, lane, regs.pc);
}

/* ---- the beginning ---- */

static void begin_here(struct gdb_arrivals *a) {
  a->known = a->away = false;
  a->write = NULL;
  for (struct gdb_point *p = a->g->point; a->points && p < a->g->point + a->g->points; p++)
    if (p->kind == POINT_WRITE) gdb_point_read(a->g, p, p->now);
}

void gdb_arrivals_restart(void *arrivals, struct machine *m, struct recorder *r) {
  (void)m, (void)r;
  begin_here(arrivals);
}

struct gdb_arrivals gdb_arrivals(struct gdb *g, int direction) {
  struct gdb_arrivals a = {.g = g, .direction = direction, .points = true};
  struct machine_regs regs;
  const uint32_t lane = recorder_current(timeline_recorder(g->d->t));
  begin_here(&a);
  machine_get_regs(g->d->m, &regs);
  arrives(&a, lane, &regs);
  return a;
}
