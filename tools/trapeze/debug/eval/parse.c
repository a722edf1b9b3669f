/* parse.c - the text of a C expression becomes a tree, by recursive descent with a table of precedences.
 *
 * An expression ends before the first word that cannot continue it: in `a0 == 1 and a1 > 0 in vm1` it ends
 * before `and`. Beside C's own syntax, $NAME is a register, SCOPE::NAME a name of another image or function, and
 * FIRST@COUNT an array, as gdb has it. */
#include <ctype.h>
#include <dwarf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "eval.h"

#define DEPTH 200 /* of nested parts */
#define NODES 2000

struct parser {
  struct eval *e;
  const char *text, *p;
  unsigned depth, nodes;
};

static const struct node *expression(struct parser *s, int least);
static const struct node *unary(struct parser *s);

/* ---- characters and words ---- */

static void blanks(struct parser *s) { s->p += strspn(s->p, " \t"); }
static unsigned column(const struct parser *s) { return (unsigned)(s->p - s->text) + 1; }

static bool take(struct parser *s, const char *what) {
  blanks(s);
  const size_t n = strlen(what);
  if (strncmp(s->p, what, n) != 0) return false;
  s->p += n;
  return true;
}

static bool expect(struct parser *s, const char *what, const char *after) {
  if (take(s, what)) return true;
  return eval_fail(s->e, column(s), "expected `%s` after %s", what, after);
}

static bool begins_word(char c) { return isalpha((unsigned char)c) || c == '_'; }

static size_t word_length(const char *p) {
  size_t n = 0;
  if (!begins_word(*p)) return 0;
  while (begins_word(p[n]) || isdigit((unsigned char)p[n])) n++;
  return n;
}

static bool is_word(const char *p, size_t n, const char *word) {
  return strlen(word) == n && strncmp(p, word, n) == 0;
}

static struct node *node(struct parser *s, enum node_kind kind) {
  struct node *n = eval_alloc(s->e, sizeof *n);
  n->kind = kind;
  n->column = column(s);
  s->nodes++;
  return n;
}

/* ---- numbers and characters ---- */

static bool floating(struct parser *s, struct node *n) {
  char *end;
  n->is_float = true;
  n->floating = strtod(s->p, &end);
  s->p = end;
  n->is_single = *s->p == 'f' || *s->p == 'F';
  n->is_long = *s->p == 'l' || *s->p == 'L';
  if (n->is_single || n->is_long) s->p++;
  return true;
}

/* Is it a floating constant? Digits, then a point or an exponent. */
static bool looks_floating(const char *p) {
  if (p[0] == '0' && (p[1] == 'x' || p[1] == 'X')) return false;
  p += strspn(p, "0123456789");
  return *p == '.' || ((*p == 'e' || *p == 'E') && (isdigit((unsigned char)p[1]) || strchr("+-", p[1])));
}

/* u, l and ll, in C's combinations. */
static void suffix(struct parser *s, struct node *n) {
  for (int part = 0; part < 2; part++)
    if (!n->is_unsigned && (*s->p == 'u' || *s->p == 'U'))
      n->is_unsigned = true, s->p++;
    else if (!n->is_long && (*s->p == 'l' || *s->p == 'L')) {
      n->is_long = true;
      n->is_long_long = s->p[1] == s->p[0];
      s->p += 1 + n->is_long_long;
    }
}

static const struct node *number(struct parser *s) {
  struct node *n = node(s, NODE_NUMBER);
  char *end;
  const bool floats = looks_floating(s->p);
  errno = 0;
  if (floats)
    floating(s, n);
  else {
    const bool binary =
        s->p[0] == '0' && (s->p[1] == 'b' || s->p[1] == 'B') && strchr("01", s->p[2]) && s->p[2];
    n->number = strtoull(s->p + 2 * binary, &end, binary ? 2 : 0);
    n->may_be_unsigned = *s->p == '0' && end > s->p + 1;
    s->p = end;
    suffix(s, n);
  }
  if (word_length(s->p) || isdigit((unsigned char)*s->p))
    return eval_fail(s->e, n->column, "`%.*s` is not a number",
                     (int)(s->p - s->text - n->column + 1 + word_length(s->p) + !word_length(s->p)),
                     s->text + n->column - 1),
           NULL;
  if (errno == ERANGE && !floats) return eval_fail(s->e, n->column, "the number is too large"), NULL;
  return n;
}

