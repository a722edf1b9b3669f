/* returned.c - the value that a function has returned, where its caller goes on. */
#include <dwarf.h>
#include <stdlib.h>

#include "eval.h"

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

/* Up to eight bytes are in a0 and a1; what is larger is in memory of the caller's. */
bool eval_returned(struct debug *d, uint32_t pc, FILE *out) {
  struct eval e;
  Dwarf_Die function;
  eval_begin(&e, d);
  const uint32_t *bytes = &e.regs.x[10];
  const bool known = function_at(e.image, pc, &function);
  const struct type *type = known ? type_of_die(&e, &function) : NULL;
  const bool has = type && type->kind != TYPE_VOID && type->size && type->size <= 8;
  if (has) {
    const struct value v = {.type = type,
                            .where = IN_BYTES,
                            .bytes = (const uint8_t *)bytes,
                            .image = e.image,
                            .status = e.regs.status};
    eval_format(&e, &v, 0, false, out);
  }
  eval_end(&e);
  return has;
}
