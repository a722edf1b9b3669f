/* regex_sets.c - regular expressions by sets of places. A place of a text of n characters is a number from 0 to n. For
 * an expression and a set of places where it may begin, `walk` finds the set of those where it may end; or, backwards,
 * from ends the beginnings. Nothing is tried twice, so that no pattern needs exponential time, and a repetition ends
 * when it finds no new place. */
#include <stdlib.h>
#include <string.h>
#include "userprogs/lib/patterns/regex.h"

struct places {
  struct places *old; /* list of those that are free */
  int low, high;      /* words outside low..high are zero; none: low > high */
  uint32_t word[];
};

static int words_of(const struct match *m) { return m->length / 32 + 1; }

static struct places *take(struct match *m) {
  struct places *s = m->old;
  if (s != NULL) {
    m->old = s->old;
  } else {
    s = __zeroed(sizeof *s + (size_t)words_of(m) * sizeof *s->word);
    if (s == NULL) {
      m->failed = true;
      return NULL;
    }
  }
  s->low = words_of(m), s->high = -1;
  return s;
}

static void clear(struct places *s, int words) {
  if (s->high >= s->low) memset(s->word + s->low, 0, (size_t)(s->high - s->low + 1) * sizeof *s->word);
  s->low = words, s->high = -1;
}

static void give_back(struct match *m, struct places *s) {
  if (s == NULL) return;
  clear(s, words_of(m));
  s->old = m->old, m->old = s;
}

void __free_places(struct match *m) {
  for (struct places *s = m->old, *old; s != NULL; s = old) {
    old = s->old;
    free(s);
  }
}

static bool empty(const struct places *s) { return s->high < s->low; }
static bool has(const struct places *s, int at) { return s->word[at / 32] >> at % 32 & 1; }

static void widen(struct places *s, int word) {
  if (word < s->low) s->low = word;
  if (word > s->high) s->high = word;
}

static void put(struct places *s, int at) {
  s->word[at / 32] |= 1u << at % 32;
  widen(s, at / 32);
}

static void join(struct places *to, const struct places *from) {
  for (int i = from->low; i <= from->high; i++)
    if (from->word[i] != 0) to->word[i] |= from->word[i], widen(to, i);
}

/* Takes out of s what `known` has. */
static void remove_known(struct places *s, const struct places *known, int words) {
  int low = words, high = -1;
  for (int i = s->low; i <= s->high; i++) {
    s->word[i] &= ~known->word[i];
    if (s->word[i] == 0) continue;
    if (low > i) low = i;
    high = i;
  }
  s->low = low, s->high = high;
}

static bool same(const struct places *a, const struct places *b) {
  int low = a->low < b->low ? a->low : b->low, high = a->high > b->high ? a->high : b->high;
  for (int i = low; i <= high; i++)
    if (a->word[i] != b->word[i]) return false;
  return true;
}

/* The first place of s, or the last one. */
static int first_of(const struct places *s) { return s->low * 32 + __builtin_ctz(s->word[s->low]); }
static int last_of(const struct places *s) { return s->high * 32 + 31 - __builtin_clz(s->word[s->high]); }

/* ---- one node ---- */

static void walk(struct match *m, const struct node *n, const struct places *from, struct places *to,
                 bool back);

/* The place beyond a character of the set, or -1. */
static int beyond(const struct match *m, const struct set *set, int at, bool back) {
  if (back ? at <= m->from : at >= m->to) return -1;
  int next = back ? at - 1 : at + 1;
  return __set_has(set, (unsigned char)m->text[back ? next : at]) ? next : -1;
}

/* A character, or nothing at a place. */
static void walk_simple(struct match *m, const struct node *n, const struct places *from, struct places *to,
                        bool back) {
  for (int i = from->low; i <= from->high; i++) {
    for (uint32_t word = from->word[i]; word != 0; word &= word - 1) {
      int at = i * 32 + __builtin_ctz(word), next = at;
      if (n->kind == NODE_SET)
        next = beyond(m, &n->set, at, back);
      else if (!__at_place(m, n->place, at))
        next = -1;
      if (next >= 0) put(to, next);
    }
  }
}

