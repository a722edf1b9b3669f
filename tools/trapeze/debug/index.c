/* index.c - the events of the run so far, as short notes that can be searched quickly (notes.h).
 *
 * The timeline keeps whole records, but only of the last events, and going through all of them for each search would
 * be slow. The notes are ordered by event number, and their positions never fall. */
#include <stdlib.h>
#include <string.h>

#include "crash.h"

#define EXTEND 5000000       /* steps by which the run is extended at a time, in pieces, ... */
#define EXTEND_EVENTS 200000 /* ... unless there are so many events */

/* Bytes of notes that are packed: a quarter of what the timeline has by default, all in all. */
#ifdef MODE_TINY
#define NOTES_MOST 2000
#else
#define NOTES_MOST ((size_t)64 << 20)
#endif

#define TOLD_OFTEN 65536 /* events after which it is shown how far the run is */

/* ---- filling ---- */

static void take_lanes(struct debug *d) {
  uint32_t n = timeline_lanes(d->t);
  if (n <= d->nlanes) return;
  d->lanes = must(realloc(d->lanes, n * sizeof *d->lanes));
  for (; d->nlanes < n; d->nlanes++) {
    d->lanes[d->nlanes] = *timeline_lane(d->t, d->nlanes);
    if (d->lanes[d->nlanes].depth > d->deepest) d->deepest = d->lanes[d->nlanes].depth;
  }
}

static void take_steps(const struct record *rec, struct note_step *step) {
  for (unsigned i = 0; i < rec->steps; i++) {
    const struct list_step *s = &rec->step[i];
    step[i] = (struct note_step){s->list_event, s->step, s->level, s->list};
  }
}

/* The cause of a trap, and the operands of TLB instructions, so that mmu.c can rebuild TLBs from
 * notes alone. */
static void take_operands(struct note *n, const struct record *rec) {
  if (rec->kind == RECORD_TLBW) n->slot = (uint8_t)rec->tlbw.slot, n->hi = rec->tlbw.hi, n->lo = rec->tlbw.lo;
  if (rec->kind == RECORD_TLBI) n->hi = rec->tlbi.hi, n->lo = rec->tlbi.scope;
  if (rec->kind != RECORD_TRAP) return;
  n->cause = (uint8_t)rec->trap.cause;
  if (rec->trap.cause == CAUSE_SYSCALL) n->hi = rec->a7;
  if (rec->trap.cause != CAUSE_PRIVILEGED) return;
  struct pg32_insn insn = pg32_decode(rec->trap.badinst);
  n->insn = (uint8_t)insn.id;
  n->hi = rec->trap.rs1;
  n->lo = insn.id == PG32_tlbi ? (uint32_t)insn.imm : rec->trap.rs2;
}

static void note_of(const struct record *rec, struct note *n, struct note_step *step) {
  *n = (struct note){.position = rec->position,
                     .resumes = rec->kind == RECORD_RESUME ? rec->resumes : 0,
                     .from = rec->from,
                     .to = rec->to,
                     .kind = (uint8_t)rec->kind,
                     .insn = PG32_ILLEGAL,
                     .verdict = (uint8_t)rec->verdict[0],
                     .steps = (uint8_t)rec->steps};
  take_operands(n, rec);
  take_steps(rec, step);
}

static void add(struct debug *d, const struct record *rec) {
  struct note note;
  struct note_step step[RECORD_STEPS];
  note_of(rec, &note, step);
  notes_add(d->notes, &note, step);
}

/* What the timeline tells. A note that was taken while the record waited is taken anew. */
static void take(void *arg, const struct record *rec) {
  struct debug *d = arg;
  notes_cut(d->notes, rec->event - 1);
  add(d, rec);
  d->told = rec->event;
  if (rec->event % TOLD_OFTEN == 0 && d->progress) d->progress(d, rec->position, false);
}

static bool make_again(void *arg, uint64_t event, struct note *note, struct note_step step[RECORD_STEPS]) {
  struct debug *d = arg;
  const struct record *rec = timeline_event(d->t, event);
  if (rec) note_of(rec, note, step);
  return rec;
}

struct timeline_config index_config(struct debug *d) {
  d->notes = notes_new(NOTES_MOST, make_again, d);
  return (struct timeline_config){.engine = d->options.engine, .tell = take, .tell_arg = d};
}

/* The last events may still wait for verdicts, and with them for steps of lists. They are noted as they are, and
 * anew each time. */
void index_update(struct debug *d) {
  take_lanes(d);
  if (d->indexed_to == timeline_latest(d->t)) return;
  d->indexed_to = UINT64_MAX; /* in case Ctrl-C interrupts the update */
  notes_cut(d->notes, d->told);
  while (index_events(d) < timeline_events(d->t)) {
    const struct record *rec = timeline_event(d->t, index_events(d) + 1);
    if (!rec) return;
    add(d, rec);
  }
  timeline_reserve(d->t, notes_bytes(d->notes));
  d->indexed_to = timeline_latest(d->t);
}

/* The verdicts of the last events may have been given in the future that is no more. */
void index_forget(struct debug *d) {
  const uint64_t n = timeline_events(d->t), sure = n > RECORDER_WAITING ? n - RECORDER_WAITING : 0;
  if (d->told > sure) d->told = sure;
  d->ended = d->idle = d->cut_off = false;
  d->at_list_stop = 0;
  d->indexed_to = UINT64_MAX;
  index_update(d);
  crash_forget(d);
}

