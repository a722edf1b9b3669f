/* frame.c - physical page frames: which are free, and how many references each has.
 *
 * RAM is zero when the machine starts, so a frame that was never used needs no clearing. Only frames that
 * have been freed are kept in a list; each is cleared when it is allocated again. */
#include "kernel.h"

static uint8_t *refs;       /* references, a byte for each frame of RAM; 0: free */
static uint8_t *owners;     /* by frame that is not free: the number of the container that it counts for */
static uint32_t fresh, end; /* frames never used yet: [fresh, end) */
static void **returned;     /* a frame that has been freed, which begins with the next one's address */
static uint32_t available;  /* free frames: fresh ones and returned ones */
static uint32_t reserved;   /* of these, promised to heaps; reserved <= available */

void frames_init(uint32_t first_free, uint32_t ram_bytes) {
  refs = (uint8_t *)first_free;
  end = ram_bytes >> PAGE_SHIFT;
  owners = refs + end;
  fresh = (first_free + 2 * end + PAGE_SIZE - 1) >> PAGE_SHIFT;
  if (fresh >= end) panic("frames_init: no memory left");
  available = end - fresh;
}

static void *take(void) {
  void *frame = returned ? (void *)returned : (void *)(fresh++ << PAGE_SHIFT);
  available--;
  if (frame == returned) {
    returned = *returned;
    memset(frame, 0, PAGE_SIZE);
    charge(1450); /* instructions, about */
  }
  refs[(uint32_t)frame >> PAGE_SHIFT] = 1;
  owners[(uint32_t)frame >> PAGE_SHIFT] = container_number(here());
  return frame;
}

void *frame_alloc(void) { return available > reserved && container_take(1) ? take() : NULL; }

void *frame_alloc_reserved(void) {
  if (reserved == 0) panic("frame_alloc_reserved: nothing reserved");
  reserved--;
  return take();
}

bool frames_reserve(uint32_t n) {
  if (available - reserved < n || !container_take(n)) return false;
  reserved += n;
  return true;
}

void frames_unreserve(uint32_t n) {
  if (reserved < n) panic("frames_unreserve: more than reserved");
  reserved -= n;
  container_give(container_number(here()), n);
}

void frame_ref(void *frame) {
  if (++refs[(uint32_t)frame >> PAGE_SHIFT] == 0) panic("frame_ref: too many references");
}

void frame_drop(void *frame) {
  uint8_t *r = &refs[(uint32_t)frame >> PAGE_SHIFT];
  if (*r == 0) panic("frame_drop: frame is free");
  if (--*r) return;
  container_give(frame_owner(frame), 1);
  *(void **)frame = returned;
  returned = frame;
  available++;
}

uint32_t frame_refs(void *frame) { return refs[(uint32_t)frame >> PAGE_SHIFT]; }
uint32_t frame_owner(void *frame) { return owners[(uint32_t)frame >> PAGE_SHIFT]; }

uint32_t frames_free(void) {
  uint32_t most = container_frames(), n = available - reserved;
  return n < most ? n : most;
}

void frames_pass_on(uint32_t owner, uint32_t heir) {
  for (uint32_t i = 0; i < end; i++)
    if (owners[i] == owner) owners[i] = heir;
}
