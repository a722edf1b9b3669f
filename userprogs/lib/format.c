/* format.c - what the printf family has in common: a format and its arguments to a sink. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "real.h"

#define NUMBER_MAX 24 /* digits of 64 bits in octal are 22 */

struct number {
  const char *prefix;
  char digits[NUMBER_MAX];
  int count;
};

/* How far text moves the cursor. */
static size_t columns(const struct sink *sink, const char *s, size_t n) {
  size_t points = 0;
  for (size_t i = 0; sink->wide && i < n; i++) points += (s[i] & 0xC0) != 0x80;
  return sink->wide ? points : n;
}

void __emit(struct sink *sink, const char *s, size_t n) {
  sink->total += (int)columns(sink, s, n);
  if (n > 0) sink->put(sink, s, n);
}

static void emit(struct sink *sink, const char *s, size_t n) { __emit(sink, s, n); }

static void emit_repeated(struct sink *sink, char c, int n) {
  char run[16];
  memset(run, c, sizeof run);
  for (; n > 0; n -= (int)sizeof run) emit(sink, run, n < (int)sizeof run ? (size_t)n : sizeof run);
}

/* Text in a field of at least the width of the conversion. */
static void emit_text(struct sink *sink, const struct spec *spec, const char *s, size_t n) {
  int padding = spec->width - (int)columns(sink, s, n);
  if (!spec->left) emit_repeated(sink, ' ', padding);
  emit(sink, s, n);
  if (spec->left) emit_repeated(sink, ' ', padding);
}

static void emit_number(struct sink *sink, const struct spec *spec, const struct number *number) {
  int prefix = (int)strlen(number->prefix);
  int zeros = spec->precision - number->count;
  if (spec->zero && !spec->left && spec->precision < 0) zeros = spec->width - prefix - number->count;
  if (zeros < 0) zeros = 0;
  int padding = spec->width - prefix - zeros - number->count;
  if (!spec->left) emit_repeated(sink, ' ', padding);
  emit(sink, number->prefix, (size_t)prefix);
  emit_repeated(sink, '0', zeros);
  emit(sink, number->digits + NUMBER_MAX - number->count, (size_t)number->count);
  if (spec->left) emit_repeated(sink, ' ', padding);
}

/* The digits of a value, right-aligned in number->digits; none for 0. */
static void to_digits(struct number *number, unsigned long long value, unsigned base, bool capital) {
  const char *set = capital ? "0123456789ABCDEF" : "0123456789abcdef";
  char *p = number->digits + NUMBER_MAX;
  for (; value > UINT32_MAX; value /= base) *--p = set[value % base];
  for (uint32_t word = (uint32_t)value; word > 0; word /= base) *--p = set[word % base];
  number->count = (int)(number->digits + NUMBER_MAX - p);
}

static long long signed_argument(enum length length, va_list *args) {
  switch (length) {
  case LENGTH_CHAR: return (signed char)va_arg(*args, int);
  case LENGTH_SHORT: return (short)va_arg(*args, int);
  case LENGTH_INT: return va_arg(*args, int);
  case LENGTH_LONG: return va_arg(*args, long);
  default: return va_arg(*args, long long);
  }
}

static unsigned long long unsigned_argument(enum length length, va_list *args) {
  switch (length) {
  case LENGTH_CHAR: return (unsigned char)va_arg(*args, int);
  case LENGTH_SHORT: return (unsigned short)va_arg(*args, int);
  case LENGTH_INT: return va_arg(*args, unsigned);
  case LENGTH_LONG: return va_arg(*args, unsigned long);
  default: return va_arg(*args, unsigned long long);
  }
}

/* A number 0 has one digit, unless a precision of 0 asks for none. */
static void zero_digit(struct number *number, const struct spec *spec) {
  if (number->count == 0 && spec->precision != 0) number->digits[NUMBER_MAX - ++number->count] = '0';
}

static void convert_signed(struct sink *sink, const struct spec *spec, va_list *args) {
  struct number number;
  long long value = signed_argument(spec->length, args);
  to_digits(&number, value < 0 ? -(unsigned long long)value : (unsigned long long)value, 10, false);
  number.prefix = value < 0 ? "-" : spec->plus ? "+" : spec->space ? " " : "";
  zero_digit(&number, spec);
  emit_number(sink, spec, &number);
}

static void convert_unsigned(struct sink *sink, const struct spec *spec, va_list *args) {
  struct number number;
  unsigned long long value = unsigned_argument(spec->length, args);
  char c = spec->conversion;
  to_digits(&number, value, c == 'u' ? 10 : c == 'o' ? 8 : 16, c == 'X');
  bool hex = c == 'x' || c == 'X';
  number.prefix = spec->alternate && hex && value != 0 ? (c == 'x' ? "0x" : "0X") : "";
  zero_digit(&number, spec);
  bool leading_zero = spec->alternate && c == 'o' && number.digits[NUMBER_MAX - number.count] != '0';
  if (leading_zero || (spec->alternate && c == 'o' && number.count == 0))
    number.digits[NUMBER_MAX - ++number.count] = '0';
  emit_number(sink, spec, &number);
}

