/* command.c - trapeze grade: the command line, and where results go. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "class.h"
#include "tools/trapeze/grade/build/folder.h"
#include "grade.h"
#include "pages.h"
#include "similar.h"
#include "tools/trapeze/grade/format/format.h"
#include "tools/trapeze/grade/intake/intake.h"

enum {
  KEY_FORMAT = 'f',
  KEY_OUTPUT = 'o',
  KEY_JOBS = 'j',
  KEY_ONLY = 0x500,
  KEY_STUDENT,
  KEY_UNDER,
  KEY_PATIENCE,
  KEY_UNTIL,
  KEY_REVEAL,
  KEY_RUBRIC,
  KEY_WAY
};

/* clang-format off */
static const struct argp_option rows[] = {
  {"format",     KEY_FORMAT,   "NAME", 0, "text (default), json, gradescope, prairielearn, autolab, junit, tap, or html: a page that links to the traces of failed tests", 1},
  {"output",     KEY_OUTPUT,   "DIR",  0, "write the files feedback.txt, grade.json and that of --format into DIR, and "
                                          "only the score to stdout", 1},
  {"only",       KEY_ONLY,     "TEST", 0, "grade only this test and those that it builds on", 1},
  {"until-failed", KEY_UNTIL,  NULL,   0, "stop at the first test that is not passed", 1},
  {"reveal",     KEY_REVEAL,   "WHEN", 0, "tell of the tests that are visible `after_due_date`, or `after_published` (both), as of "
                                          "visible ones", 1},
  {"rubric",     KEY_RUBRIC,   "FILE", 0, "add the points that persons have given: a CSV table with a line for each student and a column "
                                          "for each test that has a `rubric`", 1},
  {"way",        KEY_WAY,      "NAME", 0, "let each VMM virtualize its CPU in this way, whatever the lab says: trap, or (on pg32-leaky, as in "
                                          "lab 9) translate or translate,user", 1},
  {"jobs",       KEY_JOBS,     "N",    0, "run N tests at a time; for a class, N submissions (default 1)", 1},
  {"student",    KEY_STUDENT,  "ID",   0, "the student whose submission it is (default: the submission's name)", 1},
  {"fail-under", KEY_UNDER,    "N",    0, "exit with status 1 when the score is less than N points, or N% of all points", 1},
  {"patience",   KEY_PATIENCE, "SECONDS", 0, "give up when a test takes longer than SECONDS on this computer (default "
                                             "600); then there is no score", 1},
  {0}
};
/* clang-format on */

struct arguments {
  const char *lab, *output, *only, *student, *rubric, *way;
  const char **submission; /* a NULL ends them */
  size_t submissions;
  const struct format *format;
  enum visibility reveal;
  unsigned jobs, patience;
  double under;
  bool under_given, percent, until_failed;
  struct class_options class;
};

static void set_under(struct arguments *a, const char *text, struct argp_state *state) {
  char *end;
  a->under = strtod(text, &end);
  a->percent = *end == '%';
  a->under_given = true;
  if (end == text || end[a->percent] || !isfinite(a->under) || a->under < 0 || (a->percent && a->under > 100))
    argp_error(state, "--fail-under %s: expected points, or a percentage from 0%% to 100%%", text);
}

static unsigned number(const char *option, const char *text, uint64_t most, struct argp_state *state) {
  uint64_t n = 1;
  if (!parse_size(text, most, &n) || n == 0)
    argp_error(state, "%s %s: expected a number from 1 to %llu", option, text, (unsigned long long)most);
  return (unsigned)n;
}

static void set_reveal(struct arguments *a, const char *text, struct argp_state *state) {
  a->reveal = strcmp(text, "after_published") == 0 ? AFTER_PUBLISHED : AFTER_DUE_DATE;
  if (strcmp(text, visibility_name(a->reveal)) != 0)
    argp_error(state, "--reveal %s: expected after_due_date or after_published", text);
}

static void set_format(struct arguments *a, const char *text, struct argp_state *state) {
  char names[200] = "";
  a->format = format_find(text);
  if (a->format) return;
  for (size_t i = 0; format_all[i]; i++)
    snprintf(names + strlen(names), sizeof names - strlen(names), "%s%s",
             i == 0              ? ""
             : format_all[i + 1] ? ", "
                                 : " or ",
             format_all[i]->name);
  argp_error(state, "--format %s: expected %s", text, names);
}

static void add_submission(struct arguments *a, const char *name) {
  a->submission = must(realloc(a->submission, (a->submissions + 2) * sizeof *a->submission));
  a->submission[a->submissions++] = name;
  a->submission[a->submissions] = NULL;
}

