/* scan.c - the scanf family: characters from a stream or a string, one ahead, by a format. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "internal.h"

struct source {
  FILE *f;       /* or NULL: */
  const char *s; /* what is left of the string */
  int ahead;     /* the next character, EOF at the end */
  int count;     /* characters consumed, for %n */
};

enum size { SIZE_CHAR, SIZE_SHORT, SIZE_INT, SIZE_LONG, SIZE_LONG_LONG };

struct scan { /* one conversion */
  bool ignore;
  int width; /* at most so many characters */
  enum size size;
  char conversion;
  const char *set, *set_end; /* of %[ */
  bool outside;              /* %[^ */
};

static int next(struct source *in) {
  if (in->f != NULL) return fgetc(in->f);
  return *in->s != '\0' ? (unsigned char)*in->s++ : EOF;
}

static void advance(struct source *in) {
  in->ahead = next(in);
  in->count++;
}

static void skip_space(struct source *in) {
  while (isspace(in->ahead)) advance(in);
}

/* Takes the character ahead into text if it is the one that is wanted. */
static bool accept(struct source *in, char **text, int *width, bool wanted) {
  if (!wanted || *width == 0) return false;
  *(*text)++ = (char)in->ahead;
  --*width;
  advance(in);
  return true;
}

static bool is_one_of(int c, const char *set) { return c != EOF && c != '\0' && strchr(set, c) != NULL; }

static void store(void *to, enum size size, unsigned long long value) {
  switch (size) {
  case SIZE_CHAR: *(char *)to = (char)value; break;
  case SIZE_SHORT: *(short *)to = (short)value; break;
  case SIZE_INT: *(int *)to = (int)value; break;
  case SIZE_LONG: *(long *)to = (long)value; break;
  case SIZE_LONG_LONG: *(long long *)to = (long long)value; break;
  }
}

static int base_of(char conversion) {
  switch (conversion) {
  case 'i': return 0;
  case 'o': return 8;
  case 'x':
  case 'X':
  case 'p': return 16;
  default: return 10;
  }
}

/* The text of a number, judged by strtoull afterwards. */
static bool number_text(struct source *in, char *text, int width, int base) {
  char *start = text, *limit = text + 66;
  if (width > limit - text) width = (int)(limit - text);
  accept(in, &text, &width, is_one_of(in->ahead, "+-"));
  bool zero = accept(in, &text, &width, in->ahead == '0');
  if (zero && (base == 0 || base == 16) && accept(in, &text, &width, is_one_of(in->ahead, "xX"))) base = 16;
  if (base == 0) base = zero ? 8 : 10;
  while (accept(in, &text, &width, in->ahead != EOF && __digit(in->ahead) < base)) {
  }
  *text = '\0';
  return text > start && __digit((unsigned char)text[-1]) < base;
}

static bool scan_number(struct source *in, const struct scan *scan, void *to) {
  char text[68];
  int base = base_of(scan->conversion);
  skip_space(in);
  if (!number_text(in, text, scan->width, base)) return false;
  if (to != NULL) store(to, scan->size, strtoull(text, NULL, base));
  return true;
}

static bool in_set(const struct scan *scan, int c) {
  bool member = false;
  for (const char *p = scan->set; p < scan->set_end; p++) {
    bool range = p + 2 < scan->set_end && p[1] == '-';
    member |= range ? c >= (unsigned char)p[0] && c <= (unsigned char)p[2] : c == (unsigned char)*p;
    if (range) p += 2;
  }
  return member != scan->outside;
}

static bool belongs(const struct scan *scan, int c) {
  switch (scan->conversion) {
  case 's': return !isspace(c);
  case 'c': return true;
  default: return in_set(scan, c);
  }
}

static bool scan_text(struct source *in, const struct scan *scan, char *to) {
  int n = 0;
  if (scan->conversion == 's') skip_space(in);
  for (; n < scan->width && in->ahead != EOF && belongs(scan, in->ahead); n++) {
    if (to != NULL) to[n] = (char)in->ahead;
    advance(in);
  }
  if (scan->conversion == 'c') return n == scan->width;
  if (to != NULL && n > 0) to[n] = '\0';
  return n > 0;
}

