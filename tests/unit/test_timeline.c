/* test_timeline.c - the past is what it was: wherever one travels, machine, recorder, output and events equal
 * those of a run that never left; what looks for something finds what looking everywhere finds. */
#define _GNU_SOURCE /* memmem */
#include <stdio.h>
#include <unistd.h>

#include "machine/timeline/internal.h"
#include "timeline_kit.h"
#include "tools/trapeze/trapeze.h"

/* ---- subjects ---- */

#define SPACING 500 /* small, so that short runs have many checkpoints */
#define END 12000

/* The kernel with a program in a VM. */
static struct machine *booted(unsigned depth, int argc, char **argv) {
  char initrd[256];
  snprintf(initrd, sizeof initrd, "%s/share/trapeze/initrd.tar", getenv("BUILD") ? getenv("BUILD") : "build");
  setenv("TRAPEZE_INITRD", initrd, 1);
  struct options o;
  options_defaults(&o);
  o.depth = depth, o.argc = argc, o.argv = argv;
  struct boot b = boot_assemble(&o);
  struct machine *m = boot_machine(&o, &b);
  boot_free(&b);
  return m;
}

static struct machine *nested_machine(void) {
  char *words[] = {"null-syscall", "600"};
  return booted(1, 2, words);
}

static struct timeline *timeline_of(struct machine *m, size_t memory, uint64_t spacing) {
  struct timeline *t = timeline_new(m, &(struct timeline_config){.memory = memory});
  assert_non_null(t);
  t->spacing = spacing;
  return t;
}

static struct timeline *busy_timeline(void) { return timeline_of(busy_machine(), 0, SPACING); }

static uint64_t next_random(uint64_t *state) {
  *state = *state * 6364136223846793005u + 1442695040888963407u;
  return *state >> 33;
}

/* ---- all that a position is ---- */

struct moment {
  uint64_t hash, events, retired;
  uint32_t lane, lanes;
  size_t output;
};

static struct moment moment(struct timeline *t) {
  struct moment now = {.hash = machine_hash(timeline_machine(t))};
  const struct recorder *r = timeline_recorder(t);
  now.events = recorder_events(r);
  now.lane = recorder_current(r);
  now.lanes = recorder_lanes(r);
  now.retired = recorder_lane_retired(r, now.lane);
  timeline_output(t, &now.output);
  return now;
}

static void assert_moment(struct timeline *t, const struct moment *expected) {
  const struct moment now = moment(t);
  assert_int_equal(now.hash, expected->hash);
  assert_int_equal(now.events, expected->events);
  assert_int_equal(now.retired, expected->retired);
  assert_int_equal(now.lane, expected->lane);
  assert_int_equal(now.lanes, expected->lanes);
  assert_int_equal(now.output, expected->output);
}

/* ---- positions ---- */

static void each_step_is_one_position(void **state) {
  (void)state;
  struct timeline *t = busy_timeline();
  for (uint64_t p = 1; p <= 3000; p++) {
    assert_int_equal(timeline_step(t, 1), TIMELINE_THERE);
    assert_int_equal(timeline_position(t), p);
    assert_int_equal(timeline_latest(t), p);
  }
  const struct moment there = moment(t);
  timeline_free(t);
  t = busy_timeline();
  assert_int_equal(timeline_go(t, 3000), TIMELINE_THERE);
  assert_moment(t, &there);
  assert_true(machine_retired(timeline_machine(t)) < 3000);
  timeline_free(t);
}

#define MOMENTS 200

/* Run to n = run past n and travel back to n, for many n in any order. */
static void travel(struct machine *(*make)(void), uint64_t end, uint64_t spacing, size_t memory) {
  static struct moment expected[MOMENTS];
  struct timeline *t = timeline_of(make(), 0, UINT64_MAX / 1000); /* without a checkpoint on the way */
  for (uint64_t i = 0; i < MOMENTS; i++) {
    assert_int_equal(timeline_go(t, end * i / MOMENTS), TIMELINE_THERE);
    expected[i] = moment(t);
  }
  timeline_free(t);
  t = timeline_of(make(), memory, spacing);
  timeline_go(t, end);
  const struct moment last = moment(t);
  uint64_t random = 7;
  for (int k = 0; k < 2 * MOMENTS; k++) {
    const uint64_t i = next_random(&random) % MOMENTS;
    assert_int_equal(timeline_go(t, end * i / MOMENTS), TIMELINE_THERE);
    assert_moment(t, &expected[i]);
    assert_int_equal(timeline_latest(t), end);
  }
  timeline_go(t, end);
  assert_moment(t, &last);
  timeline_free(t);
}

static void travelling_changes_nothing(void **state) {
  (void)state;
  travel(busy_machine, END, SPACING, 0);
  travel(busy_machine, END, 1, 0);
}

