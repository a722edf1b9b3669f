/* layout.c - gives everything an address: groups input sections into output sections, places those in three
 * page-aligned segments, and defines the symbols that the linker provides. */
#include "internal.h"
#include "isa/platform.h"
#include <stdlib.h>
#include <string.h>

uint32_t pg32_ld_base(const struct pg32_ld *ld) {
  return ld->options.layout == PG32_LD_USER ? USER_BASE : IMAGE_BASE;
}

static uint64_t limit(const struct pg32_ld *ld) {
  return ld->options.layout == PG32_LD_USER ? USER_TOP : DEV_BASE;
}

/* ---- grouping ---- */

static enum ld_class class_of(const struct ld_section *section) {
  if (!(section->flags & SHF_ALLOC)) return LD_NONE;
  if (section->type == SHT_NOBITS) return LD_BSS;
  if (section->flags & SHF_EXECINSTR) return LD_TEXT;
  return section->flags & SHF_WRITE ? LD_DATA : LD_RODATA;
}

/* Whether the name is the prefix, or the prefix and a dot and more. Each section is compared with many prefixes. */
static bool has_prefix(const char *name, const char *prefix) {
  while (*prefix)
    if (*name++ != *prefix++) return false;
  return !*name || *name == '.';
}

static const char *output_name(const struct ld_section *section) {
  static const char *const prefix[][2] = {{".text", ".text"},
                                          {".rodata", ".rodata"},
                                          {".srodata", ".rodata"},
                                          {".data", ".data"},
                                          {".sdata", ".data"},
                                          {".bss", ".bss"},
                                          {".sbss", ".bss"},
                                          {"COMMON", ".bss"},
                                          {".init_array", ".init_array"},
                                          {".fini_array", ".fini_array"}};
  if (!(section->flags & SHF_ALLOC)) return section->name;
  for (size_t i = 0; i < sizeof prefix / sizeof *prefix; i++) {
    if (!has_prefix(section->name, prefix[i][0])) continue;
    return class_of(section) == LD_RODATA && prefix[i][1][1] == 'd' ? ".rodata"
                                                                    : prefix[i][1]; /* constant .data */
  }
  return section->name;
}

static bool is_debug(const char *name) { return has_prefix(name, ".debug") || !strncmp(name, ".debug_", 7); }

static bool is_in_image(const struct pg32_ld *ld, const struct ld_section *section) {
  switch (section->type) {
  case SHT_NULL:
  case SHT_SYMTAB:
  case SHT_STRTAB:
  case SHT_RELA:
  case SHT_REL:
  case SHT_GROUP:
  case SHT_SYMTAB_SHNDX: return false;
  }
  if (section->flags & SHF_EXCLUDE) return false;
  if (section->flags & SHF_ALLOC) return section->live;
  return section->type < SHT_LOOS && section->type != SHT_NOBITS &&
         strcmp(section->name, ".note.GNU-stack") && !(ld->options.strip_debug && is_debug(section->name));
}

static struct ld_output *find_output(struct pg32_ld *ld, const char *name, enum ld_class class) {
  for (size_t i = 0; i < ld->noutputs; i++)
    if (ld->outputs[i]->class == class && !strcmp(ld->outputs[i]->name, name)) return ld->outputs[i];
  struct ld_output *output = pg32_ld_alloc(ld, 1, sizeof *output);
  *output = (struct ld_output){.name = name, .class = class, .align = 1};
  ld->outputs = pg32_ld_grow(ld, ld->outputs, ld->noutputs, &ld->outputs_room, sizeof *ld->outputs);
  return ld->outputs[ld->noutputs++] = output;
}

