/* diskfs.c - the file system of diskfs.h. It is compiled for guests, too, so it uses nothing but memory and strings. */
#include "diskfs.h"
#include <stdlib.h>
#include <string.h>

enum { ROOTS = 2, SECTORS_MAX = (1 << 23) - 1 /* so that a size has 32 bits */ };

/* ---- small things ---- */

static bool fail(struct diskfs *fs, const char *why) {
  fs->why = why;
  return false;
}

/* CRC-32, four bits at a time. */
static uint32_t checksum(const void *bytes, size_t n) {
  static const uint32_t table[16] = {0x00000000, 0x1DB71064, 0x3B6E20C8, 0x26D930AC, 0x76DC4190, 0x6B6B51F4,
                                     0x4DB26158, 0x5005713C, 0xEDB88320, 0xF00F9344, 0xD6D6A3E8, 0xCB61B38C,
                                     0x9B64C2B0, 0x86D3D2D4, 0xA00AE278, 0xBDBDF21C};
  uint32_t crc = ~0u;
  for (const uint8_t *b = bytes; n > 0; n--, b++) {
    crc ^= *b;
    crc = crc >> 4 ^ table[crc & 15];
    crc = crc >> 4 ^ table[crc & 15];
  }
  return ~crc;
}

static uint32_t sectors_for(uint32_t bytes) { return bytes / DISKFS_SECTOR + (bytes % DISKFS_SECTOR > 0); }

static bool is_used(const struct diskfs *fs, uint32_t sector) {
  return fs->used[sector / 8] >> sector % 8 & 1;
}

static void set_used(struct diskfs *fs, uint32_t sector, bool used) {
  uint8_t bit = (uint8_t)(1u << sector % 8), *at = &fs->used[sector / 8];
  *at = (uint8_t)(used ? *at | bit : *at & ~bit);
}

static void mark(struct diskfs *fs, const struct diskfs_extent *e, uint32_t n, bool used) {
  for (uint32_t i = 0; i < n; i++)
    for (uint32_t k = 0; k < e[i].count; k++) set_used(fs, e[i].start + k, used);
}

/* The same for extents of a disk that may be damaged: false if one leaves the disk, or overlaps what is in use. */
static bool claim(struct diskfs *fs, const struct diskfs_extent *e, uint32_t n, uint32_t bytes) {
  uint64_t all = 0;
  for (uint32_t i = 0; i < n; i++) {
    if (e[i].start > fs->device.sectors || e[i].count > fs->device.sectors - e[i].start) return false;
    all += e[i].count;
    for (uint32_t k = 0; k < e[i].count; k++) {
      if (is_used(fs, e[i].start + k)) return false;
      set_used(fs, e[i].start + k, true);
    }
  }
  return all == sectors_for(bytes);
}

static void files_free(struct diskfs *fs) {
  for (uint32_t i = 0; i < fs->files; i++) {
    free(fs->file[i].name);
    free(fs->file[i].extent);
  }
  free(fs->file);
  fs->file = NULL;
  fs->files = 0;
}

void pg32_diskfs_close(struct diskfs *fs) {
  files_free(fs);
  free(fs->used);
  fs->used = NULL;
}

/* ---- bytes in extents ---- */

/* Reads or writes `bytes` bytes, the last sector filled up with zeros. */
static bool transfer(struct diskfs *fs, const struct diskfs_extent *e, uint32_t n, uint8_t *to,
                     const uint8_t *from, uint32_t bytes) {
  uint8_t last[DISKFS_SECTOR] = {0};
  for (uint32_t i = 0; i < n && bytes > 0; i++) {
    uint32_t whole = bytes / DISKFS_SECTOR < e[i].count ? bytes / DISKFS_SECTOR : e[i].count;
    if (whole > 0 && !(to ? fs->device.read(fs->device.arg, e[i].start, to, whole)
                          : fs->device.write(fs->device.arg, e[i].start, from, whole)))
      return fail(fs, "the disk cannot be read or written");
    if (to) to += whole * DISKFS_SECTOR;
    if (from) from += whole * DISKFS_SECTOR;
    bytes -= whole * DISKFS_SECTOR;
    if (whole == e[i].count || bytes == 0) continue;
    if (from) memcpy(last, from, bytes);
    if (!(to ? fs->device.read(fs->device.arg, e[i].start + whole, last, 1)
             : fs->device.write(fs->device.arg, e[i].start + whole, last, 1)))
      return fail(fs, "the disk cannot be read or written");
    if (to) memcpy(to, last, bytes);
    bytes = 0;
  }
  return true;
}

