/* block.c - the block device: a disk in memory; a command is done, DMA included, when its store retires. */
#include <stdlib.h>
#include <string.h>

#include "machine/core/internal.h"

static uint32_t sectors(const struct machine *m) { return (uint32_t)(m->block.bytes / BLOCK_SECTOR_BYTES); }

/* The checks are made in this order: command, sectors, address. */
static uint32_t check(const struct machine *m, uint32_t command) {
  const struct block *b = &m->block;
  const uint64_t bytes = (uint64_t)b->count * BLOCK_SECTOR_BYTES;
  if (command != BLOCK_READ && command != BLOCK_WRITE) return BLOCK_BAD_CMD;
  if ((uint64_t)b->sector + b->count > sectors(m)) return BLOCK_BAD_SECTOR;
  if (b->addr & 3 || b->addr + bytes > m->ram_bytes) return BLOCK_BAD_ADDR;
  return BLOCK_OK;
}

static void write_disk(struct machine *m, size_t at, size_t bytes) {
  struct block *b = &m->block;
  machine_copy_release(b->copy);
  b->copy = NULL;
  b->dirty = true;
  memcpy(b->disk + at, m->ram + b->addr, bytes);
}

static void command(struct machine *m, uint32_t command) {
  struct block *b = &m->block;
  const size_t at = (size_t)b->sector * BLOCK_SECTOR_BYTES, bytes = (size_t)b->count * BLOCK_SECTOR_BYTES;
  b->status = check(m, command);
  if (b->status != BLOCK_OK || bytes == 0) return;
  if (command == BLOCK_READ)
    machine_ram_write(m, b->addr, b->disk + at, bytes);
  else
    write_disk(m, at, bytes);
}

static bool block_load(struct machine *m, uint32_t offset, uint32_t *value) {
  const struct block *b = &m->block;
  switch (offset) {
  case BLOCK_SECTOR: *value = b->sector; return true;
  case BLOCK_ADDR: *value = b->addr; return true;
  case BLOCK_COUNT: *value = b->count; return true;
  case BLOCK_STATUS: *value = b->status; return true;
  case BLOCK_SIZE: *value = sectors(m); return true;
  default: return false;
  }
}

static bool block_store(struct machine *m, uint32_t offset, uint32_t value) {
  struct block *b = &m->block;
  switch (offset) {
  case BLOCK_SECTOR: b->sector = value; return true;
  case BLOCK_ADDR: b->addr = value; return true;
  case BLOCK_COUNT: b->count = value; return true;
  case BLOCK_CMD: command(m, value); return true;
  default: return false;
  }
}

static bool block_init(struct machine *m, const struct machine_config *config) {
  struct block *b = &m->block;
  if (config->disk_bytes == 0) return true;
  b->bytes = (config->disk_bytes + BLOCK_SECTOR_BYTES - 1) / BLOCK_SECTOR_BYTES * BLOCK_SECTOR_BYTES;
  b->disk = calloc(1, b->bytes);
  if (!b->disk) return false;
  if (config->disk) memcpy(b->disk, config->disk, config->disk_bytes);
  return true;
}

static void block_free(struct machine *m) {
  free(m->block.disk);
  machine_copy_release(m->block.copy);
}

const void *machine_disk(const struct machine *m, size_t *bytes, bool *dirty) {
  if (bytes) *bytes = m->block.bytes;
  if (dirty) *dirty = m->block.dirty;
  return m->block.disk;
}

static void block_state(struct machine *m, struct stream *s) {
  STREAM(s, m->block.sector);
  STREAM(s, m->block.addr);
  STREAM(s, m->block.count);
  STREAM(s, m->block.status);
  stream_bool(s, &m->block.dirty);
}

const struct device machine_block_device = {.base = DEV_BLOCK,
                                            .load = block_load,
                                            .store = block_store,
                                            .init = block_init,
                                            .free = block_free,
                                            .state = block_state};
