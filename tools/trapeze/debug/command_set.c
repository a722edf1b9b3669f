/* command_set.c - `set`: changes a variable, a register or memory. */
#include <stdlib.h>
#include <string.h>

#include "eval/eval.h"

/* `set var x = 1` and `set variable x = 1` are gdb's words for it. */
static const char *without_var(const char *text) {
  static const char *const words[] = {"variable ", "var "};
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (strncmp(text, words[i], strlen(words[i])) == 0) return text + strlen(words[i]);
  return text;
}

/* What is there now; where it cannot be seen any more, for example after a change of the PC, nothing. */
static void say_new_value(struct debug *d, const char *place, const char *more) {
  char *text = NULL;
  size_t size;
  FILE *out = must(open_memstream(&text, &size));
  const bool known = eval_print(d, place, 0, out);
  fclose(out);
  if (known && strlen(place) + size + strlen(more) + 4 < sizeof d->said)
    say(d, "%s = %s%s", place, text, more);
  else
    say(d, "Set.%s", more);
  free(text);
}

bool command_set(struct debug *d, struct call c) {
  const char *text = without_var(c.args);
  char place[256];
  size_t n;
  text += strspn(text, " ");
  if (!*text) return fail(d, "set: expected PLACE = EXPR, for example `set var x = 5` or `set $a0 = 5`.");
  if (text == c.args && gdb_setting(d, text)) return false;
  const bool past = model_position(d) < timeline_latest(d->t);
  if (!eval_assign(d, text, &n)) {
    char *why = must(strdup(d->said));
    fail(d, "set: %s", why);
    free(why);
    return false;
  }
  snprintf(place, sizeof place, "%.*s", (int)n, text);
  say_new_value(d, place, past ? ". A new future begins here." : "");
  return true;
}
