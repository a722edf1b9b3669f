/* pattern.c - trace patterns: the words, the parser, and matching in one pass.
 *
 * A pattern becomes a list of events to find, each with the verdicts asked of it, and before each (and after
 * the last) the events that must not be in between. Matching keeps, for each k, the latest way of having
 * found the first k: where gaps are free any way does, and where a `not` watches a gap the shortest gap is
 * the best. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "isa/pg32.h"
#include "isa/platform.h"
#include "pattern.h"
#include "tools/trapeze/cause.h"

#define NOTS 8        /* in one gap */
#define ANY_DEPTH 255 /* the trace's */

struct place {  /* a lane, in words */
  enum who who; /* NOBODY: any */
  uint8_t depth;
};

enum shape { SHAPE_TRAP, SHAPE_RESUME, SHAPE_TLBW, SHAPE_DEVICE, SHAPE_STEP };

struct element {
  enum shape shape;
  struct cause_set traps; /* TRAP */
  struct place from, to;  /* RESUME: to */
  enum lecture_list list; /* STEP */
  uint8_t step;
  uint8_t wanted, unwanted; /* verdicts asked of a trap, a bit for each; see verdict_bit */
};

struct gap {
  struct element not [NOTS];
  unsigned nots;
};

struct pattern {
  char *text;
  struct element element[PATTERN_ELEMENTS];
  char *words[PATTERN_ELEMENTS]; /* the element's text */
  size_t n;
  struct gap before[PATTERN_ELEMENTS + 1]; /* before[n]: after the last */
};

/* ---- words ---- */

static bool word_is(const char *word, size_t n, const char *name) {
  return strlen(name) == n && memcmp(word, name, n) == 0;
}

static const char *const who_names[] = {"none", "app", "guest-os", "vmm", "host-os"};

enum who who_named(const char *word, size_t n) {
  for (unsigned w = WHO_APP; w <= WHO_HOST_OS; w++)
    if (word_is(word, n, who_names[w])) return (enum who)w;
  return WHO_NOBODY;
}

const char *who_name(enum who who) { return who_names[who]; }

bool role_is(const struct role *role, enum who who, unsigned depth) {
  switch (who) {
  case WHO_APP: return !role->kernel && role->depth == depth;
  case WHO_GUEST_OS: return role->kernel && role->depth == depth;
  case WHO_VMM: return role->vmm && role->depth + 1u == depth;
  case WHO_HOST_OS: return role->kernel && role->depth + 1u == depth;
  default: return false;
  }
}

const char *trap_word_exact(const char *word, size_t n) {
  struct cause_set set = {0};
  return cause_add(&set, word, n) ? cause_only(&set) : NULL;
}

static enum pg32_id event_insn(const struct event *e) {
  return e->trap.cause == CAUSE_PRIVILEGED ? pg32_decode(e->trap.badinst).id : PG32_ILLEGAL;
}

const char *trap_word(const struct event *e) { return cause_word(e->trap.cause, event_insn(e)); }

/* ---- events ---- */

static void take_trap(const struct record *rec, struct event *e) {
  e->trap.cause = rec->trap.cause, e->trap.badva = rec->trap.badva, e->trap.badinst = rec->trap.badinst;
  e->levels = rec->levels;
  for (unsigned l = 0; l <= rec->levels; l++) {
    e->verdict[l] = (uint8_t)rec->verdict[l];
    e->hidden |= (uint16_t)(rec->hidden_fill[l] << l);
    e->injected |= (uint16_t)(rec->injected[l] << l);
  }
}

static void take_particulars(const struct record *rec, struct event *e) {
  if (rec->kind == RECORD_TRAP) take_trap(rec, e);
  if (rec->kind == RECORD_TLBW)
    e->tlbw.slot = rec->tlbw.slot, e->tlbw.hi = rec->tlbw.hi, e->tlbw.lo = rec->tlbw.lo;
  if (rec->kind == RECORD_TLBI) e->tlbi.scope = rec->tlbi.scope, e->tlbi.hi = rec->tlbi.hi;
  if (rec->kind == RECORD_DEVICE)
    e->device.address = rec->device.address, e->device.value = rec->device.value,
    e->device.store = rec->device.store;
}

static void give_particulars(const struct event *e, struct record *rec) {
  if (e->kind == RECORD_TRAP)
    rec->trap =
        (struct record_trap){.cause = e->trap.cause, .badva = e->trap.badva, .badinst = e->trap.badinst};
  if (e->kind == RECORD_TLBW) rec->tlbw = (struct record_tlbw){e->tlbw.slot, e->tlbw.hi, e->tlbw.lo};
  if (e->kind == RECORD_TLBI) rec->tlbi = (struct record_tlbi){e->tlbi.scope, e->tlbi.hi};
  if (e->kind == RECORD_DEVICE)
    rec->device = (struct record_device){
        .address = e->device.address, .value = e->device.value, .store = e->device.store};
}

