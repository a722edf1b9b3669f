/* show.c - commands that show what is in files and folders: ls cat od. */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "commands.h"

/* ---- ls ---- */

struct seen {
  char *name;
  unsigned mode, size;
};

static bool detailed, all_names, dots, one_in_a_line, nested; /* -l, -A, -a, -1, -R */

static char kind(unsigned mode) { return S_ISDIR(mode) ? 'd' : S_ISCHR(mode) ? 'c' : '-'; }

static void list_one(const struct seen *s) {
  if (detailed) printf("%c %8u  ", kind(s->mode), s->size);
  printf("%s%s\n", s->name, S_ISDIR(s->mode) ? "/" : "");
}

static int by_name(const void *a, const void *b) {
  return strcmp(((const struct seen *)a)->name, ((const struct seen *)b)->name);
}

/* In columns at a terminal, else one in a line. */
static void list_all(const struct seen *all, size_t n) {
  const char *text = isatty(1) && !detailed && !one_in_a_line ? getenv("COLUMNS") : NULL;
  size_t widest = 0, width = text != NULL ? (size_t)atoi(text) : 0;
  for (size_t i = 0; i < n; i++)
    if (strlen(all[i].name) > widest) widest = strlen(all[i].name);
  size_t per_row = width / (widest + 3) > 1 ? width / (widest + 3) : 1, rows = (n + per_row - 1) / per_row;
  for (size_t row = 0; row < rows; row++)
    for (size_t i = row; i < n; i += rows) {
      bool last = i + rows >= n;
      if (!last)
        printf("%s%-*s", all[i].name, (int)(widest + 3 - strlen(all[i].name)),
               S_ISDIR(all[i].mode) ? "/" : "");
      if (last) list_one(&all[i]);
    }
}

struct folder {
  struct seen *all;
  size_t n;
};

static bool add(struct folder *f, const char *name, unsigned mode, unsigned size) {
  struct seen *more = realloc(f->all, (f->n + 1) * sizeof *f->all);
  char *copy = more != NULL ? strdup(name) : NULL;
  if (more != NULL) f->all = more;
  if (copy != NULL) f->all[f->n++] = (struct seen){copy, mode, size};
  return copy != NULL;
}

static int list_folder(const char *path);

/* -R: what is in the folders of a folder. */
static int list_inner(const char *path, const struct folder *f) {
  int status = 0;
  for (size_t i = 0; i < f->n; i++) {
    char inner[256];
    const char *name = f->all[i].name;
    if (!S_ISDIR(f->all[i].mode) || strcmp(name, ".") == 0 || strcmp(name, "..") == 0) continue;
    snprintf(inner, sizeof inner, "%s%s%s", path, path[strlen(path) - 1] == '/' ? "" : "/", name);
    printf("\n%s:\n", inner);
    status |= list_folder(inner);
  }
  return status;
}

static int list_folder(const char *path) {
  struct folder f = {NULL, 0};
  DIR *dir = opendir(path);
  if (dir == NULL) return fail(path);
  bool good = !dots || (add(&f, ".", S_IFDIR, 0) && add(&f, "..", S_IFDIR, 0));
  for (struct dirent *e; good && (e = readdir(dir)) != NULL;)
    if (*e->d_name != '.' || all_names) good = add(&f, e->d_name, e->d_mode, e->d_size);
  closedir(dir);
  if (!good) return fail(path);
  if (f.n > 0) qsort(f.all, f.n, sizeof *f.all, by_name);
  list_all(f.all, f.n);
  int status = nested ? list_inner(path, &f) : 0;
  while (f.n > 0) free(f.all[--f.n].name);
  free(f.all);
  return status;
}

static int list(char *path, bool folder_itself) {
  struct stat st;
  if (stat(path, &st) < 0) return fail(path);
  if (S_ISDIR(st.st_mode) && !folder_itself) return list_folder(path);
  list_one(&(struct seen){path, st.st_mode, (unsigned)st.st_size});
  return 0;
}

int ls_main(int argc, char **argv) {
  bool flags[6] = {false};
  int first = take_options(argc, argv, "ldaA1R", flags), status = 0;
  detailed = flags[0], dots = flags[2], all_names = flags[2] || flags[3], one_in_a_line = flags[4];
  nested = flags[5] && !flags[1];
  if (first == argc && nested) puts(".:");
  if (first == argc) return list((char[]){"."}, flags[1]);
  for (int i = first; i < argc; i++) {
    struct stat st;
    bool titled = (nested || argc - first > 1) && !flags[1] && stat(argv[i], &st) == 0 && S_ISDIR(st.st_mode);
    if (titled) printf("%s%s:\n", i > first ? "\n" : "", argv[i]);
    status |= list(argv[i], flags[1]);
  }
  return status;
}

/* ---- cat ---- */

static int copy(int fd, const char *name) {
  static char piece[1024];
  ssize_t n;
  while ((n = read(fd, piece, sizeof piece)) > 0)
    if (write(1, piece, (size_t)n) != n) return fail("output");
  return n < 0 ? fail(name) : 0;
}

/* Opens a file that is not a folder. */
static int open_file(const char *name) {
  struct stat st;
  int fd = open(name, O_RDONLY);
  if (fd < 0 || fstat(fd, &st) < 0 || !S_ISDIR(st.st_mode)) return fd;
  close(fd);
  errno = EISDIR;
  return -1;
}

static int copy_file(const char *name) {
  int fd = open_file(name);
  if (fd < 0) return fail(name);
  int status = copy(fd, name);
  close(fd);
  return status;
}

