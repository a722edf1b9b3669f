/* test_no_memory.c - a timeline answers that memory is short, and goes on when there is more.
 *
 * The linker passes each allocation of the libraries through the functions below (--wrap, in the Makefile),
 * which let a number of them through and refuse the next one, or all after it. Each operation is tried with
 * every such number until it gets by without a refusal. After each try memory is there again, and the
 * timeline must come to the same end as one that never lacked any. */
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#include "machine/timeline/internal.h"
#include "timeline_kit.h"

#define SPACING 400
#define MIDDLE 1500
#define END 3000

/* ---- memory that runs short ---- */

static long let_through = LONG_MAX; /* allocations, before the first that is refused */
static bool once;                   /* refuse one, not all after it */
static long refused;

static bool refuse(void) {
  if (let_through-- > 0) return false;
  let_through = once ? LONG_MAX : 0;
  refused++;
  return true;
}

void *__real_malloc(size_t n);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t n);
void *__wrap_malloc(size_t n) { return refuse() ? NULL : __real_malloc(n); }
void *__wrap_calloc(size_t n, size_t size) { return refuse() ? NULL : __real_calloc(n, size); }
void *__wrap_realloc(void *p, size_t n) { return refuse() ? NULL : __real_realloc(p, n); }

static void starve(long after) {
  let_through = after;
  refused = 0;
}
static void feed(void) { let_through = LONG_MAX; }

/* ---- what must come out ---- */

static struct expected {
  uint64_t hash, events, last_store;
  uint32_t lanes;
  size_t output;
  struct record *record;
} expected;

/* Its kernel names a new process at each interrupt, so that the recorder needs memory, too. */
static struct machine *naming_machine(void) {
  const uint32_t marks = insn(PG32_mark, 0, A0, A1, MARK_PROC);
  struct machine *m = busy_machine();
  uint32_t at = HANDLER;
  while (peek(m, at) != marks) at += 4;
  poke(m, at, insn(PG32_mark, 0, A1, A1, MARK_NAME));
  return m;
}

static struct timeline *busy_timeline(uint64_t position) {
  struct timeline *t = timeline_new(naming_machine(), NULL);
  assert_non_null(t);
  t->spacing = SPACING;
  assert_int_equal(timeline_go(t, position), TIMELINE_THERE);
  return t;
}

static int remember(void **state) {
  (void)state;
  struct timeline *t = busy_timeline(END);
  expected = (struct expected){.hash = machine_hash(t->m), .events = timeline_events(t)};
  expected.lanes = timeline_lanes(t);
  timeline_output(t, &expected.output);
  expected.record = calloc(expected.events, sizeof *expected.record);
  for (uint64_t n = 1; n <= expected.events; n++) {
    const struct record *r = timeline_event(t, n);
    memcpy(&expected.record[n - 1], r, recorder_record_size(r));
  }
  assert_int_equal(timeline_last_store(t, 0x100, &expected.last_store), TIMELINE_THERE);
  timeline_free(t);
  return 0;
}

static int forget(void **state) {
  (void)state;
  free(expected.record);
  return 0;
}

/* The whole run, events and output are as they would have been. */
static void assert_whole(struct timeline *t) {
  size_t output;
  assert_int_equal(timeline_go(t, END), TIMELINE_THERE);
  assert_int_equal(machine_hash(t->m), expected.hash);
  assert_int_equal(timeline_events(t), expected.events);
  assert_int_equal(timeline_lanes(t), expected.lanes);
  timeline_output(t, &output);
  assert_int_equal(output, expected.output);
  assert_false(recorder_short_of_memory(t->r));
  for (uint64_t n = 1; n <= expected.events; n++) {
    const struct record *r = timeline_event(t, n);
    assert_non_null(r);
    assert_memory_equal(r, &expected.record[n - 1], recorder_record_size(r));
  }
  assert_int_equal(timeline_go(t, MIDDLE), TIMELINE_THERE);
  assert_int_equal(timeline_go(t, END), TIMELINE_THERE);
  assert_int_equal(machine_hash(t->m), expected.hash);
}

/* ---- operations ---- */

/* Starts at `from`. Returns false if it says that memory was short; else it checks its answer. */
struct operation {
  uint64_t from;
  bool (*done)(struct timeline *t);
};

static bool there(struct timeline *t, enum timeline_stop stop, uint64_t position) {
  if (stop == TIMELINE_NO_MEMORY) return false;
  assert_int_equal(stop, TIMELINE_THERE);
  assert_int_equal(timeline_position(t), position);
  assert_int_equal(t->log.next, t->log.n); /* what is not typed now is not typed later */
  return true;
}

static bool run_on(struct timeline *t) { return there(t, timeline_go(t, END), END); }
static bool go_back(struct timeline *t) { return there(t, timeline_go(t, MIDDLE), MIDDLE); }
static bool step_back(struct timeline *t) { return there(t, timeline_step(t, -1), END - 1); }

static bool writes_tlb(void *arg, struct machine *m, struct recorder *r) {
  (void)arg, (void)r;
  return pg32_decode(peek(m, regs(m).pc)).id == PG32_tlbw && regs(m).x[A1] > 700;
}

static bool search_ahead(struct timeline *t) {
  const struct timeline_condition c = {.holds = writes_tlb};
  const enum timeline_stop stop = timeline_forward(t, &c, END);
  assert_true(stop == TIMELINE_HIT || stop == TIMELINE_NO_MEMORY);
  return stop == TIMELINE_HIT;
}

