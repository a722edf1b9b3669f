/* bound.c - judges comparisons: counters, of one run or of several, and registers at the end of a run. A comparison that
 * does not hold may give a share of the points, the greater the nearer the value is to the bound (`none-at`). */
#include <stdlib.h>
#include <string.h>

#include "expect.h"
#include "isa/pg32.h"
#include "tools/trapeze/grade/lab/seed.h"
#include "tools/trapeze/grade/lab/sum.h"

/* ---- sums ---- */

static uint64_t count(const void *arg, size_t run, const char *counter) {
  const struct trial *t = arg;
  return counter_value(counter, &t->run[run]->counts);
}

static bool value_of(const struct trial *t, const struct sum *s, struct ratio *value) {
  return sum_value(s, t->built->student, count, t, value);
}

uint32_t bound_sum_word(const struct trial *t, const struct sum *s) {
  struct ratio value;
  return value_of(t, s, &value) ? (uint32_t)value.over : 0; /* lab/bound.c has checked it */
}

uint32_t bound_word_value(const struct trial *t, const struct lab_expect *e, size_t i) {
  return e->memory.sum[i] ? bound_sum_word(t, e->memory.sum[i]) : e->memory.word[i];
}

/* The text of a sum with the student's own numbers in it, for the caller to free. */
static char *text_of_sum(const struct trial *t, const struct sum *s) {
  const char *wrong;
  return must(seed_expand(sum_text(s), t->built->student, &wrong));
}

/* Says what the counters in a sum are, when the sum is more than one of them. */
static void say_counters(const struct trial *t, const struct sum *s, FILE *f) {
  const char *counter;
  size_t run;
  for (size_t i = 0; s && (counter = sum_counter_at(s, i, &run)); i++)
    fprintf(f, "  %s%s%s is %llu\n", t->test->runs > 1 ? t->test->run[run].name : "",
            t->test->runs > 1 ? ":" : "", counter, (unsigned long long)count(t, run, counter));
}

/* ---- the share ---- */

/* The greatest or least whole number for which a strict comparison holds: the shares begin there. */
static struct ratio edge(enum compare compare, struct ratio bound) {
  if (compare != COMPARE_LT && compare != COMPARE_GT) return bound;
  __int128 floor = bound.over / bound.under;
  if (compare == COMPARE_GT) return ratio_of((uint64_t)floor + 1);
  return ratio_of((uint64_t)(bound.over % bound.under ? floor : floor ? floor - 1 : 0));
}

/* From 1 at the bound to 0 at `none` and beyond. */
static double share_of(enum compare compare, struct ratio is, struct ratio bound, struct ratio none) {
  double from = ratio_double(edge(compare, bound)), to = ratio_double(none), at = ratio_double(is);
  double whole = to > from ? to - from : from - to, off = at > from ? at - from : from - at;
  bool towards = compare == COMPARE_EQ || (to > from) == (at > from);
  if (whole <= 0 || !towards || off >= whole) return 0;
  return 1 - off / whole;
}

bool bound_judge(const struct trial *t, const struct lab_expect *e, struct ratio is, struct ratio *bound,
                 struct outcome *o) {
  struct ratio none;
  *bound = ratio_of(e->number);
  if (e->right && !value_of(t, e->right, bound)) {
    fprintf(o->say, "Happened: %s cannot be computed: a division by 0, or too large.\n", sum_text(e->right));
    return false;
  }
  o->share = ratio_holds(e->compare, is, *bound);
  if (o->share < 1 && e->none_at && value_of(t, e->none_at, &none))
    o->share = share_of(e->compare, is, *bound, none);
  return true;
}

void bound_say_share(const struct outcome *o, const struct lab_expect *e) {
  if (e->none_at) fprintf(o->say, "So near to what is expected, it gives %.0f%%.\n", 100 * o->share);
}

/* ---- counters ---- */

/* Shows the first event that is one too many. */
static void say_excess(const struct run *r, const struct lab_expect *e, struct ratio bound,
                       struct outcome *o) {
  uint64_t most = (uint64_t)(bound.over / bound.under);
  bool less = e->compare == COMPARE_LT && most && bound.under == 1;
  o->event = counter_event(e->counter, &r->events, most - less + 1);
  if (!o->event) return;
  size_t at = 0;
  while (r->events.event[at].event != o->event) at++;
  fputs("The first that is too many:\n", o->show);
  show_events(o->show, r, at, at + 12, 4, &at, 1);
}

static void say_counter(const struct trial *t, const struct lab_expect *e, struct ratio is,
                        struct ratio bound, struct outcome *o) {
  char a[64], b[64], *left = e->left ? text_of_sum(t, e->left) : must(strdup(e->counter)),
                     *right = e->right ? text_of_sum(t, e->right) : NULL;
  ratio_text(is, a), ratio_text(bound, b);
  fprintf(o->say, "Expected: %s %s %s.\nHappened: ", left, compare_text(e->compare), right ? right : b);
  if (e->left || right) {
    fprintf(o->say, "%s is %s%s%s%s%s.\n", left, a, right ? ", and " : "", right ? right : "",
            right ? " is " : "", right ? b : "");
    say_counters(t, e->left, o->say);
    say_counters(t, e->right, o->say);
  } else {
    fprintf(o->say, "it is %s.\n", a);
  }
  free(left), free(right);
}

void expect_counter(const struct trial *t, const struct lab_expect *e, struct outcome *o) {
  const struct run *r = t->run[e->in];
  struct ratio is, bound;
  if (!e->left)
    is = ratio_of(counter_value(e->counter, &r->counts));
  else if (!value_of(t, e->left, &is)) {
    fprintf(o->say, "Happened: %s cannot be computed: a division by 0, or too large.\n", sum_text(e->left));
    return;
  }
  if (!bound_judge(t, e, is, &bound, o) || o->share == 1) return;
  say_counter(t, e, is, bound, o);
  bound_say_share(o, e);
  if (!e->left && bound.over >= 0 && (ratio_compare(is, bound) > 0 || e->compare == COMPARE_LT))
    say_excess(r, e, bound, o);
}

/* ---- registers ---- */

void expect_register(const struct trial *t, const struct lab_expect *e, struct outcome *o) {
  const struct run *r = t->run[e->in];
  uint32_t is = r->regs.x[e->reg];
  struct ratio bound;
  char text[64];
  if (!bound_judge(t, e, ratio_of(is), &bound, o) || o->share == 1) return;
  fprintf(o->say, "Expected at the end: %s %s %s.\nHappened: it is %u (0x%x).\n", pg32_register_name(e->reg),
          compare_text(e->compare), ratio_text(bound, text), is, is);
  bound_say_share(o, e);
  o->event = last_trap(r);
}
