/* patch.c - our VMM's or kernel's sources with the lab's patch: copied, patched, and compiled where they
 * differ from the sources that our objects were made of. */
#include <stdlib.h>
#include <string.h>

#include "making.h"
#include "sandbox.h"

static void apply_patch(struct making *m, const char *place) {
  char *from = text_of("%s/src/%s", toolchain()->share, place), *tree = text_of("%s/lab/src", m->folder);
  char *to = text_of("%s/%s", tree, place), *file = text_of("%s/tests/%s", m->lab_path, m->build->patch);
  char *input = text_of("--input=%s", file);
  private_folder(to);
  files_copy(from, to, "");
  char *argv[] = {
      "/usr/bin/env",    "patch", "-p1", "--batch", "--forward", "--fuzz=0", "--no-backup-if-mismatch",
      "--reject-file=-", input,   NULL};
  struct job job = {.argv = argv, .folder = m->folder, .current = tree, .once = true};
  struct bytes said;
  enum job_end end = job_confirmed(false, &job, &said);
  if (end != JOB_GOOD) {
    making_complain(m, m->build->patch, end, said);
    making_broken(m, m->words);
  }
  free(said.data);
  free(from), free(tree), free(to), free(file), free(input);
}

static bool same_file(const char *a, const char *b) {
  struct bytes x = {0}, y = {0};
  bool there = file_try_read(a, &x) && file_try_read(b, &y);
  bool same = there && x.size == y.size && (x.size == 0 || !memcmp(x.data, y.data, x.size));
  free(x.data);
  free(y.data);
  return same;
}

static bool is_header(const char *name) {
  size_t n = strlen(name);
  return n > 2 && !strcmp(name + n - 2, ".h");
}

/* Marks the parts whose source the patch changes; all parts, when it changes a header. */
static void mark_patched(struct making *m, const char *place) {
  struct dirent **names;
  char *tree = text_of("%s/lab/src/%s", m->folder, place);
  size_t n = files_list(tree, &names);
  bool header = false, any = false;
  for (size_t i = 0; i < n; i++) {
    char *ours = text_of("%s/src/%s/%s", toolchain()->share, place, names[i]->d_name),
         *theirs = text_of("%s/%s", tree, names[i]->d_name);
    bool changed = !same_file(ours, theirs);
    any |= changed;
    header |= changed && is_header(names[i]->d_name);
    for (size_t j = 0; changed && j < m->parts; j++)
      m->part[j].patched |= !strcmp(m->part[j].name, names[i]->d_name);
    free(ours);
    free(theirs);
  }
  for (size_t j = 0; header && j < m->parts; j++) m->part[j].patched = true;
  m->headers = header;
  if (!any) making_broken(m, "the patch changes none of our files");
  files_free(names, n);
  free(tree);
}

void making_patch(struct making *m, const char *place) {
  apply_patch(m, place);
  mark_patched(m, place);
}

void compile_patched(struct making *m, const char *place) {
  char *include = text_of("%s/lab/src/%s", m->folder, place);
  for (size_t i = 0; i < m->parts; i++) {
    if (!m->part[i].patched) continue;
    char *source = text_of("src/%s/%s", place, m->part[i].name),
         *object = text_of("%s/lab/patched-%zu.o", m->folder, i);
    compile_ours(m, source, object, include, m->build->patch);
    free(source);
    free(m->part[i].object);
    m->part[i].object = object;
    m->part[i].patched = false;
  }
  free(include);
}
