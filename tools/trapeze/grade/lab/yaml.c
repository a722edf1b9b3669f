/* yaml.c - lab.yaml into a struct lab, strictly: whatever is not in labs/LAB.md is a mistake, told with
 * its place.
 *
 * The file is composed into nodes first. A map's nodes are put into an array by key, so that the reading
 * functions choose the order: what names something is read after what defines it. The first mistake is kept,
 * and reading goes on with harmless values; nothing of a lab with a mistake is used. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "console_text.h"
#include "counter.h"
#include "isa/pg32.h"
#include "isa/platform.h"
#include "lab.h"
#include "pattern.h"
#include "seed.h"

#define LIST_MOST 1000 /* items: no lab has so many */
#define KEYS_MOST 16

typedef const yaml_node_t node;

struct reader {
  const char *path;
  yaml_document_t document;
  struct lab *lab;
  bool bad;
  struct lab_error *error;
};

/* ---- mistakes ---- */

static void mistake(struct reader *r, const yaml_mark_t *at, const char *format, va_list ap) {
  if (r->bad) return;
  r->bad = true;
  int n =
      snprintf(r->error->text, sizeof r->error->text, "%s:%zu:%zu: ", r->path, at->line + 1, at->column + 1);
  if (n >= 0 && (size_t)n < sizeof r->error->text)
    vsnprintf(r->error->text + n, sizeof r->error->text - (size_t)n, format, ap);
}

__attribute__((format(printf, 3, 4))) static void bad(struct reader *r, node *n, const char *format, ...) {
  va_list ap;
  va_start(ap, format);
  mistake(r, &n->start_mark, format, ap);
  va_end(ap);
}

/* ---- nodes ---- */

static node *node_at(struct reader *r, int index) { return yaml_document_get_node(&r->document, index); }

static struct mark mark_of(node *n) {
  return (struct mark){(unsigned)n->start_mark.line + 1, (unsigned)n->start_mark.column + 1};
}

static const char *scalar(struct reader *r, node *n, const char *expected) {
  const char *text = (const char *)n->data.scalar.value;
  if (n->type != YAML_SCALAR_NODE)
    bad(r, n, "expected %s", expected);
  else if (strlen(text) != n->data.scalar.length)
    bad(r, n, "a text holds no NUL");
  else
    return text;
  return "";
}

static char *text_of(struct reader *r, node *n) { return must(strdup(scalar(r, n, "a text"))); }

static bool is_plain(node *n) {
  return n->type == YAML_SCALAR_NODE && n->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
}

/* A number with a suffix of `unit`s: 1000 for counts, 1024 for sizes. */
static bool scaled(const char *text, uint64_t unit, uint64_t *value) {
  char *end;
  if (*text < '0' || *text > '9') return false;
  unsigned long long n = strtoull(text, &end, 0);
  static const char suffixes[] = "KMG";
  const char *suffix = *end ? strchr(suffixes, *end) : NULL;
  if (*end && (!suffix || end[1])) return false;
  for (; suffix && suffix >= suffixes; suffix--) {
    if (n > UINT64_MAX / unit) return false;
    n *= unit;
  }
  *value = n;
  return n != UINT64_MAX;
}

static uint64_t number_of(struct reader *r, node *n, uint64_t unit, uint64_t least, uint64_t most) {
  uint64_t value = least;
  if (!is_plain(n) || !scaled(scalar(r, n, "a number"), unit, &value) || value < least || value > most) {
    bad(r, n, "expected a number from %llu to %llu%s", (unsigned long long)least, (unsigned long long)most,
        unit == 1      ? ""
        : unit == 1000 ? ", with K, M or G for thousands"
                       : ", with K or M for multiples of 1024");
    return least;
  }
  return value;
}

static double decimal_of(struct reader *r, node *n) {
  char *end = NULL;
  const char *text = is_plain(n) ? scalar(r, n, "a number") : "";
  double value =
      *text >= '0' && *text <= '9' && strspn(text, "0123456789.") == strlen(text) ? strtod(text, &end) : 0;
  if (!end || *end || value > 1e6) bad(r, n, "expected a number such as 10 or 2.5");
  return value;
}

static bool bool_of(struct reader *r, node *n) {
  const char *text = is_plain(n) ? scalar(r, n, "true or false") : "";
  if (strcmp(text, "true") != 0 && strcmp(text, "false") != 0) bad(r, n, "expected true or false");
  return strcmp(text, "true") == 0;
}

/* The index of the word among `words`, which ends with NULL. */
static unsigned choice(struct reader *r, node *n, const char *const *words) {
  const char *text = scalar(r, n, "a word");
  char list[200] = "";
  for (unsigned i = 0; words[i]; i++) {
    if (strcmp(words[i], text) == 0) return i;
    snprintf(list + strlen(list), sizeof list - strlen(list), "%s%s", i ? ", " : "", words[i]);
  }
  bad(r, n, "'%.40s': expected one of %s", text, list);
  return 0;
}

/* Items of a list; 0 when it is none. */
static size_t items(struct reader *r, node *n, const char *of) {
  if (n->type != YAML_SEQUENCE_NODE) {
    bad(r, n, "expected a list of %s: [..., ...]", of);
    return 0;
  }
  size_t count = (size_t)(n->data.sequence.items.top - n->data.sequence.items.start);
  if (count <= LIST_MOST) return count;
  bad(r, n, "%zu items: at most %d are allowed", count, LIST_MOST);
  return 0;
}