static bool escape(struct parser *s, uint64_t *value) {
  static const char names[] = "abfnrtv\\'\"?e", values[] = "\a\b\f\n\r\t\v\\'\"?\033";
  const char *at = *s->p ? strchr(names, *s->p) : NULL;
  char *end;
  if (at) return *value = (unsigned char)values[at - names], s->p++, true;
  if (*s->p == 'x' && isxdigit((unsigned char)s->p[1])) {
    *value = strtoull(s->p + 1, &end, 16) & 0xFF;
    s->p = end;
    return true;
  }
  *value = 0;
  int digits = 0;
  for (; digits < 3 && *s->p >= '0' && *s->p <= '7'; digits++)
    *value = *value * 8 + (uint64_t)(*s->p++ - '0');
  return digits > 0;
}

static const struct node *character(struct parser *s) {
  struct node *n = node(s, NODE_NUMBER);
  s->p++;
  n->is_char = true;
  bool ok = *s->p && *s->p != '\'';
  if (ok && *s->p == '\\')
    s->p++, ok = escape(s, &n->number);
  else if (ok)
    n->number = (uint64_t)(int64_t)(signed char)*s->p++;
  if (!ok || *s->p != '\'')
    return eval_fail(s->e, n->column, "expected one character between quotes, such as 'a' or '\\n'"), NULL;
  s->p++;
  return n;
}

/* "text" */
static const struct node *string(struct parser *s) {
  struct node *n = node(s, NODE_STRING);
  char *text = eval_alloc(s->e, strlen(s->p) + 1);
  uint64_t value;
  for (s->p++; *s->p && *s->p != '"'; text[n->number++] = (char)value)
    if (*s->p != '\\')
      value = (unsigned char)*s->p++;
    else if (s->p++, !escape(s, &value))
      return eval_fail(s->e, column(s), "`\\%c` means no character", *s->p ? *s->p : ' '), NULL;
  if (*s->p != '"') return eval_fail(s->e, n->column, "the string does not end"), NULL;
  s->p++;
  n->number++;
  n->text = text;
  return n;
}

/* ---- types ---- */

static bool base_word(const char *p, size_t n) {
  static const char *const words[] = {"void",     "char",  "short",  "int",   "long", "signed",
                                      "unsigned", "float", "double", "_Bool", "bool"};
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (is_word(p, n, words[i])) return true;
  return false;
}

static bool qualifier(const char *p, size_t n) {
  return is_word(p, n, "const") || is_word(p, n, "volatile") || is_word(p, n, "restrict");
}

static int tag_word(const char *p, size_t n) {
  return is_word(p, n, "struct")  ? DW_TAG_structure_type
         : is_word(p, n, "union") ? DW_TAG_union_type
         : is_word(p, n, "enum")  ? DW_TAG_enumeration_type
                                  : 0;
}

/* Does a type's name begin here? */
static bool begins_type(struct parser *s) {
  const size_t n = (blanks(s), word_length(s->p));
  if (!n || strncmp(s->p + n, "::", 2) == 0) return false;
  if (base_word(s->p, n) || qualifier(s->p, n) || tag_word(s->p, n)) return true;
  return scope_has_type(s->e, eval_copy(s->e, s->p, n));
}

static void add_word(struct type_name *t, const char *p, size_t n) {
  const size_t used = strlen(t->base);
  snprintf(t->base + used, sizeof t->base - used, "%s%.*s", used ? " " : "", (int)n, p);
}

/* The words before the first *: base types may have several, a tag or typedef has one. */
static bool type_words(struct parser *s, struct type_name *t) {
  for (size_t n; blanks(s), (n = word_length(s->p));) {
    if (qualifier(s->p, n)) {
      s->p += n;
      continue;
    }
    const int tag = tag_word(s->p, n);
    if (tag && !*t->base) {
      t->tag = tag;
      s->p += n;
      blanks(s);
      n = word_length(s->p);
      if (!n) return eval_fail(s->e, column(s), "expected the tag of the struct, union or enum");
    } else if (*t->base && !base_word(s->p, n))
      break;
    const bool single = !base_word(s->p, n) || t->tag;
    add_word(t, s->p, n);
    s->p += n;
    if (single) break;
  }
  return *t->base || eval_fail(s->e, column(s), "expected a type");
}