static const char *parse_size(const char *f, enum size *size) {
  *size = SIZE_INT;
  if (f[0] == 'h') {
    *size = f[1] == 'h' ? SIZE_CHAR : SIZE_SHORT;
    return f[1] == 'h' ? f + 2 : f + 1;
  }
  if (f[0] == 'l') {
    *size = f[1] == 'l' ? SIZE_LONG_LONG : SIZE_LONG;
    return f[1] == 'l' ? f + 2 : f + 1;
  }
  if (*f == 'j') *size = SIZE_LONG_LONG;
  return is_one_of(*f, "jzt") ? f + 1 : f;
}

/* A set in brackets; a ] that comes first belongs to it. */
static const char *parse_set(const char *f, struct scan *scan) {
  scan->outside = *f == '^';
  if (scan->outside) f++;
  scan->set = f;
  if (*f == ']') f++;
  while (*f != '\0' && *f != ']') f++;
  scan->set_end = f;
  return *f != '\0' ? f + 1 : f;
}

/* Reads a conversion after its %; answers where it ends. */
static const char *parse(const char *f, struct scan *scan) {
  *scan = (struct scan){0};
  if (*f == '*') scan->ignore = true, f++;
  while (isdigit((unsigned char)*f)) scan->width = scan->width * 10 + *f++ - '0';
  f = parse_size(f, &scan->size);
  scan->conversion = *f;
  if (scan->width == 0) scan->width = scan->conversion == 'c' ? 1 : INT32_MAX;
  if (*f == '\0') return f;
  return *f == '[' ? parse_set(f + 1, scan) : f + 1;
}

static bool convert(struct source *in, const struct scan *scan, void *to) {
  switch (scan->conversion) {
  case 's':
  case 'c':
  case '[': return scan_text(in, scan, to);
  default: return is_one_of(scan->conversion, "diuoxXp") && scan_number(in, scan, to);
  }
}

/* White space and ordinary characters of the format; false if the input differs. */
static bool match(struct source *in, char c) {
  if (isspace((unsigned char)c)) {
    skip_space(in);
    return true;
  }
  if (in->ahead != (unsigned char)c) return false;
  advance(in);
  return true;
}

static int scan_all(struct source *in, const char *f, va_list *args) {
  int stored = 0;
  in->ahead = next(in);
  while (*f != '\0') {
    if (*f != '%') {
      if (!match(in, *f++)) break;
      continue;
    }
    struct scan scan;
    f = parse(f + 1, &scan);
    if (scan.conversion == '%') {
      skip_space(in);
      if (!match(in, '%')) break;
      continue;
    }
    void *to = scan.ignore ? NULL : va_arg(*args, void *);
    if (scan.conversion == 'n') {
      if (to != NULL) store(to, scan.size, (unsigned)in->count);
      continue;
    }
    if (scan.conversion != 'c' && scan.conversion != '[') skip_space(in);
    if (in->ahead == EOF && stored == 0) return EOF;
    if (!convert(in, &scan, to)) break;
    if (!scan.ignore) stored++;
  }
  return stored;
}

int vfscanf(FILE *restrict f, const char *restrict format, va_list args) {
  struct source in = {.f = f};
  va_list rest;
  va_copy(rest, args);
  int n = scan_all(&in, format, &rest);
  va_end(rest);
  ungetc(in.ahead, f);
  return n;
}

int vsscanf(const char *restrict s, const char *restrict format, va_list args) {
  struct source in = {.s = s};
  va_list rest;
  va_copy(rest, args);
  int n = scan_all(&in, format, &rest);
  va_end(rest);
  return n;
}

int fscanf(FILE *restrict f, const char *restrict format, ...) {
  va_list args;
  va_start(args, format);
  int n = vfscanf(f, format, args);
  va_end(args);
  return n;
}

int scanf(const char *restrict format, ...) {
  va_list args;
  va_start(args, format);
  int n = vfscanf(stdin, format, args);
  va_end(args);
  return n;
}

int sscanf(const char *restrict s, const char *restrict format, ...) {
  va_list args;
  va_start(args, format);
  int n = vsscanf(s, format, args);
  va_end(args);
  return n;
}
