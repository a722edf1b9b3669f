/* expand.c - what a word stands for: parameters, substitutions and arithmetic are put in, quotes go, the result is cut
 * into fields, and patterns become the names of files.
 *
 * Each character of the result has a mark that says where it came from; fields and patterns depend on that. */
#include <ctype.h>
#include <fnmatch.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "sh.h"

enum mark {
  TYPED = 'u',   /* typed without quotes: can be part of a pattern */
  QUOTED = 'q',  /* means itself */
  RESULT = 'r',  /* of an expansion without quotes: can be part of a pattern, and is cut at IFS */
  BREAK = 'b',   /* no character: a field ends here, as between "$1" and "$2" in "$@" */
  NOTHING = 'n', /* no character: there was a "" here, so that there is a field */
};

struct out {
  struct text text, marks;
};

static void put(struct out *o, char c, enum mark mark) {
  text_put(&o->text, c);
  text_put(&o->marks, (char)mark);
}

static void put_all(struct out *o, const char *s, enum mark mark) {
  for (; *s != '\0'; s++) put(o, *s, mark);
}

static void expand(struct out *o, const char *s, const char *end, bool quoted, bool here);

static char *finish(struct out *o) {
  text_add(&o->text, "", 0), text_add(&o->marks, "", 0);
  return o->text.s;
}

/* ---- parameters ---- */

_Noreturn static void stop(const char *name, const char *why) {
  complain("%s: %s", name, why);
  abandon(BAD_LINE);
}

static char *number(long n) {
  char digits[24];
  snprintf(digits, sizeof digits, "%ld", n);
  return arena_text(digits, strlen(digits));
}

static char *options(void) {
  struct text t = {0};
  text_add(&t, "", 0);
  if (sh.exit_on_error) text_put(&t, 'e');
  if (sh.no_globs) text_put(&t, 'f');
  if (sh.interactive) text_put(&t, 'i');
  if (sh.no_unset) text_put(&t, 'u');
  if (sh.trace) text_put(&t, 'x');
  return t.s;
}

static char *joined(char separator) {
  struct text t = {0};
  text_add(&t, "", 0);
  for (int i = 0; i < sh.argc; i++) {
    if (i > 0 && separator != '\0') text_put(&t, separator);
    text_add(&t, sh.argv[i], strlen(sh.argv[i]));
  }
  return t.s;
}

static char first_of_ifs(void) {
  const char *ifs = variable("IFS");
  return ifs != NULL ? ifs[0] : ' ';
}

/* NULL: not set. */
static const char *parameter(const char *name) {
  if (isdigit((unsigned char)name[0])) {
    int i = atoi(name);
    return i == 0 ? sh.name : i <= sh.argc ? sh.argv[i - 1] : NULL;
  }
  switch (name[0]) {
  case '?': return number(sh.status);
  case '#': return number(sh.argc);
  case '$': return number(sh.self);
  case '!': return sh.last != 0 ? number(sh.last) : NULL;
  case '-': return options();
  case '@':
  case '*': return sh.argc > 0 ? joined(first_of_ifs()) : NULL;
  default: return variable(name);
  }
}

/* The length of the parameter's name at s; 0: there is none, and the $ means itself. */
static size_t name_length(const char *s, bool braces) {
  size_t n = 0;
  if (isdigit((unsigned char)s[0])) {
    while (isdigit((unsigned char)s[n]) && (braces || n == 0)) n++;
    return n;
  }
  while (isalnum((unsigned char)s[n]) || s[n] == '_') n++;
  return n > 0 ? n : s[0] != '\0' && strchr("?#$!-@*", s[0]) != NULL;
}

/* $@ and $*: without quotes, each parameter is a field at least; "$@" has a field for each. */
static void put_parameters(struct out *o, char which, bool quoted) {
  if (quoted && which == '*') {
    put_all(o, joined(first_of_ifs()), QUOTED);
    return;
  }
  for (int i = 0; i < sh.argc; i++) {
    if (i > 0) put(o, ' ', BREAK);
    if (quoted) put(o, ' ', NOTHING);
    put_all(o, sh.argv[i], quoted ? QUOTED : RESULT);
  }
}

static void put_value(struct out *o, const char *name, const char *value, bool quoted) {
  if (name[0] == '@' || name[0] == '*') {
    put_parameters(o, name[0], quoted);
    return;
  }
  if (value == NULL && sh.no_unset && strchr("?#$!-", name[0]) == NULL) stop(name, "is not set");
  if (value != NULL) put_all(o, value, quoted ? QUOTED : RESULT);
}

static char *expanded(const char *s, const char *end, bool pattern) {
  struct out o = {0};
  expand(&o, s, end, false, false);
  finish(&o);
  struct text t = {0};
  text_add(&t, "", 0);
  for (size_t i = 0; i < o.text.n; i++) {
    if (o.marks.s[i] == NOTHING) continue;
    if (pattern && o.marks.s[i] == QUOTED && strchr("*?[]\\!-", o.text.s[i]) != NULL) text_put(&t, '\\');
    text_put(&t, o.text.s[i]);
  }
  return t.s;
}

