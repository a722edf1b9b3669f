/* site.h - how Canvas, Moodle and Gradescope name the files that they export: whose a file is, and what the student
 * called it.
 *
 *   Canvas      lovelaceada_4711_88123_answer.S, lovelaceada_LATE_4711_88123_answer-1.S: the student's name, their
 *               number, the file's number, the file. A file that replaces another one has a number at the end.
 *               anon_x7Yz1_88123_answer.S when grading is anonymous
 *   Moodle      Ada Lovelace_4711_assignsubmission_file_/src/answer.S: the student's (or the group's and the student's)
 *               name, their number in this assignment, the file; or, in one folder,
 *               Ada Lovelace_4711_assignsubmission_file_answer.S
 *   Gradescope  submission_98765/src/answer.S, and who has handed in submission_98765 is in submission_metadata.yml */
#ifndef SITE_H
#define SITE_H

#include "roster.h"

/* What a file's name in an export says. */
struct placed {
  char *hand_in; /* what all files of one hand-in have in common */
  char *file;    /* what the student called it: a path below the hand-in */
  struct student_keys keys;
  char *student; /* the student's ID when there is no roster */
  bool late;
};
void placed_free(struct placed *p);

/* Each takes a path in an export, with a '/' between its parts, and fills *p, for placed_free. False when the site
 * does not name files so. */
bool canvas_place(const char *path, struct placed *p);
bool moodle_place(const char *path, struct placed *p);
/* Only hand_in ("submission_98765") and file: the metadata have the rest. */
bool gradescope_place(const char *path, struct placed *p);

#define GRADESCOPE_METADATA "submission_metadata.yml"

struct submitter {
  struct student_keys keys;
};
struct metadata {
  struct hand_in {
    char *name; /* "submission_98765" */
    struct submitter *submitter;
    size_t submitters;
  } * hand_in;
  size_t n;
};
/* Reads Gradescope's submission_metadata.yml, for metadata_free; `path` is what mistakes call it. False with *error set
 * when it is no YAML, or not what Gradescope writes. */
bool metadata_parse(const char *path, struct bytes yaml, struct metadata *m, struct lab_error *error);
void metadata_free(struct metadata *m);
/* The hand-in of this name; NULL = none. Its submitters are sorted by address. */
const struct hand_in *metadata_find(const struct metadata *m, const char *name);

#endif
