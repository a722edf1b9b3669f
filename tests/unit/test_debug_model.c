/* test_debug_model.c - the debugger's session and commands on the lecture's program, without a terminal. */
#include "debug_kit.h"
#include "normal_tlb.h"

static struct debug d;

static int open_lecture(void **state) {
  static char *argv[] = {"lecture"};
  (void)state;
  open_debug(&d, 1, 1, argv);
  return 0;
}

static int close_lecture(void **state) {
  (void)state;
  model_close(&d);
  return 0;
}

static bool run(const char *line) { return command_run_line(&d, line); }

static void test_begins_at_the_program(void **state) {
  (void)state;
  assert_true(run("goto start"));
  struct place p = model_place(&d);
  assert_string_equal(p.who.name, "vm1/lecture");
  assert_int_equal(p.regs.pc, USER_BASE);
  assert_int_equal(p.vstatus & ST_U, ST_U);
  assert_true(d.ended);
}

/* Goes to the last list of that kind and walks it; `steps` are the numbers met. */
static void walk_last(enum lecture_list kind, char *steps, uint64_t *positions, unsigned *n) {
  assert_true(run("goto end"));
  const struct list_step *s;
  do assert_true(model_list_step(&d, -1));
  while ((s = model_list_at(&d)), s->list != kind || s->step != 1 ||
                                      index_stop(&d, d.at_list_stop).event != s->list_event ||
                                      (kind == LIST_SYSCALL && timeline_event(d.t, s->list_event)->a7 == 1));
  uint64_t list = s->list_event;
  *n = 0;
  for (; s->list_event == list && s->step; s = model_list_at(&d)) {
    positions[*n] = model_position(&d);
    steps[(*n)++] = (char)('0' + s->step);
    assert_true(model_list_step(&d, 1));
  }
  steps[*n] = 0;
}

static void check_list_both_ways(enum lecture_list kind, const char *wanted) {
  char steps[32];
  uint64_t positions[32];
  unsigned n;
  walk_last(kind, steps, positions, &n);
  assert_string_equal(steps, wanted);
  while (n-- > 0) { /* and backwards, by the same places */
    assert_true(model_list_step(&d, -1));
    assert_int_equal(model_position(&d), positions[n]);
    assert_int_equal(model_list_at(&d)->step, steps[n] - '0');
  }
}

static void test_tlb_fault_both_ways(void **state) {
  (void)state;
  check_list_both_ways(LIST_TLB, "1234567");
}

static void test_system_call_both_ways(void **state) {
  (void)state;
  check_list_both_ways(LIST_SYSCALL, "11234");
}

static void test_step_four_is_before_the_trap_and_five_after(void **state) {
  char steps[32];
  uint64_t positions[32];
  unsigned n;
  (void)state;
  walk_last(LIST_TLB, steps, positions, &n);
  assert_int_equal(positions[3] + 1, positions[4]);
  assert_true(model_go(&d, positions[3]));
  struct place p = model_place(&d);
  assert_true(p.before);
  assert_int_equal(index_note(&d, p.event).cause, CAUSE_PRIVILEGED);
}

static void test_finish_resumes_what_trapped(void **state) {
  (void)state;
  assert_true(run("goto start"));
  struct place before = model_place(&d);
  assert_true(run("finish"));
  struct place after = model_place(&d);
  assert_int_equal(after.lane, before.lane);
  assert_int_equal(after.regs.pc, before.regs.pc); /* a miss: tried again */
  assert_true(run("reverse-finish"));
  assert_int_equal(model_position(&d), before.position);
}

static void test_steps_and_back(void **state) {
  struct machine_regs a, b;
  (void)state;
  assert_true(run("goto start"));
  uint64_t hash = machine_hash(d.m), position = model_position(&d);
  assert_true(run("stepi 1000"));
  machine_get_regs(d.m, &a);
  assert_true(run("reverse-stepi 1000"));
  assert_int_equal(model_position(&d), position);
  assert_true(machine_hash(d.m) == hash);
  assert_true(run("si 1000"));
  machine_get_regs(d.m, &b);
  assert_memory_equal(&a, &b, offsetof(struct machine_regs, timer) + sizeof a.timer);
  assert_true(a.tick == b.tick);
}

/* Ctrl-C while nothing is at work must not stop what comes next. */
static void test_an_interrupt_in_vain(void **state) {
  (void)state;
  assert_true(run("goto start"));
  model_interrupt();
  assert_true(run("si"));
  model_interrupt();
  assert_true(run("info traps"));
  assert_non_null(strstr(d.answer, "FETCH_MISS"));
}

