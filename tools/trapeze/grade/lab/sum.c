/* sum.c - sums of numbers, of numbers of a student's own, and of counters. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "node.h"
#include "seed.h"
#include "sum.h"

/* ---- fractions ---- */

static __int128 common_divisor(__int128 a, __int128 b) {
  if (a < 0) a = -a;
  while (b) {
    __int128 rest = a % b;
    a = b, b = rest;
  }
  return a ? a : 1;
}

static struct ratio reduced(__int128 over, __int128 under) {
  __int128 divisor = common_divisor(over, under);
  return (struct ratio){over / divisor, under / divisor};
}

struct ratio ratio_of(uint64_t n) {
  return (struct ratio){n, 1};
}

/* a OP b; false when it is none, or too large. */
static bool combine(char op, struct ratio a, struct ratio b, struct ratio *result) {
  __int128 x, y, under, over;
  if (op == '/') {
    if (b.over == 0) return false;
    __int128 sign = b.over < 0 ? -1 : 1;
    b = (struct ratio){b.under * sign, b.over * sign};
  }
  if (__builtin_mul_overflow(a.under, b.under, &under)) return false;
  if (op == '*' || op == '/') {
    if (__builtin_mul_overflow(a.over, b.over, &over)) return false;
  } else {
    if (__builtin_mul_overflow(a.over, b.under, &x) || __builtin_mul_overflow(b.over, a.under, &y))
      return false;
    if (op == '+' ? __builtin_add_overflow(x, y, &over) : __builtin_sub_overflow(x, y, &over)) return false;
  }
  *result = reduced(over, under);
  return true;
}

int ratio_compare(struct ratio a, struct ratio b) {
  struct ratio d;
  if (combine('-', a, b, &d)) return (d.over > 0) - (d.over < 0);
  return (ratio_double(a) > ratio_double(b)) -
         (ratio_double(a) < ratio_double(b)); /* far apart, or nearly so */
}

bool ratio_holds(enum compare compare, struct ratio left, struct ratio right) {
  int c = ratio_compare(left, right);
  return compare_holds(compare, (uint64_t)(c + 1), 1);
}

double ratio_double(struct ratio r) { return (double)r.over / (double)r.under; }

const char *ratio_text(struct ratio r, char buf[64]) {
  if (r.under == 1 && r.over >= 0 && r.over <= UINT64_MAX) {
    snprintf(buf, 64, "%llu", (unsigned long long)r.over);
    return buf;
  }
  snprintf(buf, 64, "%.4f", ratio_double(r));
  char *end = buf + strlen(buf);
  while (end[-1] == '0') *--end = 0;
  if (end[-1] == '.') end[-1] = 0;
  return buf;
}

/* ---- reading ---- */

struct factor {
  char op; /* before it: + - * /; '+' before the first */
  enum { FACTOR_NUMBER, FACTOR_SEED, FACTOR_COUNTER } kind;
  struct ratio number;
  char *text; /* of a seed, or a counter's name */
  size_t run; /* the counter's */
};

struct sum {
  char *text;
  struct factor *factor;
  size_t n;
};

struct parser {
  const char *at, *end;
  const struct lab_test *test;
  size_t in;
  struct sum *sum;
  char *why;
  size_t size;
};

static const char name_letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-@:";

static size_t span(const struct parser *p, const char *letters) {
  size_t n = 0;
  while (p->at + n < p->end && strchr(letters, p->at[n])) n++;
  return n;
}

static void skip_blanks(struct parser *p) { p->at += span(p, " "); }

/* 12, 0x10, 20K, 1.25 */
static bool read_number(const char *word, struct ratio *number) {
  const char *dot = strchr(word, '.');
  uint64_t whole, part, under = 1;
  char digits[8];
  if (!dot) {
    if (!number_scaled(word, 1000, &whole)) return false;
    *number = ratio_of(whole);
    return true;
  }
  size_t before = (size_t)(dot - word), after = strlen(dot + 1);
  if (before == 0 || before > 12 || after == 0 || after > 6 || strspn(word, "0123456789") != before ||
      strspn(dot + 1, "0123456789") != after || number_is_octal(word))
    return false;
  for (size_t i = 0; i < after; i++) under *= 10;
  snprintf(digits, sizeof digits, "%s", dot + 1);
  whole = strtoull(word, NULL, 10), part = strtoull(digits, NULL, 10);
  *number = reduced((__int128)whole * under + part, under);
  return true;
}

static bool read_seed(struct parser *p, struct factor *f) {
  const char *close = memchr(p->at, '}', (size_t)(p->end - p->at)), *wrong;
  f->kind = FACTOR_SEED;
  f->text = close ? must(strndup(p->at, (size_t)(close + 1 - p->at))) : NULL;
  char *expanded = f->text && strncmp(f->text, "{seed", 5) == 0 ? seed_expand(f->text, "", &wrong) : NULL;
  bool good = expanded && strspn(expanded, "0123456789") == strlen(expanded);
  free(expanded);
  if (good)
    p->at = close + 1;
  else
    snprintf(p->why, p->size, "'%.30s': expected {seed:A..B} or {seed.NAME:A..B}, with numbers A up to B",
             p->at);
  return good;
}

