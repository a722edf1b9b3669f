/* scan.c - the scanf family: characters from a stream or a string, by a format. A character is read only when it
 * is needed: reading one may mean to wait for a person. So `%c` leaves alone what follows, and a number reads the
 * one character that ends it, which goes back to the stream. */
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include "internal.h"

struct source {
  FILE *f;       /* or NULL: */
  const char *s; /* what is left of the string */
  bool is_ahead; /* `ahead` has been read, and not been consumed */
  int ahead;     /* the next character, EOF at the end */
  int count;     /* characters consumed, for %n */
  bool wide;     /* a character is one of UTF-8, else a byte */
};

enum size { SIZE_CHAR, SIZE_SHORT, SIZE_INT, SIZE_LONG, SIZE_LONG_LONG, SIZE_LONG_DOUBLE };

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

static int peek(struct source *in) {
  if (!in->is_ahead) in->ahead = next(in), in->is_ahead = true;
  return in->ahead;
}

static void advance(struct source *in) {
  in->is_ahead = false;
  in->count += !in->wide || (in->ahead & 0xC0) != 0x80;
}

static void skip_space(struct source *in) {
  while (isspace(peek(in))) advance(in);
}

static bool is_one_of(int c, const char *set) { return c != EOF && c != '\0' && strchr(set, c) != NULL; }

