/* model.c - the session: a timeline with a place in it, and every way of moving there. Knows no terminal. */
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "debug.h"

#define RECORD_FIRST 60000000 /* steps recorded at most before the reader sees the first of them */
#define END_LIMIT 200000000   /* steps that `goto end` runs on at most */
#define MEMORY_WORDS 64
#define LIST_STOPS 1000  /* steps within which a list ends, those of others included */
#define PROGRESS 1000000 /* conditions asked between two reports */

static struct timeline *volatile interruptible; /* while a command is at work */
static volatile sig_atomic_t was_interrupted;   /* that command */

void model_interrupt(void) {
  struct timeline *t = interruptible;
  if (t) was_interrupted = 1, timeline_interrupt(t);
}

bool model_interrupted(void) { return was_interrupted; }

/* Ctrl-C is for the command at work: not for what is drawn after it, nor for the next one. */
void model_interruptible(struct debug *d, bool at_work) {
  interruptible = NULL;
  timeline_go(d->t, timeline_position(d->t)); /* takes note of what came too late */
  if (!at_work) return;
  was_interrupted = 0;
  interruptible = d->t;
}

/* Ctrl-C may come on the way; each does so once. */
void model_return(struct debug *d, uint64_t position) {
  for (int i = 0; i < 8 && timeline_go(d->t, position) == TIMELINE_STOPPED; i++) {
  }
}

bool say(struct debug *d, const char *format, ...) {
  va_list ap;
  va_start(ap, format);
  vsnprintf(d->said, sizeof d->said, format, ap);
  va_end(ap);
  return true;
}

bool fail(struct debug *d, const char *format, ...) {
  va_list ap;
  va_start(ap, format);
  vsnprintf(d->said, sizeof d->said, format, ap);
  va_end(ap);
  return false;
}

/* ---- where we are ---- */

uint64_t model_position(const struct debug *d) { return timeline_position(d->t); }

const char *model_lane_name(const struct debug *d, uint32_t lane) {
  return lane < d->nlanes ? d->lanes[lane].name : "?";
}

/* The last trap or resume up to event n. */
static uint64_t transfer(const struct debug *d, uint64_t n) {
  while (n && d->notes[n - 1].kind != RECORD_TRAP && d->notes[n - 1].kind != RECORD_RESUME) n--;
  return n;
}

struct place model_place(struct debug *d) {
  struct place p = {.position = model_position(d), .lane = recorder_current(timeline_recorder(d->t))};
  machine_get_regs(d->m, &p.regs);
  p.who = *recorder_lane(timeline_recorder(d->t), p.lane);
  uint64_t last = index_before(d, p.position);
  const struct note *next = index_note(d, last + 1);
  p.before = next && next->position == p.position && transfer(d, last + 1) == last + 1;
  p.event = p.before ? last + 1 : transfer(d, last);
  p.since = p.event && !p.before ? p.position - d->notes[p.event - 1].position - 1 : 0;
  struct lane_vm vm;
  p.vstatus = recorder_lane_vm(timeline_recorder(d->t), p.lane, p.who.depth, &vm) ? vm.vstatus : ~(uint32_t)0;
  return p;
}

const struct list_step *model_list_at(struct debug *d) {
  if (!d->at_list_stop || d->at_list_stop > d->nlists) return NULL;
  const struct list_stop *s = &d->lists[d->at_list_stop - 1];
  const struct record *rec = timeline_event(d->t, s->event);
  return rec && s->index < rec->steps ? &rec->step[s->index] : NULL;
}

static void describe_past(const struct debug *d, uint64_t position, char *buf, size_t size) {
  uint64_t latest = timeline_latest(d->t);
  if (position < latest)
    snprintf(buf, size, "-%llu", (unsigned long long)(latest - position));
  else
    snprintf(buf, size, "%s", d->ended ? "the end" : d->idle ? "waits for input" : "now");
}

static const char *mode(uint32_t status) { return status & ST_U ? "user" : "kernel"; }

