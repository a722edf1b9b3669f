/* test_writers.c - the writers that every format goes through (JSON, XML, Mermaid), fed with text that would
 * break a file, and the comparison operators. */
#include "kit.h"

#include <jansson.h>
#include <stdio.h>

#include "tools/base_name.h"
#include "tools/trapeze/compare.h"
#include "tools/trapeze/json_out.h"
#include "tools/trapeze/markup.h"
#include "tools/trapeze/untrusted.h"

#define BAD "\xEF\xBF\xBD" /* U+FFFD */
#define NASTY "a\"b\\c\n\x1b[31m<&>; \xc3\xa9 half \xe2\x82 \xff end"

static char *text;
static size_t size;

static FILE *open_text(void) {
  free(text);
  text = NULL;
  FILE *f = open_memstream(&text, &size);
  assert_non_null(f);
  return f;
}

static void json_is(const char *in, const char *out) {
  FILE *f = open_text();
  json_out_string(f, in);
  fclose(f);
  assert_string_equal(text, out);
}

static void json_strings_are_escaped(void **state) {
  (void)state;
  json_is("", "\"\"");
  json_is("vm1/lecture (app)", "\"vm1/lecture (app)\"");
  json_is("a\"b\\c", "\"a\\\"b\\\\c\"");
  json_is("\x1b[2J\r\n\t\x01\x7f", "\"\\u001b[2J\\r\\n\\t\\u0001\x7f\"");
  json_is("\xc3\xa9 \xe2\x96\x88 \xf0\x9d\x84\x9e", "\"\xc3\xa9 \xe2\x96\x88 \xf0\x9d\x84\x9e\"");
  json_is("\xe2\x82", "\"" BAD BAD "\"");
  json_is("\xff|\xc0\xaf|\xed\xa0\x80", "\"" BAD "|" BAD BAD "|" BAD BAD BAD "\"");
}

/* Whatever the length of a string, and wherever in it the byte is that needs escaping. */
static void json_strings_are_escaped_anywhere(void **state) {
  (void)state;
  char in[40], out[48];
  for (size_t n = 1; n < 30; n++)
    for (size_t at = 0; at < n; at++) {
      memset(in, 'x', n), in[n] = 0;
      json_is(in, (snprintf(out, sizeof out, "\"%s\"", in), out));
      in[at] = '"';
      snprintf(out, sizeof out, "\"%.*s\\\"%s\"", (int)at, in, in + at + 1);
      json_is(in, out);
      in[at] = '\\';
      snprintf(out, sizeof out, "\"%.*s\\\\%s\"", (int)at, in, in + at + 1);
      json_is(in, out);
      in[at] = '\x1f';
      snprintf(out, sizeof out, "\"%.*s\\u001f%s\"", (int)at, in, in + at + 1);
      json_is(in, out);
      in[at] = '\xff';
      snprintf(out, sizeof out, "\"%.*s" BAD "%s\"", (int)at, in, in + at + 1);
      json_is(in, out);
    }
}

/* Numbers of each length, and lines longer than a struct json_line holds. */
static void json_lines_are_as_printf_writes_them(void **state) {
  (void)state;
  struct json_line l;
  char *expected = NULL;
  size_t bytes = 0;
  FILE *f = open_text(), *g = open_memstream(&expected, &bytes);
  json_line_begin(&l, f);
  for (unsigned round = 0; round < 30; round++)
    for (uint64_t power = 1, k = 0; k < 20; power *= 10, k++)
      for (int d = -1; d <= 1; d++) {
        const uint64_t number = round % 3 ? power * (round + 1) + (uint64_t)d : power + (uint64_t)d;
        json_line_number(&l, JSON_KEY("n"), number);
        json_line_word(&l, JSON_KEY("w"), "word");
        json_line_string(&l, JSON_KEY("s"), NASTY);
        fprintf(g, ",\"n\":%llu,\"w\":\"word\"", (unsigned long long)number);
        json_out_member(g, "s", NASTY);
      }
  json_line_end(&l);
  fclose(f), fclose(g);
  assert_int_equal(bytes, size);
  assert_memory_equal(text, expected, bytes);
  free(expected);
}

