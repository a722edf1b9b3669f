/* reloc.c - fills in addresses where the objects have relocations; isa/elf_pg32.h says which. */
#include "internal.h"
#include "isa/elf_pg32.h"
#include <string.h>

enum { IMM15 = 0x7FFF, IMM20 = 0xFFFFF };

static uint32_t get32(const uint8_t *p) { return p[0] | p[1] << 8 | p[2] << 16 | (uint32_t)p[3] << 24; }

static void put32(uint8_t *p, uint32_t word) {
  for (int i = 0; i < 4; i++) p[i] = (uint8_t)(word >> 8 * i);
}

static void put_field(uint8_t *place, uint32_t mask, uint32_t value) {
  put32(place, (get32(place) & ~mask) | (value & mask));
}

static uint32_t low12(uint32_t value) { return (value & 0xFFF) - (value & 0x800) * 2; }

static uint32_t upper20(uint32_t value) { return (value + 0x800) >> 12; }

static const struct ld_symbol *symbol_of(const struct ld_section *section, const struct ld_reloc *reloc) {
  return section->object->symbol[reloc->symbol];
}

static uint32_t place_of(const struct ld_section *section, const struct ld_reloc *reloc) {
  return section->output->address + section->offset + reloc->offset;
}

static uint32_t target_of(const struct ld_section *section, const struct ld_reloc *reloc) {
  return pg32_ld_value(symbol_of(section, reloc)) + (uint32_t)reloc->addend;
}

static const char *name_of(const struct ld_symbol *symbol) {
  if (*symbol->name) return symbol->name;
  return symbol->type == STT_SECTION && symbol->section ? symbol->section->name : "?";
}

/* A branch or jump: the distance in words must fit into `bits`. */
static bool put_distance(struct pg32_ld *ld, const struct ld_section *section, const struct ld_reloc *reloc,
                         uint8_t *place, int bits) {
  int64_t distance = (int64_t)target_of(section, reloc) - place_of(section, reloc);
  int64_t reach = (int64_t)4 << (bits - 1);
  if (distance & 3)
    return pg32_ld_error(ld, "%s: '%s' is %lld bytes away, not a whole number of instructions",
                         pg32_ld_place(ld, section, reloc->offset), name_of(symbol_of(section, reloc)),
                         (long long)distance);
  if (distance < -reach || distance >= reach)
    return pg32_ld_error(ld, "%s: '%s' is out of reach: %lld bytes away, a %s reaches from %lld to %lld",
                         pg32_ld_place(ld, section, reloc->offset), name_of(symbol_of(section, reloc)),
                         (long long)distance, bits == 15 ? "branch" : "jump", (long long)-reach,
                         (long long)reach - 4);
  put_field(place, bits == 15 ? IMM15 : IMM20, (uint32_t)(distance / 4));
  return true;
}

/* The PCREL_HI20 at offset `at` of the section. The search starts at `before` and goes backwards, as it is
 * usually found shortly before the PCREL_LO12. */
static const struct ld_reloc *find_high(const struct ld_section *section, uint32_t at, size_t before) {
  for (size_t n = section->nrelocs, i = 0; i < n; i++) {
    const struct ld_reloc *reloc = &section->relocs[(before + n - i) % n];
    if (reloc->offset == at && reloc->type == R_PG32_PCREL_HI20) return reloc;
  }
  return NULL;
}

static bool put_pcrel_low(struct pg32_ld *ld, const struct ld_section *section, const struct ld_reloc *reloc,
                          uint8_t *place) {
  const struct ld_symbol *label = symbol_of(section, reloc);
  const struct ld_reloc *high = NULL;
  if (label->section && label->section->output)
    high =
        find_high(label->section, label->value + (uint32_t)reloc->addend, (size_t)(reloc - section->relocs));
  if (!high)
    return pg32_ld_error(ld, "%s: %%pcrel_lo(%s) has no %%pcrel_hi there",
                         pg32_ld_place(ld, section, reloc->offset), name_of(label));
  put_field(place, IMM15, low12(target_of(label->section, high) - place_of(label->section, high)));
  return true;
}

/* A value that must fit, signed or unsigned, into `bytes`. */
static bool put_small(struct pg32_ld *ld, const struct ld_section *section, const struct ld_reloc *reloc,
                      uint8_t *place, int bytes) {
  uint32_t value = target_of(section, reloc);
  int64_t both = (int32_t)value, range = (int64_t)1 << 8 * bytes;
  if (both < -range / 2 || both >= range)
    return pg32_ld_error(ld, "%s: the value 0x%x of '%s' does not fit into %d byte%s",
                         pg32_ld_place(ld, section, reloc->offset), (unsigned)value,
                         name_of(symbol_of(section, reloc)), bytes, bytes > 1 ? "s" : "");
  for (int i = 0; i < bytes; i++) place[i] = (uint8_t)(value >> 8 * i);
  return true;
}

/* The word for an address in debug information: 0 for a function that was dropped, or 1 in the lists that a
 * pair of zeros would end. */
static bool is_dropped(const struct ld_symbol *symbol) {
  return symbol->kind == LD_DEFINED && !symbol->section->output;
}

static uint32_t word_for(const struct ld_section *section, const struct ld_reloc *reloc) {
  if (!is_dropped(symbol_of(section, reloc))) return target_of(section, reloc);
  return !strcmp(section->name, ".debug_ranges") || !strcmp(section->name, ".debug_loc");
}

static bool apply(struct pg32_ld *ld, const struct ld_section *section, const struct ld_reloc *reloc) {
  uint8_t *place = section->output->bytes + section->offset + reloc->offset;
  uint32_t target = target_of(section, reloc);
  switch (reloc->type) {
  case R_PG32_32: put32(place, word_for(section, reloc)); return true;
  case R_PG32_HI20: put_field(place, IMM20, upper20(target)); return true;
  case R_PG32_LO12: put_field(place, IMM15, low12(target)); return true;
  case R_PG32_BRANCH: return put_distance(ld, section, reloc, place, 15);
  case R_PG32_JUMP: return put_distance(ld, section, reloc, place, 20);
  case R_PG32_PCREL_HI20: put_field(place, IMM20, upper20(target - place_of(section, reloc))); return true;
  case R_PG32_PCREL_LO12: return put_pcrel_low(ld, section, reloc, place);
  case R_PG32_16: return put_small(ld, section, reloc, place, 2);
  case R_PG32_8: return put_small(ld, section, reloc, place, 1);
  default: return true; /* NONE; SUB32 is applied later */
  }
}

/* A SUB32 is applied after the R_PG32_32 at the same place, whichever comes first in the file. */
static void subtract(const struct ld_section *section, const struct ld_reloc *reloc) {
  uint8_t *place = section->output->bytes + section->offset + reloc->offset;
  put32(place, get32(place) - target_of(section, reloc));
}

static void relocate(struct pg32_ld *ld, const struct ld_section *section) {
  for (size_t i = 0; i < section->nrelocs; i++)
    if (!ld->options.allow_undefined || symbol_of(section, &section->relocs[i])->kind != LD_UNDEFINED)
      apply(ld, section, &section->relocs[i]);
  for (size_t i = 0; i < section->nrelocs; i++)
    if (section->relocs[i].type == R_PG32_SUB32) subtract(section, &section->relocs[i]);
}

bool pg32_ld_relocate(struct pg32_ld *ld) {
  for (struct ld_object *object = ld->objects; object; object = object->next)
    for (size_t i = 1; object->loaded && i < object->nsections; i++)
      if (object->sections[i].output && object->sections[i].bytes) relocate(ld, &object->sections[i]);
  return !ld->errors;
}
