/* test_cause.c - the words for causes of traps: the same in patterns and counters, and as TRACE.md lists
 * them. (test_debug_model has them in the debugger, trace.t on the command line.) */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "tools/trapeze/cause.h"
#include "tools/trapeze/grade/lab/counter.h"
#include "tools/trapeze/grade/lab/pattern.h"

static struct cause_set set_of(const char *word) {
  struct cause_set set = {0};
  if (!cause_add(&set, word, strlen(word))) fail_msg("'%s' is no cause", word);
  return set;
}

static bool equal(struct cause_set a, struct cause_set b) {
  return a.causes == b.causes && a.insns == b.insns;
}

/* As pg32.def spells names: upper case, with _. */
static void shout(const char *word, char *buf) {
  for (; *word; word++) *buf++ = *word == '-' ? '_' : (char)(*word >= 'a' ? *word - 32 : *word);
  *buf = 0;
}

static void test_one_parser(void **state) {
  const char *word;
  char loud[32], text[64], why[320];
  (void)state;
  for (size_t i = 0; (word = cause_vocabulary(i)); i++) {
    shout(word, loud);
    assert_true(equal(set_of(word), set_of(loud)));
    for (int spelling = 0; spelling < 2; spelling++) {
      struct pattern_error error;
      snprintf(text, sizeof text, "[%s from app]", spelling ? loud : word);
      struct pattern *p = pattern_parse(text, &error);
      if (!p) fail_msg("pattern %s: %s", text, error.text);
      pattern_free(p);
      snprintf(text, sizeof text, "exits.%s", spelling ? loud : word);
      if (!counter_good(text, why, sizeof why)) fail_msg("%s", why);
    }
  }
}

static void test_every_cause_and_privileged_instruction(void **state) {
  (void)state;
  for (uint32_t c = 1; c < PG32_CAUSES; c++) {
    struct cause_set set = set_of(pg32_cause_name(c));
    for (uint32_t other = 1; other < PG32_CAUSES; other++)
      assert_int_equal(cause_has(&set, other, PG32_ILLEGAL), other == c);
    if (c != CAUSE_PRIVILEGED) assert_string_equal(cause_only(&set), cause_word(c, PG32_ILLEGAL));
  }
  for (enum pg32_id id = 0; id < PG32_INSNS; id++) {
    struct cause_set set = {0};
    const char *name = pg32_row(id)->name;
    if (pg32_row(id)->class != PG32_PRIVILEGED) {
      assert_true(!cause_add(&set, name, strlen(name)) || pg32_row(id)->class == PG32_TRAPPING);
      continue;
    }
    set = set_of(name);
    assert_true(cause_has(&set, CAUSE_PRIVILEGED, id));
    assert_false(cause_has(&set, CAUSE_PRIVILEGED, PG32_ILLEGAL));
    assert_false(cause_has(&set, CAUSE_SYSCALL, id));
    assert_string_equal(cause_only(&set), cause_word(CAUSE_PRIVILEGED, id));
  }
}

static void test_groups(void **state) {
  struct cause_set set = {0};
  (void)state;
  assert_true(cause_is_empty(&set));
  set = set_of("tlb-miss");
  assert_int_equal(set.causes, 1u << CAUSE_FETCH_MISS | 1u << CAUSE_LOAD_MISS | 1u << CAUSE_STORE_MISS);
  assert_null(cause_only(&set));
  set = set_of("privileged");
  assert_null(cause_only(&set));
  assert_true(cause_has(&set, CAUSE_PRIVILEGED, PG32_rfe));
  set = set_of("trap");
  for (uint32_t c = 1; c < PG32_CAUSES; c++) assert_true(cause_has(&set, c, PG32_ILLEGAL));
  assert_false(cause_has(&set, CAUSE_NONE, PG32_ILLEGAL));
  assert_false(cause_has(&set, 99, PG32_ILLEGAL));
}

static void test_bad_words(void **state) {
  static const struct {
    const char *word, *nearest;
  } bad[] = {{"tbl-miss", "tlb-miss, "},
             {"LOADMISS", "load-miss, "},
             {"sycall", "syscall, "},
             {"tlbw-tra", "tlbw-trap, "}};
  char buf[400];
  (void)state;
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    struct cause_set set = {0};
    assert_false(cause_add(&set, bad[i].word, strlen(bad[i].word)));
    assert_true(cause_is_empty(&set));
    cause_nearest(bad[i].word, strlen(bad[i].word), buf, sizeof buf);
    if (strncmp(buf, bad[i].nearest, strlen(bad[i].nearest)) != 0) fail_msg("%s: %s", bad[i].word, buf);
    const char *word;
    for (size_t k = 0; (word = cause_vocabulary(k)); k++) assert_non_null(strstr(buf, word));
  }
  assert_string_equal(cause_nearest("syscal", 6, buf, 9), "syscall");
  assert_string_equal(cause_nearest("a very long word that nobody has ever typed", 43, buf, 1), "");
  struct pattern_error error;
  assert_null(pattern_parse("[sycall]", &error));
  assert_non_null(strstr(error.text, "expected a trap (syscall, "));
  assert_false(counter_good("exits.tlb_mis@2", buf, sizeof buf));
  assert_non_null(strstr(buf, "a cause: tlb-miss, "));
}

static void test_the_document_lists_them(void **state) {
  FILE *f = fopen("tools/TRACE.md", "r");
  static char text[1 << 16];
  char quoted[40];
  const char *word;
  (void)state;
  assert_non_null(f);
  text[fread(text, 1, sizeof text - 1, f)] = 0;
  fclose(f);
  char *from = strstr(text, "### Causes"), *end = strstr(text, "## Text");
  assert_true(from && end);
  *end = 0;
  for (size_t i = 0; (word = cause_vocabulary(i)); i++) {
    snprintf(quoted, sizeof quoted, "`%s`", word);
    if (!strstr(from, quoted)) fail_msg("TRACE.md does not list %s", quoted);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_one_parser),
      cmocka_unit_test(test_every_cause_and_privileged_instruction),
      cmocka_unit_test(test_groups),
      cmocka_unit_test(test_bad_words),
      cmocka_unit_test(test_the_document_lists_them),
  };
  return cmocka_run_group_tests_name("cause", tests, NULL, NULL);
}
