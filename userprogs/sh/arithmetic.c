/* arithmetic.c - $((...)): the operators of C on numbers and variables. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "sh.h"

static const char *at;
static bool skipping; /* what is behind a decided && || or ? is read, but has no effect */

static long assignment(void);

_Noreturn static void wrong(const char *why) {
  skipping = false;
  complain(*at != '\0' ? "arithmetic: %s at `%s`" : "arithmetic: %s at the end", why, at);
  abandon(BAD_LINE);
}

static void blanks(void) {
  while (isspace((unsigned char)*at)) at++;
}

/* Takes the operator unless it is the beginning of a longer one. */
static bool take(const char *operator) {
  blanks();
  size_t n = strlen(operator);
  if (strncmp(at, operator, n) != 0) return false;
  if (n == 1 && strchr("<>&|=", *operator) != NULL && at[1] == *operator) return false;
  if (strchr("+-*/%&^|", operator[0]) != NULL && n == 1 && at[1] == '=') return false;
  if (strchr("<>!=", operator[0]) != NULL && n == 1 && at[1] == '=') return false;
  if (n == 2 && (operator[0] == '<' || operator[0] == '>') && operator[1] == operator[0] && at[2] == '=')
    return false;
  at += n;
  return true;
}

static size_t name_at(void) {
  size_t n = 0;
  blanks();
  while (isalnum((unsigned char)at[n]) || at[n] == '_') n++;
  return is_name(at, n) ? n : 0;
}

static long value_of(const char *name) {
  const char *text = variable(name);
  return text != NULL ? strtol(text, NULL, 0) : 0;
}

static long primary(void) {
  blanks();
  size_t n = name_at();
  if (n > 0) {
    const char *name = arena_text(at, n);
    at += n;
    return value_of(name);
  }
  if (take("(")) {
    long v = assignment();
    if (!take(")")) wrong("a ) is missing");
    return v;
  }
  char *end;
  long v = strtol(at, &end, 0);
  if (end == at) wrong("a number is missing");
  at = end;
  return v;
}

static long unary(void) {
  if (take("-")) return -unary();
  if (take("+")) return unary();
  if (take("!")) return !unary();
  if (take("~")) return ~unary();
  return primary();
}

static const struct {
  int level;
  const char *text;
} operators[] = {{1, "||"}, {2, "&&"}, {3, "|"},  {4, "^"},  {5, "&"},  {6, "=="},
                 {6, "!="}, {7, "<="}, {7, ">="}, {8, "<<"}, {8, ">>"}, {7, "<"},
                 {7, ">"},  {9, "+"},  {9, "-"},  {10, "*"}, {10, "/"}, {10, "%"}};

static long divide(char op, long a, long b) {
  if (skipping) return 0;
  if (b == 0) wrong("a division by zero");
  return op == '/' ? a / b : a % b;
}

static long compute(const char *op, long a, long b) {
  switch (op[0]) {
  case '|': return op[1] ? a || b : a | b;
  case '&': return op[1] ? a && b : a & b;
  case '^': return a ^ b;
  case '=': return a == b;
  case '!': return a != b;
  case '<': return op[1] == '<' ? a << b : op[1] ? a <= b : a < b;
  case '>': return op[1] == '>' ? a >> b : op[1] ? a >= b : a > b;
  case '+': return a + b;
  case '-': return a - b;
  case '*': return a * b;
  default: return divide(op[0], a, b);
  }
}

/* Operators of that level and above, each from left to right. */
static long binary(int level) {
  long a = unary();
  for (size_t i = 0; i < sizeof operators / sizeof operators[0];) {
    if (operators[i].level < level || !take(operators[i].text)) {
      i++;
      continue;
    }
    bool before = skipping, decided = (operators[i].level == 1 && a) || (operators[i].level == 2 && !a);
    skipping |= decided;
    a = compute(operators[i].text, a, binary(operators[i].level + 1));
    skipping = before;
    i = 0;
  }
  return a;
}

static long choice(void) {
  long a = binary(1);
  if (!take("?")) return a;
  bool before = skipping;
  skipping = before || !a;
  long yes = assignment();
  if (!take(":")) wrong("a : is missing");
  skipping = before || a;
  long no = choice();
  skipping = before;
  return a ? yes : no;
}

static long assignment(void) {
  static const char *const ops[] = {"=", "+=", "-=", "*=", "/=", "%=", "<<=", ">>=", "&=", "^=", "|="};
  const char *start = at;
  size_t n = name_at();
  const char *name = arena_text(at, n);
  at += n;
  blanks();
  for (size_t i = 0; n > 0 && i < sizeof ops / sizeof ops[0]; i++) {
    size_t length = strlen(ops[i]);
    if (strncmp(at, ops[i], length) != 0 || (length == 1 && at[1] == '=')) continue;
    at += length;
    long v = assignment();
    if (length > 1) v = compute(arena_text(ops[i], length - 1), value_of(name), v);
    char digits[24];
    snprintf(digits, sizeof digits, "%ld", v);
    if (!skipping) set_variable(name, digits);
    return v;
  }
  at = start;
  return choice();
}

long arithmetic(const char *text) {
  const char *outer = at;
  at = text;
  blanks();
  long v = *at != '\0' ? assignment() : 0;
  blanks();
  if (*at != '\0') wrong("an operator is missing");
  at = outer;
  return v;
}
