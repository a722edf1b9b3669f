/* pattern.c - the text of a trace pattern becomes a list of events to find, each with the verdicts asked of
 * it, and before each (and after the last) the events that must not be in between. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "pattern_parts.h"
#include "tools/trapeze/trapeze.h"

/* ---- words ---- */

static bool word_is(const char *word, size_t n, const char *name) {
  return strlen(name) == n && memcmp(word, name, n) == 0;
}

struct parser {
  const char *text, *at, *last; /* last: where the token at hand began */
  struct pattern_error *error;
  bool bad;
};

__attribute__((format(printf, 3, 4))) static bool expected(struct parser *p, const char *at,
                                                           const char *format, ...) {
  va_list ap;
  if (p->bad) return false;
  p->bad = true;
  p->error->column = (unsigned)(at - p->text) + 1;
  va_start(ap, format);
  vsnprintf(p->error->text, sizeof p->error->text, format, ap);
  va_end(ap);
  return false;
}

static void blanks(struct parser *p) { p->at += strspn(p->at, " \t\n\r"); }

/* The word at the current place; *n is its length, 0 when there is none. */
static const char *peek(struct parser *p, size_t *n) {
  static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_@";
  blanks(p);
  *n = strspn(p->at, letters);
  return p->at;
}

/* The name of an event, in upper or lower case, as the words for traps. */
static bool accept_event(struct parser *p, const char *word) {
  size_t n;
  const char *at = peek(p, &n);
  if (n != strlen(word) || strncasecmp(at, word, n) != 0) return false;
  p->at += n;
  return true;
}

static bool accept(struct parser *p, const char *word) {
  size_t n;
  const char *at = peek(p, &n);
  if (!word_is(at, n, word)) return false;
  p->at += n;
  return true;
}

static bool character(struct parser *p, char c) {
  blanks(p);
  if (*p->at != c) return false;
  p->at++;
  return true;
}

static bool lane_of(struct parser *p, struct place *place) {
  size_t n;
  const char *at = peek(p, &n), *level = memchr(at, '@', n);
  size_t name = level ? (size_t)(level - at) : n;
  place->who = who_named(at, name);
  place->depth = ANY_DEPTH;
  place->column = (unsigned)(at - p->text) + 1;
  if (place->who == WHO_NOBODY) return expected(p, at, "expected a lane: app, guest-os, vmm or host-os");
  if (level && (n - name != 2 || level[1] < '0' || level[1] > '0' + RECORDER_DEPTH))
    return expected(p, level, "expected a depth from 0 to %d after the '@'", RECORDER_DEPTH);
  if (level) place->depth = (uint8_t)(level[1] - '0');
  p->at += n;
  return true;
}

static bool step_of(struct parser *p, struct element *e, enum lecture_list list) {
  size_t n;
  const char *at = peek(p, &n);
  unsigned most = list == LIST_SYSCALL ? 4 : 7;
  if (n != 1 || *at < '1' || *at > '0' + (int)most)
    return expected(p, at, "expected a step from 1 to %u", most);
  *e = (struct element){.shape = SHAPE_STEP, .list = list, .step = (uint8_t)(*at - '0')};
  p->at += n;
  return true;
}

static bool trap_of(struct parser *p, struct element *e) {
  size_t n;
  const char *at = peek(p, &n);
  *e = (struct element){.shape = SHAPE_TRAP};
  if (!cause_add(&e->traps, at, n)) {
    char causes[160];
    return expected(
        p, at,
        "expected a trap (%s, ...), a verdict, resume, tlbw, device, syscall-step, tlb-step, protection-step "
        "or not",
        cause_nearest(at, n, causes, sizeof causes));
  }
  p->at += n;
  if (accept(p, "from") && !lane_of(p, &e->from)) return false;
  return !accept(p, "to") || lane_of(p, &e->to);
}

static bool shape_of(struct parser *p, struct element *e) {
  *e = (struct element){.shape = SHAPE_RESUME};
  if (accept(p, "resume")) return lane_of(p, &e->to);
  if (accept_event(p, "tlbw")) {
    size_t n;
    const char *at = peek(p, &n);
    e->shape = SHAPE_TLBW;
    return !word_is(at, n, "from") ||
           expected(p, at,
                    "`tlbw` is a write into the machine's TLB, by the host OS; the "
                    "instruction's trap is `tlbw-trap`");
  }
  e->shape = SHAPE_DEVICE;
  if (accept_event(p, "device")) return true;
  if (accept(p, "syscall-step")) return step_of(p, e, LIST_SYSCALL);
  if (accept(p, "tlb-step")) return step_of(p, e, LIST_TLB);
  if (accept(p, "protection-step")) return step_of(p, e, LIST_PROTECTION);
  return trap_of(p, e);
}

