/* handout.c - the part of `trapeze lab check` that looks at what students get: the starter builds, and their README
 * lists the points. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "tools/trapeze/grade/build/submission.h"

void check_starter(struct check *c) {
  char *starter = lab_path(c->lab, "starter");
  if (access(starter, R_OK) != 0) {
    check_say(c, false, "starter/: %s", strerror(errno));
    free(starter);
    return;
  }
  struct workshop w = workshop_open();
  w.fill_in = CHECK_STUDENT;
  char *trouble = submission_take(&w, c->lab, starter);
  bool good = !trouble;
  if (trouble) printf("      %s\n", trouble);
  for (size_t i = 0; i < c->lab->builds; i++) {
    if (c->lab->build[i].of_lab) continue;
    struct artifact a = workshop_build(&w, c->lab, &c->lab->build[i]);
    if (!a.built) printf("      %s:\n%s\n", a.build->name, a.words);
    good &= a.built;
    artifact_free(&a);
  }
  check_say(c, good, "the starter is whole and builds");
  free(trouble);
  free(starter);
  workshop_close(&w);
}

/* Is `word` in the text as a whole word? */
static bool has_word(const char *text, const char *word) {
  static const char kin[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
  for (const char *at = text; (at = strstr(at, word)); at++) {
    bool before = at > text && strchr(kin, at[-1]);
    bool after = at[strlen(word)] && strchr(kin, at[strlen(word)]);
    if (!before && !after) return true;
  }
  return false;
}

void check_readme(struct check *c) {
  char *path = lab_path(c->lab, "README.md"), points[32];
  struct bytes text;
  bool good = file_try_read(path, &text);
  if (!good) check_say(c, false, "README.md: %s", strerror(errno));
  free(path);
  if (!good) return;
  bytes_append(&text, "", 1);
  for (size_t i = 0; i < c->lab->tests; i++) {
    const struct lab_test *t = &c->lab->test[i];
    if (t->visibility == HIDDEN || has_word((char *)text.data, points_text(t->points, points))) continue;
    good = false;
    check_say(c, false, "README.md nowhere says %s, the points of test %s", points, t->id);
  }
  if (good) check_say(c, true, "README.md lists the points of each test that is not hidden");
  free(text.data);
}
