/* test.c - test and [: conditions about strings, numbers and files. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "sh.h"

struct test {
  char **at, **end;
  bool wrong;
};

static bool alternatives(struct test *t);

static bool about_file(char what, const char *path) {
  struct stat st;
  if (what == 't') return isatty(atoi(path));
  if (stat(path, &st) < 0) return false;
  switch (what) {
  case 'd': return S_ISDIR(st.st_mode);
  case 'f': return S_ISREG(st.st_mode);
  case 's': return st.st_size > 0;
  case 'c': return S_ISCHR(st.st_mode);
  case 'p': return S_ISFIFO(st.st_mode);
  case 'h':
  case 'L':
  case 'b': return false;
  default: return true; /* -e, -r, -w, -x: there are no permissions */
  }
}

static long number(struct test *t, const char *s) {
  char *end;
  long n = strtol(s, &end, 10);
  if (end == s || *end != '\0') {
    complain("test: %s: is no number", s);
    t->wrong = true;
  }
  return n;
}

static bool is_binary(const char *op) {
  static const char *const ops[] = {"=",   "!=", "-eq", "-ne", "-lt", "-le", "-gt",
                                    "-ge", "<",  ">",   "-nt", "-ot", "-ef"};
  for (size_t i = 0; i < sizeof ops / sizeof ops[0]; i++)
    if (strcmp(op, ops[i]) == 0) return true;
  return false;
}

static bool files(const char *a, char op, const char *b) {
  struct stat x, y;
  bool has_a = stat(a, &x) == 0, has_b = stat(b, &y) == 0;
  if (op == 'e') return has_a && has_b && x.st_ino == y.st_ino;
  if (op == 'o') return has_b && (!has_a || x.st_mtime < y.st_mtime);
  return has_a && (!has_b || x.st_mtime > y.st_mtime);
}

static bool compare(struct test *t, const char *a, const char *op, const char *b) {
  if (op[0] != '-') {
    int order = strcmp(a, b);
    return op[0] == '=' ? order == 0 : op[0] == '!' ? order != 0 : op[0] == '<' ? order < 0 : order > 0;
  }
  if (strcmp(op, "-nt") == 0 || strcmp(op, "-ot") == 0 || strcmp(op, "-ef") == 0) return files(a, op[1], b);
  long x = number(t, a), y = number(t, b);
  switch (op[1] << 8 | op[2]) {
  case 'e' << 8 | 'q': return x == y;
  case 'n' << 8 | 'e': return x != y;
  case 'l' << 8 | 't': return x < y;
  case 'l' << 8 | 'e': return x <= y;
  case 'g' << 8 | 't': return x > y;
  default: return x >= y;
  }
}

static bool primary(struct test *t) {
  long left = t->end - t->at;
  if (left == 0) {
    complain("test: something is missing at the end");
    t->wrong = true;
    return false;
  }
  if (left >= 3 && is_binary(t->at[1])) {
    t->at += 3;
    return compare(t, t->at[-3], t->at[-2], t->at[-1]);
  }
  char *word = *t->at++;
  if (left == 1) return *word != '\0';
  if (strcmp(word, "!") == 0) return !primary(t);
  if (strcmp(word, "(") == 0) {
    bool result = alternatives(t);
    t->wrong |= t->at == t->end || strcmp(*t->at++, ")") != 0;
    return result;
  }
  if (word[0] != '-' || word[1] == '\0' || word[2] != '\0' || strchr("defrswxntczphLb", word[1]) == NULL)
    return *word != '\0';
  const char *operand = *t->at++;
  if (word[1] == 'z') return *operand == '\0';
  if (word[1] == 'n') return *operand != '\0';
  return about_file(word[1], operand);
}

static bool both(struct test *t) {
  bool result = primary(t);
  while (t->at < t->end && strcmp(*t->at, "-a") == 0) t->at++, result = primary(t) && result;
  return result;
}

static bool alternatives(struct test *t) {
  bool result = both(t);
  while (t->at < t->end && strcmp(*t->at, "-o") == 0) t->at++, result = both(t) || result;
  return result;
}

int do_test(int argc, char **argv) {
  if (strcmp(argv[0], "[") == 0 && strcmp(argv[--argc], "]") != 0) {
    complain("[: a ] is missing");
    return BAD_LINE;
  }
  struct test t = {argv + 1, argv + argc, false};
  if (argc == 1) return 1;
  bool result = alternatives(&t);
  if (!t.wrong && t.at < t.end) {
    complain("test: %s: is not expected there", *t.at);
    t.wrong = true;
  }
  return t.wrong ? BAD_LINE : !result;
}