static node *item(struct reader *r, node *n, size_t i) { return node_at(r, n->data.sequence.items.start[i]); }

static struct words words_of(struct reader *r, node *n, const char *of) {
  struct words w = {.n = items(r, n, of)};
  w.word = must(calloc(w.n + 1, sizeof *w.word));
  for (size_t i = 0; i < w.n; i++) w.word[i] = text_of(r, item(r, n, i));
  return w;
}

/* ---- maps ---- */

static size_t pairs(struct reader *r, node *n, const char *what) {
  if (n->type != YAML_MAPPING_NODE) {
    bad(r, n, "expected a map: %s", what);
    return 0;
  }
  size_t count = (size_t)(n->data.mapping.pairs.top - n->data.mapping.pairs.start);
  if (count <= LIST_MOST) return count;
  bad(r, n, "%zu keys: at most %d are allowed", count, LIST_MOST);
  return 0;
}

/* Key i of a map, which stands there once. */
static node *key_at(struct reader *r, node *n, size_t i, const char **name) {
  node *key = node_at(r, n->data.mapping.pairs.start[i].key);
  *name = scalar(r, key, "a key that is a word");
  for (size_t before = 0; before < i; before++) {
    node *other = node_at(r, n->data.mapping.pairs.start[before].key);
    if (other->type == YAML_SCALAR_NODE && strcmp((const char *)other->data.scalar.value, *name) == 0)
      bad(r, key, "'%.40s' is here a second time; it was given in line %u", *name, mark_of(other).line);
  }
  return key;
}

static node *value_at(struct reader *r, node *n, size_t i) {
  return node_at(r, n->data.mapping.pairs.start[i].value);
}

static void unknown_key(struct reader *r, node *key, const char *name, const char *what,
                        const char *const *keys) {
  char list[300] = "";
  for (unsigned i = 0; keys[i]; i++)
    snprintf(list + strlen(list), sizeof list - strlen(list), "%s%s", i ? ", " : "",
             keys[i] + (keys[i][0] == '!'));
  bad(r, key, "%s has no key '%.40s'; expected %s", what, name, list);
}

/* Puts the values of a map into value[], in the order of `keys`; those that are not there are NULL. A key
 * with a `!` before it must be there. */
static bool map_of(struct reader *r, node *n, const char *what, const char *const *keys, node **value) {
  for (unsigned k = 0; keys[k]; k++) value[k] = NULL;
  size_t count = pairs(r, n, what);
  for (size_t i = 0; i < count; i++) {
    const char *name;
    node *key = key_at(r, n, i, &name);
    unsigned k = 0;
    while (keys[k] && strcmp(keys[k] + (keys[k][0] == '!'), name) != 0) k++;
    if (keys[k])
      value[k] = value_at(r, n, i);
    else
      unknown_key(r, key, name, what, keys);
  }
  for (unsigned k = 0; keys[k]; k++)
    if (keys[k][0] == '!' && !value[k]) bad(r, n, "%s needs the key '%s'", what, keys[k] + 1);
  return !r->bad;
}

/* ---- names ---- */

static bool is_word(const char *s) {
  static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-";
  return *s && strlen(s) <= 60 && strspn(s, letters) == strlen(s);
}

static char *id_of(struct reader *r, node *n) {
  char *id = text_of(r, n);
  if (!is_word(id)) bad(r, n, "'%.60s': expected a word of at most 60 letters, digits and '-'", id);
  return id;
}

/* A file below a folder: no way leads out of it. */
static char *file_of(struct reader *r, node *n) {
  char *file = text_of(r, n);
  bool good = *file && *file != '/' && strlen(file) < 200;
  for (const char *p = file; good && *p; p = strchr(p, '/') ? strchr(p, '/') + 1 : "")
    good = *p != '/' && *p != '.' && strcspn(p, "/") > 0;
  for (const char *p = file; *p; p++) good &= *p > ' ' && *p < 0x7F && !strchr("\"'\\$`:*?", *p);
  if (!good || (*file && file[strlen(file) - 1] == '/'))
    bad(r, n, "'%.80s': expected a file's name, such as trap.c or src/trap.c", file);
  return file;
}

static struct words files_of(struct reader *r, node *n) {
  struct words w = {.n = items(r, n, "files")};
  w.word = must(calloc(w.n + 1, sizeof *w.word));
  w.mark = must(calloc(w.n + 1, sizeof *w.mark));
  for (size_t i = 0; i < w.n; i++) w.word[i] = file_of(r, item(r, n, i)), w.mark[i] = mark_of(item(r, n, i));
  return w;
}

static const struct lab_file *submitted(const struct lab *lab, const char *name) {
  for (size_t i = 0; i < lab->files; i++)
    if (strcmp(lab->file[i].name, name) == 0) return &lab->file[i];
  return NULL;
}

static const struct lab_build *built(const struct lab *lab, const char *name) {
  for (size_t i = 0; i < lab->builds; i++)
    if (strcmp(lab->build[i].name, name) == 0) return &lab->build[i];
  return NULL;
}

