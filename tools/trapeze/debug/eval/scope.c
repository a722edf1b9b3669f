/* scope.c - what a name means in the frame that is looked at.
 *
 * The order is C's, then the debugger's: variables and enumerators from the innermost block outwards to the
 * file; globals of the program's other files; registers; static variables of other files; functions; symbols.
 * An inner variable hides an outer one of the same name even where its value has been optimized out
 * (C11 6.2.1). */
#include <dwarf.h>
#include <stdlib.h>
#include <string.h>

#include "eval.h"

bool scope_is_variable(Dwarf_Die *die) {
  return dwarf_tag(die) == DW_TAG_variable || dwarf_tag(die) == DW_TAG_formal_parameter;
}

static bool is_called(Dwarf_Die *die, const char *name) {
  const char *n = dwarf_diename(die);
  return n && strcmp(n, name) == 0;
}

static bool is_function(Dwarf_Die *die) {
  return dwarf_tag(die) == DW_TAG_subprogram || dwarf_tag(die) == DW_TAG_inlined_subroutine;
}

static bool is_external(Dwarf_Die *die) {
  Dwarf_Attribute a;
  bool external = false;
  return dwarf_formflag(dwarf_attr_integrate(die, DW_AT_external, &a), &external) == 0 && external;
}

/* ---- children of a scope ---- */

static bool is_type(Dwarf_Die *die) {
  switch (dwarf_tag(die)) {
  case DW_TAG_base_type:
  case DW_TAG_typedef:
  case DW_TAG_structure_type:
  case DW_TAG_union_type:
  case DW_TAG_enumeration_type: return true;
  default: return false;
  }
}

/* A variable that is more than a declaration, or an enumerator. */
static bool child_value(Dwarf_Die *scope, const char *name, Dwarf_Die *found) {
  Dwarf_Die child, inner;
  if (dwarf_child(scope, &child)) return false;
  do {
    const bool named = is_called(&child, name);
    if (named && scope_is_variable(&child) && !dwarf_hasattr(&child, DW_AT_declaration))
      return *found = child, true;
    if (dwarf_tag(&child) != DW_TAG_enumeration_type || dwarf_child(&child, &inner)) continue;
    do {
      if (dwarf_tag(&inner) == DW_TAG_enumerator && is_called(&inner, name)) return *found = inner, true;
    } while (dwarf_siblingof(&inner, &inner) == 0);
  } while (dwarf_siblingof(&child, &child) == 0);
  return false;
}

static bool child_function(Dwarf_Die *unit, const char *name, Dwarf_Die *found) {
  if (dwarf_child(unit, found)) return false;
  do {
    if (dwarf_tag(found) == DW_TAG_subprogram && is_called(found, name) &&
        !dwarf_hasattr(found, DW_AT_declaration))
      return true;
  } while (dwarf_siblingof(found, found) == 0);
  return false;
}

/* Static variables, and variables of which nothing is left, stand in the function's abstract
 * instance only. */
static bool abstract_value(Dwarf_Die *function, const char *name, Dwarf_Die *found) {
  Dwarf_Attribute a;
  Dwarf_Die origin;
  return dwarf_formref_die(dwarf_attr(function, DW_AT_abstract_origin, &a), &origin) &&
         child_value(&origin, name, found);
}

/* ---- the scopes of the frame ---- */

/* The first scope that belongs to the frame: behind the functions that were inlined into it here. */
int scope_first(const struct eval *e) {
  int i = e->function;
  while (i > 0 && !is_function(&e->scopes[i - 1])) i--;
  return i < 0 ? 0 : i;
}

Dwarf_Die *scope_frame_function(struct eval *e) {
  for (int i = e->function; i >= 0 && i < e->nscopes; i++)
    if (dwarf_tag(&e->scopes[i]) == DW_TAG_subprogram) return &e->scopes[i];
  return NULL;
}

static Dwarf_Die *unit_here(struct eval *e) {
  Dwarf_Die *last = e->nscopes ? &e->scopes[e->nscopes - 1] : NULL;
  return last && dwarf_tag(last) == DW_TAG_compile_unit ? last : NULL;
}

/* In the blocks of the frame's function, and then in its file. */
static bool find_in_scope(struct eval *e, const char *name, Dwarf_Die *found) {
  for (int i = scope_first(e); i <= e->function && i < e->nscopes; i++)
    if (child_value(&e->scopes[i], name, found) ||
        (is_function(&e->scopes[i]) && abstract_value(&e->scopes[i], name, found)))
      return true;
  Dwarf_Die *unit = unit_here(e);
  return unit && child_value(unit, name, found);
}

static bool find_in_units(struct eval *e, const char *name, bool external, Dwarf_Die *found) {
  Dwarf_CU *cu = NULL;
  Dwarf_Die unit;
  while (e->dwarf && dwarf_get_units(e->dwarf, cu, &cu, NULL, NULL, &unit, NULL) == 0)
    if (child_value(&unit, name, found) && (!external || is_external(found))) return true;
  return false;
}

