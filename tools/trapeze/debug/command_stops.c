/* command_stops.c - the commands that change breakpoints which exist: delete, clear, enable, disable, condition,
 * ignore. */
#include <string.h>

#include "debug.h"

/* The index of breakpoint `number` in d->stop; -1: there is none. */
static int index_of(const struct debug *d, uint64_t number) {
  for (unsigned i = 0; i < d->nstops; i++)
    if (d->stop[i].number == number) return (int)i;
  return -1;
}

/* "3", or with `last` also "3-5", as numbers; the word ends at a blank. */
static bool read_numbers(const char *word, uint64_t *first, uint64_t *last) {
  char from[24];
  const size_t n = strcspn(word, "-");
  snprintf(from, sizeof from, "%.*s", (int)n, word);
  if (!number_of(from, first)) return false;
  if (!last || !word[n]) return last ? *last = *first, true : !word[n];
  return number_of(word + n + 1, last) && *last >= *first && *last < UINT32_MAX;
}

/* Reads a breakpoint's number at *text, or with `last` several ones, and moves *text behind it. */
static bool take_numbers(struct debug *d, const char *command, const char **text, uint64_t *first,
                         uint64_t *last) {
  char word[40];
  const size_t length = strcspn(*text, " \t");
  snprintf(word, sizeof word, "%.*s", (int)length, *text);
  if (!read_numbers(word, first, last)) {
    const char *one = strchr(word, '.') ? "the places of a breakpoint go together; " : "";
    return fail(d, "%s: %sexpected the number of a breakpoint, not '%s'; `info breakpoints` lists them.",
                command, one, word);
  }
  uint64_t n = *first;
  while (last && n < *last && index_of(d, n) < 0) n++;
  if (index_of(d, n) < 0) return fail(d, "There is no breakpoint %s; `info breakpoints` lists them.", word);
  *text += length + strspn(*text + length, " \t");
  return true;
}

static bool take_number(struct debug *d, const char *command, const char **text, int *index) {
  uint64_t n;
  if (!take_numbers(d, command, text, &n, NULL)) return false;
  *index = index_of(d, n);
  return true;
}

/* ---- one or several at once ---- */

static void delete_one(struct debug *d, int index) { stop_delete(d, (unsigned)index); }
static void enable_one(struct debug *d, int index) { d->stop[index].disabled = false; }
static void disable_one(struct debug *d, int index) { d->stop[index].disabled = true; }

/* Without numbers all are meant. Nothing is changed if one of the numbers is none. */
static bool for_each(struct debug *d, const char *command, const char *done, const char *text,
                     void (*act)(struct debug *d, int index)) {
  uint64_t n, last = 0;
  if (strncmp(text, "breakpoints", 11) == 0) text += 11 + strspn(text + 11, " \t"); /* a word of gdb's */
  for (const char *p = text; *p;)
    if (!take_numbers(d, command, &p, &n, &last)) return false;
  if (!*text) {
    for (int i = (int)d->nstops; i-- > 0;) act(d, i);
    return say(d, "All breakpoints %s.", done);
  }
  for (const char *p = text; *p && take_numbers(d, command, &p, &n, &last);)
    for (; n <= last; n++)
      if (index_of(d, n) >= 0) act(d, index_of(d, n));
  return say(d, "Breakpoint%s %s %s.", strpbrk(text, " -") ? "s" : "", text, done);
}

bool command_delete(struct debug *d, struct call c) {
  return for_each(d, "delete", "deleted", c.args, delete_one);
}

bool command_enable(struct debug *d, struct call c) {
  if (strncmp(c.args, "once ", 5) == 0 || strncmp(c.args, "delete ", 7) == 0 ||
      strncmp(c.args, "count ", 6) == 0)
    return fail(d,
                "`enable %.*s` is gdb's; here `tbreak` sets a breakpoint for one stop, and `ignore` passes "
                "over some.",
                (int)strcspn(c.args, " "), c.args);
  return for_each(d, "enable", "enabled", c.args, enable_one);
}

bool command_disable(struct debug *d, struct call c) {
  return for_each(d, "disable", "disabled", c.args, disable_one);
}

/* ---- those at a place ---- */

/* The line of a place; of an instruction without one, the instruction itself. */
static bool is_same_line(const struct code_place *a, const struct code_place *b) {
  struct pg32_lines_place at, other;
  if (a->image != b->image) return false;
  if (a->address == b->address) return true;
  return a->image && a->image->lines && pg32_lines_at(a->image->lines, a->address, &at) && at.file &&
         pg32_lines_at(b->image->lines, b->address, &other) && other.file && at.line == other.line &&
         strcmp(at.file, other.file) == 0;
}

static bool stops_there(const struct stop *s, const struct places *places) {
  for (unsigned i = 0; i < s->places.n; i++)
    for (unsigned k = 0; k < places->n; k++)
      if (s->kind == STOP_CODE && is_same_line(&s->places.place[i], &places->place[k])) return true;
  return false;
}

bool command_clear(struct debug *d, struct call c) {
  struct stop there = {.kind = STOP_CODE};
  const struct stack_frame f = frame_viewed(d);
  char numbers[200] = "";
  if (*c.args && !where_find(d, c.args, &there)) return places_free(&there.places), false;
  if (!*c.args)
    places_add(&there.places,
               (struct code_place){image_of(d, f.lane), f.innermost ? f.regs.pc : f.regs.pc - 4, 0});
  for (unsigned i = d->nstops; i-- > 0;) {
    if (!stops_there(&d->stop[i], &there.places)) continue;
    const size_t used = strlen(numbers);
    snprintf(numbers + used, sizeof numbers - used, " %u", d->stop[i].number);
    stop_delete(d, i);
  }
  places_free(&there.places);
  if (!*numbers) return fail(d, "clear: there is no breakpoint at that line; `info breakpoints` lists all.");
  return say(d, "Breakpoint%s%s deleted.", strchr(numbers + 1, ' ') ? "s" : "", numbers);
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
  return say(d, "Breakpoint %u passes over the next %llu hit%s.", d->stop[index].number,
             (unsigned long long)n, n == 1 ? "" : "s");
}
