/* check.c - trapeze lab check: does a lab keep its promises? The command; solutions.c, students.c, compilers.c,
 * adversary.c and handout.c verify the promises. */
#include <stdarg.h>
#include <stdlib.h>

#include "check.h"
#include "tools/trapeze/grade/build/temporary.h"

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

/* ---- the command ---- */

enum { COMPILERS_MOST = 8 };
enum { KEY_PATIENCE = 0x600, KEY_STUDENTS, KEY_ONCE, KEY_QUICK, KEY_CC };

static const struct argp_option rows[] = {
    {"jobs", 'j', "N", 0, "run N tests at a time (default 1)", 0},
    {"once", KEY_ONCE, NULL, 0,
     "grade wrong solutions once, which takes half the time; the reference is graded twice all the same", 0},
    {"quick", KEY_QUICK, NULL, 0,
     "grade, and once only, so few wrong solutions that each test is failed by one, and try each kind of "
     "cheat "
     "once: for a lab that you are writing",
     0},
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
  bool once, quick;
};

static error_t parse(int key, char *arg, struct argp_state *state) {
  struct arguments *a = state->input;
  switch (key) {
  case 'j':
    if (!parse_size(arg, 64, &a->jobs) || !a->jobs)
      argp_error(state, "--jobs %s: expected a number from 1 to 64", arg);
    return 0;
  case KEY_ONCE: a->once = true; return 0;
  case KEY_QUICK: a->quick = true; return 0;
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
  argp_parse(&check_argp, argc, argv, 0, &a);
  struct lab *lab = lab_read(a.lab);
  lab_need_instructors(lab, "`trapeze lab check`");
  struct check c = {.lab = lab,
                    .jobs = (unsigned)a.jobs,
                    .patience = (unsigned)a.patience,
                    .students = (unsigned)a.students,
                    .once = a.once,
                    .quick = a.quick,
                    .folder = temporary_open("trapeze-check"),
                    .failed_by = must(calloc(lab->tests, sizeof(bool)))};
  check_reference(&c);
  check_students(&c);
  check_wrongs(&c);
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