static void travelling_through_a_vm_changes_nothing(void **state) {
  (void)state;
  travel(nested_machine, 1700000, 20000, 0);
}

static void plain_runs_agree(void **state) {
  (void)state;
  struct machine *m = busy_machine();
  struct timeline *t = busy_timeline();
  timeline_go(t, END);
  timeline_go(t, 777);
  const struct machine_limits all = {UINT64_MAX, UINT64_MAX, false};
  assert_int_equal(machine_run_to(m, &all, 777), EXIT_LIMIT);
  assert_int_equal(machine_hash(m), machine_hash(timeline_machine(t)));
  machine_free(m);
  timeline_free(t);
}

static void steps_go_both_ways(void **state) {
  (void)state;
  struct timeline *t = busy_timeline();
  timeline_go(t, 5000);
  assert_int_equal(timeline_step(t, -1), TIMELINE_THERE);
  assert_int_equal(timeline_position(t), 4999);
  assert_int_equal(timeline_step(t, 11), TIMELINE_THERE);
  assert_int_equal(timeline_position(t), 5010);
  assert_int_equal(timeline_latest(t), 5010);
  assert_int_equal(timeline_step(t, -6000), TIMELINE_START);
  assert_int_equal(timeline_position(t), timeline_start(t));
  assert_int_equal(timeline_step(t, INT64_MIN), TIMELINE_START);
  timeline_free(t);
}

/* ---- thinning ---- */

static void a_small_memory_is_kept_to(void **state) {
  (void)state;
  const size_t memory = EVENTS_RECENT * sizeof(struct record) + (2 << 20);
  travel(busy_machine, END, 1, memory);
  struct timeline *t = timeline_of(busy_machine(), memory, 1);
  for (uint64_t p = 100; p < END; p += 100) {
    timeline_go(t, p);
    assert_true(timeline_memory(t) <= memory);
  }
  assert_true(t->checkpoints.n > 20 && t->checkpoints.n < END / 3);
  const struct checkpoint *first = &t->checkpoints.at[1], *last = &t->checkpoints.at[t->checkpoints.n - 1];
  assert_true(first[1].position - first[0].position > 4 * (last[0].position - last[-1].position));
  timeline_free(t);
}

/* With no memory at all there is only the start. */
static void no_memory_is_slow_and_right(void **state) {
  (void)state;
  travel(busy_machine, 3000, 1, 1);
}

static void what_is_owned_is_counted(void **state) {
  (void)state;
  struct timeline *t = timeline_of(busy_machine(), 0, 200);
  timeline_go(t, END);
  timeline_go(t, 200);
  timeline_fork(t);
  while (t->checkpoints.n > 1) {
    const size_t before = t->checkpoints.bytes;
    timeline_checkpoints_drop_after(t, t->checkpoints.at[t->checkpoints.n - 1].position - 1);
    assert_true(t->checkpoints.bytes < before);
  }
  const struct checkpoint *c = &t->checkpoints.at[0];
  assert_int_equal(t->checkpoints.bytes,
                   machine_snapshot_bytes(c->machine, t->m) + recorder_snapshot_bytes(c->recorder));
  timeline_free(t);
}

/* ---- events ---- */

struct kept {
  struct record *record;
  uint64_t n;
};

static void keep(void *arg, const struct record *record) {
  struct kept *k = arg;
  k->record = realloc(k->record, (k->n + 1) * sizeof *record);
  memset(&k->record[k->n], 0, sizeof *record);
  memcpy(&k->record[k->n++], record, recorder_record_size(record));
}

/* As a recorder by itself tells them, up to a step. */
static struct kept records_of(struct machine *m, uint64_t end, bool finish) {
  struct kept k = {0};
  struct recorder *r = recorder_new(m, keep, &k);
  machine_run_to(m, &(struct machine_limits){UINT64_MAX, UINT64_MAX, false}, end);
  if (finish) recorder_finish(r);
  recorder_free(r);
  machine_free(m);
  return k;
}

static void assert_event(struct timeline *t, const struct kept *k, uint64_t n) {
  const struct record *r = timeline_event(t, n), *expected = &k->record[n - 1];
  assert_non_null(r);
  assert_memory_equal(r, expected, offsetof(struct record, step));
  for (unsigned i = 0; i < r->steps; i++)
    assert_memory_equal(&r->step[i], &expected->step[i],
                        offsetof(struct list_step, word) + sizeof r->step[i].word);
  assert_int_equal(timeline_event_position(t, n), r->position);
}

static void assert_events(struct timeline *t, const struct kept *k) {
  uint64_t random = 3;
  for (uint64_t n = 1; n <= k->n; n++) assert_event(t, k, n);
  for (int i = 0; i < 300; i++) assert_event(t, k, 1 + next_random(&random) % k->n);
}

