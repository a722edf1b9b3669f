/* class.h - grading many submissions.
 *
 * Each submission is graded by a process of its own, `trapeze grade LAB SUBMISSION -o OUT/NAME`, as if typed.
 * The files in OUT tell what is done: OUT/NAME/grade.json is written last, and holds digests of the lab and
 * of the submission. A submission that could not be graded has OUT/NAME/error.txt. So shards, machines and later runs need to share a folder and
 * nothing else. */
#ifndef CLASS_H
#define CLASS_H

#include "tools/trapeze/grade/intake/rubric.h"

/* Which of a student's hand-ins counts in a summary. */
enum class_take { TAKE_EACH, TAKE_LAST, TAKE_BEST };

struct class_options {
  const char *folder;     /* --class: each folder or file in it is a submission */
  const char *summary;    /* --summary: a folder of results */
  bool statistics;        /* --statistics: the same folder, but as figures of the class */
  const char *intake;     /* --intake: what a site has exported */
  const char *roster;     /* --roster: a table of the students */
  enum class_take take;   /* --take */
  unsigned similar;       /* --similar: report pairs that share so many percent; 0 = not given */
  unsigned shard, shards; /* --shard I/N, from 1; 0/0 = not given */
  bool resume; /* --resume: skip submissions that have a whole result, of this lab and this submission */
};
/* A child parser for argp. Its input is a struct class_options, all zero at first. */
extern const struct argp class_argp;

struct class_job {
  const struct lab *lab;
  const char *given;           /* what the command line calls the lab */
  const char *only;            /* --only, or NULL */
  const struct rubric *rubric; /* --rubric, or NULL */
  const char *file;            /* what --format calls its file */
  const char **submission;     /* as named on the command line; with --class none */
  size_t submissions;
  const char *output;      /* -o; required */
  unsigned jobs;           /* submissions at the same time, from 1 */
  const char *const *pass; /* further options for each `trapeze grade`; a NULL ends them */
};

/* Does the command line ask for a class, not for one submission? */
bool class_wanted(const struct class_options *o, size_t submissions);
/* Grades all submissions. Returns GRADE_DONE; or GRADE_TROUBLE when some could not be graded (the others
 * are); or GRADE_BROKEN at once when one of them ends so, because the lab is broken for all. Dies with
 * STATUS_USAGE when the folder cannot be read, or when two submissions would have the same result folder. */
int class_grade(const struct class_options *o, const struct class_job *job);
/* Writes the results in o->summary to `f` as CSV: one line for each hand-in, sorted; with o->take or o->roster one for
 * each student (class_take.h). Hand-ins in o->folder without a result are listed as missing, and students of the roster
 * who have handed in nothing as absent. Returns GRADE_DONE, or GRADE_TROUBLE when a submission was not
 * graded. */
int class_summary(const struct class_options *o, FILE *f);
/* Writes the statistics of the results in o->summary to `f` as text, and to the file `svg` (NULL = none) as a drawing. Of
 * several hand-ins of a student the last one counts, or what o->take says. Returns as class_summary. Dies with
 * STATUS_USAGE when `svg` cannot be written. */
int class_statistics(const struct class_options *o, FILE *f, const char *svg);

#endif
