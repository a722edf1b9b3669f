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

/* Reads or writes `sectors` sectors of the bounce memory; false: the device refuses. */
static bool command(uint32_t which, uint32_t sector, uint32_t sectors) {
  return disk_command(which, sector, (uint32_t)bounce, sectors) == BLOCK_OK;
}

static uint32_t step(uint32_t n) { return n < DISK_PIECE ? n : DISK_PIECE; }
static bool whole(uint32_t offset, uint32_t n) { return ((offset | n) & (BLOCK_SECTOR_BYTES - 1)) == 0; }

int disk_read(struct proc *p, uint32_t offset, uint32_t buf, uint32_t n) {
  uint32_t size = disk_bytes(), done = 0;
  if (size == 0) return -ENODEV;
  if (offset >= size) return 0;
  if (n > size - offset) n = size - offset;
  if (!whole(offset, n)) return -EINVAL;
  for (uint32_t k; done < n; done += k) {
    k = step(n - done);
    if (!command(BLOCK_READ, (offset + done) / BLOCK_SECTOR_BYTES, k / BLOCK_SECTOR_BYTES)) return -EINVAL;
    if (!copy_out(p, buf + done, bounce, k)) return -EFAULT;
  }
  return done;
}

int disk_write(struct proc *p, uint32_t offset, uint32_t buf, uint32_t n) {
  uint32_t size = disk_bytes(), done = 0;
  if (size == 0) return -ENODEV;
  if (offset >= size) return n ? -ENOSPC : 0;
  if (n > size - offset) n = size - offset;
  if (!whole(offset, n)) return -EINVAL;
  for (uint32_t k; done < n; done += k) {
    k = step(n - done);
    if (!copy_in(p, bounce, buf + done, k)) return -EFAULT;
    if (!command(BLOCK_WRITE, (offset + done) / BLOCK_SECTOR_BYTES, k / BLOCK_SECTOR_BYTES)) return -EINVAL;
  }
  return done;
}
