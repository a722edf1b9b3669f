/* command_stops.c - the commands that change breakpoints which exist: delete, enable, disable, condition, ignore. */
#include <string.h>

#include "debug.h"

/* The index of breakpoint `number` in d->stop; -1: there is none. */
static int index_of(const struct debug *d, uint64_t number) {
  for (unsigned i = 0; i < d->nstops; i++)
    if (d->stop[i].number == number) return (int)i;
  return -1;
}

/* Reads a breakpoint's number at *text, and moves *text behind it. */
static bool take_number(struct debug *d, const char *command, const char **text, int *index) {
  char word[24];
  uint64_t n;
  const size_t length = strcspn(*text, " \t");
  snprintf(word, sizeof word, "%.*s", (int)length, *text);
  if (!number_of(word, &n))
    return fail(d, "%s: expected the number of a breakpoint, not '%s'; `info breakpoints` lists them.",
                command, word);
  if ((*index = index_of(d, n)) < 0)
    return fail(d, "There is no breakpoint %llu; `info breakpoints` lists them.", (unsigned long long)n);
  *text += length + strspn(*text + length, " \t");
  return true;
}

/* ---- one or several at once ---- */

static void delete_one(struct debug *d, int index) { stop_delete(d, (unsigned)index); }
static void enable_one(struct debug *d, int index) { d->stop[index].disabled = false; }
static void disable_one(struct debug *d, int index) { d->stop[index].disabled = true; }

/* Without numbers all are meant. Nothing is changed if one of the numbers is none. */
static bool for_each(struct debug *d, const char *command, const char *done, const char *text,
                     void (*act)(struct debug *d, int index)) {
  int index;
  unsigned n = 0;
  for (const char *p = text; *p; n++)
    if (!take_number(d, command, &p, &index)) return false;
  if (!*text) {
    for (int i = (int)d->nstops; i-- > 0;) act(d, i);
    return say(d, "All breakpoints %s.", done);
  }
  for (const char *p = text; *p;)
    if (take_number(d, command, &p, &index)) act(d, index);
  return say(d, "Breakpoint%s %s %s.", n == 1 ? "" : "s", text, done);
}

bool command_delete(struct debug *d, struct call c) {
  return for_each(d, "delete", "deleted", c.args, delete_one);
}

bool command_enable(struct debug *d, struct call c) {
  return for_each(d, "enable", "enabled", c.args, enable_one);
}

bool command_disable(struct debug *d, struct call c) {
  return for_each(d, "disable", "disabled", c.args, disable_one);
}

/* ---- limits of one ---- */

bool command_condition(struct debug *d, struct call c) {
  const char *text = c.args;
  int index;
  if (!take_number(d, "condition", &text, &index)) return false;
  struct stop *s = &d->stop[index];
  if (!stop_read_condition(d, text, s)) return false;
  return *text ? say(d, "Breakpoint %u stops only if %s.", s->number, text)
               : say(d, "Breakpoint %u has no condition now.", s->number);
}

bool command_ignore(struct debug *d, struct call c) {
  const char *text = c.args;
  uint64_t n;
  int index;
  if (!take_number(d, "ignore", &text, &index)) return false;
  if (!number_of(text, &n) || n > UINT32_MAX - d->stop[index].hits)
    return fail(d, "ignore: expected how many times, not '%s'.", text);
  d->stop[index].ignore = d->stop[index].hits + (uint32_t)n;
  return say(d, "Breakpoint %u passes over the next %llu time%s.", d->stop[index].number,
             (unsigned long long)n, n == 1 ? "" : "s");
}
