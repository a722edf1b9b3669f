/* pattern.h - trace patterns: an ordered, gap-tolerant pattern over the events of a run. For example:
 *
 *     [syscall from app, reflect, not resume app, rfe from guest-os, emulate, resume app]
 *
 * A pattern has three kinds of elements:
 *   - An event: a trap, `resume LANE`, `tlbw`, `device`, `syscall-step N`, `tlb-step N`. Each event of a
 *     match comes after the one before it in the pattern, with any number of other events between them. Only
 *     a step may be the same event as the element before it, because one event can be several steps.
 *   - A verdict, or `not` and a verdict. It narrows the trap before it in the pattern and is no event itself.
 *   - `not` and an event: no such event lies between the events on both sides of the element. At the end of a
 *     pattern: no such event lies in the rest of the run.
 *
 * Matches do not overlap. A match ends at the first event of the trace at which the whole pattern is
 * complete. When several choices of earlier events lead there, the match consists of the latest ones, so that
 * there are as few events as possible where a `not` forbids some. The next match begins after that event.
 * This rule finds as many matches as there can be, in one pass over the events. */
#ifndef PATTERN_H
#define PATTERN_H

#include "event.h"

struct pattern;

struct pattern_error {
  unsigned column; /* of the mistake, in characters from 1 */
  char text[320];  /* what was expected there */
};

#define PATTERN_ELEMENTS 32 /* events in a pattern, at most */

/* Parses a pattern, as described above and in labs/LAB.md. The caller frees the result with pattern_free.
 * NULL with *error set when `text` is no pattern, or when memory is short. */
struct pattern *pattern_parse(const char *text, struct pattern_error *error);
void pattern_free(struct pattern *p); /* NULL is allowed */
/* The number of events that a match consists of: 1 .. PATTERN_ELEMENTS. */
size_t pattern_events(const struct pattern *p);
/* Can a run of depth `run_depth` have what the pattern names? Lanes without a depth are those of `depth`. When it
 * cannot, for example because of `app@2` in a run of depth 1, *why says where and why. */
bool pattern_possible(const struct pattern *p, unsigned depth, unsigned run_depth, struct pattern_error *why);
/* How many events of each match are certainly exits of the outermost VM (of the machine, when run_depth is 0). */
size_t pattern_exits(const struct pattern *p, unsigned depth, unsigned run_depth);
/* The text of the element that is event i of a match, with its verdicts: "syscall from app, reflect". It
 * belongs to the pattern. */
const char *pattern_element(const struct pattern *p, size_t i);

struct match {
  size_t at[PATTERN_ELEMENTS]; /* indices of the events */
  size_t n;                    /* how many elements were found */
};

struct matches {
  uint64_t count;       /* of all matches */
  struct match wanted;  /* match number `want`; n = 0 when there are fewer */
  struct match longest; /* after the last match: the longest beginning of another one, the first of those as
                           long; n = 0 when not even the first element was found */
  bool stopped;         /* a `not` ended `longest`, ... */
  size_t stopper;       /* ... at the event with this index */
};

/* The index of the first event from `from` on that is element i of the pattern but for its verdicts; e->n when
 * there is none. `depth` is as for pattern_match. */
size_t pattern_near(const struct pattern *p, const struct events *e, unsigned depth, size_t i, size_t from);
/* Finds all matches among `e`. `depth` is the level of lanes that the pattern names without a level; `want`
 * counts from 1. Allocates nothing and cannot fail. */
struct matches pattern_match(const struct pattern *p, const struct events *e, unsigned depth, uint64_t want);

#endif
