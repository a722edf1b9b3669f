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

/* ---- to a stream ---- */

/* Writes `text` as a JSON string, in quotes. Control characters are kept, as \u001b; what is not UTF-8
 * becomes U+FFFD. */
void json_out_string(FILE *f, const char *text);
/* A member of an object that has one already: writes `,"key":"text"`. `key` must need no escaping. */
void json_out_member(FILE *f, const char *key, const char *text);
/* The same with a number: `,"key":7`. */
void json_out_number(FILE *f, const char *key, uint64_t number);

/* ---- values ---- */

/* A new string value that holds text_clean(text); null when `text` is NULL. */
json_t *json_text(const char *text);
/* Adds `value` to an object or to an array, which owns it from then on. `value` may be NULL: a constructor
 * that ran out of memory. */
void json_put(json_t *object, const char *key, json_t *value);
void json_push(json_t *array, json_t *value);

#endif
