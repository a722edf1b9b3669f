/* folder.h - whole folders of the host: made, listed, copied, removed; and texts, as paths and messages are. A function that cannot do its work
 * dies, saying what could not be done and why: with STATUS_USAGE when something cannot be read, with
 * GRADE_TROUBLE when something cannot be written. */
#ifndef FOLDER_H
#define FOLDER_H

#include "tools/trapeze/trapeze.h"

/* Makes a folder and all folders above it. The folder may be there already. */
void folder_make(const char *path);
/* Is `path` an empty folder, or not there at all? */
bool folder_free(const char *path);
/* The names in a folder, sorted by bytes, without those that begin with a dot. *n is their number; a NULL
 * ends them. For folder_names_free. */
char **folder_names(const char *path, size_t *n);
void folder_names_free(char **names);
/* Writes a file, whose folder is there; a file that is there already is replaced, as a whole or not at all. */
void file_put(const char *path, const void *data, size_t size);
/* A text as printf makes it; the caller frees it. */
char *text_of(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* `a`/`b`; the caller frees it. */
char *path_join(const char *a, const char *b);

/* How a folder is copied. All zero: as it is. */
struct folder_copy {
  const char *skip; /* a name directly below `from` that is left out, or NULL */
  /* May change *content, which it then owns, on its way; `path` is the original's. NULL = no change. */
  void (*change)(void *arg, const char *path, struct bytes *content);
  void *arg;
};
/* Copies the files and folders below `from` to `to`, which is made. Names that begin with a dot are left out.
 * Anything else than a file or a folder is an error, a symbolic link too. */
void folder_copy(const char *from, const char *to, const struct folder_copy *how);
/* Removes a folder with everything in it; does not follow symbolic links. The folder need not be there. */
void folder_remove(const char *path);

#endif
