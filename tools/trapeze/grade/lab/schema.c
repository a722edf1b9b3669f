/* schema.c - the keys of a lab.yaml, from the top down to a test: a struct lab from YAML nodes, or the first
 * mistake with its place. Whatever labs/LAB.md does not describe is a mistake. expectation.c continues below
 * a test's `expect`. */
#include <stdlib.h>
#include <string.h>

#include "isa/platform.h"
#include "schema.h"
#include "seed.h"
#include "tools/trapeze/cpu_name.h"

/* ---- names ---- */

const struct lab_file *schema_file(const struct lab *lab, const char *name) {
  for (size_t i = 0; i < lab->files; i++)
    if (strcmp(lab->file[i].name, name) == 0) return &lab->file[i];
  return NULL;
}

static const struct lab_build *built(const struct lab *lab, const char *name) {
  for (size_t i = 0; i < lab->builds; i++)
    if (strcmp(lab->build[i].name, name) == 0) return &lab->build[i];
  return NULL;
}

bool schema_makes(const struct lab *lab, const char *name, enum build_kind kind) {
  const struct lab_build *b = built(lab, name);
  return b && b->kind == kind;
}

static const char *const kind_names[] = {"program", "image", "vmm", "kernel", NULL};

static char *artifact_of(struct reader *r, node *n, enum build_kind kind) {
  char *name = node_text(r, n);
  const struct lab_build *b = built(r->lab, name);
  if (!b || b->kind != kind)
    node_bad(r, n, "'%.60s': `build` makes no %s with this name", name, kind_names[kind]);
  return name;
}

/* ---- submit ---- */

static void read_file(struct reader *r, node *n, struct lab_file *f) {
  enum { NAME, BYTES, OPTIONAL };
  static const char *const keys[] = {"!file", "bytes", "optional", NULL};
  node *v[KEYS_MOST];
  f->mark = node_mark(n);
  f->bytes = 64 << 10;
  if (!node_map(r, n, "a file of `submit`", keys, v)) return;
  f->name = node_file(r, v[NAME]);
  if (v[BYTES]) f->bytes = node_number(r, v[BYTES], 1024, 1, 64 << 20);
  if (v[OPTIONAL]) f->optional = node_bool(r, v[OPTIONAL]);
  for (const struct lab_file *other = r->lab->file; other < f; other++)
    if (other->name && strcmp(other->name, f->name) == 0)
      node_bad(r, v[NAME], "'%s' is asked for twice", f->name);
}

static void read_submit(struct reader *r, node *n) {
  r->lab->files = node_items(r, n, "files");
  r->lab->file = must(calloc(r->lab->files + 1, sizeof *r->lab->file));
  for (size_t i = 0; i < r->lab->files; i++) read_file(r, node_item(r, n, i), &r->lab->file[i]);
}

/* ---- build ---- */

static void check_sources(struct reader *r, node *n, const struct lab_build *b, const struct words *files) {
  for (size_t i = 0; i < files->n; i++) {
    const char *f = files->word[i], *dot = strrchr(f, '.');
    if (!dot || (strcmp(dot, ".c") != 0 && strcmp(dot, ".S") != 0 && strcmp(dot, ".h") != 0))
      node_bad(r, node_item(r, n, i), "'%s': expected a .c or .S file", f);
    if (files == &b->sources && !b->of_lab && !schema_file(r->lab, f))
      node_bad(r, node_item(r, n, i), "'%s': `submit` asks for no such file", f);
  }
}

static void read_artifact(struct reader *r, node *n, struct lab_build *b) {
  enum { KIND, FROM, SOURCES, WITH, PATCH };
  static const char *const keys[] = {"!kind", "from", "sources", "with", "patch", NULL};
  static const char *const froms[] = {"submission", "lab", NULL};
  node *v[KEYS_MOST];
  if (!node_map(r, n, "an artifact of `build`", keys, v)) return;
  b->kind = (enum build_kind)node_choice(r, v[KIND], kind_names);
  if (v[FROM]) b->of_lab = node_choice(r, v[FROM], froms) == 1;
  if (v[SOURCES]) b->sources = node_files(r, v[SOURCES]), check_sources(r, v[SOURCES], b, &b->sources);
  if (v[WITH]) b->with = node_files(r, v[WITH]), check_sources(r, v[WITH], b, &b->with);
  if (v[PATCH]) b->patch = node_file(r, v[PATCH]), b->patch_mark = node_mark(v[PATCH]);
  bool whole = b->kind == BUILD_PROGRAM || b->kind == BUILD_IMAGE;
  if (whole && b->sources.n == 0) node_bad(r, n, "a %s needs `sources`", kind_names[b->kind]);
  if (whole && b->patch)
    node_bad(r, v[PATCH], "only a vmm or a kernel can have a `patch`, which changes our sources");
}