static void json_of_any_text_can_be_read(void **state) {
  (void)state;
  FILE *f = open_text();
  fputs("{\"first\":0", f);
  json_out_member(f, "name", NASTY);
  json_out_number(f, "most", UINT32_MAX);
  fputc('}', f);
  fclose(f);
  json_t *o = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
  assert_non_null(o);
  assert_string_equal(json_string_value(json_object_get(o, "name")),
                      "a\"b\\c\n\x1b[31m<&>; \xc3\xa9 half " BAD BAD " " BAD " end");
  assert_int_equal(json_integer_value(json_object_get(o, "most")), UINT32_MAX);
  json_decref(o);
}

static void json_values_hold_any_text(void **state) {
  (void)state;
  json_t *nothing = json_text(NULL), *o = json_object(), *all = json_array();
  assert_true(json_is_null(nothing));
  json_push(all, json_text(NASTY));
  json_put(o, "all", all);
  assert_string_equal(json_string_value(json_array_get(all, 0)),
                      "a\"b\\c\n" BAD "[31m<&>; \xc3\xa9 half " BAD BAD " " BAD " end");
  json_decref(o);
  json_decref(nothing);
}

static void xml_is_escaped(void **state) {
  (void)state;
  FILE *f = open_text();
  fputs("<x", f);
  xml_attribute(f, "name", NASTY);
  fputc('>', f);
  xml_text(f, NASTY);
  xml_text(f, NULL);
  fclose(f);
  assert_string_equal(text,
                      "<x name=\"a&quot;b\\c " BAD "[31m&lt;&amp;&gt;; \xc3\xa9 half " BAD BAD " " BAD
                      " end\">a&quot;b\\c\n" BAD "[31m&lt;&amp;&gt;; \xc3\xa9 half " BAD BAD " " BAD " end");
}

static void mermaid_is(const char *name, const char *out) {
  FILE *f = open_text();
  mermaid_name(f, name);
  fclose(f);
  assert_string_equal(text, out);
}

/* `;` ends a statement of Mermaid's, `#` begins a character code, `%%` a comment, a newline the line. */
static void mermaid_names_stay_names(void **state) {
  (void)state;
  mermaid_is("vm1.1/lecture-2_x", "vm1.1/lecture-2_x");
  mermaid_is("vm1 kernel", "vm1 kernel");
  mermaid_is("a;b", "#97;#59;#98;");
  mermaid_is("#%", "#35;#37;");
  mermaid_is("a\nb", "a b");
  mermaid_is("\xc3\xa9", "#233;");
  mermaid_is("\xc3", "#65533;");
}

static void operators_are_named_and_hold(void **state) {
  static const struct {
    const char *word;
    bool less, same, more; /* holds for 1 and 2, 2 and 2, 3 and 2 */
  } all[] = {{"<", true, false, false}, {"<=", true, true, false}, {"==", false, true, false},
             {"!=", true, false, true}, {">=", false, true, true}, {">", false, false, true},
             {"&", false, true, true}};
  (void)state;
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
    enum compare c;
    assert_true(compare_named(all[i].word, strlen(all[i].word), &c));
    assert_string_equal(compare_text(c), all[i].word);
    assert_int_equal(compare_holds(c, 1, 2), all[i].less);
    assert_int_equal(compare_holds(c, 2, 2), all[i].same);
    assert_int_equal(compare_holds(c, 3, 2), all[i].more);
  }
  enum compare c = COMPARE_GT;
  assert_false(compare_named("=<", 2, &c) || compare_named("<=", 0, &c) || compare_named("=", 1, &c));
  assert_int_equal(c, COMPARE_GT);
}

static void base_names_are_last_parts(void **state) {
  (void)state;
  assert_string_equal(base_name("src/trap.c"), "trap.c");
  assert_string_equal(base_name("trap.c"), "trap.c");
  assert_string_equal(base_name("src/"), "");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(json_strings_are_escaped_anywhere),
      cmocka_unit_test(json_lines_are_as_printf_writes_them),
      cmocka_unit_test(json_strings_are_escaped),
      cmocka_unit_test(json_of_any_text_can_be_read),
      cmocka_unit_test(json_values_hold_any_text),
      cmocka_unit_test(xml_is_escaped),
      cmocka_unit_test(mermaid_names_stay_names),
      cmocka_unit_test(operators_are_named_and_hold),
      cmocka_unit_test(base_names_are_last_parts),
  };
  int failed = cmocka_run_group_tests(tests, NULL, NULL);
  free(text);
  return failed;
}
