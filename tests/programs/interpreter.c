/* interpreter.c - an ordinary C program: a small language with functions, read into a tree and walked.
 * It knows nothing of PG32. tests/libc.t builds it for the host and for PG32; both must print the same.
 *
 *   let x = 1;   x = x + 1;   while (x < 10) { ... }   if (x == 1) { ... } else { ... }
 *   fn f(a, b) { return a + b; }   print "text", x, f(1, 2);
 */
#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- text that grows ---- */

struct text {
  char *s;
  size_t length, room;
};

static void text_add(struct text *t, const char *format, ...) {
  va_list args;
  va_start(args, format);
  int n = vsnprintf(NULL, 0, format, args);
  va_end(args);
  if (t->length + (size_t)n + 1 > t->room) {
    t->room = 2 * (t->length + (size_t)n + 1);
    t->s = realloc(t->s, t->room);
  }
  va_start(args, format);
  vsnprintf(t->s + t->length, t->room - t->length, format, args);
  va_end(args);
  t->length += (size_t)n;
}

/* ---- names in a hash table ---- */

struct entry {
  char *name;
  long long value;
  struct entry *next;
};

struct table {
  struct entry **buckets;
  size_t size, count;
};

static size_t hash(const char *s) {
  unsigned h = 2166136261u;
  while (*s) h = (h ^ (unsigned char)*s++) * 16777619u;
  return h;
}

static void table_grow(struct table *t) {
  size_t size = t->size ? 2 * t->size : 4;
  struct entry **buckets = calloc(size, sizeof *buckets);
  for (size_t i = 0; i < t->size; i++)
    for (struct entry *e = t->buckets[i], *next; e; e = next) {
      next = e->next;
      e->next = buckets[hash(e->name) % size];
      buckets[hash(e->name) % size] = e;
    }
  free(t->buckets);
  t->buckets = buckets, t->size = size;
}

static struct entry *table_get(struct table *t, const char *name, bool make) {
  if (t->size)
    for (struct entry *e = t->buckets[hash(name) % t->size]; e; e = e->next)
      if (strcmp(e->name, name) == 0) return e;
  if (!make) return NULL;
  if (t->count >= t->size) table_grow(t);
  struct entry *e = malloc(sizeof *e);
  *e = (struct entry){strdup(name), 0, t->buckets[hash(name) % t->size]};
  t->buckets[hash(name) % t->size] = e;
  t->count++;
  return e;
}

static void table_free(struct table *t) {
  for (size_t i = 0; i < t->size; i++)
    for (struct entry *e = t->buckets[i], *next; e; e = next) {
      next = e->next;
      free(e->name);
      free(e);
    }
  free(t->buckets);
}

/* ---- the tree ---- */

enum kind { NUMBER, STRING, NAME, BINARY, CALL, LET, ASSIGN, PRINT, IF, WHILE, RETURN, BLOCK, FUNCTION };
enum { KIDS = 8 };

struct node {
  enum kind kind;
  char op[3];
  char *name;
  long long value;
  int kids;
  struct node *kid[KIDS];
  struct node *next; /* in a block */
};

static const char *const kind_names[] = {"number", "string", "name",  "binary", "call",  "let",     "assign",
                                         "print",  "if",     "while", "return", "block", "function"};

static const struct {
  char op[3];
  int level;
} operators[] = {{"||", 1}, {"&&", 2}, {"==", 3}, {"!=", 3}, {"<=", 4}, {">=", 4}, {"<", 4},
                 {">", 4},  {"+", 5},  {"-", 5},  {"*", 6},  {"/", 6},  {"%", 6}};

struct interpreter {
  const char *at; /* source left to read */
  int line;
  jmp_buf failed;
  struct text error;
  struct node *functions[16];
  int function_count, depth;
  long long result;
  bool returning;
  unsigned long steps, made[sizeof kind_names / sizeof kind_names[0]];
};

static _Noreturn void fail(struct interpreter *in, const char *what, const char *which) {
  text_add(&in->error, "line %d: %s '%s'", in->line, what, which);
  longjmp(in->failed, 1);
}

static struct node *make(struct interpreter *in, enum kind kind) {
  struct node *n = calloc(1, sizeof *n);
  n->kind = kind;
  in->made[kind]++;
  return n;
}

