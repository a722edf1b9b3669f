/* handle.c - which deaths stop `continue`: the command `handle`, as gdb has it for signals. */
#include <string.h>
#include <strings.h>

#include "crash.h"

#define BIT(n) (UINT32_C(1) << (n))
#define ALL UINT32_MAX
#define FAULTS (BIT(SIGILL) | BIT(SIGTRAP) | BIT(SIGBUS) | BIT(SIGSEGV))
#define PROCESSES (BIT(CRASH_FAULT) | BIT(CRASH_SIGNAL) | BIT(CRASH_KILL))
enum { ABRT = 6 }; /* of our C library, which the kernel knows no name for */

/* The rows of the table that is printed, and the signals that each may be about. */
static const struct {
  const char *name, *words;
  uint32_t signals;
} rows[CRASH_KINDS] = {
    [CRASH_FAULT] = {"fault", "a fault or a forbidden instruction that ends a process", FAULTS},
    [CRASH_SIGNAL] = {"signal", "a process that ends itself: abort(), assert(), raise()",
                      FAULTS | BIT(SIGINT) | BIT(ABRT) | BIT(SIGKILL) | BIT(SIGTERM)},
    [CRASH_KILL] = {"kill", "a process that ends another one",
                    FAULTS | BIT(SIGINT) | BIT(ABRT) | BIT(SIGKILL) | BIT(SIGTERM)},
    [CRASH_PANIC] = {"panic", "a kernel that gives up", BIT(0)},
    [CRASH_CHECKSTOP] = {"checkstop", "a machine, or a VM, that check-stops", BIT(0)},
};

/* What is typed: a row, all of them, or in rows about processes one signal. */
struct subject {
  uint32_t kinds, signals;
};

static bool is_word(const char *name, const char *word, size_t n) {
  return strlen(name) == n && strncasecmp(name, word, n) == 0;
}

static struct subject subject_of(const char *word, size_t n) {
  if (is_word("all", word, n)) return (struct subject){BIT(CRASH_KINDS) - 1, ALL};
  for (unsigned kind = 0; kind < CRASH_KINDS; kind++)
    if (is_word(rows[kind].name, word, n)) return (struct subject){BIT(kind), ALL};
  for (unsigned signal = 1; signal < 32; signal++)
    if ((rows[CRASH_SIGNAL].signals >> signal & 1) && is_word(crash_signal_name(signal), word, n))
      return (struct subject){PROCESSES, BIT(signal)};
  return (struct subject){0};
}

bool handle_passes(const struct debug *d, enum crash_kind kind, unsigned signal) {
  return d->no_stop[kind] >> (signal & 31) & 1;
}

/* "stop    a process ..., but not at SIGSEGV" */
static void print_row(struct debug *d, enum crash_kind kind) {
  const uint32_t passed = d->no_stop[kind] & rows[kind].signals;
  const bool all = passed == rows[kind].signals;
  fprintf(d->out, "%-10s %-7s %s", rows[kind].name, all ? "nostop" : "stop", rows[kind].words);
  const char *between = "; but not at ";
  for (unsigned signal = 0; !all && signal < 32; signal++) {
    if (!(passed >> signal & 1)) continue;
    fprintf(d->out, "%s%s", between, crash_signal_name(signal));
    between = ", ";
  }
  fputc('\n', d->out);
}

void handle_list(struct debug *d) {
  for (unsigned kind = 0; kind < CRASH_KINDS; kind++) print_row(d, (enum crash_kind)kind);
}

static bool set_stops(struct debug *d, const uint32_t signals[CRASH_KINDS], bool stop) {
  for (unsigned kind = 0; kind < CRASH_KINDS; kind++)
    d->no_stop[kind] = stop ? d->no_stop[kind] & ~signals[kind] : d->no_stop[kind] | signals[kind];
  handle_list(d);
  return say(d, "%s", stop ? "`continue` stops at these deaths." : "`continue` passes over these deaths.");
}

static void add_subject(uint32_t signals[CRASH_KINDS], struct subject s) {
  for (unsigned kind = 0; kind < CRASH_KINDS; kind++)
    if (s.kinds >> kind & 1) signals[kind] |= s.signals;
}

bool command_handle(struct debug *d, struct call c) {
  uint32_t signals[CRASH_KINDS] = {0};
  if (!*c.args) return handle_list(d), say_nothing(d);
  for (const char *p = c.args; *p; p += strspn(p, " \t,")) {
    const size_t n = strcspn(p, " \t,");
    const bool stop = is_word("stop", p, n), nostop = is_word("nostop", p, n);
    if ((stop || nostop) && !p[n]) {
      if (p == c.args) add_subject(signals, subject_of("all", 3));
      return set_stops(d, signals, stop);
    }
    const struct subject s = subject_of(p, n);
    if (!s.kinds)
      return fail(
          d,
          "handle: `%.*s` is not understood; expected fault, signal, kill, panic, checkstop, all or a "
          "signal such as SIGSEGV, and then stop or nostop.",
          (int)n, p);
    add_subject(signals, s);
    p += n;
  }
  return fail(d, "handle: `stop` or `nostop` must come at the end.");
}
