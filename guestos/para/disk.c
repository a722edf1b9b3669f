/* disk.c - reads and writes the block device, in whole sectors, by the block ring (isa/para.h): an exit for 64 KiB.
 *
 * The device reads and writes physical memory, and a process's buffer may lie in many frames. So each piece
 * goes through memory of the kernel's own. */
#include "guestos/kernel.h"

enum { BOUNCE_BYTES = 65536 };
static uint8_t bounce[BOUNCE_BYTES] __attribute__((aligned(4)));

uint32_t disk_bytes(void) { return dev_load(DEV_BLOCK + BLOCK_SIZE) * BLOCK_SECTOR_BYTES; }

/* Reads or writes `sectors` sectors of the bounce buffer; false: the device refuses. */
static bool command(uint32_t which, uint32_t sector, uint32_t sectors) {
  volatile struct para_block *b = &para->block[0];
  b->command = which;
  b->sector = sector;
  b->count = sectors;
  b->addr = (uint32_t)bounce;
  para->blocks = 1;
  hypercall(HCALL_KICK, 0);
  return b->command == BLOCK_OK;
}

static uint32_t step(uint32_t n) { return n < BOUNCE_BYTES ? n : BOUNCE_BYTES; }
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
