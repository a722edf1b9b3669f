/* frames.c - takes the entries of dropped functions out of .debug_frame. With an address of 0 they would say
 * how to unwind whatever lies there. What an entry is, isa/as/frame.c says. */
#include "internal.h"
#include <string.h>

enum { CIE_ID = -1, POINTER = 4, LOCATION = 8, LEAST = 16 }; /* in an FDE; its least size */

struct entry {
  uint32_t offset, size, moved; /* moved: its offset when the dropped entries are gone */
  bool is_function, dropped;
};

struct entries {
  struct entry *entry;
  size_t count, room;
};

static uint32_t word_at(const struct ld_section *section, uint32_t offset) {
  uint32_t word;
  memcpy(&word, section->bytes + offset, sizeof word);
  return word;
}

static bool read_entries(struct pg32_ld *ld, const struct ld_section *section, struct entries *all) {
  for (uint32_t at = 0, size; at < section->size; at += size) {
    const uint32_t left = section->size - at;
    const uint32_t length = left < 4 ? 0 : word_at(section, at);
    if (left < 4 || length > left - 4)
      return pg32_ld_error(ld, "%s: section %s is damaged: the entry at 0x%x is longer than the section",
                           section->object->name, section->name, (unsigned)at);
    size = length + 4;
    const bool is_function = size >= LEAST && word_at(section, at + POINTER) != (uint32_t)CIE_ID;
    all->entry = pg32_ld_grow(ld, all->entry, all->count, &all->room, sizeof *all->entry);
    all->entry[all->count++] = (struct entry){.offset = at, .size = size, .is_function = is_function};
  }
  return true;
}

/* The entry in which `offset` lies; NULL if there is none. */
static struct entry *entry_at(const struct entries *all, uint32_t offset) {
  size_t low = 0, high = all->count;
  while (low < high) {
    const size_t middle = low + (high - low) / 2;
    struct entry *e = &all->entry[middle];
    if (offset < e->offset)
      high = middle;
    else if (offset - e->offset >= e->size)
      low = middle + 1;
    else
      return e;
  }
  return NULL;
}

/* Marks the entries of functions that are not live; returns how many. */
static size_t mark_dropped(const struct ld_section *section, struct entries *all) {
  size_t dropped = 0;
  for (size_t i = 0; i < section->nrelocs; i++) {
    const struct ld_reloc *reloc = &section->relocs[i];
    const struct ld_symbol *symbol = section->object->symbol[reloc->symbol];
    struct entry *e = entry_at(all, reloc->offset);
    if (!e || !e->is_function || e->dropped || reloc->offset != e->offset + LOCATION) continue;
    e->dropped = symbol->kind == LD_DEFINED && !symbol->section->live;
    dropped += e->dropped;
  }
  return dropped;
}

static void move_bytes(struct pg32_ld *ld, struct ld_section *section, struct entries *all) {
  uint8_t *bytes = pg32_ld_alloc(ld, section->size + 1, 1);
  uint32_t size = 0;
  for (size_t i = 0; i < all->count; i++) {
    struct entry *e = &all->entry[i];
    e->moved = size;
    if (e->dropped) continue;
    memcpy(bytes + size, section->bytes + e->offset, e->size);
    size += e->size;
  }
  section->bytes = bytes;
  section->size = size;
}

/* Relocations of the section, and pointers into it: those to common entries. */
static void move_relocs(struct ld_section *section, const struct entries *all) {
  size_t kept = 0;
  for (size_t i = 0; i < section->nrelocs; i++) {
    struct ld_reloc reloc = section->relocs[i];
    const struct entry *e = entry_at(all, reloc.offset);
    if (!e || e->dropped) continue;
    reloc.offset += e->moved - e->offset;
    const struct ld_symbol *symbol = section->object->symbol[reloc.symbol];
    const bool inside = symbol->kind == LD_DEFINED && symbol->section == section;
    const struct entry *target = inside ? entry_at(all, symbol->value + (uint32_t)reloc.addend) : NULL;
    if (target) reloc.addend += (int32_t)(target->moved - target->offset);
    section->relocs[kept++] = reloc;
  }
  section->nrelocs = kept;
}

static bool drop(struct pg32_ld *ld, struct ld_section *section) {
  struct entries all = {0};
  if (!read_entries(ld, section, &all)) return false;
  if (!mark_dropped(section, &all)) return true;
  move_bytes(ld, section, &all);
  move_relocs(section, &all);
  return true;
}

bool pg32_ld_drop_frames(struct pg32_ld *ld) {
  if (!ld->options.gc_sections || ld->options.strip_debug) return true;
  for (struct ld_object *object = ld->objects; object; object = object->next)
    for (size_t i = 1; object->loaded && i < object->nsections; i++) {
      struct ld_section *section = &object->sections[i];
      if (!strcmp(section->name, ".debug_frame") && section->bytes && !drop(ld, section)) return false;
    }
  return true;
}
