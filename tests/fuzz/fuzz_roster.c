/* fuzz_roster.c - libFuzzer over a roster: any bytes give students with IDs of their own or an error with a place, and
 * looking for a student whose keys are any bytes ends. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "tools/trapeze/grade/intake/roster.h"

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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct lab_error error = {{0}};
  struct roster r;
  bool good = roster_parse("fuzz.csv", (struct bytes){(uint8_t *)data, size}, &r, &error);
  if (!good && strncmp(error.text, "fuzz.csv:", 9) != 0) abort();
  if (good) look_for_all(&r), roster_free(&r);
  return 0;
}