void model_status(struct debug *d, char *buf, size_t size) {
  struct place p = model_place(d);
  char event[48] = "reset", modes[48], past[48];
  const char *where = p.before ? "before" : p.since ? "after" : "at";
  if (p.event) snprintf(event, sizeof event, "%s #%llu", where, (unsigned long long)p.event);
  if (p.since)
    snprintf(event + strlen(event), sizeof event - strlen(event), "+%llu", (unsigned long long)p.since);
  if (p.vstatus == ~(uint32_t)0)
    snprintf(modes, sizeof modes, "real %s", mode(p.regs.status));
  else
    snprintf(modes, sizeof modes, "real %s virtual %s", mode(p.regs.status), mode(p.vstatus));
  describe_past(d, p.position, past, sizeof past);
  snprintf(buf, size, "%s  %s depth %u  %s  insn %llu  %s", event, p.who.name, p.who.depth, modes,
           (unsigned long long)machine_retired(d->m), past);
}

/* ---- moving ---- */

static void remember(struct debug *d) {
  machine_get_regs(d->m, &d->before);
  d->moved = true;
  if (!d->memory_before) d->memory_before = must(calloc(MEMORY_WORDS, sizeof *d->memory_before));
  for (uint32_t i = 0; i < MEMORY_WORDS; i++)
    memory_word(d, d->memory_physical, d->memory + 4 * i, &d->memory_before[i]);
  d->at_list_stop = 0;
  d->walk_set = false;
}

static bool arrived(struct debug *d, enum timeline_stop stop) {
  index_update(d);
  if (model_position(d) == timeline_latest(d->t)) {
    d->ended |= stop == TIMELINE_END;
    d->idle |= stop == TIMELINE_IDLE;
  }
  switch (stop) {
  case TIMELINE_START: return fail(d, "The run begins here: there is nothing earlier.");
  case TIMELINE_END: return fail(d, "The machine has stopped: there is nothing later.");
  case TIMELINE_IDLE: return fail(d, "The machine waits for input: `type TEXT` gives it some.");
  case TIMELINE_STOPPED: return fail(d, "Interrupted.");
  default: return true;
  }
}

bool model_go(struct debug *d, uint64_t position) {
  remember(d);
  return arrived(d, timeline_go(d->t, position));
}

bool model_step(struct debug *d, int64_t n) {
  uint64_t here = model_position(d);
  if (n < 0 && here == 0) return fail(d, "The run begins here: there is nothing earlier.");
  if (!model_go(d, n < 0 && (uint64_t)-n > here ? 0 : here + (uint64_t)n)) return false;
  return say(d, "Stepped %lld instruction%s%s.", (long long)(n < 0 ? -n : n), n == 1 || n == -1 ? "" : "s",
             n < 0 ? " back" : "");
}

static const char *event_words(struct debug *d, uint64_t event, char *buf, size_t size) {
  const struct note *n = index_note(d, event);
  const char *verdict = n->kind == RECORD_TRAP ? verdict_name(n->verdict) : "";
  snprintf(buf, size, "%s %s%s%s", n->kind == RECORD_TRAP ? pg32_cause_name(n->cause) : "resume of",
           n->kind == RECORD_TRAP ? "by " : "", model_lane_name(d, n->kind == RECORD_TRAP ? n->from : n->to),
           d->predict.on ? " (P: which lane, what verdict?)"
           : *verdict    ? ", verdict "
                         : "");
  if (!d->predict.on) strncat(buf, verdict, size - strlen(buf) - 1);
  return buf;
}

bool model_event(struct debug *d, uint64_t event) {
  char words[128];
  while (event > d->nnotes && index_extend(d)) {
  }
  const struct note *n = index_note(d, event);
  if (!n)
    return fail(d, "There is no event #%llu; the last is #%llu.", (unsigned long long)event,
                (unsigned long long)d->nnotes);
  if (!model_go(d, n->position)) return false;
  n = index_note(d, event); /* the notes may have moved */
  if (n->kind != RECORD_TRAP && n->kind != RECORD_RESUME)
    return say(d, "Before event #%llu.", (unsigned long long)event);
  return say(d, "Before #%llu: %s.", (unsigned long long)event, event_words(d, event, words, sizeof words));
}

