/* lines.c - commands that count, choose and sort lines: wc head tail sort uniq tee more. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "commands.h"
#include "pg32.h"

/* ---- wc ---- */

struct counts {
  bool *show;
  int files;
  unsigned long n[3], total[3]; /* lines, words, bytes */
};

static void print_counts(const struct counts *c, const unsigned long *n, const char *name) {
  const char *space = "";
  for (int i = 0; i < 3; i++)
    if (c->show[i])
      printf(c->files > 1 || c->show[(i + 1) % 3] || c->show[(i + 2) % 3] ? "%s%7lu" : "%s%lu", space, n[i]),
          space = " ";
  printf(strcmp(name, "-") == 0 ? "\n" : " %s\n", name);
}

static int count(FILE *f, const char *name, void *arg) {
  struct counts *c = arg;
  bool within = false;
  memset(c->n, 0, sizeof c->n);
  for (int ch; (ch = getc(f)) != EOF; c->n[2]++) {
    bool blank = ch == ' ' || (ch >= '\t' && ch <= '\r');
    c->n[0] += ch == '\n';
    c->n[1] += !within && !blank;
    within = !blank;
  }
  for (int i = 0; i < 3; i++) c->total[i] += c->n[i];
  print_counts(c, c->n, name);
  return 0;
}

int wc_main(int argc, char **argv) {
  bool show[3] = {false};
  int first = take_options(argc, argv, "lwc", show);
  if (!show[0] && !show[1] && !show[2]) show[0] = show[1] = show[2] = true;
  struct counts c = {.show = show, .files = argc - first};
  int status = each_input(argc, argv, first, count, &c);
  if (c.files > 1) print_counts(&c, c.total, "total");
  return status;
}

/* ---- head, tail ---- */

struct part {
  long n;          /* lines */
  bool bytes;      /* head -c: n counts bytes */
  bool from_start; /* tail -n +N */
};

/* -n N, -nN, -N or -c N. Returns the index of the first file. */
static int take_part(int argc, char **argv, struct part *part) {
  if (argc < 2 || argv[1][0] != '-' || argv[1][1] == '\0') return 1;
  const char *text = argv[1] + 1;
  int first = 2;
  part->bytes = *text == 'c';
  if (*text == 'n' || part->bytes) text++;
  if (*text == '\0') text = argc > 2 ? argv[first++] : "";
  part->from_start = *text == '+';
  char *end;
  part->n = strtol(text, &end, 10);
  if (end == text || *end != '\0' || part->n < 0) usage();
  return first;
}

static int head(FILE *f, const char *name, void *arg) {
  const struct part *part = arg;
  (void)name;
  long left = part->n;
  for (int c; left > 0 && (c = getc(f)) != EOF; left -= part->bytes || c == '\n') putchar(c);
  return 0;
}

int head_main(int argc, char **argv) {
  struct part part = {.n = 10};
  int first = take_part(argc, argv, &part);
  return each_input(argc, argv, first, head, &part);
}

/* The last bytes, or those from byte N on. */
static int tail_bytes(FILE *f, const struct part *part) {
  long n = 0, keep = part->n > 0 ? part->n : 1;
  char *kept = part->from_start ? NULL : malloc((size_t)keep);
  if (!part->from_start && kept == NULL) return fail("tail");
  for (int c; (c = getc(f)) != EOF; n++)
    if (kept != NULL)
      kept[n % keep] = (char)c;
    else if (n + 1 >= part->n)
      putchar(c);
  for (long i = n > keep ? n - keep : 0; kept != NULL && part->n > 0 && i < n; i++) putchar(kept[i % keep]);
  free(kept);
  return 0;
}

static int tail(FILE *f, const char *name, void *arg) {
  const struct part *part = arg;
  (void)name;
  if (part->bytes) return tail_bytes(f, part);
  long n = 0, keep = part->n > 0 ? part->n : 1;
  if (part->from_start) {
    for (char *line; (line = next_line(f)) != NULL;)
      if (++n >= part->n) puts(line);
    return 0;
  }
  char **kept = calloc((size_t)keep, sizeof *kept);
  if (kept == NULL) return fail("tail");
  for (char *line; (line = next_line(f)) != NULL; n++) {
    free(kept[n % keep]);
    kept[n % keep] = strdup(line);
  }
  for (long i = n > keep ? n - keep : 0; part->n > 0 && i < n; i++) puts(kept[i % keep]);
  for (long i = 0; i < keep; i++) free(kept[i]);
  free(kept);
  return 0;
}

int tail_main(int argc, char **argv) {
  struct part part = {.n = 10};
  int first = take_part(argc, argv, &part);
  return each_input(argc, argv, first, tail, &part);
}

/* ---- sort, uniq ---- */

static bool numeric, backwards;
static long key = 1;   /* -k: lines are compared from this field on */
static char separator; /* -t: of fields; 0: blanks */

static const char *key_of(const char *line) {
  for (long field = 1; field < key; field++) {
    if (separator == '\0') line += strspn(line, " \t");
    line += separator != '\0' ? strcspn(line, (char[]){separator, '\0'}) : strcspn(line, " \t");
    if (separator != '\0' && *line != '\0') line++;
  }
  return line;
}

