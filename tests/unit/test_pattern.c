/* test_pattern.c - trace patterns: what parses, what does not and where, and what matches, on events made by
 * hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "isa/pg32.h"
#include "isa/platform.h"
#include "tools/trapeze/grade/lab/pattern.h"

/* ---- lanes and events ---- */

enum { HOST, VMM, KERNEL, APP, INNER_KERNEL, INNER_APP, INIT, LANES };
static const struct role roles[LANES] = {
    [HOST] = {0, true, false},  [VMM] = {0, false, true},          [KERNEL] = {1, true, false},
    [APP] = {1, false, true},   [INNER_KERNEL] = {2, true, false}, [INNER_APP] = {2, false, false},
    [INIT] = {0, false, false},
};

static struct event trap(uint32_t from, uint32_t cause, enum verdict v) {
  struct event e = {
      .kind = RECORD_TRAP, .from = from, .to = HOST, .trap.cause = cause, .levels = roles[from].depth};
  for (unsigned l = 0; l <= e.levels; l++) e.verdict[l] = (uint8_t)v;
  if (!e.levels) e.verdict[0] = VERDICT_HOST;
  memcpy(e.done, e.verdict, sizeof e.done);
  return e;
}

static struct event insn(uint32_t from, enum pg32_id id, enum verdict v) {
  struct event e = trap(from, CAUSE_PRIVILEGED, v);
  assert_true(pg32_encode((struct pg32_insn){.id = id}, &e.trap.badinst));
  return e;
}

static struct event resume(uint32_t to) {
  return (struct event){.kind = RECORD_RESUME, .from = HOST, .to = to};
}
static struct event of_kind(enum record_kind kind) {
  return (struct event){.kind = (uint8_t)kind, .from = HOST, .to = HOST};
}

static struct event step(struct event e, enum lecture_list list, uint8_t number) {
  e.step[e.steps].list = (uint8_t)list, e.step[e.steps].step = number, e.step[e.steps].level = 1;
  e.steps++;
  return e;
}

/* A system call as the lecture has it: 6 events. */
static size_t add_call(struct event *e, size_t n) {
  e[n++] = step(trap(APP, CAUSE_SYSCALL, VERDICT_REFLECT), LIST_SYSCALL, 1);
  e[n++] = step(resume(VMM), LIST_SYSCALL, 1);
  e[n++] = step(resume(KERNEL), LIST_SYSCALL, 2);
  e[n++] = step(insn(KERNEL, PG32_rfe, VERDICT_EMULATE), LIST_SYSCALL, 3);
  e[n++] = resume(VMM);
  e[n++] = step(resume(APP), LIST_SYSCALL, 4);
  return n;
}

static struct matches find_at(const char *text, const struct event *e, size_t n, unsigned depth,
                              uint64_t want) {
  struct pattern_error error;
  struct pattern *p = pattern_parse(text, &error);
  if (!p) fail_msg("%s: column %u: %s", text, error.column, error.text);
  struct matches m = pattern_match(p, &(struct events){(struct event *)e, n, roles}, depth, want);
  pattern_free(p);
  return m;
}

static uint64_t count(const char *text, const struct event *e, size_t n) {
  return find_at(text, e, n, 1, 1).count;
}

/* ---- parsing ---- */

static void test_what_parses(void **state) {
  static const char *const good[] = {
      "[trap]",
      " [ syscall from app , reflect ] ",
      "[syscall from app, reflect, rfe from guest-os, emulate, resume app]",
      "[tlb-miss from app@2 to host-os@0, not fill, not resume vmm, tlbw, device]",
      "[tlbw-trap from guest-os, emulate, not tlb-miss]",
      "[load_miss, kill, syscall-step 4, tlb-step 7, not tlb-step 1, wait]",
      "[device-interrupt, interrupt, protection, privileged, timer, hidden]",
  };
  (void)state;
  for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
    struct pattern_error error;
    struct pattern *p = pattern_parse(good[i], &error);
    if (!p) fail_msg("%s: %u: %s", good[i], error.column, error.text);
    pattern_free(p);
  }
}