static void read_build(struct reader *r, node *n) {
  r->lab->builds = node_pairs(r, n, "artifact: {kind: ..., sources: [...]}");
  r->lab->build = must(calloc(r->lab->builds + 1, sizeof *r->lab->build));
  for (size_t i = 0; i < r->lab->builds; i++) {
    const char *name;
    node *key = node_key(r, n, i, &name);
    r->lab->build[i].mark = node_mark(key);
    r->lab->build[i].name = node_id(r, key);
    read_artifact(r, node_value(r, n, i), &r->lab->build[i]);
  }
}

/* ---- runs ---- */

/* A text such as {sed:1..9}, which stands for no number; NULL when there is none. */
static const char *slip_of_seed(const char *text) {
  static const char digits[] = "0123456789";
  for (const char *at = text; (at = strchr(at, '{')); at++) {
    size_t name = strcspn(at + 1, "{}: ");
    const char *number = at + 1 + name;
    if (strncmp(at, "{seed:", 6) == 0 || strncmp(at, "{seed.", 6) == 0 || *number++ != ':') continue;
    size_t from = strspn(number, digits);
    if (!from || strncmp(number + from, "..", 2) != 0) continue;
    number += from + 2;
    if (number[strspn(number, digits)] == '}') return at;
  }
  return NULL;
}

void schema_check_seeds(struct reader *r, node *n, const char *text) {
  const char *wrong;
  char *expanded = seed_expand(text, "", &wrong);
  if (!expanded)
    node_bad(r, n, "'%.40s': " SEED_EXPECTED, wrong);
  else if (slip_of_seed(text))
    node_bad(r, n, "'%.40s' is no number of a student's own: expected {seed:A..B} or {seed.NAME:A..B}",
             slip_of_seed(text));
  free(expanded);
}

struct words schema_seeded_words(struct reader *r, node *n, const char *of) {
  struct words w = node_words(r, n, of);
  for (size_t i = 0; i < w.n; i++) schema_check_seeds(r, node_item(r, n, i), w.word[i]);
  return w;
}

static void read_limits(struct reader *r, node *n, struct lab_run *run) {
  enum { INSTRUCTIONS, EXITS, CONSOLE };
  static const char *const keys[] = {"instructions", "exits", "console", NULL};
  node *v[KEYS_MOST];
  if (!node_map(r, n, "`limits`", keys, v)) return;
  if (v[INSTRUCTIONS])
    run->limits.instructions = node_number(r, v[INSTRUCTIONS], 1000, 1, UINT64_C(1000000000000));
  if (v[EXITS]) run->limits.exits = node_number(r, v[EXITS], 1000, 1, UINT64_C(1000000000));
  if (v[CONSOLE]) run->limits.console = node_number(r, v[CONSOLE], 1024, 1, 64 << 20);
}

enum {
  PROGRAM,
  IMAGE,
  ARGS,
  DEPTH,
  VMM,
  RUN_KERNEL,
  RAM,
  CPU,
  INPUT,
  INPUT_FILE,
  LIMITS,
  GUEST_KERNEL,
  WAY,
  ALSO
};

/* Tried with the least and the greatest numbers. */
char *schema_cpu(struct reader *r, node *n) {
  static const char *const students[] = {SEED_LEAST, SEED_MOST};
  char *text = node_text(r, n), names[160];
  const char *wrong;
  enum machine_cpu cpu;
  schema_check_seeds(r, n, text);
  for (unsigned i = 0; i < 2; i++) {
    char *name = seed_expand(text, students[i], &wrong);
    if (name && !cpu_named(name, &cpu))
      node_bad(r, n, "'%.40s': expected one of %s", name, cpu_names(names, sizeof names));
    free(name);
  }
  return text;
}

/* With the least numbers: numbers change no rule. */
static void check_way(struct reader *r, node *n, const struct lab_run *run) {
  const char *wrong;
  enum machine_cpu cpu = CPU_PG32;
  char *name = run->cpu ? seed_expand(run->cpu, SEED_LEAST, &wrong) : NULL;
  bool known = !name || cpu_named(name, &cpu);
  if (known && way_refusal(run->way, cpu)) node_bad(r, n, "%s", way_refusal(run->way, cpu));
  free(name);
}

