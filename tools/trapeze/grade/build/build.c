/* build.c - compiling and linking: what a student wrote with our own tools, our flags and our other objects.
 *
 * The student's sources are compiled where only they and our headers can be seen. The lab's own (`with`,
 * `patch`) come after that, in another folder, and the two meet as objects in the linker. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "isa/ld.h"
#include "sandbox.h"
#include "submission.h"
#include "tools/base_name.h"
#include "tools/trapeze/untrusted.h"

enum { WORDS_MOST = 8 << 10, PARTS_MOST = 128 };

/* One artifact being made. */
struct making {
  struct workshop *w;
  const struct lab *lab;
  const struct lab_build *build;
  char *lab_path; /* the real one */
  char *folder; /* of this artifact, private: headers/, out/ and tmp/ for the student's job, lab/ for ours */
  struct part { /* what is linked, in this order */
    char *name, *object; /* base name of the source; path */
    bool patched;        /* the object must be made of our patched source */
  } part[PARTS_MOST];
  size_t parts;
  bool headers; /* the patch changes headers */
  char *words;  /* why it cannot be built; NULL so far */
};

__attribute__((format(printf, 1, 2))) static char *text(const char *format, ...) {
  char *made;
  va_list arguments;
  va_start(arguments, format);
  if (vasprintf(&made, format, arguments) < 0) must(NULL);
  va_end(arguments);
  return made;
}

/* Where the sources that a VMM's or a kernel's take the place of lie, below share/trapeze/src and obj; NULL:
 * nowhere. */
static const char *place_of(enum build_kind kind) {
  return kind == BUILD_VMM ? "vmm" : kind == BUILD_KERNEL ? "guestos" : NULL;
}

/* ---- words ---- */

/* `text` with each occurrence of `path` taken out; malloc'ed. */
static char *without(const char *text, const char *path) {
  char *copy = must(strdup(text));
  size_t n = strlen(path);
  for (char *at = copy; n && (at = strstr(at, path));) memmove(at, at + n, strlen(at + n) + 1);
  return copy;
}

/* Takes our paths out of what a tool said, and the name of a temporary folder with them. */
static char *our_paths_out(const struct making *m, const char *said) {
  char *const paths[] = {text("%s/take/", m->w->path),
                         text("%s/headers/", m->folder),
                         text("%s/out/", m->folder),
                         text("%s/tmp/", m->folder),
                         text("%s/lab/", m->folder),
                         text("%s/", m->folder),
                         text("%s/tests/", m->lab_path),
                         text("%s/", m->lab_path),
                         text("%s/include/", toolchain()->share),
                         text("%s/", toolchain()->share),
                         text("%s/", toolchain()->bin)};
  char *words = must(strdup(said));
  for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
    char *next = without(words, paths[i]);
    free(words);
    free(paths[i]);
    words = next;
  }
  for (char *at; (at = strstr(words, "pg32-cc.")) && strlen(at) > 15 && at[14] == '/';)
    memmove(at, at + 15, strlen(at + 15) + 1);
  return words;
}

/* Why a job failed, for m->words. */
static void complain(struct making *m, const char *what, enum job_end end, struct bytes said) {
  char *shown = printable(said.data, said.size, said.size), *words = our_paths_out(m, shown);
  free(m->words);
  if (end == JOB_EXPENSIVE)
    m->words = text("%s: the tools needed more than %d seconds of processor time", what, JOB_CPU_SECONDS);
  else if (end == JOB_CRASHED)
    m->words = text("%s: the tools broke down; they may use %d seconds of processor time and %d MiB of "
                    "memory, and write %d MiB",
                    what, JOB_CPU_SECONDS, JOB_MEMORY_MB, JOB_FILE_MB);
  else
    m->words = printable(words, strlen(words), WORDS_MOST);
  free(shown);
  free(words);
}

_Noreturn static void broken(const struct making *m, const char *why) {
  die(GRADE_BROKEN, "%s/lab.yaml:%u:%u: %s: %s", m->lab->path, m->build->mark.line, m->build->mark.column,
      m->build->name, why);
}