static bool skip_qualifiers(struct parser *s) {
  for (size_t n; blanks(s), (n = word_length(s->p)) && qualifier(s->p, n);) s->p += n;
  return true;
}

static const struct type_name *type_name(struct parser *s) {
  struct type_name *t = eval_alloc(s->e, sizeof *t);
  char *end;
  t->elements = -1;
  if (!type_words(s, t)) return NULL;
  while (skip_qualifiers(s), take(s, "*")) t->pointers++;
  if (t->pointers > 16) return eval_fail(s->e, column(s), "at most 16 `*` are possible"), NULL;
  if (take(s, "(")) return eval_fail(s->e, column(s) - 1, "types in parentheses are not supported"), NULL;
  if (!take(s, "[")) return t;
  blanks(s);
  if (!isdigit((unsigned char)*s->p))
    return eval_fail(s->e, column(s), "expected the number of elements"), NULL;
  const uint64_t n = strtoull(s->p, &end, 0);
  s->p = end;
  if (n > 1u << 20) return eval_fail(s->e, column(s), "at most %u elements are possible", 1u << 20), NULL;
  t->elements = (int64_t)n;
  return expect(s, "]", "the number of elements") ? t : NULL;
}

/* ---- operands ---- */

/* NAME, or SCOPE::NAME, where SCOPE may be quoted: 'vm1 kernel'::current. */
static const struct node *name(struct parser *s) {
  struct node *n = node(s, NODE_NAME);
  const char quote = *s->p == '\'' ? *s->p++ : 0;
  const size_t length = quote ? strcspn(s->p, "'") : word_length(s->p);
  n->text = eval_copy(s->e, s->p, length);
  s->p += length + (quote != 0);
  if (strncmp(s->p, "::", 2) != 0) return n;
  s->p += 2;
  n->scope = n->text;
  const size_t rest = word_length(s->p);
  if (!rest) return eval_fail(s->e, column(s), "expected a name after `::`"), NULL;
  n->text = eval_copy(s->e, s->p, rest);
  s->p += rest;
  return n;
}

static const struct node *reg(struct parser *s) {
  struct node *n = node(s, NODE_REGISTER);
  char word[16];
  const size_t length = strspn(s->p + 1, "abcdefghijklmnopqrstuvwxyz0123456789");
  snprintf(word, sizeof word, "%.*s", (int)length, s->p + 1);
  const int r = length ? register_of(word) : -1;
  if (r < 0 && (!*word || strspn(word, "_$0123456789") == strlen(word)))
    return eval_fail(s->e, n->column, "`$%s`: values get no numbers here; write the expression again", word),
           NULL;
  if (r < 0) return eval_fail(s->e, n->column, "`$%s` is not a register", word), NULL;
  s->p += 1 + length;
  n->number = (uint64_t)r;
  return n;
}

static bool quoted_scope(const char *p) {
  const char *end = *p == '\'' ? strchr(p + 1, '\'') : NULL;
  return end && strncmp(end, "'::", 3) == 0;
}

static const struct node *operand(struct parser *s) {
  blanks(s);
  if (take(s, "(")) {
    const struct node *inner = expression(s, 0);
    return inner && expect(s, ")", "the expression in parentheses") ? inner : NULL;
  }
  if (isdigit((unsigned char)*s->p) || (*s->p == '.' && isdigit((unsigned char)s->p[1]))) return number(s);
  if (tag_word(s->p, word_length(s->p)))
    return eval_fail(s->e, column(s), "a type has no value; whatis, ptype, sizeof and casts take types"),
           NULL;
  if (word_length(s->p) || quoted_scope(s->p)) return name(s);
  if (*s->p == '\'') return character(s);
  if (*s->p == '$') return reg(s);
  if (*s->p == '"') return string(s);
  if (!*s->p) return eval_fail(s->e, column(s), "expected an operand, found the end"), NULL;
  return eval_fail(s->e, column(s), "expected an operand, not `%c`",
                   isprint((unsigned char)*s->p) ? *s->p : '?'),
         NULL;
}

