/* output.c - `-o FILE`: the file that a command writes bit by bit. Until all of it is written, it lies beside FILE. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "trapeze.h"

#define BUFFER (64 << 10) /* bytes that are written at a time, where nobody waits for a line */

static char *target, *temporary; /* of the one that is being written; NULL: none, or FILE itself */

void output_abandon(void) {
  if (temporary) unlink(temporary);
}

static void on_signal(int number) {
  output_abandon();
  signal(number, SIG_DFL);
  raise(number);
}

/* From now on, however the tool ends, nothing is left beside FILE. Whoever handles these signals later sees to it himself. */
static void watch_the_end(void) {
  static const int ends[] = {SIGINT, SIGTERM, SIGHUP};
  static bool watching;
  if (watching) return;
  watching = true;
  atexit(output_abandon);
  for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
    if (signal(ends[i], on_signal) != SIG_DFL) signal(ends[i], SIG_IGN);
}

static bool is_regular_or_new(const char *path) {
  struct stat st;
  return stat(path, &st) != 0 ? errno == ENOENT : S_ISREG(st.st_mode);
}

/* As much is put together as one writes at once; a terminal sees each line when it is there. */
static FILE *buffered(FILE *f) {
  if (!isatty(fileno(f))) setvbuf(f, NULL, _IOFBF, BUFFER);
  return f;
}

FILE *output_open(const char *path) {
  FILE *f = NULL;
  if (!path) return buffered(stdout);
  if (is_regular_or_new(path)) {
    char *real = realpath(path, NULL); /* NULL: there is no such file yet */
    target = real ? real : must(strdup(path));
    int fd =
        access(target, F_OK) == 0 && access(target, W_OK) != 0 ? -1 : file_open_beside(target, &temporary);
    if (fd < 0) temporary = NULL;
    watch_the_end();
    f = fd < 0 ? NULL : fdopen(fd, "w");
  }
  if (!f && !temporary)
    f = fopen(path, "w"); /* a device or a pipe, or a file in a folder that takes no new one */
  if (!f) die(STATUS_USAGE, "%s: %s", path, strerror(errno));
  return buffered(f);
}

bool output_keep(FILE *f) {
  bool done = fflush(f) == 0 && !ferror(f);
  if (f != stdout && fclose(f) != 0) done = false;
  if (done && temporary) done = rename(temporary, target) == 0;
  const int error = errno;
  if (!done) output_abandon();
  if (f != stdout) {
    free(temporary);
    free(target);
    temporary = target = NULL;
  }
  errno = error;
  return done;
}