static int compare(const void *a, const void *b) {
  const char *x = *(char *const *)a, *y = *(char *const *)b, *p = key_of(x), *q = key_of(y);
  long m = numeric ? strtol(p, NULL, 10) : 0, n = numeric ? strtol(q, NULL, 10) : 0;
  int order = m != n ? (m < n ? -1 : 1) : numeric ? 0 : strcmp(p, q);
  if (order == 0) order = strcmp(x, y);
  return backwards ? -order : order;
}

struct lines {
  char **line;
  size_t n, room;
};

static int collect(FILE *f, const char *name, void *arg) {
  struct lines *all = arg;
  (void)name;
  for (char *line; (line = next_line(f)) != NULL; all->n++) {
    if (all->n == all->room) {
      all->room = 2 * all->room + 64;
      all->line = realloc(all->line, all->room * sizeof *all->line);
    }
    if (all->line == NULL || (all->line[all->n] = strdup(line)) == NULL) {
      fail("sort");
      exit(1);
    }
  }
  return 0;
}

/* Options of sort; the index of the first file. */
static int sort_options(int argc, char **argv, bool *unique) {
  int option;
  while ((option = getopt(argc, argv, "nruk:t:")) != -1) switch (option) {
    case 'n': numeric = true; break;
    case 'r': backwards = true; break;
    case 'u': *unique = true; break;
    case 't': separator = *optarg; break;
    case 'k':
      key = strtol(optarg, &optarg, 10);
      if (key < 1 || (*optarg != '\0' && strcmp(optarg, "n") != 0)) usage();
      numeric |= *optarg == 'n';
      break;
    default: usage();
    }
  return optind;
}

int sort_main(int argc, char **argv) {
  bool once = false;
  struct lines all = {0};
  opterr = 0;
  int first = sort_options(argc, argv, &once), status = each_input(argc, argv, first, collect, &all);
  if (all.n > 0) qsort(all.line, all.n, sizeof *all.line, compare);
  for (size_t i = 0; i < all.n; i++)
    if (!once || i == 0 || compare(&all.line[i - 1], &all.line[i]) != 0) puts(all.line[i]);
  return status;
}

static void print_unique(const bool *flags, const char *line, long times) {
  if ((flags[1] && times == 1) || (flags[2] && times > 1)) return;
  if (flags[0]) printf("%7ld ", times);
  puts(line);
}

static int unique(FILE *f, const char *name, void *arg) {
  char *last = NULL;
  long times = 0;
  (void)name;
  for (char *line; (line = next_line(f)) != NULL; times++) {
    if (last != NULL && strcmp(last, line) == 0) continue;
    if (last != NULL) print_unique(arg, last, times);
    free(last);
    last = strdup(line), times = 0;
  }
  if (last != NULL) print_unique(arg, last, times);
  free(last);
  return 0;
}

int uniq_main(int argc, char **argv) {
  bool flags[3] = {false};
  int first = take_options(argc, argv, "cdu", flags);
  if (argc - first > 1) usage();
  return each_input(argc, argv, first, unique, flags);
}

/* ---- tee, more, yes ---- */

int tee_main(int argc, char **argv) {
  bool append = false;
  int first = take_options(argc, argv, "a", &append), status = 0;
  FILE *to[32] = {NULL};
  if (argc - first > 32) usage();
  for (int i = first; i < argc; i++)
    if ((to[i - first] = fopen(argv[i], append ? "a" : "w")) == NULL) status |= fail(argv[i]);
  char piece[512];
  for (ssize_t n; (n = read(0, piece, sizeof piece)) > 0;) {
    if (write(1, piece, (size_t)n) != n) status = 1;
    for (int i = first; i < argc; i++)
      if (to[i - first] != NULL && fwrite(piece, 1, (size_t)n, to[i - first]) != (size_t)n)
        status |= fail(argv[i]);
  }
  for (int i = first; i < argc; i++)
    if (to[i - first] != NULL && fclose(to[i - first]) != 0) status |= fail(argv[i]);
  return status;
}

/* Lines of a page: those of the terminal, but for the question and one that stays from the page before. */
static int page(void) {
  const char *text = getenv("LINES");
  int n = text != NULL ? atoi(text) - 2 : 0;
  return n > 0 ? n : 22;
}

/* Waits for a key: how many lines come next; 0: the end. */
static int ask(int console) {
  char key;
  fputs("--more--", stdout);
  fflush(stdout);
  if (read(console, &key, 1) != 1) key = 'q';
  fputs("\r        \r", stdout);
  return key == 'q' || key == 3 ? 0 : key == ' ' ? page() : 1;
}

static int more(FILE *f, const char *name, void *arg) {
  int left = page(), console = *(int *)arg;
  (void)name;
  for (char *line; (line = next_line(f)) != NULL; left--) {
    if (left == 0 && console >= 0 && (left = ask(console)) == 0) return 0;
    puts(line);
  }
  return 0;
}

int more_main(int argc, char **argv) {
  int console = isatty(1) ? dup(1) : -1; /* keys come from the console, even if the text is piped in */
  int mode = console >= 0 ? console_mode(CONSOLE_RAW) : 0;
  int status = each_input(argc, argv, 1, more, &console);
  if (console >= 0) console_mode(mode);
  return status;
}

int yes_main(int argc, char **argv) {
  for (;;) {
    for (int i = 1; i < argc; i++) printf(i > 1 ? " %s" : "%s", argv[i]);
    if (puts(argc > 1 ? "" : "y") < 0) return 1;
  }
}
