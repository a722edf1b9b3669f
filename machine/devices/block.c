/* block.c - the block device: a disk in memory. A command is done, DMA included, when its store retires. */
#include <stdlib.h>
#include <string.h>

#include "machine/core/device.h"

struct block {
  uint32_t sector, addr, count, status;
  bool dirty; /* a command has written to the disk */
  struct bulk disk;
};

static const struct machine_space physical = {.translated = false};

static uint32_t sectors(const struct block *b) { return (uint32_t)(b->disk.n / BLOCK_SECTOR_BYTES); }

/* The checks are made in this order: command, sectors, address. */
static uint32_t check(const struct block *b, uint32_t command, uint32_t ram_bytes) {
  const uint64_t bytes = (uint64_t)b->count * BLOCK_SECTOR_BYTES;
  if (command != BLOCK_READ && command != BLOCK_WRITE) return BLOCK_BAD_CMD;
  if ((uint64_t)b->sector + b->count > sectors(b)) return BLOCK_BAD_SECTOR;
  if (b->addr & 3 || b->addr + bytes > ram_bytes) return BLOCK_BAD_ADDR;
  return BLOCK_OK;
}

static void write_disk(struct machine *m, struct block *b, size_t at, size_t bytes) {
  machine_copy_release(b->disk.copy);
  b->disk.copy = NULL;
  b->dirty = true;
  machine_peek(m, physical, b->addr, b->disk.bytes + at, bytes);
}

static void command(struct machine *m, struct block *b, uint32_t command) {
  const size_t at = (size_t)b->sector * BLOCK_SECTOR_BYTES, bytes = (size_t)b->count * BLOCK_SECTOR_BYTES;
  b->status = check(b, command, machine_ram_bytes(m));
  if (b->status != BLOCK_OK || bytes == 0) return;
  if (command == BLOCK_READ)
    machine_poke(m, physical, b->addr, b->disk.bytes + at, bytes);
  else
    write_disk(m, b, at, bytes);
}

static bool block_load(struct machine *m, void *state, uint32_t offset, uint32_t *value) {
  const struct block *b = state;
  (void)m;
  switch (offset) {
  case BLOCK_SECTOR: *value = b->sector; return true;
  case BLOCK_ADDR: *value = b->addr; return true;
  case BLOCK_COUNT: *value = b->count; return true;
  case BLOCK_STATUS: *value = b->status; return true;
  case BLOCK_SIZE: *value = sectors(b); return true;
  default: return false;
  }
}

static bool block_store(struct machine *m, void *state, uint32_t offset, uint32_t value) {
  struct block *b = state;
  switch (offset) {
  case BLOCK_SECTOR: b->sector = value; return true;
  case BLOCK_ADDR: b->addr = value; return true;
  case BLOCK_COUNT: b->count = value; return true;
  case BLOCK_CMD: command(m, b, value); return true;
  default: return false;
  }
}

static bool block_init(void *state, const struct machine_config *config) {
  struct block *b = state;
  if (config->disk_bytes == 0) return true;
  b->disk.n = (config->disk_bytes + BLOCK_SECTOR_BYTES - 1) / BLOCK_SECTOR_BYTES * BLOCK_SECTOR_BYTES;
  b->disk.bytes = calloc(1, b->disk.n);
  if (!b->disk.bytes) return false;
  if (config->disk) memcpy(b->disk.bytes, config->disk, config->disk_bytes);
  return true;
}

static void block_free(void *state) {
  struct block *b = state;
  free(b->disk.bytes);
  machine_copy_release(b->disk.copy);
}

struct bulk *machine_block_disk(const struct machine *m) {
  struct block *b = machine_device_state(m, &machine_block_device);
  return &b->disk;
}

const void *machine_disk(const struct machine *m, size_t *bytes, bool *dirty) {
  const struct block *b = machine_device_state(m, &machine_block_device);
  if (bytes) *bytes = b->disk.n;
  if (dirty) *dirty = b->dirty;
  return b->disk.bytes;
}

static void block_stream(struct machine *m, void *state, struct stream *s) {
  struct block *b = state;
  (void)m;
  STREAM(s, b->sector);
  STREAM(s, b->addr);
  STREAM(s, b->count);
  STREAM(s, b->status);
  machine_stream_bool(s, &b->dirty);
}

const struct device machine_block_device = {.base = DEV_BLOCK,
                                            .state_bytes = sizeof(struct block),
                                            .load = block_load,
                                            .store = block_store,
                                            .init = block_init,
                                            .free = block_free,
                                            .stream = block_stream};
