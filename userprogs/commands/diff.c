/* diff.c - diff: which lines of two files differ.
 *
 * The shortest way from the old lines to the new ones, by removals and additions, is found as Eugene Myers showed in
 * "An O(ND) difference algorithm and its variations" (1986): x counts old lines, y new ones, and a way with d changes
 * that ends on the diagonal k = x - y goes furthest if it continues the furthest way with d - 1 changes of a diagonal
 * beside it. `furthest` keeps the x of each diagonal for each d, from which the way is read backwards. */
#include <stdlib.h>
#include <string.h>
#include "commands.h"

enum { CHANGES_MAX = 800 /* beyond, all lines between the common beginning and end count as changed */ };
enum { AROUND = 3 /* lines that -u shows before and after changes */ };

struct lines {
  char **line;
  int n;
};

/* Lines a..b-1 of the old file are lines c..d-1 of the new one. */
struct change {
  struct change *next;
  int a, b, c, d;
};

static struct lines old, new;
static struct change *changes;

static void *must(void *p) {
  if (p == NULL) exit(fail("memory") + 1);
  return p;
}

static int read_lines(FILE *f, const char *name, void *arg) {
  struct lines *to = arg;
  (void)name;
  for (char *line; (line = next_line(f)) != NULL;) {
    if ((to->n & (to->n - 1)) == 0)
      to->line = must(realloc(to->line, (size_t)(to->n ? 2 * to->n : 1) * sizeof *to->line));
    to->line[to->n++] = must(strdup(line));
  }
  return 0;
}

static bool same(int x, int y) { return x < old.n && y < new.n &&strcmp(old.line[x], new.line[y]) == 0; }

/* Puts a change before those that are known. One that touches the next becomes a part of the next. */
static void add_change(int a, int b, int c, int d) {
  if (changes != NULL && changes->a == b && changes->c == d) {
    changes->a = a, changes->c = c;
    return;
  }
  struct change *new_one = must(malloc(sizeof *new_one));
  *new_one = (struct change){changes, a, b, c, d};
  changes = new_one;
}

/* Does the furthest way with d changes on diagonal k come from above, by an addition? Else by a removal. */
static bool by_addition(const int *before, int d, int k) {
  return k == -d || (k != d && before[k - 1] < before[k + 1]);
}

/* Reads the way backwards from (x, y). furthest[d][k] is the x of a way with d changes. */
static void read_way(int **furthest, int d, int x, int y) {
  for (; d > 0; d--) {
    const int *before = furthest[d - 1];
    bool addition = by_addition(before, d, x - y);
    int k = x - y + (addition ? 1 : -1), x0 = before[k], y0 = x0 - k;
    if (addition)
      add_change(x0, x0, y0, y0 + 1);
    else
      add_change(x0, x0 + 1, y0, y0);
    x = x0, y = y0;
  }
}

/* Finds the changes between old lines from..x_end-1 and new lines from..y_end-1. */
static void find_changes(int from, int x_end, int y_end) {
  int **furthest = must(calloc(CHANGES_MAX + 1, sizeof *furthest)), d = 0, x = from, y;
  for (; d <= CHANGES_MAX; d++) {
    furthest[d] = (int *)must(calloc((size_t)(2 * d + 3), sizeof(int))) + d + 1;
    for (int k = -d; k <= d; k += 2) {
      const int *before = d > 0 ? furthest[d - 1] : NULL;
      x = before == NULL ? from : by_addition(before, d, k) ? before[k + 1] : before[k - 1] + 1;
      y = x - k;
      while (x < x_end && y < y_end && same(x, y)) x++, y++;
      furthest[d][k] = x;
      if (x < x_end || y < y_end) continue;
      read_way(furthest, d, x, y);
      return;
    }
  }
  add_change(from, x_end, from, y_end);
}

static void compare(void) {
  int from = 0, x_end = old.n, y_end = new.n;
  while (same(from, from)) from++;
  while (x_end > from && y_end > from && same(x_end - 1, y_end - 1)) x_end--, y_end--;
  if (from < x_end || from < y_end) find_changes(from, x_end, y_end);
}

/* ---- printing ---- */

static void print_lines(const struct lines *from, int a, int b, const char *mark) {
  for (int i = a; i < b; i++) printf("%s%s\n", mark, from->line[i]);
}

/* "3" or "3,5"; an empty range is the line before. */
static void print_range(int a, int b) {
  if (b - a < 2)
    printf("%d", b > a ? a + 1 : a);
  else
    printf("%d,%d", a + 1, b);
}

static void print_plain(void) {
  for (struct change *c = changes; c != NULL; c = c->next) {
    print_range(c->a, c->b);
    putchar(c->a == c->b ? 'a' : c->c == c->d ? 'd' : 'c');
    print_range(c->c, c->d);
    putchar('\n');
    print_lines(&old, c->a, c->b, "< ");
    if (c->a < c->b && c->c < c->d) puts("---");
    print_lines(&new, c->c, c->d, "> ");
  }
}

static void print_hunk_range(int a, int b) {
  if (b - a == 1)
    printf("%d", b);
  else
    printf("%d,%d", b > a ? a + 1 : a, b - a);
}

/* Prints changes that are near each other with what lies around them. Returns the first change behind. */
static struct change *print_hunk(struct change *first) {
  struct change *last = first;
  while (last->next != NULL && last->next->a - last->b <= 2 * AROUND) last = last->next;
  int before = first->a < AROUND ? first->a : AROUND;
  int after = old.n - last->b < AROUND ? old.n - last->b : AROUND;
  printf("@@ -"), print_hunk_range(first->a - before, last->b + after);
  printf(" +"), print_hunk_range(first->c - before, last->d + after);
  puts(" @@");
  int x = first->a - before;
  for (struct change *c = first; c != last->next; x = c->b, c = c->next) {
    print_lines(&old, x, c->a, " ");
    print_lines(&old, c->a, c->b, "-");
    print_lines(&new, c->c, c->d, "+");
  }
  print_lines(&old, x, x + after, " ");
  return last->next;
}

int diff_main(int argc, char **argv) {
  bool unified = false;
  int first = take_options(argc, argv, "u", &unified);
  if (argc - first != 2) usage();
  if (each_input(first + 1, argv, first, read_lines, &old) |
      each_input(first + 2, argv, first + 1, read_lines, &new))
    return 2;
  compare();
  if (unified && changes != NULL) printf("--- %s\n+++ %s\n", argv[first], argv[first + 1]);
  if (unified)
    for (struct change *c = changes; c != NULL;) c = print_hunk(c);
  else
    print_plain();
  return changes != NULL;
}
