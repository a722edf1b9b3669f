/* argp.c - command lines (argp.h). */
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "argp.h"
#include "tools/base_name.h"

int argp_err_exit_status = 64;

enum { PARSERS = 8, CHILDREN = 4 };

/* A parser of the tree that argp_parse was given. */
struct group {
  const struct argp *argp;
  struct group *parent;
  size_t place; /* among the parent's children */
  void *input, *child_inputs[CHILDREN];
  bool took_argument;
};

struct parsing {
  struct argp_state state;
  struct argp_help help;
  struct group group[PARSERS];
  size_t groups;
};

/* What an option on the command line is: a row, and whose. No group: one of argp_standard. */
struct found {
  const struct argp_option *row;
  struct group *group;
};

/* ---- messages ---- */

/* state is the first member of struct parsing. */
static const struct argp_help *help_of(const struct argp_state *state) {
  return &((const struct parsing *)(const void *)state)->help;
}

static _Noreturn void see_help(const struct argp_state *state) {
  fprintf(stderr, "Try `%s --help' or `%s --usage' for more information.\n", state->name, state->name);
  exit(argp_err_exit_status);
}

void argp_error(const struct argp_state *state, const char *format, ...) {
  va_list ap;
  fflush(stdout);
  fprintf(stderr, "%s: ", state->name);
  va_start(ap, format);
  vfprintf(stderr, format, ap);
  va_end(ap);
  fputc('\n', stderr);
  see_help(state);
}

void argp_failure(const struct argp_state *state, int status, int number, const char *format, ...) {
  va_list ap;
  fflush(stdout);
  fprintf(stderr, "%s: ", state->name);
  va_start(ap, format);
  vfprintf(stderr, format, ap);
  va_end(ap);
  fprintf(stderr, "%s%s\n", number ? ": " : "", number ? strerror(number) : "");
  exit(status);
}

void argp_usage(const struct argp_state *state) {
  fflush(stdout);
  argp_write_usage(help_of(state), true);
  see_help(state);
}

/* ---- telling parsers ---- */

static error_t tell(struct parsing *p, struct group *g, int key, char *arg) {
  if (!g->argp->parser) return ARGP_ERR_UNKNOWN;
  p->state.input = g->input;
  p->state.child_inputs = g->child_inputs;
  return g->argp->parser(key, arg, &p->state);
}

/* An error that ends parsing, or 0. */
static error_t known(error_t error) { return error == ARGP_ERR_UNKNOWN ? 0 : error; }

static void add_groups(struct parsing *p, const struct argp *argp, struct group *parent, size_t place) {
  if (p->groups == PARSERS || place >= CHILDREN) abort();
  struct group *g = &p->group[p->groups++];
  *g = (struct group){.argp = argp, .parent = parent, .place = place};
  for (size_t i = 0; argp->children && argp->children[i].argp; i++)
    add_groups(p, argp->children[i].argp, g, i);
}

static error_t begin(struct parsing *p, void *input) {
  error_t error = 0;
  for (size_t i = 0; i < p->groups && !error; i++) {
    struct group *g = &p->group[i];
    g->input = g->parent ? g->parent->child_inputs[g->place] : input;
    error = known(tell(p, g, ARGP_KEY_INIT, NULL));
  }
  return error;
}

static error_t end(struct parsing *p) {
  error_t error = 0;
  for (size_t i = 0; i < p->groups && !error; i++)
    if (!p->group[i].took_argument) error = known(tell(p, &p->group[i], ARGP_KEY_NO_ARGS, NULL));
  for (size_t i = p->groups; i-- > 0 && !error;) error = known(tell(p, &p->group[i], ARGP_KEY_END, NULL));
  return error;
}

/* Tells the argument at `next`, or all from there on. */
static error_t take_argument(struct parsing *p) {
  const int at = p->state.next;
  static const int keys[] = {ARGP_KEY_ARG, ARGP_KEY_ARGS};
  for (size_t k = 0; k < 2; k++)
    for (size_t i = 0; i < p->groups; i++) {
      const bool all = keys[k] == ARGP_KEY_ARGS;
      p->state.next = all ? at : at + 1;
      const error_t error = tell(p, &p->group[i], keys[k], all ? NULL : p->state.argv[at]);
      if (error == ARGP_ERR_UNKNOWN) continue;
      p->group[i].took_argument = true;
      if (all && p->state.next == at) p->state.next = p->state.argc;
      return error;
    }
  argp_error(&p->state, "Too many arguments");
}

/* ---- finding options ---- */

static bool ends(const struct argp_option *o) { return !o || (!o->name && !o->key); }

/* The table of group i; the one after the last is argp_standard. */
static const struct argp_option *table(const struct parsing *p, size_t i) {
  return i < p->groups ? p->group[i].argp->options : argp_standard;
}

static struct found find_letter(struct parsing *p, char letter) {
  for (size_t i = 0; i <= p->groups; i++)
    for (const struct argp_option *o = table(p, i); !ends(o); o++)
      if (o->key == letter) return (struct found){o, i < p->groups ? &p->group[i] : NULL};
  argp_error(&p->state, "invalid option -- '%c'", letter);
}

