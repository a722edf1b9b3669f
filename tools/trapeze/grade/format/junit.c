/* junit.c - JUnit XML as Jenkins, GitLab and GitHub's actions read it: a suite, a case a test. Times
 * are 0, for nothing in a result depends on them. */
#include <stdlib.h>

#include "format.h"
#include "tools/trapeze/markup.h"

static void property(FILE *f, const char *name, const char *value) {
  fputs("      <property", f);
  xml_attribute(f, "name", name);
  xml_attribute(f, "value", value);
  fputs("/>\n", f);
}

/* The counts of a suite; the suites as a whole have no `skipped` in the schema of Jenkins. */
static void counts(FILE *f, const struct result *r, bool suite) {
  unsigned n[3] = {0};
  for (size_t i = 0; i < r->lab->tests; i++)
    if (test_told(&r->test[i])) n[r->test[i].status]++;
  fprintf(f, " tests=\"%u\" failures=\"%u\" errors=\"0\"", n[0] + n[1] + n[2], n[TEST_FAILED]);
  if (suite) fprintf(f, " skipped=\"%u\"", n[TEST_SKIPPED]);
  fputs(" time=\"0\"", f);
}

static void properties(FILE *f, const struct result *r) {
  char buf[32];
  fputs("    <properties>\n", f);
  property(f, "student", r->student);
  property(f, "score", points_text(r->score, buf));
  property(f, "max", points_text(r->max, buf));
  for (size_t i = 0; i < r->lab->figures; i++)
    if (r->figure[i].known) {
      snprintf(buf, sizeof buf, "%llu", (unsigned long long)r->figure[i].value);
      property(f, r->figure[i].figure->name, buf);
    }
  fputs("    </properties>\n", f);
}

static void outcome(FILE *f, const struct test_result *t) {
  char score[32], max[32], message[96];
  char *words = test_words(t, false);
  snprintf(message, sizeof message, "%s of %s points", points_text(t->score, score),
           points_text(t->test->points, max));
  if (t->status == TEST_SKIPPED) {
    fputs("      <skipped", f);
    xml_attribute(f, "message", words);
    fputs("/>\n", f);
  } else {
    fputs("      <failure type=\"failed\"", f);
    xml_attribute(f, "message", message);
    fputc('>', f);
    xml_text(f, words);
    fputs("</failure>\n", f);
  }
  free(words);
}

static void test(FILE *f, const struct result *r, const struct test_result *t) {
  fputs("    <testcase", f);
  xml_attribute(f, "classname", r->lab->name);
  xml_attribute(f, "name", t->test->id);
  fputs(" time=\"0\"", f);
  if (t->status == TEST_PASSED) {
    fputs("/>\n", f);
    return;
  }
  fputs(">\n", f);
  outcome(f, t);
  fputs("    </testcase>\n", f);
}

static void write(FILE *f, const struct result *r) {
  fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites", f);
  xml_attribute(f, "name", "trapeze");
  counts(f, r, false);
  fputs(">\n  <testsuite", f);
  xml_attribute(f, "name", r->lab->name);
  counts(f, r, true);
  fputs(">\n", f);
  properties(f, r);
  for (size_t i = 0; i < r->lab->tests; i++)
    if (test_told(&r->test[i])) test(f, r, &r->test[i]);
  if (r->trouble) {
    fputs("    <system-err>", f);
    xml_text(f, r->trouble);
    fputs("</system-err>\n", f);
  }
  fputs("  </testsuite>\n</testsuites>\n", f);
}

const struct format format_junit = {"junit", "junit.xml", write};
