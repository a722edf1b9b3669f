/* node.h - reading YAML nodes into C values. For the files that read a lab.yaml, schema.c and expectation.c.
 *
 * Each function takes the reader and a node, and the first mistake in the file is kept in the reader: then
 * reader.bad is true, *reader.error is set, and later mistakes are ignored. A function that finds a mistake
 * returns a harmless value, so that reading can go on. Texts and lists are malloc'ed and belong to the
 * caller. All functions die with STATUS_USAGE when memory is short. */
#ifndef NODE_H
#define NODE_H

#include <yaml.h>

#include "lab.h"

#define LIST_MOST 1000 /* items or keys: no lab has so many */
#define KEYS_MOST 24   /* keys that a map of the schema may have, at most */

typedef const yaml_node_t node;

struct reader {
  const char *path; /* what mistakes call the file */
  yaml_document_t document;
  struct lab *lab; /* what is being filled */
  bool bad;        /* there was a mistake */
  struct lab_error *error;
};

/* Parses `yaml` and calls `read` with the root node of its one document. */
typedef void node_reading(struct reader *r, node *root);
void reader_read(struct reader *r, const void *yaml, size_t bytes, node_reading *read);

/* Says that there is a mistake at the beginning of `n`. */
void node_bad(struct reader *r, node *n, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* Where the node begins. */
struct mark node_mark(node *n);

/* ---- single values ---- */

/* The text of a scalar, which belongs to the document; "" when there is a mistake. `expected` is for the
 * message: "a number". */
const char *node_scalar(struct reader *r, node *n, const char *expected);
/* Is it a scalar without quotes? Numbers and booleans are. */
bool node_is_plain(node *n);
/* A copy of a scalar's text. A null (`~`, or nothing) is a mistake. */
char *node_text(struct reader *r, node *n);
/* Does the number begin with a superfluous 0? To some readers 010 is 8, to others 10: no number here is written
 * so. */
bool number_is_octal(const char *text);
/* A number with an optional suffix K, M or G, each `unit` times the one before: 1000 for counts, 1024 for
 * sizes. False when `text` is none. */
bool number_scaled(const char *text, uint64_t unit, uint64_t *value);
/* A number from `least` to `most`; `least` when there is a mistake. `unit` 1 is for numbers that take no
 * suffix. */
uint64_t node_number(struct reader *r, node *n, uint64_t unit, uint64_t least, uint64_t most);
/* A number such as 10 or 2.5, up to a million. */
double node_decimal(struct reader *r, node *n);
bool node_bool(struct reader *r, node *n);
/* The index of the node's word among `words`, which a NULL ends; 0 when there is a mistake. */
unsigned node_choice(struct reader *r, node *n, const char *const *words);
/* A name: a word of at most 60 letters, digits and '-'. */
char *node_id(struct reader *r, node *n);
/* A file's path below a folder, which cannot lead out of it: no leading '/',
 * no part that begins with a dot. */
char *node_file(struct reader *r, node *n);

/* ---- lists ---- */

/* The number of items; 0 when the node is no list, or too long. `of` is for the message: "files". */
size_t node_items(struct reader *r, node *n, const char *of);
node *node_item(struct reader *r, node *n, size_t i);
/* A list of texts. */
struct words node_words(struct reader *r, node *n, const char *of);
/* A list of files, as node_file has them, with their places. */
struct words node_files(struct reader *r, node *n);

/* ---- maps ---- */

/* The number of pairs; 0 when the node is no map, or too long. `what` is for the message. */
size_t node_pairs(struct reader *r, node *n, const char *what);
/* Key i and its *name. A name that an earlier key has is a mistake. */
node *node_key(struct reader *r, node *n, size_t i, const char **name);
/* The value of key i. */
node *node_value(struct reader *r, node *n, size_t i);
/* Is the node a map with the key `name`? Never a mistake. */
bool node_has_key(struct reader *r, node *n, const char *name);
/* Puts the values of a map into value[], in the order of `keys`, which a NULL ends; a value that is not there
 * is NULL. A key with a `!` before its name must be there. Returns whether there has been no mistake so far.
 * `what` is for messages: "a run". */
bool node_map(struct reader *r, node *n, const char *what, const char *const *keys, node **value);

#endif
