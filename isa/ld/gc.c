/* gc.c - which sections are live: all, or with gc_sections those that the entry, the constructors and
 * sections with the flag SHF_GNU_RETAIN reach through relocations. */
#include "internal.h"
#include <ctype.h>
#include <string.h>

struct reach { /* live sections whose relocations are still to be followed */
  struct ld_section **stack;
  size_t count, room;
};

static void mark(struct pg32_ld *ld, struct reach *reach, struct ld_section *section) {
  if (!section || section->live) return;
  section->live = true;
  reach->stack = pg32_ld_grow(ld, reach->stack, reach->count, &reach->room, sizeof(struct ld_section *));
  reach->stack[reach->count++] = section;
}

/* A program may walk a section whose name is a C identifier from __start_NAME to __stop_NAME: it is kept. */
static bool is_identifier(const char *name) {
  if (!isalpha((unsigned char)*name) && *name != '_') return false;
  while (isalnum((unsigned char)*name) || *name == '_') name++;
  return !*name;
}

static bool is_root(const struct pg32_ld *ld, const struct ld_section *section) {
  enum { RETAIN = 1 << 21 }; /* SHF_GNU_RETAIN */
  if (!ld->options.gc_sections || !(section->flags & SHF_ALLOC) || (section->flags & RETAIN)) return true;
  return section->type == SHT_INIT_ARRAY || section->type == SHT_FINI_ARRAY ||
         section->type == SHT_PREINIT_ARRAY || !strncmp(section->name, ".init_array", 11) ||
         !strncmp(section->name, ".fini_array", 11) || is_identifier(section->name);
}

static void follow(struct pg32_ld *ld, struct reach *reach, const struct ld_section *section) {
  if (!(section->flags & SHF_ALLOC)) return; /* debug information refers to dead sections, too */
  for (size_t i = 0; i < section->nrelocs; i++)
    mark(ld, reach, section->object->symbol[section->relocs[i].symbol]->section);
}

void pg32_ld_collect(struct pg32_ld *ld) {
  struct reach reach = {0};
  mark(ld, &reach, pg32_ld_lookup(ld, ld->options.entry)->section);
  for (struct ld_object *object = ld->objects; object; object = object->next)
    for (size_t i = 1; object->loaded && i < object->nsections; i++)
      if (is_root(ld, &object->sections[i])) mark(ld, &reach, &object->sections[i]);
  struct ld_define *at = ld->defines;
  for (struct ld_section *section; (section = pg32_ld_next_defined(ld, &at));) mark(ld, &reach, section);
  for (size_t i = 0; !ld->options.gc_sections && i < ld->ncommons; i++) mark(ld, &reach, ld->commons[i]);
  while (reach.count) follow(ld, &reach, reach.stack[--reach.count]);
}