/* Finds so many free sectors, from the disk's beginning on, as at most `max` extents (0: as many as it takes). They count
 * as used from now on. The extents are malloc'ed. NULL: there are not so many. */
static struct diskfs_extent *allocate(struct diskfs *fs, uint32_t sectors, uint32_t max, uint32_t *extents) {
  struct diskfs_extent *e = malloc(sizeof *e), *bigger;
  uint32_t n = 0, left = sectors;
  for (uint32_t s = ROOTS; e && left > 0 && s < fs->device.sectors; s++) {
    if (is_used(fs, s)) continue;
    if (n == 0 || e[n - 1].start + e[n - 1].count != s) {
      if (max && n == max) break;
      if (!(bigger = realloc(e, (n + 1) * sizeof *e))) break;
      e = bigger;
      e[n++] = (struct diskfs_extent){s, 0};
    }
    e[n - 1].count++;
    left--;
  }
  *extents = n;
  if (e && left == 0 && n <= UINT16_MAX) return mark(fs, e, n, true), e;
  free(e);
  fs->why = "no space left on the disk";
  return NULL;
}

/* ---- the catalogue ---- */

static uint32_t padded(uint32_t n) { return (n + 3) & ~3u; }

static size_t record_bytes(const struct diskfs_file *f) {
  return sizeof(struct diskfs_record) + f->extents * sizeof(struct diskfs_extent) +
         padded((uint32_t)strlen(f->name));
}

/* The catalogue as bytes, malloc'ed; NULL: no memory. */
static uint8_t *write_catalogue(const struct diskfs *fs, uint32_t *size) {
  size_t bytes = 0;
  for (uint32_t i = 0; i < fs->files; i++) bytes += record_bytes(&fs->file[i]);
  uint8_t *all = calloc(1, bytes + 1), *to = all;
  for (uint32_t i = 0; all && i < fs->files; i++) {
    const struct diskfs_file *f = &fs->file[i];
    struct diskfs_record r = {f->size, f->check, (uint16_t)f->extents, (uint16_t)strlen(f->name)};
    memcpy(to, &r, sizeof r);
    memcpy(to + sizeof r, f->extent, f->extents * sizeof *f->extent);
    memcpy(to + sizeof r + f->extents * sizeof *f->extent, f->name, r.name_bytes);
    to += record_bytes(f);
  }
  *size = (uint32_t)bytes;
  return all;
}

static struct diskfs_file *file_named(const struct diskfs *fs, const char *name) {
  for (uint32_t i = 0; i < fs->files; i++)
    if (strcmp(fs->file[i].name, name) == 0) return &fs->file[i];
  return NULL;
}

/* One more file, all zero; NULL: no memory. */
static struct diskfs_file *new_file(struct diskfs *fs) {
  struct diskfs_file *bigger = realloc(fs->file, (fs->files + 1) * sizeof *bigger);
  if (!bigger) return NULL;
  fs->file = bigger;
  return memset(&fs->file[fs->files++], 0, sizeof *fs->file);
}

/* Takes in the record at `from`, of which there are `left` bytes. Returns its bytes; 0: it is damaged. */
static uint32_t read_record(struct diskfs *fs, const uint8_t *from, uint32_t left) {
  struct diskfs_record r;
  if (left < sizeof r) return 0;
  memcpy(&r, from, sizeof r);
  uint32_t table = r.extents * (uint32_t)sizeof(struct diskfs_extent),
           bytes = (uint32_t)sizeof r + table + padded(r.name_bytes);
  const char *name = (const char *)from + sizeof r + table;
  if (bytes > left || r.name_bytes == 0 || r.name_bytes > DISKFS_NAME_MAX || memchr(name, 0, r.name_bytes))
    return 0;
  struct diskfs_file *f = new_file(fs);
  if (!f) return 0;
  f->size = r.size, f->check = r.check, f->extents = r.extents;
  f->name = calloc(1, r.name_bytes + 1u);
  f->extent = malloc(table + 1);
  if (!f->name || !f->extent) return 0;
  memcpy(f->name, name, r.name_bytes);
  memcpy(f->extent, from + sizeof r, table);
  if (file_named(fs, f->name) != f || !claim(fs, f->extent, f->extents, f->size)) return 0;
  return bytes;
}

