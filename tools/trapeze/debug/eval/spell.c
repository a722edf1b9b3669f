/* spell.c - types as text: a name for `whatis` and for messages, a definition for `ptype`.
 *
 * C's declarators are written from the inside out: `decl` is what stands for the thing that has the type, so
 * that
 * "*" as a pointer to an array of 3 int becomes "int (*)[3]". */
#include <dwarf.h>
#include <string.h>

#include "eval.h"

#define NESTED 8 /* levels of unnamed structs that are written out */

static const char *spell(struct eval *e, const struct type *t, const char *decl, unsigned depth);

static const char *joined(struct eval *e, const struct type *t, const char *name, const char *decl) {
  return eval_text(e, "%s%s%s%s%s%s", t->is_const ? "const " : "", t->is_volatile ? "volatile " : "",
                   t->is_atomic ? "_Atomic " : "", name, *decl ? " " : "", decl);
}

static const char *tagged(struct eval *e, const struct type *t, const char *word) {
  return t->name ? eval_text(e, "%s %s", word, t->name) : eval_text(e, "%s {...}", word);
}

static const char *base_name_of(struct eval *e, const struct type *t) {
  switch (t->kind) {
  case TYPE_STRUCT: return tagged(e, t, "struct");
  case TYPE_UNION: return tagged(e, t, "union");
  case TYPE_ENUM: return tagged(e, t, "enum");
  case TYPE_SYMBOL: return "<text or data symbol, no debug information>";
  case TYPE_UNSUPPORTED: return t->name ? t->name : "<a type that is not supported>";
  default: return t->name ? t->name : "void";
  }
}

static const char *parameters(struct eval *e, const struct type *t, unsigned depth) {
  const char *list = "";
  Dwarf_Die die, child;
  if (!t->has_die) return "";
  die = t->die;
  const char *none = dwarf_hasattr_integrate(&die, DW_AT_prototyped) ? "void" : "";
  if (dwarf_child(&die, &child)) return none;
  do {
    const char *one = NULL;
    if (dwarf_tag(&child) == DW_TAG_formal_parameter) one = spell(e, type_of_die(e, &child), "", depth + 1);
    if (dwarf_tag(&child) == DW_TAG_unspecified_parameters) one = "...";
    if (one) list = eval_text(e, "%s%s%s", list, *list ? ", " : "", one);
  } while (dwarf_siblingof(&child, &child) == 0);
  return *list ? list : none;
}

static bool binds_tighter(const struct type *t) {
  return !t->alias && (t->kind == TYPE_ARRAY || t->kind == TYPE_FUNCTION);
}

static const char *pointer_to(struct eval *e, const struct type *t, const char *decl, unsigned depth) {
  const struct type *to = type_target(e, t);
  const bool qualified = t->is_const || t->is_volatile || t->is_restrict || t->is_atomic;
  const char *star = eval_text(e, "*%s%s%s%s%s", t->is_const ? " const" : "",
                               t->is_volatile ? " volatile" : "", t->is_restrict ? " restrict" : "",
                               t->is_atomic ? " _Atomic" : "", qualified && *decl ? " " : "");
  decl = eval_text(e, binds_tighter(to) ? "(%s%s)" : "%s%s", star, decl);
  return spell(e, to, decl, depth + 1);
}

static const char *spell(struct eval *e, const struct type *t, const char *decl, unsigned depth) {
  if (depth > 20) return "...";
  if (t->alias) return joined(e, t, t->alias, decl);
  if (t->kind == TYPE_POINTER) return pointer_to(e, t, decl, depth);
  if (t->kind == TYPE_FUNCTION)
    return spell(e, type_target(e, t), eval_text(e, "%s(%s)", decl, parameters(e, t, depth)), depth + 1);
  if (t->kind != TYPE_ARRAY) return joined(e, t, base_name_of(e, t), decl);
  const char *bounds = t->unbounded ? "[]" : eval_text(e, "[%u]", t->count);
  return spell(e, type_target(e, t), eval_text(e, "%s%s", decl, bounds), depth + 1);
}

char *type_spell(struct eval *e, const struct type *t, char *buf, size_t size) {
  snprintf(buf, size, "%s", spell(e, t, "", 0));
  return buf;
}

const char *type_declare(struct eval *e, const struct type *t, const char *name) {
  return spell(e, t, name, 0);
}

/* ---- ptype ---- */

static void define_body(struct eval *e, const struct type *t, unsigned indent, FILE *out);