static void walk_sequence(struct match *m, const struct node *n, const struct places *from, struct places *to,
                          bool back) {
  const struct places *now = from;
  struct places *mine = NULL;
  for (const struct node *child = back ? n->last : n->first; child != NULL && !empty(now);
       child = back ? child->previous : child->next) {
    struct places *next = take(m);
    if (next != NULL) walk(m, child, now, next, back);
    give_back(m, mine);
    if (next == NULL) return;
    now = mine = next;
  }
  join(to, now);
  give_back(m, mine);
}

/* Any number of characters of a set: every run of them, in one pass. */
static void walk_runs(struct match *m, const struct node *n, struct places *s, bool back) {
  int at = back ? last_of(s) : first_of(s), last = back ? first_of(s) : last_of(s);
  bool inside = false;
  while (inside || (back ? at >= last : at <= last)) {
    inside = inside || has(s, at);
    if (inside) {
      put(s, at);
      inside = beyond(m, &n->set, at, back) >= 0;
    }
    at += back ? -1 : 1;
  }
}

/* Adds to `s` what up to `more` times the child reaches from it. */
static void walk_more(struct match *m, const struct node *child, struct places *s, int more, bool back) {
  if (child->kind == NODE_SET && more == UNLIMITED) {
    if (!empty(s)) walk_runs(m, child, s, back);
    return;
  }
  struct places *newest = take(m), *next = take(m);
  if (newest != NULL && next != NULL) {
    join(newest, s);
    for (int i = 0; (more == UNLIMITED || i < more) && !empty(newest) && !m->failed; i++) {
      walk(m, child, newest, next, back);
      remove_known(next, s, words_of(m));
      join(s, next);
      struct places *swap = newest;
      clear(newest, words_of(m));
      newest = next, next = swap;
    }
  }
  give_back(m, newest), give_back(m, next);
}

/* `min` to `max` times the child. When a set of places does not change any more, further repetitions change nothing. */
static void walk_times(struct match *m, const struct node *child, int min, int max, const struct places *from,
                       struct places *to, bool back) {
  struct places *now = take(m);
  if (now == NULL) return;
  join(now, from);
  for (int i = 0; i < min && !empty(now); i++) {
    struct places *next = take(m);
    if (next != NULL) walk(m, child, now, next, back);
    bool stable = next == NULL || same(now, next);
    give_back(m, now);
    now = next;
    if (now == NULL) return;
    if (stable) break;
  }
  walk_more(m, child, now, max == UNLIMITED ? UNLIMITED : max - min, back);
  join(to, now);
  give_back(m, now);
}

static void walk(struct match *m, const struct node *n, const struct places *from, struct places *to,
                 bool back) {
  if (empty(from) || m->failed) return;
  switch (n->kind) {
  case NODE_SET:
  case NODE_PLACE: walk_simple(m, n, from, to, back); break;
  case NODE_SEQUENCE: walk_sequence(m, n, from, to, back); break;
  case NODE_CHOICE:
    for (const struct node *child = n->first; child != NULL; child = child->next)
      walk(m, child, from, to, back);
    break;
  case NODE_REPEAT: walk_times(m, n->first, n->min, n->max, from, to, back); break;
  case NODE_GROUP: walk(m, n->first, from, to, back); break;
  case NODE_REFERENCE: break; /* regex_references.c has them */
  }
}

/* ---- the whole ---- */

int __first_start(struct match *m, const struct node *root, int from) {
  struct places *ends = take(m), *starts = take(m);
  int first = -1;
  if (ends != NULL && starts != NULL) {
    for (int at = from; at <= m->length; at++) put(ends, at);
    walk(m, root, ends, starts, true);
    if (!empty(starts) && !m->failed) first = first_of(starts);
  }
  give_back(m, ends), give_back(m, starts);
  return first;
}