static void read_machine(struct reader *r, node **v, struct lab_run *run) {
  if (v[DEPTH]) run->depth = (unsigned)node_number(r, v[DEPTH], 1, 0, DEPTH_MAX);
  if (v[VMM]) run->vmm = artifact_of(r, v[VMM], BUILD_VMM);
  if (v[RUN_KERNEL]) run->kernel = artifact_of(r, v[RUN_KERNEL], BUILD_KERNEL);
  if (v[GUEST_KERNEL]) run->guest_kernel = artifact_of(r, v[GUEST_KERNEL], BUILD_KERNEL);
  if (v[RAM]) run->ram = (uint32_t)node_number(r, v[RAM], 1024, PAGE_SIZE, 0xE0000000u);
  if (run->ram % PAGE_SIZE) node_bad(r, v[RAM], "expected a multiple of 4K");
  if (v[CPU]) run->cpu = schema_cpu(r, v[CPU]);
  if (v[WAY]) run->way = way_names[node_choice(r, v[WAY], way_names)], check_way(r, v[WAY], run);
  if (v[LIMITS]) read_limits(r, v[LIMITS], run);
}

static struct words read_also(struct reader *r, node *n) {
  struct words w = node_words(r, n, "programs");
  if (w.n > ALSO_MOST) node_bad(r, n, "at most %d programs", ALSO_MOST);
  for (size_t i = 0; i < w.n; i++)
    if (!schema_makes(r->lab, w.word[i], BUILD_PROGRAM))
      node_bad(r, node_item(r, n, i), "'%.60s': `build` makes no program with this name", w.word[i]);
  return w;
}

static void check_image(struct reader *r, node *n, const char *name) {
  const struct lab_build *b = built(r->lab, name);
  if ((!b || b->kind != BUILD_IMAGE) && !schema_file(r->lab, name))
    node_bad(r, n, "'%.60s': `build` makes no image with this name, and `submit` asks for no such file",
             name);
}

static void check_run(struct reader *r, node *n, node **v, const struct lab_run *run) {
  if (!v[PROGRAM] == !v[IMAGE]) node_bad(r, n, "a run has either `program` or `image`");
  if (v[PROGRAM] && run->program.n == 0) node_bad(r, v[PROGRAM], "expected a program and its arguments");
  if (v[PROGRAM] && run->program.n && strchr(run->program.word[0], '/'))
    node_bad(r, v[PROGRAM], "'%.60s': expected a program's name, without a folder", run->program.word[0]);
  const struct lab_build *b = run->program.n ? built(r->lab, run->program.word[0]) : NULL;
  if (b && b->kind != BUILD_PROGRAM)
    node_bad(r, v[PROGRAM], "'%.60s': expected a program; `build` makes a%s %s of this name", b->name,
             b->kind == BUILD_IMAGE ? "n" : "", kind_names[b->kind]);
  if (v[ARGS] && !v[IMAGE])
    node_bad(r, v[ARGS], "`args` is for an image; a program's arguments follow its name in `program`");
  if (v[ALSO] && v[IMAGE])
    node_bad(r, v[ALSO], "`also` is for a program that starts others; an image starts none");
  if (v[INPUT] && v[INPUT_FILE]) node_bad(r, v[INPUT_FILE], "a run has either `input` or `input-file`");
  if (v[VMM] && run->depth == 0) node_bad(r, v[VMM], "at depth 0 no VMM runs");
  if (v[WAY] && run->depth == 0) node_bad(r, v[WAY], "at depth 0 no VMM runs");
  if (v[IMAGE] && v[GUEST_KERNEL])
    node_bad(r, v[GUEST_KERNEL], "the image runs in place of the guest's kernel");
  if (v[IMAGE] && v[RUN_KERNEL] && run->depth == 0)
    node_bad(r, v[RUN_KERNEL], "at depth 0 the image runs in place of a kernel");
}

