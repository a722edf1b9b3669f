/* regexes.c - <regex.h>: patterns by hand and by chance, against texts; the host's library is the oracle (tests/libc.t).
 * Left out is where glibc does other than POSIX says: a ^ behind a newline without REG_NEWLINE, a [ at the end of the
 * pattern, and some groups, which posix_groups.c has. */
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define GROUPS 6

/* `groups`: of so many, the whole match included, is shown what they matched. */
static void show(const char *pattern, int flags, const char *const texts[], size_t n, int exec_flags,
                 size_t groups) {
  regex_t regex;
  char message[80];
  int error = regcomp(&regex, pattern, flags);
  if (error != 0) {
    regerror(error, &regex, message, sizeof message);
    printf("%s (%d): %s\n", pattern, flags, message);
    return;
  }
  printf("%s (%d), %zu groups:", pattern, flags, regex.re_nsub);
  for (size_t i = 0; i < n; i++) {
    regmatch_t m[GROUPS] = {{0, 0}};
    printf(" %d", regexec(&regex, texts[i], GROUPS, m, exec_flags));
    if (flags & REG_NOSUB) continue;
    for (size_t g = 0; g < groups && g <= regex.re_nsub; g++)
      printf("(%d,%d)", (int)m[g].rm_so, (int)m[g].rm_eo);
  }
  putchar('\n');
  regfree(&regex);
}

static const char *const texts[] = {
    "",           "a",       "abc",           "aab",          "abab",     "aaa bbb",       "abcd",
    "xyz",        "A_1",     "foo.c",         "foobar",       "10.0.0.1", "key = value",   "a b  c",
    "weeknights", "xxabcxx", "aaaaaaaaaaaab", "2026-12-01",   "[x]",      "a*b",           "ab+c",
    "(a)",        "\\",      "$5.00",         "user@host.de", "abcabc",   "one two three", "^a"};

static const char *const extended[] = {"a",
                                       "ab*",
                                       "(a*)(ab)*(b*)",
                                       "(a+|b)*",
                                       "(wee|week)(knights|night)",
                                       "^[^ ]+",
                                       "[0-9]+$",
                                       "^([0-9]+)-([0-9]+)-([0-9]+)$",
                                       "([a-z]+)\\.([a-z]+)",
                                       "^[[:alpha:]_][[:alnum:]_]*$",
                                       "x{2}",
                                       "a{2,}b",
                                       "a{,2}b",
                                       "(a{1,2}){2}",
                                       "()",
                                       "a||b",
                                       "(|a)b",
                                       "a(b|)c",
                                       "^$",
                                       "^^a",
                                       "a$$",
                                       "^",
                                       "$",
                                       "(^a)",
                                       "(a$)",
                                       "a.c",
                                       ".*",
                                       ".+b",
                                       "(.*)(.*)",
                                       "(a*)+",
                                       "(a*)*",
                                       "(a|b)*c",
                                       "((a)|b)c",
                                       "\\(a\\)",
                                       "a\\*b",
                                       "\\$5\\.00",
                                       "\\\\",
                                       "[]x]+",
                                       "[^]x]+",
                                       "[a\\]",
                                       "[[:digit:].]+",
                                       "[[.a.]]+",
                                       "[[=a=]b]",
                                       "[a-c-]+",
                                       "[+--]+",
                                       "([^@]+)@([^@]+)",
                                       "(.)\\1",
                                       "(abc)\\1",
                                       "(a*)b\\1",
                                       "\\bb",
                                       "\\<[a-z]+\\>",
                                       "\\w+",
                                       "\\W+",
                                       "\\s+",
                                       "\\S+",
                                       "b\\B",
                                       "\\`a",
                                       "a\\'",
                                       "a+?",
                                       "a**",
                                       "(a|b|c)+",
                                       "(ab|a)(bc)?",
                                       "(a?)(ab)?",
                                       "(a|b)?(abc|b)",
                                       "[a-z]*( [a-z]*)*",
                                       "(([a-z])+ *)+",
                                       "a)",
                                       ")",
                                       "{",
                                       "a{1",
                                       "a{1,2",
                                       "a{2,1}",
                                       "a{x}",
                                       "a{99999}",
                                       "*a",
                                       "+a",
                                       "?",
                                       "a|*b",
                                       "(*a)",
                                       "^*",
                                       "(",
                                       "(a",
                                       "(()",
                                       "[a",
                                       "[[:foo:]]",
                                       "[z-a]",
                                       "[[.foo.]]",
                                       "a\\",
                                       "\\1",
                                       "(a\\1)",
                                       "(a)\\2",
                                       "a{,}",
                                       "a{1,2}{2}",
                                       "x*",
                                       "(x)*",
                                       "((x)*)*",
                                       "(^|a)b",
                                       "a(b$|c)",
                                       "a|b|",
                                       "a}",
                                       "]"};
