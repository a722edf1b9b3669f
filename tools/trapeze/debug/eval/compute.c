/* compute.c - the value of a tree: places first, numbers only where they are needed. */
#include <dwarf.h>
#include <string.h>

#include "eval.h"

#define CHAIN 32                 /* levels of unnamed members */
#define MOST_REPEATED (1u << 20) /* elements of FIRST@COUNT */

/* ---- bytes and numbers ---- */

bool value_bytes(struct eval *e, const struct value *v, uint8_t *bytes, uint8_t *known, size_t n) {
  uint64_t bits;
  if (known) memset(known, 1, n);
  if (e->type_only && n) return memset(bytes, 0, n), *bytes = 1, true;
  switch (v->where) {
  case IN_REGISTER:
    if (!eval_register(e, v->reg, &bits)) return false;
    memset(bytes, 0, n);
    memcpy(bytes, &bits, n < sizeof bits ? n : sizeof bits);
    return true;
  case IN_MEMORY:
    if (eval_read(e, v->status, v->address, bytes, n) == n) return true;
    return eval_fail(e, 0, "no memory is mapped at 0x%08x", v->address);
  default:
    memcpy(bytes, v->bytes, n);
    if (known && v->known) memcpy(known, v->known, n);
    if (known || !v->known || !memchr(v->known, 0, n)) return true;
    e->optimized_out = true;
    return eval_fail(e, 0, "optimized out");
  }
}

static uint64_t extend(uint64_t bits, unsigned width, bool is_signed) {
  if (width == 0 || width >= 64) return bits;
  bits <<= 64 - width;
  return is_signed ? (uint64_t)((int64_t)bits >> (64 - width)) : bits >> (64 - width);
}

static bool bit_field(struct eval *e, const struct value *v, struct number *n) {
  uint8_t bytes[9] = {0};
  const unsigned end = v->bit_offset + v->bit_size;
  if (v->bit_size > 64 || v->bit_offset > 7)
    return eval_fail(e, 0, "a bit-field of %u bits is not supported", v->bit_size);
  if (!value_bytes(e, v, bytes, NULL, (end + 7) / 8)) return false;
  uint64_t bits = 0;
  for (unsigned i = v->bit_offset; i < end; i++)
    bits |= (uint64_t)(bytes[i / 8] >> i % 8 & 1) << (i - v->bit_offset);
  const bool fits = v->bit_size < 32 || (v->type->is_signed && v->bit_size == 32);
  *n = (struct number){.is_signed = v->type->is_signed || fits,
                       .size = v->bit_size > 32 ? 8 : 4,
                       .bits = extend(bits, v->bit_size, v->type->is_signed)};
  return true;
}

static bool floating_number(const uint8_t *bytes, unsigned size, struct number *n) {
  *n = (struct number){.is_float = true,
                       .is_signed = true,
                       .size = size < 4 ? 4 : size,
                       .floating = (double)float_decode(bytes, size)};
  return true;
}

bool value_number(struct eval *e, const struct value *v, struct number *n) {
  const struct type *t = v->type;
  uint64_t bits = 0;
  char name[100];
  if (v->is_bits) return bit_field(e, v, n);
  if (t->kind == TYPE_ARRAY || t->kind == TYPE_FUNCTION || t->kind == TYPE_SYMBOL) {
    if (v->where != IN_MEMORY) return eval_fail(e, 0, "an array that is not in memory has no address");
    return *n = (struct number){.size = 4, .bits = v->address}, true;
  }
  if (!type_is_scalar(t))
    return eval_fail(e, 0, "a value of type `%s` is not a number", type_spell(e, t, name, sizeof name));
  if (t->size > 16 || t->size == 0)
    return eval_fail(e, 0, "the type `%s` is incomplete", type_spell(e, t, name, sizeof name));
  uint8_t bytes[16] = {0};
  if (!value_bytes(e, v, bytes, NULL, t->size)) return false;
  if (t->kind == TYPE_FLOAT) return floating_number(bytes, t->size, n);
  memcpy(&bits, bytes, sizeof bits);
  *n = (struct number){.is_signed = t->is_signed || (t->size < 4 && t->kind != TYPE_POINTER),
                       .size = t->size > 4 ? 8 : 4,
                       .bits = extend(bits, 8 * t->size, t->is_signed)};
  return true;
}