static bool read_catalogue(struct diskfs *fs, const struct diskfs_root *root) {
  uint8_t *all = malloc(root->catalogue_bytes + 1u);
  if (!all) return fail(fs, "out of memory");
  bool ok = transfer(fs, root->extent, root->extents, all, NULL, root->catalogue_bytes) &&
            checksum(all, root->catalogue_bytes) == root->catalogue_check;
  for (uint32_t at = 0, n; ok && at < root->catalogue_bytes; at += n)
    ok = (n = read_record(fs, all + at, root->catalogue_bytes - at)) > 0;
  free(all);
  return ok;
}

/* ---- opening ---- */

static bool root_ok(const struct diskfs *fs, const struct diskfs_root *r) {
  return memcmp(r->magic, DISKFS_MAGIC, sizeof r->magic) == 0 && r->version == DISKFS_VERSION &&
         r->check == checksum(r, offsetof(struct diskfs_root, check)) && r->sectors <= fs->device.sectors &&
         r->extents <= DISKFS_ROOT_EXTENTS && sectors_for(r->catalogue_bytes) <= fs->device.sectors;
}

/* Takes a root as the valid one. False: it, or its catalogue, is damaged. */
static bool take_root(struct diskfs *fs, const struct diskfs_root *r) {
  files_free(fs);
  memset(fs->used, 0, fs->device.sectors / 8 + 1);
  mark(fs, &(struct diskfs_extent){0, ROOTS}, 1, true);
  fs->generation = r->generation;
  fs->owns = r->extents;
  memcpy(fs->own, r->extent, sizeof fs->own);
  return claim(fs, r->extent, r->extents, r->catalogue_bytes) && read_catalogue(fs, r);
}

static bool start(struct diskfs *fs, struct diskfs_device device) {
  *fs = (struct diskfs){.device = device};
  if (device.sectors < ROOTS + 2)
    return fail(fs, device.sectors == 0 ? "there is no disk" : "the disk is too small");
  if (device.sectors > SECTORS_MAX) fs->device.sectors = SECTORS_MAX;
  fs->used = calloc(1, fs->device.sectors / 8 + 1);
  return fs->used ? true : fail(fs, "out of memory");
}

bool pg32_diskfs_open(struct diskfs *fs, struct diskfs_device device) {
  struct diskfs_root root[ROOTS];
  bool any = false;
  if (!start(fs, device)) return false;
  if (!device.read(device.arg, 0, root, ROOTS)) return fail(fs, "the disk cannot be read or written");
  int first = (int32_t)(root[1].generation - root[0].generation) > 0 && root_ok(fs, &root[1]) ? 1 : 0;
  for (int i = 0; i < ROOTS; i++) {
    const struct diskfs_root *r = &root[i ? 1 - first : first];
    if (!root_ok(fs, r)) continue;
    any = true;
    if (take_root(fs, r)) return true;
  }
  return fail(fs, any ? "the file system is damaged" : "there is no file system of ours on the disk");
}

/* ---- changing ---- */

/* Writes the catalogue into free sectors, and then the root. `all` is used up. */
static bool commit_bytes(struct diskfs *fs, uint8_t *all, uint32_t bytes) {
  struct diskfs_root root = {
      .version = DISKFS_VERSION, .generation = fs->generation + 1, .sectors = fs->device.sectors};
  struct diskfs_extent *e = allocate(fs, sectors_for(bytes), DISKFS_ROOT_EXTENTS, &root.extents);
  bool ok = e != NULL;
  if (ok) {
    memcpy(root.magic, DISKFS_MAGIC, sizeof root.magic);
    memcpy(root.extent, e, root.extents * sizeof *e);
    root.catalogue_bytes = bytes;
    root.catalogue_check = checksum(all, bytes);
    root.check = checksum(&root, offsetof(struct diskfs_root, check));
    ok = transfer(fs, e, root.extents, NULL, all, bytes) &&
         (fs->device.write(fs->device.arg, root.generation % ROOTS, &root, 1) ||
          fail(fs, "the disk cannot be read or written"));
  }
  free(e);
  free(all);
  return ok;
}