static void read_run(struct reader *r, node *n, struct lab_run *run) {
  static const char *const keys[] = {"program", "image",        "args", "depth", "vmm",
                                     "kernel",  "ram",          "cpu",  "input", "input-file",
                                     "limits",  "guest-kernel", "way",  "also",  NULL};
  node *v[KEYS_MOST];
  run->mark = node_mark(n);
  run->depth = 1, run->ram = RAM_DEFAULT;
  run->limits.instructions = 100000000, run->limits.exits = 100000, run->limits.console = 64 << 10;
  if (!node_map(r, n, "a run", keys, v)) return;
  read_machine(r, v, run);
  if (v[PROGRAM]) run->program = schema_seeded_words(r, v[PROGRAM], "a program and its arguments");
  if (v[ALSO]) run->also = read_also(r, v[ALSO]);
  if (v[IMAGE]) run->image = node_text(r, v[IMAGE]), check_image(r, v[IMAGE], run->image);
  if (v[ARGS]) run->args = schema_seeded_words(r, v[ARGS], "arguments");
  if (v[INPUT]) run->input = node_text(r, v[INPUT]), schema_check_seeds(r, v[INPUT], run->input);
  if (v[INPUT_FILE])
    run->input_file = node_file(r, v[INPUT_FILE]), run->input_mark = node_mark(v[INPUT_FILE]);
  check_run(r, n, v, run);
}

static void read_runs(struct reader *r, node *n, struct lab_test *t) {
  t->runs = node_pairs(r, n, "name: a run");
  t->run = must(calloc(t->runs + 1, sizeof *t->run));
  for (size_t i = 0; i < t->runs; i++) {
    const char *name;
    t->run[i].name = node_id(r, node_key(r, n, i, &name));
    read_run(r, node_value(r, n, i), &t->run[i]);
  }
  if (t->runs == 0) node_bad(r, n, "expected at least one run");
}

size_t schema_run_named(struct reader *r, node *n, const struct lab_test *t) {
  const char *name = node_scalar(r, n, "a run's name");
  for (size_t i = 0; i < t->runs; i++)
    if (t->run[i].name && strcmp(t->run[i].name, name) == 0) return i;
  node_bad(r, n, "'%.60s': this test has no run of that name", name);
  return 0;
}

/* ---- tests ---- */

static void read_hint(struct reader *r, node *n, const struct lab_test *t, struct lab_hint *h) {
  enum { WHEN, SAY, ENDED };
  static const char *const keys[] = {"!when", "!say", "status", NULL};
  node *v[KEYS_MOST];
  if (!node_map(r, n, "a hint", keys, v)) return;
  h->when = node_text(r, v[WHEN]);
  h->say = node_text(r, v[SAY]);
  h->has_status = v[ENDED];
  if (v[ENDED]) h->status = (uint32_t)node_number(r, v[ENDED], 1, 0, 255);
  const struct lab_expect *e = t->expect, *end = t->expect + t->expects;
  while (e < end && !(e->name && strcmp(e->name, h->when) == 0)) e++;
  if (e == end)
    node_bad(r, v[WHEN], "'%.60s': no expectation of this test has that `name`", h->when);
  else if (h->has_status && e->kind == EXPECT_STATUS && compare_holds(e->compare, h->status, e->number))
    node_bad(r, v[ENDED], "'%.60s' holds with this status, so the hint would never be shown", h->when);
}

static void read_hints(struct reader *r, node *n, struct lab_test *t) {
  t->hints = node_items(r, n, "hints");
  t->hint = must(calloc(t->hints + 1, sizeof *t->hint));
  for (size_t i = 0; i < t->hints; i++) read_hint(r, node_item(r, n, i), t, &t->hint[i]);
}

/* The index of the test that `n` names, among the first `upto` tests. */
static size_t test_named(struct reader *r, node *n, size_t upto) {
  const char *id = node_scalar(r, n, "a test's id");
  for (size_t i = 0; i < upto; i++)
    if (r->lab->test[i].id && !r->lab->test[i].rubric && strcmp(r->lab->test[i].id, id) == 0) return i;
  node_bad(r, n, "'%.60s': no %stest that the machine judges has this id", id,
           upto < r->lab->tests ? "earlier " : "");
  return 0;
}

static size_t *tests_of(struct reader *r, node *n, size_t upto, size_t *count) {
  *count = node_items(r, n, "tests' ids");
  size_t *index = must(calloc(*count + 1, sizeof *index));
  for (size_t i = 0; i < *count; i++) index[i] = test_named(r, node_item(r, n, i), upto);
  return index;
}

enum {
  ID,
  TITLE,
  POINTS,
  VISIBILITY,
  AFTER,
  PARTIAL,
  ONE_RUN,
  RUNS,
  EXPECT,
  HINTS,
  GIVE_AWAY,
  FORGEABLE,
  RUBRIC
};