static const char *const basic[] = {"a",
                                    "a*",
                                    "*a",
                                    "^*a",
                                    "\\(*a\\)",
                                    "\\(a*\\)b",
                                    "a\\{2\\}",
                                    "a\\{1,\\}",
                                    "a\\{,2\\}b",
                                    "a\\+",
                                    "a\\?b",
                                    "a\\|b",
                                    "(a)",
                                    "a+",
                                    "a{2}",
                                    "a|b",
                                    "\\(.\\)\\1",
                                    "\\(ab\\)\\1",
                                    "\\(a*\\)b\\1",
                                    "^a",
                                    "a^",
                                    "x^a",
                                    "\\(^a\\)",
                                    "a$",
                                    "$a",
                                    "\\(a$\\)",
                                    "a$b",
                                    "^^a",
                                    "a\\|^b",
                                    "a\\)",
                                    "\\(a",
                                    "a\\{1",
                                    "a\\{1,2",
                                    "a\\{x\\}",
                                    "a\\{2,1\\}",
                                    "a**",
                                    "\\{1\\}",
                                    "\\(\\{1\\}\\)",
                                    "\\1",
                                    "a\\",
                                    "[[:alpha:]]*",
                                    "[^[:space:]]*",
                                    "\\.",
                                    "\\*",
                                    "[.*]",
                                    "\\<a",
                                    "b\\>",
                                    "\\w*",
                                    "+a",
                                    "\\+",
                                    "\\?a",
                                    "a\\{1,2\\}b"};

static void by_hand(void) {
  static const int flags[] = {0, REG_ICASE, REG_NEWLINE, REG_NOSUB, REG_ICASE | REG_NEWLINE};
  for (size_t f = 0; f < COUNT(flags); f++) {
    for (size_t i = 0; i < COUNT(extended); i++)
      show(extended[i], REG_EXTENDED | flags[f], texts, COUNT(texts), 0, GROUPS);
    for (size_t i = 0; i < COUNT(basic); i++) show(basic[i], flags[f], texts, COUNT(texts), 0, GROUPS);
  }
  static const char *const lines[] = {"one\ntwo\n", "\n", "a\n\nb", "two", "x\ntwo\n\n"};
  static const char *const by_line[] = {"^two$", "^$", "$",       "^",      ".*",     "[^x]*",
                                        "o$",    "^.", "one.two", "\\`one", "two\\'", "^(.*)$"};
  for (size_t i = 0; i < COUNT(by_line); i++)
    for (int flag = 0; flag < 4; flag++)
      show(by_line[i], REG_EXTENDED | REG_NEWLINE, lines, COUNT(lines), flag, GROUPS);
}

/* ---- patterns by chance: always valid ones ---- */

static unsigned chance_state = 1;
static unsigned chance(unsigned n) {
  chance_state = chance_state * 1103515245u + 12345u;
  return (chance_state >> 16) % n;
}

static void choice(char *to, int depth, int plain);

/* `plain`: no group is repeated, and a choice is between characters: so that glibc, too, finds the groups. */
static void item(char *to, int depth, int plain) {
  static const char *const texts[] = {"a", "b", "c", "ab", ".", "[ab]", "[^a]", "bc"};
  static const char *const repeats[] = {"*", "+", "?", "{2}", "{1,2}", "{0,1}", "{2,}"};
  int group = depth > 0 && chance(3) == 0;
  if (group) strcat(to, "(");
  if (group)
    choice(to, depth - 1, plain);
  else
    strcat(to, texts[chance(COUNT(texts))]);
  if (group) strcat(to, ")");
  if (!(group && plain) && chance(3) == 0) strcat(to, repeats[chance(COUNT(repeats))]);
}

static void choice(char *to, int depth, int plain) {
  if (plain && depth < 2 && chance(4) == 0) {
    strcat(to, chance(2) ? "a|b" : "[bc]|.");
    return;
  }
  for (unsigned items = 1 + chance(3); items > 0; items--) item(to, depth, plain);
  if (!plain && chance(3) == 0) {
    strcat(to, "|");
    item(to, depth, plain);
  }
}

static void by_chance(int n) {
  char made[8][12];
  const char *some[8];
  for (int i = 0; i < n; i++) {
    char pattern[400] = "";
    int plain = i % 2;
    if (chance(8) == 0) strcat(pattern, "^");
    choice(pattern, 2, plain);
    if (chance(8) == 0) strcat(pattern, "$");
    for (int t = 0; t < 8; t++) {
      unsigned length = chance(10);
      for (unsigned c = 0; c < length; c++) made[t][c] = "abc"[chance(3)];
      made[t][length] = '\0', some[t] = made[t];
    }
    show(pattern, REG_EXTENDED, some, 8, 0, plain ? GROUPS : 1);
  }
}

int main(int argc, char **argv) {
  by_hand();
  by_chance(argc > 1 ? atoi(argv[1]) : 1500);
  return 0;
}
