/* fuzz_roster.c - libFuzzer over the tables that are read, a roster and points that persons give: any bytes give students
 * with IDs of their own or an error with a place, looking for a student whose keys are any bytes ends, and points are
 * those of the test. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "tools/trapeze/grade/intake/roster.h"
#include "tools/trapeze/grade/intake/rubric.h"

static void look_for_all(const struct roster *r) {
  for (size_t i = 0; i < roster_students(r) && i < 50; i++) {
    char *why, *text = strdup(csv_text(&r->csv.row[i + 1], r->csv.row[i + 1].cells - 1));
    struct student_keys keys = {{text, text, text, text}};
    size_t found = roster_find(r, &keys, &why);
    if (found > roster_students(r) || (why && found < roster_students(r))) abort();
    if (!*roster_id(r, i) || strchr(roster_id(r, i), '/') || !roster_has(r, roster_id(r, i))) abort();
    free(why), free(text);
  }
}

static void look_for_points(const uint8_t *data, size_t size) {
  struct lab_test test = {.id = "style", .rubric = "", .points = 4};
  struct lab lab = {.test = &test, .tests = 1};
  struct lab_error error = {{0}};
  struct rubric r;
  const char *comment;
  if (!rubric_parse("fuzz.csv", (struct bytes){(uint8_t *)data, size}, &lab, &r, &error)) {
    if (strncmp(error.text, "fuzz.csv:", 9) != 0) abort();
    return;
  }
  for (size_t i = 1; i < r.csv.rows && i < 50; i++) {
    double points = 0;
    const char *student = csv_text(&r.csv.row[i], r.student);
    if (rubric_points(&r, &test, student, &points, &comment) && !(points >= 0 && points <= 4)) abort();
    rubric_digest(&r, student, 0);
  }
  rubric_free(&r);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct lab_error error = {{0}};
  struct roster r;
  bool good = roster_parse("fuzz.csv", (struct bytes){(uint8_t *)data, size}, &r, &error);
  if (!good && strncmp(error.text, "fuzz.csv:", 9) != 0) abort();
  if (good) look_for_all(&r), roster_free(&r);
  look_for_points(data, size);
  return 0;
}