static void test_what_does_not(void **state) {
  static const struct {
    const char *text;
    unsigned column;
    const char *says;
  } bad[] = {
      {"", 1, "'['"},
      {"syscall", 1, "'['"},
      {"[]", 2, "a trap"},
      {"[syscall", 9, "']'"},
      {"[syscall] x", 11, "nothing after"},
      {"[syscal from app]", 2, "a trap"},
      {"[syscall from guest]", 15, "a lane"},
      {"[syscall from app@9]", 18, "a depth"},
      {"[syscall from app@12]", 18, "a depth"},
      {"[reflect]", 2, "follows the trap"},
      {"[resume app, reflect]", 14, "follows the trap"},
      {"[syscall, not rfe, reflect]", 20, "follows the trap"},
      {"[syscall, reflect, emulate]", 20, "one verdict"},
      {"[not rfe, syscall]", 2, "nothing comes before"},
      {"[syscall, not]", 14, "a trap"},
      {"[tlbw from guest-os]", 7, "tlbw-trap"},
      {"[syscall-step 5]", 15, "from 1 to 4"},
      {"[tlb-step 0]", 11, "from 1 to 7"},
      {"[resume]", 8, "a lane"},
      {"[syscall,,rfe]", 10, "a trap"},
      {"[add]", 2, "a trap"},
  };
  (void)state;
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    struct pattern_error error = {0};
    struct pattern *p = pattern_parse(bad[i].text, &error);
    if (p) fail_msg("'%s' parses", bad[i].text);
    if (error.column != bad[i].column || !strstr(error.text, bad[i].says))
      fail_msg("'%s': column %u: %s; expected %u: %s", bad[i].text, error.column, error.text, bad[i].column,
               bad[i].says);
  }
}

static void test_too_long(void **state) {
  char text[1000] = "[trap";
  struct pattern_error error;
  (void)state;
  for (int i = 1; i < PATTERN_ELEMENTS; i++) strcat(text, ",trap");
  size_t n = strlen(text);
  strcat(text, "]");
  struct pattern *p = pattern_parse(text, &error);
  assert_non_null(p);
  assert_int_equal(pattern_events(p), PATTERN_ELEMENTS);
  pattern_free(p);
  strcpy(text + n, ",trap]");
  assert_null(pattern_parse(text, &error));
}

static void test_words_of_elements(void **state) {
  struct pattern_error error;
  struct pattern *p = pattern_parse("[ syscall  from app,reflect, not tlbw, resume app ]", &error);
  (void)state;
  assert_non_null(p);
  assert_int_equal(pattern_events(p), 2);
  assert_string_equal(pattern_element(p, 0), "syscall  from app, reflect");
  assert_string_equal(pattern_element(p, 1), "resume app");
  pattern_free(p);
}

/* ---- matching ---- */

static const char lecture[] = "[syscall from app, reflect, rfe from guest-os, emulate, resume app]";

static void test_a_call(void **state) {
  struct event e[64];
  size_t n = add_call(e, 0);
  (void)state;
  struct matches m = find_at(lecture, e, n, 1, 1);
  assert_int_equal(m.count, 1);
  assert_int_equal(m.wanted.n, 3);
  assert_int_equal(m.wanted.at[0], 0);
  assert_int_equal(m.wanted.at[1], 3);
  assert_int_equal(m.wanted.at[2], 5);
  assert_int_equal(m.longest.n, 0);
  n = add_call(e, n);
  n = add_call(e, n);
  assert_int_equal(count(lecture, e, n), 3);
  assert_int_equal(find_at(lecture, e, n, 1, 3).wanted.at[0], 12);
  assert_int_equal(find_at(lecture, e, n, 1, 4).wanted.n, 0);
  assert_int_equal(count(lecture, e, 0), 0);
}

static void test_order_matters(void **state) {
  struct event e[] = {resume(APP), insn(KERNEL, PG32_rfe, VERDICT_EMULATE),
                      trap(APP, CAUSE_SYSCALL, VERDICT_REFLECT)};
  (void)state;
  assert_int_equal(count(lecture, e, 3), 0);
  assert_int_equal(count("[resume app, rfe, syscall]", e, 3), 1);
}

static void test_matches_do_not_overlap(void **state) {
  struct event e[] = {resume(APP), resume(APP), resume(APP)};
  (void)state;
  assert_int_equal(count("[resume app]", e, 3), 3);
  assert_int_equal(count("[resume app, resume app]", e, 3), 1);
}

