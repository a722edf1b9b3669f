/* arithmetic.c - C's conversions and operators (C11 6.3 and 6.5): integers of 32 and 64 bits, floating point,
 * and pointers, which count in elements. */
#include <string.h>

#include "eval.h"

/* ---- numbers and values ---- */

static struct value from_number(struct eval *e, const struct number *n) {
  static const char *const names[2][2] = {{"unsigned int", "int"}, {"unsigned long long", "long long"}};
  uint64_t bits = n->bits;
  if (!n->is_float) return value_of_number(e, type_base(e, names[n->size == 8][n->is_signed]), bits);
  uint8_t *bytes = eval_alloc(e, 16);
  float_encode(n->floating, n->size, bytes);
  return (struct value){.type = type_base(e, n->size == 4   ? "float"
                                             : n->size == 8 ? "double"
                                                            : "long double"),
                        .where = IN_BYTES,
                        .bytes = bytes,
                        .status = e->regs.status,
                        .image = e->image};
}

static uint64_t fit(uint64_t bits, unsigned size, bool is_signed) {
  if (size >= 8) return bits;
  const unsigned unused = 64 - 8 * size;
  return is_signed ? (uint64_t)((int64_t)(bits << unused) >> unused) : bits << unused >> unused;
}

static double as_double(const struct number *n) {
  return n->is_float ? n->floating : n->is_signed ? (double)(int64_t)n->bits : (double)n->bits;
}

/* Beyond the range of 64 bits C leaves the result open: 0 here. */
static uint64_t as_bits(const struct number *n) {
  if (!n->is_float) return n->bits;
  if (n->floating >= 9223372036854775808.0)
    return n->floating < 18446744073709551616.0 ? (uint64_t)n->floating : 0;
  return n->floating > -9223372036854775808.0 ? (uint64_t)(int64_t)n->floating : 0;
}

static bool load(struct eval *e, const struct value *v, unsigned column, struct number *n) {
  if (value_number(e, v, n)) return true;
  char why[sizeof e->error];
  if (strncmp(e->error, "column", 6) == 0) return false;
  snprintf(why, sizeof why, "%s", e->error);
  e->error[0] = 0;
  return eval_fail(e, column, "%s", why);
}

bool arithmetic_truth(struct eval *e, const struct value *v, unsigned column, bool *truth) {
  struct number n;
  if (!load(e, v, column, &n)) return false;
  return *truth = n.is_float ? n.floating != 0 : n.bits != 0, true;
}

/* ---- one type for both sides ---- */

static void usual_conversions(struct number *a, struct number *b) {
  const unsigned size = a->size > b->size ? a->size : b->size;
  if (a->is_float || b->is_float) {
    unsigned wide = a->is_float ? a->size : 4;
    if (b->is_float && b->size > wide) wide = b->size;
    for (struct number *n = a; n; n = n == a ? b : NULL)
      n->floating = as_double(n), n->is_float = n->is_signed = true, n->size = wide;
    return;
  }
  const bool is_unsigned = (a->size == size && !a->is_signed) || (b->size == size && !b->is_signed);
  for (struct number *n = a; n; n = n == a ? b : NULL)
    n->size = size, n->is_signed = !is_unsigned, n->bits = fit(n->bits, size, !is_unsigned);
}

static bool is_number(const struct type *t) { return type_is_integer(t) || t->kind == TYPE_FLOAT; }

bool arithmetic_common(struct eval *e, struct value *v, const struct type *other) {
  struct number n, zero = {.size = other->size > 8   ? 16
                                   : other->size > 4 ? 8
                                                     : 4,
                           .is_float = other->kind == TYPE_FLOAT,
                           .is_signed = other->is_signed || other->size < 4};
  const struct type *t = v->type;
  if (!is_number(t) || !is_number(other)) return true;
  if (t->kind == other->kind && t->size == other->size && t->is_signed == other->is_signed) return true;
  if (!value_number(e, v, &n)) return false;
  usual_conversions(&n, &zero);
  return *v = from_number(e, &n), true;
}

/* ---- operators ---- */

static bool compare(int op, int order, bool ordered) {
  switch (op) {
  case '<': return ordered && order < 0;
  case '>': return ordered && order > 0;
  case OP_LE: return ordered && order <= 0;
  case OP_GE: return ordered && order >= 0;
  case OP_EQ: return ordered && order == 0;
  default: return !ordered || order != 0;
  }
}