/* The places where `n` may end that begins at `from`, as far as `allowed` (NULL: all) has them. */
static int longest(struct match *m, const struct node *n, int from, const struct places *allowed) {
  struct places *start = take(m), *ends = take(m);
  int last = -1;
  if (start != NULL && ends != NULL) {
    put(start, from);
    walk(m, n, start, ends, false);
    for (int i = ends->high; i >= ends->low && last < 0; i--) {
      uint32_t word = ends->word[i] & (allowed != NULL ? allowed->word[i] : ~0u);
      if (word != 0) last = i * 32 + 31 - __builtin_clz(word);
    }
  }
  give_back(m, start), give_back(m, ends);
  return last;
}

int __longest_end(struct match *m, const struct node *root, int from) { return longest(m, root, from, NULL); }

/* ---- groups ---- */

/* Where each child of a sequence must begin, so that the rest can end at `to`: from the last child to the first. */
static void note_sequence(struct match *m, const struct node *n, int from, int to) {
  int children = 0, i;
  for (const struct node *child = n->first; child != NULL; child = child->next) children++;
  struct places **rest = __zeroed((size_t)(children + 1) * sizeof *rest);
  if (rest == NULL) {
    m->failed = true;
    return;
  }
  if ((rest[children] = take(m)) != NULL) put(rest[children], to);
  i = children;
  for (const struct node *child = n->last; child != NULL && !m->failed; child = child->previous, i--)
    if ((rest[i - 1] = take(m)) != NULL) walk(m, child, rest[i], rest[i - 1], true);
  i = 0;
  for (const struct node *child = n->first; child != NULL && !m->failed; child = child->next) {
    int end = longest(m, child, from, rest[++i]);
    if (end < 0) break;
    __note_groups(m, child, from, end);
    from = end;
  }
  for (i = 0; i <= children; i++) give_back(m, rest[i]);
  free(rest);
}

static void forget_groups(struct match *m, const struct node *n) {
  if (!n->groups) return;
  if (n->kind == NODE_GROUP) m->group[n->number] = (regmatch_t){-1, -1};
  for (const struct node *child = n->first; child != NULL; child = child->next) forget_groups(m, child);
}

/* From where min to max times the child can end at `to`. */
static struct places *starts_of(struct match *m, const struct node *child, int min, int max, int to) {
  struct places *end = take(m), *starts = take(m);
  if (end != NULL && starts != NULL) {
    put(end, to);
    walk_times(m, child, min, max, end, starts, true);
  }
  give_back(m, end);
  return starts;
}

/* Each repetition is as long as the rest allows, and the groups are those of the last one. */
static void note_repeat(struct match *m, const struct node *n, int from, int to) {
  int min = n->min, max = n->max;
  struct places *rest = NULL;
  for (bool first = true; (from < to || min > 0 || (first && max != 0)) && !m->failed; first = false) {
    bool same_rest = rest != NULL && min == 0 && max == UNLIMITED;
    if (min > 0) min--;
    if (max > 0) max--;
    if (!same_rest) {
      give_back(m, rest);
      rest = starts_of(m, n->first, min, max, to);
    }
    int end = rest != NULL ? longest(m, n->first, from, rest) : -1;
    if (end < 0 || (end == from && from < to && min == 0)) break;
    forget_groups(m, n->first);
    __note_groups(m, n->first, from, end);
    if (end == from && from == to) break;
    from = end;
  }
  give_back(m, rest);
}

void __note_groups(struct match *m, const struct node *n, int from, int to) {
  int outer_from = m->from, outer_to = m->to;
  if (!n->groups || m->failed) return;
  m->from = from, m->to = to;
  switch (n->kind) {
  case NODE_GROUP:
    m->group[n->number] = (regmatch_t){from, to};
    __note_groups(m, n->first, from, to);
    break;
  case NODE_SEQUENCE: note_sequence(m, n, from, to); break;
  case NODE_CHOICE:
    for (const struct node *child = n->first; child != NULL; child = child->next) {
      if (longest(m, child, from, NULL) != to) continue;
      __note_groups(m, child, from, to);
      break;
    }
    break;
  case NODE_REPEAT: note_repeat(m, n, from, to); break;
  default: break;
  }
  m->from = outer_from, m->to = outer_to;
}
