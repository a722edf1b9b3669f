/* class_entries.h - the hand-ins of a class with their results, for summaries and statistics. */
#ifndef CLASS_ENTRIES_H
#define CLASS_ENTRIES_H

#include <jansson.h>

#include "class.h"

struct entry { /* a hand-in */
  char *name;
  bool tried;     /* it is in OUT */
  json_t *result; /* NULL = it has none */
};

/* All hand-ins, sorted: those in o->summary, and those in o->folder (NULL = not asked) that have no result. *n is their
 * number. For entries_free. Dies with STATUS_USAGE when a folder cannot be read or a result is damaged. */
struct entry *entries_gather(const struct class_options *o, size_t *n);
void entries_free(struct entry *entry, size_t n);
/* Any of the results; NULL = there is none. Dies with STATUS_USAGE when they are not all of one version of one lab. */
const json_t *entries_first(const struct entry *entry, size_t n);
/* The members called `member` of the list called `list` in a result, as cells of CSV with a comma before each. The caller
 * frees the text. */
char *result_columns(const json_t *result, const char *list, const char *member);

#endif