bool model_trap(struct debug *d, int direction) {
  uint64_t here = model_position(d), n = direction > 0 ? index_before(d, here + 1) : index_before(d, here);
  for (;;) {
    n += direction > 0;
    if (n > d->nnotes && !index_extend(d)) return fail(d, "No trap comes after this one.");
    const struct note *note = index_note(d, n);
    if (!note && direction < 0) return fail(d, "No trap came before this one.");
    if (note && note->kind == RECORD_TRAP) return model_event(d, n);
    n -= !note || direction < 0;
  }
}

/* ---- the lecture's lists ---- */

static bool go_to_list_stop(struct debug *d, size_t stop) {
  struct list_stop s = d->lists[stop - 1];
  if (!model_go(d, s.position)) return false;
  d->at_list_stop = stop;
  d->list = s.list_event;
  const char *what = s.list == LIST_SYSCALL ? "System call" : "TLB fault";
  if (s.step)
    return say(d, "%s of %s, step %u of %u.", what, model_lane_name(d, d->notes[s.list_event - 1].from),
               s.step, s.list == LIST_SYSCALL ? 4 : 7);
  return say(d, "%s: its list is over, the guest OS returns to the instruction.", what);
}

bool model_list_step(struct debug *d, int direction) {
  size_t (*search)(struct debug *, uint64_t, size_t, uint64_t) =
      direction > 0 ? index_list_after : index_list_before;
  for (;;) {
    size_t i = d->at_list_stop ? search(d, model_position(d), d->at_list_stop, d->list) : 0;
    if (!i) i = search(d, model_position(d), d->at_list_stop, 0);
    if (i) return go_to_list_stop(d, i);
    if (direction < 0) return fail(d, "No step of the lecture's lists came before.");
    if (!index_extend(d)) return fail(d, "No step of the lecture's lists comes after.");
  }
}

/* Exit has no fourth step: of unfinished lists nothing is to be learned. */
static bool begins_list(const struct debug *d, size_t i) {
  const struct list_stop *s = &d->lists[i];
  if (s->step != 1 || s->event != s->list_event || s->level != d->deepest) return false;
  for (const struct list_stop *last = s; last < d->lists + d->nlists && last < s + LIST_STOPS; last++)
    if (last->list_event == s->event && last->step == (s->list == LIST_SYSCALL ? 4 : 7)) return true;
  return false;
}

/* The list that is followed is left: `direction` counts from where it began. */
bool model_list(struct debug *d, int direction) {
  uint64_t here = d->at_list_stop ? d->notes[d->list - 1].position + 1 : model_position(d);
  for (size_t i = 0; direction > 0; i++) {
    while (i >= d->nlists)
      if (!index_extend(d)) return fail(d, "No list of the lecture's begins after this.");
    if (d->lists[i].position > here && begins_list(d, i)) return go_to_list_stop(d, i + 1);
  }
  for (size_t i = d->nlists; i-- > 0;)
    if (d->lists[i].position < here && begins_list(d, i)) return go_to_list_stop(d, i + 1);
  return fail(d, "No list of the lecture's began before this.");
}

/* ---- by source line and function ---- */

struct frame {
  struct debug *d;
  uint32_t lane;
  struct pg32_lines_place at;
  int depth;
  bool armed;
  bool unwound;              /* the caller is known: */
  uint32_t sp, cfa, returns; /* sp here and in the caller; where it goes on */
};

static bool place_at(struct debug *d, uint32_t lane, uint32_t pc, struct pg32_lines_place *place) {
  struct image *i = image_of(d, lane);
  *place = (struct pg32_lines_place){0};
  return i && i->lines && pg32_lines_at(i->lines, pc, place);
}

static bool same_line(const struct pg32_lines_place *a, const struct pg32_lines_place *b) {
  return a->line == b->line && a->file && b->file && strcmp(a->file, b->file) == 0;
}