static void add_kid(struct interpreter *in, struct node *n, struct node *kid) {
  if (n->kids == KIDS) fail(in, "too many parts in", kind_names[n->kind]);
  n->kid[n->kids++] = kid;
}

static void tree_free(struct node *n) {
  while (n) {
    struct node *next = n->next;
    for (int i = 0; i < n->kids; i++) tree_free(n->kid[i]);
    free(n->name);
    free(n);
    n = next;
  }
}

/* ---- reading ---- */

static void skip(struct interpreter *in) {
  for (; isspace((unsigned char)*in->at) || *in->at == '#'; in->at++) {
    if (*in->at == '#') in->at += strcspn(in->at, "\n");
    if (*in->at == '\n') in->line++;
  }
}

static bool accept(struct interpreter *in, const char *token) {
  size_t n = strlen(token);
  skip(in);
  if (strncmp(in->at, token, n) != 0) return false;
  if (isalpha((unsigned char)*token) && (isalnum((unsigned char)in->at[n]) || in->at[n] == '_')) return false;
  in->at += n;
  return true;
}

static void expect(struct interpreter *in, const char *token) {
  if (!accept(in, token)) fail(in, "missing", token);
}

static char *read_name(struct interpreter *in) {
  skip(in);
  const char *start = in->at;
  while (isalnum((unsigned char)*in->at) || *in->at == '_') in->at++;
  if (in->at == start) fail(in, "a name is needed before", (char[2]){*in->at, 0});
  return strndup(start, (size_t)(in->at - start));
}

static struct node *read_expression(struct interpreter *in, int level);
static struct node *read_block(struct interpreter *in);

static struct node *read_call(struct interpreter *in, char *name) {
  struct node *n = make(in, accept(in, "(") ? CALL : NAME);
  n->name = name;
  if (n->kind == NAME || accept(in, ")")) return n;
  do add_kid(in, n, read_expression(in, 1));
  while (accept(in, ","));
  expect(in, ")");
  return n;
}

static struct node *read_primary(struct interpreter *in) {
  skip(in);
  if (isdigit((unsigned char)*in->at)) {
    struct node *n = make(in, NUMBER);
    n->value = strtoll(in->at, (char **)&in->at, 0);
    return n;
  }
  if (*in->at == '"') {
    struct node *n = make(in, STRING);
    size_t length = strcspn(++in->at, "\"");
    n->name = strndup(in->at, length);
    in->at += length + 1;
    return n;
  }
  if (accept(in, "(")) {
    struct node *n = read_expression(in, 1);
    expect(in, ")");
    return n;
  }
  if (accept(in, "-")) {
    struct node *n = make(in, BINARY);
    strcpy(n->op, "-");
    add_kid(in, n, make(in, NUMBER));
    add_kid(in, n, read_primary(in));
    return n;
  }
  return read_call(in, read_name(in));
}

static const char *accept_operator(struct interpreter *in, int level, int *found) {
  for (size_t i = 0; i < sizeof operators / sizeof operators[0]; i++)
    if (operators[i].level >= level && accept(in, operators[i].op)) {
      *found = operators[i].level;
      return operators[i].op;
    }
  return NULL;
}

static struct node *read_expression(struct interpreter *in, int level) {
  struct node *left = read_primary(in);
  int found = 0;
  for (const char *op; (op = accept_operator(in, level, &found)) != NULL;) {
    struct node *n = make(in, BINARY);
    strcpy(n->op, op);
    add_kid(in, n, left);
    add_kid(in, n, read_expression(in, found + 1));
    left = n;
  }
  return left;
}

static struct node *read_function(struct interpreter *in) {
  struct node *n = make(in, FUNCTION);
  n->name = read_name(in);
  expect(in, "(");
  while (!accept(in, ")")) {
    struct node *parameter = make(in, NAME);
    parameter->name = read_name(in);
    add_kid(in, n, parameter);
    accept(in, ",");
  }
  add_kid(in, n, read_block(in));
  in->functions[in->function_count++] = n;
  return n;
}

static struct node *read_if_or_while(struct interpreter *in, enum kind kind) {
  struct node *n = make(in, kind);
  expect(in, "(");
  add_kid(in, n, read_expression(in, 1));
  expect(in, ")");
  add_kid(in, n, read_block(in));
  if (kind == IF && accept(in, "else")) add_kid(in, n, read_block(in));
  return n;
}

