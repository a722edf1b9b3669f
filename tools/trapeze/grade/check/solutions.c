/* solutions.c - the part of `trapeze lab check` that grades the solutions of the lab: the reference gets full marks,
 * each wrong solution fails exactly the tests that it must fail, each test is failed by a wrong solution, and
 * grading twice gives the same result.
 *
 * Every solution is graded as the same student: a lab's answers may depend on the student's numbers. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "tools/trapeze/grade/build/folder.h"
#include "tools/trapeze/grade/format/format.h"

/* ---- files ---- */

void check_put_file(const char *folder, const char *name, struct bytes content) {
  char *path = path_join(folder, name), *slash = strrchr(path, '/');
  *slash = 0;
  folder_make(path);
  *slash = '/';
  file_put(path, content.data, content.size);
  free(path);
}

static bool solution_file(const struct lab *lab, const char *solution, const char *name,
                          struct bytes *content) {
  char *below = path_join(solution, name), *path = lab_path(lab, below);
  bool there = file_try_read(path, content);
  free(below);
  free(path);
  return there;
}

unsigned check_assemble(struct check *c, const char *solution) {
  unsigned own = 0;
  folder_remove(c->folder);
  folder_make(c->folder);
  for (size_t i = 0; i < c->lab->files; i++) {
    const char *name = c->lab->file[i].name;
    struct bytes content;
    bool mine = solution_file(c->lab, solution, name, &content);
    own += mine;
    if (!mine && !solution_file(c->lab, "solution/reference", name, &content)) continue;
    check_put_file(c->folder, name, content);
    free(content.data);
  }
  return own;
}

/* ---- grading ---- */

struct result *check_grade(const struct check *c, const char *student) {
  return grade(&(struct grading){.lab = c->lab,
                                 .submission = c->folder,
                                 .student = student,
                                 .solution = true,
                                 .reveal = true,
                                 .jobs = c->jobs,
                                 .patience = c->patience});
}

static char *as_text(const struct result *r) {
  char *text;
  size_t size;
  FILE *f = must(open_memstream(&text, &size));
  format_json.write(f, r);
  format_text.write(f, r);
  fclose(f);
  return text;
}

/* The first lines of the two texts that differ, and their lengths without the newline. */
static void first_difference(const char **a, const char **b, int *a_length, int *b_length) {
  for (;;) {
    *a_length = (int)strcspn(*a, "\n");
    *b_length = (int)strcspn(*b, "\n");
    if (*a_length != *b_length || strncmp(*a, *b, (size_t)*a_length) != 0 || !(*a)[*a_length]) return;
    *a += *a_length + 1;
    *b += *b_length + 1;
  }
}

/* Grades the solution, and a second time, and says so when the results differ. */
static struct result *grade_twice(struct check *c, const char *name) {
  struct result *first = check_grade(c, CHECK_STUDENT);
  if (c->compiler) return first; /* with the usual compiler it has been graded twice */
  struct result *second = check_grade(c, CHECK_STUDENT);
  char *a = as_text(first), *b = as_text(second);
  if (strcmp(a, b) != 0) {
    const char *first_line = a, *second_line = b;
    int n, m;
    first_difference(&first_line, &second_line, &n, &m);
    check_say(c, false, "%s: graded twice, the results are not the same: '%.*s', and then '%.*s'", name, n,
              first_line, m, second_line);
    c->differed++;
  }
  c->graded++;
  free(a);
  free(b);
  result_free(second);
  return first;
}

static const char *compiler(const struct check *c) { return c->compiler ? c->compiler : ""; }

void check_show_failure(const struct test_result *t) {
  char *copy = must(strdup(t->feedback ? t->feedback : "")), *rest = copy;
  printf("      %s:\n", t->test->id);
  for (char *line; (line = strsep(&rest, "\n"));)
    if (*line) printf("        %s\n", line);
  free(copy);
}

/* ---- the reference ---- */

void check_reference(struct check *c) {
  char score[32], max[32];
  unsigned own = check_assemble(c, "solution/reference");
  if (!own) {
    char *path = lab_path(c->lab, "solution/reference");
    check_say(c, false,
              access(path, R_OK) == 0 ? "solution/reference holds none of the files to hand in"
                                      : "there is no solution/reference");
    free(path);
    return;
  }
  struct result *r = grade_twice(c, "the reference");
  bool full = !r->trouble;
  for (size_t i = 0; i < c->lab->tests; i++) full &= r->test[i].status == TEST_PASSED;
  check_say(c, full, "the reference has %s of %s points%s", points_text(r->score, score),
            points_text(r->max, max), compiler(c));
  if (r->trouble) printf("      %s\n", r->trouble);
  for (size_t i = 0; i < c->lab->tests; i++)
    if (r->test[i].status != TEST_PASSED) check_show_failure(&r->test[i]);
  result_free(r);
}

