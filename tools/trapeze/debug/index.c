/* index.c - the events of the run so far, as short notes that can be searched quickly.
 *
 * The timeline keeps whole records, and going through all of them for each search would be slow. The notes
 * are ordered by event number, and their positions never fall. */
#include <stdlib.h>
#include <string.h>

#include "crash.h"

#define EXTEND 5000000       /* steps by which the run is extended at a time, in pieces, ... */
#define EXTEND_EVENTS 200000 /* ... unless there are so many events */
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

/* One record can be two steps of a list: for example, a guest's tlbw is both "tries to load an entry" and
 * "trap to the host OS". The session shows the first step just before the event, and the last step just after
 * the event. */
static void take_steps(struct debug *d, const struct record *rec, uint64_t position) {
  for (unsigned i = 0; i < rec->steps; i++) {
    const struct list_step *s = &rec->step[i];
    bool first = false;
    for (unsigned j = i + 1; j < rec->steps; j++) first |= rec->step[j].list_event == s->list_event;
    if (d->nlists == d->list_room) {
      d->list_room = d->list_room ? 2 * d->list_room : 1024;
      d->lists = must(realloc(d->lists, d->list_room * sizeof *d->lists));
    }
    d->lists[d->nlists++] = (struct list_stop){.position = position + !first,
                                               .event = rec->event,
                                               .list_event = s->list_event,
                                               .step = s->step,
                                               .level = s->level,
                                               .index = (uint8_t)i,
                                               .list = s->list};
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

static void take(struct debug *d, const struct record *rec, uint64_t position) {
  if (d->nnotes == d->note_room) {
    d->note_room = d->note_room ? 2 * d->note_room : 4096;
    d->notes = must(realloc(d->notes, d->note_room * sizeof *d->notes));
  }
  struct note *n = &d->notes[d->nnotes++];
  *n = (struct note){.position = position,
                     .resumes = rec->kind == RECORD_RESUME ? rec->resumes : 0,
                     .from = rec->from,
                     .to = rec->to,
                     .kind = (uint8_t)rec->kind,
                     .insn = PG32_ILLEGAL,
                     .verdict = (uint8_t)rec->verdict[0]};
  take_operands(n, rec);
  take_steps(d, rec, position);
}

/* The last traps may have had no verdict yet when their notes were taken. Such a trap and all later events
 * are noted again: by now there may be a verdict, and with it steps of lists. */
static void drop_unsettled(struct debug *d) {
  uint64_t n = d->nnotes > RECORDER_WAITING ? d->nnotes - RECORDER_WAITING : 0;
  while (n < d->nnotes && !(d->notes[n].kind == RECORD_TRAP && d->notes[n].verdict == VERDICT_NONE)) n++;
  d->nnotes = n;
  while (d->nlists && d->lists[d->nlists - 1].event > n) d->nlists--;
}

void index_update(struct debug *d) {
  take_lanes(d);
  uint64_t n = timeline_events(d->t);
  if (d->indexed_to == timeline_latest(d->t)) return;
  d->indexed_to = UINT64_MAX; /* in case Ctrl-C interrupts the update */
  drop_unsettled(d);
  while (d->nnotes < n) {
    const struct record *rec = timeline_event(d->t, d->nnotes + 1);
    if (!rec) return;
    take(d, rec, timeline_event_position(d->t, rec->event));
  }
  d->indexed_to = timeline_latest(d->t);
}

void index_forget(struct debug *d) {
  uint64_t n = timeline_events(d->t);
  if (d->nnotes > n) d->nnotes = n;
  while (d->nlists && d->lists[d->nlists - 1].event > n) d->nlists--;
  d->ended = d->idle = d->cut_off = false;
  d->at_list_stop = 0;
  d->indexed_to = timeline_latest(d->t);
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
  const uint64_t end = timeline_latest(d->t) + EXTEND, enough = d->nnotes + EXTEND_EVENTS;
  struct waits waits = {.steps = timeline_latest(d->t)}; /* a row of waits is longer than a piece */
  enum timeline_stop stop;
  do {
    stop = run_on(d, &waits);
    index_update(d);
  } while (stop == TIMELINE_THERE && timeline_latest(d->t) < end && d->nnotes < enough &&
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

const struct note *index_note(const struct debug *d, uint64_t event) {
  return event >= 1 && event <= d->nnotes ? &d->notes[event - 1] : NULL;
}

uint64_t index_before(const struct debug *d, uint64_t position) {
  uint64_t low = 0, high = d->nnotes;
  while (low < high) {
    uint64_t middle = (low + high + 1) / 2;
    if (d->notes[middle - 1].position < position)
      low = middle;
    else
      high = middle - 1;
  }
  return low;
}

/* Is stop `i` after (position, at)? Several stops may share a position; `at` (1 + an index; 0 = none) tells
 * at which of them the session stands. */
static bool later(const struct debug *d, size_t i, uint64_t position, size_t at) {
  uint64_t p = d->lists[i].position;
  return p > position || (p == position && at && i + 1 > at);
}

static bool earlier(const struct debug *d, size_t i, uint64_t position, size_t at) {
  uint64_t p = d->lists[i].position;
  return p < position || (p == position && at && i + 1 < at);
}

static bool belongs(const struct debug *d, size_t i, uint64_t list) {
  return !list || d->lists[i].list_event == list;
}

/* The index of the first stop whose event is `event` or later: where a search begins. */
static size_t first_stop(const struct debug *d, uint64_t event) {
  size_t low = 0, high = d->nlists;
  while (low < high) {
    size_t middle = (low + high) / 2;
    if (d->lists[middle].event < event)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

size_t index_list_after(struct debug *d, uint64_t position, size_t at, uint64_t list) {
  size_t i = first_stop(d, index_before(d, position ? position - 1 : 0));
  for (; i < d->nlists; i++)
    if (belongs(d, i, list) && later(d, i, position, at)) return i + 1;
  return 0;
}

size_t index_list_before(struct debug *d, uint64_t position, size_t at, uint64_t list) {
  for (size_t i = first_stop(d, index_before(d, position + 1) + 1); i-- > 0;)
    if (belongs(d, i, list) && earlier(d, i, position, at)) return i + 1;
  return 0;
}
