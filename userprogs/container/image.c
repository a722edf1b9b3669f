/* image.c - images: lists of layers. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "container.h"

#define BASE "base"
#define BASE_DIGEST STEPS "/base"

static char *digest_of(const char *path) {
  struct sha256 h;
  char *digest = must(malloc(DIGEST + 1));
  sha256_begin(&h);
  sha256_file(&h, path);
  sha256_end(&h, digest);
  return digest;
}

/* The digest of the initrd, which takes a while, is computed once. */
static char *digest_of_base(void) {
  char *digest = must(calloc(1, DIGEST + 1));
  FILE *f = fopen(BASE_DIGEST, "r");
  size_t n = f ? fread(digest, 1, DIGEST, f) : 0;
  if (f) fclose(f);
  if (n == DIGEST) return digest;
  free(digest);
  digest = digest_of(INITRD);
  f = fopen(BASE_DIGEST, "w");
  if (f) fputs(digest, f), fclose(f);
  return digest;
}

void image_add(struct image *i, const char *layer, const char *digest) {
  if (i->layers == LAYERS_MOST) refuse("an image has at most %d layers", LAYERS_MOST);
  i->layer[i->layers] = must(strdup(layer));
  i->digest[i->layers++] = must(strdup(digest));
}

static void read_line(struct image *i, char *line, const char *name) {
  char *word = strtok(line, " \n"), *first = strtok(NULL, " \n"), *second = strtok(NULL, " \n");
  if (word && strcmp(word, "layer") == 0 && second) {
    image_add(i, first, second);
  } else if (word && strcmp(word, "command") == 0 && first) {
    i->command[0] = must(strdup(first));
    for (int n = 1; n < WORDS_MOST && second; n++, second = strtok(NULL, " \n"))
      i->command[n] = must(strdup(second));
  } else if (word) {
    refuse(IMAGES "/%s: a line is neither `layer PATH DIGEST` nor `command WORD...`", name);
  }
}

void image_read(struct image *i, const char *name) {
  char path[PATH_BYTES], line[1024];
  *i = (struct image){0};
  if (!is_name(name)) refuse("%s cannot be the name of an image", name);
  path_in(path, IMAGES, name);
  FILE *f = fopen(path, "r");
  if (f) {
    while (fgets(line, sizeof line, f)) read_line(i, line, name);
    fclose(f);
  } else if (strcmp(name, BASE) == 0) {
    image_add(i, INITRD, "-");
  } else {
    refuse("there is no image %s; `container images` lists them", name);
  }
}

void image_write(const struct image *i, const char *name) {
  char path[PATH_BYTES];
  path_in(path, IMAGES, name);
  FILE *f = fopen(path, "w");
  if (f == NULL) die(path);
  for (size_t n = 0; n < i->layers; n++)
    fprintf(f, "layer %s %s\n", i->layer[n], strcmp(i->digest[n], "-") ? i->digest[n] : digest_of_base());
  if (i->command[0]) fputs("command", f);
  for (char *const *word = i->command; *word; word++) fprintf(f, " %s", *word);
  if (i->command[0]) fputs("\n", f);
  if (fclose(f) != 0) die(path);
}

void image_lay(const struct image *i, const char *root, const char *console) {
  if (mkdir(root, 0777) < 0 || chdir(root) < 0) die(root);
  for (size_t n = 0; n < i->layers; n++) tree_lay(i->layer[n], n == 0);
  tree_devices(console);
  if (chdir("/") < 0) die("/");
}

/* ---- container images ---- */

static int list(const char *name, bool verify) {
  struct image i;
  struct stat st;
  int wrong = 0;
  image_read(&i, name);
  printf("%s\n", name);
  for (size_t n = 0; n < i.layers; n++) {
    const char *digest = strcmp(i.digest[n], "-") ? i.digest[n] : digest_of_base();
    if (stat(i.layer[n], &st) < 0) die(i.layer[n]);
    bool differs = verify && strcmp(digest, digest_of(i.layer[n])) != 0;
    printf("  sha256:%s %8u bytes%s\n", digest, (unsigned)st.st_size,
           differs  ? "  DIFFERS"
           : verify ? "  verified"
                    : "");
    wrong |= differs;
  }
  if (i.command[0]) fputs("  command", stdout);
  for (char **word = i.command; *word; word++) printf(" %s", *word);
  if (i.command[0]) puts("");
  return wrong;
}

int images_main(int argc, char **argv) {
  bool verify = argc == 2 && strcmp(argv[1], "--verify") == 0;
  int wrong = 0;
  if (argc > 1 && !verify) usage();
  if (access(IMAGES "/" BASE, F_OK) < 0) wrong |= list(BASE, verify);
  DIR *dir = opendir(IMAGES);
  if (dir == NULL) die(IMAGES);
  for (struct dirent *e; (e = readdir(dir)) != NULL;)
    if (e->d_name[0] != '.') wrong |= list(e->d_name, verify);
  closedir(dir);
  return wrong;
}

/* ---- removing ---- */

static bool is_used(const char *layer) {
  bool used = false;
  struct image i;
  DIR *dir = opendir(IMAGES);
  if (dir == NULL) die(IMAGES);
  for (struct dirent *e; !used && (e = readdir(dir)) != NULL;) {
    if (e->d_name[0] == '.') continue;
    image_read(&i, e->d_name);
    for (size_t n = 0; n < i.layers; n++) used |= strcmp(i.layer[n], layer) == 0;
  }
  closedir(dir);
  return used;
}

/* Forgets one of the steps that have led to that layer; false: there is none. */
static bool forget_step(const char *layer) {
  bool found = false;
  char path[PATH_BYTES], line[PATH_BYTES];
  DIR *dir = opendir(STEPS);
  if (dir == NULL) die(STEPS);
  for (struct dirent *e; !found && (e = readdir(dir)) != NULL;) {
    path_in(path, STEPS, e->d_name);
    FILE *f = e->d_name[0] != '.' ? fopen(path, "r") : NULL;
    found = f && fgets(line, sizeof line, f) && strncmp(line, layer, strlen(layer)) == 0;
    if (f) fclose(f);
  }
  closedir(dir);
  if (found && unlink(path) < 0) die(path);
  return found;
}

void image_remove(const char *name) {
  char path[PATH_BYTES];
  struct image i;
  path_in(path, IMAGES, name);
  if (access(path, F_OK) < 0 && strcmp(name, BASE) != 0)
    refuse("%s is neither a container that was kept nor an image; `ls /containers/run` and `container "
           "images` list them",
           name);
  image_read(&i, name);
  if (unlink(path) < 0) refuse("%s is always there", name);
  for (size_t n = 0; n < i.layers; n++) {
    if (strcmp(i.layer[n], INITRD) == 0 || is_used(i.layer[n])) continue;
    while (forget_step(i.layer[n])) continue;
    unlink(i.layer[n]);
  }
}
