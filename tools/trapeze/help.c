/* help.c - help texts name documents where they are installed: beside the executable, wherever that is. */
#define _GNU_SOURCE /* asprintf */
#include <libgen.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/version.h"
#include "trapeze.h"

const char *argp_program_version = TRAPEZE_VERSION_OF("trapeze");

static const char mark[] = "{doc}";

char *beside_executable(const char *path) {
  char self[PATH_MAX], *name;
  ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
  if (n < 0) return NULL;
  self[n] = 0;
  if (asprintf(&name, "%s/%s", dirname(dirname(self)), path) < 0) must(NULL);
  return name;
}

char *help_text(int key, const char *text, void *input) {
  (void)key, (void)input;
  const char *at = text ? strstr(text, mark) : NULL;
  if (!at) return (char *)text;
  char *documents = beside_executable("share/doc/trapeze"), *filled;
  if (asprintf(&filled, "%.*s%s%s", (int)(at - text), text, documents ? documents : "share/doc/trapeze",
               at + strlen(mark)) < 0)
    must(NULL);
  free(documents);
  return filled;
}

void help_print(FILE *f, const char *text) {
  char *filled = help_text(0, text, NULL);
  fputs(filled, f);
  if (filled != text) free(filled);
}

bool help_wanted(const char *word) { return strcmp(word, "--help") == 0 || strcmp(word, "help") == 0; }

bool version_wanted(const char *word) {
  if (strcmp(word, "--version") != 0 && strcmp(word, "-V") != 0) return false;
  puts(argp_program_version);
  return true;
}