static void convert_pointer(struct sink *sink, const struct spec *spec, va_list *args) {
  struct number number = {.prefix = "0x"};
  uintptr_t value = (uintptr_t)va_arg(*args, void *);
  if (value == 0) {
    emit_text(sink, spec, "(nil)", 5);
    return;
  }
  to_digits(&number, value, 16, false);
  emit_number(sink, spec, &number);
}

/* The bytes of a wide text that the precision lets through, and its columns: with `show` they are emitted. */
static size_t wide_text(struct sink *sink, const struct spec *spec, const wchar_t *s, bool show,
                        size_t *count) {
  size_t most = spec->precision < 0 ? SIZE_MAX : (size_t)spec->precision, bytes = 0;
  char c[4];
  for (*count = 0; (sink->wide ? *count : bytes) < most && *s != 0; ++*count) {
    size_t n = __encode(c, (unsigned)*s++);
    if (n == 0) sink->failed = true;
    if (n == 0 || (!sink->wide && n > most - bytes)) break;
    if (show) emit(sink, c, n);
    bytes += n;
  }
  return bytes;
}

static void convert_wide_string(struct sink *sink, const struct spec *spec, const wchar_t *s) {
  size_t count, bytes = wide_text(sink, spec, s, false, &count);
  int padding = spec->width - (int)(sink->wide ? count : bytes);
  if (sink->failed) return;
  if (!spec->left) emit_repeated(sink, ' ', padding);
  wide_text(sink, spec, s, true, &count);
  if (spec->left) emit_repeated(sink, ' ', padding);
}

/* The bytes of a text that the precision lets through. */
static size_t text_bytes(const struct sink *sink, const struct spec *spec, const char *s) {
  if (spec->precision < 0) return strlen(s);
  if (!sink->wide) return strnlen(s, (size_t)spec->precision);
  size_t n = 0;
  for (int left = spec->precision; s[n] != '\0'; n++)
    if ((s[n] & 0xC0) != 0x80 && left-- == 0) break;
  return n;
}

static void convert_string(struct sink *sink, const struct spec *spec, va_list *args) {
  const char *s = va_arg(*args, const char *);
  if (s != NULL && spec->length == LENGTH_LONG) {
    convert_wide_string(sink, spec, (const wchar_t *)s);
    return;
  }
  if (s == NULL) s = spec->precision < 0 || spec->precision >= 6 ? "(null)" : "";
  emit_text(sink, spec, s, text_bytes(sink, spec, s));
}

static void convert_character(struct sink *sink, const struct spec *spec, va_list *args) {
  int value = va_arg(*args, int);
  char c[4] = {(char)value};
  size_t n = spec->length == LENGTH_LONG ? __encode(c, (unsigned)value) : 1;
  if (n == 0) sink->failed = true;
  emit_text(sink, spec, c, n);
}

/* An exponent and a fraction as they stand in a number's bits. */
static struct printed taken_apart(int exponent, int special, const uint32_t m[4]) {
  struct printed n = {.kind = FINITE, .m = {m[0], m[1], m[2], m[3]}};
  bool any = (m[0] | m[1] | m[2] | m[3]) != 0;
  if (exponent == special)
    n.kind = any ? NAN_ : INFINITE;
  else if (exponent == 0 && !any)
    n.kind = ZERO;
  else if (exponent > 0)
    n.m[3] |= 1 << 16;
  n.exponent = (exponent > 0 ? exponent : 1) - special / 2;
  return n;
}

static struct printed of_double(double value) {
  uint64_t bits = __bits(value), fraction = bits & FRACTION;
  uint32_t m[4] = {0, (uint32_t)fraction << 28, (uint32_t)(fraction >> 4), (uint32_t)(fraction >> 36)};
  struct printed n = taken_apart((int)(bits >> 52 & 2047), 2047, m);
  n.sign = bits >> 63, n.nibbles = 13;
  return n;
}

static struct printed of_long_double(long double value) {
  union {
    long double wide;
    uint32_t word[4];
  } u = {.wide = value};
  uint32_t top = u.word[3], m[4] = {u.word[0], u.word[1], u.word[2], top & 0xFFFF};
  struct printed n = taken_apart((int)(top >> 16 & 0x7FFF), 0x7FFF, m);
  n.sign = top >> 31, n.nibbles = 28;
  return n;
}

static void convert_real(struct sink *sink, const struct spec *spec, va_list *args) {
  struct printed n = spec->length == LENGTH_LONG_DOUBLE ? of_long_double(va_arg(*args, long double))
                                                        : of_double(va_arg(*args, double));
  __format_real(sink, spec, &n);
}

static const char *parse_flags(const char *f, struct spec *spec) {
  for (;; f++) {
    switch (*f) {
    case '-': spec->left = true; break;
    case '+': spec->plus = true; break;
    case ' ': spec->space = true; break;
    case '#': spec->alternate = true; break;
    case '0': spec->zero = true; break;
    default: return f;
    }
  }
}

