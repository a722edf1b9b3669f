/* build.c - what a student wrote becomes artifacts, with our own tools, our flags and our other objects.
 *
 * The student's sources are compiled first (compile.c), where only they and our headers can be seen. The
 * lab's own (`with`, `patch`) come after that, in another folder, and the two meet as objects in the linker
 * (link.c). */
#define _GNU_SOURCE /* realpath, strdup */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "making.h"
#include "tools/base_name.h"

/* ---- what is linked ---- */

const char *making_place(enum build_kind kind) {
  return kind == BUILD_VMM ? "vmm" : kind == BUILD_KERNEL ? "guestos" : NULL;
}

static void add_part(struct making *m, const char *name, char *object) {
  if (m->parts == PARTS_MOST) making_broken(m, "too many objects");
  m->part[m->parts++] = (struct part){.name = must(strdup(name)), .object = object};
}

/* Puts `object` in the place of ours of that name, or at the end. */
static void place_part(struct making *m, const char *name, char *object) {
  for (size_t i = 0; i < m->parts; i++)
    if (!strcmp(base_name(m->part[i].name), name)) {
      free(m->part[i].object);
      m->part[i].object = object;
      m->part[i].patched = false;
      return;
    }
  add_part(m, name, object);
}

/* Adds our objects, in the order in which they are linked for everybody: then the reference solution becomes
 * the same program as ours. */
static void add_ours(struct making *m) {
  char *folder = text_of("%s/obj/%s", toolchain()->share, making_place(m->build->kind));
  struct dirent **names;
  size_t n = files_list(folder, &names);
  for (size_t i = 0; i < n; i++) {
    char *name = names[i]->d_name, *object = text_of("%s/%s", folder, name);
    size_t length = strlen(name);
    if (length > 2 && !strcmp(name + length - 2, ".o")) name[length - 2] = 0;
    add_part(m, name, object);
  }
  files_free(names, n);
  free(folder);
}

/* ---- the parts of an artifact ---- */

/* The path of a lab's source: below tests/, or starter/NAME. */
static char *lab_source(const struct making *m, const char *name) {
  return !strncmp(name, "starter/", 8) ? text_of("%s/%s", m->lab_path, name)
                                       : text_of("%s/tests/%s", m->lab_path, name);
}

static void compile_labs(struct making *m, const struct words *sources, const char *prefix) {
  const char *place = making_place(m->build->kind);
  char *include = place ? text_of("%s/lab/src/%s", m->folder, place) : text_of("%s/tests", m->lab_path);
  for (size_t i = 0; i < sources->n; i++) {
    char *source = lab_source(m, sources->word[i]),
         *object = text_of("%s/lab/%s-%zu.o", m->folder, prefix, i);
    compile_ours(m, source, object, include, NULL);
    place_part(m, base_name(sources->word[i]), object);
    free(source);
  }
  free(include);
}

static bool compile_submission(struct making *m) {
  const struct words *sources = &m->build->sources;
  for (size_t i = 0; i < sources->n; i++) {
    const char *source = sources->word[i];
    struct bytes there;
    if (!submission_file(m->w, source, &there)) {
      m->words = text_of("%s was not handed in.\n", source);
      return false;
    }
    free(there.data);
    char *object = text_of("%s/out/%zu-%s.o", m->folder, i, base_name(source));
    if (!compile_theirs(m, source, object)) {
      free(object);
      return false;
    }
    place_part(m, base_name(source), object);
  }
  return true;
}

static void copy_headers(struct making *m, const char *place) {
  char *tree = text_of("%s/lab/src/%s", m->folder, place), *headers = text_of("%s/headers", m->folder);
  char *ours = text_of("%s/src/%s", toolchain()->share, place);
  if (!m->build->patch) {
    private_folder(tree);
    files_copy(ours, tree, ".h");
  }
  files_copy(tree, headers, ".h");
  free(tree), free(headers), free(ours);
}

/* Makes all objects that are to be linked. False: m->words says why not. */
static bool make_parts(struct making *m) {
  const char *place = making_place(m->build->kind);
  if (place) {
    add_ours(m);
    if (m->build->patch) making_patch(m, place);
    copy_headers(m, place);
  }
  if (m->build->of_lab)
    compile_labs(m, &m->build->sources, "source");
  else if (!compile_submission(m))
    return false;
  if (m->build->patch && place) compile_patched(m, place);
  compile_labs(m, &m->build->with, "with");
  return true;
}

/* ---- a lab's own artifacts, made once in this process ---- */

struct made {
  struct made *next;
  char *lab, *name;
  struct bytes elf, debug;
};

static struct made *all_made;

static struct bytes copy_of(struct bytes from) {
  struct bytes to = {0};
  bytes_append(&to, from.data, from.size);
  return to;
}

static bool find_made(const struct lab *lab, struct artifact *a) {
  for (const struct made *made = all_made; made; made = made->next) {
    if (strcmp(made->lab, lab->path) != 0 || strcmp(made->name, a->build->name) != 0) continue;
    a->elf = copy_of(made->elf);
    a->debug = copy_of(made->debug);
    return a->built = true;
  }
  return false;
}

static void keep_made(const struct lab *lab, const struct artifact *a) {
  struct made *made = must(malloc(sizeof *made));
  *made = (struct made){.next = all_made,
                        .lab = must(strdup(lab->path)),
                        .name = must(strdup(a->build->name)),
                        .elf = copy_of(a->elf),
                        .debug = copy_of(a->debug)};
  all_made = made;
}

/* ---- all of it ---- */

static void make_folders(const struct making *m) {
  static const char *const parts[] = {"", "/headers", "/out", "/tmp", "/lab", "/lab/src", "/lab/tmp"};
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
    char *path = text_of("%s%s", m->folder, parts[i]);
    private_folder(path);
    free(path);
  }
}

static struct making begin(struct workshop *w, const struct lab *lab, const struct lab_build *build) {
  struct making m = {.w = w, .lab = lab, .build = build, .lab_path = realpath(lab->path, NULL)};
  if (!m.lab_path) die(GRADE_BROKEN, "%s: %s", lab->path, strerror(errno));
  m.folder = text_of("%s/build-%td", w->path, build - lab->build);
  make_folders(&m);
  return m;
}

static void let_go(struct making *m) {
  for (size_t i = 0; i < m->parts; i++) {
    free(m->part[i].name);
    free(m->part[i].object);
  }
  free(m->lab_path);
  free(m->folder);
}

struct artifact workshop_build(struct workshop *w, const struct lab *lab, const struct lab_build *build) {
  struct artifact a = {.build = build};
  if (build->of_lab && find_made(lab, &a)) return a;
  struct making m = begin(w, lab, build);
  a.built = make_parts(&m) && making_link(&m, &a);
  if (!a.built && build->of_lab) making_broken(&m, m.words);
  if (a.built && build->of_lab) keep_made(lab, &a);
  a.words = m.words;
  let_go(&m);
  return a;
}

void artifact_free(struct artifact *a) {
  free(a->elf.data);
  free(a->debug.data);
  free(a->words);
  *a = (struct artifact){0};
}
