/* expectation.c - what stands below a test's `expect`: each kind of expectation from its node. */
#include <stdlib.h>
#include <string.h>

#include "console_text.h"
#include "bound.h"
#include "pattern.h"
#include "possible.h"
#include "schema.h"
#include "seed.h"

/* ---- expectations ---- */

static void read_status(struct reader *r, node *n, const struct lab_test *t, struct lab_expect *e) {
  (void)t;
  e->compare = COMPARE_EQ;
  if (node_is_plain(n))
    e->number = node_number(r, n, 1, 0, 255);
  else if (!bound_parse(node_scalar(r, n, "a status"), e) || e->number > 255)
    node_bad(r, n, "expected a status from 0 to 255, or a bound such as \"!= 0\"");
  if (!r->bad) bound_check(r, n, e, "a status", 255);
}

/* Tries the pattern with the numbers of no student in particular: they are digits for every student. */
static void check_regex(struct reader *r, node *n, const char *pattern) {
  const char *wrong;
  char why[120], *expanded = seed_expand(pattern, "", &wrong);
  if (expanded && !console_pattern_good(expanded, why, sizeof why))
    node_bad(r, n, "'%.60s': %s", pattern, why);
  free(expanded);
}

static struct words regexes_of(struct reader *r, node *n) {
  struct words w = schema_seeded_words(r, n, "patterns");
  for (size_t i = 0; i < w.n; i++) check_regex(r, node_item(r, n, i), w.word[i]);
  return w;
}

static void read_console(struct reader *r, node *n, const struct lab_test *t, struct lab_expect *e) {
  static const char *const keys[] = {"has", "not", "is", NULL};
  node *v[KEYS_MOST];
  if (!node_map(r, n, "`console`", keys, v)) return;
  if (v[CONSOLE_HAS]) e->console.has = regexes_of(r, v[CONSOLE_HAS]);
  if (v[CONSOLE_NOT]) e->console.not = regexes_of(r, v[CONSOLE_NOT]);
  if (v[CONSOLE_IS])
    e->console.is = node_text(r, v[CONSOLE_IS]), schema_check_seeds(r, v[CONSOLE_IS], e->console.is);
  if (!e->console.has.n && !e->console.not .n && !v[CONSOLE_IS])
    node_bad(r, n, "expected at least one pattern, or `is`");
  else
    possible_console(r, v, e, t->run[e->in].limits.console);
}

static void read_trace(struct reader *r, node *n, const struct lab_test *t, struct lab_expect *e) {
  enum { PATTERN, COUNT, TRACE_DEPTH };
  static const char *const keys[] = {"!pattern", "count", "depth", NULL};
  node *v[KEYS_MOST];
  struct pattern_error error;
  e->trace.depth = t->run[e->in].depth;
  e->compare = COMPARE_GE, e->number = 1;
  if (!node_map(r, n, "`trace`", keys, v)) return;
  e->trace.text = node_text(r, v[PATTERN]);
  if (v[TRACE_DEPTH]) e->trace.depth = (unsigned)node_number(r, v[TRACE_DEPTH], 1, 0, DEPTH_MAX);
  if (e->trace.depth > t->run[e->in].depth)
    node_bad(r, v[TRACE_DEPTH], "no trace has depth %u: the run's depth is %u", e->trace.depth,
             t->run[e->in].depth);
  if (v[COUNT] && !bound_parse(node_scalar(r, v[COUNT], "OP NUMBER"), e))
    node_bad(r, v[COUNT], "expected a bound, such as \">= 1\" or \"== 0\"");
  if (r->bad) return;
  e->trace.pattern = pattern_parse(e->trace.text, &error);
  if (!e->trace.pattern)
    node_bad(r, v[PATTERN], "at character %u of the pattern: %s", error.column, error.text);
  else if (!pattern_possible(e->trace.pattern, e->trace.depth, t->run[e->in].depth, &error))
    node_bad(r, v[PATTERN], "at character %u of the pattern: %s", error.column, error.text);
  else
    bound_check(r, v[COUNT] ? v[COUNT] : n, e, "the number of matches", possible_matches(e, &t->run[e->in]));
}

static void read_invariant(struct reader *r, node *n, const struct lab_test *t, struct lab_expect *e) {
  static const char *const names[] = {"unprivileged", "shadow-owned", "equivalent", "whole", NULL};
  e->invariant.name = (enum invariant)node_choice(r, n, names);
  if (t->run[e->in].depth == 0) node_bad(r, n, "at depth 0 there is no guest for which this could hold");
}