static void test_breakpoints(void **state) {
  (void)state;
  assert_true(run("goto start"));
  assert_true(run("break main in vm1/lecture"));
  assert_true(run("c"));
  struct place p = model_place(&d);
  assert_string_equal(p.who.name, "vm1/lecture");
  assert_non_null(strstr(d.said, "Breakpoint 1"));
  assert_true(run("delete 1"));
  assert_true(run("break trap syscall in app depth 1"));
  assert_true(run("c"));
  p = model_place(&d);
  assert_true(p.before);
  assert_int_equal(index_note(&d, p.event).cause, CAUSE_SYSCALL);
  assert_true(run("delete"));
}

/* A search back may end where a fault has returned to: the place was reached before the fault. */
static void test_the_first_arrival(void **state) {
  (void)state;
  assert_true(run("goto start"));
  uint64_t first = model_position(&d);
  assert_true(run("break *$pc"));
  assert_true(run("finish"));
  assert_true(model_position(&d) > first);
  assert_true(stop_on_state(&d, &d.stop[0]));
  stop_first_arrival(&d, &d.stop[0]);
  assert_int_equal(model_position(&d), first);
  assert_true(run("finish"));
  assert_false(stop_on_state(&d, &d.stop[0]));
  stop_first_arrival(&d, &d.stop[0]);
  assert_true(run("si"));
  uint64_t other = model_position(&d);
  stop_first_arrival(&d, &d.stop[0]);
  assert_int_equal(model_position(&d), other);
  assert_true(run("delete"));
}

static void test_a_lane_that_nobody_is(void **state) {
  (void)state;
  assert_false(run("break main in penguin"));
  assert_non_null(strstr(d.said, "no lane `penguin`"));
  assert_true(run("break trap in penguin"));
  assert_non_null(strstr(d.said, "no such lane yet"));
  assert_true(run("break kernel_main in 'vm1 kernel'"));
  assert_null(strstr(d.said, "no such lane"));
  assert_true(run("delete"));
}

static void test_watch_forwards_and_back(void **state) {
  (void)state;
  assert_true(run("goto start"));
  assert_true(run("watch phys 0xc"));
  assert_true(run("c"));
  uint64_t first = model_position(&d);
  assert_true(run("c"));
  assert_true(run("C"));
  assert_in_range(model_position(&d), first, UINT64_MAX);
  assert_true(run("delete"));
}

static void test_wrong_commands_are_said(void **state) {
  static const char *const wrong[] = {"nosuch",
                                      "goto",
                                      "goto #999999999",
                                      "break nosuch",
                                      "break trap if",
                                      "watch",
                                      "mark 12",
                                      "'q",
                                      "info nosuch",
                                      "print nosuch",
                                      "x nosuch",
                                      "who nosuch",
                                      "export opera 1..2 x",
                                      "export svg",
                                      "predict nonsense",
                                      "step nosuch",
                                      "next 0",
                                      "stepi x",
                                      "nexti -1",
                                      "delete 99",
                                      "delete x",
                                      "expect nothing of the kind",
                                      "break in",
                                      "break depth x",
                                      "help nosuch",
                                      "screen 1",
                                      "type too early",
                                      "walk nosuch",
                                      "record",
                                      "break trap if a0 ~ 1",
                                      "break if a0 = 1",
                                      "break if a99 == 1",
                                      "break if a0 == 1 and",
                                      "break and a0 == 1",
                                      "watch a0 trap",
                                      "watch a0 in",
                                      "break 'main"};
  (void)state;
  assert_true(run("goto start"));
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    uint64_t before = model_position(&d);
    if (run(wrong[i])) fail_msg("'%s' should fail", wrong[i]);
    assert_true(d.said[0] != 0);
    assert_int_equal(model_position(&d), before);
  }
  assert_true(run(""));
  assert_true(run("# a remark"));
}

/* Any commands in any order, and every pane at odd sizes: nothing to see, but nothing breaks either. */
static void test_random_use(void **state) {
  static const char *const some[] = {"t",
                                     "T",
                                     "e",
                                     "E",
                                     "s",
                                     "S 3",
                                     "si 7",
                                     "rsi",
                                     "ni",
                                     "rni",
                                     "n 2",
                                     "n",
                                     "N",
                                     "f",
                                     "F",
                                     "y",
                                     "bt",
                                     "info locals",
                                     "a",
                                     "m a",
                                     "'a",
                                     "walk 0x10000",
                                     "x sp",
                                     "p pc",
                                     "predict on",
                                     "predict off",
                                     "info mmu",
                                     "screen 60x16",
                                     "screen 133x41",
                                     "search rfe",
                                     "who a0",
                                     "l",
                                     "L",
                                     "list",
                                     "break trap if a3 & 1",
                                     "watch a1 in vm1 ignore 1",
                                     "c",
                                     "C",
                                     "delete"};
  uint32_t seed = 1;
  (void)state;
  for (int i = 0; i < 150; i++) {
    seed = seed * 1103515245 + 12345;
    run(some[(seed >> 16) % (sizeof some / sizeof *some)]);
    d.pane = (seed >> 8) % PANES;
    d.zoom = seed >> 30 == 0;
    struct look look = {.found = i & 2 ? "vm" : NULL, .found_in = d.pane};
    look.scroll[(seed >> 3) % PANES] = (int)(seed >> 9) % 100 - 50;
    struct cells *c = cells_new((int)(seed >> 5) % 170 + 1, (int)(seed >> 13) % 60 + 1, i & 1);
    compose(&d, c, &look);
    cells_free(c);
  }
}

