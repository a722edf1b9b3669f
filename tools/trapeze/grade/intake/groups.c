/* groups.c - FOLDER/.groups.csv: which hand-ins are of several students. It lies beside the hand-ins and not in them,
 * where students could have put it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "intake.h"
#include "tools/trapeze/grade/build/folder.h"

static const char file_name[] = ".groups.csv", heading[] = "hand-in,student\n";

struct groups groups_read(const char *folder) {
  struct groups g = {{0}};
  struct lab_error error;
  struct bytes text;
  char *path = path_join(folder, file_name);
  if (file_try_read(path, &text)) {
    if (!csv_parse(path, text, &g.csv, &error)) die(STATUS_USAGE, "%s", error.text);
    free(text.data);
  } else if (errno != ENOENT) {
    die(STATUS_USAGE, "%s: %s", path, strerror(errno));
  }
  free(path);
  return g;
}

void groups_free(struct groups *g) { csv_free(&g->csv); }

static void add_cell(struct bytes *text, const char *cell, char end) {
  bytes_append(text, "\"", 1);
  for (; *cell; cell++) bytes_append(text, "\"", *cell == '"'), bytes_append(text, cell, 1);
  bytes_append(text, "\"", 1);
  bytes_append(text, &end, 1);
}

void groups_add(const char *folder, const char *hand_in, char *const *student, size_t n) {
  struct bytes text = {0};
  char *path = path_join(folder, file_name);
  if (!file_try_read(path, &text)) bytes_append(&text, heading, sizeof heading - 1);
  for (size_t i = 0; i < n; i++) {
    add_cell(&text, hand_in, ',');
    add_cell(&text, student[i], '\n');
  }
  file_put(path, text.data, text.size);
  free(text.data), free(path);
}
