/* image.c - what the executable file will hold: sections, segments, symbol table and names. */
#include "internal.h"
#include <string.h>

/* ---- tables of names ---- */

struct strings {
  char *text;
  size_t size, room;
};

/* Appends `name`; returns its offset. Offset 0 is the empty name. */
static uint32_t add_string(struct pg32_ld *ld, struct strings *strings, const char *name) {
  size_t length = *name || !strings->size ? strlen(name) + 1 : 0;
  if (!length) return 0;
  while (strings->size + length > strings->room)
    strings->text = pg32_ld_grow(ld, strings->text, strings->room, &strings->room, 1);
  memcpy(strings->text + strings->size, name, length);
  strings->size += length;
  return (uint32_t)(strings->size - length);
}

/* ---- the symbol table ---- */

struct symbols {
  Elf32_Sym *symbol;
  size_t count, room;
  struct strings names;
};

static void add_symbol(struct pg32_ld *ld, struct symbols *table, const struct ld_symbol *from,
                       unsigned char binding) {
  table->symbol = pg32_ld_grow(ld, table->symbol, table->count, &table->room, sizeof *table->symbol);
  table->symbol[table->count++] =
      (Elf32_Sym){.st_name = add_string(ld, &table->names, from->name),
                  .st_value = pg32_ld_value(from),
                  .st_size = from->size,
                  .st_info = ELF32_ST_INFO(binding, from->type),
                  .st_shndx = from->kind == LD_DEFINED    ? from->section->output->index
                              : from->kind == LD_ABSOLUTE ? SHN_ABS
                                                          : SHN_UNDEF};
}

static bool is_listed(const struct ld_symbol *symbol) {
  if (!*symbol->name || symbol->type == STT_SECTION || symbol->kind == LD_UNDEFINED) return false;
  if (symbol->kind == LD_COMMON || (symbol->kind == LD_DEFINED && !symbol->section->output)) return false;
  return symbol->type == STT_FILE || strncmp(symbol->name, ".L", 2);
}

static void add_locals(struct pg32_ld *ld, struct symbols *table, const struct ld_object *object) {
  for (size_t i = 1; object->loaded && i < object->nsymbols; i++)
    if (object->own[i].binding == STB_LOCAL && is_listed(&object->own[i]))
      add_symbol(ld, table, &object->own[i], STB_LOCAL);
}

static bool is_provided(const struct ld_symbol *symbol) {
  return !symbol->object && symbol->kind == LD_ABSOLUTE; /* a symbol of the linker's own */
}

static void add_globals(struct pg32_ld *ld, struct symbols *table) {
  for (size_t i = 0; i < LD_BUCKETS; i++)
    for (const struct ld_symbol *symbol = ld->bucket[i]; symbol; symbol = symbol->next)
      if (is_listed(symbol) && (symbol->used || !is_provided(symbol)))
        add_symbol(ld, table, symbol, symbol->weak && symbol->object ? STB_WEAK : STB_GLOBAL);
}

/* ---- sections and segments ---- */

static struct ld_image_section *add_section(struct pg32_ld *ld, const char *name, uint32_t type) {
  struct ld_image_section *section = &ld->image.sections[ld->image.nsections++];
  *section = (struct ld_image_section){.name = name, .header = {.sh_type = type, .sh_addralign = 1}};
  return section;
}

static void add_output(struct pg32_ld *ld, struct ld_output *output) {
  output->index = (uint32_t)ld->image.nsections;
  struct ld_image_section *section = add_section(ld, output->name, output->type);
  section->header.sh_flags = output->flags;
  section->header.sh_addr = output->address;
  section->header.sh_size = output->size;
  section->header.sh_addralign = output->align;
  section->header.sh_entsize = output->entsize;
  section->bytes = output->bytes;
}

static void add_symbol_table(struct pg32_ld *ld) {
  struct symbols table = {0};
  add_symbol(ld, &table, &(struct ld_symbol){.name = ""}, 0);
  for (struct ld_object *object = ld->objects; object; object = object->next) add_locals(ld, &table, object);
  size_t locals = table.count;
  add_globals(ld, &table);
  struct ld_image_section *symbols = add_section(ld, ".symtab", SHT_SYMTAB);
  symbols->header.sh_size = (uint32_t)(table.count * sizeof *table.symbol);
  symbols->header.sh_entsize = sizeof *table.symbol;
  symbols->header.sh_addralign = 4;
  symbols->header.sh_info = (uint32_t)locals;
  symbols->header.sh_link = (uint32_t)ld->image.nsections;
  symbols->bytes = table.symbol;
  struct ld_image_section *names = add_section(ld, ".strtab", SHT_STRTAB);
  names->header.sh_size = (uint32_t)table.names.size;
  names->bytes = table.names.text;
}

