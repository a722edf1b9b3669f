/* pg32-as.c - the assembler as a program: options, files and the form of messages. The work is done by
 * isa/as/. */
#define _GNU_SOURCE
#include "isa/as.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/common/argp.h"
#include "tools/version.h"

const char *argp_program_version = TRAPEZE_VERSION_OF("pg32-as");

struct command {
  const char *input, *output;
  const char *source; /* --compiled-from */
  struct dirs {
    const char **path;
    size_t n;
  } include, only; /* -I; --only-from, as realpath gives them */
};

enum { ONLY_FROM = 256, COMPILED_FROM };

static const struct argp_option options[] = {
    {"output", 'o', "FILE", 0, "Write the object to FILE (default: a.out)", 0},
    {"include", 'I', "DIR", 0, "Look for the files of .include and .incbin in DIR, too", 0},
    {"only-from", ONLY_FROM, "DIR", 0,
     "Let .include and .incbin read only files in DIR (or in that of another --only-from)", 0},
    {"compiled-from", COMPILED_FROM, "FILE", 0,
     "A compiler made the source from FILE: report an error at the line of FILE that the .loc before the "
     "error names",
     0},
    {0},
};

static void add_dir(struct dirs *dirs, const char *dir) {
  dirs->path = realloc(dirs->path, (dirs->n + 1) * sizeof *dirs->path);
  if (!dirs->path) abort();
  dirs->path[dirs->n++] = dir;
}

static void add_only(struct command *c, const char *dir, struct argp_state *state) {
  char *real = realpath(dir, NULL);
  if (!real) argp_failure(state, EXIT_FAILURE, errno, "--only-from %s", dir);
  add_dir(&c->only, real);
}

static error_t parse(int key, char *arg, struct argp_state *state) {
  struct command *c = state->input;
  switch (key) {
  case 'o': c->output = arg; return 0;
  case 'I': add_dir(&c->include, arg); return 0;
  case ONLY_FROM: add_only(c, arg, state); return 0;
  case COMPILED_FROM: c->source = arg; return 0;
  case ARGP_KEY_ARG:
    if (c->input) argp_error(state, "one source file at a time");
    c->input = arg;
    return 0;
  case ARGP_KEY_NO_ARGS: argp_usage(state); return 0;
  default: return ARGP_ERR_UNKNOWN;
  }
}

/* ---- files ---- */

static char *read_stream(FILE *f, size_t *size) {
  size_t capacity = 1 << 16;
  char *text = malloc(capacity);
  *size = 0;
  for (size_t got; text && (got = fread(text + *size, 1, capacity - *size, f)) > 0;) {
    *size += got;
    if (*size < capacity) continue;
    char *more = realloc(text, capacity *= 2);
    if (!more) free(text);
    text = more;
  }
  if (!text || ferror(f)) {
    free(text);
    return NULL;
  }
  char *smaller = realloc(text, *size + 1); /* the assembler may keep many */
  return smaller ? smaller : text;
}

/* Whether --only-from allows the file: symbolic links are followed first, and it must be a regular file, as a
 * device or a pipe may never end. */
static bool allowed(const struct command *c, const char *path) {
  struct stat st;
  char *real = c->only.n ? realpath(path, NULL) : NULL;
  bool good = c->only.n == 0;
  for (size_t i = 0; i < c->only.n && real && !good; i++) {
    size_t n = strlen(c->only.path[i]);
    good =
        !strncmp(real, c->only.path[i], n) && real[n] == '/' && stat(real, &st) == 0 && S_ISREG(st.st_mode);
  }
  free(real);
  return good;
}

static char *read_file(const char *path, size_t *size) {
  FILE *f = fopen(path, "rb");
  if (!f) return NULL;
  char *text = read_stream(f, size);
  fclose(f);
  return text;
}

static char *load(void *user, const char *name, size_t *size) {
  const struct command *c = user;
  char *text = allowed(c, name) ? read_file(name, size) : NULL;
  for (size_t i = 0; i < c->include.n && !text && name[0] != '/'; i++) {
    char *path;
    if (asprintf(&path, "%s/%s", c->include.path[i], name) < 0) return NULL;
    text = allowed(c, path) ? read_file(path, size) : NULL;
    free(path);
  }
  return text;
}

/* After an error there is no object, not even one from an earlier run. A device is not removed. */
static void remove_output(const char *path) {
  struct stat st;
  if (lstat(path, &st) == 0 && S_ISREG(st.st_mode)) unlink(path);
}

static bool write_file(const char *path, const char *bytes, size_t size) {
  FILE *f = fopen(path, "wb");
  if (!f) return false;
  bool good = fwrite(bytes, 1, size, f) == size;
  good &= fclose(f) == 0;
  if (!good) remove_output(path);
  return good;
}

