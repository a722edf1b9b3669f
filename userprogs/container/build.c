/* build.c - container build: makes an image by the steps in a file.
 *
 * Each step but `from` and `command` is done in a folder where the image so far is laid; what differs afterwards is the
 * step's layer. Its key is the digest of the step's words, of the layers below, and of the bytes that it copies: a step
 * whose key is in the cache is not done. What a `run` step reads from the clock, the key cannot know. */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "container.h"

#define BELOW "/containers/run/.below"
#define NEW_LAYER "/containers/layers/.new"

struct step {
  const char *file;
  unsigned line;
  char *verb, *rest;
};

_Noreturn static void wrong(const struct step *s, const char *what) {
  refuse("%s:%u: %s", s->file, s->line, what);
}

/* The first word of what is left, which is cut off; NULL: none is left. */
static char *word(char **rest) {
  while (isspace((unsigned char)**rest)) ++*rest;
  char *start = *rest;
  while (**rest && !isspace((unsigned char)**rest)) ++*rest;
  if (**rest) *(*rest)++ = 0;
  return *start ? start : NULL;
}

/* ---- the key ---- */

static void add_tree(struct sha256 *h, const char *path) {
  struct stat st;
  char inner[PATH_BYTES];
  if (stat(path, &st) < 0) die(path);
  sha256_add(h, path, strlen(path) + 1);
  if (!S_ISDIR(st.st_mode)) {
    sha256_file(h, path);
    return;
  }
  DIR *dir = opendir(path);
  if (dir == NULL) die(path);
  for (struct dirent *e; (e = readdir(dir)) != NULL;) {
    if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0) continue;
    path_in(inner, path, e->d_name);
    add_tree(h, inner);
  }
  closedir(dir);
}

static void key_of(const struct step *s, const struct image *i, char key[DIGEST + 1]) {
  struct sha256 h;
  sha256_begin(&h);
  for (size_t n = 0; n < i->layers; n++) sha256_add(&h, i->digest[n], strlen(i->digest[n]) + 1);
  sha256_add(&h, s->verb, strlen(s->verb) + 1);
  sha256_add(&h, s->rest, strlen(s->rest) + 1);
  if (strcmp(s->verb, "copy") == 0) {
    char *words = must(strdup(s->rest)), *rest = words, *from = word(&rest);
    if (from) add_tree(&h, from);
    free(words);
  }
  sha256_end(&h, key);
}

/* ---- doing a step ---- */

static void copy_file(const char *from, const char *to) {
  static char piece[4096];
  ssize_t n;
  int in = open(from, O_RDONLY), out = open(to, O_WRONLY | O_CREAT | O_TRUNC, 0666);
  if (in < 0 || out < 0) die(in < 0 ? from : to);
  while ((n = read(in, piece, sizeof piece)) > 0)
    if (write(out, piece, (size_t)n) != n) die(to);
  if (n < 0) die(from);
  close(in), close(out);
}

static void copy_tree(const char *from, const char *to) {
  struct stat st;
  char a[PATH_BYTES], b[PATH_BYTES];
  if (stat(from, &st) < 0) die(from);
  if (!S_ISDIR(st.st_mode)) {
    copy_file(from, to);
    return;
  }
  if (mkdir(to, 0777) < 0 && errno != EEXIST) die(to);
  DIR *dir = opendir(from);
  if (dir == NULL) die(from);
  for (struct dirent *e; (e = readdir(dir)) != NULL;) {
    if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0) continue;
    path_in(a, from, e->d_name);
    path_in(b, to, e->d_name);
    copy_tree(a, b);
  }
  closedir(dir);
}

/* A path of the image, within the folder where the image is laid. */
static void inside(const struct step *s, const char *root, const char *path, char to[PATH_BYTES]) {
  if (!path || path[0] != '/' || strstr(path, ".."))
    wrong(s, "expected a path in the image that begins with a slash");
  path_in(to, root, path + 1);
}

static void do_copy(const struct step *s, const char *root) {
  char to[PATH_BYTES], *words = must(strdup(s->rest)), *rest = words, *from = word(&rest),
                       *path = word(&rest);
  inside(s, root, path, to);
  copy_tree(from, to);
  free(words);
}

static void do_run(const struct step *s, struct settings *settings) {
  char *words[] = {"sh", "-c", s->rest, NULL};
  int status = run_in_folder(settings, words);
  if (status) refuse("%s:%u: the command ended with status %d", s->file, s->line, status);
}

static void do_remove(const struct step *s, const char *root) {
  char path[PATH_BYTES], *words = must(strdup(s->rest)), *rest = words;
  inside(s, root, word(&rest), path);
  if (access(path, F_OK) < 0) wrong(s, "the image has no such path");
  tree_remove(path);
  free(words);
}

static void remove_below(void) { tree_remove(BELOW); }

