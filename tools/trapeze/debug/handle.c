/* handle.c - which deaths stop `continue`: the command `handle`, as gdb has it for signals. */
#include <string.h>
#include <strings.h>

#include "crash.h"

#define BIT(kind) (1u << (kind))

static const struct {
  const char *name, *words;
  uint32_t kinds;
  bool is_row; /* of the table that is printed; else another name */
} subjects[] = {
    {"fault", "a fault or a forbidden instruction that ends a process", BIT(CRASH_FAULT), true},
    {"signal", "a process that ends itself: abort(), assert(), raise()", BIT(CRASH_SIGNAL), true},
    {"kill", "a process that ends another one", BIT(CRASH_KILL), true},
    {"panic", "a kernel that gives up", BIT(CRASH_PANIC), true},
    {"checkstop", "a machine, or a VM, that check-stops", BIT(CRASH_CHECKSTOP), true},
    {"all", "", BIT(CRASH_KINDS) - 1, false},
    {"SIGSEGV", "", BIT(CRASH_FAULT), false},
    {"SIGBUS", "", BIT(CRASH_FAULT), false},
    {"SIGILL", "", BIT(CRASH_FAULT), false},
    {"SIGTRAP", "", BIT(CRASH_FAULT), false},
    {"SIGABRT", "", BIT(CRASH_SIGNAL), false},
    {"SIGTERM", "", BIT(CRASH_SIGNAL) | BIT(CRASH_KILL), false},
    {"SIGKILL", "", BIT(CRASH_SIGNAL) | BIT(CRASH_KILL), false},
    {"SIGINT", "", BIT(CRASH_SIGNAL) | BIT(CRASH_KILL), false},
};
#define SUBJECTS (sizeof subjects / sizeof *subjects)

void handle_list(struct debug *d) {
  for (size_t i = 0; i < SUBJECTS && subjects[i].is_row; i++)
    fprintf(d->out, "%-10s %-7s %s\n", subjects[i].name, d->no_stop & subjects[i].kinds ? "nostop" : "stop",
            subjects[i].words);
}

static uint32_t kinds_of(const char *word, size_t n) {
  for (size_t i = 0; i < SUBJECTS; i++)
    if (strlen(subjects[i].name) == n && strncasecmp(subjects[i].name, word, n) == 0)
      return subjects[i].kinds;
  return 0;
}

/* What is said is as coarse as what is done: all faults are one kind. */
static bool say_kinds(struct debug *d, uint32_t kinds) {
  handle_list(d);
  return say(d, "%s",
             d->no_stop & kinds ? "`continue` passes over these deaths."
                                : "`continue` stops at these deaths.");
}

bool command_handle(struct debug *d, struct call c) {
  uint32_t kinds = 0, some;
  if (!*c.args) return handle_list(d), say_nothing(d);
  for (const char *p = c.args; *p; p += strspn(p, " \t,")) {
    const size_t n = strcspn(p, " \t,");
    const bool stop = n == 4 && strncmp(p, "stop", n) == 0, nostop = n == 6 && strncmp(p, "nostop", n) == 0;
    if ((stop || nostop) && !p[n]) {
      if (!kinds) kinds = BIT(CRASH_KINDS) - 1;
      d->no_stop = stop ? d->no_stop & ~kinds : d->no_stop | kinds;
      return say_kinds(d, kinds);
    }
    if (!(some = kinds_of(p, n)))
      return fail(
          d,
          "handle: `%.*s` is not understood; expected fault, signal, kill, panic, checkstop or all, and "
          "then stop or nostop.",
          (int)n, p);
    kinds |= some;
    p += n;
  }
  return fail(d, "handle: `stop` or `nostop` must come at the end.");
}
