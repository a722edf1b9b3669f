/* source.c - C variables in scope and their values, from the program's DWARF.
 *
 * An expression is a name, which ->member, .member and [index] may follow and a * may precede. The locations
 * that are understood are those that compilers write for local and global variables: an address, a register,
 * the frame base, a constant, and DW_OP_stack_value of simple sums. */
#include <dwarf.h>
#include <elfutils/libdw.h>
#include <stdlib.h>
#include <string.h>

#include "debug.h"

struct value {
  Dwarf_Die type;
  bool typed, in_memory;
  uint32_t address, bits;
};
struct scope {
  struct debug *d;
  Dwarf *dwarf;
  struct machine_regs regs;
};

/* ---- files ---- */

static Dwarf *open_dwarf(struct image *i) {
  if (!i || i->fd < 0) return NULL;
  if (!i->dwarf) i->dwarf = dwarf_begin(i->fd, DWARF_C_READ);
  return i->dwarf;
}

void source_close(struct image *i) {
  if (i->dwarf) dwarf_end(i->dwarf);
}

/* ---- types ---- */

static bool type_of(Dwarf_Die *die, Dwarf_Die *type) {
  Dwarf_Attribute a;
  if (!dwarf_formref_die(dwarf_attr_integrate(die, DW_AT_type, &a), type)) return false;
  return dwarf_peel_type(type, type) == 0;
}

static uint32_t size_of(Dwarf_Die *type) {
  Dwarf_Word size;
  if (dwarf_tag(type) == DW_TAG_pointer_type) return 4;
  return dwarf_aggregate_size(type, &size) == 0 ? (uint32_t)size : 4;
}

static bool is_signed(Dwarf_Die *type) {
  Dwarf_Attribute a;
  Dwarf_Word encoding = 0;
  dwarf_formudata(dwarf_attr(type, DW_AT_encoding, &a), &encoding);
  return encoding == DW_ATE_signed || encoding == DW_ATE_signed_char;
}

/* ---- memory, through the TLB entries that the current lane has or had ---- */

static bool read_word(struct scope *s, uint32_t address, uint32_t *word) {
  uint32_t pa;
  return mmu_recall(s->d, s->regs.status, address & ~3u, &pa) && memory_word(s->d, true, pa, word);
}

static bool load(struct scope *s, struct value *v) {
  uint32_t word, size = size_of(&v->type);
  if (!v->in_memory) return true;
  if (!read_word(s, v->address, &word)) return false;
  word >>= 8 * (v->address & 3);
  if (size == 1) word = is_signed(&v->type) ? (uint32_t)(int8_t)word : word & 0xFF;
  if (size == 2) word = is_signed(&v->type) ? (uint32_t)(int16_t)word : word & 0xFFFF;
  v->bits = word;
  return true;
}

/* ---- where a variable is ---- */

static bool frame_base(struct scope *s, Dwarf_Die *function, uint32_t *base);

static bool evaluate(struct scope *s, Dwarf_Die *function, const Dwarf_Op *op, size_t n, struct value *v) {
  uint32_t stack[8] = {0};
  int top = 0;
  v->in_memory = true;
  for (size_t i = 0; i < n && top < 7; i++) {
    unsigned atom = op[i].atom;
    uint32_t base;
    if (atom == DW_OP_addr || atom == DW_OP_constu || atom == DW_OP_consts ||
        (atom >= DW_OP_const1u && atom <= DW_OP_const8s))
      stack[top++] = (uint32_t)op[i].number;
    else if (atom >= DW_OP_lit0 && atom <= DW_OP_lit31)
      stack[top++] = atom - DW_OP_lit0;
    else if (atom >= DW_OP_breg0 && atom <= DW_OP_breg31)
      stack[top++] = s->regs.x[atom - DW_OP_breg0] + (uint32_t)op[i].number;
    else if (atom >= DW_OP_reg0 && atom <= DW_OP_reg31)
      stack[top++] = s->regs.x[atom - DW_OP_reg0], v->in_memory = false;
    else if (atom == DW_OP_fbreg && frame_base(s, function, &base))
      stack[top++] = base + (uint32_t)op[i].number;
    else if (atom == DW_OP_plus_uconst && top)
      stack[top - 1] += (uint32_t)op[i].number;
    else if (atom == DW_OP_plus && top > 1)
      top--, stack[top - 1] += stack[top];
    else if (atom == DW_OP_minus && top > 1)
      top--, stack[top - 1] -= stack[top];
    else if (atom == DW_OP_stack_value && top)
      v->in_memory = false;
    else
      return false;
  }
  v->address = v->bits = top ? stack[top - 1] : 0;
  return top > 0;
}

static bool located(struct scope *s, Dwarf_Die *function, Dwarf_Die *die, int name, struct value *v) {
  Dwarf_Attribute a;
  Dwarf_Op *op;
  size_t n;
  if (!dwarf_attr_integrate(die, (unsigned)name, &a)) return false;
  return dwarf_getlocation_addr(&a, s->regs.pc, &op, &n, 1) == 1 && evaluate(s, function, op, n, v);
}