struct value value_of_number(struct eval *e, const struct type *type, uint64_t bits) {
  uint8_t *bytes = eval_alloc(e, 16);
  memcpy(bytes, &bits, sizeof bits);
  return (struct value){
      .type = type, .where = IN_BYTES, .bytes = bytes, .status = e->regs.status, .image = e->image};
}

/* ---- parts ---- */

static const struct home *part_of_homes(struct eval *e, const struct value *v, uint32_t size,
                                        uint32_t offset) {
  struct home *home = eval_alloc(e, (size + 1) * sizeof *home);
  if (v->where == IN_BYTES && !v->home) return NULL;
  for (uint32_t i = 0; i < size && offset + (uint64_t)i < v->type->size; i++) {
    if (v->where == IN_BYTES)
      home[i] = v->home[offset + i];
    else if (v->where == IN_REGISTER && offset + i < 4)
      home[i] = (struct home){HOME_REGISTER, 4 * v->reg + offset + i};
  }
  return home;
}

/* The part of a value that begins `offset` bytes behind its beginning. */
static struct value part(struct eval *e, const struct value *v, const struct type *type, uint32_t offset) {
  struct value p = *v;
  p.type = type;
  p.is_bits = false;
  if (v->where == IN_MEMORY) p.address = v->address + offset;
  if (v->where == IN_MEMORY || offset == 0) {
    if (v->where != IN_BYTES || type->size <= v->type->size) return p;
  }
  uint8_t *bytes = eval_alloc(e, type->size + 16), *known = eval_alloc(e, type->size + 16);
  const uint32_t end = v->type->size;
  uint8_t *whole = eval_alloc(e, end + 1), *have = eval_alloc(e, end + 1);
  if (value_bytes(e, v, whole, have, end))
    for (uint32_t i = 0; i < type->size && offset + (uint64_t)i < end; i++)
      bytes[i] = whole[offset + i], known[i] = have[offset + i];
  p.where = IN_BYTES, p.bytes = bytes, p.known = known;
  p.home = part_of_homes(e, v, type->size, offset);
  return p;
}

static uint64_t attribute(Dwarf_Die *die, unsigned name, bool *has) {
  Dwarf_Attribute a;
  Dwarf_Word n = 0;
  *has = dwarf_formudata(dwarf_attr(die, name, &a), &n) == 0;
  return *has ? n : 0;
}

/* DWARF 5 counts a bit-field's offset from the beginning of the struct, DWARF 4 too with
 * DW_AT_data_bit_offset; older producers count with DW_AT_bit_offset from the highest bit of the storage unit
 * downwards. */
struct value value_member_of(struct eval *e, const struct value *v, Dwarf_Die *die) {
  bool placed, bits_placed, is_bits, old_bits, sized;
  const struct type *type = type_of_die(e, die);
  uint32_t offset = (uint32_t)attribute(die, DW_AT_data_member_location, &placed);
  const uint64_t from_start = attribute(die, DW_AT_data_bit_offset, &bits_placed);
  const uint64_t width = attribute(die, DW_AT_bit_size, &is_bits);
  const uint64_t from_top = attribute(die, DW_AT_bit_offset, &old_bits);
  uint64_t unit = attribute(die, DW_AT_byte_size, &sized);
  if (!is_bits) return part(e, v, type, offset);
  if (!sized) unit = type->size;
  uint64_t bit = bits_placed ? from_start : old_bits ? 8 * unit - from_top - width : 0;
  offset += (uint32_t)(bit / 8);
  struct type *bytes = eval_alloc(e, sizeof *bytes); /* as many as the bit-field touches */
  *bytes = *type;
  bytes->size = (uint32_t)((bit % 8 + (width < 64 ? width : 64) + 7) / 8);
  struct value m = part(e, v, bytes, offset);
  m.type = type;
  m.is_bits = true;
  m.bit_offset = (unsigned)(bit % 8);
  m.bit_size = (unsigned)width;
  return m;
}