/* ${name#pattern} and the like: the value without the shortest (longest) beginning (end) that matches. */
static char *without(const char *value, const char *pattern, bool from_end, bool longest) {
  size_t n = strlen(value);
  for (size_t i = 0; i <= n; i++) {
    size_t k = longest ? n - i : i;
    if (from_end) {
      if (fnmatch(pattern, value + n - k, 0) == 0) return arena_text(value, n - k);
    } else if (fnmatch(pattern, arena_text(value, k), 0) == 0) {
      return arena_text(value + k, n - k);
    }
  }
  return arena_text(value, n);
}

static void braces(struct out *o, const char *s, const char *end, bool quoted) {
  bool length = *s == '#' && s + 1 < end && name_length(s + 1, true) > 0 && s[1] != '}';
  s += length;
  size_t n = name_length(s, true);
  if (n == 0) stop(arena_text(s, (size_t)(end - s)), "is no parameter");
  const char *name = arena_text(s, n), *value = parameter(name);
  s += n;
  if (length) {
    put_all(o, number(value != NULL ? (long)strlen(value) : 0), quoted ? QUOTED : RESULT);
    return;
  }
  if (s == end) {
    put_value(o, name, value, quoted);
    return;
  }
  bool colon = *s == ':', set = value != NULL && !(colon && *value == '\0');
  s += colon;
  char op = *s++;
  bool doubled = s < end && *s == op && (op == '#' || op == '%');
  switch (op) {
  case '-':
    if (set)
      put_value(o, name, value, quoted);
    else
      expand(o, s, end, quoted, false);
    break;
  case '+':
    if (set) expand(o, s, end, quoted, false);
    break;
  case '=':
    if (!set) set_variable(name, expanded(s, end, false)), value = parameter(name);
    put_value(o, name, value, quoted);
    break;
  case '?':
    if (!set) stop(name, s < end ? expanded(s, end, false) : "is not set");
    put_value(o, name, value, quoted);
    break;
  case '#':
  case '%':
    if (value != NULL)
      put_all(o, without(value, expanded(s + doubled, end, true), op == '%', doubled),
              quoted ? QUOTED : RESULT);
    break;
  default: stop(name, "what stands behind it in ${} is unknown");
  }
}

/* ---- substitutions ---- */

static void put_output(struct out *o, const char *text, size_t n, bool quoted) {
  put_all(o, run_substitution(text, n), quoted ? QUOTED : RESULT);
}

/* `...`: a backslash there takes the meaning from `, $, and itself. */
static const char *back_quotes(struct out *o, const char *s, bool quoted) {
  struct text t = {0};
  text_add(&t, "", 0);
  for (; *s != '`'; s++) {
    if (*s == '\\' && (s[1] == '`' || s[1] == '$' || s[1] == '\\')) s++;
    text_put(&t, *s);
  }
  put_output(o, t.s, t.n, quoted);
  return s + 1;
}

/* Is the substitution at s, behind "$(", arithmetic: $((...))? `end` is behind its last bracket. */
static bool is_arithmetic(const char *s, const char *end) {
  if (*s != '(' || end - s < 3 || end[-2] != ')') return false;
  int depth = 0;
  for (const char *c = s; c < end - 1; c++) {
    if (*c == '(') depth++;
    if (*c == ')' && --depth == 0) return c == end - 2;
  }
  return false;
}

static const char *dollar(struct out *o, const char *s, bool quoted) {
  if (s[1] == '(') {
    const char *end = skip_substitution(s + 2);
    if (is_arithmetic(s + 2, end)) {
      struct out inner = {0};
      expand(&inner, s + 3, end - 2, true, false);
      put_all(o, number(arithmetic(finish(&inner))), quoted ? QUOTED : RESULT);
    } else {
      put_output(o, s + 2, (size_t)(end - 1 - (s + 2)), quoted);
    }
    return end;
  }
  if (s[1] == '{') {
    const char *end = skip_braces(s + 2);
    braces(o, s + 2, end - 1, quoted);
    return end;
  }
  size_t n = name_length(s + 1, false);
  if (n == 0) {
    put(o, '$', quoted ? QUOTED : TYPED);
    return s + 1;
  }
  const char *name = arena_text(s + 1, n);
  put_value(o, name, parameter(name), quoted);
  return s + 1 + n;
}

/* ---- quotes ---- */

static const char *single(struct out *o, const char *s) {
  put(o, ' ', NOTHING);
  for (; *s != '\''; s++) put(o, *s, QUOTED);
  return s + 1;
}

/* The end of a text in double quotes that begins at s. */
static const char *double_end(const char *s) {
  while (*s != '"') {
    if (*s == '\\')
      s += 2;
    else if (*s == '$' && s[1] == '(')
      s = skip_substitution(s + 2);
    else if (*s == '$' && s[1] == '{')
      s = skip_braces(s + 2);
    else if (*s == '`')
      for (s++; *s++ != '`';) s += s[-1] == '\\';
    else
      s++;
  }
  return s;
}