static void read_head(struct reader *r, node **v, struct lab_test *t) {
  static const char *const visibilities[] = {"visible", "hidden", "after_due_date", "after_published", NULL};
  size_t number = (size_t)(t - r->lab->test);
  t->id = node_id(r, v[ID]);
  for (size_t i = 0; i < number; i++)
    if (r->lab->test[i].id && strcmp(r->lab->test[i].id, t->id) == 0)
      node_bad(r, v[ID], "'%s': the test in line %u has this id", t->id, r->lab->test[i].mark.line);
  t->title = v[TITLE] ? node_text(r, v[TITLE]) : must(strdup(t->id));
  t->points = node_decimal(r, v[POINTS]);
  t->give_away = true;
  if (v[VISIBILITY]) t->visibility = (enum visibility)node_choice(r, v[VISIBILITY], visibilities);
  if (v[AFTER]) t->after = tests_of(r, v[AFTER], number, &t->afters);
  if (v[PARTIAL]) t->partial = node_bool(r, v[PARTIAL]);
  if (v[FORGEABLE]) t->forgeable = node_text(r, v[FORGEABLE]);
  if (v[GIVE_AWAY]) t->give_away = node_bool(r, v[GIVE_AWAY]);
}

/* Is every expectation a `classify`? Such a test looks at a file alone and needs no run. */
static bool needs_no_run(struct reader *r, node *expect) {
  size_t count = expect->type == YAML_SEQUENCE_NODE ? node_items(r, expect, "expectations") : 0;
  for (size_t i = 0; i < count; i++)
    if (!node_has_key(r, node_item(r, expect, i), "classify")) return false;
  return count > 0;
}

/* The points of such a test are a person's: nothing runs. */
static void read_rubric(struct reader *r, node **v, struct lab_test *t) {
  static const unsigned others[] = {AFTER, PARTIAL, ONE_RUN, RUNS, EXPECT, HINTS, FORGEABLE};
  t->rubric = node_text(r, v[RUBRIC]);
  for (size_t i = 0; i < sizeof others / sizeof *others; i++)
    if (v[others[i]])
      node_bad(r, v[RUBRIC], "a test with `rubric` has only id, title, points, visibility beside it");
}

static void read_test(struct reader *r, node *n, struct lab_test *t) {
  static const char *const keys[] = {"!id",  "title",  "!points", "visibility", "after",     "partial", "run",
                                     "runs", "expect", "hints",   "give-away",  "forgeable", "rubric",  NULL};
  node *v[KEYS_MOST];
  t->mark = node_mark(n);
  if (!node_map(r, n, "a test", keys, v)) return;
  read_head(r, v, t);
  if (v[RUBRIC]) {
    read_rubric(r, v, t);
    return;
  }
  if (!v[EXPECT]) node_bad(r, n, "a test needs the key 'expect'");
  if (r->bad) return;
  if (v[ONE_RUN] && v[RUNS]) node_bad(r, v[RUNS], "a test has either `run` or `runs`");
  if (!v[ONE_RUN] && !v[RUNS] && !needs_no_run(r, v[EXPECT])) node_bad(r, n, "a test needs `run` or `runs`");
  if (v[RUNS]) {
    read_runs(r, v[RUNS], t);
  } else if (v[ONE_RUN]) {
    t->run = must(calloc(1, sizeof *t->run));
    t->runs = 1;
    t->run->name = must(strdup("run"));
    read_run(r, v[ONE_RUN], t->run);
  }
  if (r->bad) return;
  schema_read_expects(r, v[EXPECT], t);
  if (v[HINTS] && !r->bad) read_hints(r, v[HINTS], t);
}

static void read_tests(struct reader *r, node *n) {
  r->lab->tests = node_items(r, n, "tests");
  r->lab->test = must(calloc(r->lab->tests + 1, sizeof *r->lab->test));
  for (size_t i = 0; i < r->lab->tests && !r->bad; i++) read_test(r, node_item(r, n, i), &r->lab->test[i]);
  if (r->lab->tests == 0) node_bad(r, n, "expected at least one test");
}

/* ---- wrong solutions, the leaderboard ---- */

