/* elsewhere.c - SCOPE::NAME: a variable of another image, of a function, or of a file. */
#include <dwarf.h>
#include <string.h>

#include "scope.h"

/* ---- static variables that have lost their function ---- */

/* The number of the file where it is declared. */
static Dwarf_Word file_of(Dwarf_Die *die) {
  Dwarf_Attribute a;
  Dwarf_Word file;
  return dwarf_formudata(dwarf_attr_integrate(die, DW_AT_decl_file, &a), &file) == 0 ? file : UINT64_MAX;
}

/* Is the line of the same file in the function: is none of the unit's functions declared between the two? */
static bool line_is_in(Dwarf_Die *unit, Dwarf_Die *function, int line) {
  Dwarf_Die child;
  int begins, other;
  if (dwarf_decl_line(function, &begins) || line < begins || dwarf_child(unit, &child)) return false;
  do {
    if (dwarf_tag(&child) != DW_TAG_subprogram || dwarf_decl_line(&child, &other)) continue;
    if (other > begins && other <= line && file_of(&child) == file_of(function)) return false;
  } while (dwarf_siblingof(&child, &child) == 0);
  return true;
}

/* clang puts the static variables of a function that was inlined everywhere into a subprogram without a name; what
 * is left of where they belong is their line. */
bool scope_stray(Dwarf_Die *unit, Dwarf_Die *function, const char *name, Dwarf_Die *found) {
  Dwarf_Die child;
  int line;
  if (dwarf_child(unit, &child)) return false;
  do {
    if (dwarf_tag(&child) == DW_TAG_subprogram && !dwarf_diename(&child) &&
        scope_child(&child, name, found) && dwarf_decl_line(found, &line) == 0 &&
        file_of(found) == file_of(function) && line_is_in(unit, function, line))
      return true;
  } while (dwarf_siblingof(&child, &child) == 0);
  return false;
}

/* ---- in another image ---- */

/* A lane by its name, else the lane of the program or kernel `name` that is nearest: the kernel under the
 * lane that runs, or the latest process. */
static bool lane_named(struct eval *e, const char *name, uint32_t *lane) {
  struct debug *d = e->d;
  const size_t vm = e->lane < d->nlanes ? strcspn(d->lanes[e->lane].name, " /") : 0;
  bool found = false;
  for (uint32_t i = 0; i < d->nlanes; i++) {
    if (strcmp(d->lanes[i].name, name) == 0) return *lane = i, true;
    struct image *image = image_of(d, i);
    if (!image || strcmp(image->name, name) != 0) continue;
    const bool near = vm && strncmp(d->lanes[i].name, d->lanes[e->lane].name, vm) == 0 &&
                      strchr(" /", d->lanes[i].name[vm]);
    if (near || !found) *lane = i;
    found = true;
    if (near && d->lanes[i].kind == LANE_KERNEL) break;
  }
  return found;
}

struct elsewhere { /* what is put aside while a name of another image is looked up */
  struct image *image;
  Dwarf *dwarf;
  int nscopes, function;
  uint32_t status;
};

static bool in_image(struct eval *e, const struct node *n, struct value *v) {
  uint32_t lane = 0;
  Dwarf_Die die;
  const struct elsewhere here = {e->image, e->dwarf, e->nscopes, e->function, e->regs.status};
  if (!lane_named(e, n->scope, &lane))
    return e->unknown = true,
           eval_fail(e, n->column, "there is no program, lane, function or file `%s`", n->scope);
  e->image = image_of(e->d, lane);
  e->dwarf = source_dwarf(e->image);
  e->nscopes = 0, e->function = -1;
  bool ok = lane == e->lane || eval_lane_status(e->d, lane, &e->regs.status);
  if (!ok)
    eval_fail(e, n->column, "%s has not run yet", model_lane_name(e->d, lane));
  else if (scope_find_global(e, n->text, true, &die) || scope_find_global(e, n->text, false, &die))
    ok = scope_variable(e, NULL, &die, n->column, v);
  else if (scope_find_function(e, n->text, &die))
    ok = scope_function(e, &die, n->column, v);
  else
    ok = scope_symbol(e, n->text, v) ||
         eval_fail(e, n->column, "there is no `%s` in %s", n->text, model_lane_name(e->d, lane));
  e->image = here.image, e->dwarf = here.dwarf, e->nscopes = here.nscopes, e->function = here.function;
  e->regs.status = here.status;
  return ok;
}

static bool image_has(struct eval *e, struct image *i, const char *name) {
  const struct elsewhere here = {e->image, e->dwarf, e->nscopes, e->function, e->regs.status};
  Dwarf_Die die;
  e->dwarf = source_dwarf(i), e->nscopes = 0, e->function = -1;
  const bool has = scope_find_global(e, name, false, &die) || scope_find_function(e, name, &die);
  e->dwarf = here.dwarf, e->nscopes = here.nscopes, e->function = here.function;
  return has;
}

