/* expr.c - the words of a statement, and expressions: reading them, and what they are worth.
 *
 * Precedences are GNU as's, not C's: unary; * / % << >>; | & ^ !; + -; comparisons (true is -1); &&; ||. */
#include "internal.h"

#include <elf.h>
#include <stdio.h>
#include <string.h>

#define OP2(a, b) ((a) << 8 | (b))

/* ---- tokens ---- */

static bool is_name_start(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '.' || c == '$' ||
         (unsigned char)c >= 0x80;
}

static bool is_digit(char c) { return c >= '0' && c <= '9'; }
static bool is_name(char c) { return is_name_start(c) || is_digit(c); }

static int digit_of(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'z') return c - 'a' + 10;
  if (c >= 'A' && c <= 'Z') return c - 'A' + 10;
  return 99;
}

/* One character of a string or character constant, escapes resolved; moves *p past it. */
static uint8_t character(const char **p, const char *end) {
  static const char escapes[] = "n\nt\tr\rb\bf\fv\va\ae\033\\\\\"\"''";
  char c = *(*p)++;
  if (c != '\\' || *p == end) return (uint8_t)c;
  c = *(*p)++;
  if (c == 'x') {
    unsigned value = 0;
    while (*p < end && digit_of(**p) < 16) value = value * 16 + (unsigned)digit_of(*(*p)++);
    return (uint8_t)value;
  }
  if (c >= '0' && c <= '7') {
    unsigned value = (unsigned)(c - '0');
    for (int i = 0; i < 2 && *p < end && **p >= '0' && **p <= '7'; i++)
      value = value * 8 + (unsigned)(*(*p)++ - '0');
    return (uint8_t)value;
  }
  for (const char *e = escapes; *e; e += 2)
    if (*e == c) return (uint8_t)e[1];
  return (uint8_t)c;
}

static void number_token(struct assembler *as, const char *p, const char *end) {
  struct token *t = &as->token;
  unsigned base = 10;
  const char *digits = p;
  if (p + 1 < end && p[0] == '0' && (p[1] == 'x' || p[1] == 'X'))
    base = 16, digits += 2;
  else if (p + 2 < end && p[0] == '0' && (p[1] == 'b' || p[1] == 'B') && digit_of(p[2]) < 2)
    base = 2, digits += 2;
  else if (p + 1 < end && p[0] == '0' && is_digit(p[1]))
    base = 8;
  const char *q = digits;
  bool overflow = false;
  for (; q < end && (unsigned)digit_of(*q) < base; q++) {
    overflow |= t->number > (UINT64_MAX - 15) / base;
    t->number = t->number * base + (unsigned)digit_of(*q);
  }
  t->kind = TOK_NUMBER;
  if (base <= 10 && q < end && (*q == 'b' || *q == 'f') && !(q + 1 < end && is_name(q[1]))) {
    t->kind = TOK_LOCAL;
    t->op = *q++;
  }
  t->text = (struct text){p, (size_t)(q - p)};
  if (overflow)
    t->bad = "number too large";
  else if (q == digits || (q < end && is_name(*q)))
    t->bad = "malformed number";
}

static void character_token(struct assembler *as, const char *p, const char *end) {
  struct token *t = &as->token;
  const char *q = p + 1;
  t->kind = TOK_NUMBER;
  if (q < end)
    t->number = character(&q, end);
  else
    t->bad = "expected a character after '";
  if (q < end && *q == '\'') q++;
  t->text = (struct text){p, (size_t)(q - p)};
}

static void string_token(struct assembler *as, const char *p, const char *end) {
  const char *q = p + 1;
  while (q < end && *q != '"') q += *q == '\\' && q + 1 < end ? 2 : 1;
  as->token.kind = TOK_STRING;
  as->token.text = (struct text){p, (size_t)(q < end ? q + 1 - p : q - p)};
  if (q >= end) as->token.bad = "string without end";
}

static void operator_token(struct assembler *as, const char *p, const char *end) {
  static const char pairs[] = "<<>>==!=<=>=&&||<>";
  struct token *t = &as->token;
  t->kind = TOK_OP;
  t->op = (unsigned char)*p;
  t->text = (struct text){p, 1};
  for (const char *two = pairs; p + 1 < end && *two; two += 2)
    if (p[0] == two[0] && p[1] == two[1]) {
      t->op = OP2(two[0], two[1]);
      t->text.n = 2;
    }
}

void pg32_as_tokens_from(struct assembler *as, const char *p) {
  const char *end = as->now.text.p + as->now.text.n;
  while (p < end && (*p == ' ' || *p == '\t' || *p == '\r' || *p == '\f' || *p == '\v')) p++;
  as->token = (struct token){.kind = TOK_END, .text = {p, 0}};
  if (p >= end) return;
  if (is_digit(*p))
    number_token(as, p, end);
  else if (*p == '\'')
    character_token(as, p, end);
  else if (*p == '"')
    string_token(as, p, end);
  else if (!is_name_start(*p))
    operator_token(as, p, end);
  else {
    as->token.kind = TOK_NAME;
    while (p < end && is_name(*p)) p++, as->token.text.n++;
  }
}

