/* elf.c - executables for PG32, as far as a run must know them: what is one, and a copy without debug
 * information, which goes into an initrd. */
#include <elf.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "isa/elf_pg32.h"
#include "isa/ld.h"
#include "trapeze.h"

static bool has_type(struct bytes file, unsigned type) {
  Elf32_Ehdr h;
  if (file.size < sizeof h) return false;
  memcpy(&h, file.data, sizeof h);
  return memcmp(h.e_ident, ELFMAG, SELFMAG) == 0 && h.e_machine == EM_PG32 && (!type || h.e_type == type);
}

bool elf_is_pg32(struct bytes file) { return has_type(file, 0); }

bool elf_is_executable(struct bytes file) { return has_type(file, ET_EXEC); }

static bool read_all(int fd, struct bytes *b) {
  char part[1 << 16];
  *b = (struct bytes){0};
  for (off_t at = 0;;) {
    ssize_t n = pread(fd, part, sizeof part, at);
    if (n < 0) return false;
    if (n == 0) return true;
    bytes_append(b, part, (size_t)n);
    at += n;
  }
}

bool elf_strip(struct bytes whole, struct bytes *stripped) {
  struct pg32_ld *ld = pg32_ld_new(&(struct pg32_ld_options){.strip_debug = true});
  bool good = ld && pg32_ld_add_memory(ld, "executable", whole.data, whole.size) && pg32_ld_link(ld);
  int fd = good ? pg32_ld_open_image(ld) : -1;
  good = fd >= 0 && read_all(fd, stripped);
  if (fd >= 0) close(fd);
  pg32_ld_free(ld);
  return good;
}