static void read_first(struct reader *r, node *n, const char *key, struct lab_expect *e, uint64_t *first) {
  if (e->kind != EXPECT_INVARIANT ||
      (e->invariant.name != INVARIANT_EQUIVALENT && e->invariant.name != INVARIANT_WHOLE))
    node_bad(r, n, "`%s` is for the invariants `whole` and `equivalent`", key);
  else
    *first = node_number(r, n, 1000, 1, UINT64_C(1000000000));
}

static void read_two_runs(struct reader *r, node *n, const struct lab_test *t, struct lab_expect *e) {
  if (node_items(r, n, "two runs' names") != 2) {
    node_bad(r, n, "expected two runs: [one, other]");
    return;
  }
  for (size_t i = 0; i < 2; i++) e->runs[i] = schema_run_named(r, node_item(r, n, i), t);
  if (!r->bad && e->runs[0] == e->runs[1])
    node_bad(r, n, "a run is always the same as itself: expected two different runs");
  e->in = e->runs[0];
}

/* A number, or a sum with numbers of a student's own. */
static void read_word(struct reader *r, node *n, struct lab_expect *e, size_t i) {
  if (n->type == YAML_SCALAR_NODE && strchr(node_scalar(r, n, "a word"), '{'))
    e->memory.sum[i] = bound_word(r, n);
  else
    e->memory.word[i] = (uint32_t)node_number(r, n, 1, 0, UINT32_MAX);
}

static void read_memory(struct reader *r, node *n, const struct lab_test *t, struct lab_expect *e) {
  enum { AT, WORDS, LEVEL };
  static const char *const keys[] = {"!at", "!words", "level", NULL};
  node *v[KEYS_MOST];
  if (!node_map(r, n, "`memory`", keys, v)) return;
  e->memory.at = node_text(r, v[AT]);
  e->memory.mark = node_mark(v[AT]);
  if (v[LEVEL]) e->memory.level = (unsigned)node_number(r, v[LEVEL], 1, 0, t->run[e->in].depth);
  e->memory.words = node_items(r, v[WORDS], "words");
  e->memory.word = must(calloc(e->memory.words + 1, sizeof *e->memory.word));
  e->memory.sum = must(calloc(e->memory.words + 1, sizeof *e->memory.sum));
  for (size_t i = 0; i < e->memory.words; i++) read_word(r, node_item(r, v[WORDS], i), e, i);
  if (!r->bad && e->memory.words == 0) node_bad(r, v[WORDS], "expected at least one word");
  uint64_t address, ram = t->run[e->in].ram;
  if (r->bad || !number_scaled(e->memory.at, 1, &address)) return;
  if (address % 4) node_bad(r, v[AT], "%s: expected the address of a word, a multiple of 4", e->memory.at);
  if (e->memory.level == t->run[e->in].depth && address + 4 * e->memory.words > ram)
    node_bad(r, v[AT], "%s: no solution can have words there: RAM ends at 0x%llx", e->memory.at,
             (unsigned long long)ram);
}

static char *answers_of(struct reader *r, node *n) {
  char *file = node_file(r, n);
  if (!schema_file(r->lab, file)) node_bad(r, n, "'%s': `submit` asks for no such file", file);
  return file;
}

static void read_predict(struct reader *r, node *n, const struct lab_test *t, struct lab_expect *e) {
  enum { ANSWERS, RUN, HOST, AT_DEPTH, APP_TRAP, LIST };
  static const char *const keys[] = {"file", "run", "host", "depth", "app-trap", "list", NULL};
  node *v[KEYS_MOST];
  if (!node_map(r, n, "`predict`", keys, v)) return;
  if (!v[ANSWERS] == !v[LIST]) node_bad(r, n, "a `predict` has either `file` or `list`");
  if (v[ANSWERS]) e->answers.file = answers_of(r, v[ANSWERS]);
  if (v[LIST]) e->answers.list = node_file(r, v[LIST]), e->answers.list_mark = node_mark(v[LIST]);
  if (v[RUN]) e->in = schema_run_named(r, v[RUN], t);
  if (v[HOST]) e->answers.host = node_bool(r, v[HOST]);
  unsigned depth = e->answers.depth = t->run[e->in].depth;
  if (depth == 0) node_bad(r, n, "at depth 0 there is no guest whose traps could be predicted");
  if (v[AT_DEPTH] && depth) e->answers.depth = (unsigned)node_number(r, v[AT_DEPTH], 1, 1, depth);
  if (v[APP_TRAP]) e->answers.app_trap = node_number(r, v[APP_TRAP], 1, 1, 1000000);
}

