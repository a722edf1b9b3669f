/* returned.c - the value that a function has returned, where its caller goes on. */
#include <dwarf.h>
#include <stdlib.h>

#include "eval.h"

#define IN_REGISTERS \
  8 /* bytes at most: a0 and a1. What is larger is in memory, whose address is a0 at the call */

/* The innermost function at the place, inlined or not. */
static bool function_at(struct image *i, uint32_t pc, Dwarf_Die *function) {
  Dwarf_Die *scopes;
  const int n = source_scopes(i, pc, &scopes);
  bool found = false;
  for (int k = 0; k < n && !found; k++)
    if ((found = dwarf_tag(&scopes[k]) == DW_TAG_subprogram)) *function = scopes[k];
  free(scopes);
  return found;
}

/* The type that the function at the place returns; NULL: none, or compilers have agreed on another way to return. */
static const struct type *returned_type(struct eval *e, uint32_t pc) {
  Dwarf_Die function;
  Dwarf_Attribute a;
  Dwarf_Word convention = 0;
  if (!function_at(e->image, pc, &function)) return NULL;
  dwarf_formudata(dwarf_attr_integrate(&function, DW_AT_calling_convention, &a), &convention);
  const struct type *type = type_of_die(e, &function);
  return convention == DW_CC_nocall || type->kind == TYPE_VOID || !type->size ? NULL : type;
}

bool eval_returns_in_memory(struct debug *d, uint32_t pc) {
  struct eval e;
  eval_begin(&e, d);
  const struct type *type = returned_type(&e, pc);
  const bool in_memory = type && type->size > IN_REGISTERS;
  eval_end(&e);
  return in_memory;
}

bool eval_returned(struct debug *d, uint32_t pc, uint32_t memory, FILE *out) {
  struct eval e;
  eval_begin(&e, d);
  const struct type *type = returned_type(&e, pc);
  const bool has = type && (type->size <= IN_REGISTERS || memory);
  if (has) {
    struct value v = {.type = type, .image = e.image, .status = e.regs.status};
    if (type->size <= IN_REGISTERS)
      v.where = IN_BYTES, v.bytes = (const uint8_t *)&e.regs.x[10];
    else
      v.where = IN_MEMORY, v.address = memory;
    eval_format(&e, &v, 0, false, out);
  }
  eval_end(&e);
  return has;
}
