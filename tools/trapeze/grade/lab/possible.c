/* possible.c - what no solution can meet, and what every one meets. */
#include <stdlib.h>
#include <string.h>

#include "console_text.h"
#include "pattern.h"
#include "possible.h"
#include "seed.h"

/* ---- numbers ---- */

/* The counter without the depth that an @ names, compared. */
static bool counter_is(const char *counter, const char *name) {
  size_t n = strcspn(counter, "@");
  return strlen(name) == n && strncmp(counter, name, n) == 0;
}

/* Is it a part of the exits of its guest? The exits of a guest further in are exits of the outermost VM, too. */
static bool part_of_exits(const char *counter) {
  static const char *const parts[] = {"reflected", "emulated", "filled", "wrong"};
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
    if (counter_is(counter, parts[i])) return true;
  return strncmp(counter, "exits.", 6) == 0;
}

uint64_t possible_most(const char *counter, const struct lab_run *run) {
  if (strcmp(counter, "console") == 0) return run->limits.console;
  if (part_of_exits(counter) || counter_is(counter, "exits"))
    return run->depth ? run->limits.exits : UINT64_MAX;
  return strcmp(counter, "ticks") == 0 ? UINT64_MAX : run->limits.instructions;
}

/* ---- traces ---- */

uint64_t possible_matches(const struct lab_expect *e, const struct lab_run *run) {
  size_t exits = pattern_exits(e->trace.pattern, e->trace.depth, run->depth);
  uint64_t most = exits ? run->limits.exits / exits : EVENTS_MOST;
  return most < EVENTS_MOST ? most : EVENTS_MOST;
}

/* ---- consoles ---- */

/* Is there a line that the pattern matches? Each with the numbers of no student in particular. */
static bool found(const char *text, const char *pattern) {
  const char *wrong;
  char *t = seed_expand(text, "", &wrong), *p = seed_expand(pattern, "", &wrong);
  bool is = t && p && console_find((struct bytes){(uint8_t *)t, strlen(t)}, p) > 0;
  free(t);
  free(p);
  return is;
}

void possible_console(struct reader *r, node **v, const struct lab_expect *e, uint64_t limit) {
  const struct words *has = &e->console.has, *not_ = &e->console.not ;
  const char *is = e->console.is;
  if (is && !strstr(is, "{seed") && strlen(is) > limit)
    node_bad(r, v[CONSOLE_IS], "no solution can print this: the run's limit is %llu bytes",
             (unsigned long long)limit);
  for (size_t i = 0; i < has->n && !r->bad; i++) {
    node *n = node_item(r, v[CONSOLE_HAS], i);
    if (strchr(has->word[i], '\n')) node_bad(r, n, "no line has a newline in it; a pattern is for one line");
    if (is && !found(is, has->word[i])) node_bad(r, n, "no solution can meet this and `is`");
    for (size_t k = 0; k < not_->n; k++)
      if (strcmp(has->word[i], not_->word[k]) == 0) node_bad(r, n, "no solution can meet this and `not`");
  }
  for (size_t i = 0; is && i < not_->n && !r->bad; i++)
    if (found(is, not_->word[i]))
      node_bad(r, node_item(r, v[CONSOLE_NOT], i), "no solution can meet this and `is`");
}

/* ---- two expectations of a test ---- */

/* Are they about the same number? */
static bool same_number(const struct lab_expect *a, const struct lab_expect *b) {
  if (a->kind != b->kind || a->in != b->in || a->right || b->right) return false;
  switch (a->kind) {
  case EXPECT_STATUS: return true;
  case EXPECT_COUNTER: return strcmp(a->counter, b->counter) == 0;
  case EXPECT_REGISTER: return a->reg == b->reg;
  case EXPECT_TRACE: return a->trace.depth == b->trace.depth && strcmp(a->trace.text, b->trace.text) == 0;
  default: return false;
  }
}

static bool both_can_hold(const struct lab_expect *a, const struct lab_expect *b) {
  const uint64_t edges[] = {0,
                            a->number,
                            b->number,
                            a->number + 1,
                            b->number + 1,
                            a->number ? a->number - 1 : 0,
                            b->number ? b->number - 1 : 0};
  for (size_t i = 0; i < sizeof edges / sizeof *edges; i++)
    if (compare_holds(a->compare, edges[i], a->number) && compare_holds(b->compare, edges[i], b->number))
      return true;
  return false;
}

/* The least number for which the comparison can hold. */
static uint64_t least(const struct lab_expect *e) {
  if (e->compare == COMPARE_GT) return e->number + 1;
  return e->compare == COMPARE_GE || e->compare == COMPARE_EQ ? e->number : 0;
}

/* Does `part` want more than `all`, the exits that it is a part of, may have? */
static bool exceeds(const struct lab_expect *part, const struct lab_expect *all) {
  const char *depth = part->kind == EXPECT_COUNTER ? strchr(part->counter, '@') : NULL;
  if (part->kind != EXPECT_COUNTER || all->kind != EXPECT_COUNTER || part->in != all->in) return false;
  if (part->right || all->right) return false;
  if (!counter_is(all->counter, "exits") || !part_of_exits(part->counter)) return false;
  if (strcmp(depth ? depth : "", all->counter + strcspn(all->counter, "@")) != 0) return false;
  bool bounded = all->compare == COMPARE_LE || all->compare == COMPARE_LT || all->compare == COMPARE_EQ;
  return bounded && least(part) > all->number - (all->compare == COMPARE_LT);
}

void possible_together(struct reader *r, node *n, const struct lab_expect *first,
                       const struct lab_expect *second) {
  if ((same_number(first, second) && !both_can_hold(first, second)) || exceeds(first, second) ||
      exceeds(second, first))
    node_bad(r, n, "no solution can meet this and the expectation in line %u", first->mark.line);
}
