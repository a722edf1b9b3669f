/* pattern.h - trace patterns: an ordered, gap-tolerant pattern over the events of a run.
 *
 *     [syscall from app, reflect, not resume app, rfe from guest-os, emulate, resume app]
 *
 * Three kinds of elements:
 *   - an event: a trap, `resume LANE`, `tlbw`, `device`, `syscall-step N`, `tlb-step N`. Each event of a
 * match comes after the one before it, with anything between them; only a step may be the very event before
 * it, because one event can be several steps.
 *   - a verdict (or `not` a verdict): of the trap before it in the pattern; it narrows that element and is no
 * event.
 *   - `not` an event: nothing between the events on both sides of it is like that; at the end of a pattern,
 * nothing in the rest of the run.
 *
 * Which events a match consists of: the first event of the trace at which the whole pattern is complete ends
 * a match; of the ways to get there the one whose events are latest is meant (an event that a `not` forbids
 * is between as few others as possible). The next match begins after it. So matches never overlap, and there
 * are as many of them as there can be. One pass over the events finds them; nothing is tried twice. */
#ifndef PATTERN_H
#define PATTERN_H

#include "machine/recorder.h"

/* What patterns, predictions and feedback need of a record; a run keeps many. */
struct event {
  uint64_t event, tick, retired;
  uint32_t from, to; /* lanes */
  uint32_t a7;
  union { /* by kind, as in struct record; a RESUME has none */
    struct {
      uint32_t cause, badva, badinst;
    } trap;
    struct {
      uint32_t slot, hi, lo;
    } tlbw;
    struct {
      uint32_t scope, hi;
    } tlbi;
    struct {
      uint32_t address, value, store;
    } device;
  };
  uint8_t kind; /* enum record_kind */
  uint8_t levels;
  uint8_t verdict[RECORDER_DEPTH + 1];
  uint16_t hidden, injected; /* a bit for each level */
  uint8_t steps;
  struct {
    uint8_t list, step, level;
  } step[RECORD_STEPS];
};

/* Who a lane is, for patterns: lane_roles[id]. */
struct role {
  uint8_t depth;
  bool kernel; /* a kernel, or its idling */
  bool vmm;    /* a process that has called vm_run */
};

struct events {
  struct event *event;
  size_t n;
  const struct role *role; /* of each lane that an event names */
};

/* The event of a record; false for those that no pattern can name (marks, the end). */
bool event_of(const struct record *record, struct event *event);
/* The record again, as far as it is kept: enough for `trapeze trace`'s text. */
struct record event_record(const struct event *event);

enum who { WHO_NOBODY, WHO_APP, WHO_GUEST_OS, WHO_VMM, WHO_HOST_OS };
/* Is the lane that one of level `depth` (from 0)? The host OS and VMM of depth d are those that its guest
 * runs on. */
bool role_is(const struct role *role, enum who who, unsigned depth);
/* "app" ...; WHO_NOBODY when it is none of the words of n characters. */
enum who who_named(const char *word, size_t n);
const char *who_name(enum who who);
/* A trap's name: "syscall", "load-miss", or for a privileged instruction "rfe", "tlbw-trap", ... */
const char *trap_word(const struct event *event);
/* If a word of n characters names exactly one kind of trap, that trap's name as trap_word spells it; else
 * NULL. */
const char *trap_word_exact(const char *word, size_t n);

struct pattern;

struct pattern_error {
  unsigned column; /* from 1 */
  char text[320];  /* what was expected */
};

#define PATTERN_ELEMENTS 32 /* events in a pattern at most */

/* NULL with *error set when `text` is no pattern; DESIGN of the language above and in labs/LAB.md. */
struct pattern *pattern_parse(const char *text, struct pattern_error *error);
void pattern_free(struct pattern *p); /* NULL is allowed */
/* Events that a match consists of: 1 .. PATTERN_ELEMENTS. */
size_t pattern_events(const struct pattern *p);
/* The text of the element that is event i of a match, with its verdicts: "syscall from app, reflect". It
 * points into the pattern. */
const char *pattern_element(const struct pattern *p, size_t i);

struct match {
  size_t at[PATTERN_ELEMENTS]; /* indices of the events */
  size_t n;                    /* how many of the elements were found */
};

struct matches {
  uint64_t count;
  struct match wanted;  /* the match number `want`; n = 0 when there are fewer */
  struct match longest; /* after the last match: the longest beginning of one (of those the first); n = 0: not
                           even that */
  bool stopped;         /* what follows `longest` was met by a `not`: */
  size_t stopper;       /* the event that was */
};

/* Finds all matches; `depth` is whose lanes are meant where the pattern does not say; `want` from 1. */
struct matches pattern_match(const struct pattern *p, const struct events *e, unsigned depth, uint64_t want);

#endif