static void read_classify(struct reader *r, node *n, const struct lab_test *t, struct lab_expect *e) {
  enum { ANSWERS, ON_CPU };
  static const char *const keys[] = {"!file", "cpu", NULL};
  node *v[KEYS_MOST];
  (void)t;
  if (!node_map(r, n, "`classify`", keys, v)) return;
  e->answers.file = answers_of(r, v[ANSWERS]);
  if (v[ON_CPU]) e->answers.cpu = schema_cpu(r, v[ON_CPU]);
}

static void read_path(struct reader *r, node *n, const struct lab_test *t, struct lab_expect *e) {
  enum { INSTRUCTIONS, DIGEST, WITH_STATUS };
  static const char *const keys[] = {"!instructions", "!digest", "status", NULL};
  node *v[KEYS_MOST];
  if (!node_map(r, n, "`path`", keys, v)) return;
  e->path.instructions = node_number(r, v[INSTRUCTIONS], 1000, 0, UINT64_C(1000000000));
  e->path.digest = node_number(r, v[DIGEST], 1, 0, UINT64_MAX);
  if (e->path.instructions > t->run[e->in].limits.instructions)
    node_bad(r, v[INSTRUCTIONS], "no solution can meet this: the run's limit is %llu instructions",
             (unsigned long long)t->run[e->in].limits.instructions);
  e->path.has_status = v[WITH_STATUS];
  if (v[WITH_STATUS]) e->path.status = (uint32_t)node_number(r, v[WITH_STATUS], 1, 0, 255);
}

/* The items are read when all expectations of the test have been. */
static void read_any(struct reader *r, node *n, const struct lab_test *t, struct lab_expect *e) {
  (void)t;
  e->any.n = node_items(r, n, "expectations");
  if (!r->bad && e->any.n < 2) node_bad(r, n, "expected at least two expectations, of which one must hold");
}

static void read_elements(struct reader *r, node *n, struct lab_expect *e) {
  e->variable.elements = node_items(r, n, "values");
  e->variable.sum = must(calloc(e->variable.elements + 1, sizeof *e->variable.sum));
  for (size_t i = 0; i < e->variable.elements && !r->bad; i++)
    e->variable.sum[i] = bound_word(r, node_item(r, n, i));
  if (!r->bad && e->variable.elements == 0) node_bad(r, n, "expected at least one value");
}

/* "count == 42", {name: table, is: [1, 2]} or {name: greeting, text: "hello"} */
static void read_variable(struct reader *r, node *n, const struct lab_test *t, struct lab_expect *e) {
  enum { VARIABLE, IS_VALUES, TEXT };
  static const char *const keys[] = {"!name", "is", "text", NULL};
  const struct lab_run *run = &t->run[e->in];
  node *v[KEYS_MOST];
  if (n->type == YAML_SCALAR_NODE) {
    e->variable.name = bound_named(r, n, e, "count == 42");
    if (!r->bad) bound_check(r, n, e, "a variable", UINT32_MAX);
  } else if (node_map(r, n, "`variable`", keys, v)) {
    e->variable.name = node_text(r, v[VARIABLE]);
    if (v[IS_VALUES]) read_elements(r, v[IS_VALUES], e);
    if (v[TEXT]) e->variable.text = node_text(r, v[TEXT]), schema_check_seeds(r, v[TEXT], e->variable.text);
    if (!v[IS_VALUES] == !v[TEXT]) node_bad(r, n, "expected either `is` or `text`");
  }
  if (!r->bad && (!run->program.n || !schema_makes(r->lab, run->program.word[0], BUILD_PROGRAM)))
    node_bad(r, n, "a variable is one of a program that `build` makes; `memory` is for images and kernels");
}

enum { NAME = EXPECT_VARIABLE + 1, WEIGHT, IN, ABOUT, REQUIRED, FIRST, FIRST_APP, NONE_AT };

