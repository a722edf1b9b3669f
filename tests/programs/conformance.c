/* conformance.c - many small questions to a C library: formats, numbers from strings, scanning,
 * strings, sorting, the heap, 64-bit arithmetic. It prints the answers; the host's own library is the
 * oracle (tests/libc.t). Only what does not depend on the width of long and pointers is asked. */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* ---- printf ---- */

/* One format with one int, in every combination of flags, widths and precisions. */
static void all_formats(char conversion) {
  static const char *const flags[] = {"",   "-",  "+",  " ",  "#",  "0",  "-0",
                                      "+0", " 0", "#0", "-#", "-+", "+ ", "#-0"};
  static const char *const widths[] = {"", "1", "7", "12"};
  static const char *const precisions[] = {"", ".", ".0", ".1", ".5", ".10"};
  static const int values[] = {0, 1, -1, 42, -42, 123456, INT_MAX, INT_MIN};
  char format[32];
  for (size_t f = 0; f < COUNT(flags); f++)
    for (size_t w = 0; w < COUNT(widths); w++)
      for (size_t p = 0; p < COUNT(precisions); p++) {
        snprintf(format, sizeof format, "<%%%s%s%s%c>", flags[f], widths[w], precisions[p], conversion);
        printf("%s", format);
        for (size_t v = 0; v < COUNT(values); v++) printf(format, values[v]);
        putchar('\n');
      }
}

static void string_formats(void) {
  static const char *const formats[] = {"[%s]",    "[%10s]",   "[%-10s]", "[%.2s]",
                                        "[%8.3s]", "[%-8.3s]", "[%.0s]",  "[%.20s]"};
  static const char *const words[] = {"", "a", "abc", "abcdefghijkl"};
  for (size_t f = 0; f < COUNT(formats); f++) {
    for (size_t w = 0; w < COUNT(words); w++) printf(formats[f], words[w]);
    putchar('\n');
  }
  char unterminated[3] = {'x', 'y', 'z'};
  printf("[%.3s] [%5c] [%-5c] [%c]\n", unterminated, 'q', 'r', 's');
  printf("[%*d] [%-*d] [%.*d] [%*.*d] [%*d] [%.*d]\n", 6, 1, 6, 2, 4, 3, 8, 5, 4, -6, 5, -3, 6);
  printf("100%% [%%]\n");
}

/* What does not fit is cut off. */
static void short_lengths(void) {
  static const char *const formats[] = {"%hhd ", "%hhu ", "%hhx ", "%hd ", "%hu ", "%ho\n"};
  static const int values[] = {300, 70000, -1, -300};
  for (size_t v = 0; v < COUNT(values); v++)
    for (size_t f = 0; f < COUNT(formats); f++) printf(formats[f], values[v]);
}

static void lengths(void) {
  printf("%ld %lu %lx %li\n", 123456L, 4000000000ul, 0xABCDEFul, -99L);
  printf("%lld %llu %llx %llX %llo\n", LLONG_MIN, ULLONG_MAX, ULLONG_MAX, 0x123456789ABCDEFull, ULLONG_MAX);
  printf("%lld %lld %llu %llu\n", LLONG_MAX, -1ll, 10000000000ull, 4294967296ull);
  printf("%zu %zx %zd %td %jd %ju\n", sizeof(int), (size_t)255, (size_t)7, (ptrdiff_t)-7, (intmax_t)-1,
         (uintmax_t)1 << 63);
  printf("%" PRId64 " %" PRIu32 " %" PRIx64 " %" PRId8 "\n", (int64_t)-5, (uint32_t)5,
         (uint64_t)0xFEDCBA9876543210, (int8_t)-5);
  printf("%25lld|%-25lld|%025lld|%+lld|%.20lld\n", 1234567890123ll, 1234567890123ll, -1234567890123ll, 5ll,
         77ll);
  printf("%#llx %#llo %#X %#o %#x\n", 0xABCDull, 8ull, 0xabc, 0, 0);
}

static void truncation(void) {
  char s[8];
  for (size_t size = 0; size <= sizeof s; size++) {
    memset(s, '#', sizeof s);
    int n = snprintf(s, size, "%s-%d", "abc", 123);
    printf("%zu: %d [%.*s]\n", size, n, (int)sizeof s - 1, size > 0 ? s : "untouched");
  }
  printf("%d %d\n", snprintf(NULL, 0, "%0100d", 7), sprintf(s, "%c%c", 'o', 'k'));
}