static const char *const kind_names[] = {"program", "image", "vmm", "kernel", NULL};

static char *artifact_of(struct reader *r, node *n, enum build_kind kind) {
  char *name = text_of(r, n);
  const struct lab_build *b = built(r->lab, name);
  if (!b || b->kind != kind) bad(r, n, "'%.60s': `build` makes no %s of this name", name, kind_names[kind]);
  return name;
}

/* ---- submit ---- */

static void read_file(struct reader *r, node *n, struct lab_file *f) {
  enum { NAME, BYTES, OPTIONAL };
  static const char *const keys[] = {"!file", "bytes", "optional", NULL};
  node *v[KEYS_MOST];
  f->mark = mark_of(n);
  f->bytes = 64 << 10;
  if (!map_of(r, n, "a file of `submit`", keys, v)) return;
  f->name = file_of(r, v[NAME]);
  if (v[BYTES]) f->bytes = number_of(r, v[BYTES], 1024, 1, 64 << 20);
  if (v[OPTIONAL]) f->optional = bool_of(r, v[OPTIONAL]);
  for (const struct lab_file *other = r->lab->file; other < f; other++)
    if (other->name && strcmp(other->name, f->name) == 0) bad(r, v[NAME], "'%s' is asked for twice", f->name);
}

static void read_submit(struct reader *r, node *n) {
  r->lab->files = items(r, n, "files");
  r->lab->file = must(calloc(r->lab->files + 1, sizeof *r->lab->file));
  for (size_t i = 0; i < r->lab->files; i++) read_file(r, item(r, n, i), &r->lab->file[i]);
}

/* ---- build ---- */

static void check_sources(struct reader *r, node *n, const struct lab_build *b, const struct words *files) {
  for (size_t i = 0; i < files->n; i++) {
    const char *f = files->word[i], *dot = strrchr(f, '.');
    if (!dot || (strcmp(dot, ".c") != 0 && strcmp(dot, ".S") != 0 && strcmp(dot, ".h") != 0))
      bad(r, item(r, n, i), "'%s': expected a .c or .S file", f);
    if (files == &b->sources && !b->of_lab && !submitted(r->lab, f))
      bad(r, item(r, n, i), "'%s': `submit` asks for no such file", f);
  }
}

static void read_artifact(struct reader *r, node *n, struct lab_build *b) {
  enum { KIND, FROM, SOURCES, WITH, PATCH };
  static const char *const keys[] = {"!kind", "from", "sources", "with", "patch", NULL};
  static const char *const froms[] = {"submission", "lab", NULL};
  node *v[KEYS_MOST];
  if (!map_of(r, n, "an artifact of `build`", keys, v)) return;
  b->kind = (enum build_kind)choice(r, v[KIND], kind_names);
  if (v[FROM]) b->of_lab = choice(r, v[FROM], froms) == 1;
  if (v[SOURCES]) b->sources = files_of(r, v[SOURCES]), check_sources(r, v[SOURCES], b, &b->sources);
  if (v[WITH]) b->with = files_of(r, v[WITH]), check_sources(r, v[WITH], b, &b->with);
  if (v[PATCH]) b->patch = file_of(r, v[PATCH]), b->patch_mark = mark_of(v[PATCH]);
  bool whole = b->kind == BUILD_PROGRAM || b->kind == BUILD_IMAGE;
  if (whole && b->sources.n == 0) bad(r, n, "a %s needs `sources`", kind_names[b->kind]);
  if (whole && b->patch) bad(r, v[PATCH], "only ours, a vmm or a kernel, can be patched");
}

static void read_build(struct reader *r, node *n) {
  r->lab->builds = pairs(r, n, "artifact: {kind: ..., sources: [...]}");
  r->lab->build = must(calloc(r->lab->builds + 1, sizeof *r->lab->build));
  for (size_t i = 0; i < r->lab->builds; i++) {
    const char *name;
    node *key = key_at(r, n, i, &name);
    r->lab->build[i].mark = mark_of(key);
    r->lab->build[i].name = id_of(r, key);
    read_artifact(r, value_at(r, n, i), &r->lab->build[i]);
  }
}

/* ---- runs ---- */

static void check_seeds(struct reader *r, node *n, const char *text) {
  const char *wrong;
  char *expanded = seed_expand(text, "", &wrong);
  if (!expanded)
    bad(r, n, "'%.40s': expected {seed:A..B} or {seed.NAME:A..B}, with numbers A up to B", wrong);
  free(expanded);
}

static struct words seeded_words(struct reader *r, node *n, const char *of) {
  struct words w = words_of(r, n, of);
  for (size_t i = 0; i < w.n; i++) check_seeds(r, item(r, n, i), w.word[i]);
  return w;
}

static void read_limits(struct reader *r, node *n, struct lab_run *run) {
  enum { INSTRUCTIONS, EXITS, CONSOLE };
  static const char *const keys[] = {"instructions", "exits", "console", NULL};
  node *v[KEYS_MOST];
  if (!map_of(r, n, "`limits`", keys, v)) return;
  if (v[INSTRUCTIONS])
    run->limits.instructions = number_of(r, v[INSTRUCTIONS], 1000, 1, UINT64_C(1000000000000));
  if (v[EXITS]) run->limits.exits = number_of(r, v[EXITS], 1000, 1, UINT64_C(1000000000));
  if (v[CONSOLE]) run->limits.console = number_of(r, v[CONSOLE], 1024, 1, 64 << 20);
}

