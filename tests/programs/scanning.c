/* scanning.c - scanf reads no further than it must, and says EOF when the input ends; ungetc, fgets of one byte. The
 * host's own library is the oracle (tests/libc.t): of standard input, which is empty there, and of strings. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void ends_of_input(void) {
  int a = 7, b = 8, n = -1;
  char c = '?', s[20] = "?";
  printf("%d %d %d %d\n", sscanf("", "%d", &a), sscanf("", "x"), sscanf("", "x%d", &a),
         sscanf("", "%%%d", &a));
  printf("%d %d %d\n", sscanf("  ", " "), sscanf("  ", " %d", &a), sscanf("5", "%d%d", &a, &b));
  printf("%d %d\n", sscanf("x", "%d", &a), sscanf("5x", "%dy%d", &a, &b));
  int got = sscanf("9 ", "%d%c%n", &a, &c, &n);
  printf("%d <%c> %d\n", got, c, n);
  got = sscanf("  ab cd", "%1s%n", s, &n);
  printf("%d %s %d\n", got, s, n);
  printf("%d\n", sscanf("ab", "%2c%c", s, &c));
}

static void numbers(void) {
  static const char *const texts[] = {"0x1f!", "+0",  "-12-", "077",        "08",
                                      "0",     "--1", "+",    "4294967295", "99999"};
  static const char *const formats[] = {"%d%n", "%i%n", "%x%n", "%o%n", "%3d%n", "%4i%n", "%1x%n"};
  for (size_t t = 0; t < sizeof texts / sizeof *texts; t++)
    for (size_t f = 0; f < sizeof formats / sizeof *formats; f++) {
      int value = -5, n = -1;
      if (t == 8 && f < 2) continue; /* too large for an int: undefined */
      int got = sscanf(texts[t], formats[f], &value, &n);
      printf("%s %s: %d %d %d\n", texts[t], formats[f], got, got > 0 ? value : 0, n);
    }
}

static void long_digits(void) {
  char text[200];
  int a = -1, b = -1, got;
  memset(text, '0', 150);
  strcpy(text + 150, "42 7");
  got = sscanf(text, "%d %d", &a, &b);
  printf("%d %d %d\n", got, a, b);
  got = sscanf(text, "%100d%d", &a, &b);
  printf("%d %d %d\n", got, a, b);
  long long most = 0, least = 0;
  got = sscanf("9223372036854775808 -99999999999999999999", "%lld %lli", &most, &least);
  printf("%d %lld %lld\n", got, most, least);
}

static void back_and_forth(void) {
  char text[3] = "??";
  printf("%d\n", ungetc('a', stdin));
  printf("%d\n", fgets(text, 1, stdin) == text && text[0] == 0);
  int first = getchar(), second = getchar();
  printf("%c %d %d\n", first, second, feof(stdin) != 0);
  printf("%d\n", ungetc(EOF, stdin));
}

static void nothing_to_write(void) {
  volatile size_t none = 0, five = 5;
  printf("%zu %zu\n", fwrite("x", none, five, stdout), fwrite("x", five, none, stdout));
  printf("%zu %zu\n", fread((char[5]){0}, none, five, stdin), fread((char[5]){0}, five, none, stdin));
}

int main(void) {
  ends_of_input();
  numbers();
  long_digits();
  back_and_forth();
  nothing_to_write();
  return 0;
}
