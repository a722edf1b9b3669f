/* console.c - judges exit status and console: of one run, and of two runs compared. */
#include <stdlib.h>
#include <string.h>

#include "tools/trapeze/grade/lab/console_text.h"
#include "expect.h"
#include "isa/platform.h"
#include "tools/trapeze/grade/lab/seed.h"

/* What was said when the guest ran no more: the VMM's message, if it has one. */
static void say_last_words(FILE *f, const struct run *r) {
  const char *all = (const char *)r->console.data, *from = all + r->console.size;
  while (from > all && from[-1] == '\n') from--;
  while (from > all && from[-1] != '\n') from--;
  fputs("The console's last line is\n", f);
  show_text(f, (struct bytes){(uint8_t *)from, r->console.size - (size_t)(from - all)}, 300);
}

void expect_status(const struct trial *t, const struct lab_expect *e, struct outcome *o) {
  const struct run *r = t->run[e->in];
  o->share = r->end == RUN_POWERED_OFF && compare_holds(e->compare, r->status, e->number);
  if (o->share == 1) return;
  fprintf(o->say, "Expected: the machine powers off with status %s%s%u.\nHappened: it ",
          e->compare == COMPARE_EQ ? "" : compare_text(e->compare), e->compare == COMPARE_EQ ? "" : " ",
          (unsigned)e->number);
  say_end(o->say, r);
  fputs(".\n", o->say);
  if (r->console.size && long_before_the_end(r) < r->events.n) say_last_words(o->say, r);
  o->event = last_trap(r);
  show_tail(o->show, r);
}

/* ---- patterns ---- */

/* The number of the event that wrote byte number `offset` of the console; 0 when it is not known. */
static uint64_t event_of_byte(const struct run *r, size_t offset) {
  for (size_t i = 0; i < r->events.n; i++) {
    const struct event *e = &r->events.event[i];
    if (e->kind == RECORD_DEVICE && e->device.store && e->device.address == DEV_CONSOLE + CONSOLE_DATA &&
        offset-- == 0)
      return e->event;
  }
  return 0;
}

/* Shows the end of the console. */
static void say_console(struct outcome *o, const struct run *r) {
  struct bytes c = r->console;
  size_t from = c.size > 600 ? c.size - 600 : 0;
  if (c.size == 0) {
    fputs("Happened: nothing was written to the console.\n", o->say);
    return;
  }
  fprintf(o->say, "Happened: the console says%s\n", from ? ", at its end:" : ":");
  show_text(o->say, (struct bytes){c.data + from, c.size - from}, 600);
}

static bool has(const struct trial *t, const struct run *r, const char *pattern, struct outcome *o) {
  const char *wrong;
  char *wanted = must(seed_expand(pattern, t->built->student, &wrong));
  bool found = console_find(r->console, wanted) > 0;
  if (!found) fprintf(o->say, "Expected: a line on the console like /%s/.\n", wanted);
  free(wanted);
  return found;
}

static bool has_not(const struct trial *t, const struct run *r, const char *pattern, struct outcome *o) {
  const char *wrong;
  char *forbidden = must(seed_expand(pattern, t->built->student, &wrong));
  size_t line = console_find(r->console, forbidden);
  if (line) {
    struct bytes text = console_line(r->console, line);
    fprintf(o->say, "Expected: no line on the console like /%s/.\nHappened: line %zu is\n", forbidden, line);
    show_text(o->say, text, 300);
    o->event = event_of_byte(r, (size_t)(text.data - r->console.data));
  }
  free(forbidden);
  return !line;
}

static bool is(const struct trial *t, const struct run *r, const char *text, struct outcome *o) {
  const char *wrong;
  char *wanted = must(seed_expand(text, t->built->student, &wrong));
  struct bytes all = {(uint8_t *)wanted, strlen(wanted)};
  bool same =
      all.size == r->console.size && (all.size == 0 || memcmp(wanted, r->console.data, all.size) == 0);
  if (!same) {
    size_t at = 0;
    while (at < all.size && at < r->console.size && all.data[at] == r->console.data[at]) at++;
    fprintf(o->say, "Expected: the console says exactly this; it differs at byte %zu:\n", at + 1);
    show_text(o->say, all, 600);
    o->event = event_of_byte(r, at);
  }
  free(wanted);
  return same;
}

void expect_console(const struct trial *t, const struct lab_expect *e, struct outcome *o) {
  const struct run *r = t->run[e->in];
  bool good = true, lacks = false;
  for (size_t i = 0; i < e->console.has.n; i++) lacks |= !has(t, r, e->console.has.word[i], o);
  for (size_t i = 0; i < e->console.not .n; i++) good &= has_not(t, r, e->console.not .word[i], o);
  if (e->console.is) lacks |= !is(t, r, e->console.is, o);
  if (lacks) say_console(o, r);
  if (lacks && !o->event) o->event = last_trap(r);
  o->share = good && !lacks;
}

/* ---- two runs ---- */

static bool alike(const struct run *a, const struct run *b) {
  return a->end == b->end && a->status == b->status && a->console.size == b->console.size &&
         (a->console.size == 0 || memcmp(a->console.data, b->console.data, a->console.size) == 0);
}

static void say_run(FILE *f, const struct run *r) {
  fprintf(f, "  %s: the machine ", r->of->name);
  say_end(f, r);
  fputs(r->console.size ? "; its console:\n" : "; nothing on its console.\n", f);
  if (r->console.size) show_text(f, r->console, 300);
}

void expect_two_runs(const struct trial *t, const struct lab_expect *e, struct outcome *o) {
  const struct run *a = t->run[e->runs[0]], *b = t->run[e->runs[1]];
  o->run = e->runs[1];
  o->share = alike(a, b) == (e->kind == EXPECT_SAME);
  if (o->share == 1) return;
  fprintf(o->say, "Expected: the runs `%s` and `%s` %s in console and status.\nHappened:\n", a->of->name,
          b->of->name, e->kind == EXPECT_SAME ? "are the same" : "differ");
  say_run(o->say, a);
  if (e->kind == EXPECT_SAME)
    say_run(o->say, b);
  else
    fputs("  and the other is the same.\n", o->say);
  o->event = last_trap(b);
}
