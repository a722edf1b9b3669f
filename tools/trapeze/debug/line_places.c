/* line_places.c - all places in a program's code that a source line means: of each copy that the compiler has
 * inlined, all pieces that are executed apart, such as the second copy of a loop's test; and the calls of inlined
 * functions, which have no code of their own. */
#include <dwarf.h>
#include <stdlib.h>
#include <string.h>

#include "eval/eval.h"
#include "flow.h"

struct piece { /* of the line's code */
  uint32_t address;
  Dwarf_Off scope; /* the (inlined) function that it is in: which copy it is */
  uint32_t start;  /* of the function around all copies */
  int outwards;    /* as in struct code_place */
};

struct pieces {
  struct image *image;
  const char *file;
  int line;
  struct piece *piece; /* malloc'ed */
  size_t n;
};

static void add_piece(struct pieces *p, struct piece piece) {
  if ((p->n & (p->n + 1)) == 0) p->piece = must(realloc(p->piece, (2 * p->n + 2) * sizeof *p->piece));
  p->piece[p->n++] = piece;
}

static bool is_code(struct image *i, uint32_t address) {
  uint32_t word;
  return pg32_lines_is_loaded(i->lines, address) && image_word(i, address, &word);
}

static bool is_function(Dwarf_Die *die) {
  return dwarf_tag(die) == DW_TAG_subprogram || dwarf_tag(die) == DW_TAG_inlined_subroutine;
}

/* The piece at the address in the function that is the `outwards`th there, from inside. */
static struct piece piece_at(struct image *i, uint32_t address, int outwards) {
  struct piece p = {.address = address, .outwards = outwards};
  Dwarf_Die *scopes;
  Dwarf_Addr low;
  const int n = source_scopes(i, address, &scopes);
  for (int k = 0, inner = 0; k < n; k++) {
    if (!is_function(&scopes[k])) continue;
    if (inner++ == outwards) p.scope = dwarf_dieoffset(&scopes[k]);
    if (dwarf_tag(&scopes[k]) == DW_TAG_subprogram && dwarf_lowpc(&scopes[k], &low) == 0)
      p.start = (uint32_t)low;
  }
  free(scopes);
  return p;
}

/* ---- rows of the line table ---- */