static void events_agree(struct machine *(*make)(void), uint64_t spacing, uint64_t end) {
  const struct kept k = records_of(make(), end, end == UINT64_MAX);
  struct timeline *t = timeline_of(make(), 0, spacing);
  assert_int_equal(timeline_go(t, end), end == UINT64_MAX ? TIMELINE_END : TIMELINE_THERE);
  assert_in_range(timeline_events(t), k.n, k.n + t->events.tails);
  assert_events(t, &k);
  timeline_go(t, timeline_latest(t) / 2);
  const struct moment half = moment(t);
  assert_events(t, &k);
  assert_moment(t, &half);
  assert_null(timeline_event(t, 0));
  assert_null(timeline_event(t, timeline_events(t) + 1));
  assert_int_equal(timeline_event_position(t, timeline_events(t) + 1), UINT64_MAX);
  assert_non_null(timeline_lane(t, k.record[k.n - 2].from));
  if (end == UINT64_MAX) assert_int_equal(k.record[k.n - 1].kind, RECORD_END);
  timeline_free(t);
  free(k.record);
}

static void events_are_the_recorders(void **state) {
  (void)state;
  events_agree(nested_machine, 20000, UINT64_MAX);
  events_agree(busy_machine, 50, END);
}

/* With as little memory as 8 bytes an event would take: each answer is that of a recorder by itself, and
 * a step back after a jump repeats few steps, because memory is left for checkpoints. */
static void a_long_run_is_as_quick_as_a_short_one(void **state) {
  (void)state;
  enum { LONG = 250000 };
  const struct kept k = records_of(busy_machine(), LONG, false);
  const size_t memory = EVENTS_RECENT * sizeof(struct record) + (1 << 20);
  struct timeline *t = timeline_of(busy_machine(), memory, SPACING);
  timeline_go(t, LONG);
  assert_true(timeline_events(t) * 8 > 1 << 19);
  assert_true(timeline_memory(t) <= memory);
  assert_true(timeline_events_bytes(t) < EVENTS_RECENT * sizeof(struct record) + (64 << 10) ||
              EVENTS_WINDOW < 256);
  uint64_t random = 5;
  for (int i = 0; i < 100; i++) {
    const uint64_t n = 1 + next_random(&random) % (k.n - 1), p = k.record[n - 1].position;
    assert_event(t, &k, n);
    assert_in_range(timeline_event_at(t, p), n, n + 2);
    assert_int_equal(timeline_go(t, p + 1), TIMELINE_THERE);
    const uint64_t from = timeline_checkpoint_before(t, p)->position;
    assert_true(p - from <= 2 * (SPACING / 32 + 1));
    assert_int_equal(timeline_step(t, -1), TIMELINE_THERE);
  }
  assert_true(timeline_memory(t) <= memory);
  timeline_free(t);
  free(k.record);
}

/* ---- what is told ---- */

static void each_event_is_told_once(void **state) {
  (void)state;
  const struct kept k = records_of(busy_machine(), END, true);
  struct kept told = {0};
  struct timeline *t =
      timeline_new(busy_machine(), &(struct timeline_config){.tell = keep, .tell_arg = &told});
  t->spacing = SPACING;
  for (uint64_t p = 1000; p <= END; p += 1000) {
    timeline_go(t, p);
    timeline_go(t, p / 2);
    timeline_event(t, 1 + p / 50);
  }
  assert_int_equal(told.n, t->events.complete);
  for (uint64_t n = 0; n < told.n; n++)
    assert_memory_equal(&told.record[n], &k.record[n], offsetof(struct record, step));
  timeline_go(t, END / 2);
  timeline_fork(t);
  const uint64_t kept = t->events.complete, before = told.n;
  timeline_go(t, END);
  assert_int_equal(told.n - before, t->events.complete - kept);
  for (uint64_t n = before; n < told.n; n++)
    assert_memory_equal(&told.record[n], &k.record[kept + n - before], offsetof(struct record, step));
  timeline_free(t);
  free(k.record);
  free(told.record);
}

static void what_the_caller_keeps_counts(void **state) {
  (void)state;
  const size_t memory = EVENTS_RECENT * sizeof(struct record) + (8 << 20);
  struct timeline *t = timeline_of(busy_machine(), memory, 100);
  timeline_go(t, END);
  const size_t n = t->checkpoints.n;
  timeline_reserve(t, 7 << 20);
  timeline_go(t, END / 2);
  assert_true(timeline_memory(t) <= memory && timeline_memory(t) > 7 << 20);
  assert_true(t->checkpoints.n < n / 2);
  timeline_free(t);
}