static bool event_element(struct parser *p, struct element *e) {
  size_t n;
  unsigned column = (unsigned)(peek(p, &n) - p->text) + 1;
  bool good = shape_of(p, e);
  e->column = column;
  return good;
}

/* The bit of the verdict that the next word names; 0 when it names none. */
static uint16_t verdict_bit(struct parser *p) {
  static const enum verdict all[] = {VERDICT_REFLECT, VERDICT_EMULATE, VERDICT_FILL, VERDICT_HOST,
                                     VERDICT_KILL,    VERDICT_OTHER,   VERDICT_WRONG};
  for (size_t i = 0; i < sizeof all / sizeof *all; i++)
    if (accept(p, recorder_verdict_name(all[i]))) return (uint16_t)(1u << all[i]);
  return accept(p, "hidden") ? 1u << HIDDEN_BIT : 0;
}

static bool add_verdict(struct parser *p, struct pattern *pattern, const char *at, uint16_t bit, bool not ) {
  struct element *e = pattern->n ? &pattern->element[pattern->n - 1] : NULL;
  if (!e || e->shape != SHAPE_TRAP || pattern->before[pattern->n].nots)
    return expected(p, at, "a verdict follows the trap that it is the verdict of");
  if (not )
    e->unwanted |= bit;
  else if (e->wanted)
    return expected(p, at, "the trap has one verdict");
  else
    e->wanted = bit;
  return true;
}

static bool add_not(struct parser *p, struct pattern *pattern, const char *at) {
  struct gap *gap = &pattern->before[pattern->n];
  if (pattern->n == 0) return expected(p, at, "nothing comes before this `not`");
  if (gap->nots == NOTS) return expected(p, at, "at most %d `not` between two elements", NOTS);
  return event_element(p, &gap->not [gap->nots++]);
}

static bool add_event(struct parser *p, struct pattern *pattern, const char *at) {
  if (pattern->n == PATTERN_ELEMENTS) return expected(p, at, "at most %d events", PATTERN_ELEMENTS);
  return event_element(p, &pattern->element[pattern->n]) && ++pattern->n;
}

/* Adds the text of an element, from `at` to the current place, to the text of the event that it is about. */
static void add_words(struct parser *p, struct pattern *pattern, const char *at) {
  char **words = &pattern->words[pattern->n - 1];
  size_t old = *words ? strlen(*words) : 0, n = (size_t)(p->at - at);
  char *longer = must(realloc(*words, old + n + 3));
  sprintf(longer + old, "%s%.*s", old ? ", " : "", (int)n, at);
  *words = longer;
}

static bool add_element(struct parser *p, struct pattern *pattern) {
  blanks(p);
  const char *at = p->at;
  bool not = accept(p, "not"), guard = false;
  uint16_t bit = verdict_bit(p);
  if (bit)
    add_verdict(p, pattern, at, bit, not );
  else if (not )
    guard = add_not(p, pattern, at);
  else
    add_event(p, pattern, at);
  if (!p->bad && !guard) add_words(p, pattern, at);
  return !p->bad;
}

static bool parse(struct parser *p, struct pattern *pattern) {
  if (!character(p, '[')) return expected(p, p->at, "expected '['");
  do
    if (!add_element(p, pattern)) return false;
  while (character(p, ','));
  if (!character(p, ']')) return expected(p, p->at, "expected ',' or ']'");
  blanks(p);
  if (*p->at) return expected(p, p->at, "expected nothing after the ']'");
  return true;
}

struct pattern *pattern_parse(const char *text, struct pattern_error *error) {
  struct pattern *pattern = must(calloc(1, sizeof *pattern));
  struct parser p = {.text = text, .at = text, .error = error};
  if (parse(&p, pattern)) return pattern;
  pattern_free(pattern);
  return NULL;
}

void pattern_free(struct pattern *p) {
  if (!p) return;
  for (size_t i = 0; i < PATTERN_ELEMENTS; i++) free(p->words[i]);
  free(p);
}

size_t pattern_events(const struct pattern *p) { return p->n; }
const char *pattern_element(const struct pattern *p, size_t i) { return p->words[i]; }