static bool run_named(const struct parser *p, const char *name, size_t n, size_t *run) {
  for (size_t i = 0; i < p->test->runs; i++)
    if (strlen(p->test->run[i].name) == n && strncmp(p->test->run[i].name, name, n) == 0)
      return *run = i, true;
  return false;
}

static bool read_counter(struct parser *p, struct factor *f, const char *word) {
  const char *colon = strchr(word, ':');
  f->kind = FACTOR_COUNTER;
  f->run = p->in;
  if (!p->test)
    snprintf(p->why, p->size, "'%.60s': expected a number, or {seed:A..B}", word);
  else if (colon && !run_named(p, word, (size_t)(colon - word), &f->run))
    snprintf(p->why, p->size, "'%.60s': this test has no run of that name", word);
  else
    f->text = must(strdup(colon ? colon + 1 : word));
  return f->text != NULL;
}

/* The bytes of a name. Lanes may be called as processes are: lane.host/count.instructions */
static size_t name_bytes(const struct parser *p) {
  size_t n = span(p, name_letters);
  const char *colon = memchr(p->at, ':', n);
  size_t run = colon ? (size_t)(colon + 1 - p->at) : 0;
  bool lane = n - run > 5 && strncmp(p->at + run, "lane.", 5) == 0;
  while (lane && p->at + n + 1 < p->end && p->at[n] == '/' && strchr(name_letters, p->at[n + 1])) {
    struct parser rest = {.at = p->at + n + 1, .end = p->end};
    n += 1 + span(&rest, name_letters);
  }
  return n;
}

static bool read_factor(struct parser *p, struct factor *f) {
  skip_blanks(p);
  if (p->at < p->end && *p->at == '{') return read_seed(p, f);
  size_t n = name_bytes(p);
  char *word = must(strndup(p->at, n));
  bool good = false;
  if (n == 0 || *word == '-')
    snprintf(p->why, p->size, "'%.*s': expected a number%s", (int)(p->end - p->at < 40 ? p->end - p->at : 40),
             p->at, p->test ? " or a counter" : "");
  else if (*word >= '0' && *word <= '9' && !strchr(word, ':')) {
    good = read_number(word, &f->number);
    if (!good) snprintf(p->why, p->size, "'%.40s': expected a number, such as 20, 20K or 1.5", word);
  } else
    good = read_counter(p, f, word);
  free(word);
  p->at += n;
  return good;
}

static bool read_all(struct parser *p) {
  struct sum *s = p->sum;
  for (char op = '+';;) {
    s->factor = must(realloc(s->factor, (s->n + 1) * sizeof *s->factor));
    s->factor[s->n] = (struct factor){.op = op};
    if (!read_factor(p, &s->factor[s->n++])) return false;
    skip_blanks(p);
    if (p->at == p->end) return true;
    op = *p->at++;
    if (strchr("+-*/", op)) continue;
    snprintf(p->why, p->size, "'%c': expected +, -, * or /", op);
    return false;
  }
}

struct sum *sum_parse(const char *text, size_t n, const struct lab_test *test, size_t in, char *why,
                      size_t size) {
  struct sum *s = must(calloc(1, sizeof *s));
  struct parser p = {.at = text, .end = text + n, .test = test, .in = in, .sum = s, .why = why, .size = size};
  s->text = must(strndup(text, n));
  if (read_all(&p)) return s;
  sum_free(s);
  return NULL;
}

void sum_free(struct sum *s) {
  if (!s) return;
  for (size_t i = 0; i < s->n; i++) free(s->factor[i].text);
  free(s->factor), free(s->text), free(s);
}

const char *sum_text(const struct sum *s) { return s->text; }

const char *sum_counter_at(const struct sum *s, size_t i, size_t *run) {
  for (size_t k = 0; k < s->n; k++) {
    if (s->factor[k].kind != FACTOR_COUNTER || i-- > 0) continue;
    *run = s->factor[k].run;
    return s->factor[k].text;
  }
  return NULL;
}

/* ---- values ---- */

static struct ratio factor_value(const struct factor *f, const char *student, sum_counting *count,
                                 const void *arg) {
  const char *wrong;
  if (f->kind == FACTOR_NUMBER) return f->number;
  if (f->kind == FACTOR_COUNTER) return ratio_of(count(arg, f->run, f->text));
  char *text = must(seed_expand(f->text, student, &wrong)); /* checked when it was parsed */
  uint64_t n = strtoull(text, NULL, 10);
  free(text);
  return ratio_of(n);
}

bool sum_value(const struct sum *s, const char *student, sum_counting *count, const void *arg,
               struct ratio *value) {
  struct ratio sum = ratio_of(0), product = ratio_of(0);
  char sign = '+';
  for (size_t i = 0; i < s->n; i++) {
    const struct factor *f = &s->factor[i];
    struct ratio v = factor_value(f, student, count, arg);
    if (f->op == '*' || f->op == '/') {
      if (!combine(f->op, product, v, &product)) return false;
      continue;
    }
    if (!combine(sign, sum, product, &sum)) return false;
    sign = f->op, product = v;
  }
  if (!combine(sign, sum, product, &sum)) return false;
  *value = sum;
  return true;
}