/* Does the step; the layer is in NEW_LAYER. */
static void make_layer(const struct step *s, const struct image *i) {
  struct settings settings = {.name = "build"};
  char folder[PATH_BYTES], root[PATH_BYTES];
  uint64_t since;
  path_in(folder, RUN, settings.name);
  path_in(root, folder, "root");
  run_folder(&settings, i);
  atexit(remove_below);
  image_lay(i, BELOW, "/dev/console");
  clock_ticks(&since);
  if (strcmp(s->verb, "copy") == 0)
    do_copy(s, root);
  else if (strcmp(s->verb, "run") == 0)
    do_run(s, &settings);
  else
    do_remove(s, root);
  struct writer *w = archive_new(NEW_LAYER);
  tree_difference(root, BELOW, since, w);
  archive_end(w);
  tree_remove(folder);
  tree_remove(BELOW);
}

/* The layer gets its name. Equal layers are one file. */
static void keep_layer(struct image *i, const char *step) {
  struct sha256 h;
  char digest[DIGEST + 1], layer[PATH_BYTES];
  sha256_begin(&h);
  sha256_file(&h, NEW_LAYER);
  sha256_end(&h, digest);
  snprintf(layer, sizeof layer, LAYERS "/%.32s", digest);
  if (access(layer, F_OK) == 0 ? unlink(NEW_LAYER) < 0 : rename(NEW_LAYER, layer) < 0) die(layer);
  image_add(i, layer, digest);
  FILE *f = fopen(step, "w");
  if (f == NULL || fprintf(f, "%s %s\n", layer, digest) < 0 || fclose(f) != 0) die(step);
}

/* Takes the step's layer from the cache; false: the cache has none. */
static bool from_cache(struct image *i, const char *step) {
  char line[PATH_BYTES];
  FILE *f = fopen(step, "r");
  bool read = f && fgets(line, sizeof line, f);
  if (f) fclose(f);
  char *layer = read ? strtok(line, " \n") : NULL, *digest = layer ? strtok(NULL, " \n") : NULL;
  if (!digest || access(layer, F_OK) < 0) return false;
  image_add(i, layer, digest);
  return true;
}

static void do_step(const struct step *s, struct image *i, bool cache) {
  char key[DIGEST + 1], step[PATH_BYTES];
  key_of(s, i, key);
  snprintf(step, sizeof step, STEPS "/%.32s", key);
  bool cached = cache && from_cache(i, step);
  if (!cached) {
    make_layer(s, i);
    keep_layer(i, step);
  }
  printf("%s %s\n  %s%.12s\n", s->verb, s->rest,
         cached ? "cached: sha256:" : "sha256:", i->digest[i->layers - 1]);
}

/* ---- the file ---- */

static void set_command(struct image *i, char *rest) {
  memset(i->command, 0, sizeof i->command);
  for (int n = 0; n < WORDS_MOST && (i->command[n] = word(&rest)); n++)
    i->command[n] = must(strdup(i->command[n]));
}

static void one_line(struct step *s, struct image *i, bool cache) {
  char *rest = s->rest;
  if (!i->layers && strcmp(s->verb, "from") != 0) wrong(s, "the first step must be `from IMAGE`");
  if (strcmp(s->verb, "from") == 0) {
    if (i->layers) wrong(s, "`from` is the first step alone");
    image_read(i, word(&rest));
  } else if (strcmp(s->verb, "command") == 0) {
    set_command(i, rest);
  } else if (strcmp(s->verb, "copy") == 0 || strcmp(s->verb, "run") == 0 || strcmp(s->verb, "remove") == 0) {
    do_step(s, i, cache);
  } else {
    wrong(s, "expected from, copy, run, remove or command");
  }
}

int build_main(int argc, char **argv) {
  struct image i = {0};
  char line[1024];
  bool cache = !(argc > 1 && strcmp(argv[1], "--no-cache") == 0);
  int at = cache ? 1 : 2;
  if (argc != at + 2) usage();
  if (!is_name(argv[at])) refuse_words("%s cannot be the name of an image", argv[at]);
  FILE *f = fopen(argv[at + 1], "r");
  if (f == NULL) die(argv[at + 1]);
  struct step s = {.file = argv[at + 1]};
  while (fgets(line, sizeof line, f)) {
    line[strcspn(line, "\n")] = 0;
    s.line++;
    s.rest = line;
    s.verb = word(&s.rest);
    if (!s.verb || s.verb[0] == '#') continue;
    while (isspace((unsigned char)*s.rest)) s.rest++;
    if (!*s.rest) wrong(&s, "the step's words are missing");
    one_line(&s, &i, cache);
  }
  fclose(f);
  if (!i.layers) refuse("%s: there is no step `from IMAGE`", argv[at + 1]);
  image_write(&i, argv[at]);
  return 0;
}
