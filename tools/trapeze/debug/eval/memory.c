/* memory.c - bytes of a lane's own address space. */
#include <string.h>

#include "eval.h"

/* Page by page, because two pages that lie side by side need not do so in real memory. */
size_t eval_read(struct eval *e, uint32_t status, uint32_t address, void *buf, size_t n) {
  uint8_t *to = buf;
  size_t done = 0;
  while (done < n) {
    const uint32_t va = address + (uint32_t)done;
    const size_t left = PAGE_SIZE - va % PAGE_SIZE, part = n - done < left ? n - done : left;
    uint32_t pa;
    if (!e->d->m) return done;
    const bool there = mmu_recall(e->d, status, va, &pa);
    if (!there && !mmu_zero(e->d, status, va)) return done;
    if (!there) memset(to + done, 0, part);
    const size_t got = there ? machine_peek(e->d->m, (struct machine_space){0}, pa, to + done, part) : part;
    done += got;
    if (got < part) return done;
  }
  return done;
}

bool eval_lane_status(struct debug *d, uint32_t lane, uint32_t *status) {
  struct machine_regs regs;
  machine_get_regs(d->m, &regs);
  if (recorder_current(timeline_recorder(d->t)) == lane) return *status = regs.status, true;
  const uint64_t n = index_last_trap(d, index_before(d, model_position(d) + 1), lane);
  const struct record *rec = n ? timeline_event(d->t, n) : NULL;
  if (n) return rec && (*status = rec->real_status, true);
  if (d->lanes[lane].depth || d->lanes[lane].kind != LANE_KERNEL) return false;
  return *status = 0, true; /* the host's kernel runs untranslated */
}