/* What waits for its verdict is there all the same, from wherever one looks. */
static void waiting_events(size_t memory, uint64_t stride) {
  const struct kept k = records_of(nested_machine(), UINT64_MAX, true);
  struct timeline *t = timeline_of(nested_machine(), memory, 20000);
  uint64_t waited = 0;
  for (uint64_t n = k.n - 150; n < k.n - 50; n += stride) {
    timeline_go(t, k.record[n - 1].position + 1);
    const uint64_t events = timeline_events(t);
    assert_int_equal(events, n);
    if (t->events.tails > 0) {
      waited++;
      assert_int_equal(timeline_event(t, n)->event, n);
      timeline_step(t, -100);
      assert_int_equal(timeline_events(t), n);
      assert_int_equal(timeline_event(t, n)->event, n);
      assert_int_equal(timeline_event_position(t, n), k.record[n - 1].position);
    }
  }
  assert_true(waited * stride > 10);
  for (uint64_t n = 14; n + 50 < k.n; n += 13) {
    const uint64_t p = k.record[n - 1].position;
    assert_in_range(timeline_event_at(t, p), n, n + 1);
    assert_int_equal(timeline_event_at(t, p - 1), k.record[n - 2].position < p ? n - 1 : n - 2);
  }
  timeline_free(t);
  free(k.record);
}

static void events_that_wait_can_be_seen(void **state) {
  (void)state;
  waiting_events(0, 1);
  waiting_events(1, 7);
}

/* ---- conditions, against brute force ---- */

static bool rare(const struct machine_regs *r) { return (r->x[T2] >> 2) % 13 == 3 && (r->pc >> 2 & 7) == 3; }

static bool rare_holds(void *arg, struct machine *m, struct recorder *r) {
  struct machine_regs regs;
  (void)arg, (void)r;
  machine_get_regs(m, &regs);
  return rare(&regs);
}

static bool never_holds(void *arg, struct machine *m, struct recorder *r) {
  (void)arg, (void)m, (void)r;
  return false;
}

struct watch {
  uint32_t address, seen;
};
static void watch_restart(void *arg, struct machine *m, struct recorder *r) {
  struct watch *w = arg;
  (void)r;
  w->seen = peek(m, w->address);
}
static bool watch_holds(void *arg, struct machine *m, struct recorder *r) {
  struct watch *w = arg;
  const uint32_t was = w->seen;
  watch_restart(arg, m, r);
  return w->seen != was;
}

/* holds[p] at each position, found by going there step by step. */
static bool *brute_force(uint64_t end, const struct timeline_condition *c) {
  bool *holds = calloc(end + 1, sizeof *holds);
  struct timeline *t = busy_timeline();
  if (c->restart) c->restart(c->arg, t->m, t->r);
  for (uint64_t p = 0; p <= end; p++) {
    timeline_go(t, p);
    holds[p] = c->holds(c->arg, t->m, t->r);
  }
  timeline_free(t);
  return holds;
}

static void only_around_traps(bool *holds, uint64_t end) {
  struct kept k = records_of(busy_machine(), end + 1, true);
  bool *around = calloc(end + 2, sizeof *around);
  for (uint64_t n = 0; n < k.n; n++)
    if (k.record[n].kind == RECORD_TRAP || k.record[n].kind == RECORD_RESUME)
      around[k.record[n].position] = around[k.record[n].position + 1] = true;
  for (uint64_t p = 0; p <= end; p++) holds[p] &= around[p];
  free(around);
  free(k.record);
}

static void searches_agree(const struct timeline_condition *c) {
  enum { LAST = 4000 };
  bool *holds = brute_force(LAST, c);
  if (c->traps_only) only_around_traps(holds, LAST);
  struct timeline *t = busy_timeline();
  uint64_t found = 0, p = 0;
  for (uint64_t next; p < LAST; found++) { /* forwards: each one in turn */
    for (next = p + 1; next < LAST && !holds[next];) next++;
    const enum timeline_stop stop = timeline_forward(t, c, LAST);
    p = timeline_position(t);
    assert_int_equal(p, next);
    if (p < LAST) assert_int_equal(stop, TIMELINE_HIT);
  }
  assert_true(found > 5);
  uint64_t random = 11;
  for (int i = 0; i < 60; i++) { /* backwards, from anywhere */
    uint64_t from = next_random(&random) % LAST, expected = from;
    timeline_go(t, from);
    while (expected > 0 && !holds[--expected]) {
    }
    const enum timeline_stop stop = timeline_backward(t, c);
    assert_int_equal(timeline_position(t), expected);
    assert_int_equal(stop, from && holds[expected] ? TIMELINE_HIT : TIMELINE_START);
  }
  timeline_free(t);
  free(holds);
}

