/* write.c - the image of a finished link as an ELF file: in memory, or in the place of another file. While a
 * file is open nothing is allocated from the arena, so that no file is left open when memory runs out. */
#define _GNU_SOURCE /* memfd_create, mkostemp */
#include "internal.h"
#include "isa/elf_pg32.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
               "ELF structures are written in the host's byte order");

static Elf32_Ehdr header_of(const struct ld_image *image) {
  const Elf32_Shdr *last = &image->sections[image->nsections - 1].header;
  return (Elf32_Ehdr){.e_ident = {ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS32, ELFDATA2LSB, EV_CURRENT},
                      .e_type = ET_EXEC,
                      .e_machine = EM_PG32,
                      .e_version = EV_CURRENT,
                      .e_entry = image->entry,
                      .e_phoff = image->nsegments ? sizeof(Elf32_Ehdr) : 0,
                      .e_shoff = (uint32_t)ld_align((uint64_t)last->sh_offset + last->sh_size, 4),
                      .e_ehsize = sizeof(Elf32_Ehdr),
                      .e_phentsize = image->nsegments ? sizeof(Elf32_Phdr) : 0,
                      .e_phnum = (uint16_t)image->nsegments,
                      .e_shentsize = sizeof(Elf32_Shdr),
                      .e_shnum = (uint16_t)image->nsections,
                      .e_shstrndx = (uint16_t)(image->nsections - 1)};
}

/* False with errno. */
static bool put(int fd, uint64_t offset, const void *bytes, size_t size) {
  for (size_t done = 0; done < size;) {
    ssize_t n = pwrite(fd, (const char *)bytes + done, size - done, (off_t)(offset + done));
    if (n < 0) return false;
    done += (size_t)n;
  }
  return true;
}

static bool put_section(int fd, const struct ld_image_section *section) {
  if (section->header.sh_type == SHT_NOBITS || !section->header.sh_size) return true;
  return put(fd, section->header.sh_offset, section->bytes, section->header.sh_size);
}

/* The bytes between the pieces are zero, as nothing is written there. */
static bool put_image(int fd, const struct ld_image *image) {
  Elf32_Ehdr header = header_of(image);
  bool good = put(fd, 0, &header, sizeof header) &&
              put(fd, header.e_phoff, image->segments, image->nsegments * sizeof *image->segments);
  for (size_t i = 1; good && i < image->nsections; i++) good = put_section(fd, &image->sections[i]);
  for (size_t i = 0; good && i < image->nsections; i++)
    good = put(fd, header.e_shoff + i * sizeof(Elf32_Shdr), &image->sections[i].header, sizeof(Elf32_Shdr));
  return good;
}

int pg32_ld_make_file(struct pg32_ld *ld) {
  int fd = memfd_create("image", MFD_CLOEXEC);
  if (fd >= 0 && put_image(fd, &ld->image)) return fd;
  int error = errno;
  if (fd >= 0) close(fd);
  errno = error;
  return pg32_ld_error(ld, "the image cannot be written: %s", strerror(error)), -1;
}

static bool copy(int from, int to) {
  char buffer[65536];
  off_t offset = 0;
  for (ssize_t n; (n = pread(from, buffer, sizeof buffer, offset)) != 0; offset += n) {
    if (n < 0) return false;
    for (ssize_t done = 0, m; done < n; done += m)
      if ((m = write(to, buffer + done, (size_t)(n - done))) < 0) return false;
  }
  return true;
}

/* Writes to `temporary`, a file beside `path`, and renames that: no one sees half a file.
 * False with errno. */
static bool replace(int image, char *temporary, const char *path) {
  int fd = mkostemp(temporary, O_CLOEXEC);
  if (fd < 0) return false;
  mode_t mask = umask(0);
  umask(mask);
  bool good = copy(image, fd) && !fchmod(fd, 0777 & ~mask);
  good = !close(fd) && good && !rename(temporary, path);
  int error = errno;
  if (!good) unlink(temporary);
  errno = error;
  return good;
}

/* Writes into what `path` is already and which is no regular file: a device or a pipe. False with errno. */
static bool write_through(int image, const char *path) {
  int fd = open(path, O_WRONLY | O_CLOEXEC);
  bool good = fd >= 0 && copy(image, fd);
  int error = errno;
  if (fd >= 0) close(fd);
  errno = error;
  return good;
}

bool pg32_ld_write_file(struct pg32_ld *ld, const char *path) {
  struct stat there;
  bool special = !stat(path, &there) && !S_ISREG(there.st_mode);
  char *temporary = pg32_ld_format(ld, "%s.XXXXXX", path);
  int image = pg32_ld_make_file(ld);
  if (image < 0) return false;
  bool good = special ? write_through(image, path) : replace(image, temporary, path);
  int error = errno;
  close(image);
  errno = error;
  return good || pg32_ld_error(ld, "%s: %s", path, strerror(errno));
}
