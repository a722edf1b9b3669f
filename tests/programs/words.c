/* words.c - what <string.h>, <stdlib.h>, <search.h>, <libgen.h>, <fnmatch.h> and <inttypes.h> have beside the functions
 * of conformance.c; the host's library is the oracle (tests/libc.t). */
#define _GNU_SOURCE
#include <ctype.h>
#include <errno.h>
#include <fnmatch.h>
#include <inttypes.h>
#include <libgen.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static int sign(int n) { return (n > 0) - (n < 0); }

static void strings(void) {
  static const char *const words[] = {"",   "a",   "file1", "file01", "file10", "file9", "000", "00",
                                      "01", "010", "09",    "0",      "1",      "9",     "10",  "a.b",
                                      "A",  "aB",  "1.10",  "1.9",    "1.09",   "1.010"};
  char to[12];
  for (size_t a = 0; a < COUNT(words); a++)
    for (size_t b = 0; b < COUNT(words); b++)
      printf("%d%d ", sign(strverscmp(words[a], words[b])), strcasestr(words[a], words[b]) != NULL);
  putchar('\n');
  for (size_t a = 0; a < COUNT(words); a++) {
    memset(to, '#', sizeof to);
    printf("%d ", (int)(stpncpy(to, words[a], 4) - to));
    fwrite(to, 1, sizeof to, stdout);
    printf(" %zu %d %d\n", strxfrm(to, words[a], sizeof to), (int)(strchrnul(words[a], '1') - words[a]),
           memccpy(to, words[a], '0', strlen(words[a])) != NULL);
  }
  char odd[] = "abcdefg", out[8] = "";
  swab(odd, out, 7);
  printf("%s %d %d %d %d\n", out, ffs(0), ffs(0x50), ffsll(1LL << 40), bcmp("ab", "ac", 2) != 0);
  printf("%d %d %s %s\n", (int)((char *)rawmemchr(odd, 'd') - odd), toascii(0xE1), index(odd, 'c'),
         rindex(odd, 'c'));
  bzero(odd, 2);
  bcopy(odd + 2, odd, 3);
  printf("%s\n", odd);
}

static void numbers(void) {
  unsigned short x[3] = {1, 2, 3}, words[7] = {1, 2, 3, 4, 5, 6, 7};
  unsigned state = 7;
  srandom(42);
  for (int i = 0; i < 100; i++) printf("%ld ", random());
  static int32_t memory[64];
  for (size_t n = 8; n <= 256; n *= 2) {
    initstate((unsigned)n, (char *)memory, n);
    for (int i = 0; i < 10; i++) printf("%ld ", random());
  }
  srandom(0);
  printf("%ld\n", random());
  srand48(-7);
  for (int i = 0; i < 10; i++)
    printf("%ld ", lrand48()), printf("%ld ", mrand48()), printf("%.17g\n", drand48());
  for (int i = 0; i < 5; i++)
    printf("%ld ", nrand48(x)), printf("%ld ", jrand48(x)), printf("%.17g\n", erand48(x));
  lcong48(words);
  printf("%ld ", lrand48()), printf("%d\n", seed48(x)[0]);
  for (int i = 0; i < 10; i++) printf("%d ", rand_r(&state));
  printf("%ld %s ", a64l("zz/"), l64a(123456)), printf("[%s]\n", l64a(0));
  printf("%" PRIdMAX " %" PRIdMAX " %" PRIuMAX "\n", imaxabs(-5), imaxdiv(-17, 5).rem,
         strtoumax("0x1Fg", NULL, 0));
  printf("%" PRId8 " %" PRIx16 " %" PRIX32 " %" PRIo64 " %" PRIiFAST8 "\n", (int8_t)-3, (uint16_t)65535,
         (uint32_t)0xABCD, (uint64_t)1 << 40, (int_fast8_t)9);
}

static void paths(void) {
  static const char *const all[] = {"",          "/",       "usr", "usr/", "/usr", "/usr/lib",
                                    "/usr/lib/", "a//b///", "..",  "a/.",  "///a"};
  char a[20], b[20];
  for (size_t i = 0; i < COUNT(all); i++) {
    strcpy(a, all[i]), strcpy(b, all[i]);
    printf("[%s] [%s] ", basename(a), dirname(b));
  }
  putchar('\n');
}