/* ---- wrong solutions ---- */

static bool should_fail(const struct lab_wrong *w, size_t test) {
  for (size_t i = 0; i < w->n; i++)
    if (w->fails[i] == test) return true;
  return false;
}

/* Prints the ids of the tests that are failed in `r`; when `r` is NULL,
 * of the tests that should be failed. */
static void say_ids(const struct check *c, const struct lab_wrong *w, const struct result *r) {
  const char *between = "";
  for (size_t i = 0; i < c->lab->tests; i++) {
    if (r ? r->test[i].status != TEST_FAILED : !should_fail(w, i)) continue;
    printf("%s%s", between, c->lab->test[i].id);
    between = ", ";
  }
  if (!*between) printf("none");
}

static void check_wrong(struct check *c, const struct lab_wrong *w) {
  char solution[128];
  snprintf(solution, sizeof solution, "solution/wrong/%s", w->name);
  unsigned own = check_assemble(c, solution);
  if (own == 0) {
    check_say(c, false, "%s holds none of the files to hand in", solution);
    return;
  }
  struct result *r = c->once || c->quick ? check_grade(c, CHECK_STUDENT) : grade_twice(c, solution);
  bool good = r->unbuilt == 0;
  for (size_t i = 0; i < c->lab->tests; i++) {
    bool fails = r->test[i].status == TEST_FAILED;
    good &= fails == should_fail(w, i);
    c->failed_by[i] |= fails && should_fail(w, i);
  }
  check_say(c, good, "%s fails what it must%s", solution, compiler(c));
  if (r->unbuilt) printf("      it does not build\n");
  if (!good) {
    printf("      it must fail: ");
    say_ids(c, w, NULL);
    printf("\n      it fails:     ");
    say_ids(c, w, r);
    putchar('\n');
    for (size_t i = 0; i < c->lab->tests; i++)
      if (r->test[i].status == TEST_FAILED && !should_fail(w, i)) check_show_failure(&r->test[i]);
  }
  result_free(r);
}

/* The wrong solution that fails most of the tests that are not `failed` yet; NULL: none does. */
static const struct lab_wrong *most_fails(const struct check *c, const bool *failed) {
  const struct lab_wrong *best = NULL;
  size_t most = 0;
  for (size_t i = 0; i < c->lab->wrongs; i++) {
    const struct lab_wrong *w = &c->lab->wrong[i];
    size_t n = 0;
    for (size_t k = 0; k < w->n; k++) n += !failed[w->fails[k]];
    if (n > most) most = n, best = w;
  }
  return best;
}

/* So few that each test should be failed by one of them. */
static void check_few_wrongs(struct check *c) {
  bool *failed = must(calloc(c->lab->tests, sizeof *failed));
  size_t graded = 0;
  for (const struct lab_wrong *w; (w = most_fails(c, failed)); graded++) {
    for (size_t i = 0; i < w->n; i++) failed[w->fails[i]] = true;
    check_wrong(c, w);
  }
  if (graded < c->lab->wrongs)
    printf("      --quick has graded %zu of %zu wrong solutions\n", graded, c->lab->wrongs);
  free(failed);
}

void check_wrongs(struct check *c) {
  if (c->quick) return check_few_wrongs(c);
  for (size_t i = 0; i < c->lab->wrongs; i++) check_wrong(c, &c->lab->wrong[i]);
}

void check_folders(struct check *c) {
  char *path = lab_path(c->lab, "solution/wrong");
  size_t n = 0;
  char **names = access(path, R_OK) == 0 ? folder_names(path, &n) : NULL;
  for (size_t i = 0; i < n; i++) {
    bool named = false;
    for (size_t k = 0; k < c->lab->wrongs; k++) named |= strcmp(c->lab->wrong[k].name, names[i]) == 0;
    if (!named) check_say(c, false, "solution/wrong/%s: `wrong` in lab.yaml does not name it", names[i]);
  }
  if (names) folder_names_free(names);
  free(path);
}

void check_each_test(struct check *c) {
  for (size_t i = 0; i < c->lab->tests; i++)
    if (!c->failed_by[i] && !c->lab->test[i].rubric)
      check_say(c, false, "test %s: no wrong solution fails it as `wrong` says", c->lab->test[i].id);
  bool all = true;
  for (size_t i = 0; i < c->lab->tests; i++) all &= c->failed_by[i] || c->lab->test[i].rubric;
  if (all) check_say(c, true, "each of the %zu tests is failed by a wrong solution", c->lab->tests);
}