/* Who, on what, what became of it. */
static void test_elements(void **state) {
  struct event e[] = {trap(APP, CAUSE_LOAD_MISS, VERDICT_REFLECT),
                      insn(KERNEL, PG32_tlbw, VERDICT_EMULATE),
                      of_kind(RECORD_TLBW),
                      trap(KERNEL, CAUSE_STORE_MISS, VERDICT_HOST),
                      of_kind(RECORD_DEVICE),
                      trap(VMM, CAUSE_SYSCALL, VERDICT_HOST),
                      trap(APP, CAUSE_DEVICE, VERDICT_HOST),
                      insn(KERNEL, PG32_wait, VERDICT_KILL)};
  (void)state;
  e[3].hidden = 1u << 1;
  static const struct {
    const char *text;
    unsigned count;
  } cases[] = {
      {"[trap]", 6},
      {"[trap from app]", 2},
      {"[trap from guest-os]", 3},
      {"[trap from vmm]", 1},
      {"[trap from host-os]", 0},
      {"[trap to host-os]", 6},
      {"[trap to app]", 0},
      {"[tlb-miss]", 2},
      {"[load-miss]", 1},
      {"[tlbw]", 1},
      {"[tlbw-trap]", 1},
      {"[tlbw-trap from app]", 0},
      {"[device]", 1},
      {"[device-interrupt]", 1},
      {"[interrupt]", 1},
      {"[privileged]", 2},
      {"[trap, reflect]", 1},
      {"[trap, host]", 3},
      {"[trap, hidden]", 1},
      {"[trap, host, not hidden]", 2},
      {"[trap, kill]", 1},
      {"[trap, not host]", 3},
      {"[trap, not host, not kill]", 2},
      {"[tlb-miss from app, reflect, tlbw-trap, emulate]", 1},
      {"[tlb-miss from app, emulate, tlbw-trap]", 0},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    uint64_t is = count(cases[i].text, e, sizeof e / sizeof *e);
    if (is != cases[i].count)
      fail_msg("%s: %llu, expected %u", cases[i].text, (unsigned long long)is, cases[i].count);
  }
}

static void test_verdicts_on_wrong_vmms(void **state) {
  struct event e[] = {trap(APP, CAUSE_STORE_PROT, VERDICT_WRONG), insn(KERNEL, PG32_rfe, VERDICT_OTHER),
                      trap(APP, CAUSE_SYSCALL, VERDICT_REFLECT)};
  (void)state;
  assert_int_equal(count("[trap, wrong]", e, 3), 1);
  assert_int_equal(count("[protection from app, wrong]", e, 3), 1);
  assert_int_equal(count("[trap, other]", e, 3), 1);
  assert_int_equal(count("[trap, hidden]", e, 3), 0);
  assert_int_equal(count("[trap, not wrong]", e, 3), 2);
  e[0].done[1] = VERDICT_REFLECT; /* but for a detail */
  assert_int_equal(count("[trap, reflect]", e, 3), 2);
  assert_int_equal(count("[trap, wrong]", e, 3), 1);
}

/* app, guest-os, ... are those of the trace's depth; @N names another;
 * a verdict is that of the level meant. */
static void test_depths(void **state) {
  struct event e = trap(INNER_APP, CAUSE_SYSCALL, VERDICT_REFLECT);
  (void)state;
  e.verdict[1] = e.done[1] = VERDICT_FILL;
  assert_int_equal(find_at("[syscall from app]", &e, 1, 1, 1).count, 0);
  assert_int_equal(find_at("[syscall from app]", &e, 1, 2, 1).count, 1);
  assert_int_equal(find_at("[syscall from app@2]", &e, 1, 1, 1).count, 1);
  assert_int_equal(find_at("[syscall from app@2, reflect]", &e, 1, 1, 1).count, 1);
  assert_int_equal(find_at("[syscall, fill]", &e, 1, 1, 1).count, 1);
  assert_int_equal(find_at("[syscall, reflect]", &e, 1, 1, 1).count, 0);
  assert_int_equal(find_at("[syscall, reflect]", &e, 1, 2, 1).count, 1);
  struct event vmm = resume(APP); /* a process of depth 1 that has called vm_run is the VMM of depth 2 */
  assert_int_equal(find_at("[resume vmm]", &vmm, 1, 2, 1).count, 1);
  assert_int_equal(find_at("[resume vmm]", &vmm, 1, 1, 1).count, 0);
  struct event other = resume(INIT); /* another process beside the VMM */
  assert_int_equal(find_at("[resume vmm]", &other, 1, 1, 1).count, 0);
}

