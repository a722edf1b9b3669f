/* cell.c - small pieces of memory: cells of 64 bytes, cut out of frames. Nodes and names live in them.
 *
 * The head of a frame, a tray, says which of its cells are in use. The frame is given back with its last cell. Each
 * container has trays of its own, so that they count for it. */
#include "kernel.h"

enum { CELLS = PAGE_SIZE / CELL_BYTES, FIRST = 2 /* the cells before lie under the tray's head */ };

struct tray {
  struct tray *next;   /* in the list of all trays */
  uint32_t count;      /* cells in use */
  uint8_t used[CELLS]; /* by cell */
};
_Static_assert(sizeof(struct tray) <= FIRST * CELL_BYTES, "the head fits");

static struct tray *trays;

static struct tray *tray_with_room(void) {
  for (struct tray *t = trays; t; t = t->next)
    if (t->count < CELLS - FIRST && frame_owner(t) == container_number(here())) return t;
  if (frames_free() <= SPARE_PAGES) return NULL;
  struct tray *t = frame_alloc();
  if (t) t->next = trays, trays = t;
  return t;
}

void *cell_alloc(void) {
  struct tray *t = tray_with_room();
  if (!t) return NULL;
  int i = FIRST;
  while (t->used[i]) i++;
  t->used[i] = true;
  t->count++;
  return memset((char *)t + i * CELL_BYTES, 0, CELL_BYTES);
}

void cell_free(void *cell) {
  struct tray *t = (struct tray *)((uint32_t)cell & TLB_PFN_MASK);
  uint32_t i = ((uint32_t)cell & (PAGE_SIZE - 1)) / CELL_BYTES;
  if (!t->used[i]) panic("cell_free: cell is free");
  t->used[i] = false;
  if (--t->count) return;
  struct tray **at = &trays;
  while (*at != t) at = &(*at)->next;
  *at = t->next;
  frame_drop(t);
}
