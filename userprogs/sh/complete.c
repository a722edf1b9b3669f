/* complete.c - the key Tab: the word at the cursor becomes longer as far as only one end is possible. Memory is the arena's, until the command has run. The first word of
 * a command is completed to a command, any other word to a file's name. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "edit.h"

struct found {
  char **name; /* each ends with a slash if it is a folder */
  size_t n;
};

static void add(struct found *f, const char *name, bool folder) {
  for (size_t i = 0; i < f->n; i++)
    if (strcmp(f->name[i], name) == 0) return;
  if ((f->n & (f->n - 1)) == 0) {
    char **bigger = arena_alloc((f->n > 0 ? 2 * f->n : 1) * sizeof *bigger);
    if (f->n > 0) memcpy(bigger, f->name, f->n * sizeof *bigger);
    f->name = bigger;
  }
  size_t length = strlen(name);
  char *copy = arena_alloc(length + 2);
  memcpy(copy, name, length);
  if (folder) copy[length] = '/';
  f->name[f->n++] = copy;
}

static bool starts_with(const char *s, const char *start) { return strncmp(s, start, strlen(start)) == 0; }

static struct found *target;
static const char *wanted;

static void add_if_wanted(const char *name) {
  if (starts_with(name, wanted)) add(target, name, false);
}

static void find_in_folder(struct found *f, const char *folder, const char *start) {
  DIR *dir = opendir(folder);
  if (dir == NULL) return;
  for (struct dirent *e; (e = readdir(dir)) != NULL;)
    if (starts_with(e->d_name, start) && (*start == '.' || e->d_name[0] != '.'))
      add(f, e->d_name, S_ISDIR(e->d_mode));
  closedir(dir);
}

static void find_commands(struct found *f, const char *start) {
  const char *path = variable("PATH");
  target = f, wanted = start;
  each_builtin(add_if_wanted);
  each_function(add_if_wanted);
  while (path != NULL && *path != '\0') {
    size_t n = strcspn(path, ":");
    find_in_folder(f, n > 0 ? arena_text(path, n) : ".", start);
    path += n + (path[n] == ':');
  }
}

/* ---- the word ---- */

static bool is_end(char c) { return c == '\0' || strchr(" \t;|&<>()", c) != NULL; }

/* Where the word begins that ends at the cursor. */
static size_t word_start(const struct edit *e) {
  size_t at = e->at;
  while (at > 0 && (!is_end(e->text.s[at - 1]) || (at > 1 && e->text.s[at - 2] == '\\'))) at--;
  return at;
}

/* Is a word that begins there the first one of a command? */
static bool is_command(const struct edit *e, size_t at) {
  static const char *const openers[] = {"if", "then", "else", "elif", "while", "until",
                                        "do", "!",    "{",    "exec", "time"};
  while (at > 0 && (e->text.s[at - 1] == ' ' || e->text.s[at - 1] == '\t')) at--;
  if (at == 0 || strchr(";|&(", e->text.s[at - 1]) != NULL) return true;
  size_t start = at;
  while (start > 0 && !is_end(e->text.s[start - 1])) start--;
  for (size_t i = 0; i < sizeof openers / sizeof openers[0]; i++)
    if (strlen(openers[i]) == at - start && strncmp(e->text.s + start, openers[i], at - start) == 0)
      return is_command(e, start);
  return false;
}

/* Without backslashes. */
static char *plain(const char *s, size_t n) {
  char *to = arena_alloc(n + 1), *end = to;
  for (size_t i = 0; i < n; i++) {
    if (s[i] == '\\' && i + 1 < n) i++;
    *end++ = s[i];
  }
  return to;
}

/* Puts in a part of a name, with backslashes before what means something to the shell. */
static void insert(struct edit *e, const char *s, size_t n) {
  struct text t = {0};
  text_add(&t, "", 0);
  for (size_t i = 0; i < n; i++) {
    if (strchr(" \t;|&<>()'\"\\$`*?[]#~", s[i]) != NULL) text_put(&t, '\\');
    text_put(&t, s[i]);
  }
  if (t.n > 0) edit_insert(e, t.s, t.n);
}

/* How many bytes all the names have in common. */
static size_t in_common(const struct found *f) {
  size_t n = strlen(f->name[0]);
  for (size_t i = 1; i < f->n; i++) {
    size_t k = 0;
    while (k < n && f->name[i][k] == f->name[0][k]) k++;
    n = k;
  }
  while (n > 0 && ((unsigned char)f->name[0][n] & 0xC0) == 0x80) n--; /* whole characters */
  return n;
}

static int by_name(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }

/* In columns, as wide as the longest name. */
static void list(struct edit *e, struct found *f) {
  size_t widest = 0, width = edit_width() - 1;
  for (size_t i = 0; i < f->n; i++)
    if (strlen(f->name[i]) > widest) widest = strlen(f->name[i]);
  size_t per_row = width / (widest + 2) > 0 ? width / (widest + 2) : 1, rows = (f->n + per_row - 1) / per_row;
  qsort(f->name, f->n, sizeof *f->name, by_name);
  edit_below(e);
  for (size_t row = 0; row < rows; row++) {
    for (size_t i = row; i < f->n; i += rows)
      printf("%-*s", i + rows < f->n ? (int)widest + 2 : 0, f->name[i]);
    puts("\r");
  }
  edit_show(e);
}

void complete(struct edit *e) {
  struct found f = {0};
  size_t start = word_start(e);
  char *word = plain(e->text.s + start, e->at - start), *slash = strrchr(word, '/');
  const char *name = slash != NULL ? slash + 1 : word;
  if (slash == NULL && is_command(e, start))
    find_commands(&f, word);
  else
    find_in_folder(&f,
                   slash == NULL   ? "."
                   : slash == word ? "/"
                                   : arena_text(word, (size_t)(slash - word)),
                   name);
  size_t known = strlen(name), common = f.n > 0 ? in_common(&f) : 0;
  if (common > known)
    insert(e, f.name[0] + known, common - known);
  else if (f.n > 1)
    list(e, &f);
  if (f.n == 0) putchar('\a'), fflush(stdout);
  if (f.n == 1 && f.name[0][common - 1] != '/') edit_insert(e, " ", 1);
}
