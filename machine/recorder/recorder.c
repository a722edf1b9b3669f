/* recorder.c - the machine's observer: makes records of events, keeps the records that wait, and counts. */
#include <stdlib.h>
#include <string.h>

#include "internal.h"

/* ---- the queue: of a recorder without a sink it is always empty ---- */

static struct held *slot(const struct recorder *r, uint64_t event) {
  return &r->queue[event & (r->room - 1)];
}

struct held *recorder_held(const struct recorder *r, uint64_t event) {
  return event >= r->first && event < r->next ? slot(r, event) : NULL;
}

static void emit_first(struct recorder *r) {
  r->sink(r->sink_arg, &slot(r, r->first)->record);
  r->first++;
}

static void drain(struct recorder *r) {
  while (r->first < r->next) {
    const struct held *h = slot(r, r->first);
    if (h->open) return;
    r->sink(r->sink_arg, &h->record);
    r->first++;
  }
}

static bool grow(struct recorder *r) {
  struct recorder old = *r;
  size_t room = old.room ? 2 * old.room : 64;
  struct held *queue = room <= RECORDER_WAITING ? malloc(room * sizeof *queue) : NULL;
  if (!queue) {
    r->short_of_memory |= room <= RECORDER_WAITING;
    return false;
  }
  r->queue = queue;
  r->room = room;
  for (uint64_t event = r->first; event < r->next; event++) *slot(r, event) = *slot(&old, event);
  free(old.queue);
  return true;
}

bool recorder_reserve(struct recorder *r, uint64_t records) {
  while (r->room < records)
    if (!grow(r)) return false;
  return true;
}

/* ---- a record ---- */

/* The event number of the trap that the running lane handles, or 0. A kernel handles the trap that it was
 * entered with; a VMM the trap that its VM waits for. */
static uint64_t parent_of(const struct recorder *r) {
  const struct runner *l = runner(r, r->current);
  const struct node *n = l->node;
  if (lane_in_kernel(l)) return n->handlings ? n->handling[n->handlings - 1].event : 0;
  for (const struct node *c = r->nodes; c; c = c->next)
    if (c->parent == n && c->vmm == r->current && c->pending.open) return c->pending.trap.event;
  return 0;
}

static void set_virtual_status(const struct recorder *r, uint32_t lane, struct record *rec) {
  const struct node *n = runner(r, lane)->node;
  if (!n->parent) return;
  rec->virtual_status = n->vstatus;
  rec->vmm_status = n->vmm_status;
}

static struct held *held_of(struct record *rec) { return (struct held *)rec; } /* its first member */

/* Without a sink nobody reads the record: it gets a number, and one place is used for all. */
static struct record *record_for_nobody(struct recorder *r) {
  struct record *rec = &r->queue->record;
  rec->event = r->next++;
  r->first = r->next;
  return rec;
}

_Static_assert(offsetof(struct record, step) ==
                   2 * 4 + 6 * 8 + (14 + RECORD_WORDS) * 4 + 1 + 7 * (RECORDER_DEPTH + 1),
               "struct record has a hole");
_Static_assert(sizeof(struct record_trap) == RECORD_WORDS * 4, "no kind of record has more words");

/* A new record of an event that has just happened in the lane that runs. Each field is set by itself, because
 * to clear the whole record first is slower. */
static struct record *record(struct recorder *r, enum record_kind kind) {
  const struct machine_view *now = &r->now;
  if (!r->sink) return record_for_nobody(r);
  if (r->next - r->first == r->room && !grow(r)) emit_first(r);
  struct held *h = slot(r, r->next);
  struct record *rec = &h->record;
  h->open = 0;
  rec->kind = kind, rec->steps = 0, rec->event = r->next++, rec->parent = parent_of(r);
  rec->tick = now->tick, rec->retired = now->retired;
  rec->position = now->steps - (kind == RECORD_TRAP || kind == RECORD_RESUME); /* these are done */
  rec->resumes = 0;
  rec->translated = 0, rec->para = rec->by_hypervisor = 0;
  rec->from = rec->to = r->current;
  rec->real_status = now->status, rec->virtual_status = rec->vmm_status = ~(uint32_t)0;
  rec->a0 = now->x[10], rec->a7 = now->x[17];
  memset(rec->wrong_level, 0, sizeof rec->wrong_level + sizeof rec->wrong_word);
  memset(&rec->word, 0, sizeof rec->word); /* in two parts, which compilers inline */
  memset(&rec->levels, 0, offsetof(struct record, step) - offsetof(struct record, levels));
  return rec;
}

/* ---- counts ---- */