/* The struct, union or enum that a declarator ends at, and whether its body is to be written out. */
static const struct type *core_of(struct eval *e, const struct type *t, bool through_typedefs) {
  for (unsigned n = 0; n < 20 && (through_typedefs || !t->alias); n++) {
    if (t->kind != TYPE_POINTER && t->kind != TYPE_ARRAY) return t;
    t = type_target(e, t);
  }
  return t;
}

static bool has_body(const struct type *t) {
  return (t->kind == TYPE_STRUCT || t->kind == TYPE_UNION || t->kind == TYPE_ENUM) && t->has_die;
}

/* What stands around the core: "*", "[3]" and the name. */
static const char *declarator(struct eval *e, const struct type *t, const char *decl) {
  for (unsigned n = 0; n < 20; n++) {
    const struct type *to = type_target(e, t);
    if (t->kind == TYPE_POINTER)
      decl = eval_text(e, binds_tighter(to) ? "(*%s)" : "*%s", decl);
    else if (t->kind == TYPE_ARRAY)
      decl = t->unbounded ? eval_text(e, "%s[]", decl) : eval_text(e, "%s[%u]", decl, t->count);
    else
      break;
    t = to;
  }
  return decl;
}

static void declare(struct eval *e, const struct type *t, const char *name, unsigned indent, FILE *out) {
  const struct type *core = core_of(e, t, false);
  if (core->alias || core->name || !has_body(core) || indent > NESTED) {
    fputs(spell(e, t, name, 0), out);
    return;
  }
  define_body(e, core, indent, out);
  const char *rest = declarator(e, t, name);
  fprintf(out, "%s%s", *rest ? " " : "", rest);
}

static void define_member(struct eval *e, Dwarf_Die *die, unsigned indent, FILE *out) {
  Dwarf_Attribute a;
  Dwarf_Word bits;
  const char *name = dwarf_diename(die);
  fprintf(out, "%*s", (int)(4 * indent), "");
  declare(e, type_of_die(e, die), name ? name : "", indent, out);
  if (dwarf_formudata(dwarf_attr(die, DW_AT_bit_size, &a), &bits) == 0)
    fprintf(out, " : %llu", (unsigned long long)bits);
  fputs(";\n", out);
}

static void define_enumerators(const struct type *t, FILE *out) {
  Dwarf_Die die = t->die, child;
  Dwarf_Attribute a;
  int64_t value, expected = 0;
  const char *before = "";
  fputc('{', out);
  if (dwarf_child(&die, &child) == 0) do {
      if (dwarf_tag(&child) != DW_TAG_enumerator) continue;
      if (!type_constant(dwarf_attr(&child, DW_AT_const_value, &a), &value)) continue;
      fprintf(out, "%s%s", before, dwarf_diename(&child));
      if (value != expected) fprintf(out, " = %lld", (long long)value);
      expected = (int64_t)((uint64_t)value + 1);
      before = ", ";
    } while (dwarf_siblingof(&child, &child) == 0);
  fputc('}', out);
}

static void define_body(struct eval *e, const struct type *t, unsigned indent, FILE *out) {
  static const char *const words[] = {[TYPE_STRUCT] = "struct", [TYPE_UNION] = "union", [TYPE_ENUM] = "enum"};
  Dwarf_Die die = t->die, child;
  fprintf(out, "%s%s%s%s%s ", t->is_const ? "const " : "", t->is_volatile ? "volatile " : "", words[t->kind],
          t->name ? " " : "", t->name ? t->name : "");
  if (t->incomplete)
    fputs("{<incomplete type>}", out);
  else if (t->kind == TYPE_ENUM)
    define_enumerators(t, out);
  else {
    fputs("{\n", out);
    if (dwarf_child(&die, &child) == 0) do {
        if (dwarf_tag(&child) == DW_TAG_member) define_member(e, &child, indent + 1, out);
      } while (dwarf_siblingof(&child, &child) == 0);
    fprintf(out, "%*s}", (int)(4 * indent), "");
  }
}

static const struct type *without_alias(struct eval *e, const struct type *t) {
  struct type *copy = eval_alloc(e, sizeof *copy);
  *copy = *t;
  copy->alias = NULL;
  return copy;
}

void type_define(struct eval *e, const struct type *t, FILE *out) {
  const struct type *core = core_of(e, t, true);
  if (!has_body(core)) {
    const char *rest = declarator(e, t, "");
    fprintf(out, "%s\n", spell(e, without_alias(e, core), rest, 0));
    return;
  }
  define_body(e, core, 0, out);
  const char *rest = declarator(e, t, "");
  fprintf(out, "%s%s\n", *rest ? " " : "", rest);
}