static void test_not_in_a_gap(void **state) {
  struct event e[64];
  size_t n = 0;
  (void)state;
  e[n++] = trap(APP, CAUSE_SYSCALL, VERDICT_REFLECT);
  e[n++] = of_kind(RECORD_TLBW);
  e[n++] = resume(APP);
  assert_int_equal(count("[syscall, resume app]", e, n), 1);
  assert_int_equal(count("[syscall, not tlbw, resume app]", e, n), 0);
  struct matches m = find_at("[syscall, not tlbw, resume app]", e, n, 1, 1);
  assert_int_equal(m.longest.n, 1);
  assert_true(m.stopped);
  assert_int_equal(m.stopper, 1);
  /* a later beginning has no tlbw behind it */
  e[n++] = trap(APP, CAUSE_SYSCALL, VERDICT_REFLECT);
  e[n++] = resume(APP);
  assert_int_equal(count("[syscall, not tlbw, resume app]", e, n), 1);
  /* of two beginnings the later one counts, the gap of which is free */
  struct event two[] = {trap(APP, CAUSE_SYSCALL, VERDICT_REFLECT), of_kind(RECORD_TLBW),
                        trap(APP, CAUSE_SYSCALL, VERDICT_REFLECT), resume(APP)};
  m = find_at("[syscall, not tlbw, resume app]", two, 4, 1, 1);
  assert_int_equal(m.count, 1);
  assert_int_equal(m.wanted.at[0], 2);
  /* the events on both sides are not between */
  assert_int_equal(count("[syscall, not syscall, not resume app, resume app]", e, n), 2);
}

static void test_not_at_the_end(void **state) {
  struct event e[] = {trap(APP, CAUSE_SYSCALL, VERDICT_REFLECT), resume(APP),
                      trap(APP, CAUSE_SYSCALL, VERDICT_KILL)};
  (void)state;
  assert_int_equal(count("[syscall, not resume app]", e, 2), 0);
  assert_int_equal(count("[syscall, not resume app]", e, 3), 1);
  struct matches m = find_at("[syscall, not resume app]", e, 2, 1, 1);
  assert_int_equal(m.longest.n, 1);
  assert_true(m.stopped);
  assert_int_equal(m.stopper, 1);
}

/* One event can be several steps; a step can be the event before it in the pattern,
 * another element cannot. */
static void test_steps(void **state) {
  struct event e[16];
  size_t n = 0;
  (void)state;
  e[n++] = step(trap(APP, CAUSE_LOAD_MISS, VERDICT_REFLECT), LIST_TLB, 1);
  e[n++] = step(resume(VMM), LIST_TLB, 2);
  e[n++] = step(resume(KERNEL), LIST_TLB, 3);
  e[n++] = step(step(insn(KERNEL, PG32_tlbw, VERDICT_EMULATE), LIST_TLB, 4), LIST_TLB, 5);
  e[n++] = step(resume(VMM), LIST_TLB, 6);
  e[n++] = step(resume(KERNEL), LIST_TLB, 7);
  const char *all = "[tlb-step 1, tlb-step 2, tlb-step 3, tlb-step 4, tlb-step 5, tlb-step 6, tlb-step 7]";
  struct matches m = find_at(all, e, n, 1, 1);
  assert_int_equal(m.count, 1);
  assert_int_equal(m.wanted.at[3], 3);
  assert_int_equal(m.wanted.at[4], 3);
  assert_int_equal(m.wanted.at[5], 4);
  assert_int_equal(find_at(all, e, n, 2, 1).count, 0); /* another level's list */
  assert_int_equal(count("[tlbw-trap, tlb-step 5]", e, n), 1);
  assert_int_equal(count("[tlb-step 5, tlbw-trap]", e, n), 0);
  assert_int_equal(count("[tlb-step 5, tlb-step 4]", e, n), 1); /* the same event: no order */
  assert_int_equal(count("[syscall-step 1]", e, n), 0);
}

static void test_the_longest_beginning(void **state) {
  struct event e[64];
  size_t n = add_call(e, 0);
  (void)state;
  size_t second = n;
  e[n++] = trap(APP, CAUSE_SYSCALL, VERDICT_REFLECT);
  e[n++] = insn(KERNEL, PG32_rfe, VERDICT_EMULATE);
  e[n++] = resume(KERNEL);
  struct matches m = find_at(lecture, e, n, 1, 2);
  assert_int_equal(m.count, 1);
  assert_int_equal(m.longest.n, 2);
  assert_int_equal(m.longest.at[0], second);
  assert_int_equal(m.longest.at[1], second + 1);
  assert_false(m.stopped);
  e[n++] = trap(APP, CAUSE_SYSCALL, VERDICT_REFLECT); /* one as long, later */
  e[n++] = insn(KERNEL, PG32_rfe, VERDICT_EMULATE);
  assert_int_equal(find_at(lecture, e, n, 1, 2).longest.at[0], second);
  m = find_at("[hcall, rfe]", e, n, 1, 1);
  assert_int_equal(m.longest.n, 0);
}