static void count_retired(struct recorder *r) {
  const uint64_t n = r->now.retired - r->retired;
  struct runner *l = runner(r, r->current);
  l->retired += n;
  for (struct node *vm = l->node; vm->parent; vm = vm->parent) {
    r->stats[vm->depth - 1].retired_native += n;
    node_retires(vm, n);
  }
  r->retired = r->now.retired;
}

static enum pg32_id instruction(const struct trap_facts *t) {
  switch (t->machine_cause) {
  case CAUSE_PRIVILEGED: return t->insn;
  case CAUSE_SYSCALL: return PG32_syscall;
  case CAUSE_HCALL: return PG32_hcall;
  case CAUSE_BREAK: return PG32_break;
  default: return PG32_ILLEGAL;
  }
}

void recorder_count_exit(struct recorder *r, const struct trap_facts *t) {
  enum pg32_id insn = instruction(t);
  for (uint32_t d = 0; d < t->depth; d++) {
    r->stats[d].exits++;
    r->stats[d].by_cause[t->machine_cause % 32]++;
    if (insn < PG32_INSNS) r->stats[d].by_instruction[pg32_row(insn)->opcode]++;
  }
}

static void count_verdict(struct recorder *r, const struct trap_facts *t, uint32_t level, struct answer a) {
  struct depth_stats *s = &r->stats[level - 1];
  const enum verdict done = answer_done(&a);
  s->reflected += done == VERDICT_REFLECT;
  s->emulated += done == VERDICT_EMULATE;
  s->filled += done == VERDICT_FILL;
  s->wrong += a.verdict == VERDICT_WRONG || a.verdict == VERDICT_OTHER;
  s->hidden_fills += a.verdict == VERDICT_HOST && a.hidden_fill;
  s->host_traps += a.verdict == VERDICT_HOST && !a.hidden_fill;
  if (done == VERDICT_EMULATE && level == t->depth)
    for (uint32_t d = 0; d < level; d++) r->stats[d].retired_emulated++;
}

static void keep_words(struct record *rec, uint32_t level, const uint32_t word[2]) {
  const unsigned i = rec->wrong_level[0] != 0;
  if (rec->wrong_level[i]) return;
  rec->wrong_level[i] = level;
  memcpy(rec->wrong_word[i], word, sizeof rec->wrong_word[i]);
}

void recorder_settle(struct recorder *r, const struct trap_facts *t, uint32_t level, struct answer a) {
  count_verdict(r, t, level, a);
  struct held *h = recorder_held(r, t->event);
  if (!h) return;
  h->record.verdict[level] = (uint8_t)a.verdict;
  h->record.injected[level] = a.injected;
  h->record.hidden_fill[level] = a.hidden_fill;
  h->record.due[level] = a.due;
  h->record.seen[level] = a.seen;
  h->record.wrong[level] = (uint8_t)a.wrong;
  h->record.did[level] = (uint8_t)a.did;
  if (a.wrong_word[0] | a.wrong_word[1]) keep_words(&h->record, level, a.wrong_word);
  if (level == t->depth) {
    h->record.verdict[0] = h->record.verdict[level];
    h->record.wrong[0] = h->record.wrong[level];
    h->record.did[0] = h->record.did[level];
    h->record.by_hypervisor = a.by_hypervisor;
  }
  if (h->open) h->open--;
}

/* ---- the functions that the machine calls ---- */

/* Looks at the machine, once for each call. */
static struct recorder *look(void *recorder, const struct machine *m) {
  struct recorder *r = recorder;
  machine_get_view(m, &r->now);
  return r;
}

/* The same, for events that change no counts: without a sink there is nothing to look at the machine for. */
static struct recorder *look_to_record(void *recorder, const struct machine *m) {
  struct recorder *r = recorder;
  return r->sink ? look(r, m) : r;
}

/* Sets *t to what is known at once of a trap of the lane that runs, as the machine has it. */
static void take_facts(const struct recorder *r, const struct machine_trap *trap, struct trap_facts *t) {
  const struct runner *l = runner(r, r->current);
  const uint32_t *x = r->now.x;
  *t = (struct trap_facts){.lane = r->current,
                           .depth = l->lane.depth,
                           .tick = trap->tick,
                           .user = !lane_in_kernel(l),
                           .machine_cause = trap->cause,
                           .around_pc = trap->pc,
                           .a0 = x[10],
                           .a7 = x[17]};
  recorder_verdict_facts(t, trap, x);
}

static void set_guest_trap(struct record *rec, const struct trap_facts *t) {
  rec->trap.guest_cause = t->cause, rec->trap.guest_pc = t->pc;
  rec->trap.guest_badinst = t->badinst;
  rec->trap.rs1 = t->rs1, rec->trap.rs2 = t->rs2;
}