/* The kernel under the lane that runs comes first. */
const char *scope_suggestion(struct eval *e, const char *name) {
  struct debug *d = e->d;
  uint32_t kernel = 0, lane;
  const uint32_t first = lane_named(e, "kernel", &kernel) ? kernel : 0;
  for (uint32_t n = 0; n < d->nlanes; n++) {
    const uint32_t i = (first + n) % d->nlanes;
    struct image *image = image_of(d, i);
    if (!image || image == e->image || !lane_named(e, image->name, &lane) || image_of(d, lane) != image)
      continue;
    if (!image_has(e, image, name)) continue;
    const char *quote = image->name[strspn(image->name, "abcdefghijklmnopqrstuvwxyz_0123456789")] ? "'" : "";
    return eval_text(e, "; `%s%s%s::%s` is that of %s", quote, image->name, quote, name,
                     model_lane_name(d, lane));
  }
  return "";
}

/* A variable of the function, in any of its blocks. */
static bool find_below(Dwarf_Die *scope, const char *name, unsigned depth, Dwarf_Die *found) {
  Dwarf_Die child;
  if (scope_child(scope, name, found)) return true;
  if (depth > 32 || dwarf_child(scope, &child)) return false;
  do {
    if (dwarf_tag(&child) == DW_TAG_lexical_block && find_below(&child, name, depth + 1, found)) return true;
  } while (dwarf_siblingof(&child, &child) == 0);
  return false;
}

/* ---- in a function's frame ---- */

/* Is it the function, or an inlined copy? */
static bool is_function(const struct eval *e, const char *name) {
  if (e->function < 0) return false;
  const char *n = dwarf_diename(&e->scopes[e->function]);
  return n && strcmp(n, name) == 0;
}

/* A register that has been saved on the way from its frame to the frame that is looked at is memory here. */
static bool seen_from_here(struct eval *e, struct value *v) {
  uint64_t bits;
  if (v->where != IN_REGISTER) return true;
  if (!eval_register(e, v->reg, &bits)) return false;
  if (v->reg < 32 && e->regs.saved >> v->reg & 1) v->where = IN_MEMORY, v->address = e->regs.at[v->reg];
  return true;
}

/* The variable of the frame that is looked at, or else of the nearest one outside in which the function runs.
 * *known: there is such a frame. */
static bool in_frame(struct eval *e, const struct node *n, bool *known, struct value *v) {
  struct stack_frame f = {.regs = e->regs, .lane = e->lane, .innermost = e->innermost};
  struct eval there;
  Dwarf_Die die;
  bool ok = false;
  *known = false;
  for (unsigned frames = 0; !*known && frames < LAYER_FRAMES; frames++) {
    eval_begin_in(&there, e->d, f.lane, &f.regs, f.innermost, f.inlined);
    if (is_function(&there, n->scope) && (*known = scope_find_local(&there, n->text, &die))) {
      there.blocks = e->blocks; /* what is made lives as long as this evaluation */
      there.touched_c = e->touched_c;
      ok = scope_variable(&there, scope_frame_function(&there), &die, n->column, v) &&
           seen_from_here(&there, v);
      e->blocks = there.blocks, e->touched_c = there.touched_c, e->optimized_out = there.optimized_out;
      memcpy(e->error, there.error, sizeof e->error);
      there.blocks = NULL;
    }
    eval_end(&there);
    if (!*known && !frame_outer(e->d, &f)) break;
  }
  return ok;
}

/* ---- everything ---- */

/* Does `file` say the path, or the end of the path from a folder or file on? */
static bool ends_in(const char *path, const char *file) {
  const size_t n = strlen(path), part = strlen(file);
  return part && n >= part && strcmp(path + n - part, file) == 0 && (n == part || path[n - part - 1] == '/');
}

/* A variable or function of a file; *known: there is such a file. */
static bool find_in_file(struct eval *e, const char *file, const char *name, bool *known, Dwarf_Die *found) {
  Dwarf_CU *cu = NULL;
  Dwarf_Die unit;
  *known = false;
  while (e->dwarf && dwarf_get_units(e->dwarf, cu, &cu, NULL, NULL, &unit, NULL) == 0) {
    const char *path = dwarf_diename(&unit);
    if (!path || !ends_in(path, file)) continue;
    *known = true;
    if (scope_child(&unit, name, found) || scope_child_function(&unit, name, found)) return true;
  }
  return false;
}

/* The frame's own variables of a function come before its static ones; a function or file before a program. */
bool scope_elsewhere(struct eval *e, const struct node *n, struct value *v) {
  Dwarf_Die function, unit, die;
  uint32_t lane;
  bool runs, is_file = false;
  const bool known = scope_find_function(e, n->scope, &function);
  const bool found = in_frame(e, n, &runs, v);
  if (runs) return found;
  if ((known && find_below(&function, n->text, 0, &die)) ||
      (known && dwarf_diecu(&function, &unit, NULL, NULL) && scope_stray(&unit, &function, n->text, &die)))
    return scope_variable(e, NULL, &die, n->column, v);
  if (find_in_file(e, n->scope, n->text, &is_file, &die))
    return dwarf_tag(&die) == DW_TAG_subprogram ? scope_function(e, &die, n->column, v)
                                                : scope_variable(e, NULL, &die, n->column, v);
  if ((!known && !is_file) || lane_named(e, n->scope, &lane)) return in_image(e, n, v);
  e->unknown = true;
  if (is_file) return eval_fail(e, n->column, "there is no `%s` in the file `%s`", n->text, n->scope);
  return eval_fail(e, n->column, "there is no variable `%s` in the function `%s`", n->text, n->scope);
}
