/* site.c - whose a file of an export is, by its name. */
#define _GNU_SOURCE /* asprintf */
#include <stdlib.h>
#include <string.h>

#include "site.h"

static const char digits[] = "0123456789";

void placed_free(struct placed *p) {
  for (size_t i = 0; i < STUDENT_KEYS; i++) free(p->keys.key[i]);
  free(p->hand_in), free(p->file), free(p->student);
  *p = (struct placed){0};
}

static char *part(const char *from, const char *to) { return must(strndup(from, (size_t)(to - from))); }

/* ---- Canvas ---- */

/* NUMBER_ at `at`? Then *end is where the number ends. */
static bool number_and_line(const char *at, const char **end) {
  size_t n = strspn(at, digits);
  *end = at + n;
  return n > 0 && at[n] == '_';
}

/* anon_CODE_FILE-NUMBER_NAME */
static bool canvas_anonymous(const char *path, struct placed *p) {
  const char *at = path, *end;
  p->late = strncmp(at, "LATE_", 5) == 0;
  if (p->late) at += 5;
  if (strncmp(at, "anon_", 5) != 0) return false;
  const char *code = at + 5, *after = strchr(code, '_');
  if (!after || after == code || !number_and_line(after + 1, &end) || !end[1]) return false;
  p->hand_in = part(at, after);
  p->student = part(at, after);
  p->file = must(strdup(end + 1));
  return true;
}

bool canvas_place(const char *path, struct placed *p) {
  *p = (struct placed){0};
  if (strchr(path, '/')) return false;
  for (const char *at = strchr(path, '_'); at && at > path; at = strchr(at + 1, '_')) {
    const char *number = at + 1, *end, *file;
    bool late = strncmp(number, "LATE_", 5) == 0;
    if (late) number += 5;
    if (!number_and_line(number, &end) || !number_and_line(end + 1, &file) || !file[1]) continue;
    p->late = late;
    p->hand_in = part(number, end);
    p->keys.key[KEY_NUMBER] = part(number, end);
    p->keys.key[KEY_NAME] = part(path, at);
    if (asprintf(&p->student, "%s_%s", p->keys.key[KEY_NAME], p->keys.key[KEY_NUMBER]) < 0) must(NULL);
    p->file = must(strdup(file + 1));
    return true;
  }
  return canvas_anonymous(path, p);
}

/* ---- Moodle ---- */

bool moodle_place(const char *path, struct placed *p) {
  static const char mark[] = "_assignsubmission_file";
  *p = (struct placed){0};
  const char *folder_end = strchrnul(path, '/'), *at = strstr(path, mark);
  if (!at || at > folder_end) return false;
  const char *number = at;
  while (number > path && strchr(digits, number[-1])) number--;
  const char *file = at + sizeof mark - 1;
  if (*file == '_') file++;
  if (*file == '/') file++;
  if (number == at || number - path < 2 || number[-1] != '_' || !*file) return false;
  p->hand_in = part(number, at);
  p->keys.key[KEY_NUMBER] = part(number, at);
  p->keys.key[KEY_NAME] = part(path, number - 1);
  p->student = part(path, at);
  p->file = must(strdup(file));
  return true;
}

/* ---- Gradescope ---- */

bool gradescope_place(const char *path, struct placed *p) {
  static const char mark[] = "submission_";
  *p = (struct placed){0};
  const char *slash = strchr(path, '/');
  if (strncmp(path, mark, sizeof mark - 1) != 0 || !slash || !slash[1]) return false;
  p->hand_in = part(path, slash);
  p->file = must(strdup(slash + 1));
  return true;
}
