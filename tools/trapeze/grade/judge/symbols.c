/* symbols.c - finds a symbol of an ELF file, which a student may have handed in: nothing in the file is trusted. */
#include <elf.h>
#include <string.h>

#include "expect.h"

/* Copies a part of a file, which may lie at any offset. False when the file does not have it. */
static bool part_of(struct bytes file, uint64_t offset, void *to, size_t size) {
  if (offset > file.size || file.size - offset < size) return false;
  memcpy(to, file.data + offset, size);
  return true;
}

static bool section_of(struct bytes elf, const Elf32_Ehdr *h, unsigned i, Elf32_Shdr *s) {
  return i < h->e_shnum && h->e_shentsize >= sizeof *s &&
         part_of(elf, h->e_shoff + (uint64_t)i * h->e_shentsize, s, sizeof *s);
}

/* Is it the text number `at` of a table of texts? */
static bool text_is(struct bytes elf, const Elf32_Shdr *texts, uint32_t at, const char *text) {
  size_t n = strlen(text) + 1;
  return at < texts->sh_size && n <= texts->sh_size - at && texts->sh_offset <= elf.size &&
         texts->sh_size <= elf.size - texts->sh_offset && !memcmp(elf.data + texts->sh_offset + at, text, n);
}

bool symbol_find(struct bytes elf, const char *name, uint32_t *value, uint32_t *size) {
  Elf32_Ehdr h;
  Elf32_Shdr table, texts;
  Elf32_Sym symbol;
  if (!part_of(elf, 0, &h, sizeof h)) return false;
  for (unsigned i = 0; section_of(elf, &h, i, &table); i++) {
    size_t step = table.sh_entsize;
    if (table.sh_type != SHT_SYMTAB || step < sizeof symbol || !section_of(elf, &h, table.sh_link, &texts))
      continue;
    for (uint64_t at = 0; at + step <= table.sh_size; at += step)
      if (part_of(elf, table.sh_offset + at, &symbol, sizeof symbol) &&
          text_is(elf, &texts, symbol.st_name, name)) {
        *value = symbol.st_value, *size = symbol.st_size;
        return true;
      }
  }
  return false;
}
