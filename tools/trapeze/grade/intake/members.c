/* members.c - the submissions of a class, and whose they are. */
#include <stdlib.h>
#include <string.h>

#include "members.h"
#include "tools/base_name.h"
#include "tools/trapeze/grade/build/folder.h"
#include "tools/trapeze/grade/build/submission.h"

char *member_student(const char *name, unsigned *attempt) {
  const char *tilde = strrchr(name, '~');
  uint64_t n = 1;
  bool again = tilde && tilde > name && tilde[1] != '0' &&
               strspn(tilde + 1, "0123456789") == strlen(tilde + 1) && parse_size(tilde + 1, 1000000, &n);
  if (attempt) *attempt = again ? (unsigned)n : 1;
  return must(again ? strndup(name, (size_t)(tilde - name)) : strdup(name));
}

/* The list owns `path` from then on. */
static void add(struct members *all, char *path, const char *output) {
  char *name = submission_name(base_name(path));
  for (size_t i = 0; i < all->n; i++)
    if (strcmp(all->member[i].name, name) == 0)
      die(STATUS_USAGE, "%s and %s: both would be %s/%s", all->member[i].path, path, output, name);
  all->member = must(realloc(all->member, (all->n + 1) * sizeof *all->member));
  all->member[all->n++] = (struct member){path, name, member_student(name, NULL)};
}

static void strip_slashes(char *path) {
  size_t n = strlen(path);
  while (n > 1 && path[n - 1] == '/') path[--n] = 0;
}

struct members members_in(const char *folder, unsigned shard, unsigned shards) {
  struct members all = {0}, share = {0};
  size_t n;
  char **names = folder_names(folder, &n);
  for (size_t i = 0; i < n; i++) add(&all, path_join(folder, names[i]), "OUT");
  folder_names_free(names);
  if (!shards) return all;
  for (size_t i = 0; i < all.n; i++)
    if (i % shards == shard - 1) add(&share, must(strdup(all.member[i].path)), "OUT");
  members_free(&all);
  return share;
}

struct members members_named(const char *const *submission, size_t n, const char *output) {
  struct members all = {0};
  for (size_t i = 0; i < n; i++) {
    char *path = must(strdup(submission[i]));
    strip_slashes(path);
    add(&all, path, output);
  }
  return all;
}

void members_free(struct members *all) {
  for (size_t i = 0; i < all->n; i++) {
    free(all->member[i].path);
    free(all->member[i].name);
    free(all->member[i].student);
  }
  free(all->member);
}