static void check_arguments(const struct arguments *a, struct argp_state *state) {
  if (a->class.summary && (a->lab || (a->output && !a->class.statistics)))
    argp_error(state, "--summary OUT: expected nothing else but --class DIR, --roster and --take");
  if (a->class.summary) return;
  if (a->class.intake && (!a->lab || !a->output || a->submissions || a->class.folder))
    argp_error(state, "--intake EXPORT: expected a lab, and -o DIR for what is taken in");
  if (a->class.intake) return;
  if (!a->lab || (a->submissions == 0 && !a->class.folder))
    argp_error(state, "expected a lab and a submission");
  if (class_wanted(&a->class, a->submissions) && (a->student || a->under_given || a->until_failed))
    argp_error(state, "expected one submission with --student, --fail-under or --until-failed");
}

static error_t parse(int key, char *arg, struct argp_state *state) {
  struct arguments *a = state->input;
  switch (key) {
  case ARGP_KEY_INIT: state->child_inputs[0] = &a->class; return 0;
  case KEY_FORMAT: set_format(a, arg, state); return 0;
  case KEY_OUTPUT: a->output = arg; return 0;
  case KEY_RUBRIC: a->rubric = arg; return 0;
  case KEY_REVEAL: set_reveal(a, arg, state); return 0;
  case KEY_ONLY: a->only = arg; return 0;
  case KEY_STUDENT: a->student = arg; return 0;
  case KEY_WAY:
    a->way = arg;
    if (!way_known(arg) || strcmp(arg, "para") == 0) /* that one needs kernels of its own */
      argp_error(state, "--way %s: expected trap, translate or translate,user", arg);
    return 0;
  case KEY_JOBS: a->jobs = number("--jobs", arg, 64, state); return 0;
  case KEY_PATIENCE: a->patience = number("--patience", arg, 1000000, state); return 0;
  case KEY_UNTIL: a->until_failed = true; return 0;
  case KEY_UNDER: set_under(a, arg, state); return 0;
  case ARGP_KEY_ARG:
    if (!a->lab)
      a->lab = arg;
    else
      add_submission(a, arg);
    return 0;
  case ARGP_KEY_END: check_arguments(a, state); return 0;
  default: return ARGP_ERR_UNKNOWN;
  }
}

static const struct argp_child children[] = {
    {&class_argp, 0, "Grading a class, each submission in a process of its own:", 9}, {0}};
static const struct argp grade_argp = {
    .options = rows,
    .parser = parse,
    .children = children,
    .args_doc = "LAB SUBMISSION\nLAB SUBMISSION... -o OUT\nLAB --class DIR -o OUT\nLAB --class DIR "
                "--similar\nLAB --intake EXPORT -o DIR\n--summary OUT\n--statistics OUT",
    .doc = "Grades a submission, a folder with the files that the lab asks for: builds it, runs the lab's "
           "tests and says "
           "what was expected, what happened, and where to look. LAB is a lab's folder, or the name or "
           "number of one of "
           "ours. Students' code runs inside the machine only; the verdict comes from what the machine saw."
           "\vExit status: 0 graded, whatever the score; 1 the score is below --fail-under; 2 the lab itself "
           "has "
           "a mistake; 3 the grader failed, and there is no score; 125 wrong usage. {doc}/labs/LAB.md tells "
           "how labs are written.",
};

/* ---- results as files ---- */

/* The result in `format`, whole or not at all: a score that breaks off is not a score. The caller owns it. */
static struct bytes formatted(const struct format *format, const struct result *r) {
  char *text;
  size_t size;
  FILE *f = must(open_memstream(&text, &size));
  format->write(f, r);
  if (fclose(f) != 0) die(GRADE_TROUBLE, "%s: %s", format->file, strerror(errno));
  return (struct bytes){(uint8_t *)text, size};
}

static void write_file(const char *folder, const struct format *format, const struct result *r) {
  char *path = must(malloc(strlen(folder) + strlen(format->file) + 2));
  struct bytes text = formatted(format, r);
  sprintf(path, "%s/%s", folder, format->file);
  if (!file_try_replace(path, text.data, text.size)) die(GRADE_TROUBLE, "%s: %s", path, strerror(errno));
  free(path);
  free(text.data);
}

static void show(const struct format *format, const struct result *r) {
  struct bytes text = formatted(format, r);
  fwrite(text.data, 1, text.size, stdout);
  free(text.data);
}

