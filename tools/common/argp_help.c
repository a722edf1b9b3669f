/* argp_help.c - the texts of --help and --usage, and the standard options (argp.h). */
#define _GNU_SOURCE /* asprintf */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "argp.h"
#include "own_path.h"

enum { TERMINAL = 79, TEXT_COLUMN = 29 };

static const char mark[] = "{doc}";

/* Help is all that this process will do. */
static void *must(void *p) {
  if (!p) abort();
  return p;
}

char *argp_with_documents(const char *text) {
  const char *at = strstr(text, mark);
  if (!at) return must(strdup(text));
  char *documents = beside_executable("share/doc/trapeze"), *filled;
  if (asprintf(&filled, "%.*s%s%s", (int)(at - text), text, documents ? documents : "share/doc/trapeze",
               at + strlen(mark)) < 0)
    must(NULL);
  free(documents);
  return filled;
}

/* Writes text and a newline, broken at blanks so that it ends before column TERMINAL; `column` is that of all its lines.
 * The first has been reached. */
static void write_text(const char *text, int column) {
  char *filled = argp_with_documents(text), *rest = filled;
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
    if (o->flags & OPTION_HIDDEN) continue;
    if (o->group != group) putchar('\n');
    group = o->group;
    write_option(o);
  }
  for (const struct argp_child *child = argp->children; child && child->argp; child++)
    write_options(child->argp, child->header);
}

void argp_write_usage(const struct argp_help *h, bool to_stderr) {
  char *forms = must(strdup(h->argp->args_doc ? h->argp->args_doc : "")), *rest = forms;
  for (char *form, *lead = "Usage:"; (form = strsep(&rest, "\n")); lead = "  or: ")
    fprintf(to_stderr ? stderr : stdout, "%s %s [OPTION...]%s%s\n", lead, h->name, *form ? " " : "", form);
  free(forms);
}

const struct argp_option argp_standard[] = {{"help", ARGP_HELP, NULL, 0, "Give this help list", 0},
                                            {"usage", ARGP_USAGE, NULL, 0, "Give a short usage message", 0},
                                            {"version", ARGP_VERSION, NULL, 0, "Print program version", 0},
                                            {0}};

void argp_write_help(const struct argp_help *h) {
  const char *doc = h->argp->doc ? h->argp->doc : "", *end = strchr(doc, '\v');
  char *first = must(strndup(doc, end ? (size_t)(end - doc) : strlen(doc)));
  argp_write_usage(h, false);
  if (*first) write_text(first, 0);
  putchar('\n');
  write_options(h->argp, NULL);
  putchar('\n');
  for (const struct argp_option *o = argp_standard; o->name; o++) write_option(o);
  puts("\nMandatory or optional arguments to long options are also mandatory or optional\n"
       "for any corresponding short options.");
  if (end) putchar('\n'), write_text(end + 1, 0);
  free(first);
}