static bool search_back(struct timeline *t) {
  const struct timeline_condition c = {.holds = writes_tlb};
  const enum timeline_stop stop = timeline_backward(t, &c);
  assert_true(stop == TIMELINE_HIT || stop == TIMELINE_NO_MEMORY);
  return stop == TIMELINE_HIT;
}

static bool last_writer(struct timeline *t) {
  uint64_t position = 0;
  const enum timeline_stop stop = timeline_last_store(t, 0x100, &position);
  if (stop == TIMELINE_NO_MEMORY) return false;
  assert_int_equal(stop, TIMELINE_THERE);
  assert_int_equal(position, expected.last_store);
  assert_int_equal(timeline_position(t), END);
  return true;
}

/* Nobody has written that word: all of the past is searched. */
static bool no_writer(struct timeline *t) {
  uint64_t position = 0;
  const enum timeline_stop stop = timeline_last_store(t, RAM_BYTES - 4, &position);
  if (stop == TIMELINE_NO_MEMORY) return false;
  assert_int_equal(stop, TIMELINE_START);
  assert_int_equal(timeline_position(t), END);
  return true;
}

/* The first events have left those that are kept: they are made again. */
static bool look_at_event(struct timeline *t) {
  t->events.recent[1].event = 0;
  const struct record *r = timeline_event(t, 1);
  if (r) assert_memory_equal(r, &expected.record[0], recorder_record_size(r));
  return r;
}

/* Input would change the run, so it is forgotten again. */
static bool type(struct timeline *t) {
  char text[100] = {0};
  const uint64_t position = timeline_position(t);
  const bool typed = timeline_input(t, text, sizeof text);
  feed();
  assert_int_equal(timeline_position(t), position);
  assert_int_equal(t->log.next, t->log.n); /* what is not typed now is not typed later */
  assert_int_equal(timeline_go(t, MIDDLE - 200), TIMELINE_THERE);
  timeline_fork(t);
  return typed;
}

static bool save(struct timeline *t) {
  struct machine_error error;
  char name[] = "/tmp/trapeze-session-XXXXXX";
  close(mkstemp(name));
  const bool saved = timeline_save(t, name, &error);
  feed();
  unlink(name);
  if (!saved) assert_string_equal(error.text, "memory is short");
  return saved;
}

/* ---- each of them, with each allocation refused ---- */

/* After `after` allocations; false when none was refused. */
static bool attempt(const struct operation *o, long after, unsigned *said) {
  struct timeline *t = busy_timeline(o->from);
  starve(after);
  const bool done = o->done(t);
  const bool was_refused = refused;
  feed();
  if (!done) assert_true(was_refused);
  *said += !done;
  assert_whole(t);
  timeline_free(t);
  return was_refused;
}

static void try_all(const struct operation *o) {
  unsigned said = 0;
  feed(); /* should the test before have failed */
  for (once = false;; once = true) {
    for (long after = 0; attempt(o, after, &said); after += 1 + after / 24) {
    }
    if (once) break;
  }
  assert_true(said > 0);
}

#define TEST(name, start, does)                                      \
  static void name(void **state) {                                   \
    (void)state;                                                     \
    try_all(&(const struct operation){.from = start, .done = does}); \
  }
TEST(a_run_says_so, 0, run_on)
TEST(a_run_goes_on_saying_so, MIDDLE, run_on)
TEST(travelling_back_says_so, END, go_back)
TEST(a_step_back_says_so, END, step_back)
TEST(a_search_says_so, 0, search_ahead)
TEST(a_search_back_says_so, END, search_back)
TEST(the_last_writer_says_so, END, last_writer)
TEST(a_search_for_no_writer_says_so, END, no_writer)
TEST(an_event_is_not_there, END, look_at_event)
TEST(input_is_not_taken, MIDDLE, type)
TEST(a_session_is_not_saved, MIDDLE, save)

static void a_timeline_is_not_made(void **state) {
  (void)state;
  feed();
  struct machine *m = naming_machine();
  struct timeline *t = NULL;
  once = false;
  for (long after = 0; !t; after += 1 + after / 24) {
    starve(after);
    t = timeline_new(m, NULL);
    feed();
    if (!t) assert_true(refused);
  }
  t->spacing = SPACING;
  assert_whole(t);
  timeline_free(t);
}

static void a_session_is_not_loaded(void **state) {
  (void)state;
  char name[] = "/tmp/trapeze-session-XXXXXX";
  struct machine_error error;
  feed();
  struct timeline *t = busy_timeline(MIDDLE), *again = NULL;
  close(mkstemp(name));
  assert_true(timeline_save(t, name, &error));
  timeline_free(t);
  for (long after = 0; !again; after += 1 + after / 24) {
    starve(after);
    again = timeline_load(name, NULL, &error);
    feed();
    if (!again) assert_non_null(strstr(error.text, "memory is short"));
  }
  unlink(name);
  assert_whole(again);
  timeline_free(again);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_run_says_so),           cmocka_unit_test(a_run_goes_on_saying_so),
      cmocka_unit_test(travelling_back_says_so), cmocka_unit_test(a_step_back_says_so),
      cmocka_unit_test(a_search_says_so),        cmocka_unit_test(a_search_back_says_so),
      cmocka_unit_test(the_last_writer_says_so), cmocka_unit_test(a_search_for_no_writer_says_so),
      cmocka_unit_test(an_event_is_not_there),   cmocka_unit_test(input_is_not_taken),
      cmocka_unit_test(a_session_is_not_saved),  cmocka_unit_test(a_timeline_is_not_made),
      cmocka_unit_test(a_session_is_not_loaded),
  };
  return cmocka_run_group_tests(tests, remember, forget);
}