/* A long trace with many beginnings takes one pass, not one for each. */
static void test_one_pass(void **state) {
  enum { MANY = 200000 };
  struct event *e = malloc(MANY * sizeof *e);
  (void)state;
  assert_non_null(e);
  for (size_t i = 0; i < MANY; i++) e[i] = trap(APP, CAUSE_SYSCALL, VERDICT_REFLECT);
  assert_int_equal(count("[syscall, syscall, syscall, syscall, not syscall, rfe]", e, MANY), 0);
  assert_int_equal(count("[syscall, syscall]", e, MANY), MANY / 2);
  free(e);
}

/* ---- words ---- */

static void test_exact_words(void **state) {
  static const char *const exact[] = {"syscall",   "load-miss", "rfe",
                                      "tlbw-trap", "timer",     "device-interrupt"};
  static const char *const not_exact[] = {"trap", "tlb-miss", "privileged", "interrupt",
                                          "add",  "",         "reflect"};
  (void)state;
  for (size_t i = 0; i < 6; i++) assert_true(trap_word_exact(exact[i], strlen(exact[i])));
  for (size_t i = 0; i < 7; i++) assert_false(trap_word_exact(not_exact[i], strlen(not_exact[i])));
}

/* Each trap has a word, and the word names it. */
static void test_every_trap_has_a_word(void **state) {
  (void)state;
  for (uint32_t c = 1; c < PG32_CAUSES; c++) {
    struct event e = trap(APP, c, VERDICT_REFLECT);
    char text[64];
    snprintf(text, sizeof text, "[%s]", trap_word(&e));
    assert_int_equal(count(text, &e, 1), 1);
    e.trap.cause = c == CAUSE_TIMER ? CAUSE_BREAK : CAUSE_TIMER;
    assert_int_equal(count(text, &e, 1), 0);
  }
  for (unsigned id = 0; id < PG32_INSNS; id++) {
    char text[64];
    if (pg32_row((enum pg32_id)id)->class != PG32_PRIVILEGED) continue;
    struct event e = insn(KERNEL, (enum pg32_id)id, VERDICT_EMULATE);
    snprintf(text, sizeof text, "[%s]", trap_word(&e));
    assert_int_equal(count(text, &e, 1), 1);
  }
}

static void test_record_and_back(void **state) {
  static struct record rec = {.kind = RECORD_TRAP,
                              .event = 7,
                              .tick = 9,
                              .retired = 8,
                              .from = APP,
                              .to = HOST,
                              .trap.cause = CAUSE_SYSCALL,
                              .trap.badva = 1,
                              .trap.badinst = 2,
                              .a7 = 3,
                              .levels = 2,
                              .verdict = {VERDICT_HOST, VERDICT_HOST, VERDICT_REFLECT},
                              .hidden_fill = {false, true},
                              .injected = {false, false, true},
                              .steps = 1,
                              .step = {{.list = LIST_TLB, .step = 3, .level = 2}}};
  struct event e;
  (void)state;
  assert_true(event_of(&rec, &e));
  struct record back = event_record(&e);
  assert_int_equal(back.event, 7);
  assert_int_equal(back.a7, 3);
  assert_int_equal(back.verdict[2], VERDICT_REFLECT);
  assert_true(back.hidden_fill[1] && !back.hidden_fill[2] && back.injected[2] && !back.injected[1]);
  assert_int_equal(back.step[0].step, 3);
  rec.kind = RECORD_MARK;
  assert_false(event_of(&rec, &e));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_what_parses),
      cmocka_unit_test(test_what_does_not),
      cmocka_unit_test(test_too_long),
      cmocka_unit_test(test_words_of_elements),
      cmocka_unit_test(test_a_call),
      cmocka_unit_test(test_order_matters),
      cmocka_unit_test(test_matches_do_not_overlap),
      cmocka_unit_test(test_elements),
      cmocka_unit_test(test_verdicts_on_wrong_vmms),
      cmocka_unit_test(test_depths),
      cmocka_unit_test(test_not_in_a_gap),
      cmocka_unit_test(test_not_at_the_end),
      cmocka_unit_test(test_steps),
      cmocka_unit_test(test_the_longest_beginning),
      cmocka_unit_test(test_one_pass),
      cmocka_unit_test(test_exact_words),
      cmocka_unit_test(test_every_trap_has_a_word),
      cmocka_unit_test(test_record_and_back),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
