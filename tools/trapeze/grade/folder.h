/* folder.h - whole folders of the host: made, copied, removed. All die, saying what could not be done and
 * why. */
#ifndef FOLDER_H
#define FOLDER_H

#include "tools/trapeze/trapeze.h"

/* With all folders above it; it may be there already. */
void folder_make(const char *path);
/* Is it a folder with nothing in it, or not there at all? */
bool folder_free(const char *path);
/* Sorted names of what is in it, those that begin with a dot left out: NULL-terminated, for
 * folder_names_free. */
char **folder_names(const char *path, size_t *n);
void folder_names_free(char **names);
/* `a`/`b`: malloc'ed. */
char *path_join(const char *a, const char *b);

/* What is copied: a file's content may be changed on its way. */
struct folder_copy {
  const char *skip; /* a name directly below `from` that is left out, or NULL */
  /* Changes *content, which it then owns, or leaves it; NULL = no change. */
  void (*change)(void *arg, const char *path, struct bytes *content);
  void *arg;
};
/* Copies files and folders below `from` to `to`, which is made. Names that begin with a dot are left out.
 * Anything else than a file or a folder, a symbolic link too, is an error. */
void folder_copy(const char *from, const char *to, const struct folder_copy *how);
/* Removes it with everything in it; symbolic links are not followed. It need not be there. */
void folder_remove(const char *path);

#endif
