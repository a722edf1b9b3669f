/* check.c - trapeze lab check: does a lab keep its promises? The reference gets full marks, each wrong
 * solution fails exactly the tests that it must fail, each test is failed by a wrong solution, grading twice
 * gives the same result, the starter builds, the students' README lists the points, and submissions that
 * solve nothing earn nothing (adversary.c).
 *
 * Every solution is graded as the same student: a lab's answers may depend on the student's numbers. */
#define _GNU_SOURCE /* asprintf */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "tools/trapeze/grade/build/folder.h"
#include "tools/trapeze/grade/format/format.h"
#include "tools/trapeze/grade/lab/seed.h"
#include "tools/trapeze/grade/build/sandbox.h"
#include "tools/trapeze/grade/build/temporary.h"
#include "tools/trapeze/untrusted.h"

#define STUDENT "reference"

void check_say(struct check *c, bool good, const char *format, ...) {
  va_list ap;
  good ? c->held++ : c->failed++;
  fputs(good ? "ok    " : "WRONG ", stdout);
  va_start(ap, format);
  vprintf(format, ap);
  va_end(ap);
  putchar('\n');
  fflush(stdout);
}

/* ---- solutions ---- */

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

static struct result *grade_as(const struct check *c, const char *student) {
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
  struct result *first = grade_as(c, STUDENT);
  if (c->compiler) return first; /* with the usual compiler it has been graded twice */
  struct result *second = grade_as(c, STUDENT);
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

static void show_failure(const struct test_result *t) {
  char *copy = must(strdup(t->feedback ? t->feedback : "")), *rest = copy;
  printf("      %s:\n", t->test->id);
  for (char *line; (line = strsep(&rest, "\n"));)
    if (*line) printf("        %s\n", line);
  free(copy);
}

static void check_reference(struct check *c) {
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
    if (r->test[i].status != TEST_PASSED) show_failure(&r->test[i]);
  result_free(r);
}

/* ---- the reference with other students' numbers ---- */

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
  struct result *r = grade_as(c, student);
  bool full = true;
  for (size_t i = 0; i < c->lab->tests; i++) {
    if (r->test[i].status == TEST_PASSED) continue;
    if (full) check_say(c, false, "the reference, as %s, has no full marks", called);
    full = false;
    show_failure(&r->test[i]);
  }
  result_free(r);
  return full;
}

/* Stops at the first student with whose numbers the reference fails. */
static void check_students(struct check *c) {
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
  struct result *r = c->once ? grade_as(c, STUDENT) : grade_twice(c, solution);
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
      if (r->test[i].status == TEST_FAILED && !should_fail(w, i)) show_failure(&r->test[i]);
  }
  result_free(r);
}

