/* class_take.h - which of a student's hand-ins counts: the last one, or the best one. */
#ifndef CLASS_TAKE_H
#define CLASS_TAKE_H

#include "class_entries.h"

struct row { /* a student */
  char *student;
  const struct entry *entry; /* the hand-in that counts; NULL = none was handed in */
};

/* Makes a row for each student, for rows_free: those of o->roster in its order, then those who have handed in and are not
 * in the roster, sorted. The students of a group (.groups.csv in o->folder) have the group's hand-ins. When one of a
 * student's hand-ins has no result, nobody knows which is the best: then that one counts, and has no score. Notes on
 * stderr who is not in the roster. Dies with STATUS_USAGE as roster_read and groups_read do. */
struct row *rows_make(const struct class_options *o, const struct entry *entry, size_t entries, size_t *rows);
void rows_free(struct row *row, size_t n);

#endif
