/* export.h - the files of what a site has exported: a folder, or a zip or tar file as the site gives it. */
#ifndef EXPORT_H
#define EXPORT_H

#include "tools/trapeze/trapeze.h"

struct export_file {
  const char
      *name; /* below the export, with a '/' between its parts; no part is "." or ".." or begins with a dot */
  bool regular; /* not a link, a device or a pipe: those have no content here */
  const void *from;
};
typedef void export_visit(void *arg, const struct export_file *file);

/* Shows `visit` each file of the export, folders sorted, archives in their order. What systems add by themselves
 * (packed.h) is not shown. Dies with STATUS_USAGE when the export cannot be read, or when the archive is refused. */
void export_walk(const char *path, export_visit *visit, void *arg);
/* Reads the file that is being shown, if it has at most `most` bytes. False when it cannot be read; then *why says
 * why, malloc'ed. */
bool export_content(const struct export_file *file, uint64_t most, struct bytes *content, char **why);

#endif
