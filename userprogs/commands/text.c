/* text.c - commands that look into lines: grep tr cut printf seq basename dirname. */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "commands.h"

/* ---- grep: a small matcher of basic regular expressions: . * ^ $ [...] \x ---- */

enum { INVERT, FOLD, COUNT, NUMBER, QUIET, FIXED, NAMES, FLAGS };
static bool grep_flags[FLAGS];
static const char *pattern;
static int grep_files;
static bool any_match;

static int folded(int c) { return grep_flags[FOLD] ? tolower((unsigned char)c) : (unsigned char)c; }

/* The length of what stands for one character at p. */
static size_t one_length(const char *p) {
  if (*p == '\\' && p[1] != '\0') return 2;
  if (*p != '[') return 1;
  const char *s = p + 1;
  if (*s == '^') s++;
  if (*s == ']') s++;
  while (*s != '\0' && *s != ']') s++;
  return *s == ']' ? (size_t)(s - p) + 1 : 1;
}

static bool in_brackets(const char *p, size_t n, int c) {
  const char *end = p + n - 1, *s = p + 1;
  bool not = *s == '^', found = false;
  for (s += not ; s < end; s++) {
    if (s + 2 < end && s[1] == '-') {
      found |= folded(s[0]) <= c && c <= folded(s[2]);
      s += 2;
    } else {
      found |= folded(*s) == c;
    }
  }
  return found != not ;
}

static bool one_matches(const char *p, size_t n, char ch) {
  int c = folded(ch);
  if (ch == '\0') return false;
  if (n > 2 || (n == 2 && *p == '[')) return in_brackets(p, n, c);
  return n == 2 ? folded(p[1]) == c : *p == '.' || folded(*p) == c;
}

static bool matches_here(const char *p, const char *s) {
  if (*p == '\0') return true;
  if (*p == '$' && p[1] == '\0') return *s == '\0';
  size_t n = one_length(p);
  if (p[n] != '*') return one_matches(p, n, *s) && matches_here(p + n, s + 1);
  const char *end = s;
  while (one_matches(p, n, *end)) end++;
  for (;; end--) {
    if (matches_here(p + n + 1, end)) return true;
    if (end == s) return false;
  }
}

static bool matches_fixed(const char *s) {
  size_t n = strlen(pattern), i = 0;
  while (i < n && folded(s[i]) == folded(pattern[i])) i++;
  return i == n;
}

static bool matches(const char *line) {
  if (!grep_flags[FIXED] && *pattern == '^') return matches_here(pattern + 1, line);
  for (const char *s = line;; s++) {
    if (grep_flags[FIXED] ? matches_fixed(s) : matches_here(pattern, s)) return true;
    if (*s == '\0') return false;
  }
}

static int grep(FILE *f, const char *name, void *arg) {
  long found = 0, number = 0;
  (void)arg;
  for (char *line; (line = next_line(f)) != NULL;) {
    number++;
    if (matches(line) == grep_flags[INVERT]) continue;
    found++;
    if (grep_flags[QUIET] || grep_flags[NAMES]) break;
    if (grep_flags[COUNT]) continue;
    if (grep_files > 1) printf("%s:", name);
    if (grep_flags[NUMBER]) printf("%ld:", number);
    puts(line);
  }
  any_match |= found > 0;
  if (grep_flags[NAMES] && found > 0) puts(name);
  if (grep_flags[COUNT] && grep_files > 1) printf("%s:", name);
  if (grep_flags[COUNT]) printf("%ld\n", found);
  return 0;
}

int grep_main(int argc, char **argv) {
  int first = take_options(argc, argv, "vicnqFl", grep_flags);
  if (first == argc) usage();
  pattern = argv[first++];
  grep_files = argc - first;
  return each_input(argc, argv, first, grep, NULL) != 0 ? 2 : !any_match;
}

/* ---- tr ---- */

static char escape(const char **s) {
  static const char letters[] = "abfnrtv\\", means[] = "\a\b\f\n\r\t\v\\";
  char c = *(*s)++;
  if (c != '\\' || **s == '\0') return c;
  if (**s >= '0' && **s <= '7') {
    int n = 0;
    for (int i = 0; i < 3 && **s >= '0' && **s <= '7'; i++) n = n * 8 + (*(*s)++ - '0');
    return (char)n;
  }
  c = *(*s)++;
  const char *at = strchr(letters, c);
  return at != NULL ? means[at - letters] : c;
}

/* The characters of a set such as a-z\n. Returns how many. */
static int read_set(const char *s, unsigned char *set) {
  int n = 0;
  while (*s != '\0' && n < 256) {
    unsigned char from = (unsigned char)escape(&s), to = from;
    if (*s == '-' && s[1] != '\0') s++, to = (unsigned char)escape(&s);
    for (int c = from; c <= to && n < 256; c++) set[n++] = (unsigned char)c;
  }
  return n;
}

int tr_main(int argc, char **argv) {
  bool flags[2] = {false}, in_from[256] = {false};
  unsigned char from[256], to[256], map[256];
  int first = take_options(argc, argv, "ds", flags);
  if (argc - first < 1 || argc - first > 2 || (argc - first == 1 && !flags[0] && !flags[1])) usage();
  int n = read_set(argv[first], from), m = argc - first == 2 ? read_set(argv[first + 1], to) : 0;
  for (int c = 0; c < 256; c++) map[c] = (unsigned char)c;
  for (int i = 0; i < n; i++) {
    in_from[from[i]] = true;
    if (m > 0) map[from[i]] = to[i < m ? i : m - 1];
  }
  for (int c, last = EOF; (c = getchar()) != EOF;) {
    if (flags[0] && in_from[c]) continue;
    int out = map[c];
    if (flags[1] && in_from[c] && out == last) continue;
    putchar(last = out);
  }
  return 0;
}

