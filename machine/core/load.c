/* load.c - loads an ELF image, and lays out RAM as platform.h, "boot", says. No byte of the image is trusted.
 * RAM, the facts device and PC are written only when everything has been checked. */
#include <elf.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "bus.h"
#include "isa/elf_pg32.h"

struct image {
  const uint8_t *bytes;
  size_t n;
  Elf32_Ehdr header;
};

/* Puts the text into *error. Returns false. */
static __attribute__((format(printf, 2, 3))) bool reject(struct machine_error *error, const char *format,
                                                         ...) {
  va_list args;
  va_start(args, format);
  vsnprintf(error->text, sizeof error->text, format, args);
  va_end(args);
  return false;
}

static bool within(uint64_t at, uint64_t n, uint64_t whole) { return at <= whole && n <= whole - at; }

static bool check_header(struct image *image, struct machine_error *error) {
  Elf32_Ehdr *h = &image->header;
  if (image->n < sizeof *h || memcmp(image->bytes, ELFMAG, SELFMAG) != 0)
    return reject(error, "not an ELF file");
  memcpy(h, image->bytes, sizeof *h);
  if (h->e_ident[EI_CLASS] != ELFCLASS32 || h->e_ident[EI_DATA] != ELFDATA2LSB)
    return reject(error, "not a 32-bit little-endian ELF file");
  if (h->e_machine != EM_PG32)
    return reject(error, "machine number is 0x%x, not PG32's 0x%x", h->e_machine, EM_PG32);
  if (h->e_type != ET_EXEC)
    return reject(error, "not an executable (ELF type %u, expected %u)", h->e_type, ET_EXEC);
  if (h->e_phentsize != sizeof(Elf32_Phdr))
    return reject(error, "program headers of %u bytes", h->e_phentsize);
  if (!within(h->e_phoff, (uint64_t)h->e_phnum * sizeof(Elf32_Phdr), image->n))
    return reject(error, "program headers lie outside the file");
  return true;
}

static Elf32_Phdr segment(const struct image *image, unsigned i) {
  Elf32_Phdr p;
  memcpy(&p, image->bytes + image->header.e_phoff + i * sizeof p, sizeof p);
  return p;
}

static bool loads(const Elf32_Phdr *p) { return p->p_type == PT_LOAD && p->p_memsz > 0; }

static bool check_segment(const struct machine *m, const struct image *image, unsigned i,
                          struct machine_error *error) {
  const Elf32_Phdr p = segment(image, i);
  if (p.p_filesz > p.p_memsz) return reject(error, "segment %u: more bytes in the file than in memory", i);
  if (!within(p.p_offset, p.p_filesz, image->n)) return reject(error, "segment %u lies outside the file", i);
  if (!within(p.p_paddr, p.p_memsz, m->ram_bytes))
    return reject(error, "segment %u (0x%x, %u bytes) does not fit %u bytes of RAM", i, p.p_paddr, p.p_memsz,
                  m->ram_bytes);
  return true;
}

/* Sets *top to the end of the highest segment. The entry point must be in one of them. */
static bool check_segments(const struct machine *m, const struct image *image, uint64_t *top,
                           struct machine_error *error) {
  const uint32_t entry = image->header.e_entry;
  bool entered = false;
  *top = 0;
  for (unsigned i = 0; i < image->header.e_phnum; i++) {
    const Elf32_Phdr p = segment(image, i);
    if (p.p_type == PT_LOAD && !check_segment(m, image, i, error)) return false;
    if (!loads(&p)) continue;
    if ((uint64_t)p.p_paddr + p.p_memsz > *top) *top = (uint64_t)p.p_paddr + p.p_memsz;
    entered |= within(entry, 4, (uint64_t)p.p_paddr + p.p_memsz) && entry >= p.p_paddr;
  }
  if (*top == 0) return reject(error, "nothing to load");
  if (entry & 3 || !entered)
    return reject(error, "entry point 0x%x is not an instruction of the image", entry);
  return true;
}

static uint64_t page_up(uint64_t address) { return (address + PAGE_SIZE - 1) & ~(uint64_t)(PAGE_SIZE - 1); }

static void copy_segments(struct machine *m, const struct image *image) {
  for (unsigned i = 0; i < image->header.e_phnum; i++) {
    const Elf32_Phdr p = segment(image, i);
    if (loads(&p)) machine_ram_write(m, p.p_paddr, image->bytes + p.p_offset, p.p_filesz);
  }
}

bool machine_load(struct machine *m, const void *elf, size_t elf_bytes, const void *initrd,
                  size_t initrd_bytes, const void *args, size_t args_bytes, struct machine_error *error) {
  struct image image = {.bytes = elf, .n = elf_bytes};
  uint64_t top;
  if (!check_header(&image, error) || !check_segments(m, &image, &top, error)) return false;
  const uint64_t initrd_at = page_up(top);
  if (!within(initrd_at, initrd_bytes, m->ram_bytes))
    return reject(error, "initrd (%zu bytes at 0x%" PRIx64 ") does not fit %u bytes of RAM", initrd_bytes,
                  initrd_at, m->ram_bytes);
  const uint64_t args_at = page_up(initrd_at + initrd_bytes);
  if (!within(args_at, args_bytes, m->ram_bytes))
    return reject(error, "boot arguments (%zu bytes at 0x%" PRIx64 ") do not fit %u bytes of RAM", args_bytes,
                  args_at, m->ram_bytes);
  copy_segments(m, &image);
  machine_ram_write(m, (uint32_t)initrd_at, initrd, initrd_bytes);
  machine_ram_write(m, (uint32_t)args_at, args, args_bytes);
  machine_facts_set(m, (uint32_t)initrd_at, (uint32_t)initrd_bytes, (uint32_t)args_at, (uint32_t)args_bytes);
  m->pc = image.header.e_entry;
  return true;
}
