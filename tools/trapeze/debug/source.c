/* source.c - what a program's DWARF says about its code: inlined functions, and where a function's body
 * begins. */
#include <dwarf.h>
#include <stdlib.h>

#include "eval/eval.h"
#include "flow.h"

#define BODIES 256 /* whose beginnings are kept, at most one for each hash of an address */

Dwarf *source_dwarf(struct image *i) {
  if (!i || i->fd < 0) return NULL;
  if (!i->dwarf) i->dwarf = dwarf_begin(i->fd, DWARF_C_READ);
  return i->dwarf;
}

void source_close(struct image *i) {
  if (i->dwarf) dwarf_end(i->dwarf);
  free(i->layout);
  free(i->bodies);
}

/* The scopes around `pc`, innermost first; returns how many. Units are searched one by one because images
 * have no table of address ranges. The outer scopes come from the tree of DIEs; for an inlined function they
 * include the function into which it was inlined, whose frame it uses. None where no code is: the DIEs of
 * functions that the linker has dropped claim addresses from 0 on. */
int source_scopes(struct image *i, uint32_t pc, Dwarf_Die **scopes) {
  Dwarf *dwarf = i && i->lines && pg32_lines_is_loaded(i->lines, pc) ? source_dwarf(i) : NULL;
  Dwarf_Die unit, *inner = NULL;
  Dwarf_CU *cu = NULL;
  int n = 0;
  *scopes = NULL;
  while (dwarf && n == 0 && dwarf_get_units(dwarf, cu, &cu, NULL, NULL, &unit, NULL) == 0)
    if (dwarf_haspc(&unit, pc) > 0) n = dwarf_getscopes(&unit, pc, &inner);
  if (n > 0) n = dwarf_getscopes_die(&inner[0], scopes);
  free(inner);
  return n > 0 ? n : 0;
}

/* ---- inlined functions ---- */

const char *source_call(Dwarf_Die *call, int *line) {
  Dwarf_Attribute a;
  Dwarf_Word number;
  Dwarf_Files *files;
  Dwarf_Die unit;
  *line = dwarf_formudata(dwarf_attr(call, DW_AT_call_line, &a), &number) == 0 ? (int)number : 0;
  if (dwarf_formudata(dwarf_attr(call, DW_AT_call_file, &a), &number) ||
      !dwarf_diecu(call, &unit, NULL, NULL) || dwarf_getsrcfiles(&unit, &files, NULL))
    return NULL;
  return dwarf_filesrc(files, number, NULL, NULL);
}

int source_functions(struct image *i, uint32_t pc, struct source_function *f, int max) {
  Dwarf_Die *scopes;
  const int n = source_scopes(i, pc, &scopes);
  struct pg32_lines_place at = {0};
  int found = 0;
  if (n && i->lines) pg32_lines_at(i->lines, pc, &at);
  const char *file = at.file;
  int line = at.line;
  for (int k = 0; k < n && found < max; k++) {
    const int tag = dwarf_tag(&scopes[k]);
    if (tag != DW_TAG_subprogram && tag != DW_TAG_inlined_subroutine) continue;
    f[found++] = (struct source_function){dwarf_diename(&scopes[k]), file, line};
    if (tag == DW_TAG_subprogram) break;
    file = source_call(&scopes[k], &line);
  }
  free(scopes);
  return found;
}

/* ---- behind the prologue ---- */

/* The first row of the function that is marked as its body's; else the function's beginning. */
static uint32_t body_of(Dwarf_Die *function, uint32_t low) {
  Dwarf_Addr *places, first = low;
  const int n = dwarf_entry_breakpoints(function, &places);
  if (n <= 0) return low;
  if (n == 1 && places[0] > low && dwarf_haspc(function, places[0]) > 0) first = places[0];
  free(places);
  return (uint32_t)first;
}

/* Is each way to the body through the address, and that only once? */
static bool comes_before(struct flow *f, struct image *i, uint32_t low, uint32_t address, uint32_t body) {
  flow_read(f, i, low);
  if (flow_comes_back(f, address)) return false;
  flow_read(f, i, low);
  flow_close(f, address);
  return !flow_leads_to(f, body);
}

/* The compiler may mark the head of a loop, to which the loop comes back: then the last instruction before it is
 * meant, behind which everything is in its place, too. */
static uint32_t before_loop(struct image *i, uint32_t low, uint32_t body) {
  struct flow *f = must(calloc(1, sizeof *f));
  uint32_t first = body;
  if (flow_read(f, i, low) && flow_comes_back(f, body))
    for (uint32_t at = body; at > low && first == body; at -= 4)
      if (comes_before(f, i, low, at - 4, body)) first = at - 4;
  free(f);
  return first;
}

static uint32_t find_body(struct image *i, uint32_t address) {
  Dwarf_Die *scopes;
  Dwarf_Addr low;
  uint32_t body = address;
  const int n = source_scopes(i, address, &scopes);
  for (int k = 0; k < n; k++)
    if (dwarf_tag(&scopes[k]) == DW_TAG_subprogram && dwarf_lowpc(&scopes[k], &low) == 0 && low == address)
      body = body_of(&scopes[k], address);
  free(scopes);
  return body > address ? before_loop(i, address, body) : body;
}

uint32_t source_body(struct image *i, uint32_t address) {
  if (!i) return address;
  if (!i->bodies) i->bodies = must(calloc(BODIES, sizeof *i->bodies));
  struct function_body *b = &i->bodies[address / 4 % BODIES];
  if (!b->body || b->address != address) *b = (struct function_body){address, find_body(i, address)};
  return b->body;
}