enum { PROGRAM, IMAGE, ARGS, DEPTH, VMM, RUN_KERNEL, RAM, CPU, INPUT, INPUT_FILE, LIMITS };

static const char *const cpu_names[] = {"pg32", "pg32-leaky", NULL};

static void read_machine(struct reader *r, node **v, struct lab_run *run) {
  if (v[DEPTH]) run->depth = (unsigned)number_of(r, v[DEPTH], 1, 0, DEPTH_MAX);
  if (v[VMM]) run->vmm = artifact_of(r, v[VMM], BUILD_VMM);
  if (v[RUN_KERNEL]) run->kernel = artifact_of(r, v[RUN_KERNEL], BUILD_KERNEL);
  if (v[RAM]) run->ram = (uint32_t)number_of(r, v[RAM], 1024, PAGE_SIZE, 0xE0000000u);
  if (run->ram % PAGE_SIZE) bad(r, v[RAM], "expected a multiple of 4K");
  if (v[CPU]) run->cpu = choice(r, v[CPU], cpu_names) == 1 ? CPU_LEAKY : CPU_PG32;
  if (v[LIMITS]) read_limits(r, v[LIMITS], run);
}

static void check_image(struct reader *r, node *n, const char *name) {
  const struct lab_build *b = built(r->lab, name);
  if ((!b || b->kind != BUILD_IMAGE) && !submitted(r->lab, name))
    bad(r, n, "'%.60s': `build` makes no image of this name, and `submit` asks for no such file", name);
}

static void check_run(struct reader *r, node *n, node **v, const struct lab_run *run) {
  if (!v[PROGRAM] == !v[IMAGE]) bad(r, n, "a run has either `program` or `image`");
  if (v[PROGRAM] && run->program.n == 0) bad(r, v[PROGRAM], "expected a program and its arguments");
  if (v[PROGRAM] && run->program.n && strchr(run->program.word[0], '/'))
    bad(r, v[PROGRAM], "'%.60s': expected a program's name, without a folder", run->program.word[0]);
  if (v[ARGS] && !v[IMAGE]) bad(r, v[ARGS], "`args` are an image's; a program's follow it in `program`");
  if (v[INPUT] && v[INPUT_FILE]) bad(r, v[INPUT_FILE], "there is `input` already");
  if (v[VMM] && run->depth == 0) bad(r, v[VMM], "at depth 0 no VMM runs");
  if (v[IMAGE] && v[RUN_KERNEL] && run->depth == 0)
    bad(r, v[RUN_KERNEL], "at depth 0 the image runs in place of a kernel");
}

static void read_run(struct reader *r, node *n, struct lab_run *run) {
  static const char *const keys[] = {"program", "image", "args",  "depth",      "vmm",    "kernel",
                                     "ram",     "cpu",   "input", "input-file", "limits", NULL};
  node *v[KEYS_MOST];
  run->mark = mark_of(n);
  run->depth = 1, run->ram = RAM_DEFAULT, run->cpu = CPU_PG32;
  run->limits.instructions = 100000000, run->limits.exits = 100000, run->limits.console = 64 << 10;
  if (!map_of(r, n, "a run", keys, v)) return;
  read_machine(r, v, run);
  if (v[PROGRAM]) run->program = seeded_words(r, v[PROGRAM], "a program and its arguments");
  if (v[IMAGE]) run->image = text_of(r, v[IMAGE]), check_image(r, v[IMAGE], run->image);
  if (v[ARGS]) run->args = seeded_words(r, v[ARGS], "arguments");
  if (v[INPUT]) run->input = text_of(r, v[INPUT]), check_seeds(r, v[INPUT], run->input);
  if (v[INPUT_FILE]) run->input_file = file_of(r, v[INPUT_FILE]), run->input_mark = mark_of(v[INPUT_FILE]);
  check_run(r, n, v, run);
}

static void read_runs(struct reader *r, node *n, struct lab_test *t) {
  t->runs = pairs(r, n, "name: a run");
  t->run = must(calloc(t->runs + 1, sizeof *t->run));
  for (size_t i = 0; i < t->runs; i++) {
    const char *name;
    t->run[i].name = id_of(r, key_at(r, n, i, &name));
    read_run(r, value_at(r, n, i), &t->run[i]);
  }
  if (t->runs == 0) bad(r, n, "expected at least one run");
}

static size_t run_named(struct reader *r, node *n, const struct lab_test *t) {
  const char *name = scalar(r, n, "a run's name");
  for (size_t i = 0; i < t->runs; i++)
    if (t->run[i].name && strcmp(t->run[i].name, name) == 0) return i;
  bad(r, n, "'%.60s': this test has no run of that name", name);
  return 0;
}

/* ---- expectations ---- */

/* "OP NUMBER", all of it. */
static bool parse_comparison(const char *text, struct lab_expect *e) {
  size_t n = strcspn(text, " 0123456789");
  return compare_named(text, n, &e->compare) && e->compare != COMPARE_AND &&
         scaled(text + n + strspn(text + n, " "), 1000, &e->number);
}