/* A decimal number, or * for an argument. */
static const char *parse_count(const char *f, int *count, va_list *args) {
  if (*f == '*') {
    *count = va_arg(*args, int);
    return f + 1;
  }
  for (*count = 0; __digit((unsigned char)*f) < 10; f++) *count = *count * 10 + *f - '0';
  return f;
}

static const char *parse_length(const char *f, enum length *length) {
  *length = LENGTH_INT;
  switch (*f) {
  case 'h': *length = f[1] == 'h' ? LENGTH_CHAR : LENGTH_SHORT; break;
  case 'l': *length = f[1] == 'l' ? LENGTH_LONG_LONG : LENGTH_LONG; break;
  case 'z':
  case 't': *length = LENGTH_LONG; break;
  case 'j':
  case 'q': *length = LENGTH_LONG_LONG; break;
  case 'L': *length = LENGTH_LONG_DOUBLE; break;
  default: return f;
  }
  return f + (f[1] == f[0] && (*f == 'h' || *f == 'l') ? 2 : 1);
}

/* Reads a conversion after its %; answers where it ends. */
static const char *parse(const char *f, struct spec *spec, va_list *args) {
  *spec = (struct spec){.precision = -1};
  f = parse_flags(f, spec);
  f = parse_count(f, &spec->width, args);
  if (spec->width < 0) spec->left = true, spec->width = -spec->width;
  if (*f == '.') f = parse_count(f + 1, &spec->precision, args);
  f = parse_length(f, &spec->length);
  spec->conversion = *f;
  return *f != '\0' ? f + 1 : f;
}

static void convert(struct sink *sink, const struct spec *spec, va_list *args, const char *text, size_t n) {
  switch (spec->conversion) {
  case 'd':
  case 'i': convert_signed(sink, spec, args); break;
  case 'u':
  case 'o':
  case 'x':
  case 'X': convert_unsigned(sink, spec, args); break;
  case 'f':
  case 'F':
  case 'e':
  case 'E':
  case 'g':
  case 'G':
  case 'a':
  case 'A': convert_real(sink, spec, args); break;
  case 'p': convert_pointer(sink, spec, args); break;
  case 's': convert_string(sink, spec, args); break;
  case 'c': convert_character(sink, spec, args); break;
  case '%': emit(sink, "%", 1); break;
  default: emit(sink, text, n); /* unknown: as it stands */
  }
}

void __format(struct sink *sink, const char *format, va_list args) {
  va_list rest; /* a va_list argument may be an array, of which no address can be passed on */
  va_copy(rest, args);
  sink->total = 0, sink->failed = false;
  while (!sink->failed && *format != '\0') {
    const char *percent = strchr(format, '%');
    size_t plain = percent != NULL ? (size_t)(percent - format) : strlen(format);
    emit(sink, format, plain);
    format += plain;
    if (percent == NULL) break;
    struct spec spec;
    format = parse(percent + 1, &spec, &rest);
    convert(sink, &spec, &rest, percent, (size_t)(format - percent));
  }
  va_end(rest);
  if (sink->failed) errno = EILSEQ, sink->total = -1;
}

/* ---- to memory ---- */

struct string_sink {
  struct sink sink;
  char *s;
  size_t room; /* without the final NUL */
};

static void put_string(struct sink *sink, const char *s, size_t n) {
  struct string_sink *out = (struct string_sink *)sink;
  if (n > out->room) n = out->room;
  memcpy(out->s, s, n);
  out->s += n, out->room -= n;
}

NO_BUILTIN int vsnprintf(char *restrict s, size_t size, const char *restrict format, va_list args) {
  struct string_sink out = {{.put = put_string}, s, size > 0 ? size - 1 : 0};
  __format(&out.sink, format, args);
  if (size > 0) *out.s = '\0';
  return out.sink.total;
}

NO_BUILTIN int vsprintf(char *restrict s, const char *restrict format, va_list args) {
  return vsnprintf(s, SIZE_MAX, format, args);
}

NO_BUILTIN int vasprintf(char **restrict s, const char *restrict format, va_list args) {
  va_list again;
  va_copy(again, args);
  int n = vsnprintf(NULL, 0, format, args);
  *s = n >= 0 ? program_malloc((size_t)n + 1) : NULL;
  if (*s != NULL) vsprintf(*s, format, again);
  va_end(again);
  return *s != NULL ? n : -1;
}

NO_BUILTIN int snprintf(char *restrict s, size_t size, const char *restrict format, ...) {
  va_list args;
  va_start(args, format);
  int n = vsnprintf(s, size, format, args);
  va_end(args);
  return n;
}

NO_BUILTIN int sprintf(char *restrict s, const char *restrict format, ...) {
  va_list args;
  va_start(args, format);
  int n = vsprintf(s, format, args);
  va_end(args);
  return n;
}

NO_BUILTIN int asprintf(char **restrict s, const char *restrict format, ...) {
  va_list args;
  va_start(args, format);
  int n = vasprintf(s, format, args);
  va_end(args);
  return n;
}
