/* resolve.c - which definition each global name stands for. There is one table of global symbols, filled from
 * the objects; members of archives are added until no more of them is needed. */
#include "internal.h"
#include <fnmatch.h>
#include <string.h>

static uint32_t hash(const char *name) {
  uint32_t h = 2166136261u;
  while (*name) h = (h ^ (uint8_t)*name++) * 16777619u;
  return h % LD_BUCKETS;
}

static struct ld_symbol *find(const struct pg32_ld *ld, const char *name) {
  struct ld_symbol *symbol = ld->bucket[hash(name)];
  while (symbol && strcmp(symbol->name, name)) symbol = symbol->next;
  return symbol;
}

struct ld_symbol *pg32_ld_lookup(struct pg32_ld *ld, const char *name) {
  struct ld_symbol *symbol = find(ld, name);
  if (symbol) return symbol;
  symbol = pg32_ld_alloc(ld, 1, sizeof *symbol);
  *symbol = (struct ld_symbol){.name = name, .weak = true, .binding = STB_GLOBAL};
  struct ld_symbol **bucket = &ld->bucket[hash(name)];
  symbol->next = *bucket;
  return *bucket = symbol;
}

static void define(struct ld_symbol *global, const struct ld_symbol *from) {
  struct ld_symbol *next = global->next;
  *global = *from;
  global->next = next;
}

static void merge_common(struct ld_symbol *global, const struct ld_symbol *from) {
  uint32_t align = global->value > from->value ? global->value : from->value;
  if (from->size > global->size) define(global, from);
  global->value = align;
}

/* Adds one more symbol of the same name. A strong definition wins over a common one, a common over a weak. */
static bool merge(struct pg32_ld *ld, struct ld_symbol *global, const struct ld_symbol *from) {
  if (global->given) return true;
  if (from->kind == LD_UNDEFINED) {
    if (global->kind == LD_UNDEFINED) global->weak &= from->weak;
  } else if (global->kind == LD_UNDEFINED) {
    define(global, from);
  } else if (global->kind == LD_COMMON && from->kind == LD_COMMON) {
    merge_common(global, from);
  } else if (from->weak || (from->kind == LD_COMMON && !global->weak)) {
    return true;
  } else if (global->weak || global->kind == LD_COMMON) {
    define(global, from);
  } else {
    return pg32_ld_error(ld, "%s: '%s' is already defined in %s", from->object->name, from->name,
                         global->object->name);
  }
  return true;
}

static void enter(struct pg32_ld *ld, struct ld_object *object) {
  object->loaded = true;
  for (size_t i = 1; i < object->nsymbols; i++) {
    const struct ld_symbol *own = &object->own[i];
    if (own->binding == STB_LOCAL || !*own->name) continue;
    const char *name = own->kind == LD_UNDEFINED && ld->wraps ? pg32_ld_wrapped(ld, own->name) : own->name;
    object->symbol[i] = pg32_ld_lookup(ld, name);
    merge(ld, object->symbol[i], own);
    object->symbol[i]->used = true;
  }
}

/* Whether the archive's member defines a symbol that is undefined so far. */
static bool is_wanted(const struct pg32_ld *ld, const struct ld_object *member) {
  for (size_t i = 1; i < member->nsymbols; i++) {
    const struct ld_symbol *own = &member->own[i];
    if (own->binding == STB_LOCAL || own->kind == LD_UNDEFINED) continue;
    const struct ld_symbol *global = find(ld, own->name);
    if (global && global->kind == LD_UNDEFINED && !global->weak) return true;
  }
  return false;
}

static bool pull_members(struct pg32_ld *ld) {
  bool pulled = false;
  for (struct ld_object *object = ld->objects; object; object = object->next) {
    if (object->loaded || !is_wanted(ld, object)) continue;
    enter(ld, object);
    pulled = true;
  }
  return pulled;
}

static void give_room(struct pg32_ld *ld, struct ld_symbol *symbol, struct ld_object *object) {
  struct ld_section *room = pg32_ld_alloc(ld, 1, sizeof *room);
  *room = (struct ld_section){.object = object,
                              .name = "COMMON",
                              .type = SHT_NOBITS,
                              .flags = SHF_ALLOC | SHF_WRITE,
                              .size = symbol->size,
                              .align = symbol->value,
                              .sequence = ld->sections++};
  ld->commons = pg32_ld_grow(ld, ld->commons, ld->ncommons, &ld->commons_room, sizeof *ld->commons);
  ld->commons[ld->ncommons++] = room;
  symbol->kind = LD_DEFINED;
  symbol->section = room;
  symbol->value = 0;
}

/* Gives room to common symbols, in the order of the objects' symbol tables. */
static void allocate_common(struct pg32_ld *ld) {
  for (struct ld_object *object = ld->objects; object; object = object->next)
    for (size_t i = 1; object->loaded && i < object->nsymbols; i++)
      if (object->symbol[i]->kind == LD_COMMON) give_room(ld, object->symbol[i], object);
}

bool pg32_ld_resolve(struct pg32_ld *ld) {
  if (!ld->options.allow_undefined) pg32_ld_lookup(ld, ld->options.entry)->weak = false;
  for (struct ld_object *object = ld->objects; object; object = object->next)
    if (object->loaded) enter(ld, object);
  while (pull_members(ld)) continue;
  if (ld->errors) return false;
  allocate_common(ld);
  return true;
}

/* ---- what stays undefined ---- */

static const char *hint(const char *name) {
  static const char *const soft_float[] = {"__*[sdt]f[23]", "__fix*[sdt]f[sdt]i", "__float*i[sdt]f"};
  for (size_t i = 0; i < sizeof soft_float / sizeof *soft_float; i++)
    if (!fnmatch(soft_float[i], name, 0))
      return " (a floating-point operation: no instruction of PG32 does it; libc.a does)";
  if (!fnmatch("__*[sdt]i[234]", name, 0)) return " (a compiler's helper function: it is in libc.a)";
  return "";
}

static void report_undefined(struct pg32_ld *ld, struct ld_symbol *symbol, const struct ld_section *section,
                             uint32_t offset) {
  enum { MOST = 3 };
  if (symbol->reported++ < MOST)
    pg32_ld_error(ld, "%s: undefined symbol '%s'%s", pg32_ld_place(ld, section, offset), symbol->name,
                  hint(symbol->name));
  else if (symbol->reported == MOST + 1)
    pg32_ld_error(ld, "undefined symbol '%s' is referred to from more places", symbol->name);
}

static void check_section(struct pg32_ld *ld, const struct ld_section *section) {
  for (size_t i = 0; i < section->nrelocs; i++) {
    struct ld_symbol *symbol = section->object->symbol[section->relocs[i].symbol];
    if (symbol->kind == LD_UNDEFINED && !symbol->weak && section->relocs[i].symbol)
      report_undefined(ld, symbol, section, section->relocs[i].offset);
  }
}

bool pg32_ld_check_undefined(struct pg32_ld *ld) {
  if (ld->options.allow_undefined) return true;
  for (struct ld_object *object = ld->objects; object; object = object->next)
    for (size_t i = 1; object->loaded && i < object->nsections; i++)
      if (object->sections[i].output) check_section(ld, &object->sections[i]);
  if (pg32_ld_lookup(ld, ld->options.entry)->kind == LD_UNDEFINED)
    pg32_ld_error(ld, "the entry symbol '%s' is not defined", ld->options.entry);
  return !ld->errors;
}
