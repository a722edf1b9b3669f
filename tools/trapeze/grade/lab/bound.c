/* bound.c - reads comparisons. The plainest, a counter or a register with a number, has no sums: its first event too many
 * can be shown. */
#include <stdlib.h>
#include <string.h>

#include "bound.h"
#include "counter.h"
#include "isa/pg32.h"
#include "possible.h"
#include "seed.h"

static const char signs[] = "<>=!";

bool bound_parse(const char *text, struct lab_expect *e) {
  size_t n = strspn(text, signs);
  return compare_named(text, n, &e->compare) &&
         number_scaled(text + n + strspn(text + n, " "), 1000, &e->number);
}

/* ---- sums ---- */

static struct sum *sum_of(struct reader *r, node *n, const char *text, size_t size, const struct lab_test *t,
                          size_t in) {
  char why[200];
  struct sum *s = sum_parse(text, size, t, in, why, sizeof why);
  size_t run;
  if (!s) node_bad(r, n, "%s", why);
  for (size_t i = 0; s && sum_counter_at(s, i, &run); i++)
    schema_check_counter(r, n, sum_counter_at(s, i, &run), &t->run[run]);
  return s;
}

static bool has_counters(const struct sum *s) {
  size_t run;
  return s && sum_counter_at(s, 0, &run);
}

/* The value of a sum without counters; a mistake when there is none. */
static struct ratio constant(struct reader *r, node *n, const struct sum *s, const char *student) {
  struct ratio value = ratio_of(0);
  if (!sum_value(s, student, NULL, NULL, &value))
    node_bad(r, n, "'%.60s': a division by 0, or too large", sum_text(s));
  return value;
}

struct sum *bound_word(struct reader *r, node *n) {
  const char *text = node_scalar(r, n, "a word");
  struct sum *s = sum_of(r, n, text, strlen(text), NULL, 0);
  const char *const students[] = {SEED_LEAST, SEED_MOST};
  for (size_t i = 0; s && i < 2; i++) {
    struct ratio v = constant(r, n, s, students[i]);
    if (v.under != 1 || v.over < 0 || v.over > UINT32_MAX)
      node_bad(r, n, "'%.60s': expected a word, a whole number from 0 to %u", text, UINT32_MAX);
  }
  return s;
}

/* ---- what can be met ---- */

static void check_for(struct reader *r, node *n, enum compare compare, struct ratio bound, const char *what,
                      uint64_t most) {
  const __int128 floor = bound.over / bound.under - (bound.over < 0),
                 edges[] = {0, most, floor - 1, floor, floor + 1};
  bool can = false, must_hold = true;
  for (size_t i = 0; i < sizeof edges / sizeof *edges; i++) {
    __int128 value = edges[i] < 0 ? 0 : edges[i] > most ? most : edges[i];
    bool holds = ratio_holds(compare, ratio_of((uint64_t)value), bound);
    can |= holds;
    must_hold &= holds;
  }
  if (can != must_hold) return;
  node_bad(r, n, "%s this: %s is a number from 0 to %llu",
           can ? "every solution meets" : "no solution can meet", what, (unsigned long long)most);
}

void bound_check(struct reader *r, node *n, const struct lab_expect *e, const char *what, uint64_t most) {
  if (has_counters(e->right)) return;
  if (!e->right) {
    check_for(r, n, e->compare, ratio_of(e->number), what, most);
    return;
  }
  struct ratio least = constant(r, n, e->right, SEED_LEAST), greatest = constant(r, n, e->right, SEED_MOST);
  if (r->bad) return;
  check_for(r, n, e->compare, least, what, most);
  check_for(r, n, e->compare, greatest, what, most);
}

/* ---- LEFT OP RIGHT ---- */

/* Splits a comparison: returns where its right side begins, and the length of the left one; NULL when it is none. */
static const char *split(const char *text, size_t *left, enum compare *compare) {
  size_t before = strcspn(text, signs), sign = strspn(text + before, signs);
  for (*left = before; *left && text[*left - 1] == ' ';) --*left;
  const char *right = text + before + sign;
  return *left && compare_named(text + before, sign, compare) ? right + strspn(right, " ") : NULL;
}

/* Puts the right side into e->number, or into e->right when it is more than a number. */
static void read_right(struct reader *r, node *n, const char *right, const struct lab_test *t,
                       struct lab_expect *e) {
  if (!number_scaled(right, 1000, &e->number)) e->right = sum_of(r, n, right, strlen(right), t, e->in);
}

static bool is_name(const char *text, size_t n) {
  for (size_t i = 0; i < n; i++)
    if (strchr(" :*/+{", text[i])) return false;
  return *text < '0' || *text > '9';
}