/* ---- files ---- */

static void make_folder(const char *path) {
  if (mkdir(path, 0700) != 0 && errno != EEXIST) die(GRADE_TROUBLE, "%s: %s", path, strerror(errno));
}

static void make_folders(const struct making *m) {
  static const char *const parts[] = {"", "/headers", "/out", "/tmp", "/lab", "/lab/src", "/lab/tmp"};
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
    char *path = text("%s%s", m->folder, parts[i]);
    make_folder(path);
    free(path);
  }
}

static int by_name(const struct dirent **a, const struct dirent **b) {
  return strcmp((*a)->d_name, (*b)->d_name);
}
static int is_visible(const struct dirent *entry) { return entry->d_name[0] != '.'; }

/* Names in a folder of ours, sorted. */
static size_t list(const char *path, struct dirent ***names) {
  int n = scandir(path, names, is_visible, by_name);
  if (n < 0) die(GRADE_TROUBLE, "%s: %s; is trapeze installed as a whole?", path, strerror(errno));
  return (size_t)n;
}

static void free_list(struct dirent **names, size_t n) {
  for (size_t i = 0; i < n; i++) free(names[i]);
  free(names);
}

/* Copies the files of one folder whose names end with `suffix`. */
static void copy_files(const char *from, const char *to, const char *suffix) {
  struct dirent **names;
  size_t n = list(from, &names);
  for (size_t i = 0; i < n; i++) {
    size_t length = strlen(names[i]->d_name), end = strlen(suffix);
    if (length < end || strcmp(names[i]->d_name + length - end, suffix) != 0) continue;
    char *source = text("%s/%s", from, names[i]->d_name), *target = text("%s/%s", to, names[i]->d_name);
    struct bytes content;
    if (!file_try_read(source, &content)) die(GRADE_TROUBLE, "%s: %s", source, strerror(errno));
    file_replace(target, content.data, content.size);
    free(content.data);
    free(source);
    free(target);
  }
  free_list(names, n);
}

/* ---- what is linked ---- */

static void add_part(struct making *m, const char *name, char *object) {
  if (m->parts == PARTS_MOST) broken(m, "too many objects");
  m->part[m->parts++] = (struct part){.name = must(strdup(name)), .object = object};
}

/* `object` in the place of ours of that name, or at the end. */
static void place_part(struct making *m, const char *name, char *object) {
  for (size_t i = 0; i < m->parts; i++)
    if (!strcmp(m->part[i].name, name)) {
      free(m->part[i].object);
      m->part[i].object = object;
      m->part[i].patched = false;
      return;
    }
  add_part(m, name, object);
}

/* Ours, in the order in which they are linked for everybody: so that the reference is the same program as
 * ours. */
static void add_ours(struct making *m) {
  char *folder = text("%s/obj/%s", toolchain()->share, place_of(m->build->kind));
  struct dirent **names;
  size_t n = list(folder, &names);
  for (size_t i = 0; i < n; i++) {
    char *name = names[i]->d_name, *object = text("%s/%s", folder, name);
    size_t length = strlen(name);
    if (length > 2 && !strcmp(name + length - 2, ".o")) name[length - 2] = 0;
    add_part(m, name, object);
  }
  free_list(names, n);
  free(folder);
}

/* ---- objects that several artifacts share ---- */

/* What was compiled once in this process: under "take PATH ..." a submission's, under "lab PATH ..." a lab's.
 */
struct kept {
  struct kept *next;
  char *key;
  struct bytes object;
  char *words; /* or why there is none */
};

static struct kept *all_kept;

/* What `source` of `whose` is as an object depends on this. */
static char *key_of(const struct making *m, const char *whose, const char *path, const char *source) {
  return text("%s %s\n%d %s\n%s", whose, path, (int)m->build->kind, source,
              m->headers ? m->build->patch : "");
}

static struct kept *find_kept(const char *key) {
  struct kept *k = all_kept;
  while (k && strcmp(k->key, key) != 0) k = k->next;
  return k;
}