static void patterns(void) {
  static const char *const p[] = {"*",          "*.c",
                                  "a?c",        "[a-c]x",
                                  "[!a-c]x",    "[^a]*",
                                  "a*b*c",      "\\*",
                                  "*/x",        "a/*",
                                  "[]x]",       "[[:digit:]]*",
                                  "[a",         "a\\",
                                  ".*",         "?*",
                                  "[.]x",       "**/a",
                                  "a[/]b",      "[a-",
                                  "*a*a*a*a*b", "[[:upper:][:digit:]]",
                                  "",           "a*/c"};
  static const char *const s[] = {"",
                                  "a.c",
                                  ".c",
                                  "abc",
                                  "bx",
                                  "dx",
                                  "aXbYc",
                                  "*",
                                  "a/x",
                                  "a/b/x",
                                  "]",
                                  "5x",
                                  "[a",
                                  "a\\",
                                  ".x",
                                  "a/b",
                                  "a/.b",
                                  "A",
                                  "aaaaaaaaaaaaaaaaaaaaaaaa",
                                  "ab/c",
                                  "a/c"};
  static const int flags[] = {0,           FNM_PATHNAME, FNM_PERIOD, FNM_PATHNAME | FNM_PERIOD, FNM_NOESCAPE,
                              FNM_CASEFOLD};
  for (size_t f = 0; f < COUNT(flags); f++)
    for (size_t i = 0; i < COUNT(p); i++) {
      printf("%d %s: ", flags[f], p[i]);
      for (size_t j = 0; j < COUNT(s); j++) putchar(fnmatch(p[i], s[j], flags[f]) == 0 ? '1' : '0');
      putchar('\n');
    }
}

static int compare_ints(const void *a, const void *b) { return *(const int *)a - *(const int *)b; }
static int downwards(const void *a, const void *b, void *calls) {
  return ++*(int *)calls, *(const int *)b - *(const int *)a;
}
static void print_node(const void *node, VISIT which, int depth) {
  (void)depth;
  if (which == postorder || which == leaf) printf("%d ", **(int *const *)node);
}

static void searches(void) {
  static int n[200];
  void *root = NULL;
  for (int i = 0; i < 200; i++) n[i] = i * 37 % 200, tsearch(&n[i], &root, compare_ints);
  for (int i = 0; i < 200; i += 3)
    if (tdelete(&i, &root, compare_ints) == NULL) printf("? ");
  twalk(root, print_node);
  int absent = 3, there = 4;
  printf("%d %d\n", tfind(&absent, &root, compare_ints) != NULL,
         **(int **)tfind(&there, &root, compare_ints));
  static char keys[100][8];
  hcreate(20);
  for (int i = 0; i < 15; i++) {
    sprintf(keys[i], "key%d", i);
    hsearch((ENTRY){keys[i], &n[i]}, ENTER);
  }
  for (int i = 0; i < 15; i += 4) printf("%d ", *(int *)hsearch((ENTRY){keys[i], NULL}, FIND)->data);
  printf("%d\n", hsearch((ENTRY){(char *)"none", NULL}, FIND) == NULL);
  hdestroy();
  size_t count = 0;
  int list[10], calls = 0;
  for (int i = 0; i < 9; i++) {
    int key = i % 4;
    lsearch(&key, list, &count, sizeof key, compare_ints);
  }
  printf("%zu %d\n", count, lfind(&absent, list, &count, sizeof absent, compare_ints) != NULL);
  qsort_r(n, 200, sizeof *n, downwards, &calls);
  for (int i = 0; i < 200; i += 13) printf("%d ", n[i]);
  printf("%d\n", calls > 200);
}

static void environment(void) {
  char pair[] = "B=2";
  clearenv();
  setenv("A", "1", 1), setenv("A", "x", 0), putenv(pair), setenv("C", "", 1);
  pair[2] = '3';
  printf("%s %s [%s] %d", getenv("A"), getenv("B"), getenv("C"), getenv("D") == NULL);
  setenv("A", "changed", 1), unsetenv("B");
  printf(" %s %d %d %d\n", getenv("A"), getenv("B") == NULL, setenv("x=y", "", 1), unsetenv(""));
  char suboptions[] = "ro,size=8,what", *rest = suboptions, *value;
  char *const names[] = {(char *)"rw", (char *)"ro", (char *)"size", NULL};
  while (*rest) {
    int i = getsubopt(&rest, names, &value);
    printf("%d %s ", i, value ? value : "-");
  }
  putchar('\n');
}

int main(void) {
  strings();
  numbers();
  paths();
  patterns();
  searches();
  environment();
  return 0;
}