/* Runs INDEX_PIECE steps further. Waits for time to pass are skipped; a wait for input stops the run. */
static enum timeline_stop run_on(struct debug *d, struct waits *waits) {
  const uint64_t target = timeline_latest(d->t) + INDEX_PIECE;
  enum timeline_stop stop;
  for (uint64_t ticks; (stop = timeline_go(d->t, target)) == TIMELINE_IDLE;) {
    ticks = timeline_idle_ticks(d->t);
    if (waits_for_input(waits, ticks, timeline_latest(d->t)) || !timeline_idle(d->t, ticks)) break;
  }
  return stop;
}

bool index_extend(struct debug *d) {
  if (d->ended || d->idle) return false;
  uint64_t here = timeline_position(d->t);
  const uint64_t end = timeline_latest(d->t) + EXTEND, enough = index_events(d) + EXTEND_EVENTS;
  struct waits waits = {.steps = timeline_latest(d->t)}; /* a row of waits is longer than a piece */
  enum timeline_stop stop;
  do {
    stop = run_on(d, &waits);
    index_update(d);
  } while (stop == TIMELINE_THERE && timeline_latest(d->t) < end && index_events(d) < enough &&
           !model_interrupted());
  d->stopped = model_broken_off(d, stop);
  d->ended = stop == TIMELINE_END;
  d->cut_off = d->ended && timeline_cut_off(d->t);
  d->idle = stop == TIMELINE_IDLE;
  model_return(d, here);
  d->stopped |= model_interrupted();
  if (d->progress) d->progress(d, timeline_latest(d->t), true);
  return !d->stopped && (stop == TIMELINE_THERE || stop == TIMELINE_END || stop == TIMELINE_IDLE);
}

/* ---- looking ---- */

uint64_t index_events(const struct debug *d) { return notes_count(d->notes); }

struct note index_note(const struct debug *d, uint64_t event) {
  return notes_get(d->notes, event, NULL);
}

uint64_t index_before(const struct debug *d, uint64_t position) { return notes_before(d->notes, position); }

uint64_t index_last(const struct debug *d, uint64_t event, uint32_t kinds) {
  return notes_last(d->notes, event, &(struct note_wanted){kinds, NOTES_ANY, NOTES_ANY, false});
}

uint64_t index_last_trap(const struct debug *d, uint64_t event, uint32_t lane) {
  return notes_last(d->notes, event, &(struct note_wanted){1 << RECORD_TRAP, lane, NOTES_ANY, false});
}

uint64_t index_last_resume(const struct debug *d, uint64_t event, uint32_t lane) {
  return notes_last(d->notes, event, &(struct note_wanted){1 << RECORD_RESUME, NOTES_ANY, lane, false});
}

uint64_t index_first_resume(const struct debug *d, uint64_t event, uint32_t lane) {
  return notes_first(d->notes, event, &(struct note_wanted){1 << RECORD_RESUME, NOTES_ANY, lane, false});
}

/* ---- steps of lists: a stop's number is made of the event's and the step's in that event ---- */

static const struct note_wanted any_step = {UINT32_MAX, NOTES_ANY, NOTES_ANY, true};

/* One record can be two steps of a list: for example, a guest's tlbw is both "tries to load an entry" and
 * "trap to the host OS". The session shows the first step just before the event, and the last step just after
 * the event. */
struct list_stop index_stop(const struct debug *d, uint64_t stop) {
  struct note_step step[RECORD_STEPS];
  const uint64_t event = stop / RECORD_STEPS;
  const struct note n = notes_get(d->notes, event, step);
  const unsigned i = stop % RECORD_STEPS;
  bool first = false;
  if (n.kind == NO_NOTE || i >= n.steps) return (struct list_stop){0};
  for (unsigned j = i + 1; j < n.steps; j++) first |= step[j].list_event == step[i].list_event;
  return (struct list_stop){.position = n.position + !first,
                            .event = event,
                            .list_event = step[i].list_event,
                            .step = step[i].step,
                            .level = step[i].level,
                            .index = (uint8_t)i,
                            .list = (enum lecture_list)step[i].list};
}

/* The first stop whose event is `event` or later; the last whose event is `event` or earlier. */
static uint64_t stop_from(const struct debug *d, uint64_t event) {
  return notes_first(d->notes, event ? event : 1, &any_step) * RECORD_STEPS;
}
static uint64_t stop_until(const struct debug *d, uint64_t event) {
  const uint64_t found = notes_last(d->notes, event, &any_step);
  return found ? found * RECORD_STEPS + index_note(d, found).steps - 1 : 0;
}

uint64_t index_stop_after(const struct debug *d, uint64_t stop) {
  const uint64_t event = stop / RECORD_STEPS;
  return stop % RECORD_STEPS + 1 < index_note(d, event).steps ? stop + 1 : stop_from(d, event + 1);
}

uint64_t index_stop_before(const struct debug *d, uint64_t stop) {
  return stop % RECORD_STEPS ? stop - 1 : stop_until(d, stop / RECORD_STEPS - 1);
}

/* Several stops may share a position; `at` (0 = none) tells at which of them the session stands. */
uint64_t index_list_after(struct debug *d, uint64_t position, uint64_t at, uint64_t list) {
  uint64_t i = stop_from(d, index_before(d, position ? position - 1 : 0));
  for (; i; i = index_stop_after(d, i)) {
    const struct list_stop s = index_stop(d, i);
    const bool later = s.position > position || (s.position == position && at && i > at);
    if (later && (!list || s.list_event == list)) return i;
  }
  return 0;
}

uint64_t index_list_before(struct debug *d, uint64_t position, uint64_t at, uint64_t list) {
  for (uint64_t i = stop_until(d, index_before(d, position + 1)); i; i = index_stop_before(d, i)) {
    const struct list_stop s = index_stop(d, i);
    const bool earlier = s.position < position || (s.position == position && at && i < at);
    if (earlier && (!list || s.list_event == list)) return i;
  }
  return 0;
}
