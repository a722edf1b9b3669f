/* regex_references.c - regular expressions with \1 to \9, which no set of places can describe: what the rest of the
 * pattern matches depends on what a group has matched. So this file tries one way after the other, the longest first,
 * and keeps the longest match. The number of ways may be exponential: hence the limits. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include "userprogs/lib/patterns/regex.h"

#define STEPS_MAX 4000000
#define DEPTH_MAX 20000

/* What is left to do once a node has matched: the next children of its parent, the end of its group, or one more
 * repetition of it; then the rest of `outer`. */
struct rest {
  const struct node *node;
  enum { REST_CHILDREN, REST_GROUP, REST_REPEAT } kind;
  int started, count;
  const struct rest *outer;
};

struct search {
  struct match *m;
  int depth, best; /* best: the end of the longest match so far, or -1 */
  size_t groups;
  regmatch_t *longest;
};

static bool go(struct search *s, const struct node *n, int at, const struct rest *rest);
static bool repeat(struct search *s, const struct node *n, int count, int at, const struct rest *rest);

/* The pattern has matched up to `at`. Answers whether no longer match can be found. */
static bool arrived(struct search *s, int at) {
  if (at > s->best) {
    s->best = at;
    memcpy(s->longest, s->m->group, s->groups * sizeof *s->longest);
  }
  return at == s->m->length;
}

static bool go_on(struct search *s, int at, const struct rest *rest) {
  if (rest == NULL) return arrived(s, at);
  const struct node *n = rest->node;
  if (rest->kind == REST_CHILDREN) {
    if (n == NULL) return go_on(s, at, rest->outer);
    struct rest next = {n->next, REST_CHILDREN, 0, 0, rest->outer};
    return go(s, n, at, &next);
  }
  if (rest->kind == REST_GROUP) {
    regmatch_t *group = &s->m->group[n->number], old = *group;
    *group = (regmatch_t){rest->started, at};
    if (go_on(s, at, rest->outer)) return true;
    *group = old;
    return false;
  }
  /* A repetition of nothing is enough for all that are left. */
  if (at == rest->started) return go_on(s, at, rest->outer);
  return repeat(s, n, rest->count + 1, at, rest->outer);
}

static bool repeat(struct search *s, const struct node *n, int count, int at, const struct rest *rest) {
  if (n->max == UNLIMITED || count < n->max) {
    struct rest again = {n, REST_REPEAT, at, count, rest};
    if (go(s, n->first, at, &again)) return true;
  }
  return count >= n->min && go_on(s, at, rest);
}

static int folded(const struct match *m, int at) {
  unsigned char c = (unsigned char)m->text[at];
  return m->pattern->flags & REG_ICASE ? tolower(c) : c;
}

/* Behind what the group has matched, if the same text is at `at`; else -1. */
static int behind_same(const struct match *m, const regmatch_t *group, int at) {
  if (group->rm_so < 0 || group->rm_eo - group->rm_so > m->length - at) return -1;
  for (int i = group->rm_so; i < group->rm_eo; i++)
    if (folded(m, i) != folded(m, at++)) return -1;
  return at;
}

static bool go_in(struct search *s, const struct node *n, int at, const struct rest *rest) {
  const struct match *m = s->m;
  struct rest inner = {n, REST_GROUP, at, 0, rest};
  switch (n->kind) {
  case NODE_SET:
    return at < m->length && __set_has(&n->set, (unsigned char)m->text[at]) && go_on(s, at + 1, rest);
  case NODE_PLACE: return __at_place(m, n->place, at) && go_on(s, at, rest);
  case NODE_SEQUENCE: inner.node = n->first, inner.kind = REST_CHILDREN; return go_on(s, at, &inner);
  case NODE_CHOICE:
    for (const struct node *child = n->first; child != NULL; child = child->next)
      if (go(s, child, at, rest)) return true;
    return false;
  case NODE_REPEAT: return repeat(s, n, 0, at, rest);
  case NODE_GROUP: return go(s, n->first, at, &inner);
  case NODE_REFERENCE: at = behind_same(m, &m->group[n->number], at); return at >= 0 && go_on(s, at, rest);
  }
  return false;
}

/* Matches n at `at`, then the rest. Answers whether the search is over. */
static bool go(struct search *s, const struct node *n, int at, const struct rest *rest) {
  if (++s->m->steps > STEPS_MAX || s->depth >= DEPTH_MAX) s->m->failed = true;
  if (s->m->failed) return true;
  s->depth++;
  bool over = go_in(s, n, at, rest);
  s->depth--;
  return over;
}

static size_t count_groups(const struct node *n) {
  size_t count = n->kind == NODE_GROUP;
  for (const struct node *child = n->first; child != NULL; child = child->next) count += count_groups(child);
  return count;
}

int __match_with_references(struct match *m, int from) {
  struct search s = {.m = m, .best = -1, .groups = count_groups(m->pattern->root) + 1};
  s.longest = malloc(s.groups * sizeof *s.longest);
  if (s.longest == NULL) {
    m->failed = true;
    return -1;
  }
  for (size_t i = 0; i < s.groups; i++) m->group[i] = (regmatch_t){-1, -1};
  go(&s, m->pattern->root, from, NULL);
  memcpy(m->group, s.longest, s.best >= 0 ? s.groups * sizeof *s.longest : 0);
  free(s.longest);
  return s.best;
}
