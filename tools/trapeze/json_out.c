/* json_out.c - writing JSON. */
#include <stdlib.h>
#include <string.h>

#include "isa/utf8.h"
#include "json_out.h"
#include "trapeze.h"
#include "untrusted.h"

/* ---- to a stream ---- */

/* Needs the byte no escaping? ASCII without controls, quotes and backslashes. */
static bool is_plain(char c) { return c >= ' ' && c < 0x7F && c != '"' && c != '\\'; }

/* The same for eight bytes at once, which are ASCII above '\a' and below 0x7F: each `&` leaves the highest bit of a
 * byte that is not plain. */
static bool are_plain(const char *text) {
  const uint64_t each = 0x0101010101010101, high = each * 0x80;
  uint64_t eight;
  memcpy(&eight, text, sizeof eight);
  const uint64_t quote = eight ^ each * '"', backslash = eight ^ each * '\\';
  const uint64_t control = eight - each * ' ', quotes = (quote - each) & ~quote,
                 backslashes = (backslash - each) & ~backslash;
  return !((eight | (eight + each) | control | quotes | backslashes) & high);
}

/* How many of the n bytes of `text` need no escaping, up to the first one that does. */
static size_t plain(const char *text, size_t n) {
  size_t i = 0;
  while (i + 8 <= n && are_plain(text + i)) i += 8;
  if (n >= 8 && i + 8 > n && are_plain(text + n - 8)) return n; /* the last ones, some of them again */
  while (i < n && is_plain(text[i])) i++;
  return i;
}

/* Puts one character, which need not be plain, into the line. Returns how many bytes of `text` it was. */
static size_t put_character(struct json_line *l, const char *text) {
  static const char named[] = "\"\\\b\f\n\r\t", letter[] = "\"\\bfnrt";
  uint32_t point = 0;
  char escape[8];
  size_t length = pg32_utf8_decode(text, strnlen(text, 4), &point);
  const char *at = strchr(named, *text);
  if (at)
    json_line_put(l, (const char[]){'\\', letter[at - named]}, 2);
  else if (length && point < ' ')
    json_line_put(l, escape, (size_t)snprintf(escape, sizeof escape, "\\u%04x", (unsigned)point));
  else if (length)
    json_line_put(l, text, length);
  else
    json_line_put(l, "\xEF\xBF\xBD", 3); /* U+FFFD */
  return length ? length : 1;
}

void json_line_text(struct json_line *l, const char *text) {
  json_line_put(l, "\"", 1);
  for (size_t left = strlen(text);;) {
    const size_t n = plain(text, left);
    json_line_put(l, text, n);
    text += n, left -= n;
    if (!left) break;
    const size_t character = put_character(l, text);
    text += character, left -= character;
  }
  json_line_put(l, "\"", 1);
}

void json_out_string(FILE *f, const char *text) {
  struct json_line l;
  json_line_begin(&l, f);
  json_line_text(&l, text);
  json_line_end(&l);
}

void json_out_member(FILE *f, const char *key, const char *text) {
  fprintf(f, ",\"%s\":", key);
  json_out_string(f, text);
}

void json_out_number(FILE *f, const char *key, uint64_t number) {
  fprintf(f, ",\"%s\":%llu", key, (unsigned long long)number);
}

/* ---- to a stream, a line at a time ---- */

void json_line_end(struct json_line *l) {
  fwrite(l->text, 1, l->n, l->f);
  l->n = 0;
}

/* How many digits the number has. 1233 / 4096 is the logarithm of 2 to base 10. */
static unsigned digits_of(uint32_t number) {
  static const uint32_t power[] = {0, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000};
  const unsigned bits = 32 - (unsigned)__builtin_clz(number | 1), estimate = bits * 1233 >> 12;
  return estimate + (number >= power[estimate]);
}

/* Writes the last n digits of the number to `to`, in pairs. */
static void write_digits(char *to, unsigned n, uint32_t number) {
  static const char pairs[] =
      "00010203040506070809101112131415161718192021222324252627282930313233343536373839"
      "40414243444546474849505152535455565758596061626364656667686970717273747576777879"
      "8081828384858687888990919293949596979899";
  for (; n >= 2; number /= 100) memcpy(to + (n -= 2), pairs + 2 * (number % 100), 2);
  if (n) *to = (char)('0' + number % 10);
}

void json_line_digits(struct json_line *l, uint64_t number) {
  enum { DIGITS = 20, PART = 100000000 };
  if (sizeof l->text - l->n < DIGITS) json_line_end(l);
  unsigned behind = 0; /* digits of `part`, which come last */
  uint32_t part[2];
  for (; number > UINT32_MAX; number /= PART) part[behind++] = (uint32_t)(number % PART);
  const unsigned n = digits_of((uint32_t)number);
  write_digits(l->text + l->n, n, (uint32_t)number);
  for (l->n += n; behind; l->n += 8) write_digits(l->text + l->n, 8, part[--behind]);
}

/* ---- values ---- */

json_t *json_text(const char *text) {
  if (!text) return json_null();
  char *clean = text_clean(text);
  json_t *string = json_string(clean);
  free(clean);
  return must(string);
}

void json_put(json_t *object, const char *key, json_t *value) {
  if (json_object_set_new(object, key, must(value)) != 0) must(NULL);
}

void json_push(json_t *array, json_t *value) {
  if (json_array_append_new(array, must(value)) != 0) must(NULL);
}