static int sum_of(int count, ...) {
  va_list list;
  int sum = 0;
  va_start(list, count);
  while (count-- > 0) sum += va_arg(list, int);
  va_end(list);
  return sum;
}

/* ---- numbers from strings ---- */

static void show_conversion(const char *text, int base) {
  char *end;
  errno = 0;
  long long s = strtoll(text, &end, base);
  printf("strtoll(\"%s\", %d) = %lld, ends at %d%s", text, base, s, (int)(end - text),
         errno == ERANGE ? ", out of range" : "");
  errno = 0;
  unsigned long long u = strtoull(text, &end, base);
  printf("; strtoull = %llu, %d%s\n", u, (int)(end - text), errno == ERANGE ? ", out of range" : "");
}

static void conversions(void) {
  static const char *const texts[] = {
      "",
      " ",
      "0",
      "00",
      "7",
      "-7",
      "+7",
      "- 7",
      "+-7",
      "  \t\n42xyz",
      "0x",
      "0x1F",
      "0X1f",
      "-0x10",
      "0xg",
      "010",
      "08",
      "09",
      "z",
      "Zz",
      "1e5",
      "12 34",
      "9223372036854775807",
      "9223372036854775808",
      "-9223372036854775808",
      "-9223372036854775809",
      "18446744073709551615",
      "18446744073709551616",
      "-18446744073709551615",
      "99999999999999999999999999",
      "-1",
  };
  static const int bases[] = {0, 2, 8, 10, 16, 36};
  for (size_t t = 0; t < COUNT(texts); t++)
    for (size_t b = 0; b < COUNT(bases); b++) show_conversion(texts[t], bases[b]);
  printf("%d %d %d %ld %lld\n", atoi("  -123abc"), atoi("abc"), atoi("2147483647"), atol("77"),
         atoll("-5000000000"));
  printf("%ld %lu\n", strtol("-2147483648", NULL, 10), strtoul("4294967295", NULL, 0));
}

static void scanning(void) {
  int a = -1, b = -1, c = -1, n;
  unsigned u = 0, x = 0;
  long l = 0;
  long long ll = 0;
  short h = 0;
  char word[16] = "", other[16] = "", letters[4] = "...";
  n = sscanf("12 -34abc", "%d %d%15s", &a, &b, word);
  printf("%d: %d %d %s\n", n, a, b, word);
  n = sscanf("4000000000 ff 0x1A 077", "%u %x %x %i", &u, &x, (unsigned *)&a, &b);
  printf("%d: %u %x %x %d\n", n, u, x, (unsigned)a, b);
  n = sscanf("10:20", "%d:%d:%d", &a, &b, &c);
  printf("%d: %d %d\n", n, a, b);
  n = sscanf("  key = value # rest", " %15[a-z] = %15[^#]", word, other);
  printf("%d: [%s] [%s]\n", n, word, other);
  n = sscanf("abc", "%3c%n", letters, &a);
  printf("%d: %.3s %d\n", n, letters, a);
  n = sscanf("123456", "%2d%3d%d", &a, &b, &c);
  printf("%d: %d %d %d\n", n, a, b, c);
  n = sscanf("1 2 3", "%*d %ld %lld", &l, &ll);
  printf("%d: %ld %lld\n", n, l, ll);
  n = sscanf("70000 50%", "%hd %d%%", &h, &a);
  printf("%d: %d %d\n", n, h, a);
  printf("%d %d %d\n", sscanf("", "%d", &a), sscanf("x", "%d", &a), sscanf("  ", "%15s", word));
}

/* ---- strings ---- */

static int sign(int n) { return (n > 0) - (n < 0); }

static void comparisons(void) {
  static const char *const words[] = {"", "a", "A", "ab", "abc", "abd", "\xFF", "abcdefgh", "abcdefgi"};
  for (size_t i = 0; i < COUNT(words); i++) {
    for (size_t j = 0; j < COUNT(words); j++)
      printf(" %d%d%d%d", sign(strcmp(words[i], words[j])), sign(strncmp(words[i], words[j], 2)),
             sign(strcasecmp(words[i], words[j])), sign(strncasecmp(words[i], words[j], 1)));
    putchar('\n');
  }
}

static int place(const char *base, const char *p) { return p != NULL ? (int)(p - base) : -1; }