/* Keeps the object in file `object`, or what was said instead of it. Takes `key` over. */
static void keep(char *key, const char *object, const char *words) {
  struct kept *k = must(malloc(sizeof *k));
  *k = (struct kept){.next = all_kept, .key = key, .words = words ? must(strdup(words)) : NULL};
  if (!words && !file_try_read(object, &k->object)) die(GRADE_TROUBLE, "%s: %s", object, strerror(errno));
  all_kept = k;
}

void workshop_forget(const struct workshop *w) {
  char *start = text("take %s\n", w->path);
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

/* ---- compiling ---- */

struct command {
  char *word[PARTS_MOST + 32];
  size_t n;
};

static void add(struct command *c, char *word) { c->word[c->n++] = word; }

static void free_command(struct command *c) {
  for (size_t i = 0; i < c->n; i++) free(c->word[i]);
}

static void add_words(struct command *c, const char *const *words) {
  for (; *words; words++) add(c, must(strdup(*words)));
}

static void add_kind(struct command *c, enum build_kind kind) {
  static const char *const kernel[] = {"-T", "kernel", "-fno-delete-null-pointer-checks", NULL},
                           *const bare[] = {"-T", "bare", NULL};
  if (kind == BUILD_KERNEL) add_words(c, kernel);
  if (kind == BUILD_IMAGE) add_words(c, bare);
}

/* The command that compiles `source` into `object`; `include`: a folder for #include "...". The debug
 * information names no folder of ours, so that equal sources become equal objects. */
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
                                      "-c",
                                      "-I.",
                                      NULL};
  struct command c = {.n = 0};
  add(&c, text("%s/pg32-cc", toolchain()->bin));
  add_words(&c, flags);
  add_kind(&c, m->build->kind);
  add(&c, text("-I%s", include));
  add(&c, text("-ffile-prefix-map=%s=.", include));
  add(&c, text("-ffile-prefix-map=%s/take=.", m->w->path));
  add(&c, text("-ffile-prefix-map=%s=.", toolchain()->share));
  add(&c, must(strdup("-o")));
  add(&c, must(strdup(object)));
  add(&c, must(strdup(source)));
  c.word[c.n] = NULL;
  return c;
}

static void finish(struct command *c) { c->word[c->n] = NULL; }

/* Compiles one of the student's, in the dark. */
static bool compile_in_the_dark(struct making *m, const char *source, const char *object) {
  char *take = text("%s/take", m->w->path), *headers = text("%s/headers", m->folder);
  struct command c = compile_command(m, source, object, headers);
  add(&c, must(strdup("--only-from")));
  add(&c, must(strdup(take)));
  add(&c, must(strdup("--only-from")));
  add(&c, must(strdup(headers)));
  finish(&c);
  struct job job = {.argv = c.word, .folder = m->folder, .current = take, .see = {take}, .hide = m->lab_path};
  struct bytes said;
  enum job_end end = job_run(m->w->sandboxed, &job, &said);
  if (end != JOB_GOOD) complain(m, source, end, said);
  free(said.data);
  free_command(&c);
  free(take);
  free(headers);
  return end == JOB_GOOD;
}

/* Compiles one of the student's; once for all artifacts with the same flags and headers. */
static bool compile_theirs(struct making *m, const char *source, const char *object) {
  char *key = key_of(m, "take", m->w->path, source);
  struct kept *k = find_kept(key);
  if (!k) {
    bool good = compile_in_the_dark(m, source, object);
    keep(key, object, good ? NULL : m->words);
    return good;
  }
  free(key);
  if (k->words)
    m->words = must(strdup(k->words));
  else
    file_replace(object, k->object.data, k->object.size);
  return !k->words;
}

/* Compiles one of the lab's, or of ours with the lab's patch: it must succeed. */
static void compile_now(struct making *m, const char *source, const char *object, const char *include) {
  char *folder = text("%s/lab", m->folder);
  struct command c = compile_command(m, source, object, include);
  struct job job = {.argv = c.word, .folder = folder, .current = folder};
  struct bytes said;
  enum job_end end = job_run(false, &job, &said);
  if (end != JOB_GOOD) {
    complain(m, source, end, said);
    broken(m, m->words);
  }
  free(said.data);
  free_command(&c);
  free(folder);
}