static void write_all(const char *folder, const struct format *format, const struct result *r) {
  char score[32], max[32];
  folder_make(folder);
  write_file(folder, &format_text, r);
  if (format != &format_text && format != &format_json) write_file(folder, format, r);
  write_file(folder, &format_json, r); /* written last: a folder with grade.json is complete */
  char *student = printable_name(r->student);
  printf("%s: %s of %s\n", student, points_text(r->score, score), points_text(r->max, max));
  free(student);
}

static bool is_under(const struct arguments *a, const struct result *r) {
  double bound = a->percent ? r->max * a->under / 100 : a->under;
  return a->under_given && r->score < bound - 1e-9;
}

static int grade_one(const struct arguments *a, const struct lab *lab) {
  struct grading g = {.lab = lab,
                      .submission = a->submission[0],
                      .student = a->student,
                      .only = a->only,
                      .elsewhere = a->output != NULL,
                      .further = true,
                      .until_failed = a->until_failed,
                      .jobs = a->jobs,
                      .patience = a->patience};
  struct rubric rubric = a->rubric ? rubric_read(a->rubric, lab) : (struct rubric){0};
  if (a->rubric) g.rubric = &rubric;
  if (access(g.submission, R_OK) != 0) die(STATUS_USAGE, "%s: %s", g.submission, strerror(errno));
  struct result *r = grade(&g);
  if (a->output && a->format == &format_html) pages_write(&g, a->output, r);
  if (a->output)
    write_all(a->output, a->format, r);
  else
    show(a->format, r);
  if (fflush(stdout) != 0 || ferror(stdout)) die(GRADE_TROUBLE, "stdout: %s", strerror(errno));
  rubric_free(&rubric);
  int status = is_under(a, r) ? GRADE_UNDER : GRADE_DONE;
  result_free(r);
  return status;
}

static struct lab *read_lab(const struct arguments *a) {
  struct lab *lab = lab_read(a->lab);
  if (a->reveal) lab_reveal(lab, a->reveal);
  if (a->way) lab_take_way(lab, a->way);
  lab->persons = a->rubric != NULL;
  return lab;
}

/* The options that each submission's own process gets, too. */
static int grade_all(const struct arguments *a) {
  char patience[16];
  const char *pass[14] = {"--format", a->format->name};
  unsigned n = 2;
  snprintf(patience, sizeof patience, "%u", a->patience);
  struct lab *lab = read_lab(a); /* a mistake in the lab is reported once, not for each submission */
  if (a->reveal) pass[n++] = "--reveal", pass[n++] = visibility_name(a->reveal);
  struct rubric rubric = a->rubric ? rubric_read(a->rubric, lab) : (struct rubric){0};
  if (a->rubric) pass[n++] = "--rubric", pass[n++] = a->rubric;
  if (a->way) pass[n++] = "--way", pass[n++] = a->way;
  if (a->only) pass[n++] = "--only", pass[n++] = a->only;
  if (a->patience) pass[n++] = "--patience", pass[n++] = patience;
  int status = class_grade(&a->class, &(struct class_job){.lab = lab,
                                                          .given = a->lab,
                                                          .only = a->only,
                                                          .rubric = a->rubric ? &rubric : NULL,
                                                          .file = a->format->file,
                                                          .submission = a->submission,
                                                          .submissions = a->submissions,
                                                          .output = a->output,
                                                          .jobs = a->jobs,
                                                          .pass = pass});
  rubric_free(&rubric);
  lab_free(lab);
  return status;
}

static int take_in(const struct arguments *a, const struct lab *lab) {
  struct roster roster = a->class.roster ? roster_read(a->class.roster) : (struct roster){0};
  int status = intake(stdout, lab, a->class.intake, a->output, a->class.roster ? &roster : NULL);
  roster_free(&roster);
  return status;
}

static int dispatch(const struct arguments *a) {
  if (a->class.statistics) return class_statistics(&a->class, stdout, a->output);
  if (a->class.summary) return class_summary(&a->class, stdout);
  if (class_wanted(&a->class, a->submissions) && !a->class.similar) return grade_all(a);
  struct lab *lab = read_lab(a);
  int status = GRADE_DONE;
  if (a->class.intake)
    status = take_in(a, lab);
  else if (a->class.similar)
    similar_report(stdout, lab, a->class.folder, a->class.similar);
  else
    status = grade_one(a, lab);
  lab_free(lab);
  return status;
}

int command_grade(int argc, char **argv) {
  struct arguments a = {.format = &format_text, .jobs = 1};
  argp_parse(&grade_argp, argc, argv, 0, &a);
  int status = dispatch(&a);
  free(a.submission);
  return status;
}