/* Notes system calls of processes. Two calls matter: vm_run makes the process a VMM, _exit ends its VMs. */
static void note_call(struct recorder *r, const struct trap_facts *t, uint32_t real_status) {
  struct runner *l = runner(r, t->lane);
  if (!t->user || t->cause != CAUSE_SYSCALL) return;
  if (t->a7 == SYS_vm_run) {
    l->node->caller = t->lane;
    l->in_vm_run = true;
    l->vm_run = t->a0;
    l->call_asid = status_asid(real_status);
  }
  if (t->a7 != SYS__exit) return;
  for (struct node *n = r->nodes; n; n = n->next)
    if (n->vmm == t->lane && !n->gone) recorder_verdict_kill(r, n);
}

static void on_trap(void *arg, struct machine *m, const struct machine_trap *trap) {
  struct recorder *r = look(arg, m);
  count_retired(r);
  struct record *rec = record(r, RECORD_TRAP);
  struct node *root = r->root;
  struct trap_facts t;
  take_facts(r, trap, &t);
  t.event = rec->event;
  rec->real_status = trap->status;
  rec->trap =
      (struct record_trap){trap->cause, trap->pc, trap->timer, trap->badva, trap->badinst, 0, 0, 0, 0, 0};
  rec->translated = runner(r, r->current)->node->translated;
  rec->para = runner(r, r->current)->node->para;
  rec->levels = (uint8_t)t.depth;
  if (t.depth == 0) rec->verdict[0] = VERDICT_HOST;
  held_of(rec)->open = t.depth;
  if (t.depth > r->depths) r->depths = t.depth;
  if (t.depth > 0) recorder_verdict_trap(r, &t, trap);
  set_virtual_status(r, r->current, rec);
  set_guest_trap(rec, &t);
  note_call(r, &t, trap->status);
  root->handling[0] = (struct handling){t.event, t.lane};
  root->handlings = 1;
  root->idle = false;
  rec->to = r->current = recorder_lanes_follow(r, 0);
  drain(r);
}

static void set_guest_resume(const struct recorder *r, struct record *rec) {
  const struct node *n = runner(r, r->current)->node;
  rec->translated = n->translated;
  if (n->parent) rec->resume.guest_pc = n->pc;
}

static void on_rfe(void *arg, struct machine *m) {
  struct recorder *r = look(arg, m);
  count_retired(r);
  struct record *rec = record(r, RECORD_RESUME);
  rec->resume = (struct record_resume){r->now.pc, r->now.timer, r->now.pc};
  recorder_lanes_rfe(r->root);
  r->current = recorder_lanes_follow(r, r->now.status);
  recorder_verdict_resume(r, rec->event);
  if (runner(r, r->current)->lane.kind == LANE_IDLE) /* no longer, if its kernel was entered at the vector */
    r->current = recorder_lanes_follow(r, r->now.status);
  rec->to = r->current;
  set_virtual_status(r, r->current, rec);
  set_guest_resume(r, rec);
  r->root->handlings = 0;
  drain(r);
}

static void on_tlbw(void *arg, struct machine *m, uint32_t slot_number, uint32_t hi, uint32_t lo) {
  struct recorder *r = look_to_record(arg, m);
  struct record *rec = record(r, RECORD_TLBW);
  rec->tlbw = (struct record_tlbw){slot_number, hi, lo};
  recorder_verdict_tlbw(r, &(struct tlb_write){rec->event, hi, lo});
  drain(r);
}

static void on_tlbi(void *arg, struct machine *m, uint32_t hi, uint32_t scope) {
  struct recorder *r = look_to_record(arg, m);
  struct record *rec = record(r, RECORD_TLBI);
  rec->tlbi = (struct record_tlbi){scope, hi};
  drain(r);
}

static void on_device(void *arg, struct machine *m, const struct machine_device_access *access) {
  struct recorder *r = look_to_record(arg, m);
  struct record *rec = record(r, RECORD_DEVICE);
  rec->device = (struct record_device){access->pc, access->addr, access->value, access->store};
  set_virtual_status(r, r->current, rec);
  if (access->store && access->addr == DEV_POWER + POWER_OFF) r->powered_off = true;
  drain(r);
}

static void on_mark(void *arg, struct machine *m, uint32_t kind, uint32_t a, uint32_t b) {
  struct recorder *r = look_to_record(arg, m);
  struct record *rec = record(r, RECORD_MARK);
  rec->mark = (struct record_mark){kind, a, b};
  set_virtual_status(r, r->current, rec);
  recorder_lanes_mark(r, kind, a, b);
  drain(r);
}