static void read_wrong(struct reader *r, node *n) {
  enum { WRONG_ABOUT, FAILS };
  static const char *const keys[] = {"about", "!fails", NULL};
  node *v[KEYS_MOST];
  r->lab->wrongs = node_pairs(r, n, "folder: {about: ..., fails: [tests]}");
  r->lab->wrong = must(calloc(r->lab->wrongs + 1, sizeof *r->lab->wrong));
  for (size_t i = 0; i < r->lab->wrongs; i++) {
    struct lab_wrong *w = &r->lab->wrong[i];
    const char *name;
    node *key = node_key(r, n, i, &name);
    w->mark = node_mark(key);
    w->name = node_id(r, key);
    if (!node_map(r, node_value(r, n, i), "a wrong solution", keys, v)) return;
    if (v[WRONG_ABOUT]) w->about = node_text(r, v[WRONG_ABOUT]);
    w->fails = tests_of(r, v[FAILS], r->lab->tests, &w->n);
    if (w->n == 0) node_bad(r, v[FAILS], "expected at least one test that the wrong solution fails");
  }
}

static void read_figure(struct reader *r, node *n, struct lab_figure *f) {
  enum { FIGURE_NAME, COUNTER, TEST, FIGURE_RUN, ORDER };
  static const char *const keys[] = {"!name", "!counter", "!test", "run", "order", NULL};
  static const char *const orders[] = {"asc", "desc", NULL};
  node *v[KEYS_MOST];
  if (!node_map(r, n, "a figure of `leaderboard`", keys, v)) return;
  f->name = node_text(r, v[FIGURE_NAME]);
  f->counter = node_text(r, v[COUNTER]);
  f->test = test_named(r, v[TEST], r->lab->tests);
  if (r->bad) return;
  const struct lab_test *t = &r->lab->test[f->test];
  if (v[FIGURE_RUN]) f->run = schema_run_named(r, v[FIGURE_RUN], t);
  if (t->runs == 0)
    node_bad(r, v[TEST], "this test has no run, and so no counters");
  else
    schema_check_counter(r, v[COUNTER], f->counter, &t->run[f->run]);
  if (v[ORDER]) f->descending = node_choice(r, v[ORDER], orders) == 1;
}

static void read_leaderboard(struct reader *r, node *n) {
  r->lab->figures = node_items(r, n, "figures");
  r->lab->figure = must(calloc(r->lab->figures + 1, sizeof *r->lab->figure));
  for (size_t i = 0; i < r->lab->figures; i++) read_figure(r, node_item(r, n, i), &r->lab->figure[i]);
}

/* ---- the student's edition ---- */

static void read_withheld(struct reader *r, node *n) {
  enum { COUNT, POINTS };
  static const char *const keys[] = {"!tests", "!points", NULL};
  node *v[KEYS_MOST];
  if (!node_map(r, n, "`withheld`", keys, v)) return;
  r->lab->students = true;
  r->lab->withheld = (unsigned)node_number(r, v[COUNT], 1, 0, LIST_MOST);
  r->lab->withheld_points = node_decimal(r, v[POINTS]);
}

/* ---- all of it ---- */

static void read_lab(struct reader *r, node *n) {
  enum { VERSION, LAB_TITLE, SUMMARY, HOURS, SUBMIT, BUILD, TESTS, WRONG, LEADERBOARD, WITHHELD };
  static const char *const keys[] = {"!trapeze-lab", "!title", "summary",     "hours",    "!submit", "build",
                                     "!tests",       "wrong",  "leaderboard", "withheld", NULL};
  node *v[KEYS_MOST];
  if (!node_map(r, n, "a lab", keys, v)) return;
  node_number(r, v[VERSION], 1, 1, 1);
  r->lab->title = node_text(r, v[LAB_TITLE]);
  if (v[SUMMARY]) r->lab->summary = node_text(r, v[SUMMARY]);
  if (v[HOURS]) r->lab->hours = node_decimal(r, v[HOURS]);
  read_submit(r, v[SUBMIT]);
  if (v[BUILD] && !r->bad) read_build(r, v[BUILD]);
  if (!r->bad) read_tests(r, v[TESTS]);
  if (v[WRONG] && !r->bad) read_wrong(r, v[WRONG]);
  if (v[LEADERBOARD] && !r->bad) read_leaderboard(r, v[LEADERBOARD]);
  if (v[WITHHELD] && !r->bad) read_withheld(r, v[WITHHELD]);
}

struct lab *lab_parse(const char *path, const void *yaml, size_t bytes, struct lab_error *error) {
  struct reader r = {.path = path, .lab = must(calloc(1, sizeof *r.lab)), .error = error};
  reader_read(&r, yaml, bytes, read_lab);
  if (!r.bad) return r.lab;
  lab_free(r.lab);
  return NULL;
}