/* "NAME OP NUMBER": the name, malloc'ed. */
static char *comparison_of(struct reader *r, node *n, struct lab_expect *e) {
  const char *text = scalar(r, n, "NAME OP NUMBER");
  size_t name = strcspn(text, " <>=!");
  if (!parse_comparison(text + name + strspn(text + name, " "), e))
    bad(r, n, "'%.60s': expected NAME OP NUMBER, such as \"exits.rfe <= 210\"", text);
  return must(strndup(text, name));
}

static void read_status(struct reader *r, node *n, const struct lab_test *t, struct lab_expect *e) {
  (void)t;
  e->compare = COMPARE_EQ;
  if (is_plain(n))
    e->number = number_of(r, n, 1, 0, 255);
  else if (!parse_comparison(scalar(r, n, "a status"), e) || e->number > 255)
    bad(r, n, "expected a status from 0 to 255, or a bound such as \"!= 0\"");
}

/* With anybody's numbers in it: they are digits for all. */
static void check_regex(struct reader *r, node *n, const char *pattern) {
  const char *wrong;
  char why[120], *expanded = seed_expand(pattern, "", &wrong);
  if (expanded && !console_pattern_good(expanded, why, sizeof why)) bad(r, n, "'%.60s': %s", pattern, why);
  free(expanded);
}

static struct words regexes_of(struct reader *r, node *n) {
  struct words w = seeded_words(r, n, "patterns");
  for (size_t i = 0; i < w.n; i++) check_regex(r, item(r, n, i), w.word[i]);
  return w;
}

static void read_console(struct reader *r, node *n, const struct lab_test *t, struct lab_expect *e) {
  enum { HAS, NOT, IS };
  static const char *const keys[] = {"has", "not", "is", NULL};
  node *v[KEYS_MOST];
  (void)t;
  if (!map_of(r, n, "`console`", keys, v)) return;
  if (v[HAS]) e->console.has = regexes_of(r, v[HAS]);
  if (v[NOT]) e->console.not = regexes_of(r, v[NOT]);
  if (v[IS]) e->console.is = text_of(r, v[IS]), check_seeds(r, v[IS], e->console.is);
  if (!e->console.has.n && !e->console.not .n && !v[IS]) bad(r, n, "expected at least one pattern, or `is`");
}

static void read_trace(struct reader *r, node *n, const struct lab_test *t, struct lab_expect *e) {
  enum { PATTERN, COUNT, TRACE_DEPTH };
  static const char *const keys[] = {"!pattern", "count", "depth", NULL};
  node *v[KEYS_MOST];
  struct pattern_error error;
  e->trace.depth = t->run[e->in].depth;
  e->compare = COMPARE_GE, e->number = 1;
  if (!map_of(r, n, "`trace`", keys, v)) return;
  e->trace.text = text_of(r, v[PATTERN]);
  if (v[TRACE_DEPTH]) e->trace.depth = (unsigned)number_of(r, v[TRACE_DEPTH], 1, 0, DEPTH_MAX);
  if (e->trace.depth > t->run[e->in].depth)
    bad(r, v[TRACE_DEPTH], "no trace has depth %u: the run's depth is %u", e->trace.depth,
        t->run[e->in].depth);
  if (v[COUNT] && !parse_comparison(scalar(r, v[COUNT], "OP NUMBER"), e))
    bad(r, v[COUNT], "expected a bound, such as \">= 1\" or \"== 0\"");
  if (r->bad) return;
  e->trace.pattern = pattern_parse(e->trace.text, &error);
  if (!e->trace.pattern) bad(r, v[PATTERN], "at character %u of the pattern: %s", error.column, error.text);
}

/* What a run cannot count would be 0, and a bound on it would hold whatever happens. */
static void check_counter(struct reader *r, node *n, const char *name, const struct lab_run *run) {
  char why[320];
  if (!counter_good(name, why, sizeof why))
    bad(r, n, "%s", why);
  else if (counter_depth(name) > run->depth && run->depth == 0)
    bad(r, n,
        "'%.60s': at depth 0 there is no guest of which that could be counted; expected instructions, ticks, "
        "console, lane.app@0.instructions, lane.guest-os@0.instructions or lane.host-os.instructions",
        name);
  else if (counter_depth(name) > run->depth)
    bad(r, n, "'%.60s' counts at depth %u, and the run's depth is %u", name, counter_depth(name), run->depth);
}

static void read_counter(struct reader *r, node *n, const struct lab_test *t, struct lab_expect *e) {
  e->counter = comparison_of(r, n, e);
  check_counter(r, n, e->counter, &t->run[e->in]);
}

static void read_invariant(struct reader *r, node *n, const struct lab_test *t, struct lab_expect *e) {
  static const char *const names[] = {"unprivileged", "shadow-owned", "equivalent", NULL};
  e->invariant = (enum invariant)choice(r, n, names);
  if (t->run[e->in].depth == 0) bad(r, n, "at depth 0 there is no guest of which that could hold");
}

static void read_two_runs(struct reader *r, node *n, const struct lab_test *t, struct lab_expect *e) {
  if (items(r, n, "two runs' names") != 2) {
    bad(r, n, "expected two runs: [one, other]");
    return;
  }
  for (size_t i = 0; i < 2; i++) e->runs[i] = run_named(r, item(r, n, i), t);
  e->in = e->runs[0];
}