static bool is_comparison(int op) {
  return op == '<' || op == '>' || op == OP_LE || op == OP_GE || op == OP_EQ || op == OP_NE;
}

static int order_of(const struct number *a, const struct number *b, bool *ordered) {
  *ordered = true;
  if (a->is_float) {
    *ordered = a->floating == a->floating && b->floating == b->floating;
    return (a->floating > b->floating) - (a->floating < b->floating);
  }
  if (!a->is_signed) return (a->bits > b->bits) - (a->bits < b->bits);
  return ((int64_t)a->bits > (int64_t)b->bits) - ((int64_t)a->bits < (int64_t)b->bits);
}

static bool of_floats(struct eval *e, const struct node *n, const struct number *a, const struct number *b,
                      struct number *r) {
  switch (n->op) {
  case '+': return r->floating = a->floating + b->floating, true;
  case '-': return r->floating = a->floating - b->floating, true;
  case '*': return r->floating = a->floating * b->floating, true;
  case '/': return r->floating = a->floating / b->floating, true; /* by 0: infinite, as IEEE 754 has it */
  default: return eval_fail(e, n->column, "this operator wants integers");
  }
}

static bool divide(struct eval *e, const struct node *n, const struct number *a, const struct number *b,
                   struct number *r) {
  if (b->bits == 0) return eval_fail(e, n->column, "division by 0");
  const bool minus_one = a->is_signed && (int64_t)b->bits == -1; /* INT64_MIN / -1 does not fit */
  if (minus_one)
    r->bits = n->op == '/' ? 0 - a->bits : 0;
  else if (a->is_signed)
    r->bits =
        (uint64_t)(n->op == '/' ? (int64_t)a->bits / (int64_t)b->bits : (int64_t)a->bits % (int64_t)b->bits);
  else
    r->bits = n->op == '/' ? a->bits / b->bits : a->bits % b->bits;
  return true;
}

static bool of_integers(struct eval *e, const struct node *n, const struct number *a, const struct number *b,
                        struct number *r) {
  switch (n->op) {
  case '+': return r->bits = a->bits + b->bits, true;
  case '-': return r->bits = a->bits - b->bits, true;
  case '*': return r->bits = a->bits * b->bits, true;
  case '&': return r->bits = a->bits & b->bits, true;
  case '|': return r->bits = a->bits | b->bits, true;
  case '^': return r->bits = a->bits ^ b->bits, true;
  default: return divide(e, n, a, b, r);
  }
}

static bool shift(struct eval *e, const struct node *n, const struct number *a, const struct number *b,
                  struct value *v) {
  struct number r = *a;
  if (a->is_float || b->is_float) return eval_fail(e, n->column, "a shift wants integers");
  if (b->bits >= 8 * a->size)
    return eval_fail(e, n->column, "a shift of %u bits by %lld is not defined", 8 * a->size,
                     (long long)b->bits);
  r.bits = n->op == OP_SHL ? a->bits << b->bits
           : a->is_signed  ? (uint64_t)((int64_t)a->bits >> b->bits)
                           : a->bits >> b->bits;
  r.bits = fit(r.bits, r.size, r.is_signed);
  return *v = from_number(e, &r), true;
}

/* ---- pointers ---- */

static bool is_address(const struct value *v) {
  return v->type->kind == TYPE_POINTER || v->type->kind == TYPE_ARRAY || v->type->kind == TYPE_FUNCTION;
}

static const struct type *pointed(struct eval *e, const struct value *v) {
  return v->type->kind == TYPE_FUNCTION ? v->type : type_target(e, v->type);
}

/* The elements' size: of void and functions 1, as gdb and GNU C have it. */
static bool stride(struct eval *e, const struct node *n, const struct value *v, uint32_t *size) {
  const struct type *t = pointed(e, v);
  *size = t->size;
  return (!t->incomplete && t->size) ||
         eval_fail(e, n->column, "the size of what the pointer points at is not known");
}

