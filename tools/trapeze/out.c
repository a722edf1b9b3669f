/* out.c - --out DIR: what the guest has written in /host comes back to a folder of the host.
 *
 * The guest's first program is `disk around /host PROG`, which runs PROG and then saves the files to the disk, in the file
 * system of isa/diskfs.h. Their names come from the guest, and are not trusted. */
#include "isa/diskfs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "trapeze.h"

enum {
  MORE = 1 << 20 /* bytes of the disk beyond the guest's RAM, where its files are: for names and tables */
};

static bool read_sectors(void *arg, uint32_t sector, void *to, uint32_t n) {
  memcpy(to, (uint8_t *)arg + (size_t)sector * DISKFS_SECTOR, (size_t)n * DISKFS_SECTOR);
  return true;
}

static bool write_sectors(void *arg, uint32_t sector, const void *from, uint32_t n) {
  memcpy((uint8_t *)arg + (size_t)sector * DISKFS_SECTOR, from, (size_t)n * DISKFS_SECTOR);
  return true;
}

static struct diskfs_device device(void *bytes, size_t size) {
  return (struct diskfs_device){(uint32_t)(size / DISKFS_SECTOR), read_sectors, write_sectors, bytes};
}

struct bytes out_disk(const struct options *o) {
  struct diskfs fs;
  if (!o->out) return (struct bytes){0};
  if (o->disk)
    die(STATUS_USAGE, "--out: expected no --disk, too: the files come back over a disk of their own");
  if (o->image || o->initrd)
    die(STATUS_USAGE, "--out: expected neither --image nor --initrd: it needs the bundled programs");
  struct bytes disk = {.size = (size_t)o->ram + MORE};
  disk.data = must(calloc(1, disk.size));
  if (!pg32_diskfs_format(&fs, device(disk.data, disk.size))) die(STATUS_USAGE, "--out: %s", fs.why);
  pg32_diskfs_close(&fs);
  return disk;
}

/* No name may lead out of the folder. */
static bool is_tame(const char *name) {
  for (const char *s = name; s; s = strchr(s, '/') ? strchr(s, '/') + 1 : NULL)
    if (*s == '/' || *s == 0 || strcmp(s, "..") == 0 || strncmp(s, "../", 3) == 0) return false;
  return true;
}

/* Opens DIR/name for writing, with the folders that lead there; follows no symbolic link below DIR. -1: errno. */
static int open_below(int dir, char *name) {
  char *slash = strchr(name, '/');
  if (!slash) return openat(dir, name, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0666);
  *slash = 0;
  if (mkdirat(dir, name, 0777) < 0 && errno != EEXIST) return -1;
  int inner = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  int fd = inner < 0 ? -1 : open_below(inner, slash + 1);
  const int why = errno;
  if (inner >= 0) close(inner);
  errno = why;
  return fd;
}

static bool write_all(int fd, const uint8_t *bytes, size_t n) {
  for (ssize_t k; n > 0; bytes += k, n -= (size_t)k)
    if ((k = write(fd, bytes, n)) < 0) return false;
  return true;
}

static bool take_file(const struct options *o, int dir, struct diskfs *fs, const struct diskfs_file *f) {
  char *name = must(strdup(f->name));
  uint8_t *bytes = must(malloc((size_t)f->size + 1));
  const char *why = NULL;
  if (!is_tame(f->name))
    why = "this name leads out of the folder";
  else if (!pg32_diskfs_get(fs, f, bytes))
    why = fs->why;
  int fd = why ? -1 : open_below(dir, name);
  if (!why && (fd < 0 || !write_all(fd, bytes, f->size))) why = strerror(errno);
  if (fd >= 0 && close(fd) < 0 && !why) why = strerror(errno);
  if (why) fprintf(stderr, "trapeze: --out %s: %s: %s\n", o->out, f->name, why);
  free(name);
  free(bytes);
  return !why;
}

bool out_take(const struct options *o, const void *disk, size_t size) {
  struct diskfs fs;
  bool ok = true;
  uint32_t taken = 0;
  if (!pg32_diskfs_open(&fs, device((void *)disk, size)) || !pg32_diskfs_find(&fs, ".end")) {
    fprintf(stderr, "trapeze: --out %s: the guest has ended before it handed its files over\n", o->out);
    pg32_diskfs_close(&fs);
    return false;
  }
  if (mkdir(o->out, 0777) < 0 && errno != EEXIST) die(STATUS_USAGE, "--out %s: %s", o->out, strerror(errno));
  int dir = open(o->out, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (dir < 0) die(STATUS_USAGE, "--out %s: %s", o->out, strerror(errno));
  for (uint32_t i = 0; i < fs.files; i++) {
    if (strcmp(fs.file[i].name, ".end") == 0) continue;
    bool one = take_file(o, dir, &fs, &fs.file[i]);
    taken += one;
    ok &= one;
  }
  fprintf(stderr, "trapeze: %u file%s back in %s\n", taken, taken == 1 ? " is" : "s are", o->out);
  close(dir);
  pg32_diskfs_close(&fs);
  return ok;
}
