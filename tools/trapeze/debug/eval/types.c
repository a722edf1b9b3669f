/* types.c - C types: from DWARF, by name, and as text. */
#include <dwarf.h>
#include <stdlib.h>
#include <string.h>

#include "eval.h"

#define CHAIN 64 /* of qualifiers and typedefs at most, and of nested declarators */

static const struct type *new_type(struct eval *e, struct type t) {
  struct type *copy = eval_alloc(e, sizeof *copy);
  *copy = t;
  return copy;
}

static uint64_t number_at(Dwarf_Die *die, unsigned name, uint64_t otherwise) {
  Dwarf_Attribute a;
  Dwarf_Word n;
  return dwarf_formudata(dwarf_attr_integrate(die, name, &a), &n) == 0 ? n : otherwise;
}

bool type_constant(Dwarf_Attribute *a, int64_t *value) {
  Dwarf_Word positive;
  Dwarf_Sword any;
  if (!a) return false;
  const unsigned form = dwarf_whatform(a);
  if (form == DW_FORM_sdata || form == DW_FORM_implicit_const)
    return dwarf_formsdata(a, &any) == 0 && (*value = any, true);
  return dwarf_formudata(a, &positive) == 0 && (*value = (int64_t)positive, true);
}

/* ---- base types ---- */

static void describe_base(struct type *t) {
  switch (number_at(&t->die, DW_AT_encoding, 0)) {
  case DW_ATE_boolean: t->kind = TYPE_BOOL; break;
  case DW_ATE_signed_char: t->is_signed = true; /* fall through */
  case DW_ATE_unsigned_char:
  case DW_ATE_UTF: t->kind = t->size == 1 ? TYPE_CHAR : TYPE_INTEGER; break;
  case DW_ATE_signed: t->is_signed = true; /* fall through */
  case DW_ATE_unsigned: t->kind = TYPE_INTEGER; break;
  case DW_ATE_float: t->kind = TYPE_FLOAT; break;
  case DW_ATE_complex_float: t->kind = TYPE_COMPLEX; break;
  default: t->kind = TYPE_UNSUPPORTED;
  }
  const uint32_t size = t->kind == TYPE_COMPLEX ? t->size / 2 : t->size;
  const bool known = t->kind == TYPE_FLOAT || t->kind == TYPE_COMPLEX
                         ? size == 2 || size == 4 || size == 8 || size == 16
                         : size && size <= 8;
  if (!known) t->kind = TYPE_UNSUPPORTED;
}

static const struct {
  const char *name, *proper;
  enum type_kind kind;
  uint8_t size;
  bool is_signed;
} bases[] = {
    {"void", "void", TYPE_VOID, 1, false},
    {"_Bool", "_Bool", TYPE_BOOL, 1, false},
    {"bool", "_Bool", TYPE_BOOL, 1, false},
    {"char", "char", TYPE_CHAR, 1, false},
    {"signed char", "signed char", TYPE_CHAR, 1, true},
    {"unsigned char", "unsigned char", TYPE_CHAR, 1, false},
    {"float", "float", TYPE_FLOAT, 4, true},
    {"double", "double", TYPE_FLOAT, 8, true},
    {"long double", "long double", TYPE_FLOAT, 16, true},
    {"_Float16", "_Float16", TYPE_FLOAT, 2, true},
    {"short", "short", TYPE_INTEGER, 2, true},
    {"unsigned short", "unsigned short", TYPE_INTEGER, 2, false},
    {"int", "int", TYPE_INTEGER, 4, true},
    {"unsigned int", "unsigned int", TYPE_INTEGER, 4, false},
    {"long", "long", TYPE_INTEGER, 4, true},
    {"unsigned long", "unsigned long", TYPE_INTEGER, 4, false},
    {"long long", "long long", TYPE_INTEGER, 8, true},
    {"unsigned long long", "unsigned long long", TYPE_INTEGER, 8, false},
};

/* The words of a base type in any order, as the table has them: `long unsigned int` is `unsigned long`. */
static void normalize(const char *name, char *buf, size_t size) {
  char words[80], *rest = words;
  unsigned longs = 0, is_unsigned = 0, is_signed = 0;
  const char *other = "";
  snprintf(words, sizeof words, "%s", name);
  for (char *w; (w = strsep(&rest, " "));) {
    if (strcmp(w, "long") == 0)
      longs++;
    else if (strcmp(w, "unsigned") == 0)
      is_unsigned++;
    else if (strcmp(w, "signed") == 0)
      is_signed++;
    else if (strcmp(w, "int") != 0)
      other = w;
  }
  if (is_signed && strcmp(other, "char") == 0) other = "signed char";
  if (!*other && !longs) other = "int";
  snprintf(buf, size, "%s%s%s%s", is_unsigned ? "unsigned " : "",
           longs > 1 ? "long long"
           : longs   ? "long"
                     : "",
           longs && *other ? " " : "", other);
}

