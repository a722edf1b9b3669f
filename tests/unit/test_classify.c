/* test_classify.c - do the measurements behind `trapeze classify` notice what they are there to notice?
 *
 * First on real steps: what an instruction shows of its mode or place, what it changes. Then on the record of
 * a harmless step into which a fault is written by hand, since no instruction of PG32 can be had to commit
 * it. */
#include "kit.h"
#include "tools/trapeze/verify/states.h"

struct fixture {
  struct states *states;
  struct outcome a, b;
  struct trial trial;
};

static int setup(void **state) {
  struct fixture *f = calloc(1, sizeof *f);
  f->states = states_new(CPU_PG32, 5);
  assert_non_null(f->states);
  struct random r = {11};
  f->trial = trial_make(&r, PG32_add);
  *state = f;
  return 0;
}

static int teardown(void **state) {
  struct fixture *f = *state;
  states_free(f->states);
  free(f);
  return 0;
}

static void step_pair(struct fixture *f, uint32_t word, enum place p, uint32_t mode_a, enum place q,
                      uint32_t mode_b) {
  f->trial.word = word;
  states_run(f->states, &f->trial, p, mode_a, &f->a);
  states_run(f->states, &f->trial, q, mode_b, &f->b);
}

static void an_addition_shows_nothing(void **state) {
  struct fixture *f = *state;
  static const enum place places[] = {PLACE_HOME, PLACE_ASID, PLACE_FRAMES};
  for (int i = 0; i < 3; i++)
    for (uint32_t mode = 0; mode <= (ST_U | ST_IE); mode++) {
      step_pair(f, RRR(add, A0, A1, A2), PLACE_HOME, 0, places[i], mode);
      assert_null(outcome_differs(&f->a, &f->b));
      assert_null(outcome_controls(&f->b));
      assert_int_equal(f->b.after.x[A0], f->trial.x[A1] + f->trial.x[A2]);
    }
  step_pair(f, RRR(add, A0, A1, A2), PLACE_IDENTITY, 0, PLACE_REAL, 0);
  assert_null(outcome_differs(&f->a, &f->b));
}

static void mfst_shows_interrupts_asid_and_translation(void **state) {
  struct fixture *f = *state;
  uint32_t word = insn(PG32_mfst, A0, 0, 0, 0);
  step_pair(f, word, PLACE_HOME, 0, PLACE_HOME, ST_IE);
  assert_string_equal(outcome_differs(&f->a, &f->b), "a0");
  step_pair(f, word, PLACE_HOME, 0, PLACE_ASID, 0);
  assert_string_equal(outcome_differs(&f->a, &f->b), "a0");
  step_pair(f, word, PLACE_IDENTITY, 0, PLACE_REAL, 0);
  assert_string_equal(outcome_differs(&f->a, &f->b), "a0");
  step_pair(f, word, PLACE_HOME, 0, PLACE_FRAMES, 0); /* frames are not in STATUS */
  assert_null(outcome_differs(&f->a, &f->b));
  assert_null(outcome_controls(&f->a));
}

static void privileged_instructions_change_control_state(void **state) {
  struct fixture *f = *state;
  f->trial.x[A1] = ST_IE;
  f->trial.low_core[1] = 0;
  const struct {
    uint32_t word;
    const char *what;
  } rows[] = {
      {insn(PG32_mtst, 0, A1, 0, 0), "STATUS"},
      {OP(rfe), "STATUS"},
      {insn(PG32_tlbw, 0, A1, A2, 0), "the TLB"},
      {insn(PG32_tlbi, 0, A1, 0, 0), "the TLB"},
      {OP(wait), "time"},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    step_pair(f, rows[i].word, PLACE_HOME, 0, PLACE_HOME, ST_U);
    assert_string_equal(outcome_controls(&f->a), rows[i].what);
    assert_true(f->b.trapped);
    assert_int_equal(f->b.trap.cause, CAUSE_PRIVILEGED);
    assert_null(outcome_unclean(&f->b));
    assert_null(outcome_controls(&f->b));
  }
}

