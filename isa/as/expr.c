/* expr.c - reads expressions into trees, and computes what is constant already.
 *
 * Precedences are those of the GNU assembler (its manual, section "Infix Operators"), not those of C. From
 * the tightest: unary operators; * / % << >>; | & ^ !; + -; comparisons, where true is -1; &&; ||. */
#include "internal.h"

#include <elf.h>
#include <stdio.h>
#include <string.h>

/* ---- building ---- */

const struct expr *pg32_as_number_expr(struct assembler *as, int64_t number) {
  struct expr *e = pg32_as_alloc(as, sizeof *e);
  *e = (struct expr){.op = OP_NUMBER, .nodes = 1, .number = number};
  return e;
}

const struct expr *pg32_as_symbol_expr(struct assembler *as, struct symbol *symbol) {
  struct expr *e = pg32_as_alloc(as, sizeof *e);
  const struct expr *equate = symbol->kind == SYM_EQUATE ? symbol->expr : NULL;
  if (equate && equate->op == OP_NUMBER && symbol->binding != STB_WEAK) return equate;
  *e = (struct expr){
      .op = OP_SYMBOL, .nodes = 1 + (equate ? equate->nodes : 0), .symbol = symbol, .left = equate};
  return e;
}

const struct expr *pg32_as_binary(struct assembler *as, enum op op, const struct expr *left,
                                  const struct expr *right) {
  unsigned nodes = 1 + left->nodes + (right ? right->nodes : 0);
  if (nodes > MAX_EXPR_NODES) {
    pg32_as_error(as, "expression too large");
    return NULL;
  }
  bool constant = left->op == OP_NUMBER && (!right || right->op == OP_NUMBER);
  bool by_zero = (op == OP_DIV || op == OP_MOD) && right->op == OP_NUMBER && !right->number;
  if (constant && !by_zero)
    return pg32_as_number_expr(as, pg32_as_compute(op, left->number, right ? right->number : 0));
  struct expr *e = pg32_as_alloc(as, sizeof *e);
  *e = (struct expr){.op = op, .nodes = nodes, .left = left, .right = right};
  return e;
}

/* ---- reading ---- */

static const struct expr *subexpression(struct assembler *as, int lowest);

static const struct expr *local_reference(struct assembler *as) {
  const struct token label = as->token;
  bool forward = label.op == 'f';
  struct symbol *counter = pg32_as_local_counter(as, label.number);
  if (label.op == 'b' && !counter->instances) {
    pg32_as_error(as, "no label %llu: before this", (unsigned long long)label.number);
    return NULL;
  }
  struct symbol *symbol = pg32_as_local_symbol(as, &label, counter->instances + forward);
  pg32_as_advance(as);
  return pg32_as_symbol_expr(as, symbol);
}

static const struct expr *named(struct assembler *as) {
  if (pg32_as_text_is(as->token.text, ".")) {
    pg32_as_advance(as);
    if (as->here == &as->structure) return pg32_as_number_expr(as, as->here->size);
    return pg32_as_symbol_expr(as, pg32_as_dot(as));
  }
  struct symbol *symbol = pg32_as_symbol(as, as->token.text);
  pg32_as_advance(as);
  if (pg32_as_accept(as, '@')) { /* f@plt is f itself, as PG32 programs are linked statically */
    if (as->token.kind == TOK_NAME && pg32_as_text_is(as->token.text, "plt"))
      pg32_as_advance(as);
    else
      pg32_as_error(as, "only @plt is understood after a symbol");
  }
  return pg32_as_symbol_expr(as, symbol);
}

static const struct expr *unary(struct assembler *as, enum op op) {
  const struct expr *operand = subexpression(as, 7);
  return operand ? pg32_as_binary(as, op, operand, NULL) : NULL;
}

static const struct expr *primary(struct assembler *as) {
  struct token t = as->token;
  struct text name;
  const struct expr *e;
  if (t.bad) {
    pg32_as_error(as, "%s", t.bad);
    return NULL;
  }
  switch (t.kind) {
  case TOK_NUMBER: pg32_as_advance(as); return pg32_as_number_expr(as, (int64_t)t.number);
  case TOK_LOCAL: return local_reference(as);
  case TOK_NAME: return named(as);
  case TOK_STRING: return pg32_as_name(as, &name) ? pg32_as_symbol_expr(as, pg32_as_symbol(as, name)) : NULL;
  default: break;
  }
  if (pg32_as_accept(as, '-')) return unary(as, OP_NEG);
  if (pg32_as_accept(as, '~')) return unary(as, OP_NOT);
  if (pg32_as_accept(as, '!')) return unary(as, OP_LNOT);
  if (pg32_as_accept(as, '+')) return subexpression(as, 7);
  if (pg32_as_accept(as, '(')) {
    e = subexpression(as, 1);
    return e && pg32_as_expect(as, ')') ? e : NULL;
  }
  pg32_as_error(as, "expected an expression");
  return NULL;
}

/* clang-format off */
static const struct operator {
  int token;
  enum op op;
  int rank; /* the higher, the tighter it binds */
} operators[] = {
  {OP2('|', '|'), OP_LOR, 1}, {OP2('&', '&'), OP_LAND, 2},
  {OP2('=', '='), OP_EQ, 3},  {OP2('!', '='), OP_NE, 3},   {OP2('<', '>'), OP_NE, 3}, {'<', OP_LT, 3},
  {'>', OP_GT, 3},            {OP2('<', '='), OP_LE, 3},   {OP2('>', '='), OP_GE, 3},
  {'+', OP_ADD, 4},           {'-', OP_SUB, 4},
  {'|', OP_OR, 5},            {'&', OP_AND, 5},            {'^', OP_XOR, 5},          {'!', OP_ORNOT, 5},
  {'*', OP_MUL, 6},           {'/', OP_DIV, 6},            {'%', OP_MOD, 6},
  {OP2('<', '<'), OP_SHL, 6}, {OP2('>', '>'), OP_SHR, 6},
};
/* clang-format on */

static const struct operator* operator_here(const struct assembler *as, int lowest) {
  if (as->token.kind != TOK_OP) return NULL;
  for (size_t i = 0; i < sizeof operators / sizeof *operators; i++)
    if (operators[i].token == as->token.op && operators[i].rank >= lowest) return &operators[i];
  return NULL;
}

/* An expression whose binary operators rank at least `lowest`. */
static const struct expr *subexpression(struct assembler *as, int lowest) {
  if (as->nesting >= MAX_NESTING) {
    pg32_as_error(as, "expression nested deeper than %d", MAX_NESTING);
    return NULL;
  }
  as->nesting++;
  const struct expr *left = primary(as);
  const struct operator* op;
  while (left && (op = operator_here(as, lowest))) {
    pg32_as_advance(as);
    const struct expr *right = subexpression(as, op->rank + 1);
    left = right ? pg32_as_binary(as, op->op, left, right) : NULL;
  }
  as->nesting--;
  return left;
}

const struct expr *pg32_as_expr(struct assembler *as) { return subexpression(as, 1); }