const struct type *type_base(struct eval *e, const char *name) {
  char proper[100];
  normalize(name, proper, sizeof proper);
  for (size_t i = 0; i < sizeof bases / sizeof *bases; i++)
    if (strcmp(bases[i].name, proper) == 0)
      return new_type(e, (struct type){.kind = bases[i].kind,
                                       .name = bases[i].proper,
                                       .size = bases[i].size,
                                       .is_signed = bases[i].is_signed});
  return NULL;
}

/* ---- arrays ---- */

/* The subrange of dimension `n`, from 0. */
static bool dimension(Dwarf_Die *array, unsigned n, Dwarf_Die *range) {
  if (dwarf_child(array, range)) return false;
  do {
    if (dwarf_tag(range) == DW_TAG_subrange_type && n-- == 0) return true;
  } while (dwarf_siblingof(range, range) == 0);
  return false;
}

/* A bound: a constant, or the variable that a compiler makes for an array of variable length. */
static bool bound(struct eval *e, Dwarf_Die *range, unsigned name, int64_t *n) {
  Dwarf_Attribute a;
  Dwarf_Die variable;
  struct value v;
  struct number loaded;
  if (!dwarf_attr(range, name, &a)) return false;
  if (type_constant(&a, n)) return *n = *n == UINT32_MAX ? -1 : *n, true;
  if (!dwarf_formref_die(&a, &variable) || e->depth > 4) return false;
  const bool type_only = e->type_only;
  e->depth++, e->type_only = false;
  const bool ok =
      location_variable(e, scope_frame_function(e), &variable, &v) && value_number(e, &v, &loaded);
  e->depth--, e->type_only = type_only;
  e->error[0] = 0, e->optimized_out = false; /* the type is incomplete then, which is no error yet */
  if (ok) *n = (int64_t)(loaded.bits & INT32_MAX);
  return ok;
}

static void describe_array(struct eval *e, struct type *t) {
  Dwarf_Die range;
  int64_t n = 0;
  t->kind = TYPE_ARRAY;
  t->unbounded = true;
  if (dimension(&t->die, t->dimension, &range)) {
    if (bound(e, &range, DW_AT_count, &n))
      t->unbounded = false;
    else if (bound(e, &range, DW_AT_upper_bound, &n))
      n++, t->unbounded = false;
  }
  t->count = n < 0 || n > INT32_MAX ? 0 : (uint32_t)n;
  const struct type *of = type_target(e, t);
  const uint64_t bytes = (uint64_t)t->count * of->size;
  t->size = bytes > INT32_MAX ? INT32_MAX : (uint32_t)bytes;
}

/* ---- from DWARF ---- */

/* A struct that this unit only declares may be defined in another. */
static bool definition(Dwarf_Die *die) {
  const char *name = dwarf_diename(die);
  Dwarf_CU *cu = NULL;
  Dwarf_Die unit, child;
  Dwarf *dwarf = dwarf_cu_getdwarf(die->cu);
  while (name && dwarf_get_units(dwarf, cu, &cu, NULL, NULL, &unit, NULL) == 0) {
    if (dwarf_child(&unit, &child)) continue;
    do {
      if (dwarf_tag(&child) != dwarf_tag(die) || dwarf_hasattr(&child, DW_AT_declaration)) continue;
      const char *n = dwarf_diename(&child);
      if (n && strcmp(n, name) == 0) return *die = child, true;
    } while (dwarf_siblingof(&child, &child) == 0);
  }
  return false;
}

static void describe_aggregate(struct type *t, enum type_kind kind) {
  t->kind = kind;
  t->incomplete = dwarf_hasattr(&t->die, DW_AT_declaration) && !definition(&t->die);
  t->size = t->incomplete ? 0 : (uint32_t)number_at(&t->die, DW_AT_byte_size, 0) & INT32_MAX;
}

static void describe_enum(struct eval *e, struct type *t) {
  describe_aggregate(t, TYPE_ENUM);
  Dwarf_Attribute a;
  Dwarf_Die child;
  int64_t n;
  if (dwarf_attr(&t->die, DW_AT_type, &a))
    t->is_signed = type_of_die(e, &t->die)->is_signed;
  else if (dwarf_child(&t->die, &child) == 0)
    do {
      if (type_constant(dwarf_attr(&child, DW_AT_const_value, &a), &n) && n < 0) t->is_signed = true;
    } while (dwarf_siblingof(&child, &child) == 0);
  if (t->size > 8) t->kind = TYPE_UNSUPPORTED;
}

