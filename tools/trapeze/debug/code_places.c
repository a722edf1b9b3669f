/* code_places.c - all places in a program's code that a function's name or a source line means: also the copies
 * that the compiler has inlined, and a line's further pieces, such as the second copy of a loop's test. */
#include <dwarf.h>
#include <elf.h>
#include <stdlib.h>
#include <string.h>

#include "eval/eval.h"
#include "flow.h"

void places_add(struct places *p, struct image *i, uint32_t address) {
  for (unsigned k = 0; k < p->n; k++)
    if (p->place[k].image == i && p->place[k].address == address) return;
  if ((p->n & (p->n + 1)) == 0) p->place = must(realloc(p->place, (2 * p->n + 2) * sizeof *p->place));
  p->place[p->n++] = (struct code_place){i, address};
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
      places_add(w->places, w->image, address);
    if (tag == DW_TAG_inlined_subroutine || tag == DW_TAG_lexical_block) add_inlined(w, &child, depth + 1);
  } while (dwarf_siblingof(&child, &child) == 0);
}

static void add_functions_of(const struct wanted *w, Dwarf_Die *unit) {
  Dwarf_Die child;
  uint32_t address;
  if (dwarf_child(unit, &child)) return;
  do {
    if (dwarf_tag(&child) != DW_TAG_subprogram || !entry_of(w->image, &child, &address)) continue;
    if (is_wanted(w, &child, address)) places_add(w->places, w->image, source_body(w->image, address));
    add_inlined(w, &child, 0);
  } while (dwarf_siblingof(&child, &child) == 0);
}

/* Functions without debug information, such as those of assembly. */
static void add_symbols(const struct wanted *w) {
  size_t n;
  const struct pg32_lines_symbol *all = pg32_lines_symbols(w->image->lines, &n);
  for (size_t k = 0; k < n; k++)
    if (strcmp(all[k].name, w->name) == 0 && all[k].type != STT_OBJECT && is_code(w->image, all[k].address))
      places_add(w->places, w->image, source_body(w->image, all[k].address));
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

/* ---- lines ---- */

struct piece { /* a row of the line */
  uint32_t address;
  Dwarf_Off scope; /* of the innermost (inlined) function there: which copy it is */
  uint32_t start;  /* of the function around all copies */
};

static struct piece piece_at(struct image *i, uint32_t address) {
  struct piece p = {.address = address};
  Dwarf_Die *scopes;
  const int n = source_scopes(i, address, &scopes);
  for (int k = n; k-- > 0;) {
    const int tag = dwarf_tag(&scopes[k]);
    if (tag == DW_TAG_subprogram || tag == DW_TAG_inlined_subroutine) p.scope = dwarf_dieoffset(&scopes[k]);
    if (tag == DW_TAG_subprogram) entry_of(i, &scopes[k], &p.start);
  }
  free(scopes);
  return p;
}

/* The line itself if it has code, else the next line of the file that has; 0 = none. */
static int line_with_code(struct image *i, const char *file, int line) {
  size_t n;
  const struct pg32_lines_row *row = pg32_lines_rows(i->lines, &n);
  int best = 0;
  for (size_t k = 0; k < n; k++)
    if (row[k].file && row[k].line >= line && (!best || row[k].line < best) &&
        pg32_lines_is_file(file, row[k].file))
      best = row[k].line;
  return best;
}

static bool is_row_of(const struct pg32_lines_row *row, const char *file, int line) {
  return row->file && row->line == line && pg32_lines_is_file(file, row->file);
}

/* A line at which a function begins means its body, as the function's name does. */
static uint32_t behind_entry(struct image *i, const struct piece *p) {
  return p->address == p->start ? source_body(i, p->address) : p->address;
}

/* All pieces of the line, malloc'ed; stores how many in *found. A row begins a piece unless the row before
 * belongs to the same line of the same copy. Of rows at one address only the last has code. */
static struct piece *pieces_of(struct image *i, const char *file, int line, bool statements, size_t *found) {
  size_t n;
  const struct pg32_lines_row *row = pg32_lines_rows(i->lines, &n);
  struct piece *pieces = must(calloc(n + 1, sizeof *pieces)), before = {0};
  bool joined = false; /* the row before belongs to a piece */
  *found = 0;
  for (size_t k = 0; k < n; k++) {
    if (k + 1 < n && row[k + 1].address == row[k].address) continue;
    const bool ours = is_row_of(&row[k], file, line) && is_code(i, row[k].address);
    const struct piece p = ours ? piece_at(i, row[k].address) : (struct piece){0};
    const bool goes_on = ours && joined && p.scope == before.scope;
    const bool begins = ours && !goes_on && (row[k].statement || !statements);
    if (begins) pieces[(*found)++] = p;
    joined = goes_on || begins;
    before = p;
  }
  return pieces;
}

/* A piece that is only ever reached through other pieces of the same copy is no place of its own: the compiler
 * has mixed the line with others. (The second copy of a loop's test is reached from itself, too.) */
static bool is_place(struct image *i, struct flow *f, const struct piece *pieces, size_t n, size_t k) {
  if (!pieces[k].start || !flow_read(f, i, pieces[k].start)) return true;
  for (size_t other = 0; other < n; other++)
    if (other != k && pieces[other].address && pieces[other].scope == pieces[k].scope)
      flow_close(f, pieces[other].address);
  return flow_reaches(f, pieces[k].address);
}

static void add_pieces(struct image *i, const char *file, int line, bool statements, struct places *places) {
  size_t n;
  struct piece *pieces = pieces_of(i, file, line, statements, &n);
  struct flow *f = must(calloc(1, sizeof *f));
  for (size_t k = n; k-- > 0;)
    if (!is_place(i, f, pieces, n, k)) pieces[k].address = 0;
  for (size_t k = 0; k < n; k++)
    if (pieces[k].address) places_add(places, i, behind_entry(i, &pieces[k]));
  free(f);
  free(pieces);
}

int places_of_line(struct image *i, const char *file, int line, struct places *places) {
  const unsigned before = places->n;
  const int found = i && i->lines ? line_with_code(i, file, line) : 0;
  if (found) add_pieces(i, file, found, true, places);
  if (found && places->n == before) add_pieces(i, file, found, false, places);
  return found;
}

/* ---- as text ---- */

const char *place_words(const struct code_place *p, char *buf, size_t size) {
  struct source_function f[16];
  struct pg32_lines_place at = {0};
  const int n = source_functions(p->image, p->address, f, 16);
  if (p->image && p->image->lines) pg32_lines_at(p->image->lines, p->address, &at);
  size_t used = (size_t)snprintf(buf, size, "0x%08x", p->address);
  for (int k = 0; k < n && used < size; k++)
    used += (size_t)snprintf(buf + used, size - used, k ? " in %s" : " %s", f[k].name ? f[k].name : "?");
  if (!n && at.function && used < size)
    used += (size_t)snprintf(buf + used, size - used, at.offset ? " %s+0x%x" : " %s", at.function, at.offset);
  if (at.file && used < size)
    used += (size_t)snprintf(buf + used, size - used, ", %s:%d", base_name(at.file), at.line);
  if (p->image && used < size) snprintf(buf + used, size - used, ", %s", p->image->name);
  return buf;
}