static const struct node *member(struct parser *s, const struct node *of, enum node_kind kind) {
  blanks(s);
  struct node *n = node(s, kind);
  const size_t length = word_length(s->p);
  if (!length) return eval_fail(s->e, n->column, "expected a member's name"), NULL;
  n->left = of;
  n->text = eval_copy(s->e, s->p, length);
  s->p += length;
  return n;
}

static const struct node *element(struct parser *s, const struct node *of) {
  struct node *n = node(s, NODE_INDEX);
  n->left = of;
  n->right = expression(s, 0);
  return n->right && expect(s, "]", "the index") ? n : NULL;
}

static const struct node *postfix(struct parser *s) {
  const struct node *n = operand(s);
  for (unsigned parts = 0; n; parts++) {
    if (parts > DEPTH) return eval_fail(s->e, column(s), "the expression has too many parts"), NULL;
    if (take(s, "["))
      n = element(s, n);
    else if (take(s, "->"))
      n = member(s, n, NODE_ARROW);
    else if (*s->p == '.' && s->p[1] != '.')
      s->p++, n = member(s, n, NODE_MEMBER);
    else if (*s->p == '(')
      return eval_fail(s->e, column(s), "a function cannot be called: the run has happened already"), NULL;
    else if (strncmp(s->p, "++", 2) == 0 || strncmp(s->p, "--", 2) == 0)
      return eval_fail(s->e, column(s), "`%.2s` is not supported", s->p), NULL;
    else
      return n;
  }
  return NULL;
}

/* ---- operators ---- */

static const struct node *size_of(struct parser *s) {
  struct node *n = node(s, NODE_SIZEOF);
  s->p += 6;
  const char *here = s->p;
  if (take(s, "(") && begins_type(s)) {
    n->cast = type_name(s);
    return n->cast && expect(s, ")", "the type") ? n : NULL;
  }
  s->p = here;
  n->left = unary(s);
  return n->left ? n : NULL;
}

static const struct node *cast(struct parser *s) {
  struct node *n = node(s, NODE_CAST);
  n->cast = type_name(s);
  if (!n->cast || !expect(s, ")", "the type")) return NULL;
  n->left = unary(s);
  return n->left ? n : NULL;
}

/* {TYPE}ADDRESS, as gdb has it. */
static const struct node *at_address(struct parser *s) {
  struct node *n = node(s, NODE_AT);
  n->column--; /* the brace has been taken */
  n->cast = type_name(s);
  if (!n->cast || !expect(s, "}", "the type")) return NULL;
  n->left = unary(s);
  return n->left ? n : NULL;
}

static const struct node *prefixed(struct parser *s) {
  blanks(s);
  const char *here = s->p;
  if (is_word(s->p, word_length(s->p), "sizeof")) return size_of(s);
  if (take(s, "(") && begins_type(s)) return cast(s);
  s->p = here;
  if (take(s, "{")) return at_address(s);
  if (!*s->p || !strchr("-+~!*&", *s->p)) return postfix(s);
  struct node *n = node(s, NODE_UNARY);
  n->op = *s->p;
  if (strncmp(s->p, "++", 2) == 0 || strncmp(s->p, "--", 2) == 0 || strncmp(s->p, "&&", 2) == 0)
    return eval_fail(s->e, n->column, "expected an operand, not `%.2s`", s->p), NULL;
  s->p++;
  n->left = unary(s);
  return n->left ? n : NULL;
}

static const struct node *unary(struct parser *s) {
  if (++s->depth > DEPTH || s->nodes > NODES)
    return eval_fail(s->e, column(s), "the expression is too long or nested too deeply"), NULL;
  const struct node *n = prefixed(s);
  s->depth--;
  return n;
}

