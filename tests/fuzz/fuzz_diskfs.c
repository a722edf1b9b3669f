/* fuzz_diskfs.c - libFuzzer over the file system of --disk: any bytes are a disk that opens or is refused; what opens can be
 * read, and takes another file without harm to those that are there. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "isa/diskfs.h"

static uint8_t *disk;
static size_t sectors;

static bool read_disk(void *arg, uint32_t sector, void *to, uint32_t n) {
  (void)arg;
  if (sector + (size_t)n > sectors) abort();
  memcpy(to, disk + (size_t)sector * DISKFS_SECTOR, (size_t)n * DISKFS_SECTOR);
  return true;
}

static bool write_disk(void *arg, uint32_t sector, const void *from, uint32_t n) {
  (void)arg;
  if (sector + (size_t)n > sectors) abort();
  memcpy(disk + (size_t)sector * DISKFS_SECTOR, from, (size_t)n * DISKFS_SECTOR);
  return true;
}

static unsigned bad;
static void count(const char *name, const char *why) {
  if (!*name || !*why) abort();
  bad++;
}

/* The checksums that a random disk would never have: of the roots, and of the first one's catalogue where it is whole. */
static uint32_t crc(const uint8_t *b, size_t n) {
  uint32_t c = ~0u;
  for (; n > 0; n--) {
    c ^= *b++;
    for (int i = 0; i < 8; i++) c = c >> 1 ^ (c & 1 ? 0xEDB88320 : 0);
  }
  return ~c;
}

static void make_plausible(void) {
  for (size_t i = 0; i < 2 && i < sectors; i++) {
    struct diskfs_root r;
    memcpy(&r, disk + i * DISKFS_SECTOR, sizeof r);
    memcpy(r.magic, DISKFS_MAGIC, 8);
    r.version = DISKFS_VERSION;
    r.sectors = (uint32_t)sectors;
    r.extents %= 3;
    r.catalogue_bytes %= 2000;
    if (r.extents == 1 && r.extent[0].start + (size_t)(r.catalogue_bytes / DISKFS_SECTOR) + 1 <= sectors &&
        r.extent[0].start < sectors)
      r.catalogue_check = crc(disk + (size_t)r.extent[0].start * DISKFS_SECTOR, r.catalogue_bytes);
    r.check = crc((uint8_t *)&r, offsetof(struct diskfs_root, check));
    memcpy(disk + i * DISKFS_SECTOR, &r, sizeof r);
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct diskfs fs;
  if (size < 1) return 0;
  sectors = (size - 1) / DISKFS_SECTOR + 4;
  disk = calloc(sectors, DISKFS_SECTOR);
  memcpy(disk, data + 1, size - 1);
  if (data[0] & 1) make_plausible();
  struct diskfs_device device = {(uint32_t)sectors, read_disk, write_disk, NULL};
  if (data[0] == 2 ? pg32_diskfs_format(&fs, device) : pg32_diskfs_open(&fs, device)) {
    bad = 0;
    unsigned before = pg32_diskfs_check(&fs, count);
    uint32_t files = fs.files, was = pg32_diskfs_find(&fs, "new") != NULL;
    if (before != bad) abort();
    if (pg32_diskfs_put(&fs, "new", data, (uint32_t)size)) {
      if (fs.files != files + !was || pg32_diskfs_check(&fs, count) > before) abort();
      if (!pg32_diskfs_remove(&fs, "new") || fs.files != files - was) abort();
    }
  } else if (!fs.why) {
    abort();
  }
  pg32_diskfs_close(&fs);
  free(disk);
  return 0;
}
