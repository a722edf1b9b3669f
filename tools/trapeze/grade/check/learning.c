/* learning.c - what a cheat must know, for `trapeze lab check`: how the reference's runs end, and by what hash a
 * cheat knows each run again. Whoever has a right solution of a friend's can learn both. */
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "tools/trapeze/grade/build/folder.h"
#include "tools/trapeze/grade/judge/run.h"

enum { CONSOLE_MOST = 4096 }; /* of an answer: the cheat is a source file, which must not be too large */

/* ---- submissions, built ---- */

struct workbench {
  struct workshop shop;
  struct artifact *artifact;
  struct built built;
};

/* Builds what is in c->folder. */
static struct workbench *bench_open(const struct check *c, const char *student) {
  struct workbench *b = must(calloc(1, sizeof *b));
  b->shop = workshop_open();
  b->shop.fill_in = student;
  b->artifact = must(calloc(c->lab->builds + 1, sizeof *b->artifact));
  free(submission_take(&b->shop, c->lab, c->folder));
  for (size_t i = 0; i < c->lab->builds; i++)
    b->artifact[i] = workshop_build(&b->shop, c->lab, &c->lab->build[i]);
  b->built = (struct built){.lab = c->lab, .workshop = &b->shop, .artifact = b->artifact, .student = student};
  return b;
}

static void bench_close(struct workbench *b) {
  for (size_t i = 0; i < b->built.lab->builds; i++) artifact_free(&b->artifact[i]);
  free(b->artifact);
  workshop_close(&b->shop);
  free(b);
}

/* Runs it; NULL when something that it needs is lacking. */
static struct run *bench_run(const struct workbench *b, const struct lab_run *of) {
  return plan_lacks(&b->built, of) || plan_lacks_file(&b->built, of) ? NULL : run_new(&b->built, of, NULL, 0);
}

/* ---- what the tests want to hear ---- */

/* The smallest status that the run's expectations allow; `is` when they do not mention it. */
static uint32_t wanted_status(const struct lab_test *t, size_t run, uint32_t is) {
  for (size_t i = 0; i < t->expects + t->nested; i++) {
    const struct lab_expect *e = &t->expect[i];
    if (e->in != run || e->kind != EXPECT_STATUS) continue;
    for (uint32_t status = 0; status < 256; status++)
      if (compare_holds(e->compare, status, e->number)) return status;
  }
  return is;
}

static bool same_words(const struct last_words *a, const struct last_words *b) {
  return a->status == b->status && a->console.size == b->console.size &&
         (a->console.size == 0 || memcmp(a->console.data, b->console.data, a->console.size) == 0);
}

struct knowledge learn_endings(struct check *c) {
  const struct lab *lab = c->lab;
  struct knowledge k = {0};
  check_assemble(c, "solution/reference");
  struct workbench *b = bench_open(c, "reference");
  for (size_t i = 0; i < lab->tests; i++)
    for (size_t n = 0; n < lab->test[i].runs; n++) {
      struct run *r = bench_run(b, &lab->test[i].run[n]);
      k.answer = must(realloc(k.answer, (k.n + 1) * sizeof *k.answer));
      struct answer *a = &k.answer[k.n++];
      *a = (struct answer){.hash = 1};
      if (r && r->end == RUN_POWERED_OFF) {
        a->hash = 0;
        a->words.status = wanted_status(&lab->test[i], n, r->status);
        bytes_append(&a->words.console, r->console.data, r->console.size);
      }
      run_free(r);
    }
  bench_close(b);
  return k;
}

size_t learn_words(const struct knowledge *k, const struct last_words **words, size_t most) {
  size_t n = 0;
  for (size_t i = 0; i < k->n && n < most; i++) {
    bool known = k->answer[i].hash != 0;
    for (size_t j = 0; j < n; j++) known |= same_words(words[j], &k->answer[i].words);
    if (!known) words[n++] = &k->answer[i].words;
  }
  return n;
}

/* ---- hashes ---- */

void learn_starter(const struct check *c) {
  folder_remove(c->folder);
  folder_make(c->folder);
  for (size_t i = 0; i < c->lab->files; i++) {
    char *below = path_join("starter", c->lab->file[i].name), *path = lab_path(c->lab, below);
    struct bytes content;
    if (file_try_read(path, &content)) {
      check_put_file(c->folder, c->lab->file[i].name, content);
      free(content.data);
    }
    free(below);
    free(path);
  }
}

/* The hash that a cheat has told; 0 when it told none. */
static uint32_t told(const struct run *r) {
  struct bytes text = {0};
  if (!r || r->console.size == 0) return 0;
  bytes_append(&text, r->console.data, r->console.size);
  bytes_append(&text, "", 1);
  const char *at = strstr((char *)text.data, KNOWING_MARK);
  uint32_t hash = at ? (uint32_t)strtoul(at + sizeof KNOWING_MARK - 1, NULL, 16) : 0;
  free(text.data);
  return hash;
}

static void hear_hashes(struct check *c, const char *student, struct knowledge *k) {
  struct workbench *b = bench_open(c, student);
  size_t n = 0;
  for (size_t i = 0; i < c->lab->tests; i++)
    for (size_t m = 0; m < c->lab->test[i].runs; m++, n++) {
      struct run *r = bench_run(b, &c->lab->test[i].run[m]);
      k->answer[n].hash = told(r);
      run_free(r);
    }
  bench_close(b);
}

const char *learn_hashes(struct check *c, const char *student, struct knowledge *k) {
  for (size_t i = 0; i < k->n; i++)
    if (k->answer[i].words.console.size > CONSOLE_MOST) k->answer[i].words.console.size = CONSOLE_MOST;
  k->tells = true;
  learn_starter(c);
  if (!cheat_make(c->lab, c->folder, &(struct cheating){.cheat = CHEAT_KNOWS, .known = k}))
    return "the starter's sources have no function or label to change";
  hear_hashes(c, student, k);
  for (size_t i = 0; i < k->n; i++) k->known += k->answer[i].hash != 0;
  k->tells = false;
  return k->known ? NULL : "in no run it could tell a hash";
}

void knowledge_free(struct knowledge *k) {
  for (size_t i = 0; i < k->n; i++) free(k->answer[i].words.console.data);
  free(k->answer);
  *k = (struct knowledge){0};
}