/* ---- messages ---- */

/* Shows the line, and a caret below the column. Tabs stay tabs, so that both lines are indented alike. */
static void show(const struct pg32_as_diagnostic *d) {
  fputs("  ", stderr);
  for (size_t i = 0; i < d->source_len; i++) {
    unsigned char c = (unsigned char)d->source[i];
    fputc(c >= ' ' || c == '\t' ? c : '?', stderr);
  }
  fputs("\n  ", stderr);
  for (size_t i = 0; i + 1 < d->column && i < d->source_len; i++)
    fputc(d->source[i] == '\t' ? '\t' : ' ', stderr);
  fputs("^\n", stderr);
}

/* The number of the one line of the text that has these words in it; 0 if none or several have. */
static unsigned line_with(const char *text, size_t size, const char *words, size_t length) {
  unsigned number = 1, found = 0;
  for (size_t i = 0; length && i + length <= size; i++) {
    if (!memcmp(text + i, words, length)) {
      if (found && found != number) return 0;
      found = number;
    }
    number += text[i] == '\n';
  }
  return found;
}

/* An assembly outside of functions has no .loc: its words are looked for in the source. */
static unsigned line_outside(const struct command *c, const struct pg32_as_diagnostic *d) {
  const char *words = d->source;
  size_t length = d->source_len, size = 0;
  while (length && (*words == ' ' || *words == '\t')) words++, length--;
  while (length && (words[length - 1] == ' ' || words[length - 1] == '\t')) length--;
  char *text = allowed(c, c->source) ? read_file(c->source, &size) : NULL;
  unsigned line = text ? line_with(text, size, words, length) : 0;
  free(text);
  return line;
}

/* The place in what was compiled. */
static void report_place(const struct command *c, const struct pg32_as_diagnostic *d) {
  unsigned line = d->loc_file ? d->loc_line : line_outside(c, d);
  fprintf(stderr, "%s:", d->loc_file ? d->loc_file : c->source);
  if (line) fprintf(stderr, "%u:", line);
}

static void report(void *user, const struct pg32_as_diagnostic *d) {
  const struct command *c = user;
  static const char *const kinds[] = {"error: ", "warning: ", ""};
  if (c->source)
    report_place(c, d);
  else
    fprintf(stderr, "%s:%u:%u:", d->file, d->line, d->column);
  fprintf(stderr, " %s%s\n", kinds[d->kind], d->text);
  if (d->kind != PG32_AS_NOTE) show(d);
}

/* Whether the output would replace the source, which may be the only copy. */
static bool is_same_file(const char *a, const char *b) {
  struct stat x, y;
  return !stat(a, &x) && !stat(b, &y) && S_ISREG(x.st_mode) && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

static int assemble(struct command *c) {
  bool standard = !strcmp(c->input, "-");
  const char *name = standard ? "<stdin>" : c->input;
  if (!standard && is_same_file(c->input, c->output)) {
    fprintf(stderr, "pg32-as: %s is both the source and the output\n", c->input);
    return EXIT_FAILURE;
  }
  size_t size, object_size;
  char *object, *text = standard ? read_stream(stdin, &size) : read_file(c->input, &size);
  if (!text) {
    fprintf(stderr, "pg32-as: cannot read %s: %s\n", name, strerror(errno));
    return EXIT_FAILURE;
  }
  struct pg32_as_options o = {.name = name, .user = c, .report = report, .load = load};
  if (c->only.n) o.rule = "only files below the folders of --only-from may be read";
  enum pg32_as_result result = pg32_assemble(text, size, &o, &object, &object_size);
  bool good = result == PG32_AS_OK;
  if (result == PG32_AS_NO_MEMORY) fputs("pg32-as: out of memory\n", stderr);
  free(text);
  if (good && !write_file(c->output, object, object_size)) {
    fprintf(stderr, "pg32-as: cannot write %s: %s\n", c->output, strerror(errno));
    good = false;
  } else if (!good) {
    remove_output(c->output);
  }
  free(object);
  return good ? EXIT_SUCCESS : EXIT_FAILURE;
}

int main(int argc, char **argv) {
  static const struct argp argp = {
      options, parse, "FILE.s",
      "Assembles GNU assembler text for PG32, such as a RISC-V compiler writes, to an ELF object. "
      "FILE - is the standard input.",
      NULL};
  struct command c = {.output = "a.out"};
  argp_parse(&argp, argc, argv, 0, &c);
  int status = assemble(&c);
  for (size_t i = 0; i < c.only.n; i++) free((char *)c.only.path[i]);
  free(c.only.path);
  free(c.include.path);
  return status;
}
