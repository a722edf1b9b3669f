/* variable.c - judges variables of a program, by their names: what was in them when the program ended by itself. */
#include <stdlib.h>
#include <string.h>

#include "expect.h"
#include "tools/trapeze/grade/lab/seed.h"
#include "tools/trapeze/grade/lab/sum.h"

enum { BYTES_MOST = 1 << 20 };

/* What is known of a variable. */
struct variable {
  uint32_t address, bytes;
};

static bool find(const struct built *b, const struct lab_run *run, const struct lab_expect *e,
                 struct variable *v) {
  const struct artifact *a = built_artifact(b, run->program.word[0]);
  return a && a->built && symbol_find(a->debug, e->variable.name, &v->address, &v->bytes) && v->bytes > 0 &&
         v->bytes <= BYTES_MOST;
}

struct memory_ask variable_ask(const struct built *b, const struct lab_run *run, const struct lab_expect *e) {
  struct memory_ask ask = {.level = run->depth, .program = run->program.word[0]};
  struct variable v;
  if (find(b, run, e, &v)) {
    ask.address = v.address & ~3u;
    ask.words = (v.address % 4 + v.bytes + 3) / 4;
  }
  ask.word = must(calloc(ask.words + 1, sizeof *ask.word));
  return ask;
}

/* Element i of `bytes` bytes; the machine is little-endian, as its words are here. */
static uint32_t element(const struct memory_ask *ask, const struct variable *v, uint32_t bytes, size_t i) {
  uint32_t value = 0;
  for (uint32_t k = 0; k < bytes; k++) {
    uint32_t at = v->address % 4 + (uint32_t)i * bytes + k;
    value |= (ask->word[at / 4] >> 8 * (at % 4) & 0xFF) << 8 * k;
  }
  return value;
}

static bool is_element(uint32_t bytes) { return bytes == 1 || bytes == 2 || bytes == 4; }

static void judge_number(const struct trial *t, const struct lab_expect *e, const struct memory_ask *ask,
                         const struct variable *v, struct outcome *o) {
  struct ratio bound;
  char text[64];
  if (!is_element(v->bytes)) {
    fprintf(o->say, "Expected: `%s`, a variable of 1, 2 or 4 bytes.\nHappened: it has %u bytes.\n",
            e->variable.name, v->bytes);
    return;
  }
  uint32_t is = element(ask, v, v->bytes, 0);
  if (!bound_judge(t, e, ratio_of(is), &bound, o) || o->share == 1) return;
  fprintf(o->say, "Expected at the program's end: %s %s %s.\nHappened: it is %u (0x%x).\n", e->variable.name,
          compare_text(e->compare), ratio_text(bound, text), is, is);
  bound_say_share(o, e);
}

/* Writes at most sixteen elements. */
static void say_elements(FILE *f, const struct memory_ask *ask, const struct variable *v, uint32_t bytes) {
  uint32_t n = v->bytes / bytes;
  for (uint32_t i = 0; i < n && i < 16; i++) fprintf(f, "%s%u", i ? ", " : "", element(ask, v, bytes, i));
  fprintf(f, "%s.\n", n > 16 ? ", ..." : "");
}

static void judge_elements(const struct trial *t, const struct lab_expect *e, const struct memory_ask *ask,
                           const struct variable *v, struct outcome *o) {
  uint32_t n = (uint32_t)e->variable.elements, bytes = v->bytes / n;
  if (v->bytes % n || !is_element(bytes)) {
    fprintf(o->say, "Expected: `%s`, %u elements of 1, 2 or 4 bytes.\nHappened: it has %u bytes.\n",
            e->variable.name, n, v->bytes);
    return;
  }
  o->share = 1;
  for (uint32_t i = 0; i < n; i++) {
    uint32_t mask = bytes == 4 ? UINT32_MAX : (1u << 8 * bytes) - 1, is = element(ask, v, bytes, i),
             wanted = bound_sum_word(t, e->variable.sum[i]) & mask;
    if (is == wanted) continue;
    if (o->share == 1)
      fprintf(o->say, "Expected at the program's end: %s[%u] == %u.\nHappened: it is %u. All of %s: ",
              e->variable.name, i, wanted, is, e->variable.name);
    o->share = 0;
  }
  if (o->share < 1) say_elements(o->say, ask, v, bytes);
}

static void judge_text(const struct trial *t, const struct lab_expect *e, const struct memory_ask *ask,
                       const struct variable *v, struct outcome *o) {
  const char *wrong;
  char *wanted = must(seed_expand(e->variable.text, t->built->student, &wrong));
  uint32_t n = (uint32_t)strlen(wanted) + 1;
  o->share = n <= v->bytes;
  for (uint32_t i = 0; i < n && o->share == 1; i++) o->share = element(ask, v, 1, i) == (uint8_t)wanted[i];
  if (o->share < 1) {
    struct bytes is = {0};
    for (uint32_t i = 0; i < v->bytes && element(ask, v, 1, i); i++)
      bytes_append(&is, &(uint8_t){(uint8_t)element(ask, v, 1, i)}, 1);
    fprintf(o->say, "Expected at the program's end, in %s:\n", e->variable.name);
    show_text(o->say, (struct bytes){(uint8_t *)wanted, strlen(wanted)}, 500);
    fputs("Happened:\n", o->say);
    show_text(o->say, is, 500);
    free(is.data);
  }
  free(wanted);
}

void expect_variable(const struct trial *t, const struct lab_expect *e, struct outcome *o) {
  const struct memory_ask *ask = &t->ask[e - t->test->expect];
  const struct run *r = t->run[e->in];
  struct variable v;
  o->event = last_trap(r);
  if (!find(t->built, r->of, e, &v))
    fprintf(o->say,
            "Expected: a global or static variable `%s`.\nHappened: the program has none of that name.\n",
            e->variable.name);
  else if (!ask->known)
    fprintf(o->say,
            "Expected: a value in %s when the program ends.\nHappened: the program did not end by itself.\n",
            e->variable.name);
  else if (e->variable.text)
    judge_text(t, e, ask, &v, o);
  else if (e->variable.sum)
    judge_elements(t, e, ask, &v, o);
  else
    judge_number(t, e, ask, &v, o);
}