static bool pointer_sum(struct eval *e, const struct node *n, const struct value *pointer,
                        const struct number *at, const struct number *by, struct value *v) {
  uint32_t size;
  if (by->is_float) return eval_fail(e, n->column, "a pointer moves by integers only");
  if (!stride(e, n, pointer, &size)) return false;
  const uint32_t offset = (uint32_t)by->bits * size;
  const uint32_t to = (uint32_t)at->bits + (n->op == '-' ? 0 - offset : offset);
  *v = value_of_number(e, type_pointer(e, pointed(e, pointer)), to);
  v->status = pointer->status, v->image = pointer->image;
  return true;
}

static bool pointers(struct eval *e, const struct node *n, const struct value *left,
                     const struct value *right, const struct number *a, const struct number *b,
                     struct value *v) {
  uint32_t size;
  if (n->op == '+' && !is_address(right)) return pointer_sum(e, n, left, a, b, v);
  if (n->op == '+' && !is_address(left)) return pointer_sum(e, n, right, b, a, v);
  if (n->op == '-' && !is_address(right)) return pointer_sum(e, n, left, a, b, v);
  if (n->op != '-' || !is_address(left))
    return eval_fail(e, n->column, "this operator does not take pointers");
  if (!stride(e, n, left, &size)) return false;
  const int64_t distance = (int32_t)((uint32_t)a->bits - (uint32_t)b->bits);
  *v = value_of_number(e, type_base(e, "int"), (uint64_t)(distance / (int64_t)size));
  return true;
}

/* ---- nodes ---- */

bool arithmetic(struct eval *e, const struct node *n, struct value *left, struct value *right,
                struct value *v) {
  struct number a, b;
  bool ordered;
  if (!load(e, left, n->left->column, &a) || !load(e, right, n->right->column, &b)) return false;
  if (n->op == OP_SHL || n->op == OP_SHR) return shift(e, n, &a, &b, v);
  if ((is_address(left) || is_address(right)) && !is_comparison(n->op))
    return pointers(e, n, left, right, &a, &b, v);
  usual_conversions(&a, &b);
  struct number r = a;
  if (is_comparison(n->op)) {
    const int order = order_of(&a, &b, &ordered);
    return *v = value_of_number(e, type_base(e, "int"), compare(n->op, order, ordered)), true;
  }
  if (!(a.is_float ? of_floats(e, n, &a, &b, &r) : of_integers(e, n, &a, &b, &r))) return false;
  r.bits = fit(r.bits, r.size, r.is_signed);
  return *v = from_number(e, &r), true;
}

bool arithmetic_unary(struct eval *e, const struct node *n, const struct value *of, struct value *v) {
  struct number a;
  if (!load(e, of, n->left->column, &a)) return false;
  if (n->op == '!') {
    const bool zero = a.is_float ? a.floating == 0 : a.bits == 0;
    return *v = value_of_number(e, type_base(e, "int"), zero), true;
  }
  if (is_address(of)) return eval_fail(e, n->column, "`%c` does not take pointers", n->op);
  if (n->op == '~' && a.is_float) return eval_fail(e, n->column, "`~` wants an integer");
  if (n->op == '-') a.floating = -a.floating, a.bits = 0 - a.bits;
  if (n->op == '~') a.bits = ~a.bits;
  a.bits = fit(a.bits, a.size, a.is_signed);
  return *v = from_number(e, &a), true;
}

/* ---- casts ---- */

static const uint8_t *converted(struct eval *e, const struct number *n, const struct type *to) {
  uint8_t *bytes = eval_alloc(e, 16);
  uint64_t bits = as_bits(n);
  if (to->kind == TYPE_BOOL) bits = n->is_float ? n->floating != 0 : n->bits != 0;
  if (to->kind == TYPE_FLOAT)
    float_encode(as_double(n), to->size, bytes);
  else
    memcpy(bytes, &bits, sizeof bits);
  return bytes;
}

bool arithmetic_cast(struct eval *e, const struct value *from, const struct type *to, unsigned column,
                     struct value *v) {
  struct number n;
  char name[100];
  if (!type_is_scalar(to) || to->size == 0 || to->size > 16)
    return eval_fail(e, column, "a cast to `%s` is not possible", type_spell(e, to, name, sizeof name));
  if (!load(e, from, column, &n)) return false;
  if (to->kind == TYPE_POINTER) e->touched_c = true;
  *v = (struct value){.type = to,
                      .where = IN_BYTES,
                      .bytes = converted(e, &n, to),
                      .status = from->status,
                      .image = from->image};
  return true;
}