/* Folders that lab.yaml does not name would never be graded. */
static void check_folders(struct check *c) {
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

static void check_each_test(struct check *c) {
  for (size_t i = 0; i < c->lab->tests; i++)
    if (!c->failed_by[i] && !c->lab->test[i].rubric)
      check_say(c, false, "test %s: no wrong solution fails it as `wrong` says", c->lab->test[i].id);
  bool all = true;
  for (size_t i = 0; i < c->lab->tests; i++) all &= c->failed_by[i] || c->lab->test[i].rubric;
  if (all) check_say(c, true, "each of the %zu tests is failed by a wrong solution", c->lab->tests);
}

/* ---- what students get ---- */

static void check_starter(struct check *c) {
  char *starter = lab_path(c->lab, "starter");
  if (access(starter, R_OK) != 0) {
    check_say(c, false, "starter/: %s", strerror(errno));
    free(starter);
    return;
  }
  struct workshop w = workshop_open();
  w.fill_in = STUDENT;
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

static void check_readme(struct check *c) {
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

/* ---- other compilers ---- */

/* What the compiler calls itself, in one line; "" when it does not say. */
static void version_of(const char *clang, char *line, size_t size) {
  char *command = NULL;
  *line = 0;
  setenv("TRAPEZE_CC", clang, 1); /* so that the shell takes it for one word */
  if (asprintf(&command, "\"$TRAPEZE_CC\" --version 2>/dev/null </dev/null") < 0) must(NULL);
  FILE *f = popen(command, "r");
  if (f && !fgets(line, (int)size, f)) *line = 0;
  if (f) pclose(f);
  free(command);
  unsetenv("TRAPEZE_CC");
  line[strcspn(line, "\n")] = 0;
}

/* Solutions in C have other counts with another compiler: is the reference still right, and each wrong one wrong? */
static void check_compiler(struct check *c, const char *clang) {
  char version[100], called[200];
  if (!toolchain_use(clang)) die(STATUS_USAGE, "--cc %s: there is no such program", clang);
  version_of(clang, version, sizeof version);
  char *safe = printable_name(version);
  snprintf(called, sizeof called, ", with %s%s%s%s", clang, *safe ? " (" : "", safe, *safe ? ")" : "");
  free(safe);
  c->compiler = called;
  check_reference(c);
  for (size_t i = 0; i < c->lab->wrongs; i++) check_wrong(c, &c->lab->wrong[i]);
  c->compiler = NULL;
}

/* ---- the command ---- */

enum { COMPILERS_MOST = 8 };
enum { KEY_CC = 0x620 };
enum { KEY_PATIENCE = 0x600, KEY_STUDENTS, KEY_ONCE };

static const struct argp_option rows[] = {
    {"jobs", 'j', "N", 0, "run N tests at a time (default 1)", 0},
    {"once", KEY_ONCE, NULL, 0,
     "grade wrong solutions once, which takes half the time; the reference is graded twice all the same", 0},
    {"students", KEY_STUDENTS, "N", 0,
     "grade the reference with the numbers of N students, too, and with the least and the greatest numbers",
     0},
    {"cc", KEY_CC, "CLANG", 0,
     "grade the reference and the wrong solutions with this compiler, too, since counts differ; may be given "
     "several times",
     0},
    {"patience", KEY_PATIENCE, "SECONDS", 0, "give up a test after SECONDS (default 600)", 0},
    {0}};

struct arguments {
  const char *lab;
  uint64_t jobs, patience, students;
  const char *cc[COMPILERS_MOST];
  size_t ccs;
  bool once;
};

static error_t parse(int key, char *arg, struct argp_state *state) {
  struct arguments *a = state->input;
  switch (key) {
  case 'j':
    if (!parse_size(arg, 64, &a->jobs) || !a->jobs)
      argp_error(state, "--jobs %s: expected a number from 1 to 64", arg);
    return 0;
  case KEY_ONCE: a->once = true; return 0;
  case KEY_STUDENTS:
    if (!parse_size(arg, 10000, &a->students) || !a->students)
      argp_error(state, "--students %s: expected a number from 1 to 10000", arg);
    return 0;
  case KEY_CC:
    if (a->ccs == COMPILERS_MOST) argp_error(state, "--cc %s: at most %d compilers", arg, COMPILERS_MOST);
    a->cc[a->ccs++] = arg;
    return 0;
  case KEY_PATIENCE:
    if (!parse_size(arg, 1000000, &a->patience) || !a->patience)
      argp_error(state, "--patience %s: expected seconds", arg);
    return 0;
  case ARGP_KEY_ARG:
    if (a->lab) argp_error(state, "%s: one lab is expected", arg);
    a->lab = arg;
    return 0;
  case ARGP_KEY_END:
    if (!a->lab) argp_error(state, "expected a lab");
    return 0;
  default: return ARGP_ERR_UNKNOWN;
  }
}

static const struct argp check_argp = {
    .options = rows,
    .parser = parse,
    .args_doc = "LAB",
    .doc =
        "Checks a lab: its reference solution gets full marks; each wrong solution fails exactly the tests "
        "that lab.yaml names; each test is failed by a wrong solution; grading twice gives the same result; "
        "submissions that solve nothing earn nothing (stock cheats, made of the starter, one of which knows "
        "each test by a hash of its memory); the starter builds; README.md lists the points."
        "\vCounts of C programs depend on the compiler: Debian 12 has clang 14, Debian 13 clang 19. --cc "
        "tells whether the "
        "lab's bounds hold with another one. Exit status: 0 all of it holds; 1 something does not; 2 the lab "
        "cannot be read or built; 3 the "
        "grader failed; 125 wrong usage.",
};

int lab_check(int argc, char **argv) {
  struct arguments a = {.jobs = 1};
  parse_command(&check_argp, argc, argv, 0, &a);
  struct lab *lab = lab_read(a.lab);
  lab_need_instructors(lab, "`trapeze lab check`");
  struct check c = {.lab = lab,
                    .jobs = (unsigned)a.jobs,
                    .patience = (unsigned)a.patience,
                    .students = (unsigned)a.students,
                    .once = a.once,
                    .folder = temporary_open("trapeze-check"),
                    .failed_by = must(calloc(lab->tests, sizeof(bool)))};
  check_reference(&c);
  check_students(&c);
  for (size_t i = 0; i < lab->wrongs; i++) check_wrong(&c, &lab->wrong[i]);
  adversary_check(&c);
  for (size_t i = 0; i < a.ccs; i++) check_compiler(&c, a.cc[i]);
  temporary_close(c.folder);
  if (c.graded && !c.differed) check_say(&c, true, "grading twice gives the same");
  check_folders(&c);
  check_each_test(&c);
  check_starter(&c);
  check_readme(&c);
  printf("%s: %u checks hold, %u do not\n", lab->name, c.held, c.failed);
  free(c.failed_by);
  lab_free(lab);
  return c.failed ? GRADE_UNDER : GRADE_DONE;
}