/* The line itself if it has code, else the next line of the file that has; 0 = none. */
static int row_with_code(struct image *i, const char *file, int line) {
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

/* A row begins a piece unless the row before belongs to the same line of the same copy. Of rows at one address
 * only the last has code. */
static void add_rows(struct pieces *p, bool statements) {
  size_t n;
  const struct pg32_lines_row *row = pg32_lines_rows(p->image->lines, &n);
  struct piece before = {0};
  bool joined = false; /* the row before belongs to a piece */
  for (size_t k = 0; k < n; k++) {
    if (k + 1 < n && row[k + 1].address == row[k].address) continue;
    const bool ours = is_row_of(&row[k], p->file, p->line) && is_code(p->image, row[k].address);
    const struct piece piece = ours ? piece_at(p->image, row[k].address, 0) : (struct piece){0};
    const bool goes_on = ours && joined && piece.scope == before.scope;
    const bool begins = ours && !goes_on && (row[k].statement || !statements);
    if (begins) add_piece(p, piece);
    joined = goes_on || begins;
    before = piece;
  }
}

/* ---- calls of inlined functions ---- */

/* Calls `take` for each of them in the program. */
struct calls {
  struct pieces *pieces;
  void (*take)(struct calls *c, uint32_t address, int line);
  int best; /* the next line that calls one; 0 = none */
};

static bool begins_at(struct image *i, Dwarf_Die *die, uint32_t *address) {
  Dwarf_Addr entry, end, base;
  if (dwarf_entrypc(die, &entry) && dwarf_ranges(die, 0, &base, &entry, &end) <= 0) return false;
  *address = (uint32_t)entry;
  return is_code(i, *address);
}

static void go_through(struct calls *c, Dwarf_Die *scope, unsigned depth) {
  Dwarf_Die child;
  uint32_t address;
  int line;
  if (depth > 64 || dwarf_child(scope, &child)) return;
  do {
    const int tag = dwarf_tag(&child);
    if (tag == DW_TAG_inlined_subroutine && begins_at(c->pieces->image, &child, &address)) {
      const char *file = source_call(&child, &line);
      if (file && pg32_lines_is_file(c->pieces->file, file)) c->take(c, address, line);
    }
    if (is_function(&child) || tag == DW_TAG_lexical_block) go_through(c, &child, depth + 1);
  } while (dwarf_siblingof(&child, &child) == 0);
}

static void all_calls(struct calls *c) {
  Dwarf_CU *cu = NULL;
  Dwarf_Die unit;
  Dwarf *dwarf = source_dwarf(c->pieces->image);
  while (dwarf && dwarf_get_units(dwarf, cu, &cu, NULL, NULL, &unit, NULL) == 0) go_through(c, &unit, 0);
}

static void take_best(struct calls *c, uint32_t address, int line) {
  (void)address;
  if (line >= c->pieces->line && (!c->best || line < c->best)) c->best = line;
}

/* The function that begins at the address may call another one that was inlined there: from inside, the first
 * one that was called at this line counts. */
static void take_call(struct calls *c, uint32_t address, int line) {
  struct source_function f[64];
  struct pieces *p = c->pieces;
  const int n = line == p->line ? source_functions(p->image, address, f, 64) : 0;
  for (int k = 1; k < n; k++)
    if (f[k].line == line && f[k].file && pg32_lines_is_file(p->file, f[k].file))
      return add_piece(p, piece_at(p->image, address, k));
}

/* ---- both ---- */

/* Prepares for paths to piece `k` that avoid the other pieces of the same copy. False: they are not known. */
static bool begin_flow(struct flow *f, const struct pieces *p, size_t k) {
  const struct piece *piece = &p->piece[k];
  if (!piece->start || !flow_read(f, p->image, piece->start)) return false;
  for (size_t other = 0; other < p->n; other++)
    if (p->piece[other].address && p->piece[other].address != piece->address &&
        p->piece[other].scope == piece->scope)
      flow_close(f, p->piece[other].address);
  return true;
}

/* A piece that is only ever reached through other pieces of the same copy is no place of its own: the compiler
 * has mixed the line with others. (The second copy of a loop's test is reached from itself, too.) */
static bool is_place(struct flow *f, const struct pieces *p, size_t k) {
  const struct piece *piece = &p->piece[k];
  if (!begin_flow(f, p, k)) return true;
  if (flow_leads_to(f, piece->address)) return true;
  begin_flow(f, p, k);
  return flow_comes_back(f, piece->address);
}

/* A line at which a function begins means its body, as the function's name does. */
static struct code_place place_of(struct image *i, const struct piece *p) {
  const uint32_t body = p->address == p->start ? source_body(i, p->address) : p->address;
  return (struct code_place){i, body, body == p->address ? p->outwards : 0};
}

static void add_places(struct pieces *p, struct places *places) {
  struct flow *f = must(calloc(1, sizeof *f));
  for (size_t k = p->n; k-- > 0;)
    if (!is_place(f, p, k)) p->piece[k].address = 0;
  for (size_t k = 0; k < p->n; k++)
    if (p->piece[k].address) places_add(places, place_of(p->image, &p->piece[k]));
  free(f);
}

int places_of_line(struct image *i, const char *file, int line, struct places *places) {
  if (!i || !i->lines) return 0;
  struct pieces p = {.image = i, .file = file, .line = line};
  struct calls c = {.pieces = &p, .take = take_best};
  all_calls(&c);
  p.line = row_with_code(i, file, line);
  if (!p.line || (c.best && c.best < p.line)) p.line = c.best;
  if (!p.line) return 0;
  add_rows(&p, true);
  c.take = take_call;
  all_calls(&c);
  if (!p.n) add_rows(&p, false);
  add_places(&p, places);
  free(p.piece);
  return p.line;
}