static void conditions_agree_with_brute_force(void **state) {
  (void)state;
  searches_agree(&(struct timeline_condition){.holds = rare_holds});
  struct watch w = {.address = 0x5008};
  searches_agree(&(struct timeline_condition){.holds = watch_holds, .arg = &w, .restart = watch_restart});
}

static bool even_asid(void *arg, struct machine *m, struct recorder *r) {
  (void)arg, (void)r;
  return machine_hash(m) % 5 == 0;
}

static void conditions_at_traps_agree_with_brute_force(void **state) {
  (void)state;
  searches_agree(&(struct timeline_condition){.holds = even_asid, .traps_only = true});
}

static void a_search_that_fails_ends_at_the_start(void **state) {
  (void)state;
  struct timeline *t = busy_timeline();
  timeline_go(t, 3000);
  assert_int_equal(timeline_backward(t, &(struct timeline_condition){.holds = never_holds}), TIMELINE_START);
  assert_int_equal(timeline_position(t), timeline_start(t));
  assert_int_equal(timeline_forward(t, &(struct timeline_condition){.holds = never_holds}, 5000),
                   TIMELINE_THERE);
  assert_int_equal(timeline_position(t), 5000);
  timeline_free(t);
}

/* ---- interruptions ---- */

static bool interrupts(void *arg, struct machine *m, struct recorder *r) {
  struct timeline *t = arg;
  (void)r;
  if (machine_steps(m) == 2500) timeline_interrupt(t);
  return false;
}

static void an_interrupt_ends_a_run(void **state) {
  (void)state;
  struct timeline *t = busy_timeline();
  const struct timeline_condition c = {.holds = interrupts, .arg = t};
  assert_int_equal(timeline_forward(t, &c, END), TIMELINE_STOPPED);
  assert_in_range(timeline_position(t), 2500, 2501);
  assert_int_equal(timeline_go(t, 4000), TIMELINE_THERE);
  const struct moment before = moment(t);
  assert_int_equal(timeline_backward(t, &c), TIMELINE_STOPPED);
  assert_moment(t, &before);
  timeline_free(t);
}

/* ---- the last writer, against brute force ---- */

struct writers {
  uint64_t store[4], reg[32];
};
static const uint32_t words[4] = {0x6000 + 68 * 3, LC_PC, 0x100, 0x5004};

static void note_store(struct writers *w, uint32_t pa, uint32_t n, uint64_t p) {
  for (int i = 0; i < 4; i++)
    if (pa < words[i] + 4 && pa + n > words[i]) w->store[i] = p;
}

/* What the step from p on writes, by its instruction; whether it was a trap is known from the record. */
static void note_step(struct writers *w, struct machine *m, const struct record *r, uint64_t p) {
  const struct machine_regs g = regs(m);
  const bool trap = r && r->kind == RECORD_TRAP;
  if (trap) note_store(w, 0, 24, p);
  if (r && r->kind == RECORD_DEVICE && r->device.store && r->device.address == DEV_BLOCK + BLOCK_CMD &&
      r->device.value == BLOCK_READ)
    note_store(w, 0x5000, 512, p);
  if (trap) return;
  const struct pg32_insn i = pg32_decode(peek(m, g.pc));
  if (i.rd) w->reg[i.rd] = p;
  if (pg32_row(i.id)->shape == PG32_SHAPE_STORE) note_store(w, g.x[i.rs1] + (uint32_t)i.imm, 4, p);
}

static uint64_t last_position(enum timeline_stop stop, const uint64_t *position) {
  assert_true(stop == TIMELINE_THERE || stop == TIMELINE_START);
  return stop == TIMELINE_THERE ? *position : UINT64_MAX;
}

static void assert_writers(struct timeline *t, const struct writers *w) {
  uint64_t at;
  const struct moment before = moment(t);
  for (int i = 0; i < 4; i++)
    assert_int_equal(last_position(timeline_last_store(t, words[i] + 1, &at), &at), w->store[i]);
  for (unsigned i = 0; i < 32; i++)
    assert_int_equal(last_position(timeline_last_register(t, i, &at), &at), w->reg[i]);
  assert_moment(t, &before);
}

static void writers_agree_with_brute_force(void **state) {
  (void)state;
  struct kept k = records_of(busy_machine(), 3000, true);
  struct timeline *t = busy_timeline();
  struct writers w;
  memset(&w, -1, sizeof w);
  uint64_t n = 0;
  for (uint64_t p = 0; p < 2900; p++) {
    timeline_go(t, p);
    if (p % 67 == 3) assert_writers(t, &w);
    while (k.record[n].position < p) n++;
    note_step(&w, timeline_machine(t), k.record[n].position == p ? &k.record[n] : NULL, p);
  }
  for (int i = 0; i < 4; i++) assert_int_not_equal(w.store[i], UINT64_MAX);
  timeline_free(t);
  free(k.record);
}