static bool frame_base(struct scope *s, Dwarf_Die *function, uint32_t *base) {
  struct value v = {0};
  if (!function || !located(s, NULL, function, DW_AT_frame_base, &v)) return false;
  *base = v.address;
  return true;
}

static bool value_of(struct scope *s, Dwarf_Die *function, Dwarf_Die *die, struct value *v) {
  Dwarf_Attribute a;
  Dwarf_Word constant;
  *v = (struct value){0};
  if (!type_of(die, &v->type)) return false;
  v->typed = true;
  if (dwarf_formudata(dwarf_attr_integrate(die, DW_AT_const_value, &a), &constant) == 0)
    return v->bits = (uint32_t)constant, true;
  return located(s, function, die, DW_AT_location, v);
}

/* ---- what is in scope ---- */

static bool scope_here(struct debug *d, struct scope *s) {
  *s = (struct scope){.d = d, .dwarf = open_dwarf(image_of(d, recorder_current(timeline_recorder(d->t))))};
  machine_get_regs(d->m, &s->regs);
  return s->dwarf != NULL;
}

/* The scopes around the PC, innermost first; returns how many. Units are searched one by one because images
 * have no table of address ranges. The outer scopes come from the tree of DIEs; for an inlined function they
 * include the function into which it was inlined, whose frame it uses. */
static int scopes_of(struct scope *s, Dwarf_Die **scopes) {
  Dwarf_Die unit, *inner = NULL;
  Dwarf_CU *cu = NULL;
  int n = 0;
  *scopes = NULL;
  while (n == 0 && dwarf_get_units(s->dwarf, cu, &cu, NULL, NULL, &unit, NULL) == 0)
    if (dwarf_haspc(&unit, s->regs.pc) > 0) n = dwarf_getscopes(&unit, s->regs.pc, &inner);
  if (n > 0) n = dwarf_getscopes_die(&inner[0], scopes);
  free(inner);
  return n > 0 ? n : 0;
}

static Dwarf_Die *function_of(Dwarf_Die *scopes, int n) {
  for (int i = 0; i < n; i++)
    if (dwarf_tag(&scopes[i]) == DW_TAG_subprogram) return &scopes[i];
  return NULL;
}

static bool is_variable(Dwarf_Die *die) {
  return dwarf_tag(die) == DW_TAG_variable || dwarf_tag(die) == DW_TAG_formal_parameter;
}

static bool child_named(Dwarf_Die *parent, const char *name, Dwarf_Die *found) {
  if (dwarf_child(parent, found)) return false;
  do {
    const char *n = dwarf_diename(found);
    if (n && strcmp(n, name) == 0 && (is_variable(found) || dwarf_tag(found) == DW_TAG_member)) return true;
  } while (dwarf_siblingof(found, found) == 0);
  return false;
}

/* Inner scopes first, then the globals of every unit. */
static bool variable(struct scope *s, const char *name, struct value *v) {
  Dwarf_Die *scopes, die, unit;
  int n = scopes_of(s, &scopes);
  bool found = false;
  for (int i = 0; i < n && !found; i++)
    found = child_named(&scopes[i], name, &die) && value_of(s, function_of(scopes, n), &die, v);
  free(scopes);
  Dwarf_CU *cu = NULL;
  while (!found && dwarf_get_units(s->dwarf, cu, &cu, NULL, NULL, &unit, NULL) == 0)
    found = child_named(&unit, name, &die) && value_of(s, NULL, &die, v);
  return found;
}

/* ---- expressions ---- */

static bool dereference(struct scope *s, struct value *v) {
  Dwarf_Die to;
  if (dwarf_tag(&v->type) != DW_TAG_pointer_type || !load(s, v) || !type_of(&v->type, &to)) return false;
  *v = (struct value){.type = to, .typed = true, .in_memory = true, .address = v->bits};
  return true;
}

static bool member(struct value *v, const char *name) {
  Dwarf_Die die, type;
  Dwarf_Attribute a;
  Dwarf_Word offset = 0;
  if (!v->in_memory || !child_named(&v->type, name, &die) || !type_of(&die, &type)) return false;
  dwarf_formudata(dwarf_attr(&die, DW_AT_data_member_location, &a), &offset);
  *v = (struct value){
      .type = type, .typed = true, .in_memory = true, .address = v->address + (uint32_t)offset};
  return true;
}

static bool element(struct scope *s, struct value *v, uint32_t index) {
  Dwarf_Die to;
  bool array = dwarf_tag(&v->type) == DW_TAG_array_type;
  if (!array && dwarf_tag(&v->type) != DW_TAG_pointer_type) return false;
  if (!type_of(&v->type, &to) || (!array && !load(s, v))) return false;
  uint32_t base = array ? v->address : v->bits;
  *v = (struct value){.type = to, .typed = true, .in_memory = true, .address = base + index * size_of(&to)};
  return true;
}

