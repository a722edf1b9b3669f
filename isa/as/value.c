/* value.c - computes the value of an expression: a number, plus a symbol, minus a symbol. */
#include "internal.h"

#include <elf.h>

int64_t pg32_as_compute(enum op op, int64_t a, int64_t b) {
  uint64_t x = (uint64_t)a, y = (uint64_t)b;
  switch (op) {
  case OP_NEG: return (int64_t)-x;
  case OP_NOT: return ~a;
  case OP_LNOT: return !a;
  case OP_MUL: return (int64_t)(x * y);
  case OP_DIV: return b == -1 ? (int64_t)-x : b ? a / b : 0;
  case OP_MOD: return b == -1 || !b ? 0 : a % b;
  case OP_SHL: return y > 63 ? 0 : (int64_t)(x << y);
  case OP_SHR: return y > 63 ? -(a < 0) : a >> y; /* so that .word -1>>1 fits, and is what GNU's stores */
  case OP_OR: return a | b;
  case OP_AND: return a & b;
  case OP_XOR: return a ^ b;
  case OP_ORNOT: return a | ~b;
  case OP_ADD: return (int64_t)(x + y);
  case OP_SUB: return (int64_t)(x - y);
  case OP_EQ: return -(a == b);
  case OP_NE: return -(a != b);
  case OP_LT: return -(a < b);
  case OP_LE: return -(a <= b);
  case OP_GT: return -(a > b);
  case OP_GE: return -(a >= b);
  case OP_LAND: return a && b;
  case OP_LOR: return a || b;
  default: return 0;
  }
}

static bool evaluate(struct assembler *as, const struct expr *e, struct value *v, const char **why);

static bool same_section(const struct symbol *a, const struct symbol *b) {
  return a->kind == SYM_LABEL && b->kind == SYM_LABEL && a->section == b->section;
}

/* Replaces the difference of two symbols by a number if both lie in one section. */
static void cancel(struct value *v) {
  if (!v->add || !v->sub) return;
  if (v->add != v->sub && !same_section(v->add, v->sub)) return;
  v->n += (int64_t)v->add->offset - (int64_t)v->sub->offset;
  v->add = v->sub = NULL;
}

static bool sum(struct value a, struct value b, bool minus, struct value *v, const char **why) {
  if (minus) b = (struct value){.n = (int64_t) - (uint64_t)b.n, .add = b.sub, .sub = b.add};
  struct value first = {.add = a.add, .sub = b.sub}, second = {.add = b.add, .sub = a.sub};
  cancel(&first);
  cancel(&second);
  if ((first.add && second.add) || (first.sub && second.sub)) {
    *why = "it is not a number, nor one symbol, nor the difference of two";
    return false;
  }
  *v = (struct value){.add = first.add ? first.add : second.add, .sub = first.sub ? first.sub : second.sub};
  v->n = (int64_t)((uint64_t)a.n + (uint64_t)b.n + (uint64_t)first.n + (uint64_t)second.n);
  cancel(v);
  return true;
}

/* A use of an equate after its definition means the definition before that use; a use before any definition
 * means the last one. */
static bool symbol_value(struct assembler *as, const struct expr *e, struct value *v, const char **why) {
  struct symbol *s = e->symbol;
  pg32_as_leave_part(s);
  const struct expr *equate = e->left ? e->left : s->kind == SYM_EQUATE ? s->expr : NULL;
  if (!equate || s->binding == STB_WEAK) {
    *v = (struct value){.add = s};
    return true;
  }
  if (s->evaluating && !e->left) {
    *why = "it is defined by itself";
    return false;
  }
  bool outer = s->evaluating;
  s->evaluating = true;
  bool good = evaluate(as, equate, v, why);
  s->evaluating = outer;
  return good;
}

static bool binary_value(const struct expr *e, struct value a, struct value b, struct value *v,
                         const char **why) {
  if (e->op == OP_ADD || e->op == OP_SUB) return sum(a, b, e->op == OP_SUB, v, why);
  if (e->op == OP_NEG) return sum((struct value){0}, a, true, v, why);
  if (e->op >= OP_EQ && e->op <= OP_GE) {
    struct value d;
    if (sum(a, b, true, &d, why) && !d.add && !d.sub && (a.add || b.add)) a = d, b = (struct value){0};
  }
  if (a.add || a.sub || b.add || b.sub) {
    *why = "symbols can only be added to and subtracted";
    return false;
  }
  if ((e->op == OP_DIV || e->op == OP_MOD) && !b.n) {
    *why = "division by zero";
    return false;
  }
  *v = (struct value){.n = pg32_as_compute(e->op, a.n, b.n)};
  return true;
}

static bool evaluate(struct assembler *as, const struct expr *e, struct value *v, const char **why) {
  *v = (struct value){0};
  if (e->op == OP_NUMBER) {
    v->n = e->number;
    return true;
  }
  if (++as->eval_steps > MAX_EVAL_STEPS || as->nesting > MAX_EVAL_DEPTH) {
    *why = "it is too large";
    return false;
  }
  as->nesting++;
  struct value a = {0}, b = {0};
  bool good;
  if (e->op == OP_SYMBOL)
    good = symbol_value(as, e, v, why);
  else
    good = evaluate(as, e->left, &a, why) && (!e->right || evaluate(as, e->right, &b, why)) &&
           binary_value(e, a, b, v, why);
  as->nesting--;
  return good;
}

bool pg32_as_value(struct assembler *as, const struct expr *expr, struct value *value, const char **why) {
  as->eval_steps = 0;
  as->nesting = 0;
  *why = NULL;
  return evaluate(as, expr, value, why);
}

bool pg32_as_is_constant(struct assembler *as, const struct expr *expr, int64_t *number) {
  struct value v;
  const char *why;
  if (!pg32_as_value(as, expr, &v, &why) || v.add || v.sub) return false;
  *number = v.n;
  return true;
}

bool pg32_as_constant(struct assembler *as, int64_t *number) {
  struct token at = as->token;
  const struct expr *e = pg32_as_expr(as);
  struct value v;
  const char *why;
  if (!e) return false;
  if (!pg32_as_value(as, e, &v, &why)) {
    pg32_as_error_in(as, at.text, "this must be a constant, but %s", why);
  } else if (v.add || v.sub) {
    const struct symbol *s = v.add ? v.add : v.sub;
    pg32_as_error_in(as, at.text, "this must be a constant here, but it depends on %s%s%s",
                     s->name[0] > 1 ? "'" : "", s->name[0] > 1 ? s->name : "a label",
                     s->name[0] > 1 ? "'" : "");
  } else {
    *number = v.n;
    return true;
  }
  return false;
}

bool pg32_as_constant_in(struct assembler *as, int64_t low, int64_t high, int64_t *number) {
  struct token at = as->token;
  if (!pg32_as_constant(as, number)) return false;
  if (*number >= low && *number <= high) return true;
  pg32_as_error_in(as, at.text, "%lld is not in %lld..%lld", (long long)*number, (long long)low,
                   (long long)high);
  return false;
}
