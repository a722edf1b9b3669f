/* intake.h - takes in what a site has exported, or lays out a class: `trapeze grade LAB --intake EXPORT -o DIR`.
 *
 * DIR gets a folder for each hand-in, called after its student, as `--class DIR` grades them. An export that is taken in
 * later adds the next hand-in of a student (`ada~2`) when its files are others. DIR/.groups.csv says which hand-ins are
 * of several students. */
#ifndef INTAKE_H
#define INTAKE_H

#include "roster.h"

/* Takes in `export`, with the students' IDs of `roster` (NULL = there is none), for grading with `lab`. Writes a line for
 * each hand-in to `f`, and to stderr what was left out and who is not in the roster. Returns GRADE_DONE, or
 * GRADE_TROUBLE when something was left out or somebody is unknown. Dies with STATUS_USAGE when the export cannot be read
 * or is of no known site, and with GRADE_TROUBLE when `folder` cannot be written. */
int intake(FILE *f, const struct lab *lab, const char *export, const char *folder,
           const struct roster *roster);

/* ---- groups.c ---- */

/* Which hand-ins in a folder are of several students. Row by row: the hand-in and one of its students. */
struct groups {
  struct csv csv;
};
/* Reads FOLDER/.groups.csv, for groups_free; there need not be any. Dies with STATUS_USAGE, naming line and column, when
 * it has a mistake. */
struct groups groups_read(const char *folder);
void groups_free(struct groups *g);
/* Adds lines for a hand-in to FOLDER/.groups.csv. Dies with GRADE_TROUBLE when it cannot be written. */
void groups_add(const char *folder, const char *hand_in, char *const *student, size_t n);

#endif