/* Longer operators first. */
static const struct {
  const char *text;
  int op, level;
} operators[] = {
    {"<<", OP_SHL, 9}, {">>", OP_SHR, 9}, {"<=", OP_LE, 8}, {">=", OP_GE, 8}, {"==", OP_EQ, 7},
    {"!=", OP_NE, 7},  {"&&", OP_AND, 3}, {"||", OP_OR, 2}, {"<", '<', 8},    {">", '>', 8},
    {"@", '@', 10},    {"+", '+', 11},    {"-", '-', 11},   {"*", '*', 12},   {"/", '/', 12},
    {"%", '%', 12},    {"&", '&', 6},     {"^", '^', 5},    {"|", '|', 4},
};

static bool binary_operator(struct parser *s, int least, int *op, int *level) {
  blanks(s);
  for (size_t i = 0; i < sizeof operators / sizeof *operators; i++) {
    const size_t n = strlen(operators[i].text);
    if (strncmp(s->p, operators[i].text, n) != 0) continue;
    if (operators[i].level < least) return false;
    const bool assigns = operators[i].op < 256 ? !strchr("<>@", operators[i].op)
                                               : operators[i].op == OP_SHL || operators[i].op == OP_SHR;
    if (s->p[n] == '=' && assigns) return false; /* `+=` */
    s->p += n;
    *op = operators[i].op;
    *level = operators[i].level;
    return true;
  }
  return false;
}

static const struct node *choice(struct parser *s, const struct node *condition) {
  struct node *n = node(s, NODE_CHOICE);
  n->left = condition;
  n->right = expression(s, 0);
  if (!n->right || !expect(s, ":", "the first alternative")) return NULL;
  n->other = expression(s, 1);
  return n->other ? n : NULL;
}

static const struct node *assignment(struct parser *s, const struct node *to) {
  struct node *n = node(s, NODE_ASSIGN);
  n->column--; /* the operator has been taken */
  n->left = to;
  n->right = expression(s, 0);
  return n->right ? n : NULL;
}

/* += and its like. */
static bool takes_operation(struct parser *s, int *op) {
  static const char *const texts[] = {"+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<=", ">>="};
  blanks(s);
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
    if (take(s, texts[i])) return *op = i == 8 ? OP_SHL : i == 9 ? OP_SHR : *texts[i], true;
  return false;
}

/* left = left OP right */
static const struct node *operation(struct parser *s, const struct node *left, int op) {
  struct node *b = node(s, NODE_BINARY), *n = node(s, NODE_ASSIGN);
  b->column = n->column = column(s) - (op > 255 ? 3 : 2);
  b->op = op;
  b->left = n->left = left;
  b->right = expression(s, 0);
  n->right = b;
  return b->right ? n : NULL;
}

/* `least`: the lowest level of operators that may be taken; 0 = assignment, 1 = ?:. */
static const struct node *expression(struct parser *s, int least) {
  int op, level;
  if (++s->depth > DEPTH) return eval_fail(s->e, column(s), "the expression is nested too deeply"), NULL;
  const struct node *n = unary(s);
  for (unsigned parts = 0; n && binary_operator(s, least, &op, &level); parts++) {
    struct node *b = node(s, op == '@' ? NODE_REPEAT : NODE_BINARY);
    b->column -= op >= 256 && op != '<' ? 2 : 1;
    b->op = op;
    b->left = n;
    b->right = expression(s, level + 1);
    n = b->right ? b : NULL;
    if (parts > DEPTH) return eval_fail(s->e, column(s), "the expression has too many parts"), NULL;
  }
  if (n && least <= 1 && take(s, "?")) n = choice(s, n);
  if (n && least == 0 && *s->p == '=' && s->p[1] != '=')
    s->p++, n = assignment(s, n);
  else if (n && least == 0 && takes_operation(s, &op))
    n = operation(s, n, op);
  s->depth--;
  return n;
}

const struct node *eval_parse(struct eval *e, const char *text, const char **rest) {
  struct parser s = {.e = e, .text = text, .p = text};
  e->text = text;
  const struct node *n = expression(&s, 0);
  blanks(&s);
  if (rest) *rest = s.p;
  if (n && !rest && strncmp(s.p, "::", 2) == 0 && strchr(text, '.'))
    return eval_fail(e, column(&s), "a file's name stands in quotes: 'FILE.c'%.40s", s.p), NULL;
  if (n && !rest && *s.p)
    return eval_fail(e, column(&s), "expected an operator or the end, not `%s`", s.p), NULL;
  return n;
}