static struct frame frame_here(struct debug *d) {
  struct place p = model_place(d);
  struct frame f = {.d = d, .lane = p.lane, .sp = p.regs.x[2]};
  struct frame_regs r = {.pc = p.regs.pc, .status = p.regs.status};
  memcpy(r.x, p.regs.x, sizeof r.x);
  place_at(d, p.lane, p.regs.pc, &f.at);
  f.unwound = unwind(d, p.lane, &r, true);
  f.cfa = r.x[2];
  f.returns = r.pc;
  return f;
}

static bool run_until(struct debug *d, int direction,
                      bool (*holds)(void *, struct machine *, struct recorder *), void *arg) {
  struct timeline_condition c = {.holds = holds, .arg = arg};
  uint64_t here = model_position(d);
  remember(d);
  enum timeline_stop stop =
      direction > 0 ? timeline_forward(d->t, &c, UINT64_MAX) : timeline_backward(d->t, &c);
  if (stop == TIMELINE_HIT) return arrived(d, stop);
  arrived(d, stop);
  model_return(d, here);
  if (stop == TIMELINE_STOPPED) return false;
  return fail(d, "%s never comes there; you are where you were.", direction > 0 ? "The run" : "The way back");
}

static bool say_line(struct debug *d) {
  struct frame f = frame_here(d);
  if (f.at.file)
    return say(d, "%s, %s:%d", f.at.function ? f.at.function : "?", base_name(f.at.file), f.at.line);
  return say(d, "%s at 0x%08x: no source line is known.", model_lane_name(d, f.lane), model_place(d).regs.pc);
}

static bool word_at(struct machine *m, uint32_t pc, struct pg32_insn *insn) {
  struct machine_regs regs;
  bool ok;
  machine_get_regs(m, &regs);
  struct machine_space space = {(regs.status & ST_T) != 0, status_asid(regs.status)};
  *insn = pg32_decode(machine_peek_word(m, space, pc, &ok));
  return ok;
}

static bool is_call(struct pg32_insn i) { return (i.id == PG32_jal || i.id == PG32_jalr) && i.rd == 1; }
static bool is_return(struct pg32_insn i) { return i.id == PG32_jalr && i.rd == 0 && i.rs1 == 1; }

/* Where the caller is not known calls and returns of the lane are counted; the boundary after the return that
 * is one too many is where we stop. */
static bool returned(void *arg, struct machine *m, struct recorder *r) {
  struct frame *f = arg;
  struct machine_regs regs;
  struct pg32_insn insn;
  if (recorder_current(r) != f->lane) return false;
  if (f->armed) return true;
  machine_get_regs(m, &regs);
  if (f->unwound) return regs.pc == f->returns && regs.x[2] == f->cfa;
  if (!word_at(m, regs.pc, &insn)) return false;
  if (is_call(insn))
    f->depth++;
  else if (is_return(insn))
    f->armed = f->depth-- == 0;
  return false;
}

/* Going back: the call of the function that we are in. */
static bool calls_us(void *arg, struct machine *m, struct recorder *r) {
  struct frame *f = arg;
  struct machine_regs regs;
  struct pg32_insn insn;
  if (recorder_current(r) != f->lane) return false;
  machine_get_regs(m, &regs);
  if (f->unwound) return regs.pc == f->returns - 4 && regs.x[2] == f->cfa;
  if (!word_at(m, regs.pc, &insn) || !is_call(insn)) return false;
  uint32_t target =
      insn.id == PG32_jal ? regs.pc + (uint32_t)insn.imm : regs.x[insn.rs1] + (uint32_t)insn.imm;
  struct pg32_lines_place place;
  return place_at(f->d, f->lane, target, &place) && place.offset == 0 && place.function && f->at.function &&
         strcmp(place.function, f->at.function) == 0;
}