static void read_memory(struct reader *r, node *n, const struct lab_test *t, struct lab_expect *e) {
  enum { AT, WORDS, LEVEL };
  static const char *const keys[] = {"!at", "!words", "level", NULL};
  node *v[KEYS_MOST];
  if (!map_of(r, n, "`memory`", keys, v)) return;
  e->memory.at = text_of(r, v[AT]);
  if (v[LEVEL]) e->memory.level = (unsigned)number_of(r, v[LEVEL], 1, 0, t->run[e->in].depth);
  e->memory.words = items(r, v[WORDS], "words");
  e->memory.word = must(calloc(e->memory.words + 1, sizeof *e->memory.word));
  for (size_t i = 0; i < e->memory.words; i++)
    e->memory.word[i] = (uint32_t)number_of(r, item(r, v[WORDS], i), 1, 0, UINT32_MAX);
  if (!r->bad && e->memory.words == 0) bad(r, v[WORDS], "expected at least one word");
}

static void read_register(struct reader *r, node *n, const struct lab_test *t, struct lab_expect *e) {
  char *name = comparison_of(r, n, e);
  int reg = pg32_register_number(name);
  (void)t;
  if (reg < 0) bad(r, n, "'%.20s': expected a register, such as a0", name);
  e->reg = reg < 0 ? 0 : (unsigned)reg;
  free(name);
}

static char *answers_of(struct reader *r, node *n) {
  char *file = file_of(r, n);
  if (!submitted(r->lab, file)) bad(r, n, "'%s': `submit` asks for no such file", file);
  return file;
}

static void read_predict(struct reader *r, node *n, const struct lab_test *t, struct lab_expect *e) {
  enum { ANSWERS, RUN, HOST };
  static const char *const keys[] = {"!file", "run", "host", NULL};
  node *v[KEYS_MOST];
  if (!map_of(r, n, "`predict`", keys, v)) return;
  e->answers.file = answers_of(r, v[ANSWERS]);
  if (v[RUN]) e->in = run_named(r, v[RUN], t);
  if (v[HOST]) e->answers.host = bool_of(r, v[HOST]);
  if (t->run[e->in].depth == 0) bad(r, n, "at depth 0 there is no guest whose traps could be predicted");
}

static void read_classify(struct reader *r, node *n, const struct lab_test *t, struct lab_expect *e) {
  enum { ANSWERS, ON_CPU };
  static const char *const keys[] = {"!file", "cpu", NULL};
  node *v[KEYS_MOST];
  (void)t;
  if (!map_of(r, n, "`classify`", keys, v)) return;
  e->answers.file = answers_of(r, v[ANSWERS]);
  if (v[ON_CPU]) e->answers.cpu = choice(r, v[ON_CPU], cpu_names) == 1 ? CPU_LEAKY : CPU_PG32;
}

enum { NAME = EXPECT_CLASSIFY + 1, WEIGHT, IN, ABOUT };

static void read_expect(struct reader *r, node *n, const struct lab_test *t, struct lab_expect *e) {
  typedef void reading(struct reader *, node *, const struct lab_test *, struct lab_expect *);
  static const char *const keys[] = {"status", "console", "trace",    "counter", "invariant", "same",
                                     "differ", "memory",  "register", "predict", "classify",  "name",
                                     "weight", "in",      "about",    NULL};
  static reading *const read[] = {read_status,    read_console,  read_trace,    read_counter,
                                  read_invariant, read_two_runs, read_two_runs, read_memory,
                                  read_register,  read_predict,  read_classify};
  node *v[KEYS_MOST];
  unsigned kinds = 0;
  e->mark = mark_of(n);
  e->weight = 1;
  if (!map_of(r, n, "an expectation", keys, v)) return;
  if (v[NAME]) e->name = id_of(r, v[NAME]);
  if (v[WEIGHT]) e->weight = (uint32_t)number_of(r, v[WEIGHT], 1, 1, 1000);
  if (v[ABOUT]) e->about = text_of(r, v[ABOUT]);
  if (v[IN]) e->in = run_named(r, v[IN], t);
  for (unsigned k = 0; k <= EXPECT_CLASSIFY; k++)
    if (v[k]) kinds++, e->kind = (enum expect_kind)k;
  if (kinds != 1)
    bad(r, n,
        "an expectation is one of status, console, trace, counter, invariant, same, differ, memory, "
        "register, "
        "predict, classify");
  else
    read[e->kind](r, v[e->kind], t, e);
}

_Static_assert(EXPECT_CLASSIFY == 10, "read_expect lists every kind");

static void read_expects(struct reader *r, node *n, struct lab_test *t) {
  t->expects = items(r, n, "expectations");
  t->expect = must(calloc(t->expects + 1, sizeof *t->expect));
  for (size_t i = 0; i < t->expects && !r->bad; i++) read_expect(r, item(r, n, i), t, &t->expect[i]);
  if (t->expects == 0) bad(r, n, "expected at least one expectation");
}

/* ---- tests ---- */

