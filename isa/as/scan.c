/* scan.c - pieces of the source that are needed before there are tokens: words and arguments of macros. */
#include "source.h"

struct text pg32_as_trim(struct text t) {
  while (t.n && is_space(t.p[0])) t.p++, t.n--;
  while (t.n && is_space(t.p[t.n - 1])) t.n--;
  return t;
}

struct text pg32_as_word_at(const char *p, const char *end) {
  struct text word = {p, 0};
  while (p + word.n < end && is_word(p[word.n])) word.n++;
  return word;
}

struct text pg32_as_argument(const char **p, const char *end, bool all) {
  const char *start = *p;
  unsigned depth = 0;
  while (*p < end) {
    char c = **p;
    if (all) {
      *p = end;
      break;
    }
    if (c == '(') depth++;
    if (c == ')' && depth) depth--;
    if (!depth && c == ',') break;
    if (!depth && is_space(c)) {
      const char *next = *p;
      while (next < end && is_space(*next)) next++;
      char before = *p > start ? (*p)[-1] : ',';
      if (next < end && (is_word(before) || before == ')' || before == '"') &&
          (is_word(*next) || *next == '%' || *next == '"' || *next == '\\'))
        break;
    }
    *p = skip_unit(*p, end);
  }
  return pg32_as_trim((struct text){start, (size_t)(*p - start)});
}

void pg32_as_skip_separator(const char **p, const char *end) {
  while (*p < end && is_space(**p)) (*p)++;
  if (*p < end && **p == ',') (*p)++;
  while (*p < end && is_space(**p)) (*p)++;
}
