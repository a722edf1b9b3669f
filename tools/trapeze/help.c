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

/* ---- the help texts of commands ----
 *
 * argp would write them, but glibc's argp reads and writes beyond its buffer if it has to break a line near the buffer's
 * end: `trapeze run --help` crashed or not, by the length of the name of the folder that it was installed in. */

enum { TERMINAL = 79, TEXT_COLUMN = 29 };

/* A copy, with the folder of the installed documents in place of the first "{doc}". */
static char *with_documents(const char *text) {
  const char *at = strstr(text, mark);
  if (!at) return must(strdup(text));
  char *documents = beside_executable("share/doc/trapeze"), *filled;
  if (asprintf(&filled, "%.*s%s%s", (int)(at - text), text, documents ? documents : "share/doc/trapeze",
               at + strlen(mark)) < 0)
    must(NULL);
  free(documents);
  return filled;
}

void help_print(FILE *f, const char *text) {
  char *filled = with_documents(text);
  fputs(filled, f);
  free(filled);
}

/* Writes text and a newline, broken at blanks so that it ends before column TERMINAL; `column` is that of all its lines.
 * The first has been reached. */
static void write_text(const char *text, int column) {
  char *filled = with_documents(text), *rest = filled;
  for (char *line; (line = strsep(&rest, "\n"));) {
    size_t width = (size_t)(TERMINAL - column);
    while (strlen(line) >= width) {
      size_t n = width - 1;
      while (n > 0 && line[n] != ' ') n--;
      if (n == 0) n = strcspn(line, " ");
      if (!line[n]) break;
      printf("%.*s\n%*s", (int)n, line, column, "");
      line += n + 1;
    }
    printf("%s\n%*s", line, rest ? column : 0, "");
  }
  free(filled);
}

static void write_option(const struct argp_option *o) {
  char names[128];
  const bool letter = o->key > ' ' && o->key < 127, optional = o->flags & OPTION_ARG_OPTIONAL;
  int n = letter ? snprintf(names, sizeof names, "  -%c%s", o->key, o->name ? ", " : " ")
                 : snprintf(names, sizeof names, "      ");
  if (o->name)
    n += snprintf(names + n, sizeof names - (size_t)n, "--%s%s", o->name,
                  !o->arg    ? ""
                  : optional ? "[="
                             : "=");
  if (o->arg)
    n += snprintf(names + n, sizeof names - (size_t)n, "%s%s", o->arg, o->name && optional ? "]" : "");
  printf("%s%*s", names, n < TEXT_COLUMN ? TEXT_COLUMN - n : 0, "");
  if (n >= TEXT_COLUMN) printf("\n%*s", TEXT_COLUMN, "");
  write_text(o->doc ? o->doc : "", TEXT_COLUMN);
}

static void write_options(const struct argp *argp, const char *header) {
  int group = argp->options ? argp->options->group : 0;
  if (header) printf("\n %s\n", header);
  for (const struct argp_option *o = argp->options; o && (o->name || o->key || o->doc); o++) {
    if (o->group != group) putchar('\n');
    group = o->group;
    write_option(o);
  }
  for (const struct argp_child *child = argp->children; child && child->argp; child++)
    write_options(child->argp, child->header);
}

static void write_usage(const struct argp *argp, const char *name) {
  char *forms = must(strdup(argp->args_doc ? argp->args_doc : "")), *rest = forms;
  for (char *form, *lead = "Usage:"; (form = strsep(&rest, "\n")); lead = "  or: ")
    printf("%s %s [OPTION...]%s%s\n", lead, name, *form ? " " : "", form);
  free(forms);
}

static const struct argp_option standard[] = {{"help", '?', NULL, 0, "Give this help list", 0},
                                              {"usage", 0x7F00, NULL, 0, "Give a short usage message", 0},
                                              {"version", 'V', NULL, 0, "Print program version", 0},
                                              {0}};

static void write_help(const struct argp *argp, const char *name) {
  const char *doc = argp->doc ? argp->doc : "", *end = strchr(doc, '\v');
  char *first = must(strndup(doc, end ? (size_t)(end - doc) : strlen(doc)));
  write_usage(argp, name);
  if (*first) write_text(first, 0);
  putchar('\n');
  write_options(argp, NULL);
  putchar('\n');
  for (const struct argp_option *o = standard; o->name; o++) write_option(o);
  puts("\nMandatory or optional arguments to long options are also mandatory or optional\n"
       "for any corresponding short options.");
  if (end) putchar('\n'), write_text(end + 1, 0);
  free(first);
}

struct command_line {
  const struct argp *argp;
  void *input;
};

static error_t parse(int key, char *arg, struct argp_state *state) {
  const struct command_line *line = state->input;
  (void)arg;
  switch (key) {
  case ARGP_KEY_INIT: state->child_inputs[0] = line->input; return 0;
  case '?': write_help(line->argp, state->name); exit(0);
  case 0x7F00: write_usage(line->argp, state->name); exit(0);
  case 'V': puts(argp_program_version); exit(0);
  default: return ARGP_ERR_UNKNOWN;
  }
}

void parse_command(const struct argp *argp, int argc, char **argv, unsigned flags, void *input) {
  const struct argp_child children[] = {{argp, 0, NULL, 0}, {0}};
  const struct argp whole = {.options = standard, .parser = parse, .children = children};
  struct command_line line = {argp, input};
  argp_parse(&whole, argc, argv, flags | ARGP_NO_HELP, NULL, &line);
}

bool help_wanted(const char *word) { return strcmp(word, "--help") == 0 || strcmp(word, "help") == 0; }

bool version_wanted(const char *word) {
  if (strcmp(word, "--version") != 0 && strcmp(word, "-V") != 0) return false;
  puts(argp_program_version);
  return true;
}