static void read_hint(struct reader *r, node *n, const struct lab_test *t, struct lab_hint *h) {
  enum { WHEN, SAY };
  static const char *const keys[] = {"!when", "!say", NULL};
  node *v[KEYS_MOST];
  if (!map_of(r, n, "a hint", keys, v)) return;
  h->when = text_of(r, v[WHEN]);
  h->say = text_of(r, v[SAY]);
  for (size_t i = 0; i < t->expects; i++)
    if (t->expect[i].name && strcmp(t->expect[i].name, h->when) == 0) return;
  bad(r, v[WHEN], "'%.60s': no expectation of this test has that `name`", h->when);
}

static void read_hints(struct reader *r, node *n, struct lab_test *t) {
  t->hints = items(r, n, "hints");
  t->hint = must(calloc(t->hints + 1, sizeof *t->hint));
  for (size_t i = 0; i < t->hints; i++) read_hint(r, item(r, n, i), t, &t->hint[i]);
}

/* The index of a test among the first `upto`. */
static size_t test_named(struct reader *r, node *n, size_t upto) {
  const char *id = scalar(r, n, "a test's id");
  for (size_t i = 0; i < upto; i++)
    if (r->lab->test[i].id && strcmp(r->lab->test[i].id, id) == 0) return i;
  bad(r, n, "'%.60s': no %stest has this id", id, upto < r->lab->tests ? "earlier " : "");
  return 0;
}

static size_t *tests_of(struct reader *r, node *n, size_t upto, size_t *count) {
  *count = items(r, n, "tests' ids");
  size_t *index = must(calloc(*count + 1, sizeof *index));
  for (size_t i = 0; i < *count; i++) index[i] = test_named(r, item(r, n, i), upto);
  return index;
}

enum { ID, TITLE, POINTS, VISIBILITY, AFTER, PARTIAL, ONE_RUN, RUNS, EXPECT, HINTS, GIVE_AWAY };

static void read_head(struct reader *r, node **v, struct lab_test *t) {
  static const char *const visibilities[] = {"visible", "hidden", "after_due_date", "after_published", NULL};
  size_t number = (size_t)(t - r->lab->test);
  t->id = id_of(r, v[ID]);
  for (size_t i = 0; i < number; i++)
    if (r->lab->test[i].id && strcmp(r->lab->test[i].id, t->id) == 0)
      bad(r, v[ID], "'%s': the test in line %u has this id", t->id, r->lab->test[i].mark.line);
  t->title = v[TITLE] ? text_of(r, v[TITLE]) : must(strdup(t->id));
  t->points = decimal_of(r, v[POINTS]);
  t->give_away = true;
  if (v[VISIBILITY]) t->visibility = (enum visibility)choice(r, v[VISIBILITY], visibilities);
  if (v[AFTER]) t->after = tests_of(r, v[AFTER], number, &t->afters);
  if (v[PARTIAL]) t->partial = bool_of(r, v[PARTIAL]);
  if (v[GIVE_AWAY]) t->give_away = bool_of(r, v[GIVE_AWAY]);
}

/* What a test of a file alone needs: no run at all. */
static bool needs_no_run(struct reader *r, node *expect) {
  size_t count = expect->type == YAML_SEQUENCE_NODE ? items(r, expect, "expectations") : 0;
  for (size_t i = 0; i < count; i++) {
    node *n = item(r, expect, i);
    bool classify = false;
    size_t keys = n->type == YAML_MAPPING_NODE ? pairs(r, n, "an expectation") : 0;
    for (size_t k = 0; k < keys; k++) {
      node *key = node_at(r, n->data.mapping.pairs.start[k].key);
      classify |=
          key->type == YAML_SCALAR_NODE && strcmp((const char *)key->data.scalar.value, "classify") == 0;
    }
    if (!classify) return false;
  }
  return count > 0;
}

static void read_test(struct reader *r, node *n, struct lab_test *t) {
  static const char *const keys[] = {"!id", "title", "!points", "visibility", "after",     "partial",
                                     "run", "runs",  "!expect", "hints",      "give-away", NULL};
  node *v[KEYS_MOST];
  t->mark = mark_of(n);
  if (!map_of(r, n, "a test", keys, v)) return;
  read_head(r, v, t);
  if (v[ONE_RUN] && v[RUNS]) bad(r, v[RUNS], "there is `run` already");
  if (!v[ONE_RUN] && !v[RUNS] && !needs_no_run(r, v[EXPECT])) bad(r, n, "a test needs `run` or `runs`");
  if (v[RUNS]) {
    read_runs(r, v[RUNS], t);
  } else if (v[ONE_RUN]) {
    t->run = must(calloc(1, sizeof *t->run));
    t->runs = 1;
    t->run->name = must(strdup("run"));
    read_run(r, v[ONE_RUN], t->run);
  }
  if (r->bad) return;
  read_expects(r, v[EXPECT], t);
  if (v[HINTS] && !r->bad) read_hints(r, v[HINTS], t);
}

static void read_tests(struct reader *r, node *n) {
  r->lab->tests = items(r, n, "tests");
  r->lab->test = must(calloc(r->lab->tests + 1, sizeof *r->lab->test));
  for (size_t i = 0; i < r->lab->tests && !r->bad; i++) read_test(r, item(r, n, i), &r->lab->test[i]);
  if (r->lab->tests == 0) bad(r, n, "expected at least one test");
}

/* ---- wrong solutions, the leaderboard ---- */

