/* compile.c - one source into one object.
 *
 * A student's source is compiled where only the student's files and our headers can be seen. A source of the
 * lab's, or one of ours with the lab's patch, is compiled in another folder and must not fail. Either is
 * compiled once in this process: artifacts with the same flags and headers share the object. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "folder.h"
#include "making.h"
#include "sandbox.h"

/* ---- objects that several artifacts share ---- */

/* What was compiled once in this process, by a key that begins with "take PATH" for a submission's source and
 * with "lab PATH" for a lab's. */
struct kept {
  struct kept *next;
  char *key;
  struct bytes object;
  char *words; /* why there is no object, or NULL */
};

static struct kept *all_kept;

/* A text that names everything that the object depends on: whose source it is, its flags and its headers. */
static char *key_of(const struct making *m, const char *whose, const char *path, const char *source) {
  return text_of("%s %s\n%d %s\n%s", whose, path, (int)m->build->kind, source,
                 m->headers ? m->build->patch : "");
}

static struct kept *find_kept(const char *key) {
  struct kept *k = all_kept;
  while (k && strcmp(k->key, key) != 0) k = k->next;
  return k;
}

/* Keeps the object in the file `object`, or what was said instead of it. Takes `key` over. */
static void keep(char *key, const char *object, const char *words) {
  struct kept *k = must(malloc(sizeof *k));
  *k = (struct kept){.next = all_kept, .key = key, .words = words ? must(strdup(words)) : NULL};
  if (!words && !file_try_read(object, &k->object)) die(GRADE_TROUBLE, "%s: %s", object, strerror(errno));
  all_kept = k;
}

void workshop_forget(const struct workshop *w) {
  char *start = text_of("take %s\n", w->path);
  for (struct kept **at = &all_kept; *at;) {
    struct kept *k = *at;
    if (strncmp(k->key, start, strlen(start)) != 0) {
      at = &k->next;
      continue;
    }
    *at = k->next;
    free(k->key);
    free(k->object.data);
    free(k->words);
    free(k);
  }
  free(start);
}

/* ---- the command ---- */

static void add_kind(struct command *c, enum build_kind kind) {
  static const char *const kernel[] = {"-T", "kernel", "-fno-delete-null-pointer-checks", NULL},
                           *const bare[] = {"-T", "bare", NULL};
  if (kind == BUILD_KERNEL) command_add_words(c, kernel);
  if (kind == BUILD_IMAGE) command_add_words(c, bare);
}

/* The command that compiles `source` into `object`; `include` is the folder for #include "...". Equal
 * sources become equal objects: the debug information names no folder of ours, and it is always the same time
 * of the same day. */
static struct command compile_command(const struct making *m, const char *source, const char *object,
                                      const char *include) {
  static const char *const flags[] = {"-O2",
                                      "-g",
                                      "-Wall",
                                      "-Wextra",
                                      "-fno-color-diagnostics",
                                      "-fno-crash-diagnostics",
                                      "-ferror-limit=20",
                                      "-fdebug-compilation-dir=.",
                                      "-Wno-builtin-macro-redefined",
                                      "-D__DATE__=\"Jan  1 1970\"",
                                      "-D__TIME__=\"00:00:00\"",
                                      "-D__TIMESTAMP__=\"Thu Jan  1 00:00:00 1970\"",
                                      "-c",
                                      "-I.",
                                      NULL};
  struct command c = {.n = 0};
  command_add(&c, text_of("%s/pg32-cc", toolchain()->bin));
  command_add_words(&c, flags);
  add_kind(&c, m->build->kind);
  command_add(&c, text_of("-I%s", include));
  command_add(&c, text_of("-ffile-prefix-map=%s=.", include));
  command_add(&c, text_of("-ffile-prefix-map=%s/take=.", m->w->path));
  command_add(&c, text_of("-ffile-prefix-map=%s=.", toolchain()->share));
  command_add(&c, must(strdup("-o")));
  command_add(&c, must(strdup(object)));
  command_add(&c, must(strdup(source)));
  return c;
}

/* ---- a student's ---- */

/* Compiles where only the submission and our headers can be seen. */
static bool compile_shut_in(struct making *m, const char *source, const char *object) {
  char *take = text_of("%s/take", m->w->path), *headers = text_of("%s/headers", m->folder);
  struct command c = compile_command(m, source, object, headers);
  command_add(&c, must(strdup("--only-from")));
  command_add(&c, must(strdup(take)));
  command_add(&c, must(strdup("--only-from")));
  command_add(&c, must(strdup(headers)));
  struct job job = {.argv = c.word, .folder = m->folder, .current = take, .see = {take}, .hide = m->lab_path};
  struct bytes said;
  enum job_end end = job_confirmed(m->w->sandboxed, &job, &said);
  if (end != JOB_GOOD) making_complain(m, source, end, said);
  free(said.data);
  command_free(&c);
  free(take);
  free(headers);
  return end == JOB_GOOD;
}

bool compile_theirs(struct making *m, const char *source, const char *object) {
  char *key = key_of(m, "take", m->w->path, source);
  struct kept *k = find_kept(key);
  if (!k) {
    bool good = compile_shut_in(m, source, object);
    keep(key, object, good ? NULL : m->words);
    return good;
  }
  free(key);
  if (k->words)
    m->words = must(strdup(k->words));
  else
    file_put(object, k->object.data, k->object.size);
  return !k->words;
}

/* ---- a lab's ---- */

static void compile_now(struct making *m, const char *source, const char *object, const char *include) {
  char *folder = text_of("%s/lab", m->folder);
  struct command c = compile_command(m, source, object, include);
  struct job job = {.argv = c.word, .folder = folder, .current = folder};
  struct bytes said;
  enum job_end end = job_confirmed(false, &job, &said);
  if (end != JOB_GOOD) {
    making_complain(m, source, end, said);
    making_broken(m, m->words);
  }
  free(said.data);
  command_free(&c);
  free(folder);
}

void compile_ours(struct making *m, const char *source, const char *object, const char *include,
                  const char *patch) {
  char *what = text_of("%s\n%s", source, patch ? patch : ""), *key = key_of(m, "lab", m->lab_path, what);
  const struct kept *k = find_kept(key);
  free(what);
  if (k) {
    file_put(object, k->object.data, k->object.size);
    free(key);
    return;
  }
  compile_now(m, source, object, include);
  keep(key, object, NULL);
}
