/* pages.c - the traces of failed tests, each written by a `trapeze trace` of its own, as a student could by hand. */
#define _GNU_SOURCE /* asprintf */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pages.h"
#include "tools/trapeze/grade/build/folder.h"

#define AROUND 300 /* events before and behind */

extern char **environ;

__attribute__((format(printf, 1, 2))) static char *text(const char *format, ...) {
  char *made = NULL;
  va_list ap;
  va_start(ap, format);
  if (vasprintf(&made, format, ap) < 0) must(NULL);
  va_end(ap);
  return made;
}

/* Runs this program with those words, quietly. True if it has succeeded. */
static bool run(char **words) {
  posix_spawn_file_actions_t actions;
  char self[PATH_MAX];
  pid_t pid;
  int status;
  if (!own_path(self, sizeof self)) return false;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
  errno = posix_spawn(&pid, self, &actions, NULL, words, environ);
  posix_spawn_file_actions_destroy(&actions);
  if (errno != 0) return false;
  while (waitpid(pid, &status, 0) < 0)
    if (errno != EINTR) return false;
  /* The status is the guest's, unless it is one of the tool's own. */
  return WIFEXITED(status) && WEXITSTATUS(status) != STATUS_USAGE && WEXITSTATUS(status) != 127;
}

static bool write_page(const struct grading *g, const char *folder, const struct result *r,
                       const struct test_result *t) {
  char *file = text("%s/trace-%s.html", folder, t->test->id);
  char *events = text("%llu..%llu", (unsigned long long)(t->event > AROUND ? t->event - AROUND : 1),
                      (unsigned long long)t->event + AROUND);
  const char *words[24] = {"trapeze",   "trace",    "-f",     "html",        "-o",           file,
                           "--events",  events,     "--lab",  g->lab->given, "--submission", g->submission,
                           "--student", r->student, "--test", t->test->id};
  size_t n = 16;
  if (t->run > 0) words[n++] = "--run", words[n++] = t->test->run[t->run].name;
  if (g->lab->way) words[n++] = "--way", words[n++] = g->lab->way;
  const bool written = run((char **)words);
  if (!written) fprintf(stderr, "trapeze: no trace of test %s: %s was not written\n", t->test->id, file);
  free(file);
  free(events);
  return written;
}

void pages_write(const struct grading *g, const char *folder, struct result *r) {
  folder_make(folder);
  for (size_t i = 0; i < r->lab->tests; i++)
    if (r->test[i].test && r->test[i].status != TEST_PASSED && r->test[i].event)
      r->test[i].page = write_page(g, folder, r, &r->test[i]);
}