bool event_of(const struct record *rec, struct event *e) {
  if (rec->kind == RECORD_MARK || rec->kind == RECORD_END) return false;
  *e = (struct event){.event = rec->event,
                      .tick = rec->tick,
                      .retired = rec->retired,
                      .from = rec->from,
                      .to = rec->to,
                      .a7 = rec->a7,
                      .kind = (uint8_t)rec->kind};
  take_particulars(rec, e);
  e->steps = (uint8_t)rec->steps;
  for (unsigned i = 0; i < rec->steps; i++)
    e->step[i].list = (uint8_t)rec->step[i].list, e->step[i].step = rec->step[i].step,
    e->step[i].level = rec->step[i].level;
  return true;
}

struct record event_record(const struct event *e) {
  struct record rec = {.kind = (enum record_kind)e->kind,
                       .event = e->event,
                       .tick = e->tick,
                       .from = e->from,
                       .to = e->to,
                       .a7 = e->a7,
                       .levels = e->levels,
                       .steps = e->steps};
  give_particulars(e, &rec);
  for (unsigned l = 0; l <= e->levels; l++) {
    rec.verdict[l] = (enum verdict)e->verdict[l];
    rec.hidden_fill[l] = e->hidden >> l & 1;
    rec.injected[l] = e->injected >> l & 1;
  }
  for (unsigned i = 0; i < e->steps; i++)
    rec.step[i] = (struct list_step){
        .list = (enum lecture_list)e->step[i].list, .step = e->step[i].step, .level = e->step[i].level};
  return rec;
}

/* ---- parsing ---- */

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

/* The word at hand; *n = 0 when there is none. */
static const char *peek(struct parser *p, size_t *n) {
  static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_@";
  blanks(p);
  *n = strspn(p->at, letters);
  return p->at;
}

/* Events of that name: in any case, as a trap's words. */
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
        p, at, "expected a trap (%s, ...), a verdict, resume, tlbw, device, syscall-step, tlb-step or not",
        cause_nearest(at, n, causes, sizeof causes));
  }
  p->at += n;
  if (accept(p, "from") && !lane_of(p, &e->from)) return false;
  return !accept(p, "to") || lane_of(p, &e->to);
}

static bool event_element(struct parser *p, struct element *e) {
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
  return trap_of(p, e);
}

#define HIDDEN_BIT 7

/* The bit of the verdict that is the word at hand, or 0. */
static uint8_t verdict_bit(struct parser *p) {
  static const enum verdict all[] = {VERDICT_REFLECT, VERDICT_EMULATE, VERDICT_FILL, VERDICT_HOST,
                                     VERDICT_KILL};
  for (size_t i = 0; i < sizeof all / sizeof *all; i++)
    if (accept(p, recorder_verdict_name(all[i]))) return (uint8_t)(1u << all[i]);
  return accept(p, "hidden") ? 1u << HIDDEN_BIT : 0;
}
_Static_assert(VERDICT_OTHER < HIDDEN_BIT, "a bit for each verdict");