static void read_wrong(struct reader *r, node *n) {
  enum { WRONG_ABOUT, FAILS };
  static const char *const keys[] = {"about", "!fails", NULL};
  node *v[KEYS_MOST];
  r->lab->wrongs = pairs(r, n, "folder: {about: ..., fails: [tests]}");
  r->lab->wrong = must(calloc(r->lab->wrongs + 1, sizeof *r->lab->wrong));
  for (size_t i = 0; i < r->lab->wrongs; i++) {
    struct lab_wrong *w = &r->lab->wrong[i];
    const char *name;
    node *key = key_at(r, n, i, &name);
    w->mark = mark_of(key);
    w->name = id_of(r, key);
    if (!map_of(r, value_at(r, n, i), "a wrong solution", keys, v)) return;
    if (v[WRONG_ABOUT]) w->about = text_of(r, v[WRONG_ABOUT]);
    w->fails = tests_of(r, v[FAILS], r->lab->tests, &w->n);
    if (w->n == 0) bad(r, v[FAILS], "a wrong solution fails at least one test");
  }
}

static void read_figure(struct reader *r, node *n, struct lab_figure *f) {
  enum { FIGURE_NAME, COUNTER, TEST, FIGURE_RUN, ORDER };
  static const char *const keys[] = {"!name", "!counter", "!test", "run", "order", NULL};
  static const char *const orders[] = {"asc", "desc", NULL};
  node *v[KEYS_MOST];
  if (!map_of(r, n, "a figure of `leaderboard`", keys, v)) return;
  f->name = text_of(r, v[FIGURE_NAME]);
  f->counter = text_of(r, v[COUNTER]);
  f->test = test_named(r, v[TEST], r->lab->tests);
  if (r->bad) return;
  const struct lab_test *t = &r->lab->test[f->test];
  if (v[FIGURE_RUN]) f->run = run_named(r, v[FIGURE_RUN], t);
  if (t->runs == 0)
    bad(r, v[TEST], "that test has no run");
  else
    check_counter(r, v[COUNTER], f->counter, &t->run[f->run]);
  if (v[ORDER]) f->descending = choice(r, v[ORDER], orders) == 1;
}

static void read_leaderboard(struct reader *r, node *n) {
  r->lab->figures = items(r, n, "figures");
  r->lab->figure = must(calloc(r->lab->figures + 1, sizeof *r->lab->figure));
  for (size_t i = 0; i < r->lab->figures; i++) read_figure(r, item(r, n, i), &r->lab->figure[i]);
}

/* ---- all of it ---- */

static void read_lab(struct reader *r, node *n) {
  enum { VERSION, LAB_TITLE, SUMMARY, HOURS, SUBMIT, BUILD, TESTS, WRONG, LEADERBOARD };
  static const char *const keys[] = {"!trapeze-lab", "!title", "summary", "hours",       "!submit",
                                     "build",        "!tests", "wrong",   "leaderboard", NULL};
  node *v[KEYS_MOST];
  if (!map_of(r, n, "a lab", keys, v)) return;
  number_of(r, v[VERSION], 1, 1, 1);
  r->lab->title = text_of(r, v[LAB_TITLE]);
  if (v[SUMMARY]) r->lab->summary = text_of(r, v[SUMMARY]);
  if (v[HOURS]) r->lab->hours = decimal_of(r, v[HOURS]);
  read_submit(r, v[SUBMIT]);
  if (v[BUILD] && !r->bad) read_build(r, v[BUILD]);
  if (!r->bad) read_tests(r, v[TESTS]);
  if (v[WRONG] && !r->bad) read_wrong(r, v[WRONG]);
  if (v[LEADERBOARD] && !r->bad) read_leaderboard(r, v[LEADERBOARD]);
}

__attribute__((format(printf, 3, 4))) static void bad_at(struct reader *r, yaml_mark_t at, const char *format,
                                                         ...) {
  va_list ap;
  va_start(ap, format);
  mistake(r, &at, format, ap);
  va_end(ap);
}

static void read_document(struct reader *r, yaml_parser_t *parser) {
  yaml_document_t second;
  node *root = yaml_document_get_root_node(&r->document);
  if (root)
    read_lab(r, root);
  else
    bad_at(r, (yaml_mark_t){0}, "the file is empty; expected a lab");
  if (r->bad || !yaml_parser_load(parser, &second)) return;
  root = yaml_document_get_root_node(&second);
  if (root) bad(r, root, "a second document; expected one");
  yaml_document_delete(&second);
}

struct lab *lab_parse(const char *path, const void *yaml, size_t bytes, struct lab_error *error) {
  struct reader r = {.path = path, .lab = must(calloc(1, sizeof *r.lab)), .error = error};
  yaml_parser_t parser;
  if (!yaml_parser_initialize(&parser)) must(NULL);
  yaml_parser_set_input_string(&parser, yaml, bytes);
  if (yaml_parser_load(&parser, &r.document)) {
    read_document(&r, &parser);
    yaml_document_delete(&r.document);
  } else {
    bad_at(&r, parser.problem_mark, "no YAML: %s", parser.problem ? parser.problem : "unreadable");
  }
  yaml_parser_delete(&parser);
  if (!r.bad) return r.lab;
  lab_free(r.lab);
  return NULL;
}