/* Ahead: calls are counted, so that what a call does is passed over; a return goes on in the caller. */
static bool other_line(void *arg, struct machine *m, struct recorder *r) {
  struct frame *f = arg;
  struct machine_regs regs;
  struct pg32_insn insn;
  struct pg32_lines_place here;
  if (recorder_current(r) != f->lane) return false;
  machine_get_regs(m, &regs);
  bool known = place_at(f->d, f->lane, regs.pc, &here) && here.file;
  if (f->depth == 0 && (known ? !same_line(&here, &f->at) : !f->at.file)) return true;
  if (!word_at(m, regs.pc, &insn)) return false;
  if (is_call(insn))
    f->depth++;
  else if (is_return(insn) && f->depth)
    f->depth--;
  return false;
}

/* Back: where another line of this function begins, or where we were called. */
static bool earlier_line(void *arg, struct machine *m, struct recorder *r) {
  struct frame *f = arg;
  struct machine_regs regs;
  struct pg32_lines_place here, before;
  if (recorder_current(r) != f->lane) return false;
  machine_get_regs(m, &regs);
  if (f->unwound && calls_us(arg, m, r)) return true;
  if (f->unwound && (f->at.offset == 0 || regs.x[2] < f->sp))
    return false; /* a call that we have made, or another */
  if (!place_at(f->d, f->lane, regs.pc, &here) || !here.file) return !f->at.file;
  if (!here.function || !f->at.function || strcmp(here.function, f->at.function) != 0)
    return !f->unwound && calls_us(arg, m, r);
  return !same_line(&here, &f->at) &&
         (here.offset == 0 || !place_at(f->d, f->lane, regs.pc - 4, &before) || !same_line(&here, &before));
}

bool model_line(struct debug *d, int direction) {
  struct frame f = frame_here(d);
  struct pg32_insn insn;
  if (word_at(d->m, model_place(d).regs.pc, &insn)) f.depth = is_call(insn);
  return run_until(d, direction, direction > 0 ? other_line : earlier_line, &f) && say_line(d);
}

static bool finish_function(struct debug *d, int direction) {
  struct frame f = frame_here(d);
  struct pg32_insn insn;
  struct place p = model_place(d);
  if (direction < 0) return run_until(d, -1, calls_us, &f) && say_line(d);
  if (word_at(d->m, p.regs.pc, &insn)) { /* the condition is asked only from the next boundary on */
    f.depth = is_call(insn);
    f.armed = is_return(insn);
  }
  return run_until(d, 1, returned, &f) && say_line(d);
}

/* The resume after which the instruction that trapped runs on; 0 = none in what was recorded. */
static uint64_t resume_of(const struct debug *d, uint64_t trap) {
  const struct note *t = index_note(d, trap), *n;
  for (uint64_t e = trap + 1; (n = index_note(d, e)); e++) {
    if (n->kind != RECORD_RESUME) continue;
    if (n->resumes == trap || (t->verdict != VERDICT_REFLECT && n->to == t->from)) return e;
  }
  return 0;
}

/* The trap that `finish` is about: the one whose list is followed, or the one at hand; 0 = none. */
static uint64_t trap_at_hand(struct debug *d) {
  struct place p = model_place(d);
  const struct note *n = index_note(d, p.event);
  if (d->at_list_stop) return d->list;
  return n && n->kind == RECORD_TRAP && p.since == 0 ? p.event : 0;
}

static bool finish_trap(struct debug *d, uint64_t trap) {
  uint64_t end;
  while (!(end = resume_of(d, trap)) && index_extend(d)) {
  }
  if (!end) return fail(d, "What trapped at #%llu never runs on.", (unsigned long long)trap);
  if (d->notes[end - 1].position < model_position(d))
    return fail(d, "What trapped at #%llu runs on already.", (unsigned long long)trap);
  if (!model_go(d, d->notes[end - 1].position + 1)) return false;
  return say(d, "#%llu resumed %s: what trapped at #%llu runs on.", (unsigned long long)end,
             model_lane_name(d, d->notes[end - 1].to), (unsigned long long)trap);
}