/* The option whose name is, or alone begins with, the first n characters of `word`. */
static struct found find_name(struct parsing *p, const char *word, size_t n) {
  struct found found = {0};
  for (size_t i = 0; i <= p->groups; i++)
    for (const struct argp_option *o = table(p, i); !ends(o); o++) {
      if (!o->name || strncmp(o->name, word, n) != 0) continue;
      const struct found this = {o, i < p->groups ? &p->group[i] : NULL};
      if (strlen(o->name) == n) return this;
      if (found.row && (found.row->key != o->key || found.group != this.group))
        argp_error(&p->state, "option '--%.*s' is ambiguous: --%s or --%s", (int)n, word, found.row->name,
                   o->name);
      found = this;
    }
  if (!found.row) argp_error(&p->state, "unrecognized option '--%s'", word);
  return found;
}

/* ---- taking options ---- */

static error_t use(struct parsing *p, struct found o, char *arg) {
  if (o.group) {
    const error_t error = tell(p, o.group, o.row->key, arg);
    return error == ARGP_ERR_UNKNOWN ? EINVAL : error;
  }
  if (o.row->key == ARGP_HELP) argp_write_help(&p->help);
  if (o.row->key == ARGP_USAGE) argp_write_usage(&p->help, false);
  if (o.row->key == ARGP_VERSION) puts(argp_program_version);
  exit(EXIT_SUCCESS);
}

/* The next word, as an option's argument; NULL if there is none. */
static char *next_word(struct parsing *p) {
  return p->state.next < p->state.argc ? p->state.argv[p->state.next++] : NULL;
}

/* --NAME, --NAME=ARG or --NAME ARG */
static error_t take_long(struct parsing *p, char *word) {
  char *equals = strchr(word, '='), *arg = equals ? equals + 1 : NULL;
  const struct found o = find_name(p, word, equals ? (size_t)(equals - word) : strlen(word));
  if (arg && !o.row->arg) argp_error(&p->state, "option '--%s' doesn't allow an argument", o.row->name);
  if (!arg && o.row->arg && !(o.row->flags & OPTION_ARG_OPTIONAL)) {
    arg = next_word(p);
    if (!arg) argp_error(&p->state, "option '--%s' requires an argument", o.row->name);
  }
  return use(p, o, arg);
}

/* -abc, -cARG or -c ARG */
static error_t take_letters(struct parsing *p, char *word) {
  error_t error = 0;
  for (char *letter = word; *letter && !error; letter++) {
    const struct found o = find_letter(p, *letter);
    char *arg = NULL;
    if (o.row->arg) {
      arg = letter[1] ? letter + 1 : o.row->flags & OPTION_ARG_OPTIONAL ? NULL : next_word(p);
      if (!arg && !(o.row->flags & OPTION_ARG_OPTIONAL))
        argp_error(&p->state, "option requires an argument -- '%c'", *letter);
      error = use(p, o, arg);
      break;
    }
    error = use(p, o, NULL);
  }
  return error;
}

static bool is_option(const char *word) { return word[0] == '-' && word[1]; }

/* Moves argv[from], and the words up to argv[to - 1], before the words from argv[at] on. */
static void move_before(char **argv, int at, int from, int to) {
  for (; from < to; from++, at++) {
    char *word = argv[from];
    memmove(&argv[at + 1], &argv[at], (size_t)(from - at) * sizeof *argv);
    argv[at] = word;
  }
}

/* Takes all options, or, in order, options and arguments. Leaves `next` at the first argument that is left. */
static error_t take_words(struct parsing *p, bool in_order) {
  struct argp_state *s = &p->state;
  int arguments = s->next; /* arguments that were passed over lie from here to `next` */
  error_t error = 0;
  while (s->next < s->argc && !error) {
    char *word = s->argv[s->next];
    const int at = s->next;
    if (!is_option(word)) {
      if (in_order)
        error = take_argument(p);
      else
        s->next++;
      if (in_order) arguments = s->next;
      continue;
    }
    s->next++;
    const bool last = strcmp(word, "--") == 0;
    if (!last) error = word[1] == '-' ? take_long(p, word + 2) : take_letters(p, word + 1);
    move_before(s->argv, arguments, at, s->next);
    arguments += s->next - at;
    if (last) break;
  }
  s->next = arguments;
  return error;
}

error_t argp_parse(const struct argp *argp, int argc, char **argv, unsigned flags, void *input) {
  const char *name = argc > 0 ? base_name(argv[0]) : "";
  struct parsing p = {.state = {.argc = argc, .argv = argv, .next = 1, .name = name}, .help = {argp, name}};
  add_groups(&p, argp, NULL, 0);
  error_t error = begin(&p, input);
  if (!error) error = take_words(&p, flags & ARGP_IN_ORDER);
  while (!error && p.state.next < argc) error = take_argument(&p);
  return error ? error : end(&p);
}
