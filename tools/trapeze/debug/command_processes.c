/* command_processes.c - `info processes`: what each process sees of its kernel's machine, and how much of it it may use.
 *
 * The kernel's own debug information says where its processes and containers are. A kernel that has no containers, such
 * as a student's, is told of without them. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "eval/eval.h"
#include "view.h"

/* The value of an expression: a number, or a pointer's address. False: it has none. */
static bool value_of(struct debug *d, const char *expression, uint32_t *value) {
  char error[256];
  return eval_address(d, expression, value, error, sizeof error);
}

/* The value of what the kernel calls so (and not the place where it is: + 0). */
__attribute__((format(printf, 4, 5))) static bool number(struct debug *d, uint32_t lane, uint32_t *value,
                                                         const char *format, ...) {
  char text[200], expression[300];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  snprintf(expression, sizeof expression, "'%s'::%s + 0", d->lanes[lane].name, text);
  return value_of(d, expression, value);
}

static bool count_of_processes(struct debug *d, uint32_t lane, uint32_t *count) {
  char expression[300];
  const char *kernel = d->lanes[lane].name;
  snprintf(expression, sizeof expression, "sizeof '%s'::procs / sizeof '%s'::procs[0]", kernel, kernel);
  return value_of(d, expression, count);
}

/* The characters of an array up to its first 0, of what `print` shows. */
static void characters(struct debug *d, uint32_t lane, const char *what, char *text, size_t size) {
  char expression[300], *printed = NULL;
  size_t n;
  FILE *out = must(open_memstream(&printed, &n));
  snprintf(expression, sizeof expression, "'%s'::%s", d->lanes[lane].name, what);
  const bool ok = eval_print(d, expression, 0, out);
  fclose(out);
  const bool any = ok && *printed == '"'; /* "web", '\000' <repeats 13 times> */
  snprintf(text, size, "%.*s", any ? (int)strcspn(printed + 1, "\"\\") : 0, any ? printed + 1 : "");
  free(printed);
}

/* "82 of 100"; "82" without a limit. */
static const char *share(char text[24], uint32_t used, uint32_t most) {
  if (most && most < INT32_MAX)
    snprintf(text, 24, "%u of %u", used, most);
  else
    snprintf(text, 24, "%u", used);
  return text;
}

/* What the process's container lets it see, and use. */
static void container(struct debug *d, uint32_t lane, unsigned i) {
  char what[80], name[32], host[64], processes[24], frames[24];
  uint32_t self = 0, used = 0, most = 0, quota = 0, left = 0;
  snprintf(what, sizeof what, "procs[%u].container->name", i);
  characters(d, lane, what, name, sizeof name);
  snprintf(what, sizeof what, "procs[%u].container->host", i);
  characters(d, lane, what, host, sizeof host);
  number(d, lane, &self, "procs[%u].self", i);
  number(d, lane, &used, "procs[%u].container->processes", i);
  number(d, lane, &most, "procs[%u].container->most_processes", i);
  share(processes, used, most);
  number(d, lane, &used, "procs[%u].container->frames", i);
  number(d, lane, &most, "procs[%u].container->most_frames", i);
  share(frames, used, most);
  number(d, lane, &quota, "procs[%u].container->quota", i);
  number(d, lane, &left, "procs[%u].container->left", i);
  fprintf(d->out, "%-10s %6u  %-8s %-7s %s", name, self, host, processes, frames);
  if (quota) fprintf(d->out, "%*s%d of %u", (int)(12 - strlen(frames)), "", (int32_t)left, quota);
}

static void row(struct debug *d, uint32_t lane, unsigned i) {
  char what[80], name[32];
  uint32_t pid = 0, at = 0;
  number(d, lane, &pid, "procs[%u].pid", i);
  snprintf(what, sizeof what, "procs[%u].name", i);
  characters(d, lane, what, name, sizeof name);
  fprintf(d->out, "  %5u  %-12s  ", pid, name);
  if (number(d, lane, &at, "procs[%u].container", i) && at)
    container(d, lane, i);
  else
    fputc('-', d->out);
  fputc('\n', d->out);
}

/* False: the kernel does not tell, or has no process yet. */
static bool kernel(struct debug *d, uint32_t lane) {
  uint32_t count, state;
  bool any = false;
  if (!count_of_processes(d, lane, &count)) return false;
  for (uint32_t i = 0; i < count; i++) {
    if (!number(d, lane, &state, "procs[%u].state", i) || !state) continue;
    if (!any)
      fprintf(d->out, "%s\n  %5s  %-12s  %-10s %6s  %-8s %-7s %-11s %s\n", d->lanes[lane].name, "PID",
              "PROGRAM", "CONTAINER", "INSIDE", "HOST", "PROCS", "FRAMES", "TICKS LEFT");
    any = true;
    row(d, lane, i);
  }
  return any;
}

bool info_processes(struct debug *d, const char *text) {
  (void)text;
  bool any = false;
  for (uint32_t i = 0; i < d->nlanes; i++)
    if (d->lanes[i].kind == LANE_KERNEL) any |= kernel(d, i);
  return any ? say_nothing(d)
             : fail(d, "info processes: no kernel has processes here of which its debug information tells.");
}