/* ---- life ---- */

struct machine_observer recorder_observer(struct recorder *r) {
  return (struct machine_observer){.trap = on_trap,
                                   .rfe = on_rfe,
                                   .tlbw = on_tlbw,
                                   .tlbi = on_tlbi,
                                   .device = on_device,
                                   .mark = on_mark,
                                   .arg = r};
}

struct recorder *recorder_new(struct machine *m, recorder_sink *sink, void *arg) {
  struct recorder *r = calloc(1, sizeof *r);
  if (!r) return NULL;
  *r = (struct recorder){.m = m,
                         .sink = sink,
                         .sink_arg = arg,
                         .first = 1,
                         .next = 1,
                         .retired = machine_retired(m),
                         .from_reset = machine_steps(m) == 0};
  grow(r);
  r->root = recorder_lanes_new_node(r, NULL, 0);
  machine_get_view(m, &r->now);
  if (r->root) r->current = recorder_lanes_follow(r, r->now.status);
  if (!r->queue || !r->root || r->lanes == 0) {
    recorder_free(r);
    return NULL;
  }
  const struct machine_observer observer = recorder_observer(r);
  machine_observe(m, &observer);
  return r;
}

uint64_t recorder_events(const struct recorder *r) { return r->next - 1; }
uint64_t recorder_emitted(const struct recorder *r) { return r->first - 1; }
const struct record *recorder_waiting(const struct recorder *r, uint64_t event) {
  const struct held *h = recorder_held(r, event);
  return h ? &h->record : NULL;
}

void recorder_finish(struct recorder *r) {
  if (r->finished) return;
  r->finished = true;
  machine_get_view(r->m, &r->now);
  count_retired(r);
  recorder_verdict_finish(r);
  struct record *rec = record(r, RECORD_END);
  rec->parent = 0;
  set_virtual_status(r, r->current, rec);
  drain(r);
}

void recorder_free(struct recorder *r) {
  if (!r) return;
  machine_observe(r->m, NULL);
  recorder_lanes_free(r);
  free(r->queue);
  free(r);
}

bool recorder_short_of_memory(const struct recorder *r) { return r->short_of_memory; }

uint32_t recorder_lanes(const struct recorder *r) { return r->lanes; }
const struct lane *recorder_lane(const struct recorder *r, uint32_t id) {
  return id < r->lanes ? &runner(r, id)->lane : NULL;
}
static const char *name_of(const void *recorder, uint32_t id) {
  const struct lane *l = recorder_lane(recorder, id);
  return l ? l->name : NULL;
}
const char *recorder_step_text(const struct recorder *r, const struct list_step *step, char *buf,
                               size_t size) {
  return recorder_step_sentence(step, name_of, r, buf, size);
}
uint64_t recorder_lane_retired(const struct recorder *r, uint32_t id) {
  if (id >= r->lanes) return 0;
  return runner(r, id)->retired + (id == r->current ? machine_retired(r->m) - r->retired : 0);
}
uint32_t recorder_depths(const struct recorder *r) { return r->depths; }
const struct depth_stats *recorder_depth(const struct recorder *r, uint32_t depth) {
  return depth >= 1 && depth <= r->depths ? &r->stats[depth - 1] : NULL;
}
uint32_t recorder_current(const struct recorder *r) { return r->current; }

const char *recorder_verdict_name(enum verdict v) {
  static const char *const names[] = {"none", "reflect", "emulate", "fill",     "host",
                                      "kill", "other",   "wrong",   "translate"};
  return (unsigned)v < sizeof names / sizeof *names ? names[v] : "?";
}

const char *recorder_list_name(enum lecture_list list) {
  static const char *const names[LISTS] = {"?", "syscall", "tlb", "protection"};
  return (unsigned)list < LISTS ? names[list] : "?";
}

const char *recorder_wrong_name(enum wrong w) {
  static const char *const names[WRONGS] = {
      "nothing", "action",      "filled-below",  "cause",  "status", "timer", "badva",
      "badinst", "interrupted", "uninterrupted", "rights", "stale",  "clock", "host-clock"};
  return (unsigned)w < WRONGS ? names[w] : "?";
}

bool recorder_vm(const struct recorder *r, uint32_t depth, struct recorder_vm *vm) {
  const struct node *n = runner(r, r->current)->node;
  struct low_core e;
  while (n->depth > depth) n = n->parent;
  if (!n->parent || n->depth != depth) return false;
  vm->status = n->vmm_status;
  vm->translated = n->translated;
  vm->low_known = recorder_low_core_read(r, n, &e);
  memcpy(vm->low_core, &e, sizeof vm->low_core);
  return true;
}
