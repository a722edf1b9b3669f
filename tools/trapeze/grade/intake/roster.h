/* roster.h - who belongs to a class: a table with a line for each student.
 *
 * The student's ID, by which submissions are called, is in the column `student`; without such a column in `email` or
 * `email address`; without these in the first one. Canvas' line of possible points is left out. Further columns say what sites call the student; these headings are understood, whatever their case:
 *
 *   number   id, identifier, canvas id, moodle id (`Participant 123` counts as 123)
 *   address  email, e-mail, email address, login, login id, sis login id, username
 *   sid      sid, sis user id, student id, id number
 *   name     name, full name, student, and first name (or given name) with last name (or surname) */
#ifndef ROSTER_H
#define ROSTER_H

#include "csv.h"

enum student_key { KEY_NUMBER, KEY_ADDRESS, KEY_SID, KEY_NAME, STUDENT_KEYS };

/* What a site's export says about who has handed in. NULL where it says nothing. */
struct student_keys {
  char *key[STUDENT_KEYS];
};

struct roster {
  char *path;
  struct csv csv;
  size_t column; /* of the IDs */
};

/* Reads the table in the file `path`, for roster_free. Dies with STATUS_USAGE, naming file, line and column, when it
 * cannot be read, when a student has no ID, when two have the same, or when an ID cannot be a folder's name. */
struct roster roster_read(const char *path);
/* The same for a text; false with *error set when there is a mistake. */
bool roster_parse(const char *path, struct bytes text, struct roster *roster, struct lab_error *error);
void roster_free(struct roster *roster);

/* The number of students, and the ID of student i. */
size_t roster_students(const struct roster *roster);
const char *roster_id(const struct roster *roster, size_t i);
/* Is there a student with this ID? */
bool roster_has(const struct roster *roster, const char *id);

/* Finds the student of these keys: by the number if there is one, else by address, SID and name. Returns the index;
 * roster_students() when there is none, or when the first key that anybody has is that of several students: then *why
 * says so, malloc'ed. */
size_t roster_find(const struct roster *roster, const struct student_keys *keys, char **why);

#endif