int cat_main(int argc, char **argv) {
  int first = take_options(argc, argv, "", NULL), status = 0;
  if (first == argc) return copy(0, "input");
  for (int i = first; i < argc; i++)
    status |= strcmp(argv[i], "-") == 0 ? copy(0, "input") : copy_file(argv[i]);
  return status;
}

/* ---- od ---- */

enum { PER_LINE = 16 };

struct dump {
  char base;     /* of numbers: o, d (with a sign), u, x; or c: characters */
  unsigned size; /* of a number: 1, 2 or 4 bytes */
  char address;  /* o, d, x, or n: none */
  bool all;      /* -v: lines that are the same as the one before are printed, too, not as a `*` */
  unsigned long offset, skip, left;
  unsigned char line[PER_LINE], before[PER_LINE];
  unsigned n; /* bytes in line */
  bool any, repeats;
};

static void print_character(unsigned c) {
  static const char escapes[] = "0abtnvfr";
  static const char codes[] = "\0\a\b\t\n\v\f\r";
  const char *at = memchr(codes, (int)c, sizeof codes - 1);
  if (at != NULL)
    printf("  \\%c", escapes[at - codes]);
  else
    printf(isprint((int)c) ? "   %c" : " %03o", c);
}

/* Columns are as wide as the widest number of so many bytes. */
static void print_number(const struct dump *d, uint32_t v) {
  unsigned log = d->size / 2; /* 0, 1, 2 */
  int32_t with_sign = d->size == 1 ? (int8_t)v : d->size == 2 ? (int16_t)v : (int32_t)v;
  switch (d->base) {
  case 'c': print_character(v); break;
  case 'x': printf(" %0*lx", (int)(2 * d->size), (unsigned long)v); break;
  case 'u': printf(" %*lu", (int[]){3, 5, 10}[log], (unsigned long)v); break;
  case 'd': printf(" %*ld", (int[]){4, 6, 11}[log], (long)with_sign); break;
  default: printf(" %0*lo", (int[]){3, 6, 11}[log], (unsigned long)v);
  }
}

static void print_address(const struct dump *d) {
  static const char *const formats[] = {"%07lo", "%07lu", "%06lx"};
  if (d->address != 'n') printf(formats[d->address == 'd' ? 1 : d->address == 'x' ? 2 : 0], d->offset);
}

static void print_bytes(struct dump *d) {
  bool same = !d->all && d->any && d->n == PER_LINE && memcmp(d->line, d->before, PER_LINE) == 0;
  if (!same) print_address(d);
  memset(d->line + d->n, 0, PER_LINE - d->n);
  for (unsigned i = 0; !same && i < d->n; i += d->size) {
    uint32_t v = 0;
    for (unsigned k = d->size; k-- > 0;) v = v << 8 | d->line[i + k];
    print_number(d, v);
  }
  if (!same || !d->repeats) puts(same ? "*" : "");
  d->repeats = same;
  d->any = true;
  memcpy(d->before, d->line, PER_LINE);
  d->offset += d->n;
  d->n = 0;
}

static int dump(FILE *f, const char *name, void *arg) {
  struct dump *d = arg;
  (void)name;
  for (int c; d->left > 0 && (c = getc(f)) != EOF;) {
    if (d->skip > 0) {
      d->skip--, d->offset++;
      continue;
    }
    d->left--;
    d->line[d->n++] = (unsigned char)c;
    if (d->n == PER_LINE) print_bytes(d);
  }
  return 0;
}

static unsigned long number(const char *text) {
  char *end;
  unsigned long n = text != NULL ? strtoul(text, &end, 0) : 0;
  if (text == NULL || end == text || *end != '\0') usage();
  return n;
}

/* -t: a base, and for numbers a size. */
static void take_type(struct dump *d, const char *text) {
  if (text == NULL || strchr("oduxc", *text) == NULL || *text == '\0') usage();
  d->base = *text;
  d->size = *text == 'c' ? 1 : text[1] == '\0' ? 4 : (unsigned)number(text + 1);
  if (d->size != 1 && d->size != 2 && d->size != 4) usage();
}

/* Takes the option argv[i]. Returns the index of the last word that belongs to it. */
static int take_od_option(struct dump *d, int i, char **argv) {
  static const char *const types[] = {"bo1", "cc", "xx2", "oo2", "du2"}; /* -b is -t o1, and so on */
  const char *argument = argv[i][2] != '\0' ? argv[i] + 2 : argv[i + 1];
  for (size_t k = 0; k < sizeof types / sizeof types[0]; k++)
    if (argv[i][1] == types[k][0] && argv[i][2] == '\0') return take_type(d, types[k] + 1), i;
  switch (argv[i][1]) {
  case 'v': d->all = true; return i;
  case 't': take_type(d, argument); break;
  case 'N': d->left = number(argument); break;
  case 'j': d->skip = number(argument); break;
  case 'A':
    if (argument == NULL || strchr("odxn", *argument) == NULL) usage();
    d->address = *argument;
    break;
  default: usage();
  }
  return argv[i][2] != '\0' ? i : i + 1;
}

int od_main(int argc, char **argv) {
  struct dump d = {.base = 'o', .size = 2, .address = 'o', .left = ~0ul};
  int i = 1;
  for (; i < argc && argv[i][0] == '-' && argv[i][1] != '\0'; i++) i = take_od_option(&d, i, argv);
  int status = each_input(argc, argv, i, dump, &d);
  if (d.n > 0) print_bytes(&d);
  print_address(&d);
  if (d.address != 'n') putchar('\n');
  return status;
}