/* What no store has hit since a checkpoint is not searched after that checkpoint. */
static void only_pages_that_change_are_searched(void **state) {
  (void)state;
  struct timeline *t = busy_timeline();
  const uint32_t word = 0x4000; /* in a page that nothing writes, but once */
  uint64_t at = 0, before;
  timeline_go(t, END / 2);
  assert_true(timeline_poke(t, word, &(uint32_t){7}, 4));
  timeline_go(t, END);
  before = t->ran;
  assert_int_equal(timeline_last_store(t, word, &at), TIMELINE_START);
  assert_true(t->ran - before <= 3 * SPACING);
  before = t->ran;
  assert_int_equal(timeline_last_store(t, LC_PC, &at), TIMELINE_THERE);
  assert_true(t->ran - before <= 3 * SPACING);
  timeline_free(t);
}

/* ---- a person at the console ---- */

static struct timeline *shell(void) {
  struct timeline *t = timeline_of(booted(0, 0, NULL), 0, 20000);
  timeline_live(t, true);
  return t;
}

static bool says(struct timeline *t, const char *text) {
  size_t n;
  const uint8_t *output = timeline_output(t, &n);
  return n > 0 && memmem(output, n, text, strlen(text)) != NULL;
}

/* Lets time pass until the machine has said so; sometimes less than it would wait. */
static void await(struct timeline *t, const char *text) {
  for (int i = 0; i < 10000 && !says(t, text); i++)
    if (timeline_go(t, timeline_position(t) + 100000) == TIMELINE_IDLE)
      assert_true(timeline_idle(t, i % 3 ? UINT64_MAX : 1234));
  assert_true(says(t, text));
}

static void input_is_part_of_the_past(void **state) {
  (void)state;
  struct timeline *t = shell();
  await(t, "$ ");
  while (timeline_go(t, UINT64_MAX) != TIMELINE_IDLE) {
  }
  timeline_idle(t, 77);
  const uint64_t before = timeline_position(t) - 10;
  assert_true(timeline_input(t, "echo one-way\n", 13));
  const uint64_t typed = timeline_position(t);
  const struct moment then = moment(t);
  await(t, "\none-way");
  const struct moment last = moment(t);
  const uint64_t end = timeline_position(t);
  assert_true(end > typed);
  assert_int_equal(timeline_go(t, before), TIMELINE_THERE);
  assert_false(says(t, "one-way"));
  assert_false(timeline_input(t, "x", 1));
  assert_false(timeline_hangup(t));
  assert_false(timeline_idle(t, 1));
  assert_int_equal(timeline_idle_ticks(t), 0);
  timeline_go(t, typed);
  assert_moment(t, &then);
  timeline_go(t, 1000);
  timeline_go(t, end);
  assert_moment(t, &last);
  timeline_free(t);
}

static void what_waits_waits_again(void **state) {
  (void)state;
  struct timeline *t = shell();
  while (timeline_go(t, UINT64_MAX) != TIMELINE_IDLE) {
  }
  const struct moment prompt = moment(t);
  timeline_step(t, -1000);
  assert_int_equal(timeline_go(t, UINT64_MAX), TIMELINE_IDLE);
  assert_moment(t, &prompt);
  assert_true(timeline_idle_ticks(t) > 0);
  timeline_live(t, false);
  assert_int_equal(timeline_step(t, 1), TIMELINE_THERE);
  timeline_free(t);
}

static void a_fork_is_a_new_future(void **state) {
  (void)state;
  struct timeline *t = shell();
  while (timeline_go(t, UINT64_MAX) != TIMELINE_IDLE) {
  }
  const uint64_t prompt = timeline_position(t);
  timeline_input(t, "ls /\n", 5);
  await(t, "boot");
  const uint64_t events = timeline_events(t);
  timeline_go(t, prompt - 5);
  timeline_fork(t);
  assert_int_equal(timeline_latest(t), prompt - 5);
  assert_true(timeline_events(t) < events);
  assert_int_equal(timeline_event_at(t, UINT64_MAX), timeline_events(t));
  assert_true(timeline_input(t, "echo second\n", 12));
  await(t, "\nsecond");
  assert_false(says(t, "boot"));
  assert_int_equal(timeline_lanes(t), recorder_lanes(t->r));
  for (uint32_t i = 0; i < timeline_lanes(t); i++)
    assert_string_equal(timeline_lane(t, i)->name, recorder_lane(t->r, i)->name);
  timeline_go(t, 0);
  timeline_go(t, UINT64_MAX);
  assert_true(says(t, "\nsecond"));
  const uint64_t n = timeline_events(t);
  for (uint64_t i = 1; i <= n; i += 97) assert_int_equal(timeline_event(t, i)->event, i);
  timeline_free(t);
}

