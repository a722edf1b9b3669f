/* class_result.c - reads results of a class, and tells a whole one from one that is damaged or of something
 * else: a disk may have been full, the lab may have changed, a student may have handed in again. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "class_result.h"
#include "tools/trapeze/grade/build/digest.h"
#include "tools/trapeze/grade/build/folder.h"
#include "tools/trapeze/grade/format/format.h"

static const char *text_at(const json_t *object, const char *key) {
  const char *text = json_string_value(json_object_get(object, key));
  return text ? text : "";
}

/* Do the tests' scores add up to the score? */
static bool adds_up(const json_t *result) {
  double sum = 0;
  size_t i;
  const json_t *test, *score = json_object_get(result, "score");
  json_array_foreach(json_object_get(result, "tests"), i, test) {
    const json_t *of_test = json_object_get(test, "score");
    if (!json_is_number(of_test) || !*text_at(test, "id")) return false;
    sum += json_number_value(of_test);
  }
  return json_is_number(score) && json_is_number(json_object_get(result, "max")) &&
         fabs(sum - json_number_value(score)) < 0.01 * (double)(i + 1);
}

static bool is_whole(const json_t *result) {
  return json_integer_value(json_object_get(result, "trapeze_result")) == RESULT_VERSION &&
         *text_at(result, "lab") && *text_at(result, "student") && *class_result_lab(result) &&
         json_is_array(json_object_get(result, "tests")) &&
         json_is_array(json_object_get(result, "leaderboard")) && adds_up(result);
}

const char *class_result_lab(const json_t *result) {
  return text_at(json_object_get(result, "digest"), "lab");
}

static json_t *load(const char *path, char **why) {
  json_error_t error;
  json_t *result = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
  if (result && is_whole(result)) return result;
  *why = result ? text_of("%s: expected a whole result as `trapeze grade -o` writes it, version %d", path,
                          RESULT_VERSION)
                : text_of("%s:%d:%d: %s", path, error.line, error.column, error.text);
  json_decref(result);
  return NULL;
}

json_t *class_result(const char *out, const char *name, char **why) {
  char *folder = path_join(out, name), *path = path_join(folder, "grade.json"),
       *trouble = path_join(folder, "error.txt");
  json_t *result = NULL;
  *why = NULL;
  if (access(trouble, F_OK) != 0 && access(path, F_OK) == 0) result = load(path, why);
  free(folder), free(path), free(trouble);
  return result;
}

static bool has_file(const char *out, const char *name, const char *file) {
  char *folder = path_join(out, name), *path = path_join(folder, file);
  bool there = access(path, F_OK) == 0;
  free(folder), free(path);
  return there;
}

bool class_result_holds(const char *out, const char *name, const struct result_of *of) {
  char *why, lab[20], submission[20];
  json_t *result = class_result(out, name, &why);
  bool holds = result && strcmp(text_at(result, "student"), of->student) == 0 &&
               strcmp(class_result_lab(result), digest_text(of->lab, lab)) == 0 &&
               strcmp(text_at(json_object_get(result, "digest"), "submission"),
                      digest_text(of->submission, submission)) == 0 &&
               has_file(out, name, format_text.file) && has_file(out, name, of->file);
  json_decref(result);
  free(why);
  return holds;
}