static bool find_function(struct eval *e, const char *name, Dwarf_Die *found) {
  Dwarf_CU *cu = NULL;
  Dwarf_Die unit, *here = unit_here(e);
  if (here && child_function(here, name, found)) return true;
  while (e->dwarf && dwarf_get_units(e->dwarf, cu, &cu, NULL, NULL, &unit, NULL) == 0)
    if (child_function(&unit, name, found)) return true;
  return false;
}

/* ---- what was found ---- */

/* The enumeration behind whose beginning the enumerator comes. C's are children of the unit. */
static const struct type *enumeration_of(struct eval *e, Dwarf_Die *enumerator) {
  Dwarf_Die unit, child, best;
  bool found = false;
  if (!dwarf_diecu(enumerator, &unit, NULL, NULL) || dwarf_child(&unit, &child)) return type_base(e, "int");
  do {
    if (dwarf_dieoffset(&child) > dwarf_dieoffset(enumerator)) break;
    best = child;
    found = dwarf_tag(&child) == DW_TAG_enumeration_type;
  } while (dwarf_siblingof(&child, &child) == 0);
  return found ? type_from_die(e, &best) : type_base(e, "int");
}

static bool enumerator(struct eval *e, Dwarf_Die *die, struct value *v) {
  Dwarf_Attribute a;
  int64_t value = 0;
  type_constant(dwarf_attr(die, DW_AT_const_value, &a), &value);
  *v = value_of_number(e, enumeration_of(e, die), (uint64_t)value);
  return true;
}

static bool variable_or_enumerator(struct eval *e, Dwarf_Die *function, Dwarf_Die *die, unsigned column,
                                   struct value *v) {
  e->touched_c = true;
  if (dwarf_tag(die) == DW_TAG_enumerator) return enumerator(e, die, v);
  if (location_variable(e, function, die, v)) return true;
  char why[sizeof e->error];
  snprintf(why, sizeof why, "%s", e->error);
  e->error[0] = 0;
  return eval_fail(e, column, "`%s`: %s", dwarf_diename(die), *why ? why : "no value");
}

static bool function_value(struct eval *e, Dwarf_Die *die, unsigned column, struct value *v) {
  Dwarf_Addr low;
  e->touched_c = true;
  if (dwarf_lowpc(die, &low))
    return eval_fail(e, column, "`%s` has no code of its own: it was inlined wherever it is called",
                     dwarf_diename(die));
  *v = (struct value){.type = type_from_die(e, die),
                      .where = IN_MEMORY,
                      .address = (uint32_t)low,
                      .status = e->regs.status,
                      .image = e->image};
  return true;
}

static bool symbol_value(struct eval *e, const char *name, struct value *v) {
  uint32_t address;
  if (!e->image || !e->image->lines || !pg32_lines_find_symbol(e->image->lines, name, &address)) return false;
  struct type *t = eval_alloc(e, sizeof *t);
  *t = (struct type){.kind = TYPE_SYMBOL, .size = 4};
  *v = (struct value){
      .type = t, .where = IN_MEMORY, .address = address, .status = e->regs.status, .image = e->image};
  return true;
}

/* ---- in another image, function or file: SCOPE::NAME ---- */

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
  else if (find_in_units(e, n->text, true, &die) || find_in_units(e, n->text, false, &die))
    ok = variable_or_enumerator(e, NULL, &die, n->column, v);
  else if (find_function(e, n->text, &die))
    ok = function_value(e, &die, n->column, v);
  else
    ok = symbol_value(e, n->text, v) ||
         eval_fail(e, n->column, "there is no `%s` in %s", n->text, model_lane_name(e->d, lane));
  e->image = here.image, e->dwarf = here.dwarf, e->nscopes = here.nscopes, e->function = here.function;
  e->regs.status = here.status;
  return ok;
}

/* A variable of the function, in any of its blocks. */
static bool find_below(Dwarf_Die *scope, const char *name, unsigned depth, Dwarf_Die *found) {
  Dwarf_Die child;
  if (child_value(scope, name, found)) return true;
  if (depth > 32 || dwarf_child(scope, &child)) return false;
  do {
    if (dwarf_tag(&child) == DW_TAG_lexical_block && find_below(&child, name, depth + 1, found)) return true;
  } while (dwarf_siblingof(&child, &child) == 0);
  return false;
}

static bool find_in_file(struct eval *e, const char *file, const char *name, Dwarf_Die *found) {
  Dwarf_CU *cu = NULL;
  Dwarf_Die unit;
  while (e->dwarf && dwarf_get_units(e->dwarf, cu, &cu, NULL, NULL, &unit, NULL) == 0) {
    const char *path = dwarf_diename(&unit);
    if (path && strcmp(base_name(path), file) == 0 && child_value(&unit, name, found)) return true;
  }
  return false;
}

static bool scoped_name(struct eval *e, const struct node *n, struct value *v) {
  Dwarf_Die function, die;
  if ((find_function(e, n->scope, &function) && find_below(&function, n->text, 0, &die)) ||
      find_in_file(e, n->scope, n->text, &die))
    return variable_or_enumerator(e, NULL, &die, n->column, v);
  return in_image(e, n, v);
}