static void searches(void) {
  const char *s = "the quick brown fox, the lazy dog";
  printf("%d %d %d %d\n", place(s, strchr(s, 'q')), place(s, strchr(s, '!')), place(s, strrchr(s, 't')),
         place(s, strchr(s, 0)));
  printf("%d %d %d %d\n", place(s, strstr(s, "the")), place(s, strstr(s, "the l")), place(s, strstr(s, "")),
         place(s, strstr(s, "cat")));
  printf("%zu %zu %d %d\n", strspn(s, "eht "), strcspn(s, ",."), place(s, strpbrk(s, "xyz")),
         place(s, strpbrk(s, "!?")));
  printf("%d %d\n", place(s, memchr(s, 'x', 19)), place(s, memchr(s, 'x', 18)));
  printf("%zu %zu\n", strnlen(s, 5), strnlen(s, 500));
}

static void copies(void) {
  char s[32] = "start";
  strcat(s, "-end");
  strncat(s, "123456", 3);
  printf("%s\n", s);
  strncpy(s, "xy", 4);
  printf("%s %d %d %c\n", s, s[2], s[3], s[4]);
  for (int to = 0; to < 6; to++)
    for (int from = 0; from < 6; from++) {
      char line[40] = "abcdefghijklmnopqrstuvwxyz0123456789";
      memmove(line + to, line + from, 25);
      printf("%s%c", line, from == 5 ? '\n' : ' ');
    }
  for (int at = 0; at < 5; at++)
    for (int n = 0; n < 20; n += 3) {
      char line[32] = "..............................";
      memset(line + at, '*', (size_t)n);
      printf("%s%c", line, n == 18 ? '\n' : ' ');
    }
}

static void tokens(void) {
  char line[] = ",,one, two,;three;", path[] = "/usr//bin/", *rest;
  for (char *t = strtok(line, ",; "); t != NULL; t = strtok(NULL, ",; ")) printf("[%s]", t);
  for (char *t = strtok_r(path, "/", &rest); t != NULL; t = strtok_r(NULL, "/", &rest)) printf("{%s}", t);
  putchar('\n');
}

static void classes(void) {
  for (int c = -1; c < 128; c++)
    printf("%d%d%d%d%d%d%d%d%d%d%d %d %d%c", !!isalnum(c), !!isalpha(c), !!isblank(c), !!iscntrl(c),
           !!isdigit(c), !!isgraph(c), !!islower(c), !!isprint(c), !!ispunct(c), !!isspace(c), !!isupper(c),
           tolower(c), toupper(c), c % 4 == 3 ? '\n' : ' ');
}

/* ---- arithmetic ---- */

static void arithmetic(void) {
  static const int64_t values[] = {
      1,
      2,
      3,
      7,
      10,
      255,
      65535,
      65536,
      1000003,
      0x7FFFFFFF,
      0x80000000,
      0xFFFFFFFF,
      0x100000000,
      0x123456789ABCDEF,
      0x7FFFFFFFFFFFFFFF,
      -1,
      -2,
      -10,
      -65537,
      -0x80000000ll,
      -0x123456789ABCDEF,
      INT64_MIN,
      0xFFFFFFFF00000000 >> 1,
      0xFFFF0000FFFF,
  };
  for (size_t i = 0; i < COUNT(values); i++)
    for (size_t j = 0; j < COUNT(values); j++) {
      int64_t a = values[i], b = values[j];
      uint64_t ua = (uint64_t)a, ub = (uint64_t)b;
      bool overflow = a == INT64_MIN && b == -1;
      printf("%llx %llx %llx", (unsigned long long)(ua * ub), (unsigned long long)(ua / ub),
             (unsigned long long)(ua % ub));
      printf(" %lld %lld\n", overflow ? 0ll : (long long)(a / b), overflow ? 0ll : (long long)(a % b));
    }
}

static void shifts_and_bits(void) {
  volatile uint64_t u = 0x8123456789ABCDEFu;
  volatile int64_t s = (int64_t)0x8123456789ABCDEFu;
  for (int n = 0; n < 64; n++)
    printf("%llx %llx %llx\n", (unsigned long long)(u << n), (unsigned long long)(u >> n),
           (unsigned long long)(s >> n));
  for (unsigned n = 1; n != 0; n <<= 1) {
    volatile unsigned x = n | n >> 3;
    printf("%d %d %d %x ", __builtin_clz(x), __builtin_ctz(x), __builtin_popcount(x), __builtin_bswap32(x));
    printf("%d %d\n", __builtin_popcountll(u & x), __builtin_clzll((uint64_t)x << 20));
  }
}