static void store(void *to, enum size size, unsigned long long value) {
  switch (size) {
  case SIZE_CHAR: *(char *)to = (char)value; break;
  case SIZE_SHORT: *(short *)to = (short)value; break;
  case SIZE_INT: *(int *)to = (int)value; break;
  case SIZE_LONG: *(long *)to = (long)value; break;
  default: *(long long *)to = (long long)value; break;
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

/* Takes the next character if it is one of the set. */
static bool accept(struct source *in, int *width, const char *set) {
  if (*width == 0 || !is_one_of(peek(in), set)) return false;
  --*width;
  advance(in);
  return true;
}

/* All digits that follow; what is too large is ULLONG_MAX. False: there is none. */
static bool digits(struct source *in, int width, unsigned base, unsigned long long *value) {
  bool any = false, fits = true;
  for (int d; width > 0 && peek(in) != EOF && (d = __digit(in->ahead)) < (int)base; width--, any = true) {
    fits &= !__builtin_mul_overflow(*value, base, value);
    fits &= !__builtin_add_overflow(*value, (unsigned)d, value);
    advance(in);
  }
  if (!fits) *value = ULLONG_MAX;
  return any;
}

static bool scan_number(struct source *in, const struct scan *scan, void *to) {
  int base = base_of(scan->conversion), width = scan->width;
  unsigned long long value = 0;
  bool minus = accept(in, &width, "-");
  if (!minus) accept(in, &width, "+");
  bool any = (base == 0 || base == 16) && accept(in, &width, "0");
  if (any && accept(in, &width, "xX"))
    base = 16, any = false;
  else if (base == 0)
    base = any ? 8 : 10;
  any |= digits(in, width, (unsigned)base, &value);
  const unsigned long long most = (unsigned long long)LLONG_MAX + minus;
  if ((scan->conversion == 'd' || scan->conversion == 'i') && value > most) value = most;
  if (any && to != NULL) store(to, scan->size, minus ? -value : value);
  return any;
}

#define REAL_MAX 1200 /* characters of a number; more digits do not count */

/* Takes the next character into the text if it is one of the set. */
static bool take(struct source *in, int *width, const char *set, char *text, int *n) {
  int c = peek(in);
  if (!accept(in, width, set)) return false;
  if (*n < REAL_MAX) text[(*n)++] = (char)c;
  return true;
}

static bool take_word(struct source *in, int *width, const char *word, char *text, int *n) {
  for (; *word != '\0'; word++) {
    char both[3] = {*word, (char)(*word - 'a' + 'A'), '\0'};
    if (!take(in, width, both, text, n)) return false;
  }
  return true;
}

/* The text of a floating-point number, as far as it is the beginning of one. */
static bool real_text(struct source *in, int width, char *text, int *n) {
  const char *digits = "0123456789", *letter = "eE";
  bool any = false;
  take(in, &width, "+-", text, n);
  if (is_one_of(peek(in), "iI"))
    return take_word(in, &width, "inf", text, n) &&
           (!is_one_of(peek(in), "iI") || take_word(in, &width, "inity", text, n));
  if (is_one_of(peek(in), "nN")) return take_word(in, &width, "nan", text, n);
  if (take(in, &width, "0", text, n)) {
    any = true;
    if (take(in, &width, "xX", text, n)) digits = "0123456789abcdefABCDEF", letter = "pP", any = false;
  }
  while (take(in, &width, digits, text, n)) any = true;
  if (take(in, &width, ".", text, n))
    while (take(in, &width, digits, text, n)) any = true;
  if (!any || !take(in, &width, letter, text, n)) return any;
  take(in, &width, "+-", text, n);
  any = false;
  while (take(in, &width, "0123456789", text, n)) any = true;
  return any;
}

static bool scan_real(struct source *in, const struct scan *scan, void *to) {
  char text[REAL_MAX + 1];
  int n = 0;
  if (!real_text(in, scan->width, text, &n)) return false;
  text[n] = '\0';
  if (to == NULL) return true;
  if (scan->size == SIZE_LONG_DOUBLE)
    *(long double *)to = strtold(text, NULL);
  else if (scan->size == SIZE_LONG)
    *(double *)to = strtod(text, NULL);
  else
    *(float *)to = strtof(text, NULL);
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
  for (; n < scan->width && peek(in) != EOF && belongs(scan, in->ahead); n++) {
    if (to != NULL) to[n] = (char)in->ahead;
    advance(in);
  }
  if (scan->conversion == 'c') return n == scan->width;
  if (to != NULL && n > 0) to[n] = '\0';
  return n > 0;
}

/* ---- text of whole characters, for wprintf's sisters, and for %ls, %lc and %l[ ---- */

struct character {
  char bytes[4];
  size_t n;
  wchar_t wide;
};

/* Takes the next character. False, and the source as before: there is none. */
static bool take_character(struct source *in, struct character *c) {
  mbstate_t state = {0};
  for (c->n = 0; c->n < sizeof c->bytes && peek(in) != EOF;) {
    c->bytes[c->n] = (char)in->ahead;
    size_t done = mbrtowc(&c->wide, c->bytes + c->n, 1, &state);
    if (done == (size_t)-1) break;
    c->n++;
    advance(in);
    if (done <= 1) return true;
  }
  if (c->n == 0 && peek(in) != EOF) errno = EILSEQ;
  return false;
}

static void give_back(struct source *in, const struct character *c) {
  if (in->is_ahead && in->f != NULL) ungetc(in->ahead, in->f);
  if (in->is_ahead && in->f == NULL && in->ahead != EOF) in->s--;
  in->is_ahead = false;
  for (size_t i = c->n; i > 0; i--) {
    in->count -= !in->wide || i == 1;
    if (in->f != NULL) ungetc((unsigned char)c->bytes[i - 1], in->f);
    if (in->f == NULL) in->s--;
  }
}

static bool wide_in_set(const struct scan *scan, wchar_t c) {
  bool member = false;
  wchar_t one, last;
  for (const char *p = scan->set; p < scan->set_end;) {
    size_t n = mbrtowc(&one, p, (size_t)(scan->set_end - p), &(mbstate_t){0});
    if ((int)n <= 0) break;
    p += n, last = one;
    if (p + 1 < scan->set_end && *p == '-') {
      n = mbrtowc(&last, p + 1, (size_t)(scan->set_end - p - 1), &(mbstate_t){0});
      if ((int)n > 0) p += n + 1;
    }
    member |= c >= one && c <= last;
  }
  return member != scan->outside;
}

static bool scan_characters(struct source *in, const struct scan *scan, void *to) {
  wchar_t *wide = scan->size == SIZE_LONG ? to : NULL;
  char *narrow = scan->size == SIZE_LONG ? NULL : to;
  struct character c;
  int n = 0;
  for (; n < scan->width && take_character(in, &c); n++) {
    bool mine = scan->conversion == 'c' ||
                (scan->conversion == 's' ? c.wide > 127 || !isspace((int)c.wide) : wide_in_set(scan, c.wide));
    if (!mine) {
      give_back(in, &c);
      break;
    }
    if (wide != NULL) *wide++ = c.wide;
    if (narrow != NULL) memcpy(narrow, c.bytes, c.n), narrow += c.n;
  }
  if (scan->conversion == 'c') return n == scan->width;
  if (wide != NULL) *wide = 0;
  if (narrow != NULL) *narrow = '\0';
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
  if (*f == 'j' || *f == 'q') *size = SIZE_LONG_LONG;
  if (*f == 'L') *size = SIZE_LONG_DOUBLE;
  return is_one_of(*f, "jztqL") ? f + 1 : f;
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
  case '[':
    if (in->wide || scan->size == SIZE_LONG) return scan_characters(in, scan, to);
    return scan_text(in, scan, to);
  case 'a':
  case 'e':
  case 'f':
  case 'g':
  case 'A':
  case 'E':
  case 'F':
  case 'G': return scan_real(in, scan, to);
  default: return is_one_of(scan->conversion, "diuoxXp") && scan_number(in, scan, to);
  }
}

enum outcome { GOOD, NO_MATCH, NO_INPUT };

/* White space and ordinary characters of the format. */
static enum outcome match(struct source *in, char c) {
  if (isspace((unsigned char)c)) {
    skip_space(in);
    return GOOD;
  }
  if (peek(in) == EOF) return NO_INPUT;
  if (in->ahead != (unsigned char)c) return NO_MATCH;
  advance(in);
  return GOOD;
}

static enum outcome scan_one(struct source *in, const struct scan *scan, void *to) {
  if (scan->conversion == 'n') {
    if (to != NULL) store(to, scan->size, (unsigned)in->count);
    return GOOD;
  }
  if (scan->conversion != 'c' && scan->conversion != '[') skip_space(in);
  if (scan->conversion == '%') return match(in, '%');
  if (peek(in) == EOF) return NO_INPUT;
  return convert(in, scan, to) ? GOOD : NO_MATCH;
}

/* What scanf returns: how many values were stored, or EOF if the input ended before the first conversion. */
static int scan_all(struct source *in, const char *f, va_list *args) {
  int stored = 0;
  bool converted = false;
  while (*f != '\0') {
    enum outcome outcome;
    if (*f != '%') {
      outcome = match(in, *f++);
    } else {
      struct scan scan;
      f = parse(f + 1, &scan);
      bool is_value = scan.conversion != '%' && scan.conversion != 'n';
      void *to = scan.ignore || scan.conversion == '%' ? NULL : va_arg(*args, void *);
      outcome = scan_one(in, &scan, to);
      converted |= outcome == GOOD && is_value;
      stored += outcome == GOOD && is_value && !scan.ignore;
    }
    if (outcome == NO_INPUT && !converted) return EOF;
    if (outcome != GOOD) break;
  }
  return stored;
}

int __scan(void *f, const char *s, const char *format, va_list args, bool wide) {
  struct source in = {.f = f, .s = s, .wide = wide};
  va_list rest;
  va_copy(rest, args);
  int n = scan_all(&in, format, &rest);
  va_end(rest);
  if (in.is_ahead && f != NULL) ungetc(in.ahead, f);
  return n;
}

int vfscanf(FILE *restrict f, const char *restrict format, va_list args) {
  return __scan(f, NULL, format, args, false);
}

int vsscanf(const char *restrict s, const char *restrict format, va_list args) {
  return __scan(NULL, s, format, args, false);
}

int fscanf(FILE *restrict f, const char *restrict format, ...) {
  va_list args;
  va_start(args, format);
  int n = vfscanf(f, format, args);
  va_end(args);
  return n;
}

int vscanf(const char *restrict format, va_list args) { return vfscanf(stdin, format, args); }

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