static const char *doubled(struct out *o, const char *s) {
  const char *end = double_end(s);
  bool every = end - s == 2 && s[0] == '$' && s[1] == '@'; /* "$@" without parameters is no field at all */
  if (!every) put(o, ' ', NOTHING);
  expand(o, s, end, true, false);
  return end + 1;
}

/* ~ and ~/... at the beginning of a word. */
static const char *tilde(struct out *o, const char *s, const char *end) {
  const char *home = variable("HOME");
  if (home == NULL || s == end || *s != '~' || (s + 1 < end && s[1] != '/')) return s;
  put_all(o, home, QUOTED);
  return s + 1;
}

static const char *backslash(struct out *o, const char *s, bool quoted, bool here) {
  if (s[1] == '\n') return s + 2;
  bool special = !quoted || strchr("$`\\", s[1]) != NULL || (s[1] == '"' && !here);
  if (!special || s[1] == '\0') put(o, '\\', QUOTED);
  if (s[1] == '\0') return s + 1;
  put(o, s[1], QUOTED);
  return s + 2;
}

/* Expands [s, end). quoted: within double quotes; here: in a here document. */
static void expand(struct out *o, const char *s, const char *end, bool quoted, bool here) {
  if (!quoted) s = tilde(o, s, end);
  while (s < end) {
    if (*s == '$')
      s = dollar(o, s, quoted);
    else if (*s == '`')
      s = back_quotes(o, s + 1, quoted);
    else if (*s == '\\')
      s = backslash(o, s, quoted, here);
    else if (*s == '\'' && !quoted)
      s = single(o, s + 1);
    else if (*s == '"' && !here)
      s = doubled(o, s + 1);
    else
      put(o, *s++, quoted ? QUOTED : TYPED);
  }
}

/* ---- fields ---- */

struct fields {
  struct word **end;
};

static void add_field(struct fields *f, const char *text) {
  struct word *w = arena_alloc(sizeof *w);
  w->raw = text;
  *f->end = w, f->end = &w->next;
}

/* A field is a pattern if one of * ? [ in it was not quoted. The names that match take its place, if there are any. */
static void add_matches(struct fields *f, const char *text, const char *pattern) {
  glob_t found;
  if (sh.no_globs || pattern == NULL || glob(pattern, 0, NULL, &found) != 0) {
    add_field(f, text);
    return;
  }
  for (size_t i = 0; i < found.gl_pathc; i++)
    add_field(f, arena_text(found.gl_pathv[i], strlen(found.gl_pathv[i])));
  globfree(&found);
}

/* The field of characters [from, to). */
static void add_range(struct fields *f, const struct out *o, size_t from, size_t to) {
  struct text plain = {0}, pattern = {0};
  bool matches = false;
  text_add(&plain, "", 0), text_add(&pattern, "", 0);
  for (size_t i = from; i < to; i++) {
    char c = o->text.s[i], mark = o->marks.s[i];
    if (mark == NOTHING) continue;
    bool special = strchr("*?[", c) != NULL;
    if (special && mark != QUOTED) matches = true;
    if (mark == QUOTED && strchr("*?[]\\", c) != NULL) text_put(&pattern, '\\');
    text_put(&pattern, c);
    text_put(&plain, c);
  }
  add_matches(f, plain.s, matches ? pattern.s : NULL);
}

static void split(struct fields *f, const struct out *o) {
  const char *ifs = variable("IFS");
  if (ifs == NULL) ifs = " \t\n";
  size_t from = 0;
  bool any = false; /* the field at hand has begun */
  for (size_t i = 0; i < o->text.n; i++) {
    char c = o->text.s[i], mark = o->marks.s[i];
    bool cut = mark == BREAK || (mark == RESULT && strchr(ifs, c) != NULL);
    if (!cut) {
      any = true;
      continue;
    }
    bool blank = mark == RESULT && isspace((unsigned char)c);
    if (any || (mark == RESULT && !blank)) add_range(f, o, from, i);
    if (any && blank) { /* blanks around another separator are a part of it */
      size_t k = i;
      while (k < o->text.n && o->marks.s[k] == RESULT && strchr(ifs, o->text.s[k]) != NULL &&
             isspace((unsigned char)o->text.s[k]))
        k++;
      bool other = k < o->text.n && o->marks.s[k] == RESULT && strchr(ifs, o->text.s[k]) != NULL;
      i = other ? k : k - 1;
    }
    any = false, from = i + 1;
  }
  if (any) add_range(f, o, from, o->text.n);
}

struct word *expand_words(struct word *words) {
  struct word *first = NULL;
  struct fields f = {&first};
  for (; words != NULL; words = words->next) {
    struct out o = {0};
    expand(&o, words->raw, words->raw + strlen(words->raw), false, false);
    finish(&o);
    split(&f, &o);
  }
  return first;
}

char *expand_text(const char *raw) { return expanded(raw, raw + strlen(raw), false); }
char *expand_pattern(const char *raw) { return expanded(raw, raw + strlen(raw), true); }

char *expand_here(const char *raw) {
  struct out o = {0};
  expand(&o, raw, raw + strlen(raw), true, true);
  return finish(&o);
}
