/* test_trace.c - what `trapeze` writes as JSON parses, and is consistent in itself.
 * Runs $BUILD/bin/trapeze. */
#include "kit.h"

#include <jansson.h>
#include <stdio.h>

/* What `trapeze ARGS` writes to stdout; the caller frees it. */
static char *output_of(const char *args) {
  char command[512];
  const char *build = getenv("BUILD");
  snprintf(command, sizeof command, "%s/bin/trapeze %s </dev/null 2>/dev/null", build ? build : "build",
           args);
  FILE *f = popen(command, "r");
  assert_non_null(f);
  size_t size = 0, n;
  char *text = malloc(1);
  do {
    text = realloc(text, size + 65537);
    assert_non_null(text);
    n = fread(text + size, 1, 65536, f);
    size += n;
  } while (n > 0);
  text[size] = 0;
  assert_int_equal(pclose(f), 0);
  return text;
}

static json_t *parse(const char *text) {
  json_error_t error;
  json_t *all = json_loads(text, JSON_REJECT_DUPLICATES, &error);
  if (!all) fail_msg("%s in: %.200s", error.text, text);
  return all;
}

static json_int_t number(const json_t *object, const char *key) {
  const json_t *n = json_object_get(object, key);
  if (!json_is_integer(n)) fail_msg("no number %s", key);
  return json_integer_value(n);
}

static void check_header(const json_t *header) {
  assert_int_equal(number(header, "trapeze_trace"), 1);
  assert_int_equal(number(header, "depth"), 1);
  const json_t *lists = json_object_get(header, "lists");
  assert_int_equal(json_array_size(json_object_get(lists, "syscall")), 4);
  assert_int_equal(json_array_size(json_object_get(lists, "tlb")), 7);
  assert_string_equal(json_string_value(json_array_get(json_object_get(header, "program"), 1)), "a \"b\" \\");
}

static void check_trap(const json_t *record) {
  const json_t *verdicts = json_object_get(record, "verdicts");
  assert_true(json_is_string(json_object_get(record, "cause")));
  assert_int_equal(json_array_size(verdicts), number(record, "depth"));
  assert_true(!json_object_get(record, "virtual_status") == (number(record, "depth") == 0));
}

static void check_record(const json_t *record, json_int_t event) {
  size_t i;
  json_t *step;
  assert_int_equal(number(record, "event"), event);
  assert_true(number(record, "parent") < event);
  assert_true(number(record, "retired") <= number(record, "tick"));
  assert_true(json_is_string(json_object_get(record, "from")) &&
              json_is_string(json_object_get(record, "to")));
  if (!strcmp(json_string_value(json_object_get(record, "kind")), "trap")) check_trap(record);
  json_array_foreach(json_object_get(record, "steps"), i, step) {
    assert_true(number(step, "list_event") <= event);
    assert_in_range(number(step, "step"), 0, 7);
    assert_true(json_string_length(json_object_get(step, "text")) > 20);
  }
}

static void json_lines_parse_and_hold_together(void **state) {
  (void)state;
  char *text = output_of("trace --format json echo 'a \"b\" \\'"), *rest = text, *line;
  json_int_t event = -1;
  bool ended = false;
  while ((line = strsep(&rest, "\n")) && *line) {
    json_t *object = parse(line);
    event++;
    if (event == 0)
      check_header(object);
    else
      check_record(object, event);
    ended = event && !strcmp(json_string_value(json_object_get(object, "kind")), "end");
    json_decref(object);
  }
  assert_true(event > 100 && ended);
  free(text);
}

static void perfetto_parses(void **state) {
  (void)state;
  char *text = output_of("trace --format perfetto hello");
  json_t *all = parse(text), *event;
  size_t i;
  assert_true(json_array_size(json_object_get(all, "traceEvents")) > 100);
  json_array_foreach(json_object_get(all, "traceEvents"), i, event)
      assert_non_null(strchr("XiMstfbe", json_string_value(json_object_get(event, "ph"))[0]));
  json_decref(all);
  free(text);
}

static json_int_t sum(json_t *object) {
  const char *key;
  json_t *value;
  json_int_t total = 0;
  json_object_foreach(object, key, value) total += json_integer_value(value);
  return total;
}

static void check_depth(const json_t *depth) {
  const json_t *exits = json_object_get(depth, "exits");
  json_t *by_cause = json_object_get(exits, "by_cause");
  assert_int_equal(sum(by_cause), number(exits, "total"));
  assert_int_equal(sum(json_object_get(exits, "by_instruction")),
                   number(by_cause, "PRIVILEGED") + number(by_cause, "SYSCALL"));
}

/* With two TLB entries (MODE=tiny) a VM in a VM takes hours. */
#ifdef MODE_TINY
enum { DEPTHS = 1 };
#else
enum { DEPTHS = 2 };
#endif

static void counts_add_up(void **state) {
  (void)state;
  char *text = output_of(DEPTHS == 2 ? "run --depth 2 --stats /dev/stdout lecture"
                                     : "run --stats /dev/stdout lecture");
  json_t *all = parse(strchr(text, '{')), *depths = json_object_get(all, "depths");
  assert_string_equal(json_string_value(json_object_get(all, "reason")), "power");
  assert_int_equal(sum(json_object_get(all, "lanes")), number(all, "instructions"));
  assert_int_equal(json_array_size(depths), DEPTHS);
  for (int i = 0; i < DEPTHS; i++) check_depth(json_array_get(depths, i));
  json_decref(all);
  free(text);
}

static json_t *counts_at(const char *args) {
  char *text = output_of(args);
  json_t *all = parse(strchr(text, '{')), *depths = json_object_get(all, "depths");
  json_t *innermost = json_incref(json_array_get(depths, json_array_size(depths) - 1));
  json_decref(all);
  free(text);
  return innermost;
}

/* Theorem 2, counted: what the innermost guest asks of its VMM does not depend on how deep it runs. */
static void a_guest_asks_the_same_at_any_depth(void **state) {
  (void)state;
  if (DEPTHS < 2) skip();
  json_t *one = counts_at("run --depth 1 --stats /dev/stdout lecture");
  json_t *two = counts_at("run --depth 2 --stats /dev/stdout lecture");
  assert_int_equal(number(one, "reflected"), number(two, "reflected"));
  assert_int_equal(number(one, "emulated"), number(two, "emulated"));
  assert_true(json_equal(json_object_get(one, "retired"), json_object_get(two, "retired")));
  json_decref(one);
  json_decref(two);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(json_lines_parse_and_hold_together),
      cmocka_unit_test(perfetto_parses),
      cmocka_unit_test(counts_add_up),
      cmocka_unit_test(a_guest_asks_the_same_at_any_depth),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