void schema_check_counter(struct reader *r, node *n, const char *name, const struct lab_run *run) {
  char why[320];
  if (!counter_good(name, why, sizeof why))
    node_bad(r, n, "%s", why);
  else if (counter_depth(name) > run->depth && run->depth == 0)
    node_bad(r, n,
             "'%.60s': at depth 0 there is no guest to count this in; expected instructions, ticks, "
             "console, lane.app@0.instructions, lane.guest-os@0.instructions or lane.host-os.instructions",
             name);
  else if (counter_depth(name) > run->depth)
    node_bad(r, n, "'%.60s' counts at depth %u, and the run's depth is %u", name, counter_depth(name),
             run->depth);
}

void bound_counter(struct reader *r, node *n, const struct lab_test *t, struct lab_expect *e) {
  const struct lab_run *run = &t->run[e->in];
  const char *text = node_scalar(r, n, "NAME OP NUMBER");
  size_t left;
  const char *right = split(text, &left, &e->compare);
  if (!right) {
    node_bad(r, n, "'%.60s': expected NAME OP NUMBER, such as \"exits.rfe <= 210\"", text);
    return;
  }
  read_right(r, n, right, t, e);
  e->counter = must(strndup(text, left));
  if (is_name(text, left) || counter_good(e->counter, (char[1]){0}, 1)) {
    schema_check_counter(r, n, e->counter, run);
    if (!r->bad) bound_check(r, n, e, e->counter, possible_most(e->counter, run));
    return;
  }
  e->left = sum_of(r, n, text, left, t, e->in);
  if (!r->bad && !has_counters(e->left) && !has_counters(e->right))
    node_bad(r, n, "'%.60s': expected a counter in it", text);
}

char *bound_named(struct reader *r, node *n, struct lab_expect *e, const char *example) {
  const char *text = node_scalar(r, n, "NAME OP NUMBER");
  size_t left = 0;
  const char *right = split(text, &left, &e->compare);
  if (right)
    read_right(r, n, right, NULL, e);
  else
    node_bad(r, n, "'%.60s': expected NAME OP NUMBER, such as \"%s\"", text, example);
  return must(strndup(text, right ? left : 0));
}

void bound_register(struct reader *r, node *n, const struct lab_test *t, struct lab_expect *e) {
  char *name = bound_named(r, n, e, "a0 == 42");
  int reg = pg32_register_number(name);
  if (reg < 0) node_bad(r, n, "'%.20s': expected a register, such as a0", name);
  e->reg = reg < 0 ? 0 : (unsigned)reg;
  if (!r->bad && t->run[e->in].depth > 0)
    node_bad(r, n,
             "at depth %u the machine's registers are those of the VMM around the guest; expected depth 0",
             t->run[e->in].depth);
  if (!r->bad) bound_check(r, n, e, reg == 0 ? "zero" : "a register", reg == 0 ? 0 : UINT32_MAX);
  free(name);
}

/* ---- credit by proximity ---- */

/* Is `none` on the side of the bound where the comparison does not hold? */
static bool beyond(enum compare compare, struct ratio none, struct ratio bound) {
  int c = ratio_compare(none, bound);
  switch (compare) {
  case COMPARE_LT:
  case COMPARE_LE: return c > 0;
  case COMPARE_GT:
  case COMPARE_GE: return c < 0;
  default: return c != 0;
  }
}

static void check_none_at(struct reader *r, node *n, const struct lab_expect *e, const char *student) {
  struct ratio none = constant(r, n, e->none_at, student),
               bound = e->right ? constant(r, n, e->right, student) : ratio_of(e->number);
  if (!r->bad && !beyond(e->compare, none, bound))
    node_bad(r, n, "'%.40s': expected a number beyond the bound, where the comparison does not hold",
             sum_text(e->none_at));
}

void bound_none_at(struct reader *r, node *n, const struct lab_test *t, struct lab_expect *e) {
  const char *text = node_scalar(r, n, "a number");
  bool number = e->kind == EXPECT_COUNTER || e->kind == EXPECT_REGISTER ||
                (e->kind == EXPECT_VARIABLE && !e->variable.text && !e->variable.sum);
  if (!number || e->compare == COMPARE_NE) {
    node_bad(r, n, "`none-at` is for a counter, a register or a variable, with <, <=, ==, >= or >");
    return;
  }
  if (!t->partial) node_bad(r, n, "`none-at` gives a part of the points, and needs `partial: true`");
  e->none_at = sum_of(r, n, text, strlen(text), e->kind == EXPECT_COUNTER ? t : NULL, e->in);
  if (r->bad || has_counters(e->none_at) || has_counters(e->right)) return;
  check_none_at(r, n, e, SEED_LEAST);
  if (!r->bad) check_none_at(r, n, e, SEED_MOST);
}