/* ---- cut ---- */

struct cut {
  bool fields;
  char separator;
  const char *list;
};

/* Does a list such as 1,3-5,7- have n? */
static bool listed(const char *list, long n) {
  for (const char *s = list; *s != '\0';) {
    char *end;
    long from = *s == '-' ? 1 : strtol(s, &end, 10), to = from;
    if (*s == '-') end = (char *)s;
    if (*end == '-') to = end[1] == ',' || end[1] == '\0' ? n : strtol(end + 1, &end, 10);
    if (to == n && *end == '-') end++;
    if (from < 1 || (*end != ',' && *end != '\0')) usage();
    if (from <= n && n <= to) return true;
    s = *end == ',' ? end + 1 : end;
  }
  return false;
}

static void cut_fields(const struct cut *c, char *line) {
  bool printed = false;
  if (strchr(line, c->separator) == NULL) fputs(line, stdout);
  for (long n = 1; strchr(line, c->separator) != NULL || n > 1; n++) {
    char *end = strchr(line, c->separator);
    size_t length = end != NULL ? (size_t)(end - line) : strlen(line);
    if (listed(c->list, n)) {
      if (printed) putchar(c->separator);
      fwrite(line, 1, length, stdout);
      printed = true;
    }
    if (end == NULL) break;
    line = end + 1;
  }
}

static int cut(FILE *f, const char *name, void *arg) {
  const struct cut *c = arg;
  (void)name;
  for (char *line; (line = next_line(f)) != NULL; putchar('\n')) {
    if (c->fields) cut_fields(c, line);
    for (long n = 1; !c->fields && line[n - 1] != '\0'; n++)
      if (listed(c->list, n)) putchar(line[n - 1]);
  }
  return 0;
}

int cut_main(int argc, char **argv) {
  struct cut c = {.separator = '\t'};
  int i = 1;
  for (; i < argc && argv[i][0] == '-' && argv[i][1] != '\0'; i++) {
    char letter = argv[i][1];
    const char *value = argv[i][2] != '\0' ? argv[i] + 2 : i + 1 < argc ? argv[++i] : "";
    if (*value == '\0' || strchr("dfc", letter) == NULL) usage();
    if (letter == 'd')
      c.separator = *value;
    else
      c.list = value, c.fields = letter == 'f';
  }
  if (c.list == NULL) usage();
  return each_input(argc, argv, i, cut, &c);
}

/* ---- printf, seq ---- */

static void put_escaped(const char *s) {
  while (*s != '\0') putchar(escape(&s));
}

/* One conversion with one word. Returns where the format goes on. */
static const char *convert(const char *format, const char *word) {
  char spec[32];
  size_t n = 1 + strspn(format + 1, "-+ #0123456789.");
  char kind = format[n];
  if (n > 24 || kind == '\0') return format + n;
  memcpy(spec, format, n);
  memcpy(spec + n, kind == 's' || kind == 'c' || kind == 'b' ? "s" : "ld", 3);
  if (strchr("uxXo", kind) != NULL) spec[n + 1] = kind;
  char one[2] = {word[0], '\0'};
  if (kind == 'b')
    put_escaped(word);
  else if (kind == 's')
    printf(spec, word);
  else if (kind == 'c')
    printf(spec, one);
  else if (strchr("diuxXo", kind) != NULL)
    printf(spec, word[0] == '\'' || word[0] == '"' ? (long)word[1] : (long)strtoll(word, NULL, 0));
  else
    fprintf(stderr, "printf: %%%c: unknown conversion\n", kind), exit(1);
  return format + n + 1;
}

int printf_main(int argc, char **argv) {
  int i = 2;
  if (argc < 2) usage();
  do {
    int before = i;
    for (const char *f = argv[1]; *f != '\0';) {
      if (f[0] == '%' && f[1] == '%')
        putchar('%'), f += 2;
      else if (*f == '%')
        f = convert(f, i < argc ? argv[i++] : "");
      else
        putchar(escape(&f));
    }
    if (i == before) break;
  } while (i < argc);
  return 0;
}

static long number(const char *s) {
  char *end;
  long n = strtol(s, &end, 10);
  if (end == s || *end != '\0') usage();
  return n;
}

int seq_main(int argc, char **argv) {
  if (argc < 2 || argc > 4) usage();
  long first = argc > 2 ? number(argv[1]) : 1, step = argc > 3 ? number(argv[2]) : 1,
       last = number(argv[argc - 1]);
  if (step == 0) usage();
  for (long n = first; step > 0 ? n <= last : n >= last; n += step) printf("%ld\n", n);
  return 0;
}

/* ---- basename, dirname ---- */

/* Cuts slashes off the end; a path of slashes alone keeps one. */
static void trim(char *path) {
  size_t n = strlen(path);
  while (n > 1 && path[n - 1] == '/') path[--n] = '\0';
}

int basename_main(int argc, char **argv) {
  if (argc < 2 || argc > 3) usage();
  trim(argv[1]);
  char *slash = strrchr(argv[1], '/'), *base = slash != NULL && slash[1] != '\0' ? slash + 1 : argv[1];
  size_t n = strlen(base), m = argc > 2 ? strlen(argv[2]) : 0;
  if (m > 0 && m < n && strcmp(base + n - m, argv[2]) == 0) base[n - m] = '\0';
  puts(base);
  return 0;
}

int dirname_main(int argc, char **argv) {
  if (argc != 2) usage();
  trim(argv[1]);
  char *slash = strrchr(argv[1], '/');
  if (slash == NULL) return puts(".") < 0;
  *slash = '\0';
  trim(argv[1]);
  puts(argv[1][0] != '\0' ? argv[1] : "/");
  return 0;
}