/* The same once in this process. `patch`: of the source, or NULL. */
static void compile_ours(struct making *m, const char *source, const char *object, const char *include,
                         const char *patch) {
  char *what = text("%s\n%s", source, patch ? patch : ""), *key = key_of(m, "lab", m->lab_path, what);
  const struct kept *k = find_kept(key);
  free(what);
  if (k) {
    file_replace(object, k->object.data, k->object.size);
    free(key);
    return;
  }
  compile_now(m, source, object, include);
  keep(key, object, NULL);
}

/* ---- the lab's patch ---- */

/* Copies our sources and patches them; marks what must be compiled anew. */
static void apply_patch(struct making *m, const char *place) {
  char *from = text("%s/src/%s", toolchain()->share, place), *tree = text("%s/lab/src", m->folder);
  char *to = text("%s/%s", tree, place), *file = text("%s/tests/%s", m->lab_path, m->build->patch);
  char *input = text("--input=%s", file);
  make_folder(to);
  copy_files(from, to, "");
  char *argv[] = {
      "/usr/bin/env",    "patch", "-p1", "--batch", "--forward", "--fuzz=0", "--no-backup-if-mismatch",
      "--reject-file=-", input,   NULL};
  struct job job = {.argv = argv, .folder = m->folder, .current = tree};
  struct bytes said;
  enum job_end end = job_run(false, &job, &said);
  if (end != JOB_GOOD) {
    complain(m, m->build->patch, end, said);
    broken(m, m->words);
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

/* Marks the parts whose source is not as it was: all of them when it is a header. */
static void mark_patched(struct making *m, const char *place) {
  struct dirent **names;
  char *tree = text("%s/lab/src/%s", m->folder, place);
  size_t n = list(tree, &names);
  bool header = false, any = false;
  for (size_t i = 0; i < n; i++) {
    char *ours = text("%s/src/%s/%s", toolchain()->share, place, names[i]->d_name),
         *theirs = text("%s/%s", tree, names[i]->d_name);
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
  if (!any) broken(m, "the patch changes none of our files");
  free_list(names, n);
  free(tree);
}

static void compile_patched(struct making *m, const char *place) {
  char *include = text("%s/lab/src/%s", m->folder, place);
  for (size_t i = 0; i < m->parts; i++) {
    if (!m->part[i].patched) continue;
    char *source = text("src/%s/%s", place, m->part[i].name),
         *object = text("%s/lab/patched-%s.o", m->folder, m->part[i].name);
    compile_ours(m, source, object, include, m->build->patch);
    free(source);
    free(m->part[i].object);
    m->part[i].object = object;
    m->part[i].patched = false;
  }
  free(include);
}

/* ---- the parts of an artifact ---- */

/* A lab's source: below tests/, or starter/NAME. */
static char *lab_source(const struct making *m, const char *name) {
  return !strncmp(name, "starter/", 8) ? text("%s/%s", m->lab_path, name)
                                       : text("%s/tests/%s", m->lab_path, name);
}

static void compile_labs(struct making *m, const struct words *sources, const char *prefix) {
  const char *place = place_of(m->build->kind);
  char *include = place ? text("%s/lab/src/%s", m->folder, place) : text("%s/tests", m->lab_path);
  for (size_t i = 0; i < sources->n; i++) {
    char *source = lab_source(m, sources->word[i]), *object = text("%s/lab/%s-%zu.o", m->folder, prefix, i);
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
      m->words = text("%s was not handed in.\n", source);
      return false;
    }
    free(there.data);
    char *object = text("%s/out/%zu-%s.o", m->folder, i, base_name(source));
    if (!compile_theirs(m, source, object)) {
      free(object);
      return false;
    }
    place_part(m, base_name(source), object);
  }
  return true;
}

static void copy_headers(struct making *m, const char *place) {
  char *tree = text("%s/lab/src/%s", m->folder, place), *headers = text("%s/headers", m->folder);
  char *ours = text("%s/src/%s", toolchain()->share, place);
  if (!m->build->patch) {
    make_folder(tree);
    copy_files(ours, tree, ".h");
  }
  copy_files(tree, headers, ".h");
  free(tree), free(headers), free(ours);
}

/* Everything to be linked, as objects. */
static bool make_parts(struct making *m) {
  const char *place = place_of(m->build->kind);
  if (place) {
    add_ours(m);
    if (m->build->patch) apply_patch(m, place), mark_patched(m, place);
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

/* ---- linking ---- */

static bool link_parts(struct making *m, const char *output) {
  bool user = m->build->kind == BUILD_PROGRAM || m->build->kind == BUILD_VMM;
  struct command c = {.n = 0};
  add(&c, text("%s/pg32-ld", toolchain()->bin));
  add(&c, must(strdup("-T")));
  add(&c, must(strdup(user ? "user" : m->build->kind == BUILD_KERNEL ? "kernel" : "bare")));
  add(&c, must(strdup("-o")));
  add(&c, must(strdup(output)));
  if (user) add(&c, text("%s/lib/crt0.o", toolchain()->share));
  for (size_t i = 0; i < m->parts; i++) add(&c, must(strdup(m->part[i].object)));
  if (user) add(&c, text("%s/lib/libc.a", toolchain()->share));
  finish(&c);
  char *objects = text("%s/obj", toolchain()->share);
  struct job job = {
      .argv = c.word, .folder = m->folder, .current = m->folder, .see = {objects}, .hide = m->lab_path};
  struct bytes said;
  enum job_end end = job_run(m->w->sandboxed, &job, &said);
  if (end != JOB_GOOD) complain(m, m->build->name, end, said);
  free(said.data);
  free_command(&c);
  free(objects);
  return end == JOB_GOOD;
}

static void no_report(void *context, const char *message) { (void)context, (void)message; }

static bool read_all(int fd, struct bytes *b) {
  char part[1 << 16];
  *b = (struct bytes){0};
  for (off_t at = 0;;) {
    ssize_t n = pread(fd, part, sizeof part, at);
    if (n < 0) return false;
    if (n == 0) return true;
    bytes_append(b, part, (size_t)n);
    at += n;
  }
}

/* A copy without debug information. */
static bool strip(struct bytes whole, struct bytes *stripped) {
  struct pg32_ld *ld = pg32_ld_new(&(struct pg32_ld_options){.strip_debug = true, .report = no_report});
  bool good = pg32_ld_add_memory(ld, "artifact", whole.data, whole.size) && pg32_ld_link(ld);
  int fd = good ? pg32_ld_open_image(ld) : -1;
  good = fd >= 0 && read_all(fd, stripped);
  if (fd >= 0) close(fd);
  pg32_ld_free(ld);
  return good;
}

static bool link_artifact(struct making *m, struct artifact *a) {
  char *output = text("%s/out/linked", m->folder);
  struct stat st;
  bool good = link_parts(m, output);
  if (good && (lstat(output, &st) != 0 || !S_ISREG(st.st_mode) || !file_try_read(output, &a->debug)))
    die(GRADE_TROUBLE, "%s: %s", output, strerror(errno));
  free(output);
  if (good && !strip(a->debug, &a->elf))
    die(GRADE_TROUBLE, "%s: what was linked cannot be copied", m->build->name);
  return good;
}

/* ---- lab's own artifacts, made once in this process ---- */

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

static struct making begin(struct workshop *w, const struct lab *lab, const struct lab_build *build) {
  struct making m = {.w = w, .lab = lab, .build = build, .lab_path = realpath(lab->path, NULL)};
  if (!m.lab_path) die(GRADE_BROKEN, "%s: %s", lab->path, strerror(errno));
  m.folder = text("%s/build-%td", w->path, build - lab->build);
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
  a.built = make_parts(&m) && link_artifact(&m, &a);
  if (!a.built && build->of_lab) broken(&m, m.words);
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