static void test_help_names_every_command(void **state) {
  (void)state;
  assert_true(run("help"));
  for (int c = 0; c < COMMANDS; c++) assert_non_null(strstr(d.answer, command_rows[c].name));
  size_t columns = 0;
  for (const char *p = d.answer; *p; p++) {
    columns = *p == '\n' ? 0 : columns + ((*p & 0xC0) != 0x80); /* signs have more than a byte */
    assert_in_range(columns, 0, 79);
  }
}

/* What Tab offers for the beginning of a word. */
static bool offers(const char *text, const char *wanted, bool first) {
  bool found = false;
  char *match;
  for (int state = 0; (match = command_complete(&d, text, state, first)); state++) {
    assert_int_equal(strncmp(match, text, strlen(text)), 0);
    found |= strcmp(match, wanted) == 0;
    free(match);
  }
  return found;
}

static void test_completion(void **state) {
  (void)state;
  assert_true(run("goto start"));
  assert_true(offers("rev", "reverse-step", true));
  assert_true(offers("s1", "s11", false));
  assert_true(offers("load-", "load-miss", false));
  assert_true(offers("tlb", "tlbw", false));
  assert_true(offers("vm1", "vm1 kernel", false));
  assert_true(offers("one_", "one_call_one_fault", false));
  assert_true(offers("con", "console", false));
  assert_false(offers("rev", "reverse-step", false));
}

static void test_keys_are_told_apart(void **state) {
  (void)state;
  for (int a = 0; a < COMMANDS; a++)
    for (int b = 0; b < a; b++) {
      assert_string_not_equal(command_rows[a].name, command_rows[b].name);
      if (*command_rows[a].key) assert_string_not_equal(command_rows[a].key, command_rows[b].key);
    }
}

/* The vocabulary of cause.h, whose words patterns and counters take too (test_cause). */
static void test_every_cause_makes_a_breakpoint(void **state) {
  const char *word;
  char line[64];
  (void)state;
  for (size_t i = 0; (word = cause_vocabulary(i)); i++) {
    struct cause_set set = {0};
    assert_true(cause_add(&set, word, strlen(word)));
    snprintf(line, sizeof line, "break trap %s", word);
    if (!run(line)) fail_msg("%s: %s", line, d.said);
    if (strcmp(word, "trap") == 0) set = (struct cause_set){0}; /* `break trap trap`: of any cause */
    assert_int_equal(d.stop[d.nstops - 1].causes.causes, set.causes);
    assert_true(d.stop[d.nstops - 1].causes.insns == set.insns);
    assert_false(d.stop[d.nstops - 1].located);
    if (i % 8 == 7) assert_true(run("delete"));
    assert_true(offers(word, word, false));
  }
  assert_true(run("delete"));
  assert_false(run("break trap tbl-miss"));
  assert_non_null(strstr(d.said, "Causes are tlb-miss, "));
}

/* Neither is told as the other. */
static void test_want_of_memory_is_no_interrupt(void **state) {
  (void)state;
  assert_false(model_arrived(&d, TIMELINE_NO_MEMORY));
  assert_non_null(strstr(d.said, "Memory is short"));
  assert_false(model_arrived(&d, TIMELINE_STOPPED));
  assert_string_equal(d.said, "Interrupted.");
}

int main(void) {
  NEEDS_THE_NORMAL_TLB();
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_begins_at_the_program),
      cmocka_unit_test(test_tlb_fault_both_ways),
      cmocka_unit_test(test_system_call_both_ways),
      cmocka_unit_test(test_step_four_is_before_the_trap_and_five_after),
      cmocka_unit_test(test_finish_resumes_what_trapped),
      cmocka_unit_test(test_steps_and_back),
      cmocka_unit_test(test_an_interrupt_in_vain),
      cmocka_unit_test(test_breakpoints),
      cmocka_unit_test(test_the_first_arrival),
      cmocka_unit_test(test_a_lane_that_nobody_is),
      cmocka_unit_test(test_watch_forwards_and_back),
      cmocka_unit_test(test_wrong_commands_are_said),
      cmocka_unit_test(test_random_use),
      cmocka_unit_test(test_help_names_every_command),
      cmocka_unit_test(test_completion),
      cmocka_unit_test(test_keys_are_told_apart),
      cmocka_unit_test(test_every_cause_makes_a_breakpoint),
      cmocka_unit_test(test_want_of_memory_is_no_interrupt),
  };
  return cmocka_run_group_tests(tests, open_lecture, close_lecture);
}
