/* disk.c - reads and writes the block device, in whole sectors.
 *
 * The device reads and writes physical memory, and a process's buffer may lie in many frames. So each piece
 * goes through memory of the kernel's own. */
#include "kernel.h"

static uint8_t bounce[DISK_PIECE] __attribute__((aligned(4)));

uint32_t disk_bytes(void) {
  static uint32_t bytes; /* asked for once: a guest's question is an exit */
  if (bytes == 0) bytes = dev_load(DEV_BLOCK + BLOCK_SIZE) * BLOCK_SECTOR_BYTES;
  return bytes;
}

int disk_move(struct proc *p, uint32_t which, uint32_t offset, uint32_t buf, uint32_t n) {
  bool writing = which == BLOCK_WRITE;
  uint32_t size = disk_bytes(), done = 0;
  if (size == 0) return -ENODEV;
  if (offset >= size) return writing && n ? -ENOSPC : 0;
  if (n > size - offset) n = size - offset;
  if ((offset | n) & (BLOCK_SECTOR_BYTES - 1)) return -EINVAL;
  for (uint32_t k; done < n; done += k) {
    k = n - done < DISK_PIECE ? n - done : DISK_PIECE;
    uint32_t sector = (offset + done) / BLOCK_SECTOR_BYTES, sectors = k / BLOCK_SECTOR_BYTES;
    if (writing) TRY(copy_in(p, bounce, buf + done, k));
    if (disk_command(which, sector, (uint32_t)bounce, sectors) != BLOCK_OK) return -EINVAL;
    if (!writing) TRY(copy_out(p, buf + done, bounce, k));
  }
  return done;
}
