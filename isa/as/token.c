/* token.c - the words of a statement: names, numbers, strings and operators. */
#include "internal.h"

#include <string.h>

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

/* Reads one character, or an escape such as \n, of a string or character constant; moves *p past it. */
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

/* Constants from C headers end with U, L, UL, ULL, in any case and order. */
static const char *skip_suffix(const char *q, const char *end) {
  const char *p = q;
  while (p < end && p - q < 3 && memchr("uUlL", *p, 4)) p++;
  return p < end && is_name(*p) ? q : p;
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
  if (base == 10 && q > digits && q < end && *q == '$') {
    t->kind = TOK_LOCAL;
    t->op = *q++;
  }
  if (t->kind == TOK_NUMBER && q > digits) q = skip_suffix(q, end);
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
