/* scope.c - what a name means in the frame that is looked at.
 *
 * The order is C's, then the debugger's: variables and enumerators from the innermost block outwards to the
 * file; globals of the program's other files; registers; static variables of other files; functions; symbols.
 * An inner variable hides an outer one of the same name even where its value has been optimized out
 * (C11 6.2.1). */
#include <dwarf.h>
#include <stdlib.h>
#include <string.h>

#include "scope.h"

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

bool scope_child(Dwarf_Die *scope, const char *name, Dwarf_Die *found) {
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

bool scope_child_function(Dwarf_Die *unit, const char *name, Dwarf_Die *found) {
  if (dwarf_child(unit, found)) return false;
  do {
    if (dwarf_tag(found) == DW_TAG_subprogram && is_called(found, name) &&
        !dwarf_hasattr(found, DW_AT_declaration))
      return true;
  } while (dwarf_siblingof(found, found) == 0);
  return false;
}

/* Static variables, and variables of which nothing is left, stand in the abstract instance of the function or block
 * only. */
static bool abstract_value(Dwarf_Die *scope, const char *name, Dwarf_Die *found) {
  Dwarf_Attribute a;
  Dwarf_Die origin;
  return dwarf_formref_die(dwarf_attr(scope, DW_AT_abstract_origin, &a), &origin) &&
         scope_child(&origin, name, found);
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

bool scope_find_local(struct eval *e, const char *name, Dwarf_Die *found) {
  Dwarf_Die *unit = unit_here(e);
  for (int i = scope_first(e); i <= e->function && i < e->nscopes; i++)
    if (scope_child(&e->scopes[i], name, found) || abstract_value(&e->scopes[i], name, found) ||
        (unit && is_function(&e->scopes[i]) && scope_stray(unit, &e->scopes[i], name, found)))
      return true;
  return false;
}

/* In the blocks of the frame's function, and then in its file. */
static bool find_in_scope(struct eval *e, const char *name, Dwarf_Die *found) {
  Dwarf_Die *unit = unit_here(e);
  return scope_find_local(e, name, found) || (unit && scope_child(unit, name, found));
}

bool scope_find_global(struct eval *e, const char *name, bool external, Dwarf_Die *found) {
  Dwarf_CU *cu = NULL;
  Dwarf_Die unit;
  while (e->dwarf && dwarf_get_units(e->dwarf, cu, &cu, NULL, NULL, &unit, NULL) == 0)
    if (scope_child(&unit, name, found) && (!external || is_external(found))) return true;
  return false;
}

bool scope_find_function(struct eval *e, const char *name, Dwarf_Die *found) {
  Dwarf_CU *cu = NULL;
  Dwarf_Die unit, *here = unit_here(e);
  if (here && scope_child_function(here, name, found)) return true;
  while (e->dwarf && dwarf_get_units(e->dwarf, cu, &cu, NULL, NULL, &unit, NULL) == 0)
    if (scope_child_function(&unit, name, found)) return true;
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

bool scope_variable(struct eval *e, Dwarf_Die *function, Dwarf_Die *die, unsigned column, struct value *v) {
  e->touched_c = true;
  if (dwarf_tag(die) == DW_TAG_enumerator) return enumerator(e, die, v);
  if (location_variable(e, function, die, v)) return true;
  char why[sizeof e->error];
  snprintf(why, sizeof why, "%s", e->error);
  e->error[0] = 0;
  return eval_fail(e, column, "`%s`: %s", dwarf_diename(die), *why ? why : "no value");
}

bool scope_function(struct eval *e, Dwarf_Die *die, unsigned column, struct value *v) {
  Dwarf_Addr low = 0;
  e->touched_c = true;
  if (dwarf_lowpc(die, &low) && !e->type_only)
    return eval_fail(e, column, "`%s` has no code of its own: it was inlined wherever it is called",
                     dwarf_diename(die));
  *v = (struct value){.type = type_from_die(e, die),
                      .where = IN_MEMORY,
                      .address = (uint32_t)low,
                      .status = e->regs.status,
                      .image = e->image};
  return true;
}

bool scope_symbol(struct eval *e, const char *name, struct value *v) {
  uint32_t address;
  if (!e->image || !e->image->lines || !pg32_lines_find_symbol(e->image->lines, name, &address)) return false;
  struct type *t = eval_alloc(e, sizeof *t);
  *t = (struct type){.kind = TYPE_SYMBOL, .size = 4};
  *v = (struct value){
      .type = t, .where = IN_MEMORY, .address = address, .status = e->regs.status, .image = e->image};
  return true;
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

const struct type *scope_typedef(struct eval *e, const struct type_name *name) {
  Dwarf_Die die;
  if (name->tag || name->pointers || name->elements >= 0 || !find_type(e, name->base, 0, &die)) return NULL;
  return dwarf_tag(&die) == DW_TAG_typedef ? type_of_die(e, &die) : NULL;
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
  if (scope_find_global(e, name, true, die)) return NAME_GLOBAL;
  if (register_of(name) >= 0) return NAME_REGISTER;
  if (scope_find_global(e, name, false, die)) return NAME_STATIC;
  return scope_find_function(e, name, die) ? NAME_FUNCTION : NAME_OTHER;
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
  if (n->scope) return scope_elsewhere(e, n, v);
  switch (look_up_once(e, n, &die)) {
  case NAME_LOCAL: return scope_variable(e, scope_frame_function(e), &die, n->column, v);
  case NAME_GLOBAL:
  case NAME_STATIC: return scope_variable(e, NULL, &die, n->column, v);
  case NAME_REGISTER: return register_value_of(e, (unsigned)register_of(n->text), v);
  case NAME_FUNCTION: return scope_function(e, &die, n->column, v);
  case NAME_OTHER: break;
  }
  if (scope_symbol(e, n->text, v)) return true;
  e->unknown = true;
  if (find_type(e, n->text, 0, &die) || type_base(e, n->text))
    return eval_fail(e, n->column, "`%s` is a type, not a value; whatis, ptype, sizeof and casts take types",
                     n->text);
  return eval_fail(e, n->column, "there is no `%s` here%s%s", n->text,
                   e->dwarf ? "" : ", and no debug information about C", scope_suggestion(e, n->text));
}

bool scope_has_variable(struct eval *e, const char *name) {
  Dwarf_Die die;
  return e->dwarf && (find_in_scope(e, name, &die) || scope_find_global(e, name, true, &die));
}
