/* help.c - what every subcommand says of itself; its options' help is argp's (tools/argp). */
#include <stdlib.h>
#include <string.h>

#include "tools/version.h"
#include "trapeze.h"

const char *argp_program_version = TRAPEZE_VERSION_OF("trapeze");

void help_print(FILE *f, const char *text) {
  char *filled = argp_with_documents(text);
  fputs(filled, f);
  free(filled);
}

bool help_wanted(const char *word) { return strcmp(word, "--help") == 0 || strcmp(word, "help") == 0; }

bool version_wanted(const char *word) {
  if (strcmp(word, "--version") != 0 && strcmp(word, "-V") != 0) return false;
  puts(argp_program_version);
  return true;
}