bool model_finish(struct debug *d, int direction) {
  uint64_t trap = trap_at_hand(d);
  struct place p = model_place(d);
  const struct note *n = index_note(d, p.event);
  if (direction > 0) return trap ? finish_trap(d, trap) : finish_function(d, 1);
  if (n && n->kind == RECORD_RESUME && !p.since && n->resumes) return model_event(d, n->resumes);
  if (trap && d->notes[trap - 1].position < p.position) return model_event(d, trap);
  return finish_function(d, -1);
}

/* ---- running on ---- */

struct search {
  struct debug *d;
  struct stop *hit;
  bool counts; /* ahead: `ignore` */
  unsigned asked;
};

static bool state_stop(void *arg, struct machine *m, struct recorder *r) {
  struct search *s = arg;
  (void)r;
  if (++s->asked % PROGRESS == 0 && s->d->progress) s->d->progress(s->d, machine_steps(m), false);
  for (unsigned i = 0; i < s->d->nstops; i++) {
    struct stop *b = &s->d->stop[i];
    if (b->disabled || b->kind == STOP_TRAP || !stop_on_state(s->d, b)) continue;
    if (s->counts && ++b->hits <= b->ignore) continue;
    s->hit = b;
    return true;
  }
  return false;
}

static struct stop *trap_stop(struct debug *d, uint64_t event) {
  for (unsigned i = 0; i < d->nstops; i++)
    if (!d->stop[i].disabled && d->stop[i].kind == STOP_TRAP && stop_on_trap(d, &d->stop[i], event))
      return &d->stop[i];
  return NULL;
}

/* The first event from *n on, that way, at which a trap breakpoint stops, among those that are known; 0 =
 * none. */
static uint64_t find_trap_stop(struct debug *d, int direction, uint64_t *n, struct stop **hit) {
  const struct note *note;
  uint64_t here = model_position(d), found = 0;
  for (; !found && !(d->stopped |= model_interrupted()) && (note = index_note(d, *n));
       *n += direction > 0 ? 1 : -1) {
    if (note->kind != RECORD_TRAP || !(*hit = trap_stop(d, *n))) continue;
    if (direction < 0 || ++(*hit)->hits > (*hit)->ignore) found = *n;
  }
  model_return(d, here); /* a condition on a register had to go and look */
  return found;
}

static bool any_stop(const struct debug *d, bool trap) {
  for (unsigned i = 0; i < d->nstops; i++)
    if (!d->stop[i].disabled && (d->stop[i].kind == STOP_TRAP) == trap) return true;
  return false;
}

static void arm_watches(struct debug *d) {
  for (unsigned i = 0; i < d->nstops; i++) {
    struct stop *s = &d->stop[i];
    if (s->kind != STOP_WATCH) continue;
    struct machine_regs regs;
    machine_get_regs(d->m, &regs);
    if (s->watching == WATCH_REGISTER)
      s->old = s->reg == 32 ? regs.pc : regs.x[s->reg];
    else
      memory_word(d, true, s->address, &s->old);
  }
}

static bool say_hit(struct debug *d, const struct stop *s) {
  struct machine_regs regs;
  machine_get_regs(d->m, &regs);
  uint32_t now = 0;
  if (s->kind == STOP_CODE)
    return say(d, "Breakpoint %u (%s): %s is at 0x%08x.", s->number, s->text,
               model_lane_name(d, recorder_current(timeline_recorder(d->t))), regs.pc);
  if (s->watching == WATCH_REGISTER)
    now = s->reg == 32 ? regs.pc : regs.x[s->reg];
  else
    memory_word(d, true, s->address, &now);
  return say(d, "Watchpoint %u (%s): here 0x%08x, was 0x%08x.", s->number, s->text, now, s->old);
}

static bool continue_to_trap(struct debug *d, uint64_t event, const struct stop *s) {
  char words[128];
  if (!arrived(d, timeline_go(d->t, d->notes[event - 1].position))) return false;
  return say(d, "Breakpoint %u (%s): before #%llu, %s.", s->number, s->text, (unsigned long long)event,
             event_words(d, event, words, sizeof words));
}