static void group(struct pg32_ld *ld, struct ld_section *section) {
  const uint32_t kept = SHF_ALLOC | SHF_WRITE | SHF_EXECINSTR;
  if (!is_in_image(ld, section)) return;
  struct ld_output *output = find_output(ld, output_name(section), class_of(section));
  uint32_t strings = section->flags & (SHF_MERGE | SHF_STRINGS);
  if (!output->nparts) {
    output->type = section->type;
    output->flags = strings, output->entsize = section->entsize;
  }
  if ((output->flags & (SHF_MERGE | SHF_STRINGS)) != strings || output->entsize != section->entsize)
    output->flags &= ~(SHF_MERGE | SHF_STRINGS), output->entsize = 0;
  output->flags |= section->flags & kept;
  if (section->align > output->align) output->align = section->align;
  output->parts = pg32_ld_grow(ld, output->parts, output->nparts, &output->room, sizeof *output->parts);
  output->parts[output->nparts++] = section;
  section->output = output;
}

static void group_all(struct pg32_ld *ld) {
  for (struct ld_object *object = ld->objects; object; object = object->next)
    for (size_t i = 1; object->loaded && i < object->nsections; i++) group(ld, &object->sections[i]);
  for (size_t i = 0; i < ld->ncommons; i++) group(ld, ld->commons[i]);
}

/* ---- order ---- */

static bool is_hot(const char *name) {
  return has_prefix(name, ".text.hot") || has_prefix(name, ".data.hot");
}

/* Constructors run in the order of .init_array.N, those without a number last. Destructors run from the end of
 * .fini_array to its start. */
static unsigned long priority(const char *name) {
  return name[strlen(".init_array")] ? strtoul(name + strlen(".init_array."), NULL, 10) : 65536;
}

static bool is_array(const char *name) {
  return has_prefix(name, ".init_array") || has_prefix(name, ".fini_array");
}

static int compare_names(const struct ld_section *a, const struct ld_section *b) {
  if (is_hot(a->name) != is_hot(b->name)) return is_hot(a->name) ? -1 : 1;
  if (is_array(a->name) && is_array(b->name)) {
    unsigned long x = priority(a->name), y = priority(b->name);
    return x < y ? -1 : x > y;
  }
  return strcmp(a->name, b->name);
}

static int compare_parts(const void *left, const void *right) {
  const struct ld_section *a = *(struct ld_section *const *)left, *b = *(struct ld_section *const *)right;
  int order = class_of(a) == LD_NONE ? 0 : compare_names(a, b);
  return order ? order : a->sequence < b->sequence ? -1 : 1;
}

/* .text, .rodata, .data and .bss before others of their class. */
static int rank(const struct ld_output *output) {
  static const char *const first[] = {".text", ".rodata", ".data", ".bss"};
  return output->class == LD_NONE || strcmp(output->name, first[output->class]) != 0;
}

static int compare_outputs(const void *left, const void *right) {
  const struct ld_output *a = *(struct ld_output *const *)left, *b = *(struct ld_output *const *)right;
  if (a->class != b->class) return a->class < b->class ? -1 : 1;
  if (rank(a) != rank(b)) return rank(a) - rank(b);
  return a->parts[0]->sequence < b->parts[0]->sequence ? -1 : 1;
}

/* ---- addresses ---- */

static bool place_parts(struct pg32_ld *ld, struct ld_output *output) {
  uint64_t size = 0;
  qsort(output->parts, output->nparts, sizeof *output->parts, compare_parts);
  for (size_t i = 0; i < output->nparts; i++) {
    size = ld_align(size, output->parts[i]->align);
    output->parts[i]->offset = (uint32_t)size;
    size += output->parts[i]->size;
    if (size > limit(ld))
      return pg32_ld_error(ld, "section %s does not fit into the address space", output->name);
  }
  output->size = (uint32_t)size;
  return true;
}

static bool place_outputs(struct pg32_ld *ld) {
  uint64_t address = pg32_ld_base(ld);
  int segment = -1; /* .data and .bss share one */
  for (size_t i = 0; i < ld->noutputs; i++) {
    struct ld_output *output = ld->outputs[i];
    if (!place_parts(ld, output)) return false;
    if (output->class == LD_NONE) continue;
    int wanted = output->class == LD_BSS ? LD_DATA : output->class;
    address = ld_align(address, wanted == segment ? output->align : LD_PAGE);
    address = ld_align(address, output->align);
    segment = wanted;
    output->address = (uint32_t)address;
    address += output->size;
    if (address > limit(ld)) return pg32_ld_error(ld, "the image does not fit into the address space");
  }
  return true;
}

