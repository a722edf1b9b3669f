/* posix_groups.c - where glibc does other than POSIX says, and what would take other libraries an exponential time. */
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
  const char *pattern, *text, *groups;
} cases[] = {
    /* what comes first is as long as can be */
    {"(a|ab)(c|bcd)(d*)", "abcd", "0-4 0-2 2-3 3-4"},
    {"(a|b|c|abc)+", "abc", "0-3 0-3"},
    {"(a|ab)(bcd|c)(d*)", "abcd", "0-4 0-2 2-3 3-4"},
    {"(ab|abcd)(.*)", "abcd", "0-4 0-4 4-4"},
    {"(.{2})|([ab]|.+){1,2}", "aab", "0-3 - 0-3"},
    {"(a?)(ab)?", "ab", "0-2 0-0 0-2"},
    /* the groups in a repetition are those of the last time */
    {"((a)|b)*", "ab", "0-2 1-2 -"},
    {"((c|b)+|a)+", "bca", "0-3 2-3 -"},
    {"(a|(b))+", "aba", "0-3 2-3 -"},
    {"(a*)*", "b", "0-0 0-0"},
    {"(a*){2}", "aa", "0-2 2-2"},
    {"((a)|(b)){2}", "ab", "0-2 1-2 - 1-2"},
    /* ^ is no matter of newlines without REG_NEWLINE */
    {".^", "a\na", "no match"},
    /* exponential for some */
    {"(a*)*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaac", "no match"},
    {"(a|a)*(a|aa)*(a?){20}b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaac", "no match"},
    {"((((a{0,200}){0,200}){0,200}){0,200}){0,200}b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaac", "no match"},
    {"(.*.*.*.*.*.*.*.*)*=.*x", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "no match"},
    {"(a*)*(a*)*(a*)*\\1\\2\\3b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "Memory exhausted"},
};

static void describe(const regmatch_t *m, size_t n, char *to) {
  *to = '\0';
  for (size_t g = 0; g < n; g++) {
    char one[24] = "-";
    if (m[g].rm_so >= 0) snprintf(one, sizeof one, "%d-%d", (int)m[g].rm_so, (int)m[g].rm_eo);
    if (g > 0) strcat(to, " ");
    strcat(to, one);
  }
}

static int check(const char *pattern, const char *text, const char *groups) {
  regex_t regex;
  regmatch_t m[6];
  char got[80];
  if (regcomp(&regex, pattern, REG_EXTENDED) != 0) return 1;
  int error = regexec(&regex, text, 6, m, 0);
  if (error == 0)
    describe(m, regex.re_nsub + 1, got);
  else
    regerror(error, &regex, got, sizeof got);
  regfree(&regex);
  if (error == REG_NOMATCH) strcpy(got, "no match");
  if (strcmp(got, groups) == 0) return 0;
  printf("%s on %.20s: %s, not %s\n", pattern, text, got, groups);
  return 1;
}

/* A text of many characters, and a pattern of many groups. */
static int large(void) {
  enum { MANY = 50000, DEEP = 500 };
  char *text = malloc(MANY + 1), *pattern = malloc(2 * DEEP + 4);
  if (text == NULL || pattern == NULL) return 1;
  memset(text, 'a', MANY);
  text[MANY - 1] = 'b', text[MANY] = '\0';
  int bad = check("(a|x)*b", text, "0-50000 49998-49999");
  memset(pattern, '(', DEEP);
  pattern[DEEP] = 'a', pattern[DEEP + 1] = '+';
  memset(pattern + DEEP + 2, ')', DEEP);
  pattern[2 * DEEP + 2] = '\0';
  regex_t regex;
  regmatch_t m[DEEP + 1];
  if (regcomp(&regex, pattern, REG_EXTENDED) != 0) return bad + 1;
  if (regexec(&regex, "xaay", DEEP + 1, m, 0) != 0 || m[DEEP].rm_so != 1 || m[DEEP].rm_eo != 3)
    bad++, puts("many groups");
  regfree(&regex);
  free(text), free(pattern);
  return bad;
}

int main(void) {
  int bad = large();
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    bad += check(cases[i].pattern, cases[i].text, cases[i].groups);
  printf("%d wrong\n", bad);
  return bad > 0;
}