/* Makes a change valid. The sectors that were in use before are free afterwards; after a failure, those are that the change
 * would have used. For both, the disk is opened anew, and tells. */
static bool commit(struct diskfs *fs, bool ok) {
  uint32_t bytes = 0;
  uint8_t *all = ok ? write_catalogue(fs, &bytes) : NULL;
  const char *why = fs->why;
  struct diskfs_device device = fs->device;
  if (ok) ok = all ? commit_bytes(fs, all, bytes) : fail(fs, "out of memory");
  if (!ok) why = fs->why;
  pg32_diskfs_close(fs);
  bool opened = pg32_diskfs_open(fs, device);
  if (!ok) fs->why = why;
  return ok && opened;
}

const struct diskfs_file *pg32_diskfs_find(const struct diskfs *fs, const char *name) {
  return file_named(fs, name);
}

bool pg32_diskfs_get(struct diskfs *fs, const struct diskfs_file *file, void *to) {
  if (!transfer(fs, file->extent, file->extents, to, NULL, file->size)) return false;
  return checksum(to, file->size) == file->check ? true : fail(fs, "the file's bytes are damaged");
}

static bool give_bytes(struct diskfs *fs, struct diskfs_file *f, const void *bytes, uint32_t size) {
  uint32_t n;
  struct diskfs_extent *e = allocate(fs, sectors_for(size), 0, &n);
  if (!e) return false;
  free(f->extent);
  f->extent = e, f->extents = n, f->size = size, f->check = checksum(bytes, size);
  return transfer(fs, e, n, NULL, bytes, size);
}

bool pg32_diskfs_put(struct diskfs *fs, const char *name, const void *bytes, uint32_t size) {
  size_t n = strlen(name);
  if (n == 0 || n > DISKFS_NAME_MAX) return fail(fs, "the name is empty or too long");
  struct diskfs_file *f = file_named(fs, name);
  if (!f && (f = new_file(fs)) && !(f->name = calloc(1, n + 1))) f = NULL;
  if (f) memcpy(f->name, name, n);
  return commit(fs, f ? give_bytes(fs, f, bytes, size) : fail(fs, "out of memory"));
}

bool pg32_diskfs_remove(struct diskfs *fs, const char *name) {
  struct diskfs_file *f = file_named(fs, name);
  if (!f) return fail(fs, "no such file");
  free(f->name);
  free(f->extent);
  memmove(f, f + 1, (size_t)(fs->file + fs->files - (f + 1)) * sizeof *f);
  fs->files--;
  return commit(fs, true);
}

bool pg32_diskfs_format(struct diskfs *fs, struct diskfs_device device) {
  if (!start(fs, device)) return false;
  mark(fs, &(struct diskfs_extent){0, ROOTS}, 1, true);
  static const uint8_t none[DISKFS_SECTOR];
  for (uint32_t i = 0; i < ROOTS; i++)
    if (!device.write(device.arg, i, none, 1)) return fail(fs, "the disk cannot be read or written");
  return commit(fs, true);
}

/* ---- looking ---- */

uint32_t pg32_diskfs_check(struct diskfs *fs, void (*bad)(const char *name, const char *why)) {
  uint32_t damaged = 0;
  for (uint32_t i = 0; i < fs->files; i++) {
    uint8_t *bytes = malloc(fs->file[i].size + 1u);
    bool ok = bytes ? pg32_diskfs_get(fs, &fs->file[i], bytes) : fail(fs, "out of memory");
    if (!ok) damaged++, bad(fs->file[i].name, fs->why);
    free(bytes);
  }
  return damaged;
}

uint64_t pg32_diskfs_free(const struct diskfs *fs) {
  uint64_t n = 0;
  for (uint32_t s = 0; s < fs->device.sectors; s++) n += !is_used(fs, s);
  return n * DISKFS_SECTOR;
}
