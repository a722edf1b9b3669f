/* code_places.c - all places in a program's code that a function's name means: also the copies that the compiler
 * has inlined. */
#include <dwarf.h>
#include <elf.h>
#include <stdlib.h>
#include <string.h>

#include "eval/eval.h"

void places_add(struct places *p, struct code_place place) {
  for (unsigned k = 0; k < p->n; k++)
    if (p->place[k].image == place.image && p->place[k].address == place.address) return;
  if ((p->n & (p->n + 1)) == 0) p->place = must(realloc(p->place, (2 * p->n + 2) * sizeof *p->place));
  p->place[p->n++] = place;
}

void places_free(struct places *p) {
  free(p->place);
  *p = (struct places){0};
}

/* Code of functions that the linker has dropped claims addresses from 0 on. */
static bool is_code(struct image *i, uint32_t address) {
  uint32_t word;
  return pg32_lines_is_loaded(i->lines, address) && image_word(i, address, &word);
}

/* ---- functions ---- */

struct wanted { /* a function */
  struct image *image;
  const char *file, *name; /* file NULL = any */
  struct places *places;
};

/* Where the function begins by calling others that were inlined, it is the frame outside of theirs. */
static int outwards_at(const struct wanted *w, uint32_t address) {
  struct source_function f[64];
  const int n = source_functions(w->image, address, f, 64);
  for (int k = 0; k < n; k++)
    if (f[k].name && strcmp(f[k].name, w->name) == 0) return k;
  return 0;
}

static void add_function(const struct wanted *w, uint32_t address) {
  places_add(w->places, (struct code_place){w->image, address, outwards_at(w, address)});
}

static bool entry_of(struct image *i, Dwarf_Die *function, uint32_t *address) {
  Dwarf_Addr entry, end, base;
  if (dwarf_entrypc(function, &entry) && dwarf_ranges(function, 0, &base, &entry, &end) <= 0) return false;
  *address = (uint32_t)entry;
  return is_code(i, *address);
}

/* Is it the function, in its file as the line table has it? */
static bool is_wanted(const struct wanted *w, Dwarf_Die *function, uint32_t entry) {
  struct pg32_lines_place at;
  const char *name = dwarf_diename(function);
  if (!name || strcmp(name, w->name) != 0) return false;
  return !w->file ||
         (pg32_lines_at(w->image->lines, entry, &at) && at.file && pg32_lines_is_file(w->file, at.file));
}

/* The copies of the function that were inlined below `scope`. */
static void add_inlined(const struct wanted *w, Dwarf_Die *scope, unsigned depth) {
  Dwarf_Die child;
  uint32_t address;
  if (depth > 64 || dwarf_child(scope, &child)) return;
  do {
    const int tag = dwarf_tag(&child);
    if (tag == DW_TAG_inlined_subroutine && entry_of(w->image, &child, &address) &&
        is_wanted(w, &child, address))
      add_function(w, address);
    if (tag == DW_TAG_inlined_subroutine || tag == DW_TAG_lexical_block) add_inlined(w, &child, depth + 1);
  } while (dwarf_siblingof(&child, &child) == 0);
}

static void add_functions_of(const struct wanted *w, Dwarf_Die *unit) {
  Dwarf_Die child;
  uint32_t address;
  if (dwarf_child(unit, &child)) return;
  do {
    if (dwarf_tag(&child) != DW_TAG_subprogram || !entry_of(w->image, &child, &address)) continue;
    if (is_wanted(w, &child, address)) add_function(w, source_body(w->image, address));
    add_inlined(w, &child, 0);
  } while (dwarf_siblingof(&child, &child) == 0);
}

/* Functions without debug information, such as those of assembly. */
static void add_symbols(const struct wanted *w) {
  size_t n;
  const struct pg32_lines_symbol *all = pg32_lines_symbols(w->image->lines, &n);
  for (size_t k = 0; k < n; k++)
    if (strcmp(all[k].name, w->name) == 0 && all[k].type != STT_OBJECT && is_code(w->image, all[k].address))
      add_function(w, source_body(w->image, all[k].address));
}

void places_of_function(struct image *i, const char *file, const char *name, struct places *places) {
  const struct wanted w = {i, file, name, places};
  Dwarf_CU *cu = NULL;
  Dwarf_Die unit;
  if (!i || !i->lines) return;
  Dwarf *dwarf = source_dwarf(i);
  while (dwarf && dwarf_get_units(dwarf, cu, &cu, NULL, NULL, &unit, NULL) == 0) add_functions_of(&w, &unit);
  if (!file) add_symbols(&w);
}

/* ---- as text ---- */

const char *place_words(const struct code_place *p, char *buf, size_t size) {
  struct source_function f[16];
  struct pg32_lines_place at = {0};
  const int n = source_functions(p->image, p->address, f, 16);
  if (p->image && p->image->lines) pg32_lines_at(p->image->lines, p->address, &at);
  size_t used = (size_t)snprintf(buf, size, "0x%08x", p->address);
  for (int k = p->outwards; k < n && used < size; k++)
    used += (size_t)snprintf(buf + used, size - used, k > p->outwards ? " in %s" : " %s",
                             f[k].name ? f[k].name : "?");
  if (p->outwards && p->outwards < n) at.file = f[p->outwards].file, at.line = f[p->outwards].line;
  if (!n && at.function && used < size)
    used += (size_t)snprintf(buf + used, size - used, at.offset ? " %s+0x%x" : " %s", at.function, at.offset);
  if (at.file && used < size)
    used += (size_t)snprintf(buf + used, size - used, ", %s:%d", base_name(at.file), at.line);
  if (p->image && used < size) snprintf(buf + used, size - used, ", %s", p->image->name);
  return buf;
}
