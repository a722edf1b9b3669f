/* test_notes.c - the debugger's notes: whatever is packed, dropped, made again or taken back, each answer is that of
 * an array of all notes. And bytes that were squeezed come out again. */
#include "debug_kit.h"

enum { ALL = 120000, LANES = 100 };

static struct note all[ALL + 1]; /* [0]: none */
static struct note_step steps[ALL + 1][RECORD_STEPS];
static uint64_t last_event; /* the events are 1 to that */
static uint64_t made_again;

static uint32_t seed;
static uint32_t below(uint32_t n) {
  seed = seed * 1664525u + 1013904223u;
  return (uint32_t)((uint64_t)seed * n >> 32);
}

/* Most notes repeat, as those of a program that makes system calls; some hold anything. */
static void invent(uint64_t event) {
  const bool rare = below(20) == 0, far = below(1000) == 0;
  struct note n = {.position = all[event - 1].position + (rare ? below(1000) : event % 13),
                   .from = rare ? below(LANES) : event % 4,
                   .to = rare ? below(LANES) : event % 3,
                   .kind = (uint8_t)(rare        ? below(RECORD_END)
                                     : event % 2 ? RECORD_TRAP
                                                 : RECORD_RESUME),
                   .verdict = (uint8_t)below(rare ? 9 : 1),
                   .cause = (uint8_t)(event % 5),
                   .insn = PG32_ILLEGAL,
                   .slot = (uint8_t)below(rare ? 256 : 1),
                   .hi = rare ? below(UINT32_MAX) : event % 3,
                   .lo = rare ? below(UINT32_MAX) : 0,
                   .steps = (uint8_t)(event / 30000 % 2 ? below(5) : 0)};
  if (far) n.position += 1ull << (20 + below(36));
  if (n.kind == RECORD_RESUME && event > 50) n.resumes = event - 1 - below(50);
  all[event] = n;
  for (unsigned i = 0; i < n.steps; i++)
    steps[event][i] = (struct note_step){event - below(event > 60 ? 60 : 1), (uint8_t)below(8), 1, 1};
}

static bool again(void *arg, uint64_t event, struct note *note, struct note_step step[RECORD_STEPS]) {
  (void)arg;
  made_again++;
  if (event > last_event) return false; /* it has been forgotten */
  *note = all[event];
  memcpy(step, steps[event], sizeof steps[event]);
  return true;
}

static void add_to(struct notes *n, uint64_t end) {
  while (last_event < end) {
    invent(++last_event);
    notes_add(n, &all[last_event], steps[last_event]);
  }
}

static void assert_note(struct notes *n, uint64_t event) {
  struct note_step step[RECORD_STEPS];
  const struct note got = notes_get(n, event, step), *wanted = &all[event];
  assert_memory_equal(&got, wanted, offsetof(struct note, steps) + 1);
  for (unsigned i = 0; i < got.steps; i++) {
    assert_int_equal(step[i].list_event, steps[event][i].list_event);
    assert_int_equal(step[i].step, steps[event][i].step);
  }
}

static bool is_it(uint64_t e, const struct note_wanted *w) {
  return w->kinds >> all[e].kind & 1 && (w->from == NOTES_ANY || all[e].from == w->from) &&
         (w->to == NOTES_ANY || all[e].to == w->to) && (!w->steps || all[e].steps);
}

static void assert_found(struct notes *n, uint64_t from, const struct note_wanted *w) {
  uint64_t e = from, f = from;
  while (e && !is_it(e, w)) e--;
  assert_int_equal(notes_last(n, from, w), e);
  while (f && f <= last_event && !is_it(f, w)) f++;
  assert_int_equal(notes_first(n, from, w), f > last_event ? 0 : f);
}

static void assert_answers(struct notes *n, int looks) {
  assert_int_equal(notes_count(n), last_event);
  for (int i = 0; i < looks; i++) {
    const uint64_t e = 1 + below((uint32_t)last_event), p = all[e].position + below(3);
    assert_note(n, e);
    uint64_t before = e;
    while (before < last_event && all[before + 1].position < p) before++;
    while (before && all[before].position >= p) before--;
    assert_int_equal(notes_before(n, p), before);
    assert_found(n, e, &(struct note_wanted){1 << RECORD_TRAP, below(LANES), NOTES_ANY, false});
    assert_found(n, e, &(struct note_wanted){1 << RECORD_RESUME, NOTES_ANY, below(LANES), false});
    assert_found(n, e,
                 &(struct note_wanted){1 << RECORD_TLBW | 1 << RECORD_MARK, NOTES_ANY, NOTES_ANY, false});
    assert_found(n, e, &(struct note_wanted){UINT32_MAX, NOTES_ANY, NOTES_ANY, true});
  }
}