static bool find_member(struct eval *e, const struct value *v, const char *name, unsigned depth,
                        struct value *m) {
  Dwarf_Die die = v->type->die, child;
  if (!v->type->has_die || depth > CHAIN || dwarf_child(&die, &child)) return false;
  do {
    if (dwarf_tag(&child) != DW_TAG_member) continue;
    const char *n = dwarf_diename(&child);
    if (n && strcmp(n, name) == 0) return *m = value_member_of(e, v, &child), true;
    const struct type *t = n ? NULL : type_of_die(e, &child);
    if (!t || (t->kind != TYPE_STRUCT && t->kind != TYPE_UNION)) continue;
    const struct value unnamed = value_member_of(e, v, &child);
    if (find_member(e, &unnamed, name, depth + 1, m)) return true;
  } while (dwarf_siblingof(&child, &child) == 0);
  return false;
}

bool value_member(struct eval *e, const struct value *v, const char *name, unsigned column, struct value *m) {
  char type[100];
  type_spell(e, v->type, type, sizeof type);
  if (v->type->kind == TYPE_POINTER) return eval_fail(e, column, "`%s` is a pointer: use `->`", type);
  if (v->type->kind != TYPE_STRUCT && v->type->kind != TYPE_UNION)
    return eval_fail(e, column, "`%s` has no members", type);
  if (v->type->incomplete)
    return eval_fail(e, column, "`%s` is incomplete: it is declared, but not defined", type);
  return find_member(e, v, name, 0, m) || eval_fail(e, column, "`%s` has no member `%s`", type, name);
}

bool value_element(struct eval *e, const struct value *array, uint32_t index, struct value *element) {
  const struct type *of = type_target(e, array->type);
  if (index && of->kind == TYPE_ARRAY && of->unbounded)
    return eval_fail(e, 0, "the size of the array's elements is not known: it has been optimized out");
  *element = part(e, array, of, index * of->size);
  return true;
}

void value_complex(struct eval *e, const struct value *v, struct value *real, struct value *imaginary) {
  const uint32_t size = v->type->size / 2;
  const struct type *of = type_base(e, size == 2   ? "_Float16"
                                       : size == 4 ? "float"
                                       : size == 8 ? "double"
                                                   : "long double");
  *real = part(e, v, of, 0);
  *imaginary = part(e, v, of, size);
}

bool value_dereference(struct eval *e, const struct value *v, unsigned column, struct value *to) {
  struct number n;
  char name[100];
  const struct type *t = v->type;
  if (t->kind == TYPE_FUNCTION || t->kind == TYPE_SYMBOL) return *to = *v, true;
  if (t->kind == TYPE_ARRAY) return value_element(e, v, 0, to);
  const bool plain = type_is_integer(t) && !e->touched_c; /* *0x1000 and *$sp: a word */
  if (t->kind != TYPE_POINTER && !plain)
    return eval_fail(e, column, "`%s` is not a pointer", type_spell(e, t, name, sizeof name));
  if (!plain && type_target(e, t)->kind == TYPE_VOID && !e->type_only)
    return eval_fail(e, column, "what a `void *` points at has no type: cast the pointer, as in *(int *)p");
  if (!value_number(e, v, &n)) return false;
  *to = (struct value){.type = plain ? type_base(e, "unsigned int") : type_target(e, t),
                       .where = IN_MEMORY,
                       .address = (uint32_t)n.bits,
                       .status = v->status,
                       .image = v->image};
  return true;
}

/* ---- nodes ---- */

static bool index_of(struct eval *e, const struct node *n, const struct value *of, const struct value *by,
                     struct value *v) {
  struct number i;
  char name[100];
  struct value first;
  if (!value_number(e, by, &i)) return false;
  if (i.is_float) return eval_fail(e, n->column, "an index must be an integer");
  if (of->type->kind == TYPE_ARRAY) return value_element(e, of, (uint32_t)i.bits, v);
  if (of->type->kind != TYPE_POINTER)
    return eval_fail(e, n->column, "`%s` is no array and no pointer",
                     type_spell(e, of->type, name, sizeof name));
  if (!value_dereference(e, of, n->column, &first)) return false;
  if (first.type->incomplete || first.type->kind == TYPE_FUNCTION)
    return eval_fail(e, n->column, "the size of `%s` is not known",
                     type_spell(e, first.type, name, sizeof name));
  first.address += (uint32_t)i.bits * first.type->size;
  return *v = first, true;
}