void pg32_as_advance(struct assembler *as) { pg32_as_tokens_from(as, as->token.text.p + as->token.text.n); }

bool pg32_as_accept(struct assembler *as, int op) {
  if (as->token.kind != TOK_OP || as->token.op != op) return false;
  pg32_as_advance(as);
  return true;
}

bool pg32_as_expect(struct assembler *as, int op) {
  if (pg32_as_accept(as, op)) return true;
  pg32_as_error(as, "expected '%c'", op);
  return false;
}

struct text pg32_as_rest(const struct assembler *as) {
  const char *p = as->token.text.p;
  return (struct text){p, (size_t)(as->now.text.p + as->now.text.n - p)};
}

bool pg32_as_string_bytes(struct assembler *as, struct text *bytes) {
  if (as->token.kind != TOK_STRING || as->token.bad) {
    pg32_as_error(as, "%s", as->token.bad ? as->token.bad : "expected a string");
    return false;
  }
  const char *p = as->token.text.p + 1, *end = p + as->token.text.n - 1;
  if (end > p && end[-1] == '"') end--;
  char *out = pg32_as_alloc(as, (size_t)(end - p) + 1);
  *bytes = (struct text){out, 0};
  while (p < end) out[bytes->n++] = (char)character(&p, end);
  pg32_as_advance(as);
  return true;
}

bool pg32_as_name(struct assembler *as, struct text *name) {
  if (as->token.kind == TOK_STRING) {
    if (!pg32_as_string_bytes(as, name)) return false;
    if (name->n && !memchr(name->p, 0, name->n)) return true;
    pg32_as_error(as, "expected a name");
    return false;
  }
  if (as->token.kind != TOK_NAME) {
    pg32_as_error(as, "expected a name");
    return false;
  }
  *name = as->token.text;
  pg32_as_advance(as);
  return true;
}

/* ---- building ---- */

static int64_t compute(enum op op, int64_t a, int64_t b) {
  uint64_t x = (uint64_t)a, y = (uint64_t)b;
  switch (op) {
  case OP_NEG: return (int64_t)-x;
  case OP_NOT: return ~a;
  case OP_LNOT: return !a;
  case OP_MUL: return (int64_t)(x * y);
  case OP_DIV: return b == -1 ? (int64_t)-x : b ? a / b : 0;
  case OP_MOD: return b == -1 || !b ? 0 : a % b;
  case OP_SHL: return y > 63 ? 0 : (int64_t)(x << y);
  case OP_SHR: return y > 63 ? 0 : (int64_t)(x >> y);
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
    return pg32_as_number_expr(as, compute(op, left->number, right ? right->number : 0));
  struct expr *e = pg32_as_alloc(as, sizeof *e);
  *e = (struct expr){.op = op, .nodes = nodes, .left = left, .right = right};
  return e;
}

/* ---- reading ---- */

static const struct expr *subexpression(struct assembler *as, int lowest);

static const struct expr *local_reference(struct assembler *as) {
  char name[64];
  snprintf(name, sizeof name, "\001%llu", (unsigned long long)as->token.number);
  struct symbol *counter = pg32_as_symbol(as, (struct text){name, strlen(name)});
  bool forward = as->token.op == 'f';
  if (!forward && !counter->instances) {
    pg32_as_error(as, "no label %llu: before this", (unsigned long long)as->token.number);
    return NULL;
  }
  size_t n = strlen(name);
  snprintf(name + n, sizeof name - n, "\001%u", counter->instances + forward);
  struct symbol *symbol = pg32_as_symbol(as, (struct text){name, strlen(name)});
  pg32_as_advance(as);
  return pg32_as_symbol_expr(as, symbol);
}

static const struct expr *named(struct assembler *as) {
  if (pg32_as_text_is(as->token.text, ".")) {
    pg32_as_advance(as);
    return pg32_as_symbol_expr(as, pg32_as_dot(as));
  }
  struct symbol *symbol = pg32_as_symbol(as, as->token.text);
  pg32_as_advance(as);
  if (pg32_as_accept(as, '@')) { /* f@plt: PG32 links statically, so f itself */
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
  int rank; /* the higher, the tighter */
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

/* ---- values ---- */

static bool evaluate(struct assembler *as, const struct expr *e, struct value *v, const char **why);

static bool same_section(const struct symbol *a, const struct symbol *b) {
  return a->kind == SYM_LABEL && b->kind == SYM_LABEL && a->section == b->section;
}

/* Cancels a symbol with another: their difference is known within a section. */
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

/* An equate read earlier stands for what it was then; one read before its definition for what it is now. */
static bool symbol_value(struct assembler *as, const struct expr *e, struct value *v, const char **why) {
  struct symbol *s = e->symbol;
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
  *v = (struct value){.n = compute(e->op, a.n, b.n)};
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