/* ---- names ---- */

static bool register_value_of(struct eval *e, unsigned r, struct value *v) {
  *v = (struct value){.type = type_base(e, "unsigned int"),
                      .where = IN_REGISTER,
                      .reg = r,
                      .status = e->regs.status,
                      .image = e->image};
  return true;
}

/* What a name without scope is. */
enum name_kind { NAME_LOCAL, NAME_GLOBAL, NAME_REGISTER, NAME_STATIC, NAME_FUNCTION, NAME_OTHER };

struct kept_name {
  struct kept_name *next;
  const struct node *node;
  enum name_kind kind;
  Dwarf_Die die; /* of LOCAL, GLOBAL, STATIC, FUNCTION */
};

static enum name_kind look_up(struct eval *e, const char *name, Dwarf_Die *die) {
  if (e->dwarf && find_in_scope(e, name, die)) return NAME_LOCAL;
  if (find_in_units(e, name, true, die)) return NAME_GLOBAL;
  if (register_of(name) >= 0) return NAME_REGISTER;
  if (find_in_units(e, name, false, die)) return NAME_STATIC;
  return find_function(e, name, die) ? NAME_FUNCTION : NAME_OTHER;
}

static enum name_kind look_up_once(struct eval *e, const struct node *n, Dwarf_Die *die) {
  if (!e->kept) return look_up(e, n->text, die);
  for (struct kept_name *k = e->names; k; k = k->next)
    if (k->node == n) return *die = k->die, k->kind;
  struct kept_name *k = eval_alloc(e, sizeof *k);
  k->node = n;
  k->kind = look_up(e, n->text, &k->die);
  k->next = e->names;
  e->names = k;
  return *die = k->die, k->kind;
}

bool scope_name(struct eval *e, const struct node *n, struct value *v) {
  Dwarf_Die die;
  if (n->scope) return scoped_name(e, n, v);
  switch (look_up_once(e, n, &die)) {
  case NAME_LOCAL: return variable_or_enumerator(e, scope_frame_function(e), &die, n->column, v);
  case NAME_GLOBAL:
  case NAME_STATIC: return variable_or_enumerator(e, NULL, &die, n->column, v);
  case NAME_REGISTER: return register_value_of(e, (unsigned)register_of(n->text), v);
  case NAME_FUNCTION: return function_value(e, &die, n->column, v);
  case NAME_OTHER: break;
  }
  if (symbol_value(e, n->text, v)) return true;
  e->unknown = true;
  return eval_fail(e, n->column, "there is no `%s` here%s", n->text,
                   e->dwarf ? "" : ", and no debug information about C");
}

bool scope_has_variable(struct eval *e, const char *name) {
  Dwarf_Die die;
  return e->dwarf && (find_in_scope(e, name, &die) || find_in_units(e, name, true, &die));
}

/* ---- types by name ---- */

static bool tag_matches(Dwarf_Die *die, int tag) {
  return tag ? dwarf_tag(die) == tag : dwarf_tag(die) == DW_TAG_typedef || dwarf_tag(die) == DW_TAG_base_type;
}

static bool child_type(Dwarf_Die *scope, const char *name, int tag, Dwarf_Die *found) {
  if (dwarf_child(scope, found)) return false;
  do {
    if (is_type(found) && tag_matches(found, tag) && is_called(found, name) &&
        !dwarf_hasattr(found, DW_AT_declaration))
      return true;
  } while (dwarf_siblingof(found, found) == 0);
  return false;
}

static bool find_type(struct eval *e, const char *name, int tag, Dwarf_Die *found) {
  Dwarf_CU *cu = NULL;
  Dwarf_Die unit;
  for (int i = scope_first(e); i < e->nscopes; i++)
    if (child_type(&e->scopes[i], name, tag, found)) return true;
  while (e->dwarf && dwarf_get_units(e->dwarf, cu, &cu, NULL, NULL, &unit, NULL) == 0)
    if (child_type(&unit, name, tag, found)) return true;
  return false;
}

bool scope_has_type(struct eval *e, const char *name) {
  Dwarf_Die die;
  if (e->dwarf && find_in_scope(e, name, &die)) return false; /* a variable hides the type */
  return find_type(e, name, 0, &die);
}

bool scope_type(struct eval *e, const struct type_name *name, unsigned column, const struct type **type) {
  static const char *const words[] = {"", "struct ", "union ", "enum "};
  Dwarf_Die die;
  const struct type *t = name->tag ? NULL : type_base(e, name->base);
  const int word = name->tag == DW_TAG_structure_type ? 1
                   : name->tag == DW_TAG_union_type   ? 2
                   : name->tag                        ? 3
                                                      : 0;
  if (!t && find_type(e, name->base, name->tag, &die)) t = type_from_die(e, &die);
  if (!t) return eval_fail(e, column, "there is no type `%s%s` here", words[word], name->base);
  for (unsigned i = 0; i < name->pointers; i++) t = type_pointer(e, t);
  if (name->elements >= 0) t = type_array(e, t, (uint32_t)name->elements);
  *type = t;
  return true;
}