/* Looks for a breakpoint on a state from here to `limit`. True: there is nothing left to do, *ok is the
 * answer. */
static bool continue_to_state(struct debug *d, int direction, uint64_t limit, bool *ok) {
  struct search search = {.d = d, .counts = direction > 0};
  struct timeline_condition c = {.holds = state_stop, .arg = &search};
  uint64_t here = model_position(d);
  enum timeline_stop stop = direction > 0 ? timeline_forward(d->t, &c, limit) : timeline_backward(d->t, &c);
  if (stop == TIMELINE_STOPPED) return *ok = arrived(d, stop), true;
  if (stop == TIMELINE_HIT && search.hit && (direction > 0 || model_position(d) >= limit))
    return *ok = arrived(d, stop) && say_hit(d, search.hit), true;
  if (direction < 0) model_return(d, here);
  return false;
}

/* Came to the end instead of a breakpoint; when one had been set, that is a failure. */
static bool end_unstopped(struct debug *d) {
  bool wanted = any_stop(d, true) || any_stop(d, false);
  if (d->stopped || !wanted) return true;
  return fail(d, "No breakpoint stopped the run: %s",
              d->idle ? "it waits for input." : "this is how far it goes.");
}

static bool at_latest(struct debug *d) {
  model_return(d, timeline_latest(d->t));
  return say(d, "%s",
             d->stopped ? "Interrupted."
             : d->idle  ? "The machine waits for input here."
             : d->ended ? "The end of the run."
                        : "The latest position so far; again runs further.");
}

/* The search for traps was ahead of where we have stopped: its hits are counted anew, up to here. */
static void recount(struct debug *d, uint64_t first, const uint32_t *hits) {
  struct stop *s;
  uint64_t here = model_position(d);
  for (unsigned i = 0; i < d->nstops; i++)
    if (d->stop[i].kind == STOP_TRAP) d->stop[i].hits = hits[i];
  for (const struct note *n; (n = index_note(d, first)) && n->position < here; first++)
    if (n->kind == RECORD_TRAP && (s = trap_stop(d, first))) s->hits++;
  model_return(d, here);
}

/* What is known of the run is searched first; then it is run on a little, and so on. */
static bool continue_ahead(struct debug *d) {
  struct stop *s = NULL;
  uint32_t hits[STOPS];
  for (unsigned i = 0; i < d->nstops; i++) hits[i] = d->stop[i].hits;
  uint64_t first = index_before(d, model_position(d) + 1) + 1, next = first;
  bool states = any_stop(d, false), traps = any_stop(d, true), ok;
  do {
    uint64_t event = traps ? find_trap_stop(d, 1, &next, &s) : 0;
    uint64_t limit = event ? d->notes[event - 1].position : timeline_latest(d->t);
    if (states && !d->stopped && continue_to_state(d, 1, limit, &ok)) {
      if (traps) recount(d, first, hits);
      return ok;
    }
    if (event) return continue_to_trap(d, event, s);
  } while (!d->stopped && index_extend(d));
  return at_latest(d) && end_unstopped(d);
}

static bool continue_back(struct debug *d) {
  struct stop *s = NULL;
  uint64_t next = index_before(d, model_position(d));
  uint64_t event = any_stop(d, true) ? find_trap_stop(d, -1, &next, &s) : 0;
  bool ok;
  if (d->stopped) return fail(d, "Interrupted.");
  if (any_stop(d, false) && continue_to_state(d, -1, event ? d->notes[event - 1].position : 0, &ok))
    return ok;
  if (event) return continue_to_trap(d, event, s);
  return model_go(d, 0) && fail(d, "Nothing stopped the way back: this is reset.");
}

bool model_continue(struct debug *d, int direction) {
  remember(d);
  arm_watches(d);
  d->stopped = false;
  return direction > 0 ? continue_ahead(d) : continue_back(d);
}

