/* from_lab.c - a test's run for a person who wants to look at it. Files that exist only in memory get a path
 * through memfd_create, so nothing is left behind. */
#define _GNU_SOURCE /* memfd_create */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "from_lab.h"
#include "grade.h"
#include "tools/trapeze/grade/judge/run.h"

enum { KEY_LAB = 0x700, KEY_SUBMISSION, KEY_TEST, KEY_RUN, KEY_STUDENT };

static const struct argp_option rows[] = {
    {"lab", KEY_LAB, "LAB", 0, "run a test of this lab, in place of PROG", 0},
    {"submission", KEY_SUBMISSION, "DIR", 0, "the student's files", 0},
    {"test", KEY_TEST, "ID", 0, "which test: a visible one, or any test when the lab has its solution/", 0},
    {"run", KEY_RUN, "NAME", 0, "which run of the test (default: the first)", 0},
    {"student", KEY_STUDENT, "ID", 0, "as `trapeze grade --student`", 0},
    {0}};

static error_t parse(int key, char *arg, struct argp_state *state) {
  struct from_lab *f = state->input;
  switch (key) {
  case KEY_LAB: f->lab = arg; return 0;
  case KEY_SUBMISSION: f->submission = arg; return 0;
  case KEY_TEST: f->test = arg; return 0;
  case KEY_RUN: f->run = arg; return 0;
  case KEY_STUDENT: f->student = arg; return 0;
  default: return ARGP_ERR_UNKNOWN;
  }
}

const struct argp from_lab_argp = {.options = rows, .parser = parse};

/* Is this the instructor's copy of the lab? A student's copy has no solutions. */
static bool has_solution(const struct lab *lab) {
  char *path = lab_path(lab, "solution");
  bool there = access(path, R_OK) == 0;
  free(path);
  return there;
}

static const struct lab_test *find_test(const struct lab *lab, const char *id) {
  for (size_t i = 0; i < lab->tests; i++) {
    if (strcmp(lab->test[i].id, id) != 0) continue;
    if (lab->test[i].visibility != VISIBLE && !has_solution(lab))
      die(STATUS_USAGE, "--test %s: it is not a visible one, and the lab has no solution/", id);
    return &lab->test[i];
  }
  die(STATUS_USAGE, "--test %s: lab %s has no such test", id, lab->name);
}

static const struct lab_run *find_run(const struct lab_test *t, const char *name) {
  if (t->runs == 0) die(STATUS_USAGE, "--test %s: it has no run", t->id);
  for (size_t i = 0; name && i < t->runs; i++)
    if (strcmp(t->run[i].name, name) == 0) return &t->run[i];
  if (name) die(STATUS_USAGE, "--run %s: test %s has no such run", name, t->id);
  return &t->run[0];
}

/* A path under which this process can read `content`. */
static char *named(struct bytes content) {
  char path[64];
  int fd = memfd_create("trapeze", MFD_CLOEXEC);
  for (size_t done = 0; fd >= 0 && done < content.size;) {
    ssize_t n = write(fd, content.data + done, content.size - done);
    if (n < 0 && errno != EINTR) die(STATUS_USAGE, "out of memory: %s", strerror(errno));
    if (n > 0) done += (size_t)n;
  }
  if (fd < 0) die(STATUS_USAGE, "memfd_create: %s", strerror(errno));
  snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
  return must(strdup(path));
}

static void check_there(const struct built *b, const struct lab_run *run) {
  const struct artifact *lacking = plan_lacks(b, run);
  const char *file = plan_lacks_file(b, run);
  if (lacking) { /* die ends the last line itself */
    const char *words = lacking->words;
    size_t n = strlen(words);
    while (n && words[n - 1] == '\n') n--;
    die(STATUS_USAGE, "%s does not build.\n%.*s", lacking->build->name, (int)n, words);
  }
  if (file) die(STATUS_USAGE, "%s: not handed in", file);
}

/* Gives the debugger the debug information of what was built. */
static void name_debug(struct plan *p, const struct built *b, const struct lab_run *run) {
  for (size_t i = 0; i < p->options.files; i++) {
    const char *name = strrchr(p->file[i].name, '/') + 1;
    const char *artifact = strcmp(p->file[i].name, "boot/kernel") == 0         ? run->kernel
                           : strcmp(p->file[i].name, "boot/guest-kernel") == 0 ? run->guest_kernel
                           : run->vmm && strcmp(name, "vmm") == 0              ? run->vmm
                                                                               : name;
    const struct artifact *a = built_artifact(b, artifact);
    if (a && a->debug.size) p->file[i].debug = named(a->debug);
  }
  const struct artifact *image = run->image ? built_artifact(b, run->image) : NULL;
  if (image && image->debug.size) p->options.image_debug = named(image->debug);
}

/* What the options of a run point to, for as long as the process lives. */
static struct {
  struct lab *lab;
  struct artifact *artifacts;
  struct plan plan;
  char *student, *input;
} kept;

static void make_options(const struct built *b, const struct lab_run *run, const char *sources,
                         struct options *o) {
  struct options wanted = *o;
  plan_make(&kept.plan, b, run);
  name_debug(&kept.plan, b, run);
  *o = kept.plan.options;
  o->stats = wanted.stats;
  o->calls = wanted.calls;
  o->max_insns = wanted.max_insns < run->limits.instructions ? wanted.max_insns : run->limits.instructions;
  o->input = kept.input = named(kept.plan.input);
  o->sources = sources;
}

void from_lab_options(const struct from_lab *f, struct options *o) {
  if (!f->lab && !f->submission && !f->test && !f->run) return;
  if (!f->lab || !f->submission || !f->test) die(STATUS_USAGE, "--lab, --submission and --test go together");
  if (o->argc > 0) die(STATUS_USAGE, "%s: the lab's test says what runs", o->argv[0]);
  if (o->image || o->initrd || o->kernel || o->vmm || o->tlb)
    die(STATUS_USAGE,
        "--image, --initrd, --kernel, --vmm and --tlb: not with --lab, whose test says what runs");
  struct lab *lab = kept.lab = lab_read(f->lab);
  if (o->way) lab_take_way(lab, o->way);
  const struct lab_run *run = find_run(find_test(lab, f->test), f->run);
  struct workshop w = workshop_open();
  struct artifact *artifacts = kept.artifacts = must(calloc(lab->builds + 1, sizeof *artifacts));
  kept.student = f->student ? must(strdup(f->student)) : student_of(f->submission);
  if (submission_is_solution(lab, f->submission)) w.fill_in = kept.student;
  free(submission_take(&w, lab, f->submission));
  for (size_t i = 0; i < lab->builds; i++)
    if (run_needs(run, lab->build[i].name)) artifacts[i] = workshop_build(&w, lab, &lab->build[i]);
  struct built b = {.lab = lab, .workshop = &w, .artifact = artifacts, .student = kept.student};
  check_there(&b, run);
  make_options(&b, run, f->submission, o);
  workshop_close(&w);
}
