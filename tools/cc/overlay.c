/* overlay.c - --only-from: clang sees a file system that has only the folders that are allowed. */
#include "tools/cc/driver.h"
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

const char *share(struct driver *driver) {
  const char *path = format(driver, "%s/../share/trapeze", driver->home);
  char real[PATH_MAX];
  return realpath(path, real) ? format(driver, "%s", real) : path;
}

static void write_root(struct driver *driver, FILE *f, const char *path, bool last) {
  for (const char *p = path; *p; p++)
    if ((unsigned char)*p < ' ' || strchr("\"\\", *p))
      die(driver, "--only-from cannot name the folder %s", path);
  fprintf(f, "  {\"type\": \"directory-remap\", \"name\": \"%s\", \"external-contents\": \"%s\"}%s\n", path,
          path, last ? "" : ",");
}

/* Writes a file system that has only the folders that are allowed, and those of the headers. Names outside
 * them do not exist for #include, #embed and __has_include. */
const char *overlay(struct driver *driver) {
  if (driver->overlay) return driver->overlay;
  if (!driver->temporary) make_temporary_folder(driver);
  const char *name = format(driver, "%s/overlay", driver->temporary);
  FILE *f = fopen(name, "w");
  if (!f) die(driver, "%s: %s", name, strerror(errno));
  add(driver, &driver->temporaries, name);
  fputs("{\"version\": 0, \"fallthrough\": false, \"case-sensitive\": true, \"roots\": [\n", f);
  for (size_t i = 0; i < driver->only.count; i++) write_root(driver, f, driver->only.text[i], false);
  if (!driver->no_headers) write_root(driver, f, driver->resources, false);
  write_root(driver, f, format(driver, "%s/include", share(driver)), true);
  fputs("]}\n", f);
  if (fclose(f)) die(driver, "%s: %s", name, strerror(errno));
  return driver->overlay = name;
}

void add_only(struct driver *driver, const char *folder) {
  char real[PATH_MAX];
  if (!realpath(folder, real)) die(driver, "--only-from %s: %s", folder, strerror(errno));
  add(driver, &driver->only, format(driver, "%s", real));
}