bool model_end(struct debug *d) {
  remember(d);
  d->stopped = false;
  for (uint64_t limit = timeline_latest(d->t) + END_LIMIT;
       timeline_latest(d->t) < limit && index_extend(d);) {
  }
  return at_latest(d);
}

/* ---- the guest's console ---- */

static bool past_input(struct debug *d) {
  return fail(d, "This is the past: its input is given. `fork` here, or `goto end` first.");
}

bool model_can_type(struct debug *d) {
  if (model_position(d) < timeline_latest(d->t)) return past_input(d);
  return !d->ended || fail(d, "The machine has stopped: nobody would read it.");
}

bool model_type_bytes(struct debug *d, const char *bytes, size_t n) {
  if (!timeline_input(d->t, bytes, n)) return past_input(d);
  d->idle = false;
  return true;
}

bool model_type(struct debug *d, const char *text) {
  char bytes[1024] = "";
  size_t n = 0;
  for (; *text && n < sizeof bytes; text++) {
    bool escaped = *text == '\\' && text[1];
    if (escaped) text++;
    bytes[n++] = !escaped ? *text : *text == 'n' ? '\n' : *text == 't' ? '\t' : *text;
  }
  return model_type_bytes(d, bytes, n) && say(d, "Typed %zu byte%s.", n, n == 1 ? "" : "s");
}

bool model_run_on(struct debug *d) {
  remember(d);
  bool further = index_extend(d) && !d->idle && !d->ended;
  timeline_go(d->t, timeline_latest(d->t));
  return further;
}

/* ---- beginning and end ---- */

/* The first time that the program runs: after the resume of a lane with its name, at its depth. */
static uint64_t find_start(struct debug *d, uint64_t *event) {
  const char *prog = d->options.argc > 0 ? d->options.argv[0] : "sh", *slash = strrchr(prog, '/');
  if (slash) prog = slash + 1;
  for (uint64_t n = 1; n <= d->nnotes; n++) {
    const struct note *note = &d->notes[n - 1];
    if (note->kind != RECORD_RESUME || note->to >= d->nlanes) continue;
    const struct lane *l = &d->lanes[note->to];
    const char *name = strrchr(l->name, '/');
    if (l->depth != d->options.depth || l->kind == LANE_KERNEL || l->kind == LANE_IDLE) continue;
    if (l->kind == LANE_PROCESS && !d->options.image && name && strcmp(name + 1, prog) != 0) continue;
    *event = n;
    return note->position + 1;
  }
  return 0;
}

/* A saved session is handed out for the moment at which it was saved: that is its start. */
bool model_adopt(struct debug *d, struct timeline *t, bool at_reset, bool session) {
  uint64_t event = 0, moment = timeline_position(t);
  d->t = t;
  d->m = timeline_machine(t);
  if (!d->options.input) timeline_live(t, true);
  d->indexed_to = UINT64_MAX;
  index_update(d);
  while (timeline_latest(t) < RECORD_FIRST && index_extend(d)) {
  }
  d->start = session ? moment : find_start(d, &event);
  timeline_go(t, at_reset ? 0 : d->start);
  machine_get_regs(d->m, &d->before);
  if (at_reset) return say(d, "At reset: nothing has run yet. `t` goes to the first trap, `?` helps.");
  if (session) return say(d, "The moment that was saved. `e`: the next step of a list. `?`: help.");
  if (!d->start)
    return say(d, "The program never ran: this is reset. `t` goes to the first trap, `?` helps.");
  return say(d, "%s is about to begin. `e`: the first step of a list. `?`: help.",
             model_lane_name(d, d->notes[event - 1].to));
}

bool model_open(struct debug *d, struct machine *m, bool at_reset) {
  struct timeline *t = timeline_new(m, NULL);
  if (!t) die(STATUS_USAGE, "out of memory");
  return model_adopt(d, t, at_reset, false);
}

void model_close(struct debug *d) {
  interruptible = NULL;
  timeline_free(d->t);
  images_free(d);
  free(d->lanes);
  free(d->notes);
  free(d->lists);
  free(d->memory_before);
}
