/* answers.c - reads what a student has answered in a file. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "answers.h"
#include "tools/trapeze/grade/lab/seed.h"

static void split(struct answer *l, char *text) {
  static const char blanks[] = " \t\r,;";
  char *rest = text;
  text[strcspn(text, "#")] = 0;
  l->words = 0;
  for (char *word; l->words < ANSWER_WORDS && (word = strsep(&rest, blanks));)
    if (*word) l->word[l->words++] = word;
}

/* a->text into lines. */
static bool take_lines(const char *file, struct answers *a, struct outcome *o) {
  for (size_t i = 0; i < a->text.size; i++)
    if (!a->text.data[i]) a->text.data[i] = '?';
  bytes_append(&a->text, "", 1);
  unsigned number = 0;
  for (char *rest = (char *)a->text.data, *text; (text = strsep(&rest, "\n"));) {
    struct answer l = {.number = ++number};
    split(&l, text);
    if (l.words == 0) continue;
    if (a->lines == ANSWERS_MOST) {
      fprintf(o->say, "%s: more than %d lines.\n", file, ANSWERS_MOST);
      return false;
    }
    a->line[a->lines++] = l;
  }
  return true;
}

bool answers_read(const struct trial *t, const char *file, struct answers *a, struct outcome *o) {
  *a = (struct answers){0};
  if (submission_file(t->built->workshop, file, &a->text)) return take_lines(file, a, o);
  fprintf(o->say, "%s was not handed in.\n", file);
  o->blocked = true;
  return false;
}

bool answers_of_lab(const struct trial *t, const char *list, struct answers *a, struct outcome *o) {
  char *path = lab_source_path(t->built->lab, list);
  *a = (struct answers){.text = file_read(path)};
  seed_fill_in(t->built->student, path, &a->text);
  free(path);
  return take_lines(list, a, o);
}

void answers_misread(struct outcome *o, const char *file, const struct answer *l, const char *format, ...) {
  va_list ap;
  fprintf(o->say, "%s:%u: ", file, l->number);
  va_start(ap, format);
  vfprintf(o->say, format, ap);
  va_end(ap);
  fputc('\n', o->say);
}

const char *answers_shown(const char *word, char buf[32]) {
  size_t n = 0;
  for (; word[n] && n < 24; n++) buf[n] = word[n] > ' ' && word[n] < 0x7F ? word[n] : '?';
  buf[n] = 0;
  return buf;
}