static void stores_stay_where_they_may_go(void **state) {
  struct fixture *f = *state;
  f->trial.x[A1] = 0x11000; /* readable and writable */
  step_pair(f, ST(sw, A0, 8, A1), PLACE_HOME, ST_U, PLACE_FRAMES, ST_U);
  assert_false(f->a.trapped);
  assert_null(outcome_differs(&f->a, &f->b));
  assert_null(outcome_escapes(&f->a));
  assert_null(outcome_escapes(&f->b));
  assert_memory_not_equal(f->a.ram_after, f->a.ram_before, STATES_RAM);
  f->trial.x[A1] = 0x13000; /* readable */
  step_pair(f, ST(sw, A0, 8, A1), PLACE_HOME, ST_U, PLACE_FRAMES, ST_U);
  assert_int_equal(f->a.trap.cause, CAUSE_STORE_PROT);
  assert_null(outcome_escapes(&f->a));
}

/* A harmless step of which one byte of memory has been changed by hand. */
static const char *check_byte(struct fixture *f, uint32_t at, const char *check(const struct outcome *o)) {
  f->a.ram_after[at] ^= 1;
  const char *said = check(&f->a);
  f->a.ram_after[at] ^= 1;
  return said;
}

static void faults_written_by_hand_are_noticed(void **state) {
  struct fixture *f = *state;
  step_pair(f, RRR(add, A0, A1, A2), PLACE_HOME, ST_U, PLACE_HOME, ST_U);
  assert_null(outcome_escapes(&f->a));
  assert_string_equal(check_byte(f, 0x40, outcome_escapes), "page 0");
  assert_string_equal(check_byte(f, LC_TIMER, outcome_controls), "the low core");
  assert_string_equal(check_byte(f, 0x13004, outcome_escapes), "a frame that it may not write");
  assert_string_equal(check_byte(f, 0x18000, outcome_escapes), "a frame that it may not write");
  assert_null(check_byte(f, 0x11004, outcome_escapes));
  f->a.after.timer--;
  assert_string_equal(outcome_controls(&f->a), "TIMER");
  f->a.after.timer++, f->a.after.tick++;
  assert_string_equal(outcome_controls(&f->a), "time");
  assert_string_equal(outcome_differs(&f->a, &f->b), "the tick");
  f->a.after.tick--, f->a.stopped = true;
  assert_string_equal(outcome_controls(&f->a), "the machine's power");
  f->a.stopped = false, f->a.after.pc += 4;
  assert_string_equal(outcome_differs(&f->a, &f->b), "PC");
  f->a.after.pc -= 4, f->a.ram_after[0x12345] ^= 1;
  assert_string_equal(outcome_differs(&f->a, &f->b), "memory");
}

static void a_trap_must_leave_nothing_behind(void **state) {
  struct fixture *f = *state;
  step_pair(f, OP(rfe), PLACE_HOME, ST_U, PLACE_HOME, ST_U);
  assert_null(outcome_unclean(&f->a));
  assert_string_equal(check_byte(f, LC_VECTOR, outcome_unclean), "memory");
  f->a.after.x[A3]++;
  assert_string_equal(outcome_unclean(&f->a), "a3");
  f->a.after.x[A3]--, f->a.tlb_after++;
  assert_string_equal(outcome_unclean(&f->a), "the TLB");
  f->a.tlb_after--, f->a.after.tick++;
  assert_string_equal(outcome_unclean(&f->a), "the tick");
  f->a.after.tick--, f->a.trap.badva++;
  assert_string_equal(outcome_differs(&f->a, &f->b), "the traps differ");
}

/* Trials are of the instruction asked for, legal, and different. */
static void trials_vary(void **state) {
  (void)state;
  struct random r = {3};
  for (unsigned id = 0; id < PG32_INSNS; id++) {
    struct trial t = trial_make(&r, (enum pg32_id)id), u = trial_make(&r, (enum pg32_id)id);
    assert_int_equal(pg32_decode(t.word).id, id);
    assert_int_equal(pg32_decode(u.word).id, id);
    assert_true(t.timer >= 2 && t.offset < PAGE_SIZE && t.offset % 4 == 0 && t.x[0] == 0);
    assert_memory_not_equal(t.x, u.x, sizeof t.x);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(an_addition_shows_nothing, setup, teardown),
      cmocka_unit_test_setup_teardown(mfst_shows_interrupts_asid_and_translation, setup, teardown),
      cmocka_unit_test_setup_teardown(privileged_instructions_change_control_state, setup, teardown),
      cmocka_unit_test_setup_teardown(stores_stay_where_they_may_go, setup, teardown),
      cmocka_unit_test_setup_teardown(faults_written_by_hand_are_noticed, setup, teardown),
      cmocka_unit_test_setup_teardown(a_trap_must_leave_nothing_behind, setup, teardown),
      cmocka_unit_test(trials_vary),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
