/* diskfs.h - files on a disk: a simple file system that guests (the command `disk`) and the host (`trapeze disk`) share.
 *
 * It is whole after a cut at any write. Nothing that is in use is ever overwritten: a change writes the new bytes and a
 * new catalogue into free sectors, and then one sector, the root, which makes them valid at once. There are two roots,
 * sectors 0 and 1, written in turns; the one with the higher generation counts, unless it, or its catalogue, is damaged.
 *
 *   root       struct diskfs_root: where the catalogue is
 *   catalogue  for each file a struct diskfs_record, its extents, and its name, padded to 4 bytes
 *   extent     struct diskfs_extent: sectors that follow one another
 *
 * Numbers are little endian. The disk comes from outside: pg32_diskfs_open believes nothing that it has not checked. Functions
 * that return false say why in fs->why. */
#ifndef PG32_DISKFS_H
#define PG32_DISKFS_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DISKFS_SECTOR 512
#define DISKFS_NAME_MAX 255
#define DISKFS_MAGIC "TRAPDISK"
#define DISKFS_VERSION 1
#define DISKFS_ROOT_EXTENTS 58

struct diskfs_extent {
  uint32_t start, count; /* sectors */
};

struct diskfs_root {
  char magic[8];
  uint32_t version;
  uint32_t generation;
  uint32_t sectors;         /* of the disk */
  uint32_t catalogue_bytes; /* and their checksum */
  uint32_t catalogue_check;
  uint32_t extents; /* of the catalogue */
  struct diskfs_extent extent[DISKFS_ROOT_EXTENTS];
  uint32_t pad[3];
  uint32_t check; /* of this sector's bytes before */
};
_Static_assert(sizeof(struct diskfs_root) == DISKFS_SECTOR, "a root is a sector");

struct diskfs_record {
  uint32_t size, check; /* of the file's bytes */
  uint16_t extents, name_bytes;
};

struct diskfs_device {
  uint32_t sectors;
  /* Read or write n sectors; false: it cannot be done. */
  bool (*read)(void *arg, uint32_t sector, void *to, uint32_t n);
  bool (*write)(void *arg, uint32_t sector, const void *from, uint32_t n);
  void *arg;
};

struct diskfs_file {
  char *name; /* not empty, ends with a NUL; the file system does not care about slashes in it */
  uint32_t size, check;
  struct diskfs_extent *extent;
  uint32_t extents;
};

struct diskfs {
  struct diskfs_device device;
  uint32_t generation;
  struct diskfs_file *file; /* in the order of the catalogue */
  uint32_t files;
  struct diskfs_extent own[DISKFS_ROOT_EXTENTS]; /* the catalogue's */
  uint32_t owns;
  uint8_t *used;   /* a bit for each sector */
  const char *why; /* the last thing that went wrong: "no space left", ... */
};

/* Makes an empty file system; what was on the disk is lost. For pg32_diskfs_close. */
bool pg32_diskfs_format(struct diskfs *fs, struct diskfs_device device);
/* Opens the one that is on the disk. For pg32_diskfs_close, also after false. */
bool pg32_diskfs_open(struct diskfs *fs, struct diskfs_device device);
void pg32_diskfs_close(struct diskfs *fs);
/* NULL: there is no such file. The file is valid until the next change. */
const struct diskfs_file *pg32_diskfs_find(const struct diskfs *fs, const char *name);
/* Reads a whole file into `to`, which has room for file->size bytes, and compares its checksum. */
bool pg32_diskfs_get(struct diskfs *fs, const struct diskfs_file *file, void *to);
/* Makes a file, or gives it new bytes. After false the disk is as it was. */
bool pg32_diskfs_put(struct diskfs *fs, const char *name, const void *bytes, uint32_t size);
/* false also if there is no such file. */
bool pg32_diskfs_remove(struct diskfs *fs, const char *name);
/* Reads every file. Calls `bad` with the name of each that cannot be read or is damaged; returns their number. */
uint32_t pg32_diskfs_check(struct diskfs *fs, void (*bad)(const char *name, const char *why));
/* Bytes that new files can still take, less the room for their records. */
uint64_t pg32_diskfs_free(const struct diskfs *fs);

#endif
