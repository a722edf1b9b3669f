/* displays.c - expressions that are shown again after each move: the commands display and undisplay. */
#include <stdlib.h>
#include <string.h>

#include "eval/eval.h"

/* The format stands at the beginning of the text: "/x count". */
static const char *expression_of(const char *text) {
  return *text == '/' ? text + strcspn(text, " \t") + strspn(text + strcspn(text, " \t"), " \t") : text;
}

/* /i, /s and counts show memory; other formats show a value. */
static bool shows_memory(const char *text) {
  const size_t n = strcspn(text, " \t");
  return *text == '/' && (n > 2 || text[1] == 'i' || text[1] == 's');
}

static void show_value(struct debug *d, const struct displayed *s) {
  char *text = NULL;
  size_t size;
  FILE *out = must(open_memstream(&text, &size));
  const bool ok = eval_print(d, expression_of(s->text), *s->text == '/' ? s->text[1] : 0, out);
  fclose(out);
  const char *why = strncmp(d->said, "column ", 7) == 0 ? strstr(d->said, ": ") : NULL;
  if (ok)
    fprintf(d->out, "%u: %s = %s\n", s->number, s->text, text);
  else
    fprintf(d->out, "%u: %s: %s\n", s->number, s->text, why ? why + 2 : d->said);
  free(text);
}

static void show(struct debug *d, const struct displayed *s) {
  if (!shows_memory(s->text)) return show_value(d, s);
  fprintf(d->out, "%u: x%s\n", s->number, s->text);
  if (!command_examine(d, (struct call){s->text, s->text, 0})) fprintf(d->out, "%s\n", d->said);
}

/* What the command has said stays. */
void displays_show(struct debug *d) {
  char said[sizeof d->said];
  memcpy(said, d->said, sizeof said);
  for (unsigned i = 0; i < d->ndisplays; i++) show(d, &d->display[i]);
  memcpy(d->said, said, sizeof said);
}

void displays_list(struct debug *d) {
  for (unsigned i = 0; i < d->ndisplays; i++)
    fprintf(d->out, "%u: %s\n", d->display[i].number, d->display[i].text);
  if (!d->ndisplays)
    fputs("Nothing is displayed. For example, `display count` shows a variable after each move.\n", d->out);
}

static void forget(struct debug *d, unsigned index) {
  free(d->display[index].text);
  memmove(&d->display[index], &d->display[index + 1], (--d->ndisplays - index) * sizeof *d->display);
}

void displays_free(struct debug *d) {
  while (d->ndisplays) forget(d, d->ndisplays - 1);
}

bool command_display(struct debug *d, struct call c) {
  char error[256];
  const char *text = expression_of(c.args), *rest;
  if (!*c.args) return displays_show(d), say_nothing(d);
  if (d->ndisplays == DISPLAYS) return fail(d, "At most %d expressions can be displayed.", DISPLAYS);
  if (!*text) return fail(d, "display: expected an expression after the format.");
  if (!eval_extent(d, text, &rest, error, sizeof error)) return fail(d, "display: %s.", error);
  if (*rest) return fail(d, "display: the expression ends before `%s`.", rest);
  d->display[d->ndisplays++] = (struct displayed){++d->display_number, must(strdup(c.args))};
  show(d, &d->display[d->ndisplays - 1]);
  return say_nothing(d);
}

bool command_undisplay(struct debug *d, struct call c) {
  uint64_t n;
  if (!*c.args) return displays_free(d), say(d, "Nothing is displayed any more.");
  if (!number_of(c.args, &n)) return fail(d, "undisplay: expected a number; `info display` lists them.");
  for (unsigned i = 0; i < d->ndisplays; i++)
    if (d->display[i].number == n)
      return forget(d, i), say(d, "Display %llu deleted.", (unsigned long long)n);
  return fail(d, "There is no display %llu; `info display` lists them.", (unsigned long long)n);
}