static struct node *read_simple(struct interpreter *in) {
  enum kind kind = accept(in, "print")    ? PRINT
                   : accept(in, "return") ? RETURN
                   : accept(in, "let")    ? LET
                                          : ASSIGN;
  struct node *n = make(in, kind);
  if (kind == LET || kind == ASSIGN) {
    n->name = read_name(in);
    expect(in, "=");
  }
  do add_kid(in, n, read_expression(in, 1));
  while (kind == PRINT && accept(in, ","));
  expect(in, ";");
  return n;
}

static struct node *read_statement(struct interpreter *in) {
  if (accept(in, "fn")) return read_function(in);
  if (accept(in, "if")) return read_if_or_while(in, IF);
  if (accept(in, "while")) return read_if_or_while(in, WHILE);
  return read_simple(in);
}

static struct node *read_statements(struct interpreter *in, char end) {
  struct node *block = make(in, BLOCK), **last = &block->kid[0];
  for (skip(in); *in->at != end; skip(in)) {
    *last = read_statement(in);
    last = &(*last)->next;
    block->kids = 1;
  }
  return block;
}

static struct node *read_block(struct interpreter *in) {
  expect(in, "{");
  struct node *block = read_statements(in, '}');
  expect(in, "}");
  return block;
}

/* ---- walking ---- */

static long long evaluate(struct interpreter *in, struct table *scope, struct node *n);
static void execute(struct interpreter *in, struct table *scope, struct node *n);

static long long operate(struct interpreter *in, const char *op, long long a, long long b) {
  switch (op[0]) {
  case '+': return a + b;
  case '-': return a - b;
  case '*': return a * b;
  case '<': return op[1] ? a <= b : a < b;
  case '>': return op[1] ? a >= b : a > b;
  case '=': return a == b;
  case '!': return a != b;
  case '&': return a && b;
  case '|': return a || b;
  }
  if (b == 0) fail(in, "division by zero in", op);
  return op[0] == '/' ? a / b : a % b;
}

static long long call(struct interpreter *in, struct table *scope, struct node *n) {
  struct node *f = NULL;
  for (int i = 0; i < in->function_count; i++)
    if (strcmp(in->functions[i]->name, n->name) == 0) f = in->functions[i];
  if (!f || f->kids - 1 != n->kids)
    fail(in, f ? "wrong number of arguments for" : "unknown function", n->name);
  struct table local = {0};
  for (int i = 0; i < n->kids; i++)
    table_get(&local, f->kid[i]->name, true)->value = evaluate(in, scope, n->kid[i]);
  in->result = 0;
  execute(in, &local, f->kid[f->kids - 1]);
  in->returning = false;
  table_free(&local);
  return in->result;
}

static long long evaluate(struct interpreter *in, struct table *scope, struct node *n) {
  in->steps++;
  if (n->kind == NUMBER) return n->value;
  if (n->kind == CALL) return call(in, scope, n);
  if (n->kind == BINARY) {
    long long a = evaluate(in, scope, n->kid[0]);
    return operate(in, n->op, a, evaluate(in, scope, n->kid[1]));
  }
  struct entry *e = n->kind == NAME ? table_get(scope, n->name, false) : NULL;
  if (!e) fail(in, "no value in", n->name);
  return e->value;
}

static void print(struct interpreter *in, struct table *scope, struct node *n) {
  struct text line = {0};
  for (int i = 0; i < n->kids; i++) {
    struct node *part = n->kid[i];
    if (part->kind == STRING)
      text_add(&line, "%s", part->name);
    else
      text_add(&line, i > 0 ? " %lld" : "%lld", evaluate(in, scope, part));
  }
  printf("%4zu| %s\n", line.length, line.s);
  free(line.s);
}

