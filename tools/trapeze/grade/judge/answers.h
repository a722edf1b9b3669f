/* answers.h - what a student has answered in a file: lines of words. `#` begins a comment; blank lines do not
 * count. labs/LAB.md says what the words of a prediction (predict.c) and of a classification (classify.c)
 * are. */
#ifndef ANSWERS_H
#define ANSWERS_H

#include "expect.h"

enum {
  ANSWERS_MOST = 2000,
  ANSWER_WORDS = 4 /* more than any line of answers has */
};

struct answer {
  unsigned number;
  char *word[ANSWER_WORDS];
  size_t words; /* ANSWER_WORDS: or more */
};

struct answers {
  struct bytes text; /* words point into it */
  struct answer line[ANSWERS_MOST];
  size_t lines;
};

/* Reads the answers in `file` of the submission into *a, of which the caller frees a->text.data. False when
 * there are none, or too many: o->say tells. */
bool answers_read(const struct trial *t, const char *file, struct answers *a, struct outcome *o);
/* The same for a file of the lab's, with the student's numbers and words. Dies with GRADE_BROKEN when one is
 * malformed. */
bool answers_of_lab(const struct trial *t, const char *list, struct answers *a, struct outcome *o);
/* Says what is wrong with a line that cannot be understood. The whole file earns nothing then, but all such
 * lines are told. */
void answers_misread(struct outcome *o, const char *file, const struct answer *l, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* A student's word for a message: printable and short. Written into `buf`, which is returned. */
const char *answers_shown(const char *word, char buf[32]);

#endif