static void read_expect(struct reader *r, node *n, const struct lab_test *t, struct lab_expect *e) {
  typedef void reading(struct reader *, node *, const struct lab_test *, struct lab_expect *);
  static const char *const keys[] = {"status",   "console",  "trace",     "counter", "invariant", "same",
                                     "differ",   "memory",   "register",  "predict", "classify",  "path",
                                     "any",      "variable", "name",      "weight",  "in",        "about",
                                     "required", "first",    "first-app", "none-at", NULL};
  static reading *const read[] = {read_status,   read_console,  read_trace,  bound_counter,  read_invariant,
                                  read_two_runs, read_two_runs, read_memory, bound_register, read_predict,
                                  read_classify, read_path,     read_any,    read_variable};
  node *v[KEYS_MOST];
  unsigned kinds = 0;
  e->mark = node_mark(n);
  e->weight = 1;
  if (!node_map(r, n, "an expectation", keys, v)) return;
  if (v[NAME]) e->name = node_id(r, v[NAME]);
  if (v[WEIGHT]) e->weight = (uint32_t)node_number(r, v[WEIGHT], 1, 1, 1000);
  if (v[ABOUT]) e->about = node_text(r, v[ABOUT]);
  if (v[IN]) e->in = schema_run_named(r, v[IN], t);
  if (v[REQUIRED]) e->required = node_bool(r, v[REQUIRED]);
  for (unsigned k = 0; k <= EXPECT_VARIABLE; k++)
    if (v[k]) kinds++, e->kind = (enum expect_kind)k;
  if (kinds != 1)
    node_bad(r, n,
             "an expectation is one of status, console, trace, counter, invariant, same, differ, memory, "
             "register, "
             "predict, classify, path, any, variable");
  else
    read[e->kind](r, v[e->kind], t, e);
  if (v[FIRST] && v[FIRST_APP]) node_bad(r, v[FIRST_APP], "expected either `first` or `first-app`");
  if (v[FIRST] && !r->bad) read_first(r, v[FIRST], "first", e, &e->invariant.first);
  if (v[FIRST_APP] && !r->bad) read_first(r, v[FIRST_APP], "first-app", e, &e->invariant.first_app);
  if (v[NONE_AT] && !r->bad) bound_none_at(r, v[NONE_AT], t, e);
}

_Static_assert(EXPECT_VARIABLE == 13, "read_expect lists every kind");

static node *any_of(struct reader *r, node *item) {
  static const char name[] = "any";
  if (item->type != YAML_MAPPING_NODE || !node_has_key(r, item, name)) return NULL;
  for (size_t i = 0; i < node_pairs(r, item, "an expectation"); i++) {
    const char *key;
    node_key(r, item, i, &key);
    node *value = node_value(r, item, i);
    if (strcmp(key, name) == 0 && value->type == YAML_SEQUENCE_NODE) return value;
  }
  return NULL;
}

/* An expectation below `any` is one alone: it has no name, no weight, no sentence. */
static void read_nested(struct reader *r, node *n, struct lab_test *t, struct lab_expect *any) {
  any->any.first = t->expects + t->nested;
  for (size_t i = 0; i < any->any.n && !r->bad; i++) {
    node *item = node_item(r, n, i);
    struct lab_expect *e = &t->expect[t->expects + t->nested++];
    read_expect(r, item, t, e);
    if (e->name || e->about || e->weight != 1 || e->required || e->kind == EXPECT_ANY)
      node_bad(r, item,
               "below `any` expected an expectation alone, without name, weight, about, required, any");
  }
}

void schema_read_expects(struct reader *r, node *n, struct lab_test *t) {
  size_t nested = 0;
  t->expects = node_items(r, n, "expectations");
  for (size_t i = 0; i < t->expects; i++) {
    node *any = any_of(r, node_item(r, n, i));
    if (any) nested += node_items(r, any, "expectations");
  }
  t->expect = must(calloc(t->expects + nested + 1, sizeof *t->expect));
  for (size_t i = 0; i < t->expects && !r->bad; i++) {
    read_expect(r, node_item(r, n, i), t, &t->expect[i]);
    for (size_t k = 0; k < i && !r->bad; k++)
      possible_together(r, node_item(r, n, i), &t->expect[k], &t->expect[i]);
  }
  for (size_t i = 0; i < t->expects && !r->bad; i++)
    if (t->expect[i].kind == EXPECT_ANY) read_nested(r, any_of(r, node_item(r, n, i)), t, &t->expect[i]);
  if (t->expects == 0) node_bad(r, n, "expected at least one expectation");
}
