/* class.h - many submissions: each is graded by a process of its own, `trapeze grade LAB SUBMISSION -o
 * OUT/NAME`, as if typed. What is in OUT tells what is done: OUT/NAME/grade.json is written last, and a
 * submission that could not be graded has OUT/NAME/error.txt. So shards, machines and later runs share a
 * folder and nothing else. */
#ifndef CLASS_H
#define CLASS_H

#include "tools/trapeze/trapeze.h"

struct class_options {
  const char *folder;     /* --class: each folder or file in it is a submission */
  const char *summary;    /* --summary: a folder of results */
  unsigned shard, shards; /* --shard I/N, from 1; 0/0 = not given */
  bool resume;            /* --resume: those that are graded already are left out */
};
/* A child for argp: its input is a struct class_options, all zero at first. */
extern const struct argp class_argp;

struct class_job {
  const char *lab;
  const char **submission; /* as named on the command line; with --class none */
  size_t submissions;
  const char *output;      /* -o; required */
  unsigned jobs;           /* submissions at the same time, from 1 */
  const char *const *pass; /* NULL-terminated: further options, handed on to each */
};

/* Is it a class that was asked for, and not one submission? */
bool class_wanted(const struct class_options *o, size_t submissions);
/* Grades all. Returns GRADE_DONE; GRADE_TROUBLE when some could not be graded (the others are); GRADE_BROKEN,
 * as soon as one ends so: then no other will do better. */
int class_grade(const struct class_options *o, const struct class_job *job);
/* Writes o->summary's results as CSV to f: a line a student, sorted. Submissions in o->folder without a
 * result are listed as missing. GRADE_TROUBLE when one was not graded. */
int class_summary(const struct class_options *o, FILE *f);

#endif
