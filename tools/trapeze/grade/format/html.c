/* html.c - a result as a page for a browser: the tests, what is to be learnt from each that lacks points, and links to
 * pages that play the events around what went wrong (pages.h). XHTML, without scripts; all texts are texts. */
#include <stdlib.h>
#include <string.h>

#include "format.h"
#include "tools/trapeze/markup.h"

static const char head[] =
    "<!DOCTYPE html>\n<html lang=\"en\" xmlns=\"http://www.w3.org/1999/xhtml\">\n<head>\n<meta "
    "charset=\"utf-8\"/>\n"
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
    "'unsafe-inline'\"/>\n"
    "<meta name=\"viewport\" content=\"width=device-width\"/>\n<style>\n"
    ":root { color-scheme: light dark; }\n"
    "body { font: 16px/1.5 system-ui, sans-serif; max-width: 60em; margin: 1em auto; padding: 0 1em; }\n"
    "table { border-collapse: collapse; } th, td { text-align: left; padding: 0.2em 1em 0.2em 0; }\n"
    "pre { white-space: pre-wrap; border-left: 4px solid; padding-left: 1em; }\n"
    ".failed, .partly { font-weight: bold; }\n</style>\n";

static void element(FILE *f, const char *tag, const char *text) {
  fprintf(f, "<%s>", tag);
  xml_text(f, text);
  fprintf(f, "</%s>\n", tag);
}

static void heading(FILE *f, const char *tag, const struct lab *lab) {
  fprintf(f, "<%s>", tag);
  xml_text(f, lab->name);
  fputs(": ", f);
  xml_text(f, lab->title);
  fprintf(f, "</%s>\n", tag);
}

static const char *word(const struct test_result *t) {
  return t->status == TEST_FAILED && t->score > 0 ? "partly" : status_name(t->status);
}

static bool has_lesson(const struct test_result *t) {
  return test_told(t) && (t->status == TEST_FAILED || (t->status == TEST_SKIPPED && t->mistake));
}

static void row(FILE *f, const struct test_result *t) {
  char score[32], max[32];
  fprintf(f, "<tr><td class=\"%s\">%s</td><td>%s/%s</td><td>", word(t), word(t), points_text(t->score, score),
          points_text(t->test->points, max));
  if (has_lesson(t)) fprintf(f, "<a href=\"#%s\">", t->test->id);
  xml_text(f, t->test->id);
  fputs(has_lesson(t) ? "</a></td><td>" : "</td><td>", f);
  xml_text(f, test_title(t));
  fputs("</td></tr>\n", f);
}

static void lesson(FILE *f, const struct test_result *t) {
  char *words = test_words(t, false);
  fprintf(f, "<section id=\"%s\">\n<h2>", t->test->id);
  xml_text(f, t->test->id);
  fputs(": ", f);
  xml_text(f, test_title(t));
  fputs("</h2>\n", f);
  element(f, "pre", words);
  if (t->page)
    fprintf(f, "<p><a href=\"trace-%s.html#e%llu\">See event %llu, and play what happens around it</a></p>\n",
            t->test->id, (unsigned long long)t->event, (unsigned long long)t->event);
  fputs("</section>\n", f);
  free(words);
}

static void write(FILE *f, const struct result *r) {
  char score[32], max[32];
  fputs(head, f);
  heading(f, "title", r->lab);
  fputs("</head>\n<body>\n", f);
  heading(f, "h1", r->lab);
  fputs("<p>", f);
  xml_text(f, r->student);
  fprintf(f, " has %s of %s points.</p>\n", points_text(r->score, score), points_text(r->max, max));
  if (r->trouble) {
    fputs("<p>With what was handed in:</p>\n", f);
    element(f, "pre", r->trouble);
  }
  fputs("<table>\n<tr><th>result</th><th>points</th><th>test</th><th>what it asks for</th></tr>\n", f);
  for (size_t i = 0; i < r->lab->tests; i++)
    if (test_told(&r->test[i])) row(f, &r->test[i]);
  fputs("</table>\n", f);
  for (size_t i = 0; i < r->lab->tests; i++)
    if (has_lesson(&r->test[i])) lesson(f, &r->test[i]);
  fputs("</body>\n</html>\n", f);
}

const struct format format_html = {"html", "feedback.html", write};
