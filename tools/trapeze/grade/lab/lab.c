/* lab.c - where labs are found, and how a struct lab is freed. */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lab.h"
#include "pattern.h"
#include "seed.h"
#include "sum.h"
#include "tools/base_name.h"
#include "tools/trapeze/cpu_name.h"

/* ---- freeing ---- */

static void free_words(struct words *w) {
  for (size_t i = 0; i < w->n; i++) free(w->word[i]);
  free(w->word);
  free(w->mark);
}

static void free_run(struct lab_run *r) {
  free(r->name);
  free_words(&r->program);
  free_words(&r->also);
  free(r->image);
  free_words(&r->args);
  free(r->vmm);
  free(r->kernel);
  free(r->guest_kernel);
  free(r->input);
  free(r->cpu);
  free(r->input_file);
}

static void free_expect(struct lab_expect *e) {
  free(e->name);
  free(e->about);
  sum_free(e->left), sum_free(e->right), sum_free(e->none_at);
  switch (e->kind) {
  case EXPECT_CONSOLE:
    free_words(&e->console.has);
    free_words(&e->console.not );
    free(e->console.is);
    break;
  case EXPECT_TRACE:
    free(e->trace.text);
    pattern_free(e->trace.pattern);
    break;
  case EXPECT_COUNTER: free(e->counter); break;
  case EXPECT_MEMORY:
    for (size_t i = 0; e->memory.sum && i < e->memory.words; i++) sum_free(e->memory.sum[i]);
    free(e->memory.sum);
    free(e->memory.at);
    free(e->memory.word);
    break;
  case EXPECT_VARIABLE:
    for (size_t i = 0; e->variable.sum && i < e->variable.elements; i++) sum_free(e->variable.sum[i]);
    free(e->variable.sum);
    free(e->variable.name);
    free(e->variable.text);
    break;
  case EXPECT_PREDICT:
  case EXPECT_CLASSIFY: free(e->answers.file), free(e->answers.list), free(e->answers.cpu); break;
  default: break;
  }
}

static void free_test(struct lab_test *t) {
  free(t->id);
  free(t->title);
  free(t->forgeable);
  free(t->rubric);
  free(t->after);
  for (size_t i = 0; t->run && i < t->runs; i++) free_run(&t->run[i]);
  for (size_t i = 0; t->expect && i < t->expects + t->nested; i++) free_expect(&t->expect[i]);
  for (size_t i = 0; t->hint && i < t->hints; i++) free(t->hint[i].when), free(t->hint[i].say);
  free(t->run);
  free(t->expect);
  free(t->hint);
}

static void free_build(struct lab_build *b) {
  free(b->name);
  free_words(&b->sources);
  free_words(&b->with);
  free(b->patch);
}

static void free_lists(struct lab *lab) {
  for (size_t i = 0; lab->file && i < lab->files; i++) free(lab->file[i].name);
  for (size_t i = 0; lab->build && i < lab->builds; i++) free_build(&lab->build[i]);
  for (size_t i = 0; lab->test && i < lab->tests; i++) free_test(&lab->test[i]);
  for (size_t i = 0; lab->wrong && i < lab->wrongs; i++)
    free(lab->wrong[i].name), free(lab->wrong[i].about), free(lab->wrong[i].fails);
  for (size_t i = 0; lab->figure && i < lab->figures; i++)
    free(lab->figure[i].name), free(lab->figure[i].counter);
}

void lab_free(struct lab *lab) {
  if (!lab) return;
  free_lists(lab);
  free(lab->file);
  free(lab->build);
  free(lab->test);
  free(lab->wrong);
  free(lab->figure);
  free(lab->path);
  free(lab->name);
  free(lab->given);
  free(lab->title);
  free(lab->summary);
  free(lab);
}

/* ---- finding ---- */

static bool is_lab(const char *folder) {
  char file[PATH_MAX];
  struct stat st;
  return snprintf(file, sizeof file, "%s/lab.yaml", folder) < (int)sizeof file && stat(file, &st) == 0;
}

/* Is `name` the entry's name, or its number? */
static bool is_called(const char *entry, const char *name) {
  size_t digits = strspn(entry, "0123456789");
  if (strcmp(entry, name) == 0) return true;
  return digits && entry[digits] == '-' && strspn(name, "0123456789") == strlen(name) &&
         strtoul(name, NULL, 10) == strtoul(entry, NULL, 10);
}

static char *find_in(const char *folder, const char *name) {
  DIR *d = opendir(folder);
  char *found = NULL;
  for (struct dirent *e; d && !found && (e = readdir(d));) {
    char path[PATH_MAX];
    if (*e->d_name == '.' || !is_called(e->d_name, name)) continue;
    if (snprintf(path, sizeof path, "%s/%s", folder, e->d_name) < (int)sizeof path && is_lab(path))
      found = must(strdup(path));
  }
  if (d) closedir(d);
  return found;
}

static char *find_installed(const char *folder, const char *name) {
  char *labs = beside_executable(folder);
  char *found = labs ? find_in(labs, name) : NULL;
  free(labs);
  return found;
}

static char *find_ours(const char *name) {
  const char *named = getenv("TRAPEZE_LABS");
  char *found = named && *named ? find_in(named, name) : NULL;
  if (!found) found = find_installed("share/trapeze/instructor/labs", name);
  if (!found) found = find_installed("share/trapeze/labs", name);
  return found ? found : find_in("labs", name);
}

static char *find(const char *name) {
  if (is_lab(name)) return must(strdup(name));
  char *found = strchr(name, '/') ? NULL : find_ours(name);
  if (!found)
    die(STATUS_USAGE,
        "there is no lab '%s'; expected a folder with lab.yaml, or the name or number of a lab in "
        "$TRAPEZE_LABS, beside the executable, or in ./labs",
        name);
  return found;
}

