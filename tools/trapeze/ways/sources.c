/* sources.c - lines of the sources that a way needs: of its VMM, and of the guest's kernel that it changes. */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "ways.h"

#define LINES_MOST 4096 /* of a file of the kernel */

static int is_source(const struct dirent *e) {
  const char *dot = strrchr(e->d_name, '.');
  return dot && (strcmp(dot, ".inc") == 0 || (dot[1] && !dot[2] && strchr("chS", dot[1])));
}

/* Calls each(file, arg) for each source in a folder of the installed ones, for example "vmm/trap". */
static unsigned sum(const char *folder, unsigned (*each)(const char *folder, const char *name)) {
  char path[128];
  struct dirent **entry;
  unsigned lines = 0;
  snprintf(path, sizeof path, "share/trapeze/src/%s", folder);
  char *whole = must(beside_executable(path));
  const int n = scandir(whole, &entry, is_source, alphasort);
  for (int i = 0; i < n; i++) {
    lines += each(whole, entry[i]->d_name);
    free(entry[i]);
  }
  if (n >= 0) free(entry);
  free(whole);
  return lines;
}

/* The lines of FOLDER/NAME, as strings in *text, which the caller frees; none if there is no such file. */
static unsigned lines_of(const char *folder, const char *name, struct bytes *text, const char **line) {
  char path[512];
  unsigned n = 0;
  snprintf(path, sizeof path, "%s/%s", folder, name);
  *text = (struct bytes){0};
  if (!file_try_read(path, text)) return 0;
  bytes_append(text, "", 1);
  for (char *at = (char *)text->data, *end; *at && n < LINES_MOST && (end = strchr(at, '\n')); at = end + 1) {
    *end = 0;
    line[n++] = at;
  }
  return n;
}

static unsigned length(const char *folder, const char *name) {
  static const char *line[LINES_MOST];
  struct bytes text;
  const unsigned n = lines_of(folder, name, &text, line);
  free(text.data);
  return n;
}

/* The length of the longest common subsequence. */
static unsigned common(const char *const *a, unsigned n, const char *const *b, unsigned m) {
  static unsigned best[LINES_MOST + 1]; /* of a's first lines, and b's first i */
  memset(best, 0, (m + 1) * sizeof *best);
  for (unsigned k = 0; k < n; k++)
    for (unsigned i = 1, before = 0; i <= m; i++) {
      const unsigned above = best[i];
      best[i] = strcmp(a[k], b[i - 1]) == 0 ? before + 1 : best[i - 1] > above ? best[i - 1] : above;
      before = above;
    }
  return best[m];
}

/* Lines of the port's file that the file of the same name, which it replaces, does not have. */
static unsigned changed(const char *folder, const char *name) {
  static const char *old[LINES_MOST], *new[LINES_MOST];
  char above[512];
  struct bytes theirs, ours;
  snprintf(above, sizeof above, "%s/..", folder);
  const unsigned m = lines_of(folder, name, &ours, new), n = lines_of(above, name, &theirs, old);
  const unsigned lines = m - common(old, n, new, m);
  free(theirs.data);
  free(ours.data);
  return lines;
}

unsigned ways_vmm_lines(const char *way) {
  char folder[64];
  snprintf(folder, sizeof folder, "vmm/%s", way);
  return sum("vmm", length) + sum(folder, length);
}

unsigned ways_kernel_lines(const struct way_row *way) {
  return way->ports ? sum("guestos/para", changed) : 0;
}