static void copy_bytes(struct pg32_ld *ld, struct ld_output *output) {
  if (output->type == SHT_NOBITS) return;
  output->bytes = pg32_ld_alloc(ld, output->size, 1);
  for (size_t i = 0; i < output->nparts; i++) {
    const struct ld_section *part = output->parts[i];
    if (part->bytes) memcpy(output->bytes + part->offset, part->bytes, part->size);
  }
}

/* ---- the linker's own symbols ---- */

/* The end of the last section up to `class`; the base address if there is none. */
static uint32_t end_of(const struct pg32_ld *ld, enum ld_class class) {
  uint32_t end = pg32_ld_base(ld);
  for (size_t i = 0; i < ld->noutputs; i++)
    if (ld->outputs[i]->class <= class) end = ld->outputs[i]->address + ld->outputs[i]->size;
  return end;
}

static const struct ld_output *output_named(const struct pg32_ld *ld, const char *name) {
  for (size_t i = 0; i < ld->noutputs; i++)
    if (ld->outputs[i]->class != LD_NONE && !strcmp(ld->outputs[i]->name, name)) return ld->outputs[i];
  return NULL;
}

static void provide(struct pg32_ld *ld, const char *name, uint32_t value) {
  struct ld_symbol *symbol = pg32_ld_lookup(ld, name);
  if (symbol->kind != LD_UNDEFINED) return;
  symbol->kind = LD_ABSOLUTE;
  symbol->value = value;
}

static void provide_bounds(struct pg32_ld *ld, const char *start, const char *stop,
                           const struct ld_output *output) {
  provide(ld, start, output ? output->address : end_of(ld, LD_DATA));
  provide(ld, stop, output ? output->address + output->size : end_of(ld, LD_DATA));
}

static void provide_symbols(struct pg32_ld *ld) {
  const struct ld_output *bss = output_named(ld, ".bss");
  uint32_t end = end_of(ld, LD_BSS);
  provide(ld, "__executable_start", pg32_ld_base(ld));
  provide(ld, "etext", end_of(ld, LD_TEXT));
  provide(ld, "_etext", end_of(ld, LD_TEXT));
  provide(ld, "edata", end_of(ld, LD_DATA));
  provide(ld, "_edata", end_of(ld, LD_DATA));
  provide(ld, "__bss_start", bss ? bss->address : end);
  provide(ld, "end", end);
  provide(ld, "_end", end);
  provide(ld, "__image_end", (uint32_t)ld_align(end, LD_PAGE));
  provide_bounds(ld, "__preinit_array_start", "__preinit_array_end", output_named(ld, ".preinit_array"));
  provide_bounds(ld, "__init_array_start", "__init_array_end", output_named(ld, ".init_array"));
  provide_bounds(ld, "__fini_array_start", "__fini_array_end", output_named(ld, ".fini_array"));
  for (size_t i = 0; i < ld->noutputs; i++)
    if (ld->outputs[i]->class != LD_NONE && ld->outputs[i]->name[0] != '.')
      provide_bounds(ld, pg32_ld_format(ld, "__start_%s", ld->outputs[i]->name),
                     pg32_ld_format(ld, "__stop_%s", ld->outputs[i]->name), ld->outputs[i]);
}

bool pg32_ld_lay_out(struct pg32_ld *ld) {
  group_all(ld);
  if (ld->noutputs) qsort(ld->outputs, ld->noutputs, sizeof *ld->outputs, compare_outputs);
  if (!place_outputs(ld)) return false;
  for (size_t i = 0; i < ld->noutputs; i++) copy_bytes(ld, ld->outputs[i]);
  provide_symbols(ld);
  pg32_ld_settle_defines(ld);
  return true;
}

uint32_t pg32_ld_value(const struct ld_symbol *symbol) {
  switch (symbol->kind) {
  case LD_ABSOLUTE: return symbol->value;
  case LD_DEFINED:
    return symbol->section->output
               ? symbol->section->output->address + symbol->section->offset + symbol->value
               : 0;
  default: return 0;
  }
}
