/* popen.c - a command line for the shell, with a stream to its standard input or from its standard output. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "userprogs/lib/stream.h"

struct command {
  struct command *next;
  FILE *stream;
  pid_t child;
};

static struct command *commands;

/* The child: end `ours` of the pipe becomes descriptor `standard`. */
_Noreturn static void execute(const char *line, const int *ends, int ours, int standard) {
  for (struct command *c = commands; c != NULL; c = c->next) close(c->stream->fd);
  if (ends[ours] != standard) dup2(ends[ours], standard), close(ends[ours]);
  if (ends[!ours] != standard) close(ends[!ours]);
  char *const words[] = {"sh", "-c", (char *)line, NULL};
  execv("/bin/sh", words);
  _exit(127);
}

static bool start(struct command *c, const char *line, bool reading, int *end) {
  int ends[2];
  if (pipe(ends) < 0) return false;
  fflush(NULL);
  c->child = fork();
  if (c->child == 0) execute(line, ends, reading, reading ? STDOUT_FILENO : STDIN_FILENO);
  close(ends[reading]);
  *end = ends[!reading];
  if (c->child < 0) close(*end);
  return c->child > 0;
}

FILE *popen(const char *line, const char *mode) {
  const bool reading = mode[0] == 'r';
  int end;
  if (!reading && mode[0] != 'w') {
    errno = EINVAL;
    return NULL;
  }
  struct command *c = malloc(sizeof *c);
  FILE *f = c != NULL ? __new_stream(reading ? "r" : "w") : NULL;
  if (f == NULL || !start(c, line, reading, &end)) {
    if (f != NULL) __forget_stream(f);
    free(c);
    return NULL;
  }
  f->fd = end;
  c->stream = f, c->next = commands, commands = c;
  return f;
}

int pclose(FILE *f) {
  struct command **at = &commands;
  while (*at != NULL && (*at)->stream != f) at = &(*at)->next;
  if (*at == NULL) {
    errno = ECHILD;
    return -1;
  }
  struct command *c = *at;
  pid_t child = c->child;
  int status;
  *at = c->next;
  free(c);
  fclose(f);
  return waitpid(child, &status, 0) == child ? status : -1;
}
