/* members.h - who is in a class: submissions, and whose they are.
 *
 * A submission is called as its folder or file, without the ending of an archive: ada/, ada.zip and ada.tar.gz are
 * all `ada`. `ada~2` is Ada's second hand-in, and `ada~10` her tenth; `ada` alone is the first. */
#ifndef MEMBERS_H
#define MEMBERS_H

#include <stddef.h>

struct member {
  char *path, *name; /* the submission, and what it is called */
  char *student;     /* whose it is */
};
struct members {
  struct member *member;
  size_t n;
};

/* Whose submission is `name`? The caller frees the result. Which of the student's hand-ins it is, from 1, is stored
 * in *attempt, unless that is NULL. */
char *member_student(const char *name, unsigned *attempt);
/* All submissions in the folder, or those of shard I of N, sorted by the names of their files. Dies with STATUS_USAGE
 * when the folder cannot be read, or when two submissions have the same name. For members_free. */
struct members members_in(const char *folder, unsigned shard, unsigned shards);
/* The submissions that a command line names; `output` is for messages. Dies with STATUS_USAGE when two have the same
 * name. For members_free. */
struct members members_named(const char *const *submission, size_t n, const char *output);
void members_free(struct members *all);

#endif