static uint32_t rights(enum ld_class class) {
  return class == LD_TEXT ? PF_R | PF_X : class == LD_RODATA ? PF_R : PF_R | PF_W;
}

static enum ld_class segment_class(enum ld_class class) { return class == LD_BSS ? LD_DATA : class; }

/* Extends the last segment over `output`, or opens a new one. */
static void cover(struct ld_image *image, struct ld_output *output, uint32_t flags, uint64_t *offset) {
  Elf32_Phdr *segment = image->nsegments ? &image->segments[image->nsegments - 1] : NULL;
  if (!segment || segment->p_flags != flags) {
    *offset = ld_align(*offset, LD_PAGE);
    segment = &image->segments[image->nsegments++];
    *segment =
        (Elf32_Phdr){.p_type = PT_LOAD, .p_flags = flags, .p_align = LD_PAGE, .p_offset = (uint32_t)*offset};
    segment->p_vaddr = segment->p_paddr = output->address & -(uint32_t)LD_PAGE;
  }
  struct ld_image_section *section = &image->sections[output->index];
  uint32_t start = output->address - segment->p_vaddr;
  section->header.sh_offset = segment->p_offset + start;
  segment->p_memsz = start + output->size;
  if (output->type == SHT_NOBITS) return;
  segment->p_filesz = segment->p_memsz;
  *offset = (uint64_t)segment->p_offset + segment->p_filesz;
}

static void place_sections(struct pg32_ld *ld) {
  struct ld_image *image = &ld->image;
  uint64_t offset = LD_PAGE;
  image->segments = pg32_ld_alloc(ld, LD_NONE, sizeof *image->segments);
  for (size_t i = 0; i < ld->noutputs; i++)
    if (ld->outputs[i]->class != LD_NONE && ld->outputs[i]->size)
      cover(image, ld->outputs[i], rights(segment_class(ld->outputs[i]->class)), &offset);
    else
      image->sections[ld->outputs[i]->index].header.sh_offset = (uint32_t)offset;
  for (size_t i = 1; i < image->nsections; i++) {
    Elf32_Shdr *header = &image->sections[i].header;
    if (header->sh_flags & SHF_ALLOC) continue;
    header->sh_offset = (uint32_t)(offset = ld_align(offset, header->sh_addralign));
    offset += header->sh_size;
  }
}

bool pg32_ld_build_image(struct pg32_ld *ld) {
  enum { OWN = 4 }; /* the unused one, .symtab, .strtab, .shstrtab */
  ld->image.sections = pg32_ld_alloc(ld, ld->noutputs + OWN, sizeof *ld->image.sections);
  ld->image.nsections = 1;
  ld->image.entry = pg32_ld_value(pg32_ld_lookup(ld, ld->options.entry));
  for (size_t i = 0; i < ld->noutputs; i++) add_output(ld, ld->outputs[i]);
  add_symbol_table(ld);
  place_sections(ld);
  return true;
}

/* ---- names of sections ---- */

void pg32_ld_name_sections(struct pg32_ld *ld) {
  struct ld_image *image = &ld->image;
  struct strings names = {0};
  uint64_t end = LD_PAGE;
  add_string(ld, &names, "");
  struct ld_image_section *own = add_section(ld, ".shstrtab", SHT_STRTAB);
  for (size_t i = 1; i < image->nsections; i++) {
    Elf32_Shdr *header = &image->sections[i].header;
    header->sh_name = add_string(ld, &names, image->sections[i].name);
    uint64_t last = (uint64_t)header->sh_offset + (header->sh_type == SHT_NOBITS ? 0 : header->sh_size);
    if (&image->sections[i] != own && last > end) end = last;
  }
  own->header.sh_offset = (uint32_t)end;
  own->header.sh_size = (uint32_t)names.size;
  own->bytes = names.text;
}
