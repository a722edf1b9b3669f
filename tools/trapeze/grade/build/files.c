/* files.c - command lines and folders, for the files that make artifacts. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "making.h"

/* ---- command lines ---- */

void command_add(struct command *c, char *word) {
  c->word[c->n++] = word;
  c->word[c->n] = NULL;
}

void command_add_words(struct command *c, const char *const *words) {
  for (; *words; words++) command_add(c, must(strdup(*words)));
}

void command_free(struct command *c) {
  for (size_t i = 0; i < c->n; i++) free(c->word[i]);
}

/* ---- folders ---- */

void private_folder(const char *path) {
  if (mkdir(path, 0700) != 0 && errno != EEXIST) die(GRADE_TROUBLE, "%s: %s", path, strerror(errno));
}

static int by_name(const struct dirent **a, const struct dirent **b) {
  return strcmp((*a)->d_name, (*b)->d_name);
}

static int is_visible(const struct dirent *entry) { return entry->d_name[0] != '.'; }

static size_t scan(const char *path, struct dirent ***names) {
  int n = scandir(path, names, is_visible, by_name);
  if (n < 0) die(GRADE_TROUBLE, "%s: %s; is trapeze installed as a whole?", path, strerror(errno));
  return (size_t)n;
}

static void list_add(struct dirent ***names, size_t *n, struct dirent *e) {
  *names = must(realloc(*names, (*n + 1) * sizeof **names));
  (*names)[(*n)++] = e;
}

/* Adds the files of the folder `folder` of `path`, each as FOLDER/NAME. */
static void list_folder(const char *path, const char *folder, struct dirent ***names, size_t *n) {
  char *inner_path = text_of("%s/%s", path, folder);
  struct dirent **inner;
  size_t entries = scan(inner_path, &inner);
  for (size_t i = 0; i < entries; i++) {
    struct dirent *e = must(calloc(1, sizeof *e));
    if (snprintf(e->d_name, sizeof e->d_name, "%s/%s", folder, inner[i]->d_name) >= (int)sizeof e->d_name)
      die(GRADE_TROUBLE, "%s/%s: the name is too long", inner_path, inner[i]->d_name);
    list_add(names, n, e);
  }
  files_free(inner, entries);
  free(inner_path);
}

size_t files_list(const char *path, struct dirent ***names) {
  struct dirent **top;
  size_t entries = scan(path, &top), n = 0;
  *names = NULL;
  for (size_t i = 0; i < entries; i++)
    if (top[i]->d_type != DT_DIR) list_add(names, &n, top[i]);
  for (size_t i = 0; i < entries; i++) {
    if (top[i]->d_type != DT_DIR) continue;
    list_folder(path, top[i]->d_name, names, &n);
    free(top[i]);
  }
  free(top);
  return n;
}

void files_free(struct dirent **names, size_t n) {
  for (size_t i = 0; i < n; i++) free(names[i]);
  free(names);
}

/* The folder of the file `path`, which has one, is there now. */
static void make_folder_of(const char *path) {
  char *folder = text_of("%.*s", (int)(strrchr(path, '/') - path), path);
  private_folder(folder);
  free(folder);
}

void files_copy(const char *from, const char *to, const char *suffix) {
  struct dirent **names;
  size_t n = files_list(from, &names);
  for (size_t i = 0; i < n; i++) {
    size_t length = strlen(names[i]->d_name), end = strlen(suffix);
    if (length < end || strcmp(names[i]->d_name + length - end, suffix) != 0) continue;
    char *source = text_of("%s/%s", from, names[i]->d_name), *target = text_of("%s/%s", to, names[i]->d_name);
    struct bytes content;
    if (!file_try_read(source, &content)) die(GRADE_TROUBLE, "%s: %s", source, strerror(errno));
    make_folder_of(target);
    file_put(target, content.data, content.size);
    free(content.data);
    free(source);
    free(target);
  }
  files_free(names, n);
}