static void describe(struct eval *e, struct type *t) {
  t->name = dwarf_diename(&t->die);
  t->size = (uint32_t)number_at(&t->die, DW_AT_byte_size, 0) & INT32_MAX;
  switch (dwarf_tag(&t->die)) {
  case DW_TAG_base_type: describe_base(t); break;
  case DW_TAG_pointer_type: t->kind = TYPE_POINTER, t->size = 4; break;
  case DW_TAG_array_type: describe_array(e, t); break;
  case DW_TAG_structure_type: describe_aggregate(t, TYPE_STRUCT); break;
  case DW_TAG_union_type: describe_aggregate(t, TYPE_UNION); break;
  case DW_TAG_enumeration_type: describe_enum(e, t); break;
  case DW_TAG_subroutine_type:
  case DW_TAG_subprogram: t->kind = TYPE_FUNCTION, t->size = 1; break;
  default: t->kind = TYPE_UNSUPPORTED;
  }
}

const struct type *type_from_die(struct eval *e, Dwarf_Die *type) {
  struct type t = {.has_die = true, .die = *type};
  Dwarf_Attribute a;
  for (unsigned n = 0; n < CHAIN; n++) {
    const int tag = dwarf_tag(&t.die);
    if (tag == DW_TAG_const_type)
      t.is_const |= !t.alias;
    else if (tag == DW_TAG_volatile_type)
      t.is_volatile |= !t.alias;
    else if (tag == DW_TAG_typedef)
      t.alias = t.alias ? t.alias : dwarf_diename(&t.die);
    else if (tag == DW_TAG_restrict_type)
      t.is_restrict |= !t.alias;
    else if (tag == DW_TAG_atomic_type)
      t.is_atomic |= !t.alias;
    else {
      if (e->depth > CHAIN) break; /* wrong information: a type that contains itself */
      e->depth++;
      describe(e, &t);
      e->depth--;
      return new_type(e, t);
    }
    if (!dwarf_formref_die(dwarf_attr_integrate(&t.die, DW_AT_type, &a), &t.die)) {
      t.kind = TYPE_VOID, t.name = "void", t.size = 1, t.has_die = false;
      return new_type(e, t);
    }
  }
  t.kind = TYPE_UNSUPPORTED;
  return new_type(e, t);
}

struct kept_type {
  struct kept_type *next;
  void *of; /* the DIE's address */
  const struct type *type;
};

static const struct type *find_type_of(struct eval *e, Dwarf_Die *die) {
  Dwarf_Attribute a;
  Dwarf_Die type;
  if (dwarf_formref_die(dwarf_attr_integrate(die, DW_AT_type, &a), &type)) return type_from_die(e, &type);
  return type_base(e, "void");
}

const struct type *type_of_die(struct eval *e, Dwarf_Die *die) {
  if (!e->kept) return find_type_of(e, die);
  for (struct kept_type *k = e->types; k; k = k->next)
    if (k->of == die->addr) return k->type;
  struct kept_type *k = eval_alloc(e, sizeof *k);
  *k = (struct kept_type){e->types, die->addr, find_type_of(e, die)};
  e->types = k;
  return k->type;
}

const struct type *type_target(struct eval *e, const struct type *t) {
  Dwarf_Die range;
  if (t->target) return t->target;
  if (!t->has_die) return type_base(e, "void");
  struct type *writable = (struct type *)(uintptr_t)t;
  Dwarf_Die die = t->die;
  if (t->kind == TYPE_ARRAY && dimension(&die, t->dimension + 1, &range)) {
    struct type inner = {.has_die = true, .die = die, .dimension = t->dimension + 1};
    describe_array(e, &inner);
    return writable->target = new_type(e, inner);
  }
  return writable->target = type_of_die(e, &die);
}

/* ---- made up ---- */

const struct type *type_pointer(struct eval *e, const struct type *to) {
  return new_type(e, (struct type){.kind = TYPE_POINTER, .size = 4, .target = to});
}

const struct type *type_array(struct eval *e, const struct type *of, uint32_t count) {
  const uint64_t bytes = (uint64_t)count * of->size;
  return new_type(e, (struct type){.kind = TYPE_ARRAY,
                                   .size = bytes > INT32_MAX ? INT32_MAX : (uint32_t)bytes,
                                   .target = of,
                                   .count = count});
}

bool type_is_integer(const struct type *t) {
  return t->kind == TYPE_BOOL || t->kind == TYPE_CHAR || t->kind == TYPE_INTEGER || t->kind == TYPE_ENUM;
}

bool type_is_scalar(const struct type *t) {
  return type_is_integer(t) || t->kind == TYPE_FLOAT || t->kind == TYPE_POINTER;
}