/* Records of the old future are forgotten, wherever they were kept. */
static void a_forks_events_are_its_own(void **state) {
  (void)state;
  struct timeline *t = busy_timeline(), *other = busy_timeline();
  timeline_go(t, END);
  for (uint64_t n = 1; n <= timeline_events(t); n++) assert_non_null(timeline_event(t, n));
  timeline_go(t, 6000);
  timeline_fork(t);
  timeline_go(other, 6000);
  assert_true(timeline_input(t, "new", 3) && timeline_input(other, "new", 3));
  timeline_go(t, 2 * END);
  timeline_go(other, 2 * END);
  for (uint64_t n = 1; n <= timeline_events(t); n++) {
    const struct record *r = timeline_event(t, n);
    assert_memory_equal(r, timeline_event(other, n), offsetof(struct record, step));
  }
  timeline_free(t);
  timeline_free(other);
}

static void a_machine_that_ends_has_ended(void **state) {
  (void)state;
  struct timeline *t = shell();
  while (timeline_go(t, UINT64_MAX) != TIMELINE_IDLE) {
  }
  assert_true(timeline_input(t, "exit 3\n", 7));
  enum timeline_stop stop;
  while ((stop = timeline_go(t, UINT64_MAX)) == TIMELINE_IDLE) timeline_idle(t, UINT64_MAX);
  assert_int_equal(stop, TIMELINE_END);
  assert_int_equal(machine_exit_status(timeline_machine(t)), 3);
  const struct moment end = moment(t);
  assert_int_equal(timeline_step(t, 1), TIMELINE_END);
  assert_moment(t, &end);
  assert_int_equal(timeline_step(t, -1), TIMELINE_THERE);
  assert_int_equal(timeline_step(t, 1), TIMELINE_THERE);
  assert_moment(t, &end);
  assert_int_equal(timeline_step(t, 1), TIMELINE_END);
  timeline_free(t);
}

static void a_check_stop_is_a_step(void **state) {
  (void)state;
  struct machine *m = new_machine();
  poke(m, LC_VECTOR, 0x80000000);
  PROGRAM(m, IMAGE_BASE, RRI(addi, T0, ZERO, 1), 0);
  struct timeline *t = timeline_of(m, 0, SPACING);
  assert_int_equal(timeline_go(t, 100), TIMELINE_END);
  assert_int_equal(timeline_position(t), 3);
  const uint64_t stopped = machine_hash(m);
  assert_int_equal(timeline_go(t, 2), TIMELINE_THERE);
  assert_int_not_equal(machine_hash(m), stopped);
  timeline_go(t, 3);
  assert_int_equal(machine_hash(m), stopped);
  timeline_free(t);
}

/* ---- sessions ---- */

struct file {
  char name[32];
  uint8_t *bytes;
  size_t n;
};

static struct file save(struct timeline *t) {
  struct file f = {.name = "/tmp/trapeze-session-XXXXXX"};
  struct machine_error error;
  close(mkstemp(f.name));
  assert_true(timeline_save(t, f.name, &error));
  FILE *in = fopen(f.name, "rb");
  f.bytes = malloc(64 << 20);
  f.n = fread(f.bytes, 1, 64 << 20, in);
  fclose(in);
  return f;
}

static void forget(struct file *f) {
  unlink(f->name);
  free(f->bytes);
}

static void replays_as_recorded(struct timeline *t) {
  struct machine_error error;
  struct file f = save(t);
  const uint64_t present = timeline_position(t), latest = timeline_latest(t);
  struct timeline *copy = timeline_load(f.name, NULL, &error);
  assert_non_null(copy);
  forget(&f);
  assert_int_equal(timeline_position(copy), present);
  assert_int_equal(timeline_latest(copy), latest);
  assert_int_equal(timeline_events(copy), timeline_events(t));
  for (int i = 10; i >= 0; i--) {
    timeline_go(t, timeline_start(t) + (latest - timeline_start(t)) * (uint64_t)i / 10);
    timeline_go(copy, timeline_position(t));
    const struct moment there = moment(t);
    assert_moment(copy, &there);
  }
  timeline_free(copy);
}

static void a_session_replays_anywhere(void **state) {
  (void)state;
  struct timeline *t = busy_timeline();
  timeline_go(t, 5000);
  timeline_go(t, 4000);
  replays_as_recorded(t);
  timeline_free(t);
  struct machine *m = busy_machine(); /* from the middle of a run */
  machine_run_to(m, &(struct machine_limits){UINT64_MAX, UINT64_MAX, false}, 1234);
  t = timeline_of(m, 0, SPACING);
  timeline_go(t, 5000);
  replays_as_recorded(t);
  timeline_free(t);
  t = shell();
  while (timeline_go(t, UINT64_MAX) != TIMELINE_IDLE) {
  }
  timeline_idle(t, 99);
  timeline_input(t, "ls /\n", 5);
  await(t, "bin");
  timeline_input(t, "pwd", 3);
  replays_as_recorded(t);
  timeline_free(t);
}

