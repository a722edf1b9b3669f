/* copy.c - copies an executable, and leaves out its debug information if the options say so. Segments keep
 * their offsets in the file, so that the copy can be mapped like the original. */
#include "internal.h"
#include <string.h>

static bool is_kept(const struct pg32_ld *ld, const struct ld_section *section, size_t names) {
  bool debug = !strncmp(section->name, ".debug", 6) && !(section->flags & SHF_ALLOC);
  size_t index = (size_t)(section - section->object->sections);
  return index && index != names && !(debug && ld->options.strip_debug); /* .shstrtab is made anew */
}

/* The new number of each section; 0 for a section that is left out. */
static uint32_t *renumber(struct pg32_ld *ld, const struct ld_object *object) {
  uint32_t *number = pg32_ld_alloc(ld, object->nsections, sizeof *number);
  size_t names = 0;
  elf_getshdrstrndx(object->elf, &names);
  uint32_t next = 1;
  for (size_t i = 1; i < object->nsections; i++)
    if (is_kept(ld, &object->sections[i], names)) number[i] = next++;
  return number;
}

static uint32_t renumbered(const struct ld_object *object, const uint32_t *number, uint32_t index) {
  return index < object->nsections ? number[index] : 0;
}

/* Symbols refer to sections by number: these change. Symbols of a section that is left out
 * become absolute. */
static const void *copy_symbols(struct pg32_ld *ld, const struct ld_section *section,
                                const uint32_t *number) {
  Elf32_Sym *symbol = pg32_ld_alloc(ld, section->size, 1);
  memcpy(symbol, section->bytes, section->size);
  for (size_t i = 0; i < section->size / sizeof *symbol; i++) {
    uint16_t index = symbol[i].st_shndx;
    if (index == SHN_UNDEF || index >= SHN_LORESERVE) continue;
    uint32_t moved = renumbered(section->object, number, index);
    symbol[i].st_shndx = moved ? (uint16_t)moved : SHN_ABS;
  }
  return symbol;
}

/* Reads with GElf, as the headers may lie unaligned in the input's memory. */
static bool copy_header(const struct ld_object *object, size_t index, Elf32_Shdr *to) {
  GElf_Shdr from;
  if (!gelf_getshdr(elf_getscn(object->elf, index), &from)) return false;
  *to = (Elf32_Shdr){.sh_type = from.sh_type,
                     .sh_flags = (uint32_t)from.sh_flags,
                     .sh_addr = (uint32_t)from.sh_addr,
                     .sh_offset = (uint32_t)from.sh_offset,
                     .sh_size = (uint32_t)from.sh_size,
                     .sh_link = from.sh_link,
                     .sh_info = from.sh_info,
                     .sh_addralign = (uint32_t)from.sh_addralign,
                     .sh_entsize = (uint32_t)from.sh_entsize};
  return true;
}

static bool copy_section(struct pg32_ld *ld, const struct ld_section *section, const uint32_t *number) {
  const struct ld_object *object = section->object;
  size_t index = (size_t)(section - object->sections);
  struct ld_image_section *to = &ld->image.sections[number[index]];
  to->name = section->name;
  if (!copy_header(object, index, &to->header))
    return pg32_ld_error(ld, "%s: section %zu is damaged", object->name, index);
  to->header.sh_link = renumbered(object, number, to->header.sh_link);
  to->bytes = section->bytes;
  if (section->type != SHT_SYMTAB) return true;
  if (section->size % sizeof(Elf32_Sym))
    return pg32_ld_error(ld, "%s: the symbol table is truncated", object->name);
  if (section->size) to->bytes = copy_symbols(ld, section, number);
  return true;
}

static bool copy_sections(struct pg32_ld *ld, const struct ld_object *object) {
  struct ld_image *image = &ld->image;
  const uint32_t *number = renumber(ld, object);
  image->sections = pg32_ld_alloc(ld, object->nsections + 1, sizeof *image->sections);
  image->nsections = 1;
  for (size_t i = 1; i < object->nsections; i++) {
    if (!number[i]) continue;
    image->nsections++;
    if (!copy_section(ld, &object->sections[i], number)) return false;
  }
  return true;
}

static bool copy_segment(const struct ld_object *object, size_t index, Elf32_Phdr *to) {
  GElf_Phdr from;
  if (!gelf_getphdr(object->elf, (int)index, &from)) return false;
  *to = (Elf32_Phdr){.p_type = from.p_type,
                     .p_flags = from.p_flags,
                     .p_align = (uint32_t)from.p_align,
                     .p_offset = (uint32_t)from.p_offset,
                     .p_vaddr = (uint32_t)from.p_vaddr,
                     .p_paddr = (uint32_t)from.p_paddr,
                     .p_filesz = (uint32_t)from.p_filesz,
                     .p_memsz = (uint32_t)from.p_memsz};
  return true;
}

static bool copy_segments(struct pg32_ld *ld, const struct ld_object *object) {
  struct ld_image *image = &ld->image;
  size_t count = 0;
  if (elf_getphdrnum(object->elf, &count) || !count)
    return pg32_ld_error(ld, "%s: an executable without program headers", object->name);
  image->segments = pg32_ld_alloc(ld, count, sizeof *image->segments);
  for (; image->nsegments < count; image->nsegments++)
    if (!copy_segment(object, image->nsegments, &image->segments[image->nsegments]))
      return pg32_ld_error(ld, "%s: program header %zu is damaged", object->name, image->nsegments);
  return true;
}

/* Moves the sections that the machine does not load up to the end of those that it loads. */
static bool close_gaps(struct pg32_ld *ld, const struct ld_object *object) {
  struct ld_image *image = &ld->image;
  uint64_t offset = sizeof(Elf32_Ehdr) + image->nsegments * sizeof(Elf32_Phdr);
  for (size_t i = 1; i < image->nsections; i++) {
    const Elf32_Shdr *header = &image->sections[i].header;
    if (!(header->sh_flags & SHF_ALLOC) || header->sh_type == SHT_NOBITS) continue;
    if (header->sh_offset < sizeof(Elf32_Ehdr) + image->nsegments * sizeof(Elf32_Phdr))
      return pg32_ld_error(ld, "%s: section %s lies over the headers", object->name, image->sections[i].name);
    if ((uint64_t)header->sh_offset + header->sh_size > offset)
      offset = (uint64_t)header->sh_offset + header->sh_size;
  }
  for (size_t i = 1; i < image->nsections; i++) {
    Elf32_Shdr *header = &image->sections[i].header;
    if (header->sh_flags & SHF_ALLOC) continue;
    header->sh_offset =
        (uint32_t)(offset = ld_align(offset, header->sh_addralign ? header->sh_addralign : 1));
    offset += header->sh_type == SHT_NOBITS ? 0 : header->sh_size;
  }
  return true;
}

bool pg32_ld_copy_executable(struct pg32_ld *ld) {
  const struct ld_object *object = ld->executable;
  ld->image.entry = (uint32_t)object->header.e_entry;
  return copy_segments(ld, object) && copy_sections(ld, object) && close_gaps(ld, object);
}
