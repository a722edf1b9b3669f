/* plan.c - how a test's run is put together: what the lab says and the submission's artifacts become options
 * for boot.c. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "run.h"
#include "tools/trapeze/cpu_name.h"
#include "tools/trapeze/grade/lab/seed.h"

const struct artifact *built_artifact(const struct built *b, const char *name) {
  for (size_t i = 0; name && i < b->lab->builds; i++)
    if (b->artifact[i].build && strcmp(b->lab->build[i].name, name) == 0) return &b->artifact[i];
  return NULL;
}

static const char *program_of(const struct lab_run *run) {
  return run->program.n ? run->program.word[0] : NULL;
}

bool run_needs(const struct lab_run *r, const char *artifact) {
  const char *const names[] = {program_of(r), r->image, r->vmm, r->kernel, r->guest_kernel};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (names[i] && strcmp(names[i], artifact) == 0) return true;
  for (size_t i = 0; i < r->also.n; i++)
    if (strcmp(r->also.word[i], artifact) == 0) return true;
  return false;
}

const struct artifact *plan_lacks(const struct built *b, const struct lab_run *run) {
  const char *const names[] = {program_of(run), run->image, run->vmm, run->kernel, run->guest_kernel};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    const struct artifact *a = built_artifact(b, names[i]);
    if (a && !a->built) return a;
  }
  for (size_t i = 0; i < run->also.n; i++) {
    const struct artifact *a = built_artifact(b, run->also.word[i]);
    if (a && !a->built) return a;
  }
  return NULL;
}

const char *plan_lacks_file(const struct built *b, const struct lab_run *run) {
  struct bytes content;
  if (!run->image || built_artifact(b, run->image)) return NULL;
  if (!submission_file(b->workshop, run->image, &content)) return run->image;
  free(content.data);
  return NULL;
}

static char *expanded(const char *text, const struct built *b) {
  const char *wrong;
  return must(seed_expand(text, b->student, &wrong)); /* lab_parse has checked it */
}

enum machine_cpu plan_cpu(const struct built *b, const char *name) {
  enum machine_cpu cpu = CPU_PG32;
  char *text = name ? expanded(name, b) : NULL;
  if (text && !cpu_named(text, &cpu)) die(GRADE_BROKEN, "lab.yaml: cpu: '%s' is no CPU", text);
  free(text);
  return cpu;
}

static void add_file(struct plan *p, const char *name, const struct artifact *a) {
  if (!a) return;
  p->file[p->options.files++] = (struct initrd_file){.name = must(strdup(name)), .content = a->elf};
}

static void add_program(struct plan *p, const struct built *b, const char *program) {
  char name[128];
  snprintf(name, sizeof name, "bin/%s", program);
  add_file(p, name, built_artifact(b, program));
}

static void choose_words(struct plan *p, const struct built *b, const struct lab_run *run) {
  const struct words *w = run->image ? &run->args : &run->program;
  p->words = must(calloc(w->n + 1, sizeof *p->words));
  for (size_t i = 0; i < w->n; i++) p->words[i] = expanded(w->word[i], b);
  p->options.argc = (int)w->n;
  p->options.argv = p->words;
}

static void choose_image(struct plan *p, const struct built *b, const char *name) {
  const struct artifact *a = built_artifact(b, name);
  p->options.image = name;
  p->options.image_elf = &p->image;
  if (a)
    bytes_append(&p->image, a->elf.data, a->elf.size);
  else
    submission_file(b->workshop, name, &p->image);
}

static void choose_input(struct plan *p, const struct built *b, const struct lab_run *run) {
  if (run->input) {
    char *text = expanded(run->input, b);
    p->input = (struct bytes){(uint8_t *)text, strlen(text)};
  } else if (run->input_file) {
    char below[256];
    snprintf(below, sizeof below, "tests/%s", run->input_file);
    char *path = lab_path(b->lab, below);
    if (!file_try_read(path, &p->input)) die(GRADE_BROKEN, "%s: %s", path, strerror(errno));
    free(path);
  }
}

void plan_make(struct plan *p, const struct built *b, const struct lab_run *run) {
  *p = (struct plan){0};
  options_defaults(&p->options);
  p->options.depth = run->depth;
  p->options.ram = run->ram;
  p->options.cpu = plan_cpu(b, run->cpu);
  p->options.way = run->way;
  p->options.closed = true;
  p->options.file = p->file;
  add_file(p, "bin/vmm", built_artifact(b, run->vmm));
  add_file(p, "boot/kernel", built_artifact(b, run->kernel));
  add_file(p, "boot/guest-kernel", built_artifact(b, run->guest_kernel));
  p->options.guest_kernel = run->guest_kernel != NULL;
  if (run->image)
    choose_image(p, b, run->image);
  else
    add_program(p, b, run->program.word[0]);
  for (size_t i = 0; i < run->also.n; i++) add_program(p, b, run->also.word[i]);
  choose_words(p, b, run);
  choose_input(p, b, run);
}

void plan_free(struct plan *p) {
  for (size_t i = 0; i < p->options.files; i++) free((char *)p->file[i].name);
  for (size_t i = 0; p->words && p->words[i]; i++) free(p->words[i]);
  free(p->words);
  free(p->image.data);
  free(p->input.data);
}
