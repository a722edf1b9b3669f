/* json_out.h - writing JSON: strings and members straight to a stream, where a file is long, and helpers for
 * jansson's values, where one is built as a whole. Every file that writes JSON goes through here, so that no
 * text can break it (RFC 8259, section 7).
 *
 * Errors of the stream are left to ferror(). The functions die with STATUS_USAGE when memory is short. */
#ifndef JSON_OUT_H
#define JSON_OUT_H

#include <jansson.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* ---- to a stream ---- */

/* Writes `text` as a JSON string, in quotes. Control characters are kept, as \u001b; what is not UTF-8
 * becomes U+FFFD. */
void json_out_string(FILE *f, const char *text);
/* A member of an object that has one already: writes `,"key":"text"`. `key` must need no escaping. */
void json_out_member(FILE *f, const char *key, const char *text);
/* The same with a number: `,"key":7`. */
void json_out_number(FILE *f, const char *key, uint64_t number);

/* ---- to a stream, a line at a time: for files of millions of lines, where stdio would take most of the time ---- */

struct json_line {
  FILE *f;
  size_t n;        /* bytes of `text` that are not written yet */
  char text[4096]; /* a line may be longer */
};
/* The first two arguments of a member's function, after the line: `key` is a literal that needs no escaping. */
#define JSON_KEY(key) ",\"" key "\":", sizeof ",\"" key "\":" - 1

static inline void json_line_begin(struct json_line *l, FILE *f) { l->f = f, l->n = 0; }
/* Writes what has been put into the line to the stream. */
void json_line_end(struct json_line *l);
/* n bytes as they are: the syntax, or what needs no escaping. */
static inline void json_line_put(struct json_line *l, const char *bytes, size_t n) {
  if (n > sizeof l->text - l->n) json_line_end(l);
  if (n > sizeof l->text) {
    fwrite(bytes, 1, n, l->f);
    return;
  }
  memcpy(l->text + l->n, bytes, n);
  l->n += n;
}
/* `text` as a JSON string, and a number. */
void json_line_text(struct json_line *l, const char *text);
void json_line_digits(struct json_line *l, uint64_t number);
/* A member, as json_out_member and json_out_number write them: json_line_number(l, JSON_KEY("pc"), pc). Inline, for
 * then the compiler knows how long the key is. */
static inline void json_line_string(struct json_line *l, const char *key, size_t key_bytes,
                                    const char *text) {
  json_line_put(l, key, key_bytes);
  json_line_text(l, text);
}
/* The same for a text that needs no escaping. */
static inline void json_line_word(struct json_line *l, const char *key, size_t key_bytes, const char *text) {
  json_line_put(l, key, key_bytes);
  json_line_put(l, "\"", 1);
  json_line_put(l, text, strlen(text));
  json_line_put(l, "\"", 1);
}
static inline void json_line_number(struct json_line *l, const char *key, size_t key_bytes, uint64_t number) {
  json_line_put(l, key, key_bytes);
  if (number < 10)
    json_line_put(l, &"0123456789"[number], 1);
  else
    json_line_digits(l, number);
}

/* ---- values ---- */

/* A new string value that holds text_clean(text); null when `text` is NULL. */
json_t *json_text(const char *text);
/* Adds `value` to an object or to an array, which owns it from then on. `value` may be NULL: a constructor
 * that ran out of memory. */
void json_put(json_t *object, const char *key, json_t *value);
void json_push(json_t *array, json_t *value);

#endif