/* The loader's answer to the first n bytes of the file. */
static void assert_refused(struct file *f, size_t n, const char *why) {
  struct machine_error error = {""};
  FILE *out = fopen(f->name, "wb");
  assert_int_equal(fwrite(f->bytes, 1, n, out), n);
  fclose(out);
  assert_null(timeline_load(f->name, NULL, &error));
  if (!strstr(error.text, why)) fail_msg("\"%s\", expected \"%s\"", error.text, why);
}

static void damaged_sessions_are_refused(void **state) {
  (void)state;
  struct timeline *t = busy_timeline();
  struct machine_error error;
  timeline_go(t, 100);
  struct file f = save(t);
  timeline_free(t);
  assert_refused(&f, 0, "not a recorded session");
  assert_refused(&f, 20, "not a recorded session");
  assert_refused(&f, 100, "damaged or cut short");
  assert_refused(&f, f.n - 1, "damaged or cut short");
  f.bytes[f.n / 2] ^= 4;
  assert_refused(&f, f.n, "checksum");
  f.bytes[f.n / 2] ^= 4;
  f.bytes[f.n - 9] ^= 1; /* the hash of the last position */
  uint64_t sum = 0xCBF29CE484222325u;
  for (size_t i = 0; i < f.n - 8; i++) sum = (sum ^ f.bytes[i]) * 0x100000001B3u;
  memcpy(f.bytes + f.n - 8, &sum, 8);
  assert_refused(&f, f.n, "does not replay");
  f.bytes[0] = 't';
  assert_refused(&f, f.n, "not a recorded session");
  forget(&f);
  assert_null(timeline_load("/nonexistent", NULL, &error));
  assert_non_null(strstr(error.text, "/nonexistent: No such file"));
}

/* Behind the checksum nothing is believed either. */
static void any_bytes_are_survived(void **state) {
  (void)state;
  struct timeline *t = busy_timeline();
  timeline_input(t, "abc", 3);
  timeline_go(t, 100);
  struct file f = save(t);
  timeline_free(t);
  struct session session;
  struct machine_error error;
  uint64_t random = 5;
  for (int i = 0; i < 1500; i++) {
    const size_t at = next_random(&random) % (i % 2 ? 400 : f.n),
                 n = i % 3 ? f.n - 8 : next_random(&random) % f.n;
    const uint8_t was = f.bytes[at];
    f.bytes[at] ^= (uint8_t)(1 + next_random(&random) % 255);
    struct timeline *other = timeline_session_open(f.bytes, n, NULL, &session, &error);
    if (other) timeline_go(other, timeline_start(other) + 300);
    timeline_free(other);
    f.bytes[at] = was;
  }
  forget(&f);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(each_step_is_one_position),
      cmocka_unit_test(travelling_changes_nothing),
      cmocka_unit_test(travelling_through_a_vm_changes_nothing),
      cmocka_unit_test(plain_runs_agree),
      cmocka_unit_test(steps_go_both_ways),
      cmocka_unit_test(a_small_memory_is_kept_to),
      cmocka_unit_test(no_memory_is_slow_and_right),
      cmocka_unit_test(what_is_owned_is_counted),
      cmocka_unit_test(events_are_the_recorders),
      cmocka_unit_test(a_long_run_is_as_quick_as_a_short_one),
      cmocka_unit_test(each_event_is_told_once),
      cmocka_unit_test(what_the_caller_keeps_counts),
      cmocka_unit_test(events_that_wait_can_be_seen),
      cmocka_unit_test(conditions_agree_with_brute_force),
      cmocka_unit_test(conditions_at_traps_agree_with_brute_force),
      cmocka_unit_test(a_search_that_fails_ends_at_the_start),
      cmocka_unit_test(an_interrupt_ends_a_run),
      cmocka_unit_test(writers_agree_with_brute_force),
      cmocka_unit_test(only_pages_that_change_are_searched),
      cmocka_unit_test(input_is_part_of_the_past),
      cmocka_unit_test(what_waits_waits_again),
      cmocka_unit_test(a_fork_is_a_new_future),
      cmocka_unit_test(a_forks_events_are_its_own),
      cmocka_unit_test(a_machine_that_ends_has_ended),
      cmocka_unit_test(a_check_stop_is_a_step),
      cmocka_unit_test(a_session_replays_anywhere),
      cmocka_unit_test(damaged_sessions_are_refused),
      cmocka_unit_test(any_bytes_are_survived),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