static bool add_verdict(struct parser *p, struct pattern *pattern, const char *at, uint8_t bit, bool not ) {
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

/* The text of an element, from `at` to here, goes to the event it is about. */
static void add_words(struct parser *p, struct pattern *pattern, const char *at) {
  char **words = &pattern->words[pattern->n - 1];
  size_t old = *words ? strlen(*words) : 0, n = (size_t)(p->at - at);
  char *longer = realloc(*words, old + n + 3);
  if (!longer) {
    expected(p, at, "out of memory");
    return;
  }
  sprintf(longer + old, "%s%.*s", old ? ", " : "", (int)n, at);
  *words = longer;
}

static bool add_element(struct parser *p, struct pattern *pattern) {
  blanks(p);
  const char *at = p->at;
  bool not = accept(p, "not"), guard = false;
  uint8_t bit = verdict_bit(p);
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
  struct pattern *pattern = calloc(1, sizeof *pattern);
  struct parser p = {.text = text, .at = text, .error = error};
  if (pattern && parse(&p, pattern)) return pattern;
  if (!pattern) expected(&p, text, "out of memory");
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

/* ---- does an event match an element? ---- */

struct matcher {
  const struct pattern *p;
  const struct events *e;
  unsigned depth;
};

static bool lane_fits(const struct matcher *m, const struct place *place, uint32_t lane) {
  return place->who == WHO_NOBODY ||
         role_is(&m->e->role[lane], place->who, place->depth == ANY_DEPTH ? m->depth : place->depth);
}

/* The verdict of the level that `from` names, or of the trace's depth; of a lane further out, that lane's
 * own. */
static bool verdict_fits(const struct matcher *m, const struct element *el, const struct event *e) {
  unsigned level = el->from.depth != ANY_DEPTH && el->from.who != WHO_NOBODY ? el->from.depth : m->depth;
  if (!el->wanted && !el->unwanted) return true;
  if (level > e->levels) level = e->levels;
  uint8_t has = (uint8_t)(1u << e->verdict[level] | (e->hidden >> level & 1) << HIDDEN_BIT);
  return (!el->wanted || has & el->wanted) && !(has & el->unwanted);
}

static bool is_step(const struct matcher *m, const struct element *el, const struct event *e) {
  for (unsigned i = 0; i < e->steps; i++)
    if (e->step[i].list == el->list && e->step[i].step == el->step && e->step[i].level == m->depth)
      return true;
  return false;
}

static bool is_trap(const struct matcher *m, const struct element *el, const struct event *e) {
  return e->kind == RECORD_TRAP && cause_has(&el->traps, e->trap.cause, event_insn(e)) &&
         lane_fits(m, &el->from, e->from) && lane_fits(m, &el->to, e->to) && verdict_fits(m, el, e);
}

static bool fits(const struct matcher *m, const struct element *el, const struct event *e) {
  switch (el->shape) {
  case SHAPE_TRAP: return is_trap(m, el, e);
  case SHAPE_RESUME: return e->kind == RECORD_RESUME && lane_fits(m, &el->to, e->to);
  case SHAPE_TLBW: return e->kind == RECORD_TLBW;
  case SHAPE_DEVICE: return e->kind == RECORD_DEVICE;
  case SHAPE_STEP: return is_step(m, el, e);
  }
  return false;
}

static bool forbidden(const struct matcher *m, const struct gap *gap, const struct event *e) {
  for (unsigned i = 0; i < gap->nots; i++)
    if (fits(m, &gap->not [i], e)) return true;
  return false;
}

/* ---- one pass ---- */

struct pass {
  struct matcher m;
  struct match way[PATTERN_ELEMENTS + 1]; /* way[k]: the latest with the first k found; n = k, or 0 = none */
  struct matches *found;
  uint64_t want;
};

/* The longest is kept; of those as long, the first, but one that a `not` has stopped says more. */
static void note_longest(struct pass *s, const struct match *way, bool stopped, size_t stopper) {
  struct matches *f = s->found;
  if (way->n < f->longest.n || (way->n == f->longest.n && (!stopped || f->stopped))) return;
  f->longest = *way;
  f->stopped = stopped;
  f->stopper = stopper;
}

static void extend(struct pass *s, size_t k, size_t event) {
  s->way[k + 1] = s->way[k];
  s->way[k + 1].at[k] = event;
  s->way[k + 1].n = k + 1;
}

static void complete(struct pass *s) {
  struct matches *f = s->found;
  if (++f->count == s->want) f->wanted = s->way[s->m.p->n];
  for (size_t k = 1; k <= s->m.p->n; k++) s->way[k].n = 0;
  f->longest.n = 0;
  f->stopped = false;
}

/* Event number `event` of the trace, for the way with k found: forward, or stopped. From the longest way to
 * the shortest, so that each is asked as it was before this event. */
static void advance(struct pass *s, size_t k, size_t event, bool *fresh) {
  const struct pattern *p = s->m.p;
  const struct event *e = &s->m.e->event[event];
  if (k > 0 && s->way[k].n == 0) return;
  if (k < p->n && fits(&s->m, &p->element[k], e)) {
    extend(s, k, event);
    fresh[k + 1] = true;
  }
  if (k == 0 || !forbidden(&s->m, &p->before[k], e)) return;
  note_longest(s, &s->way[k], true, event);
  s->way[k].n = 0;
}

/* A step may be the very event before it. */
static void same_event(struct pass *s, size_t event, bool *fresh) {
  const struct pattern *p = s->m.p;
  for (size_t k = 1; k < p->n; k++)
    if (fresh[k] && s->way[k].n && p->element[k].shape == SHAPE_STEP &&
        fits(&s->m, &p->element[k], &s->m.e->event[event])) {
      extend(s, k, event);
      fresh[k + 1] = true;
    }
}

static void take(struct pass *s, size_t event) {
  const struct pattern *p = s->m.p;
  bool fresh[PATTERN_ELEMENTS + 2] = {false}, whole = p->before[p->n].nots == 0;
  for (size_t k = p->n + 1; k-- > 0;) advance(s, k, event, fresh);
  same_event(s, event, fresh);
  for (size_t k = 1; k < p->n + !whole; k++)
    if (fresh[k]) note_longest(s, &s->way[k], false, 0);
  if (whole && fresh[p->n]) complete(s);
}

struct matches pattern_match(const struct pattern *p, const struct events *e, unsigned depth, uint64_t want) {
  struct matches found = {0};
  struct pass s = {.m = {p, e, depth}, .found = &found, .want = want};
  for (size_t i = 0; i < e->n; i++) take(&s, i);
  if (p->before[p->n].nots && s.way[p->n].n) complete(&s);
  return found;
}