static const char *identifier(const char *p, char *name, size_t size) {
  size_t n = strspn(p, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789");
  snprintf(name, size, "%.*s", (int)n, p);
  return p + n;
}

static bool suffixes(struct scope *s, const char *p, struct value *v) {
  char name[64];
  while (*p) {
    if (p[0] == '-' && p[1] == '>') {
      p = identifier(p + 2, name, sizeof name);
      if (!dereference(s, v) || !member(v, name)) return false;
    } else if (*p == '.') {
      p = identifier(p + 1, name, sizeof name);
      if (!member(v, name)) return false;
    } else if (*p == '[') {
      char *end;
      uint32_t index = (uint32_t)strtoul(p + 1, &end, 0);
      struct value i;
      if (end == p + 1) {
        end = (char *)identifier(p + 1, name, sizeof name);
        if (!variable(s, name, &i) || !load(s, &i)) return false;
        index = i.bits;
      }
      if (*end != ']' || !element(s, v, index)) return false;
      p = end + 1;
    } else
      return false;
  }
  return true;
}

/* ---- printing ---- */

static int print_value(struct scope *s, struct value *v, char *buf, size_t size, int depth);

static int print_members(struct scope *s, const struct value *v, char *buf, size_t size, int depth) {
  Dwarf_Die die;
  size_t used = (size_t)snprintf(buf, size, "{");
  Dwarf_Die type = v->type;
  if (dwarf_child(&type, &die) == 0) do {
      struct value m = *v;
      const char *name = dwarf_diename(&die);
      if (!name || used + 24 > size || !member(&m, name)) continue;
      used += (size_t)snprintf(buf + used, size - used, "%s%s = ", used > 1 ? ", " : "", name);
      if (used < size) used += (size_t)print_value(s, &m, buf + used, size - used, depth + 1);
    } while (dwarf_siblingof(&die, &die) == 0);
  return (int)used + (used < size ? snprintf(buf + used, size - used, "}") : 0);
}

static int print_value(struct scope *s, struct value *v, char *buf, size_t size, int depth) {
  int tag = dwarf_tag(&v->type);
  if (tag == DW_TAG_structure_type && depth < 2) return print_members(s, v, buf, size, depth);
  if (tag == DW_TAG_structure_type || tag == DW_TAG_array_type || tag == DW_TAG_union_type)
    return snprintf(buf, size, "{...} at 0x%08x", v->address);
  if (!load(s, v)) return snprintf(buf, size, "(0x%08x: not mapped)", v->address);
  if (tag == DW_TAG_pointer_type || tag == DW_TAG_subroutine_type)
    return snprintf(buf, size, "0x%08x", v->bits);
  if (is_signed(&v->type)) return snprintf(buf, size, "%d", (int32_t)v->bits);
  return snprintf(buf, size, v->bits > 9 ? "%u (0x%x)" : "%u", v->bits, v->bits);
}

static bool expression(struct scope *s, const char *text, struct value *v) {
  char name[64];
  bool star = *text == '*';
  const char *rest = identifier(text + star, name, sizeof name);
  return variable(s, name, v) && suffixes(s, rest, v) && (!star || dereference(s, v));
}

bool source_print(struct debug *d, const char *text, char *buf, size_t size) {
  struct scope s;
  struct value v;
  if (!scope_here(d, &s) || !expression(&s, text, &v)) return false;
  print_value(&s, &v, buf, size, 0);
  return true;
}

bool source_hides_register(struct debug *d, const char *text) {
  struct scope s;
  struct value v;
  return *text != '$' && register_of(text) >= 0 && scope_here(d, &s) && variable(&s, text, &v);
}

bool source_address(struct debug *d, const char *text, uint32_t *address) {
  struct scope s;
  struct value v;
  if (!scope_here(d, &s) || !expression(&s, text, &v) || !v.in_memory) return false;
  *address = v.address;
  return true;
}

static void print_locals(struct scope *s, Dwarf_Die *scope, Dwarf_Die *function) {
  Dwarf_Die die;
  char text[200];
  if (dwarf_child(scope, &die)) return;
  do {
    struct value v;
    if (!is_variable(&die) || !dwarf_diename(&die)) continue;
    if (value_of(s, function, &die, &v))
      print_value(s, &v, text, sizeof text, 0);
    else
      snprintf(text, sizeof text, "(optimized out here)");
    fprintf(s->d->out, "%s = %s\n", dwarf_diename(&die), text);
  } while (dwarf_siblingof(&die, &die) == 0);
}

bool source_locals(struct debug *d) {
  struct scope s;
  Dwarf_Die *scopes = NULL;
  int n = scope_here(d, &s) ? scopes_of(&s, &scopes) : 0;
  Dwarf_Die *function = function_of(scopes, n);
  for (int i = 0; i < n && function; i++) {
    print_locals(&s, &scopes[i], function);
    if (&scopes[i] == function) break;
  }
  free(scopes);
  return function ? true : fail(d, "No C function is known here: assembly, or no debug information.");
}