static bool address_of(struct eval *e, const struct node *n, const struct value *of, struct value *v) {
  if (of->is_bits) return eval_fail(e, n->column, "a bit-field has no address");
  if (of->where == IN_REGISTER)
    return eval_fail(e, n->column, "it is in register %s and has no address",
                     of->reg == 32 ? "pc" : pg32_register_name(of->reg));
  if (of->where != IN_MEMORY) return eval_fail(e, n->column, "only what is in memory has an address");
  *v = value_of_number(e, type_pointer(e, of->type), of->address);
  v->status = of->status, v->image = of->image;
  return true;
}

/* C11 6.4.4.1: the first type that holds the value. */
static const struct type *literal_type(struct eval *e, const struct node *n) {
  const bool unsigned_too = n->is_unsigned || n->may_be_unsigned;
  if (n->is_char) return type_base(e, "char");
  if (n->is_float) return type_base(e, n->is_single ? "float" : n->is_long ? "long double" : "double");
  if (!n->is_long_long && !n->is_unsigned && n->number <= INT32_MAX)
    return type_base(e, n->is_long ? "long" : "int");
  if (!n->is_long_long && unsigned_too && n->number <= UINT32_MAX)
    return type_base(e, n->is_long ? "unsigned long" : "unsigned int");
  return type_base(e, n->is_unsigned || n->number > INT64_MAX ? "unsigned long long" : "long long");
}

static bool string(struct eval *e, const struct node *n, struct value *v) {
  *v = (struct value){.type = type_array(e, type_base(e, "char"), (uint32_t)n->number),
                      .where = IN_BYTES,
                      .bytes = (const uint8_t *)n->text,
                      .is_string = true,
                      .status = e->regs.status,
                      .image = e->image};
  return true;
}

static bool literal(struct eval *e, const struct node *n, struct value *v) {
  uint8_t bytes[16];
  *v = value_of_number(e, literal_type(e, n), n->number);
  if (!n->is_float) return true;
  float_encode(n->floating, v->type->size, bytes);
  v->bytes = (const uint8_t *)eval_copy(e, (const char *)bytes, v->type->size);
  return true;
}

/* The operand is not evaluated (C11 6.5.3.4): its type counts. */
static bool size_of(struct eval *e, const struct node *n, struct value *v) {
  struct value of = {0};
  char name[100];
  const bool outer = e->type_only;
  e->type_only = true;
  const bool ok = n->cast ? scope_type(e, n->cast, n->column, &of.type) : compute(e, n->left, &of);
  e->type_only = outer;
  if (!ok) return false;
  if (of.is_bits) return eval_fail(e, n->column, "a bit-field has no size in bytes");
  if (of.type->incomplete || of.type->unbounded)
    return eval_fail(e, n->column, "the size of `%s` is not known",
                     type_spell(e, of.type, name, sizeof name));
  *v = value_of_number(e, type_base(e, "unsigned int"), of.type->size);
  return true;
}

/* && and || do not look at the right side unless they must. */
static bool logical(struct eval *e, const struct node *n, struct value *v) {
  struct value left, right;
  bool truth;
  if (!compute(e, n->left, &left) || !arithmetic_truth(e, &left, n->left->column, &truth)) return false;
  if (truth == (n->op == OP_AND))
    if (!compute(e, n->right, &right) || !arithmetic_truth(e, &right, n->right->column, &truth)) return false;
  *v = value_of_number(e, type_base(e, "int"), truth);
  return true;
}

static bool binary(struct eval *e, const struct node *n, struct value *v) {
  struct value left, right;
  if (n->op == OP_AND || n->op == OP_OR) return logical(e, n, v);
  return compute(e, n->left, &left) && compute(e, n->right, &right) && arithmetic(e, n, &left, &right, v);
}

/* The side that is not chosen matters by its type alone, if it has one here. */
static bool choice(struct eval *e, const struct node *n, struct value *v) {
  struct value condition, other;
  bool truth;
  if (!compute(e, n->left, &condition) || !arithmetic_truth(e, &condition, n->left->column, &truth) ||
      !compute(e, truth ? n->right : n->other, v))
    return false;
  if (compute(e, truth ? n->other : n->right, &other)) return arithmetic_common(e, v, other.type);
  if (e->unknown) return false;
  e->error[0] = 0, e->optimized_out = false;
  return true;
}