void lab_reveal(struct lab *lab, enum visibility upto) {
  lab->revealed = upto;
  for (size_t i = 0; i < lab->tests; i++) {
    enum visibility *v = &lab->test[i].visibility;
    if (*v == AFTER_DUE_DATE || (*v == AFTER_PUBLISHED && upto == AFTER_PUBLISHED)) *v = VISIBLE;
  }
}

/* A student's numbers change the numbers of a CPU, and not its rules. */
static enum machine_cpu cpu_of(const struct lab_run *run) {
  const char *wrong;
  enum machine_cpu cpu = CPU_PG32;
  char *name = run->cpu ? must(seed_expand(run->cpu, SEED_LEAST, &wrong)) : NULL;
  if (name) cpu_named(name, &cpu); /* schema_cpu has checked it */
  free(name);
  return cpu;
}

void lab_take_way(struct lab *lab, const char *way) {
  char *title = must(malloc(strlen(lab->title) + strlen(way) + sizeof ", with --way "));
  sprintf(title, "%s, with --way %s", lab->title, way);
  free(lab->title);
  lab->title = title, lab->way = way;
  for (size_t i = 0; i < lab->tests; i++)
    for (size_t k = 0; k < lab->test[i].runs; k++) {
      struct lab_run *run = &lab->test[i].run[k];
      const char *why = run->depth ? way_refusal(way, cpu_of(run)) : NULL;
      if (why)
        die(STATUS_USAGE, "--way %s: %s, and test %s runs on %s", way, why, lab->test[i].id,
            run->cpu ? run->cpu : "pg32");
      if (run->depth) run->way = way;
    }
}

void lab_need_instructors(const struct lab *lab, const char *what) {
  if (!lab->students) return;
  die(GRADE_BROKEN,
      "%s: this is the student's edition of the lab, without solutions and without %u hidden tests; "
      "%s needs the instructor's edition (`make install-instructor`, or the package trapeze-instructor)",
      lab->path, lab->withheld, what);
}

char *lab_path(const struct lab *lab, const char *file) {
  char *path = must(malloc(strlen(lab->path) + strlen(file) + 2));
  sprintf(path, "%s/%s", lab->path, file);
  return path;
}

static char *last_part(const char *path) {
  char *real = realpath(path, NULL);
  const char *last = real ? base_name(real) : "";
  char *name = must(strdup(*last ? last : path));
  free(real);
  return name;
}

/* What commands call the lab by: its name when that leads to it, else the word that was given. */
static char *call(const struct lab *lab, const char *given) {
  char *ours = find_ours(lab->name), *a = ours ? realpath(ours, NULL) : NULL, *b = realpath(lab->path, NULL);
  char *word = must(strdup(a && b && strcmp(a, b) == 0 ? lab->name : given));
  free(ours);
  free(a);
  free(b);
  return word;
}

/* ---- its files ---- */

char *lab_source_path(const struct lab *lab, const char *name) {
  char below[256];
  snprintf(below, sizeof below, "%s%s", strncmp(name, "starter/", 8) == 0 ? "" : "tests/", name);
  return lab_path(lab, below);
}

static void check_file(const struct lab *lab, const char *name, struct mark at, bool source) {
  char below[256];
  snprintf(below, sizeof below, "tests/%s", name);
  char *path = source ? lab_source_path(lab, name) : lab_path(lab, below);
  if (access(path, R_OK) != 0)
    die(GRADE_BROKEN, "%s/lab.yaml:%u:%u: '%s': %s: %s; the lab's files are looked for below tests/%s",
        lab->path, at.line, at.column, name, path, strerror(errno), source ? ", or are starter/NAME" : "");
  free(path);
}

static void check_sources(const struct lab *lab, const struct words *w) {
  for (size_t i = 0; i < w->n; i++) check_file(lab, w->word[i], w->mark[i], true);
}

/* Checks that the lab's own files that lab.yaml names are there. */
static void check_files(const struct lab *lab) {
  for (size_t i = 0; i < lab->builds; i++) {
    const struct lab_build *b = &lab->build[i];
    if (b->of_lab) check_sources(lab, &b->sources);
    check_sources(lab, &b->with);
    if (b->patch) check_file(lab, b->patch, b->patch_mark, false);
  }
  for (size_t i = 0; i < lab->tests; i++)
    for (size_t k = 0; k < lab->test[i].runs; k++) {
      const struct lab_run *r = &lab->test[i].run[k];
      if (r->input_file) check_file(lab, r->input_file, r->input_mark, false);
    }
  for (size_t i = 0; i < lab->tests; i++)
    for (size_t k = 0; k < lab->test[i].expects; k++) {
      const struct lab_expect *e = &lab->test[i].expect[k];
      if (e->kind == EXPECT_PREDICT && e->answers.list)
        check_file(lab, e->answers.list, e->answers.list_mark, true);
    }
}

struct lab *lab_read(const char *name) {
  struct lab_error error;
  struct bytes yaml;
  char *folder = find(name), *path = must(malloc(strlen(folder) + sizeof "/lab.yaml"));
  sprintf(path, "%s/lab.yaml", folder);
  if (!file_try_read(path, &yaml)) die(GRADE_BROKEN, "%s: %s", path, strerror(errno));
  struct lab *lab = lab_parse(path, yaml.data, yaml.size, &error);
  if (!lab) die(GRADE_BROKEN, "%s", error.text);
  lab->path = folder;
  lab->name = last_part(folder);
  lab->given = call(lab, name);
  check_files(lab);
  free(yaml.data);
  free(path);
  return lab;
}