static void divisions(void) {
  div_t d = div(-17, 5);
  lldiv_t l = lldiv(-170000000000ll, 7);
  printf("%d %d %lld %lld %d %ld %lld\n", d.quot, d.rem, l.quot, l.rem, abs(-3), labs(-4),
         llabs(-5000000000ll));
}

/* ---- sorting, heap, jumps ---- */

struct record {
  int key, order;
};

static int by_key(const void *a, const void *b) {
  const struct record *p = a, *q = b;
  return (p->key > q->key) - (p->key < q->key);
}

static void sorting(void) {
  static struct record records[500];
  uint32_t seed = 12345;
  for (int i = 0; i < 500; i++) {
    seed = seed * 1103515245 + 12345;
    records[i] = (struct record){(int)(seed >> 16) % 97, i};
  }
  qsort(records, 500, sizeof records[0], by_key);
  for (int i = 0; i < 500; i++)
    printf("%d/%d%c", records[i].key, records[i].order, i % 20 == 19 ? '\n' : ' ');
  for (int key = -1; key < 100; key += 20) {
    struct record wanted = {key, 0}, *found = bsearch(&wanted, records, 500, sizeof records[0], by_key);
    printf("%d: %s\n", key, found != NULL && found->key == key ? "found" : "absent");
  }
}

static bool holds(const unsigned char *p, size_t n, int byte) {
  for (size_t i = 0; i < n; i++)
    if (p[i] != (unsigned char)byte) return false;
  return true;
}

/* Blocks of many sizes live and die in a scrambled order; each must keep what was written to it. */
static void heap(void) {
  enum { BLOCKS = 64, STEPS = 4000 };
  unsigned char *block[BLOCKS] = {0};
  size_t size[BLOCKS] = {0};
  uint32_t seed = 1;
  int wrong = 0;
  for (int step = 0; step < STEPS; step++) {
    seed = seed * 1664525 + 1013904223;
    int i = seed >> 26;
    size_t n = (seed >> 10) % ((seed & 15) == 0 ? 20000 : 300), keep = n < size[i] ? n : size[i];
    if (block[i] != NULL && !holds(block[i], size[i], i)) wrong++;
    if ((seed >> 8) % 3 == 0) {
      block[i] = realloc(block[i], n + 1);
      if (!holds(block[i], keep, i)) wrong++;
    } else {
      free(block[i]);
      block[i] = (seed >> 8) % 3 == 1 ? malloc(n) : calloc(n + 1, 1);
      if ((seed >> 8) % 3 == 2 && !holds(block[i], n, 0)) wrong++;
    }
    if ((uintptr_t)block[i] % sizeof(void *) != 0) wrong++;
    memset(block[i], i, size[i] = n);
  }
  for (int i = 0; i < BLOCKS; i++) free(block[i]);
  void *page = NULL, *small = aligned_alloc(64, 128);
  if (posix_memalign(&page, 4096, 10000) != 0 || (uintptr_t)page % 4096 != 0 || (uintptr_t)small % 64 != 0)
    wrong++;
  free(page);
  free(small);
  printf("heap: %d wrong\n", wrong);
}

static jmp_buf back;

static void dive(int depth) {
  if (depth == 0) longjmp(back, 42);
  dive(depth - 1);
  printf("never\n");
}

static void jumps(void) {
  volatile int before = 5;
  int value = setjmp(back);
  if (value == 0) dive(10);
  printf("jumped with %d, kept %d\n", value, before);
}

static void goodbye(void) { printf("goodbye\n"); }
static void farewell(void) { printf("farewell\n"); }

int main(void) {
  for (const char *c = "diuoxX"; *c != '\0'; c++) all_formats(*c);
  string_formats();
  short_lengths();
  lengths();
  truncation();
  printf("%d\n", sum_of(5, 1, 2, 3, 4, 5));
  conversions();
  scanning();
  comparisons();
  searches();
  copies();
  tokens();
  classes();
  arithmetic();
  shifts_and_bits();
  divisions();
  sorting();
  heap();
  jumps();
  atexit(farewell);
  atexit(goodbye);
  fputs("the end", stdout);
  fputc('\n', stdout);
  exit(3);
}
