/* unpack.c - finds the files that a lab asks for in an archive, and reads them: a first walk looks where they are, a
 * second one reads. */
#include "unpack.h"

#include <stdlib.h>
#include <string.h>

#include "making.h"
#include "packed.h"

static const struct packed_limits limits = {10000, 256 << 20};

struct unpacking {
  const struct lab *lab;
  struct unpacked_file *file;
  bool at_top;    /* a file that the lab asks for is at the top */
  bool scattered; /* there is something outside of `root` */
  char *root;     /* the first folder at the top, with the slash; NULL = none so far */
};

/* The index of the file that the lab asks for by this name; lab->files = none. */
static size_t asked_for(const struct lab *lab, const char *name) {
  size_t i = 0;
  while (i < lab->files && strcmp(lab->file[i].name, name) != 0) i++;
  return i;
}

static char *look(void *arg, const struct packed_entry *entry) {
  struct unpacking *u = arg;
  size_t n = strcspn(entry->name, "/");
  if (packed_noise(entry->name)) return NULL;
  u->at_top |= asked_for(u->lab, entry->name) < u->lab->files;
  bool inside = entry->name[n] || entry->kind == PACKED_FOLDER;
  if (inside && !u->root) u->root = text_of("%.*s/", (int)n, entry->name);
  u->scattered |= !inside || strlen(u->root) != n + 1 || strncmp(u->root, entry->name, n) != 0;
  return NULL;
}

static char *take(void *arg, const struct packed_entry *entry) {
  struct unpacking *u = arg;
  size_t skip = u->root ? strlen(u->root) : 0;
  if (skip && strncmp(entry->name, u->root, skip) != 0) return NULL;
  size_t i = asked_for(u->lab, entry->name + skip);
  if (i == u->lab->files) return NULL;
  struct unpacked_file *f = &u->file[i];
  const struct lab_file *of = &u->lab->file[i];
  if (f->there) return text_of("%s is there twice; nothing of the archive is taken", of->name);
  f->there = true;
  if (entry->kind == PACKED_FILE && packed_content(entry, of->bytes, &f->content, &f->wrong)) return NULL;
  char *why = f->wrong;
  if (entry->kind == PACKED_FILE)
    f->wrong = text_of("%s: %s", of->name, why);
  else
    f->wrong =
        text_of("%s: %s; expected a file", of->name, entry->kind == PACKED_LINK ? "a link" : "a folder");
  free(why);
  return NULL;
}

char *unpack(const struct lab *lab, struct bytes archive, struct unpacked_file *file) {
  struct unpacking u = {.lab = lab, .file = file};
  for (size_t i = 0; i < lab->files; i++) file[i] = (struct unpacked_file){0};
  if (archive.size > UNPACK_PACKED_MOST)
    return text_of("more than %d bytes; nothing of the archive is taken", UNPACK_PACKED_MOST);
  char *wrong = packed_walk(archive, &limits, look, &u);
  if (u.at_top || u.scattered) free(u.root), u.root = NULL;
  if (!wrong) wrong = packed_walk(archive, &limits, take, &u);
  free(u.root);
  return wrong;
}

void unpacked_free(struct unpacked_file *file, size_t n) {
  for (size_t i = 0; i < n; i++) free(file[i].content.data), free(file[i].wrong);
}
