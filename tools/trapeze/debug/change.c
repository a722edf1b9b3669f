/* change.c - changes that a person makes to the machine: registers and RAM. Each is part of the run from then
 * on, as typed input is. What came after the present is dropped, because it would come otherwise now. */
#include "debug.h"

bool change_begin(struct debug *d) {
  const bool past = model_position(d) < timeline_latest(d->t);
  if (!past && d->ended) return fail(d, "The machine has stopped: go back to change something.");
  const unsigned frame = frame_number(d); /* the session stays, and so does what is looked at */
  model_remember(d);
  d->frame = frame;
  if (!past) return true;
  timeline_fork(d->t);
  index_forget(d);
  return true;
}

static bool changed(struct debug *d, bool ok) {
  d->frames_changed = true;
  return ok || fail(d, "Memory is short: not all of it was changed.");
}

bool change_register(struct debug *d, unsigned reg, uint32_t value) {
  return changed(d, timeline_poke_register(d->t, reg, value));
}

bool change_memory(struct debug *d, uint32_t physical, const void *bytes, size_t n) {
  return changed(d, timeline_poke(d->t, physical, bytes, n));
}

bool change_virtual(struct debug *d, uint32_t status, uint32_t address, const void *bytes, size_t n) {
  const uint8_t *from = bytes;
  uint32_t pa;
  for (size_t done = 0; done < n; done++) {
    const uint32_t va = address + (uint32_t)done;
    if (!mmu_recall(d, status, va, &pa) || !machine_ram(d->m, pa, 1))
      return fail(d, "No memory is mapped at 0x%08x.", va);
  }
  if (n && !change_begin(d)) return false;
  for (size_t done = 0, part; done < n; done += part) {
    const uint32_t va = address + (uint32_t)done;
    const size_t left = PAGE_SIZE - va % PAGE_SIZE;
    part = n - done < left ? n - done : left;
    if (!mmu_recall(d, status, va, &pa) || !change_memory(d, pa, from + done, part)) return false;
  }
  return true;
}
