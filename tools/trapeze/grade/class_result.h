/* class_result.h - results of a class as `trapeze grade -o` has left them in OUT/NAME/grade.json. */
#ifndef CLASS_RESULT_H
#define CLASS_RESULT_H

#include <jansson.h>

#include "tools/trapeze/trapeze.h"

/* What a result must be the result of. */
struct result_of {
  const char *student;
  uint64_t lab, submission; /* digests */
  const char *file;         /* what --format calls its file */
};

/* The result in OUT/NAME, for json_decref. NULL when there is none, when an error.txt says that grading failed
 * since, or when the file is damaged: then *why, malloc'ed, says how; else *why is NULL. */
json_t *class_result(const char *out, const char *name, char **why);
/* Is there a whole result in OUT/NAME that is the result of just that? */
bool class_result_holds(const char *out, const char *name, const struct result_of *of);
/* The digest of the lab that the result was made with: a text. */
const char *class_result_lab(const json_t *result);

#endif
