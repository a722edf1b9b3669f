/* json_out.c - writing JSON. */
#include <stdlib.h>
#include <string.h>

#include "isa/utf8.h"
#include "json_out.h"
#include "trapeze.h"
#include "untrusted.h"

/* ---- to a stream ---- */

/* How many bytes of `text` need no escaping: ASCII without controls, quotes and backslashes. */
static size_t plain(const char *text) {
  size_t n = 0;
  while (text[n] >= ' ' && text[n] < 0x7F && text[n] != '"' && text[n] != '\\') n++;
  return n;
}

/* Writes one character, which need not be plain. Returns how many bytes of `text` it was. */
static size_t out_character(FILE *f, const char *text) {
  static const char named[] = "\"\\\b\f\n\r\t", letter[] = "\"\\bfnrt";
  uint32_t point = 0;
  size_t length = pg32_utf8_decode(text, strnlen(text, 4), &point);
  const char *at = strchr(named, *text);
  if (at)
    fprintf(f, "\\%c", letter[at - named]);
  else if (length && point < ' ')
    fprintf(f, "\\u%04x", (unsigned)point);
  else if (length)
    fwrite(text, 1, length, f);
  else
    fputs("\xEF\xBF\xBD", f); /* U+FFFD */
  return length ? length : 1;
}

void json_out_string(FILE *f, const char *text) {
  fputc('"', f);
  for (;;) {
    size_t n = plain(text);
    fwrite(text, 1, n, f);
    text += n;
    if (!*text) break;
    text += out_character(f, text);
  }
  fputc('"', f);
}

void json_out_member(FILE *f, const char *key, const char *text) {
  fprintf(f, ",\"%s\":", key);
  json_out_string(f, text);
}

void json_out_number(FILE *f, const char *key, uint64_t number) {
  fprintf(f, ",\"%s\":%llu", key, (unsigned long long)number);
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
