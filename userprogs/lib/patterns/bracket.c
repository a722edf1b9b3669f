/* bracket.c - sets in brackets: [a-z], [^0-9], [[:alpha:]_], []x]. */
#include <ctype.h>
#include <string.h>
#include "userprogs/lib/patterns/bracket.h"

static const struct {
  const char *name;
  int (*has)(int c);
} classes[] = {
    {"alnum", isalnum}, {"alpha", isalpha}, {"blank", isblank}, {"cntrl", iscntrl},
    {"digit", isdigit}, {"graph", isgraph}, {"lower", islower}, {"print", isprint},
    {"punct", ispunct}, {"space", isspace}, {"upper", isupper}, {"xdigit", isxdigit},
};

static bool add_class(struct set *set, const char *name, size_t n, bool fold) {
  if (fold && n == 5 && (strncmp(name, "lower", n) == 0 || strncmp(name, "upper", n) == 0)) name = "alpha";
  for (size_t i = 0; i < sizeof classes / sizeof *classes; i++) {
    if (strlen(classes[i].name) != n || strncmp(classes[i].name, name, n) != 0) continue;
    for (int c = 0; c < 256; c++)
      if (classes[i].has(c)) __set_add(set, (unsigned char)c);
    return true;
  }
  return false;
}

static void add_range(struct set *set, int low, int high, bool fold) {
  for (int c = low; c <= high; c++) {
    __set_add(set, (unsigned char)c);
    if (fold) __set_add(set, (unsigned char)tolower(c)), __set_add(set, (unsigned char)toupper(c));
  }
}

/* "[:name:]", "[.x.]" or "[=x=]": where the closing ":]" is, or NULL. */
static const char *end_of_name(const char *p, const char *end) {
  for (const char *q = p + 2; q + 1 < end; q++)
    if (q[0] == p[1] && q[1] == ']') return q;
  return NULL;
}

static bool is_name(const char *p, const char *end, const char *kinds) {
  return p + 1 < end && p[0] == '[' && strchr(kinds, p[1]) != NULL && p[1] != '\0';
}

/* One character, which may be quoted, or [.x.]. */
static enum bracket_error element(const char **p, const char *end, bool escapes, int *c) {
  if (is_name(*p, end, ".=")) {
    const char *closing = end_of_name(*p, end);
    if (closing == NULL) return BRACKET_OPEN;
    if (closing != *p + 3) return BRACKET_COLLATE;
    *c = (unsigned char)(*p)[2], *p = closing + 2;
    return BRACKET_GOOD;
  }
  if (escapes && **p == '\\' && *p + 1 < end) ++*p;
  *c = (unsigned char)*(*p)++;
  return BRACKET_GOOD;
}

enum bracket_error __read_bracket(const char **from, const char *end, const char *negations, bool escapes,
                                  bool fold, struct set *set) {
  const char *p = *from;
  memset(set, 0, sizeof *set);
  bool negated = p < end && *p != '\0' && strchr(negations, *p) != NULL;
  if (negated) p++;
  for (bool first = true; p < end && (*p != ']' || first); first = false) {
    if (is_name(p, end, ":")) {
      const char *closing = end_of_name(p, end);
      if (closing == NULL) return BRACKET_OPEN;
      if (!add_class(set, p + 2, (size_t)(closing - p - 2), fold)) return BRACKET_CLASS;
      p = closing + 2;
      continue;
    }
    int low, high;
    enum bracket_error error = element(&p, end, escapes, &low);
    if (error != BRACKET_GOOD) return error;
    high = low;
    if (p + 1 < end && p[0] == '-' && p[1] != ']') {
      p++;
      error = element(&p, end, escapes, &high);
      if (error != BRACKET_GOOD) return error;
      if (high < low) return BRACKET_RANGE;
    }
    add_range(set, low, high, fold);
  }
  if (p >= end) return BRACKET_OPEN;
  if (negated)
    for (int i = 0; i < 8; i++) set->word[i] = ~set->word[i];
  *from = p + 1;
  return BRACKET_GOOD;
}