static struct notes *begin(size_t most) {
  seed = 7, last_event = made_again = 0;
  return notes_new(most, again, NULL);
}

static void each_note_comes_back(size_t most, bool remade) {
  struct notes *n = begin(most);
  for (uint64_t end = 1000; end <= ALL; end += 17000) {
    add_to(n, end);
    assert_answers(n, 30);
  }
  for (uint64_t e = 1; e <= last_event; e += remade ? 1009 : 1) assert_note(n, e);
  assert_int_equal(notes_get(n, 0, NULL).kind, NO_NOTE);
  assert_int_equal(notes_get(n, last_event + 1, NULL).kind, NO_NOTE);
  assert_int_equal(made_again != 0, remade);
  notes_free(n);
}

static void packed_notes_come_back(void **state) {
  (void)state;
  each_note_comes_back(SIZE_MAX, false);
}

static void dropped_notes_are_made_again(void **state) {
  (void)state;
  each_note_comes_back(1, true);
  each_note_comes_back(50000, true);
}

static void notes_can_be_taken_back(void **state) {
  (void)state;
  for (int round = 0; round < 2; round++) {
    struct notes *n = begin(round ? 30000 : SIZE_MAX);
    for (int i = 0; i < 12; i++) {
      add_to(n, last_event + 1 + below((uint32_t)(ALL - last_event)));
      assert_answers(n, 5);
      for (uint64_t e = last_event % 61 + 1; e <= last_event; e += 61) assert_note(n, e);
      last_event -= below(i % 3 ? 5000 : (uint32_t)last_event);
      notes_cut(n, last_event);
      assert_answers(n, last_event ? 5 : 0);
    }
    notes_cut(n, last_event = 0);
    add_to(n, ALL);
    const uint64_t made = made_again;
    assert_note(n, 1);
    assert_int_equal(made_again != made, round); /* old notes are dropped as before */
    assert_answers(n, 20);
    notes_free(n);
  }
}

/* Notes of a program that repeats itself take a byte or two; packed ones never more than their share. */
static void notes_are_small(void **state) {
  (void)state;
  struct notes *n = begin(SIZE_MAX);
  const size_t empty = notes_bytes(n);
  for (uint64_t e = 1; e <= 2000000; e++) {
    const struct note note = {.position = e * 70, .from = e % 4, .to = e % 3, .kind = RECORD_TRAP};
    notes_add(n, &note, NULL);
  }
  assert_true(notes_bytes(n) - empty < 6000000); /* 4 MB are of those that are not packed */
  notes_free(n);
  n = begin(20000);
  add_to(n, ALL);
  const size_t bytes = notes_bytes(n);
  notes_free(n);
  n = begin(SIZE_MAX);
  add_to(n, ALL);
  assert_true(notes_bytes(n) > bytes + 40000);
  notes_free(n);
}

static void squeezed_bytes_come_out_again(void **state) {
  (void)state;
  enum { MOST = 70000 };
  static uint8_t in[MOST], squeezed[SQUEEZED_MOST(MOST)], out[MOST];
  static const uint32_t letters[] = {1, 2, 7, 256};
  seed = 3;
  for (int i = 0; i < 400; i++) {
    const size_t n = i < 40 ? (size_t)i : below(i % 10 ? 300 : MOST);
    const uint32_t kinds = letters[i % 4], period = 1 + below(50);
    for (size_t k = 0; k < n; k++) in[k] = k < period || i % 3 == 0 ? (uint8_t)below(kinds) : in[k - period];
    const size_t used = squeeze(in, n, squeezed);
    assert_true(used <= SQUEEZED_MOST(n));
    memset(out, 0xEE, n);
    assert_int_equal(unsqueeze(squeezed, used, out), n);
    assert_memory_equal(in, out, n);
    if (n > 5000 && kinds == 1) assert_true(used < 20);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(packed_notes_come_back),        cmocka_unit_test(dropped_notes_are_made_again),
      cmocka_unit_test(notes_can_be_taken_back),       cmocka_unit_test(notes_are_small),
      cmocka_unit_test(squeezed_bytes_come_out_again),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
