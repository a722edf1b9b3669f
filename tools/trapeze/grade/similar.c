/* similar.c - trapeze grade --similar: which submissions share more than the starter with another one, with the
 * lab's reference, or with Trapeze's own sources. A person decides what that means. */
#include <stdlib.h>
#include <string.h>

#include "tools/trapeze/grade/intake/members.h"
#include "similar.h"
#include "tools/trapeze/grade/build/folder.h"
#include "tools/trapeze/grade/build/sandbox.h"
#include "tools/trapeze/grade/build/submission.h"
#include "tools/trapeze/untrusted.h"

struct work {
  char *name;    /* of the submission, or of what is known */
  char *student; /* whose it is; NULL = it is known, and no submission */
  bool known;
  struct prints prints;
};

struct works {
  struct work *work;
  size_t n;
};

static struct work *add(struct works *all, const char *name, bool known) {
  all->work = must(realloc(all->work, (all->n + 1) * sizeof *all->work));
  all->work[all->n] = (struct work){
      .name = printable_name(name), .student = known ? NULL : member_student(name, NULL), .known = known};
  return &all->work[all->n++];
}

static bool ends_with(const char *name, const char *end) {
  size_t n = strlen(name), m = strlen(end);
  return n >= m && strcmp(name + n - m, end) == 0;
}

static void add_text(struct prints *p, const char *name, struct bytes text) {
  if (!ends_with(name, ".c") && !ends_with(name, ".S") && !ends_with(name, ".h")) return;
  char *copy = must(malloc(text.size + 1));
  if (text.size) memcpy(copy, text.data, text.size);
  copy[text.size] = 0;
  prints_add(p, copy, ends_with(name, ".S"));
  free(copy);
}

/* All sources directly in a folder, which need not be there. */
static void add_folder(struct prints *p, const char *folder) {
  size_t n;
  if (folder_free(folder)) return;
  char **names = folder_names(folder, &n);
  for (size_t i = 0; i < n; i++) {
    char *path = path_join(folder, names[i]);
    struct bytes text = {0};
    if (file_try_read(path, &text)) add_text(p, names[i], text);
    free(text.data);
    free(path);
  }
  folder_names_free(names);
}

static void add_below_lab(struct prints *p, const struct lab *lab, const char *below) {
  char *path = lab_path(lab, below);
  add_folder(p, path);
  free(path);
}

/* Taken in as for grading: no links, no file above its size. */
static void add_submission(struct works *all, struct workshop *w, const struct lab *lab,
                           const struct member *m) {
  struct work *work = add(all, m->name, false);
  free(submission_take(w, lab, m->path));
  for (size_t i = 0; i < lab->files; i++) {
    struct bytes text = {0};
    if (submission_file(w, lab->file[i].name, &text)) add_text(&work->prints, lab->file[i].name, text);
    free(text.data);
  }
}

static void add_submissions(struct works *all, const struct lab *lab, const char *folder) {
  struct members members = members_in(folder, 0, 0);
  for (size_t i = 0; i < members.n; i++) {
    struct workshop w = workshop_open();
    add_submission(all, &w, lab, &members.member[i]);
    workshop_close(&w);
  }
  members_free(&members);
}

static void add_ours(struct works *all, const char *place) {
  char *sources = path_join(toolchain()->share, "src"), *folder = path_join(sources, place);
  char name[40];
  snprintf(name, sizeof name, "Trapeze's %s", place);
  add_folder(&add(all, name, true)->prints, folder);
  free(sources), free(folder);
}

/* ---- the report ---- */

struct pair {
  const struct work *a, *b;
  unsigned of_a, of_b; /* percent */
  unsigned line_a, line_b;
};

static int by_percent(const void *x, const void *y) {
  const struct pair *a = x, *b = y;
  unsigned p = a->of_a > a->of_b ? a->of_a : a->of_b, q = b->of_a > b->of_b ? b->of_a : b->of_b;
  if (p != q) return p > q ? -1 : 1;
  int names = strcmp(a->a->name, b->a->name);
  return names ? names : strcmp(a->b->name, b->b->name);
}

static unsigned share(size_t part, size_t whole) { return whole ? (unsigned)(100 * part / whole) : 0; }

static struct pair *find_pairs(const struct works *all, unsigned percent, size_t *n) {
  struct pair *pair = NULL;
  *n = 0;
  for (size_t i = 0; i < all->n; i++)
    for (size_t k = i + 1; k < all->n; k++) {
      struct pair p = {.a = &all->work[i], .b = &all->work[k]};
      if (p.a->known) continue;                                             /* known ones come last */
      if (!p.b->known && strcmp(p.a->student, p.b->student) == 0) continue; /* two hand-ins of one student */
      size_t shared = prints_shared(&p.a->prints, &p.b->prints, &p.line_a, &p.line_b);
      p.of_a = share(shared, p.a->prints.n), p.of_b = p.b->known ? 0 : share(shared, p.b->prints.n);
      if (!shared || (p.of_a < percent && p.of_b < percent)) continue;
      pair = must(realloc(pair, (*n + 1) * sizeof *pair));
      pair[(*n)++] = p;
    }
  if (*n) qsort(pair, *n, sizeof *pair, by_percent);
  return pair;
}

static void report(FILE *f, const struct works *all, unsigned percent) {
  size_t n;
  struct pair *pair = find_pairs(all, percent, &n);
  for (size_t i = 0; i < n; i++) {
    const struct pair *p = &pair[i];
    fprintf(f, "%3u%% of %s (from line %u) is in %s (line %u)", p->of_a, p->a->name, p->line_a, p->b->name,
            p->line_b);
    if (!p->b->known) fprintf(f, ", %u%% the other way round", p->of_b);
    fputc('\n', f);
  }
  fprintf(f, "%zu pairs share %u%% or more of what the starter does not have\n", n, percent);
  free(pair);
}

void similar_report(FILE *f, const struct lab *lab, const char *folder, unsigned percent) {
  struct works all = {0};
  struct prints starter = {0};
  add_below_lab(&starter, lab, "starter");
  prints_sort(&starter, NULL);
  add_submissions(&all, lab, folder);
  add_below_lab(&add(&all, "the reference", true)->prints, lab, "solution/reference");
  add_ours(&all, "vmm");
  add_ours(&all, "guestos");
  for (size_t i = 0; i < all.n; i++) prints_sort(&all.work[i].prints, &starter);
  report(f, &all, percent);
  for (size_t i = 0; i < all.n; i++) {
    prints_free(&all.work[i].prints);
    free(all.work[i].name), free(all.work[i].student);
  }
  prints_free(&starter);
  free(all.work);
}