static bool cast(struct eval *e, const struct node *n, struct value *v) {
  struct value from;
  const struct type *to;
  return scope_type(e, n->cast, n->column, &to) && compute(e, n->left, &from) &&
         arithmetic_cast(e, &from, to, n->column, v);
}

static bool unary(struct eval *e, const struct node *n, struct value *v) {
  struct value of;
  if (!compute(e, n->left, &of)) return false;
  if (n->op == '*') return value_dereference(e, &of, n->column, v);
  if (n->op == '&') return address_of(e, n, &of, v);
  return arithmetic_unary(e, n, &of, v);
}

static bool at_address(struct eval *e, const struct node *n, struct value *v) {
  struct value address;
  struct number a;
  const struct type *type;
  if (!scope_type(e, n->cast, n->column + 1, &type) || !compute(e, n->left, &address)) return false;
  if (!value_number(e, &address, &a)) return false;
  if (a.is_float) return eval_fail(e, n->column, "an address must be an integer");
  e->touched_c = true;
  *v = (struct value){.type = type,
                      .where = IN_MEMORY,
                      .address = (uint32_t)a.bits,
                      .status = address.status,
                      .image = address.image};
  return true;
}

static bool member(struct eval *e, const struct node *n, struct value *v) {
  struct value of, to;
  if (!compute(e, n->left, &of)) return false;
  if (n->kind == NODE_MEMBER) return value_member(e, &of, n->text, n->column, v);
  if (of.type->kind == TYPE_STRUCT || of.type->kind == TYPE_UNION)
    return eval_fail(e, n->column, "the left side of `->` is no pointer: use `.`");
  return value_dereference(e, &of, n->column, &to) && value_member(e, &to, n->text, n->column, v);
}

static bool repeat(struct eval *e, const struct node *n, struct value *v) {
  struct value by;
  struct number count;
  if (!compute(e, n->left, v) || !compute(e, n->right, &by) || !value_number(e, &by, &count)) return false;
  if (v->is_bits || v->where != IN_MEMORY)
    return eval_fail(e, n->column, "only what is in memory can be followed by `@`");
  if (!v->type->size || v->type->kind == TYPE_FUNCTION || v->type->kind == TYPE_SYMBOL)
    return eval_fail(e, n->column, "the size of what stands before `@` is not known");
  if (count.is_float || count.bits < 1 || count.bits > MOST_REPEATED)
    return eval_fail(e, n->column, "expected a number from 1 to %u after `@`", MOST_REPEATED);
  v->type = type_array(e, v->type, (uint32_t)count.bits);
  return true;
}

static bool element(struct eval *e, const struct node *n, struct value *v) {
  struct value of, by;
  return compute(e, n->left, &of) && compute(e, n->right, &by) && index_of(e, n, &of, &by, v);
}

bool compute(struct eval *e, const struct node *n, struct value *v) {
  *v = (struct value){0};
  switch (n->kind) {
  case NODE_NUMBER: return literal(e, n, v);
  case NODE_STRING: return string(e, n, v);
  case NODE_NAME: return scope_name(e, n, v);
  case NODE_REGISTER:
    *v = (struct value){.type = type_base(e, "unsigned int"),
                        .where = IN_REGISTER,
                        .reg = (unsigned)n->number,
                        .status = e->regs.status,
                        .image = e->image};
    return true;
  case NODE_UNARY: return unary(e, n, v);
  case NODE_SIZEOF: return size_of(e, n, v);
  case NODE_CAST: return cast(e, n, v);
  case NODE_AT: return at_address(e, n, v);
  case NODE_MEMBER:
  case NODE_ARROW: return member(e, n, v);
  case NODE_INDEX: return element(e, n, v);
  case NODE_BINARY: return binary(e, n, v);
  case NODE_CHOICE: return choice(e, n, v);
  case NODE_REPEAT: return repeat(e, n, v);
  case NODE_ASSIGN: return eval_fail(e, n->column, "`=` assigns: use `set`; `==` compares");
  }
  return false;
}
