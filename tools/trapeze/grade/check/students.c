/* students.c - the part of `trapeze lab check --students` that grades the reference with other students' numbers. */
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "tools/trapeze/grade/lab/seed.h"

static bool has_seeds(const struct lab *lab) {
  char *path = lab_path(lab, "lab.yaml");
  struct bytes text = file_read(path);
  bytes_append(&text, "", 1);
  bool has = strstr((char *)text.data, "{seed") != NULL;
  free(text.data);
  free(path);
  return has;
}

/* False, having said why, when the reference lacks points with this student's numbers. */
static bool full_marks_as(struct check *c, const char *student, const char *called) {
  struct result *r = check_grade(c, student);
  bool full = true;
  for (size_t i = 0; i < c->lab->tests; i++) {
    if (r->test[i].status == TEST_PASSED) continue;
    if (full) check_say(c, false, "the reference, as %s, has no full marks", called);
    full = false;
    check_show_failure(&r->test[i]);
  }
  result_free(r);
  return full;
}

void check_students(struct check *c) {
  char id[32];
  bool full = true;
  if (!c->students || !has_seeds(c->lab)) {
    if (c->students) check_say(c, true, "the lab has no numbers of a student's own");
    return;
  }
  check_assemble(c, "solution/reference");
  full = full_marks_as(c, SEED_LEAST, "the student whose numbers are the least") &&
         full_marks_as(c, SEED_MOST, "the student whose numbers are the greatest");
  for (unsigned i = 1; full && i <= c->students; i++) {
    snprintf(id, sizeof id, "student-%u", i);
    full = full_marks_as(c, id, id);
  }
  if (full)
    check_say(
        c, true,
        "the reference has full marks with the least and the greatest numbers, and those of %u students",
        c->students);
}
