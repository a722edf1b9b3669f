/* getopt.c - the options of a command line: see getopt.h. Words that are no options are moved behind those that are,
 * as the search goes on. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include "userprogs/lib/internal.h"

char *optarg;
int optind = 1, opterr = 1, optopt;

static const char *rest; /* what is left of a word of short options */
static int first, last;  /* argv[first..last) are words that are no options, and options come behind them */

struct line {
  int argc;
  char **argv;
  const char *letters; /* without its first + - : */
  char order;          /* '+', '-' or 0 */
  bool quiet;          /* ':' first */
  const struct option *options;
  int *index;
  bool only;
};

/* Moves the options in argv[last..optind) before the words. */
static void move_words(char **argv) {
  for (int i = last, to = first; i < optind; i++, to++) {
    char *word = argv[i];
    memmove(argv + to + 1, argv + to, (size_t)(i - to) * sizeof *argv);
    argv[to] = word;
  }
  first += optind - last, last = optind;
}

static bool is_option(const char *word) { return word[0] == '-' && word[1] != '\0'; }

static int complain(const struct line *l, const char *what, const char *name, const char *after) {
  if (opterr && !l->quiet) fprintf(stderr, "%s: %s%s%s\n", l->argv[0], what, name, after);
  return '?';
}

static int missing(const struct line *l) { return l->quiet ? ':' : '?'; }

/* ---- long options ---- */

/* The option that `name` of that length means, or its beginning; NULL: none, or *several. */
static const struct option *find(const struct line *l, const char *name, size_t length, bool *several) {
  const struct option *found = NULL;
  *several = false;
  for (const struct option *o = l->options; o->name != NULL; o++) {
    if (strncmp(o->name, name, length) != 0) continue;
    if (o->name[length] == '\0') return *several = false, o;
    if (found != NULL && (found->has_arg != o->has_arg || found->flag != o->flag || found->val != o->val))
      *several = true;
    if (found == NULL) found = o;
  }
  return *several ? NULL : found;
}

static int ambiguous(const struct line *l, const char *word, size_t length, int dashes) {
  if (!opterr || l->quiet) return '?';
  fprintf(stderr, "%s: option '%s' is ambiguous; possibilities:", l->argv[0], word);
  for (const struct option *o = l->options; o->name != NULL; o++)
    if (strncmp(o->name, word + dashes, length) == 0) fprintf(stderr, " '%.*s%s'", dashes, word, o->name);
  fputc('\n', stderr);
  return '?';
}

/* The argument of a long option, which ends its word at `equals` if that is one. */
static int long_argument(struct line *l, const struct option *o, const char *equals, const char *dashes) {
  char name[80];
  snprintf(name, sizeof name, "%s%s", dashes, o->name);
  optarg = *equals == '=' ? (char *)equals + 1 : NULL;
  if (optarg != NULL && o->has_arg == no_argument) {
    optarg = NULL, optopt = o->val;
    return complain(l, "option '", name, "' doesn't allow an argument");
  }
  if (optarg == NULL && o->has_arg == required_argument) {
    if (optind >= l->argc) {
      optopt = o->val;
      complain(l, "option '", name, "' requires an argument");
      return missing(l);
    }
    optarg = l->argv[optind++];
  }
  if (l->index != NULL) *l->index = (int)(o - l->options);
  if (o->flag == NULL) return o->val;
  *o->flag = o->val;
  return 0;
}

/* -2: it may be short options. */
static int long_option(struct line *l, int dashes) {
  const char *word = l->argv[optind], *name = word + dashes;
  size_t length = strcspn(name, "=");
  bool several;
  const struct option *o = find(l, name, length, &several);
  if (o == NULL && dashes == 1 && (length == 1 || !several) && strchr(l->letters, *name) != NULL) return -2;
  optind++;
  if (several) return optopt = 0, ambiguous(l, word, length, dashes);
  if (o == NULL) {
    optopt = 0;
    return complain(l, "unrecognized option '", word, "'");
  }
  return long_argument(l, o, name + length, dashes == 1 ? "-" : "--");
}

/* ---- short options ---- */

static int short_option(struct line *l) {
  char letter[2] = {*rest++, '\0'};
  const char *p = letter[0] != ':' && letter[0] != ';' ? strchr(l->letters, letter[0]) : NULL;
  if (*rest == '\0') optind++;
  const char *here = *rest != '\0' ? rest : NULL;
  if (here == NULL) rest = NULL;
  optopt = (unsigned char)letter[0];
  if (p == NULL) return complain(l, "invalid option -- '", letter, "'");
  if (p[1] != ':') return (unsigned char)letter[0];
  if (here != NULL) optind++;
  rest = NULL, optarg = (char *)here;
  if (here != NULL || p[2] == ':') return (unsigned char)letter[0];
  if (optind >= l->argc) {
    complain(l, "option requires an argument -- '", letter, "'");
    return missing(l);
  }
  optarg = l->argv[optind++];
  return (unsigned char)letter[0];
}

/* ---- all ---- */

/* Goes past words that are no options. */
static void skip_words(struct line *l) {
  if (first < last)
    move_words(l->argv);
  else
    first = optind;
  while (optind < l->argc && !is_option(l->argv[optind])) optind++;
  last = optind;
}

/* The options are over: optind is the first of the words. */
static int end(struct line *l) {
  if (l->order == 0 && first < last) {
    move_words(l->argv);
    optind = first;
  }
  return -1;
}

static int next(struct line *l) {
  optarg = NULL;
  if (rest != NULL && *rest != '\0') return short_option(l);
  if (l->order == 0) skip_words(l);
  if (optind >= l->argc) return end(l);
  const char *word = l->argv[optind];
  if (strcmp(word, "--") == 0) {
    optind++;
    return end(l);
  }
  if (!is_option(word)) {
    if (l->order == '+') return -1;
    optind++, optarg = (char *)word;
    return 1;
  }
  if (l->options != NULL && word[1] == '-') return long_option(l, 2);
  if (l->options != NULL && l->only && (word[2] != '\0' || strchr(l->letters, word[1]) == NULL)) {
    int result = long_option(l, 1);
    if (result != -2) return result;
  }
  rest = word + 1;
  return short_option(l);
}

static int parse(struct line *l) {
  if (optind == 0) optind = 1, rest = NULL, first = last = 0;
  if (last > optind || first > optind || first == 0) first = last = optind;
  l->order = *l->letters == '+' || *l->letters == '-' ? *l->letters++ : 0;
  l->quiet = *l->letters == ':';
  if (l->quiet) l->letters++;
  return next(l);
}

int getopt(int argc, char *const argv[], const char *letters) {
  return parse(&(struct line){.argc = argc, .argv = (char **)argv, .letters = letters});
}

int getopt_long(int argc, char *const argv[], const char *letters, const struct option *options, int *index) {
  return parse(&(struct line){
      .argc = argc, .argv = (char **)argv, .letters = letters, .options = options, .index = index});
}

int getopt_long_only(int argc, char *const argv[], const char *letters, const struct option *options,
                     int *index) {
  return parse(&(struct line){.argc = argc,
                              .argv = (char **)argv,
                              .letters = letters,
                              .options = options,
                              .index = index,
                              .only = true});
}