static void execute(struct interpreter *in, struct table *scope, struct node *n) {
  in->steps++;
  switch (n->kind) {
  case LET:
  case ASSIGN: {
    long long value = evaluate(in, scope, n->kid[0]);
    struct entry *e = table_get(scope, n->name, n->kind == LET);
    if (!e) fail(in, "assignment to unknown", n->name);
    e->value = value;
    break;
  }
  case PRINT: print(in, scope, n); break;
  case IF:
    if (evaluate(in, scope, n->kid[0]))
      execute(in, scope, n->kid[1]);
    else if (n->kids == 3)
      execute(in, scope, n->kid[2]);
    break;
  case WHILE:
    while (!in->returning && evaluate(in, scope, n->kid[0])) execute(in, scope, n->kid[1]);
    break;
  case RETURN:
    in->result = evaluate(in, scope, n->kid[0]);
    in->returning = true;
    break;
  case BLOCK:
    for (struct node *s = n->kids ? n->kid[0] : NULL; s && !in->returning; s = s->next) execute(in, scope, s);
    break;
  default: break;
  }
}

/* ---- the programs ---- */

static const char *const sources[] = {
    "fn fib(n) { if (n < 2) { return n; } return fib(n - 1) + fib(n - 2); }\n"
    "let i = 0;\n"
    "while (i <= 20) { print \"fib\", i, fib(i); i = i + 5; }\n",

    "fn gcd(a, b) { while (b != 0) { let t = a % b; a = b; b = t; } return a; }\n"
    "fn power(b, e) { let r = 1; while (e > 0) { if (e % 2 == 1) { r = r * b; } b = b * b; e = e / 2; } "
    "return r; }\n"
    "print gcd(1071, 462), gcd(270000000000, 192000000000); print power(3, 31), power(-7, 15);\n"
    "print 1 + 2 * 3 - 4 / 2 % 2, (1 + 2) * 3, -5 / 2, -5 % 3, 1 < 2 && 2 < 1 || 3 == 3;\n",

    "# the longest Collatz sequence\n"
    "let best = 0; let length = 0; let n = 1;\n"
    "while (n < 300) {\n"
    "  let x = n; let steps = 0;\n"
    "  while (x != 1) { if (x % 2 == 0) { x = x / 2; } else { x = 3 * x + 1; } steps = steps + 1; }\n"
    "  if (steps > length) { length = steps; best = n; }\n"
    "  n = n + 1;\n"
    "}\n"
    "print \"longest below 300:\", best, length;\n"
    "let zebra = 0x10; let apple = 010; let mango = 12345678901;\n",

    "let a = 1;\nprint a / (a - 1);\n",
    "print missing;\n",
    "let x = 1\nlet y = 2;\n",
    "print nothing(1);\n",
};

static int by_name(const void *a, const void *b) {
  return strcmp((*(struct entry *const *)a)->name, (*(struct entry *const *)b)->name);
}

static void dump(const struct table *t) {
  struct entry **all = malloc((t->count + 1) * sizeof *all);
  size_t n = 0;
  for (size_t i = 0; i < t->size; i++)
    for (struct entry *e = t->buckets[i]; e; e = e->next) all[n++] = e;
  qsort(all, n, sizeof *all, by_name);
  for (size_t i = 0; i < n; i++)
    printf("  %-8s = %12lld %#14llx\n", all[i]->name, all[i]->value, all[i]->value);
  free(all);
}

static int run(const char *source) {
  static struct interpreter in;
  static struct table globals;
  struct node *volatile tree = NULL;
  memset(&in, 0, sizeof in);
  memset(&globals, 0, sizeof globals);
  in.at = source, in.line = 1;
  int failed = setjmp(in.failed);
  if (!failed) {
    tree = read_statements(&in, '\0');
    execute(&in, &globals, tree);
  }
  dump(&globals);
  for (size_t k = 0; k < sizeof in.made / sizeof in.made[0]; k++)
    if (in.made[k]) printf("%s%s %lu", k ? " " : "", kind_names[k], in.made[k]);
  printf("; %lu steps%s%s\n", in.steps, failed ? "; " : "", failed ? in.error.s : "");
  table_free(&globals);
  tree_free(tree);
  free(in.error.s);
  return failed;
}

int main(void) {
  int failures = 0;
  for (size_t i = 0; i < sizeof sources / sizeof sources[0]; i++) {
    printf("---- program %zu ----\n", i + 1);
    failures += run(sources[i]);
  }
  printf("%d of %zu programs failed, as they should\n", failures, sizeof sources / sizeof sources[0]);
  return failures == 4 ? 0 : 1;
}
