/* rubric.h - points that a person has given: a table with a line for each student and a column for each test of the lab
 * that has a `rubric`. The student's ID is in the column `student`, or in the first one when no column has this heading. A
 * column `ID comment` holds what the student is told about the points. */
#ifndef RUBRIC_H
#define RUBRIC_H

#include "csv.h"

struct rubric {
  char *path;
  struct csv csv;
  size_t student; /* the column of the IDs */
};

/* Reads the table in the file `path`, for rubric_free. Dies with STATUS_USAGE, naming file, line and column, when it cannot
 * be read, when it lacks the column of a test, when a cell is no number from 0 to the test's points, or when a student is
 * there twice; and when the lab has no test with a `rubric`. */
struct rubric rubric_read(const char *path, const struct lab *lab);
/* The same for a text; false with *error set when there is a mistake. */
bool rubric_parse(const char *path, struct bytes text, const struct lab *lab, struct rubric *rubric,
                  struct lab_error *error);
void rubric_free(struct rubric *rubric);

/* The points of the student in a test with a `rubric`. *comment is what the student is told, "" = nothing. False when nobody
 * has given points. */
bool rubric_points(const struct rubric *r, const struct lab_test *t, const char *student, double *points,
                   const char **comment);
/* The digest of all that the table says about the student, after `digest`. */
uint64_t rubric_digest(const struct rubric *r, const char *student, uint64_t digest);

#endif
